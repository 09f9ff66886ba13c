/* The HTTP shell around the intake core: libmicrohttpd, and nothing that knows
 * what a bundle is.
 *
 * libmicrohttpd 0.9.75 with epoll stalls for ever when exactly 128 sockets of one
 * thread become ready together (performance.md section 2): so each thread of the
 * pool serves at most SERVER_CLIENTS_A_THREAD connections. Where there is no
 * epoll, poll serves fewer connections. A request that needs the database is
 * suspended and handed to the desk; handlers never block. */
#ifndef COLLECTOR_HTTP_SERVER_H
#define COLLECTOR_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/http/limits.h"
#include "collector/http/listen.h"
#include "collector/intake/desk.h"
#include "collector/intake/intake.h"
#include "collector/people/book.h"
#include "schema/base/attributes.h"
#include "schema/base/err.h"

#define SERVER_CLIENTS_A_THREAD 120
#define SERVER_CLIENTS_MAX 4080
#define SERVER_SUSPENDED_MAX 512 /* requests that wait for the desk */

struct signer;
struct published;
struct followers;
struct http_limits {
    struct rate anonymous, token; /* of requests that store or change something */
    size_t connections_each;      /* from one address at once; 0 = no limit */
    bool local_too;               /* loopback and Unix sockets are limited as well */
    struct proxies proxies;
};

struct http_options {
    int descriptor;              /* listening socket; stays the caller's */
    size_t connections;          /* at most; 0 = SERVER_CLIENTS_MAX, fewer where the system allows fewer files */
    struct intake_policy policy; /* now_us is set for each request */
    struct desk *desk;           /* must outlive the server */
    struct token_book *tokens;   /* as well */
    const struct signer *signer; /* of receipts; must outlive the server */
    struct published *published; /* heads of the log; as well */
    struct followers *followers; /* for the metrics; as well */
    struct http_limits limits;
    const char *site; /* name of the folder of a publication to serve; NULL = none; must outlive the server */
    int site_parent;  /* the folder that it stands in; stays the caller's */
    bool tls; /* HTTPS, with the identity of tls.h */
};

struct http_server;
int http_server_start(const struct http_options *options, struct http_server **ret, struct err *err) must_check;
/* While there is no room nothing is taken: submissions are answered with 503, /readyz fails, reading goes on. */
void http_server_set_room(struct http_server *server, bool room);
/* Takes no new connection, answers new requests with 503, lets the desk finish what waits (at most `limit_us`),
 * waits until every request has its answer, and stops. Closes the desk. Frees the server. */
void http_server_stop(struct http_server *server, int64_t limit_us);

#endif
