/* The load: clients that run at once, each the real crosschip-submit. */
#ifndef TESTS_FAULT_CLIENTS_H
#define TESTS_FAULT_CLIENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tests/fault/oracle.h"

#define CLIENTS_MAX 64
#define SPOOLS 4

struct client {
    pid_t pid; /* 0 = free */
    int descriptor;
    int64_t started_us, kill_at_us; /* 0 = lives */
    char line[256];
    size_t length;
};

struct clients {
    struct oracle *oracle;
    const char *bin, *work;
    char key[512];
    char *spools[SPOOLS];
    struct client items[CLIENTS_MAX];
    size_t in_flight;
    uint64_t random;
    unsigned made, flushes;
    unsigned kills, kills_wanted; /* of clients */
    int64_t life_us;              /* how long a client takes, about */
    int64_t acked_at_us;          /* when the newest acknowledgement came */
};

void clients_init(struct clients *clients, struct oracle *oracle, const char *bin, const char *work);
void clients_done(struct clients *clients);
unsigned clients_random(struct clients *clients, unsigned below);
/* Starts what is missing to `in_flight`. */
void clients_start(struct clients *clients);
/* Reads what clients said, kills those whose time has come, takes note of those that ended; waits up to `limit_ms`. */
void clients_step(struct clients *clients, int limit_ms);
/* Lets all end by themselves. */
void clients_finish(struct clients *clients);
/* Flushes every queue until it is empty, for at most `seconds`. */
void clients_heal(struct clients *clients, int seconds);

#endif
