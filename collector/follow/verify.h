/* Looks whether what is stored is what was received and what the log says.
 *
 * Every bundle is hashed and read again, the log is replayed (leaves, nodes, roots, epochs), the state of every
 * submission is folded from its events, decisions are compared with the log, and the chain of keys is followed: in one
 * snapshot, while the collector serves. Nothing is changed. */
#ifndef COLLECTOR_FOLLOW_VERIFY_H
#define COLLECTOR_FOLLOW_VERIFY_H

#include <signal.h>
#include <stdint.h>

#include "collector/follow/published.h"

struct verify_figures {
    uint64_t submissions, entries, keys, differences;
    struct log_head head;
};

struct verify_options {
    /* `what` names a row ("sha256:…", "entry 1.7", "key …"), `why` says what is wrong with it. */
    void (*differs)(void *context, const char *what, const char *why);
    void (*progress)(void *context, uint64_t submissions); /* may be NULL */
    void *context;
    const volatile sig_atomic_t *stop;
    struct published *published; /* the head that was signed last; NULL = not compared */
};

/* 0 when all was looked at, whatever was found. ERR_RETRY when it was stopped. */
int verify_all(struct db *db, const struct verify_options *options, struct verify_figures *ret,
               struct err *err) must_check;

#endif
