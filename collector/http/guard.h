/* The framing guard: what a request's head must be before anything else looks
 * at it (RFC 9112 sections 3 and 6, and what libmicrohttpd lets through).
 *
 * libmicrohttpd 0.9.75 takes requests with two lengths, with a length and a
 * transfer coding, or with a folded header that it hides from the application;
 * the rest of such a request would be executed as a second one. So the guard
 * refuses what it can see, and lets a connection live on only when the visible
 * headers account for every byte of the head that came in. */
#ifndef COLLECTOR_HTTP_GUARD_H
#define COLLECTOR_HTTP_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <microhttpd.h>

#include "schema/base/err.h"

#define GUARD_URI_MAX 1024
/* Of a whole head: libmicrohttpd keeps it in the memory of the connection, and what it notes of each header. */
enum { GUARD_HEAD_MAX = 12 << 10, GUARD_HEADERS_MAX = 100 };

struct head {
    const char *method, *uri, *version;                                            /* uri as it came, not decoded */
    int64_t content_length;                                                        /* -1 = none */
    const char *content_type, *content_encoding, *idempotency_key, *authorization; /* of the connection; NULL = none */
    bool expects_continue;
    bool may_stay_open; /* every byte of the head is accounted for */
    bool fills_memory;  /* it is refused, and libmicrohttpd may have no memory left for the answer */
};

/* Fills *ret from the connection. Returns 0, or -code with err and *ret_status (an HTTP status; 0 = that of the code).
 */
int guard_head(struct MHD_Connection *connection, const char *method, const char *uri, const char *version,
               struct head *ret, int *ret_status, struct err *err) must_check;

/* The same rules on one field, for tests: header names of RFC 9110 tokens, values without controls. */
bool guard_is_token(const char *text, size_t length);
bool guard_is_field_value(const char *text, size_t length);
/* Digits only; -1 when it is no length. */
int64_t guard_parse_length(const char *text);

#endif
