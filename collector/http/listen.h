/* The socket that the collector listens on: a loopback address or a Unix socket.
 *
 * Plain HTTP never leaves the machine: any other address needs TLS, or that
 * somebody says so. The listener owns its descriptor; listener_done closes it and
 * removes a Unix socket that it made. */
#ifndef COLLECTOR_HTTP_LISTEN_H
#define COLLECTOR_HTTP_LISTEN_H

#include <stdbool.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

struct listener {
    int descriptor;    /* -1 = none */
    char path[108];    /* of a Unix socket; empty for TCP */
    bool local;        /* only this machine gets there */
    char address[160]; /* "http://127.0.0.1:8471" or "unix:/run/crosschip.sock" */
};
#define LISTENER_NONE ((struct listener){.descriptor = -1})

/* `text` is ADDRESS:PORT (127.0.0.1:8471, [::1]:0, localhost:8471; port 0 takes a free one) or unix:/path.
 * ERR_USAGE for what cannot be read, ERR_NOT_ALLOWED for an address that is not loopback, ERR_SERVICE when it
 * is in use, ERR_CANNOT_WRITE for a socket file that cannot be made. */
enum listen_wish {
    LISTEN_PLAIN_LOCAL, /* plain HTTP, loopback and Unix sockets only */
    LISTEN_PLAIN,       /* plain HTTP anywhere: the way to the proxy is trusted */
    LISTEN_TLS          /* HTTPS anywhere */
};
int listener_open(const char *text, enum listen_wish wish, struct listener *ret, struct err *err) must_check;
void listener_done(struct listener *listener);
#define autolistener cleanup(listener_done)

#endif
