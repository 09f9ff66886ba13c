/* How often somebody may ask for something to be stored or changed (reliability.md 2.9).
 *
 * The generic cell rate algorithm (ITU-T I.371): of each key only the time is kept at
 * which its bucket will be empty again. Keys of networks are HMACs under a random key that
 * lives in memory and changes every day: no address is kept, and none can be found again.
 * The table has a fixed size; where a place is taken by others, whoever is nearest to his
 * full allowance gives way. */
#ifndef COLLECTOR_HTTP_LIMITS_H
#define COLLECTOR_HTTP_LIMITS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/str.h"

struct rate {
    long per_hour; /* 0 = no limit */
    long burst;    /* at once */
};

struct limits;
int limits_open(struct limits **ret, struct err *err) must_check;
void limits_close(struct limits *limits); /* NULL is allowed */
/* Takes one from the allowance of `key`. 0, or how long to wait in microseconds. */
int64_t limits_take(struct limits *limits, const struct rate *rate, const void *key, size_t length, int64_t now_us);

/* The network of an address: its first 24 (IPv4) or 56 (IPv6) bits, an IPv4 address inside IPv6 as the former. */
#define NETWORK_SIZE 8
struct network {
    unsigned char bytes[NETWORK_SIZE];
    bool local; /* this machine: loopback or a Unix socket */
};
struct network network_of(const struct sockaddr *address); /* NULL: a Unix socket */
/* "203.0.113.7" or "2001:db8::1", as in X-Forwarded-For, also with a port or brackets; false when it is none. */
bool network_parse(struct str text, struct network *ret, struct sockaddr_storage *ret_address);

/* The same host, whatever the port. */
bool address_is_same(const struct sockaddr *a, const struct sockaddr *b);

/* Proxies whose X-Forwarded-For is believed. */
#define PROXIES_MAX 16
struct proxies {
    struct sockaddr_storage addresses[PROXIES_MAX];
    size_t count;
    bool unix_socket; /* who comes by the Unix socket is one */
};
/* Adds "unix" or an address. ERR_USAGE. */
int proxies_add(struct proxies *proxies, const char *text, struct err *err) must_check;
bool proxies_have(const struct proxies *proxies, const struct sockaddr *address);
/* Who asks: the peer, or behind a configured proxy the last address of `forwarded` (may be NULL) that is no proxy. */
struct network network_of_client(const struct proxies *proxies, const struct sockaddr *peer, const char *forwarded);

#endif
