/* Everything that observe and summarise wrote, made anew from the log and the rows of the submissions. */
#ifndef COLLECTOR_FOLLOW_REBUILD_H
#define COLLECTOR_FOLLOW_REBUILD_H

#include <signal.h>
#include <stdbool.h>

#include "collector/follow/position.h"

struct rebuild_figures {
    int64_t observations, figures, cells; /* as they are now */
    int64_t differing;                    /* of all three: rows that were not there or not the same before */
};

struct rebuild_options {
    bool only_look; /* everything is put back */
    /* After each piece: entries of the log that were gone through, and of how many. May be NULL. */
    void (*progress)(void *context, uint64_t entries, uint64_t of);
    void *context;
    const volatile sig_atomic_t *stop;
};

/* In one transaction, in which the places of the followers are held: running collectors leave them meanwhile, readers
 * see what was before. ERR_RETRY when a collector is at work with them at this moment, or when it was stopped. */
int rebuild_all(struct db *db, const struct rebuild_options *options, struct rebuild_figures *ret,
                struct err *err) must_check;

#endif
