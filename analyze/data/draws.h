/* The replicates of sides, kept while many pairs are compared: each side is resampled once, however many others it
 * stands beside. What is kept decides about time only: a side's replicates follow from its name and its values. */
#ifndef ANALYZE_DATA_DRAWS_H
#define ANALYZE_DATA_DRAWS_H

#include "analyze/data/evidence.h"
#include "analyze/data/intervals.h"
#include "analyze/data/replicates.h"

struct draws_side;
struct draws_kept {
    struct arena arena;
    struct draws_side *sides;
    size_t count;
    size_t *slots; /* 1 + the number of a side; 0 = free */
};
/* When the one that is filled is full, it becomes the other, whose sides go: but for those that were asked for again.
 */
struct draws {
    struct draws_kept now, before;
    struct intervals *intervals;   /* borrowed; NULL: each is resampled */
    struct replicates *replicates; /* borrowed, only beside intervals; NULL: none were kept */
};
void draws_done(struct draws *draws);
#define autodraws cleanup(draws_done)

/* One side of a verdict. */
struct draws_of {
    const char *name;
    const struct evidence *evidence;
};
/* Sets the interval of a verdict that was tested. `cell` names what both sides are of, and each side is named: the seed
 * of a side's resampling is made of both. */
int draws_interval(struct draws *draws, const char *cell, const struct draws_of *base, const struct draws_of *other,
                   enum direction direction, struct verdict *verdict, struct err *err) must_check;

#endif
