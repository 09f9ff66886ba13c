#include "collector/http/limits.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/mem.h"
#include "schema/proof/hash.h"

enum { PLACES = 1 << 16, PROBES = 8 };
static const int64_t day_us = INT64_C(86400000000), hour_us = INT64_C(3600000000);

struct place {
    uint64_t key;
    int64_t empty_at_us; /* monotonic; in the past = free */
};

struct limits {
    pthread_mutex_t lock;
    unsigned char secret[32];
    int64_t secret_until_us;
    struct place places[PLACES];
};

int limits_open(struct limits **ret, struct err *err)
{
    struct limits *limits = mem_zalloc(1, sizeof *limits);
    if (limits == NULL) {
        return mem_error(err);
    }
    int code = random_bytes(limits->secret, sizeof limits->secret, err);
    if (code != 0) {
        free(limits);
        return code;
    }
    limits->secret_until_us = INT64_MIN;
    pthread_mutex_init(&limits->lock, NULL);
    *ret = limits;
    return 0;
}

void limits_close(struct limits *limits)
{
    if (limits != NULL) {
        pthread_mutex_destroy(&limits->lock);
        proof_wipe(limits->secret, sizeof limits->secret);
        free(limits);
    }
}

/* Under the lock. A day's key that cannot be renewed stays for another hour. */
static uint64_t hash_key(struct limits *limits, const void *key, size_t length, int64_t now_us)
{
    uint64_t hash;
    if (now_us >= limits->secret_until_us) {
        bool renewed =
            limits->secret_until_us == INT64_MIN || random_bytes(limits->secret, sizeof limits->secret, NULL) == 0;
        limits->secret_until_us = now_us + (renewed ? day_us : hour_us);
    }
    struct sha256 mac = hmac_sha256(limits->secret, sizeof limits->secret, key, length);
    memcpy(&hash, mac.bytes, sizeof hash);
    return hash != 0 ? hash : 1;
}

/* The place of a key, or the one that gives way to it. */
static struct place *find_place(struct limits *limits, uint64_t key)
{
    struct place *best = NULL;
    for (unsigned i = 0; i < PROBES; i++) {
        struct place *place = &limits->places[(key + i) % PLACES];
        if (place->key == key) {
            return place;
        }
        if (best == NULL || place->empty_at_us < best->empty_at_us) {
            best = place;
        }
    }
    *best = (struct place){.key = key};
    return best;
}

int64_t limits_take(struct limits *limits, const struct rate *rate, const void *key, size_t length, int64_t now_us)
{
    if (rate->per_hour <= 0) {
        return 0;
    }
    int64_t one_us = hour_us / rate->per_hour, wait_us = 0;
    int64_t most_us = one_us * (rate->burst > 0 ? rate->burst - 1 : 0);
    pthread_mutex_lock(&limits->lock);
    struct place *place = find_place(limits, hash_key(limits, key, length, now_us));
    int64_t empty_at_us = place->empty_at_us > now_us ? place->empty_at_us : now_us;
    if (empty_at_us - now_us > most_us) {
        wait_us = empty_at_us - now_us - most_us;
    } else {
        place->empty_at_us = empty_at_us + one_us;
    }
    pthread_mutex_unlock(&limits->lock);
    return wait_us;
}

static struct network network_v4(const unsigned char address[4])
{
    struct network network = {.local = address[0] == 127};
    network.bytes[0] = 4;
    memcpy(network.bytes + 1, address, 3);
    return network;
}

static struct network network_v6(const struct in6_addr *address)
{
    struct network network = {.local = IN6_IS_ADDR_LOOPBACK(address)};
    if (IN6_IS_ADDR_V4MAPPED(address)) {
        return network_v4(address->s6_addr + 12);
    }
    network.bytes[0] = 6;
    memcpy(network.bytes + 1, address->s6_addr, 7);
    return network;
}

struct network network_of(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (address != NULL && address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        unsigned char bytes[4];
        memcpy(bytes, &v4.sin_addr, sizeof bytes);
        return network_v4(bytes);
    }
    if (address != NULL && address->sa_family == AF_INET6) {
        memcpy(&v6, address, sizeof v6);
        return network_v6(&v6.sin6_addr);
    }
    return (struct network){.local = true};
}

