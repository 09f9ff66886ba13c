/* Takes over what another collector accepted, byte for byte (schema/bundle/FORMAT.md, "The feed").
 *
 * Its head is checked against the key that was found valid before and against the head that was seen before; every
 * entry of its feed is hashed into the tree, so that nothing can be left out, changed or put in between unseen. Bytes
 * must have the hash that the entry names. What it decided about a submission is noted; nothing changes here but by the
 * secret of the contributor. After each page the place is kept: interrupted, the next call goes on, and what is there
 * already stays as it is. */
#ifndef COLLECTOR_TAKE_PULL_H
#define COLLECTOR_TAKE_PULL_H

#include <signal.h>
#include <stdint.h>

#include "collector/intake/intake.h"
#include "collector/take/importer.h"
#include "schema/wire/client.h"

/* What of its states and decisions is taken over; of what was withdrawn with the contributor's secret always. */
enum pull_state {
    PULL_ACCEPTED = 1, /* its bundles; the rest is its word on what stands here too, for a moderator to see */
    PULL_QUARANTINED = 2,
    PULL_REJECTED = 4,
    PULL_WITHDRAWN = 8,
    PULL_DELETED = 16,
    PULL_ALL = 31
};

struct pull_options {
    const struct server *server;
    const char *conninfo;
    struct intake_policy policy;     /* what becomes of what it accepted; origin "pull" */
    unsigned states;                 /* enum pull_state */
    const char *const *contributors; /* only theirs: pseudonyms of its feed; */
    size_t contributor_count;        /* 0 = everybody's */
    void (*refused)(void *context, const char *id, const struct err *why);
    void (*progress)(void *context, uint64_t entry, uint64_t size); /* may be NULL */
    void *context;
    const volatile sig_atomic_t *stop;
};

struct pull_figures {
    uint64_t entries, created, duplicates, refused;
    uint64_t withdrawn; /* here too, because the secret came with it */
    uint64_t noted;     /* decided otherwise there: for a moderator to see */
};

/* -ERR_DATA when what it says is not what it signed: nothing of that page was taken. -ERR_RETRY when it does not answer
 * or a stop was asked for. */
int pull_all(struct db *db, const struct pull_options *options, struct pull_figures *ret, struct err *err) must_check;

#endif
