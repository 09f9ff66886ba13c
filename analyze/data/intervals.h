/* Intervals of ratios that were resampled before: the same values drawn in the same way give the same interval, bit for
 * bit, so that it need not be resampled again. What an interval is found by covers all that decides about it: the
 * program, what is compared, every value and its nesting. What is kept decides about time only. */
#ifndef ANALYZE_DATA_INTERVALS_H
#define ANALYZE_DATA_INTERVALS_H

#include "analyze/data/evidence.h"
#include "schema/base/buf.h"
#include "schema/proof/hash.h"

struct kept_interval;
struct intervals {
    struct sha256 program; /* that resamples: another one may do it in another way */
    struct kept_interval *items;
    size_t count, capacity;
    size_t *slots; /* 1 + the number of an item; 0 = free */
    size_t slot_count;
    size_t added, found; /* resampled now; not again */
    struct buf scratch;
};
#define INTERVALS ((struct intervals){.scratch = BUF(INTERVALS_BYTES_MAX)})
#define INTERVALS_BYTES_MAX ((size_t)64 << 20)
void intervals_done(struct intervals *intervals);
#define autointervals cleanup(intervals_done)

/* Two sides of a ratio, and how they are drawn: `names` of cell and sides make the seeds. */
struct intervals_of {
    const char *names[3]; /* NULL allowed */
    enum direction direction;
    const struct evidence *base, *other;
};
/* False when nothing is kept (`intervals` is NULL), or the values are too many or in no order (nested_compare). */
bool intervals_key(struct intervals *intervals, const struct intervals_of *of, struct sha256 *ret);
/* The same of one side: what its replicates follow from. `name`: of the seed. */
bool intervals_side_key(struct intervals *intervals, const char *name, const struct evidence *evidence,
                        struct sha256 *ret);
/* Takes low and high from what is kept, which leaves them where there was no interval. */
bool intervals_find(struct intervals *intervals, const struct sha256 *key, struct verdict *verdict);
/* Keeps them, as far as there is room. */
void intervals_add(struct intervals *intervals, const struct sha256 *key, const struct verdict *verdict);

/* As a text with its own hash: first what was added or found since, then of the rest what has room. */
void intervals_print(const struct intervals *intervals, struct buf *into);
/* Takes all of a text, or nothing of one that is damaged. */
void intervals_read(struct intervals *intervals, struct str text);

#endif
