/* The HTTP client: one connection kept alive over many requests.
 *
 * HTTP/1.1 only, no redirects, certificates always verified, answers capped at
 * WIRE_ANSWER_MAX unless the options allow more. libcurl is initialised by the first wire_client_open. A
 * client belongs to one thread. */
#ifndef SCHEMA_WIRE_CLIENT_H
#define SCHEMA_WIRE_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/wire/server.h"

struct wire_client;

struct wire_options {
    const char *token;       /* secret of the contributor, or NULL */
    const char *contributor; /* display name, or NULL */
    const char *agent;       /* "crosschip-submit/0.1.0" */
    bool no_proxy;           /* ignore proxies of the environment */
    long connect_timeout_ms; /* 0 = 10 s */
    long timeout_ms;         /* of a whole request; 0 = 120 s */
    size_t answer_max;       /* bytes of an answer; 0 = WIRE_ANSWER_MAX */
};

struct wire_answer {
    int status;             /* HTTP status */
    struct buf body;        /* at most answer_max */
    int64_t retry_after_us; /* 0 = not named; already clamped to 1 s … 1 h */
};
void wire_answer_done(struct wire_answer *answer);
#define autoanswer cleanup(wire_answer_done)

/* Copies what it needs of server and options. */
int wire_client_open(const struct server *server, const struct wire_options *options, struct wire_client **ret,
                     struct err *err) must_check;
void wire_client_close(struct wire_client *client);
void wire_client_close_cleanup(struct wire_client **client);
#define autoclient cleanup(wire_client_close_cleanup)

/* 0 when an answer came, whatever its status. -ERR_RETRY: no answer (refused, timed out, cut off), worth another
 * try; -ERR_DATA: the answer breaks our limits; -ERR_NOT_ALLOWED: the certificate does not hold. `path` begins with /.
 */
int wire_get(struct wire_client *client, const char *path, struct wire_answer *ret, struct err *err) must_check;
/* `secret` is 64 hex digits that prove whose a submission is (X-Withdraw-Secret): of the one that the bundle replaces,
 * that is claimed or withdrawn; NULL = only the token speaks. */
int wire_post(struct wire_client *client, const char *path, struct str body, const char *idempotency_key,
              const char *secret, struct wire_answer *ret, struct err *err) must_check;
/* Withdraws. */
int wire_delete(struct wire_client *client, const char *path, const char *secret, struct wire_answer *ret,
                struct err *err) must_check;
/* The proxy that requests to `server` would take by the environment, without a password that stands in it, or NULL. */
const char *wire_proxy(const struct server *server);

#endif
