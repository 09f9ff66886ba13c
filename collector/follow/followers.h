/* The thread that follows intake: it seals what was stored into the log, judges it,
 * observes it and makes figures of it (judge.h, observe.h, summarise.h).
 *
 * Its work is bounded and gives way: one transaction a round, a round a second, at once again only while more waits.
 * It has a connection of its own and opens it again when it is lost; trouble is logged once, not each second. A new
 * head is kept outside the database (published.h) a few seconds after it was sealed, whether anybody asks for it or
 * not. */
#ifndef COLLECTOR_FOLLOW_FOLLOWERS_H
#define COLLECTOR_FOLLOW_FOLLOWERS_H

#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

struct followers;
struct followers_figures {
    uint64_t sealed;   /* entries that this collector moved into the log */
    uint64_t sealings; /* transactions that did so */
    uint64_t judged;   /* entries that this collector judged */
    /* Sealed entries that wait for the judge, for table observation, and for finished cells. */
    uint64_t unjudged, unobserved, unsummarised;
};

struct published;
/* `conninfo` is copied; `role` as in struct db_options; `published` must outlive it. */
int followers_start(const char *conninfo, const char *role, struct published *published, struct followers **ret,
                    struct err *err) must_check;
/* Ends after the round that runs; frees. NULL is allowed. */
void followers_stop(struct followers *followers);
struct followers_figures followers_figures(struct followers *followers);

#endif