/* Without brackets and port. */
static bool bare_address(struct str text, char target[INET6_ADDRSTRLEN])
{
    struct str rest = text, part;
    if (text.len > 1 && text.data[0] == '[') {
        rest = str_slice(text.data + 1, text.len - 1);
        (void)str_next_field(&rest, ']', &part);
    } else {
        (void)str_next_field(&rest, ':', &part);
        bool one_colon = rest.len > 0 && str_find(rest, STR(":"), 0) == SIZE_MAX;
        part = one_colon ? part : text;
    }
    if (part.len == 0 || part.len >= INET6_ADDRSTRLEN) {
        return false;
    }
    str_copy(target, INET6_ADDRSTRLEN, part);
    return true;
}

bool network_parse(struct str text, struct network *ret, struct sockaddr_storage *ret_address)
{
    char bare[INET6_ADDRSTRLEN];
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    *ret_address = (struct sockaddr_storage){0};
    if (!bare_address(str_trim(text), bare)) {
        return false;
    }
    if (inet_pton(AF_INET, bare, &v4.sin_addr) == 1) {
        memcpy(ret_address, &v4, sizeof v4);
    } else if (inet_pton(AF_INET6, bare, &v6.sin6_addr) == 1) {
        memcpy(ret_address, &v6, sizeof v6);
    } else {
        return false;
    }
    *ret = network_of((const struct sockaddr *)ret_address);
    return true;
}

int proxies_add(struct proxies *proxies, const char *text, struct err *err)
{
    struct network network;
    if (text_equal(text, "unix")) {
        proxies->unix_socket = true;
        return 0;
    }
    if (proxies->count == PROXIES_MAX) {
        return err_set(err, ERR_USAGE, "at most %d proxies", PROXIES_MAX);
    }
    if (!network_parse(str_of(text), &network, &proxies->addresses[proxies->count])) {
        (void)err_set(err, ERR_USAGE, "%s is no address of a proxy", text);
        return err_hint(err, "write an address such as 10.0.0.5 or ::1, or unix for the Unix socket");
    }
    proxies->count++;
    return 0;
}

bool address_is_same(const struct sockaddr *a, const struct sockaddr *b)
{
    struct sockaddr_in a4, b4;
    struct sockaddr_in6 a6, b6;
    if (a->sa_family != b->sa_family) {
        return false;
    }
    if (a->sa_family == AF_INET) {
        memcpy(&a4, a, sizeof a4);
        memcpy(&b4, b, sizeof b4);
        return a4.sin_addr.s_addr == b4.sin_addr.s_addr;
    }
    memcpy(&a6, a, sizeof a6);
    memcpy(&b6, b, sizeof b6);
    return memcmp(&a6.sin6_addr, &b6.sin6_addr, sizeof a6.sin6_addr) == 0;
}

bool proxies_have(const struct proxies *proxies, const struct sockaddr *address)
{
    if (address == NULL || (address->sa_family != AF_INET && address->sa_family != AF_INET6)) {
        return proxies->unix_socket;
    }
    for (size_t i = 0; i < proxies->count; i++) {
        if (address_is_same((const struct sockaddr *)&proxies->addresses[i], address)) {
            return true;
        }
    }
    return false;
}

struct network network_of_client(const struct proxies *proxies, const struct sockaddr *peer, const char *forwarded)
{
    struct network network = network_of(peer), hop;
    struct sockaddr_storage address;
    struct str list = str_of(forwarded);
    if (!proxies_have(proxies, peer)) {
        return network;
    }
    /* From the end: what stands before the last address that a proxy of ours wrote is anybody's invention. */
    while (list.len > 0) {
        size_t begin = list.len;
        while (begin > 0 && list.data[begin - 1] != ',') {
            begin--;
        }
        if (!network_parse(str_slice(list.data + begin, list.len - begin), &hop, &address)) {
            return (struct network){0};
        }
        if (!proxies_have(proxies, (const struct sockaddr *)&address)) {
            hop.local = false; /* nobody behind a proxy is of this machine */
            return hop;
        }
        list.len = begin > 0 ? begin - 1 : 0;
    }
    return network;
}
