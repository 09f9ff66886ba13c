/* The replicates of sides that were resampled before, in a file of the cache: where one side of a ratio has changed,
 * the other need not be resampled again. A side is found by all that its replicates follow from (intervals_side_key),
 * and what is read must have its hash. What is kept decides about time only.
 *
 * The file: a head, then records of one size: key, SHA-256 of key and replicates, replicates as they are in memory. It
 * is read where it is asked; new records wait in another file that has no name. */
#ifndef ANALYZE_DATA_REPLICATES_H
#define ANALYZE_DATA_REPLICATES_H

#include <sys/types.h>

#include "analyze/data/names.h"
#include "schema/proof/hash.h"
#include "schema/stats/resample.h"

#define REPLICATES_MOST ((size_t)4096)       /* sides: 64 MiB */
#define REPLICATES_LEAST_VALUES ((size_t)64) /* a side of fewer values is resampled as quickly as it is read */

struct replicates_item;
struct replicates {
    struct arena arena;
    struct names keys; /* an item for each */
    struct replicates_item *items;
    size_t capacity;
    int kept, fresh;     /* open files: of last time, for new ones; -1 = none, and then nothing is kept */
    size_t added, found; /* resampled now; not again */
};
#define REPLICATES ((struct replicates){.kept = -1, .fresh = -1})
void replicates_done(struct replicates *replicates);
#define autoreplicates cleanup(replicates_done)

/* Takes the file that is there; an unreadable one is none. `fresh`: an open, empty file that becomes ours. */
void replicates_open(struct replicates *replicates, const char *path, int fresh);
/* False when they are not there. `replicates` may be NULL. */
bool replicates_find(struct replicates *replicates, const struct sha256 *key, double ret[RESAMPLE_REPLICATES]);
/* Keeps them, as far as there is room. */
void replicates_add(struct replicates *replicates, const struct sha256 *key, const double values[RESAMPLE_REPLICATES]);
/* Writes the file anew where something was added: first what was asked for, then of the rest what has room. What cannot
 * be written is only noted. */
void replicates_save(const struct replicates *replicates, const char *path);

#endif
