/* The collector and its PostgreSQL as the harness sees them: started, found, killed. */
#ifndef TESTS_FAULT_SERVERS_H
#define TESTS_FAULT_SERVERS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct servers {
    const char *bin, *work;
    char data[512], url[64], log[512];
    int port;
    pid_t collector; /* 0 = none runs */
    pid_t sparing;   /* the backend of the harness itself: never hurt */
};

void servers_init(struct servers *servers, const char *bin, const char *work);
/* Starts the collector; does not wait for it. */
void servers_start_collector(struct servers *servers);
/* Starts it again when it is gone; false when it ended by itself with an error. */
bool servers_keep_collector(struct servers *servers);
/* Waits until it listens, at most `seconds`. */
bool servers_wait_ready(const struct servers *servers, int seconds);
void servers_kill_collector(struct servers *servers);
/* 0, or how the collector ended after SIGTERM. */
int servers_stop_collector(struct servers *servers);

pid_t servers_postmaster(const struct servers *servers); /* 0 = none */
/* One of the backends that work for the collector, by `choice`; 0 = none. */
pid_t servers_backend(const struct servers *servers, unsigned choice);

#endif
