/* Where a series changes its level. Definition: change.c. */
#ifndef SCHEMA_STATS_CHANGE_H
#define SCHEMA_STATS_CHANGE_H

#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

struct change_rules {
    size_t least_segment; /* values of a segment, at least; 8 */
    double penalty;       /* times log n × variance, for each change; 3 */
    double least_step;    /* a change of the median by less than this share is none; 0.03 */
};
#define CHANGE_RULES ((struct change_rules){8, 3, 0.03})

/* Positive values in the order of time. Fills starts[0 …) with the first index of each segment (the first is 0) and
 * *ret_segments with their number; `starts` has room for count / least_segment + 1. ERR_NOTHING when count is 0,
 * ERR_DATA when a value is not positive and finite, ERR_MEMORY. Time: about n log n, n² at worst. */
int stats_changes(const double *values, size_t count, const struct change_rules *rules, size_t *starts,
                  size_t *ret_segments, struct err *err) must_check;

#endif
