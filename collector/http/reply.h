/* An answer: status, headers and a body that libmicrohttpd copies.
 *
 * A reply is filled once; reply_send queues it. The body of an error is
 * {"error":WORD,"path","detail","line","column"}, WORD from schema/base/err.h. */
#ifndef COLLECTOR_HTTP_REPLY_H
#define COLLECTOR_HTTP_REPLY_H

#include <stdbool.h>

#include <microhttpd.h>

#include "schema/base/buf.h"
#include "schema/base/err.h"

struct reply {
    bool ready;
    bool close; /* Connection: close */
    int status;
    int retry_after_s;    /* 0 = no Retry-After */
    char allow[48];       /* of a 405; "" otherwise */
    char etag[72];        /* without its quotes; "" = none */
    const char *cache;    /* Cache-Control; static; NULL = no-store */
    const char *policy;   /* Content-Security-Policy; static; NULL = nothing may be loaded */
    const char *location; /* of a 302; static */
    const char *coding;   /* Content-Encoding; static; NULL = none */
    char range[80];       /* Content-Range; "" = none */
    bool ranges;          /* parts may be asked for, and other codings */
    const char *outcome;  /* word for the metrics; static */
    bool open;            /* pages of other sites may read it */
    const char *type;     /* media type; NULL = application/json */
    struct buf body;
};

void reply_done(struct reply *reply);
/* Fills the reply from an error; `status` 0 takes the one of its code. */
void reply_error(struct reply *reply, int status, const struct err *err);
void reply_text(struct reply *reply, int status, const char *type, const char *text);
/* Takes the bytes of `body`. */
void reply_body(struct reply *reply, int status, const char *type, struct buf *body);
/* Queues it; MHD_NO drops the connection. */
enum MHD_Result reply_send(struct MHD_Connection *connection, const struct reply *reply,
                           const char *request_id) must_check;

/* Writes a refusal into the connection by itself, where libmicrohttpd has no memory left to do it: as much as goes out
 * at once, which is all of it but for a client that does not read. The connection has to be dropped then. */
void reply_send_alone(struct MHD_Connection *connection, const struct reply *reply, const char *request_id);

#endif
