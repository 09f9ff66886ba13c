#include "collector/http/clients.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "collector/http/limits.h"
#include "schema/base/clock.h"
#include "schema/base/mem.h"

enum { SWEEP_MS = 250 };
static const int64_t request_us = 30000000;      /* to send one, and to fetch its answer */
static const int64_t idle_longest_us = 10000000; /* while there is room */
static const int64_t idle_shortest_us = 1000000; /* when all places are taken */
enum { SLOWEST_BYTES_S = 32 << 10, SLOWEST_UPLOAD_S = 1 << 10 };
static const int64_t upload_grace_us = 5000000;

struct client {
    struct client *next, *previous;
    int descriptor;
    struct sockaddr_storage address; /* family 0 = none */
    bool idle, asking;
    size_t received;     /* bytes of the body of this request */
    int64_t deadline_us; /* monotonic */
    int64_t idle_since_us;
};

struct clients {
    pthread_mutex_t lock;
    pthread_cond_t stop;
    pthread_t sweeper;
    bool stopping;
    struct client *first;
    size_t count, most;
};

/* From ten seconds when all is quiet down to one when the last place is taken. */
static int64_t idle_limit(const struct clients *clients)
{
    double free_share = 1.0 - (double)clients->count / (double)clients->most;
    int64_t limit = (int64_t)((double)idle_longest_us * (free_share > 0.0 ? free_share : 0.0));
    return limit < idle_shortest_us ? idle_shortest_us : limit;
}

/* A body that trickles in would hold its place for as long as a request may take. */
static bool is_too_slow(const struct client *client, int64_t now)
{
    int64_t asked_us = now - client->idle_since_us;
    return client->asking && asked_us > upload_grace_us &&
           (int64_t)client->received < asked_us / 1000000 * SLOWEST_UPLOAD_S;
}

static void sweep(const struct clients *clients)
{
    int64_t now = clock_monotonic_us(), limit = idle_limit(clients);
    for (struct client *client = clients->first; client != NULL; client = client->next) {
        if (now > client->deadline_us || is_too_slow(client, now) ||
            (client->idle && now - client->idle_since_us > limit)) {
            (void)shutdown(client->descriptor, SHUT_RDWR);
        }
    }
}

static void *sweeper_run(void *context)
{
    struct clients *clients = context;
    pthread_mutex_lock(&clients->lock);
    while (!clients->stopping) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += SWEEP_MS * 1000000L;
        if (until.tv_nsec >= 1000000000L) {
            until.tv_sec++;
            until.tv_nsec -= 1000000000L;
        }
        (void)pthread_cond_timedwait(&clients->stop, &clients->lock, &until);
        sweep(clients);
    }
    pthread_mutex_unlock(&clients->lock);
    return NULL;
}

int clients_open(size_t most, struct clients **ret, struct err *err)
{
    struct clients *clients = mem_zalloc(1, sizeof *clients);
    if (clients == NULL) {
        return mem_error(err);
    }
    clients->most = most > 0 ? most : 1;
    pthread_mutex_init(&clients->lock, NULL);
    pthread_cond_init(&clients->stop, NULL);
    int failure = pthread_create(&clients->sweeper, NULL, sweeper_run, clients);
    if (failure != 0) {
        free(clients);
        return err_set_errno(err, ERR_SERVICE, failure, "cannot start a thread");
    }
    *ret = clients;
    return 0;
}

void clients_close(struct clients *clients)
{
    if (clients == NULL) {
        return;
    }
    pthread_mutex_lock(&clients->lock);
    clients->stopping = true;
    pthread_cond_broadcast(&clients->stop);
    pthread_mutex_unlock(&clients->lock);
    pthread_join(clients->sweeper, NULL);
    while (clients->first != NULL) {
        clients_remove(clients, clients->first);
    }
    pthread_mutex_destroy(&clients->lock);
    pthread_cond_destroy(&clients->stop);
    free(clients);
}

static size_t address_size(const struct sockaddr *address)
{
    return address == NULL                  ? 0
           : address->sa_family == AF_INET  ? sizeof(struct sockaddr_in)
           : address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                            : 0;
}

struct client *clients_add(struct clients *clients, int descriptor, const struct sockaddr *address)
{
    struct client *client = mem_zalloc(1, sizeof *client);
    if (client == NULL) {
        return NULL;
    }
    client->descriptor = descriptor;
    if (address_size(address) > 0) {
        memcpy(&client->address, address, address_size(address));
    }
    client->idle = true;
    client->idle_since_us = clock_monotonic_us();
    client->deadline_us = client->idle_since_us + request_us;
    pthread_mutex_lock(&clients->lock);
    client->next = clients->first;
    if (client->next != NULL) {
        client->next->previous = client;
    }
    clients->first = client;
    clients->count++;
    pthread_mutex_unlock(&clients->lock);
    return client;
}

size_t clients_count(struct clients *clients)
{
    pthread_mutex_lock(&clients->lock);
    size_t count = clients->count;
    pthread_mutex_unlock(&clients->lock);
    return count;
}

size_t clients_of_address(struct clients *clients, const struct sockaddr *address)
{
    size_t count = 0;
    pthread_mutex_lock(&clients->lock);
    for (const struct client *client = clients->first; client != NULL; client = client->next) {
        count += address_is_same((const struct sockaddr *)&client->address, address) ? 1 : 0;
    }
    pthread_mutex_unlock(&clients->lock);
    return count;
}

void clients_remove(struct clients *clients, struct client *client)
{
    pthread_mutex_lock(&clients->lock);
    if (client->previous != NULL) {
        client->previous->next = client->next;
    } else {
        clients->first = client->next;
    }
    if (client->next != NULL) {
        client->next->previous = client->previous;
    }
    clients->count--;
    pthread_mutex_unlock(&clients->lock);
    free(client);
}

static void set(struct clients *clients, struct client *client, bool idle, bool asking, int64_t limit_us)
{
    if (client != NULL) {
        pthread_mutex_lock(&clients->lock);
        int64_t now = clock_monotonic_us();
        client->idle = idle;
        client->asking = asking;
        client->received = 0;
        client->idle_since_us = now;
        client->deadline_us = limit_us == INT64_MAX ? INT64_MAX : now + limit_us;
        pthread_mutex_unlock(&clients->lock);
    }
}

void client_asks(struct clients *clients, struct client *client)
{
    set(clients, client, false, true, request_us);
}

void client_sends(struct clients *clients, struct client *client, size_t bytes)
{
    if (client != NULL) {
        pthread_mutex_lock(&clients->lock);
        client->received += bytes;
        pthread_mutex_unlock(&clients->lock);
    }
}

void client_waits(struct clients *clients, struct client *client)
{
    set(clients, client, false, false, INT64_MAX);
}

void client_is_answered(struct clients *clients, struct client *client, size_t bytes)
{
    set(clients, client, false, false, request_us + (int64_t)(bytes / SLOWEST_BYTES_S) * 1000000);
}

void client_idles(struct clients *clients, struct client *client)
{
    set(clients, client, true, false, request_us);
}
