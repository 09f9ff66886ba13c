/* The connections that are open, each with a deadline of our own.
 *
 * libmicrohttpd's time-out counts inactivity: a byte every nine seconds never
 * ends. A sweeper thread shuts down the socket of a client whose request or
 * answer takes too long, or that idles while places are scarce; libmicrohttpd then
 * sees the end of the stream and cleans up. */
#ifndef COLLECTOR_HTTP_CLIENTS_H
#define COLLECTOR_HTTP_CLIENTS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

struct clients;
struct client;

/* `most` is the connection limit of the server. Starts the sweeper. */
int clients_open(size_t most, struct clients **ret, struct err *err) must_check;
void clients_close(struct clients *clients); /* after the server stopped; NULL is allowed */

/* NULL when out of memory: the connection is then closed by the caller. */
/* `address` of the peer may be NULL. */
struct client *clients_add(struct clients *clients, int descriptor, const struct sockaddr *address);
size_t clients_count(struct clients *clients);
size_t clients_of_address(struct clients *clients, const struct sockaddr *address);
void clients_remove(struct clients *clients, struct client *client);
/* What the client does now. */
void client_asks(struct clients *clients, struct client *client); /* a request begins: 30 s to send it */
/* Bytes of its body came in: after five seconds at least 1 KiB/s must have. */
void client_sends(struct clients *clients, struct client *client, size_t bytes);
void client_waits(struct clients *clients, struct client *client); /* for us: no limit here */
void client_is_answered(struct clients *clients, struct client *client, size_t bytes); /* must fetch it in time */
void client_idles(struct clients *clients, struct client *client);                     /* between requests */

#endif
