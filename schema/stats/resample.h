/* Intervals by resampling: of a nested median, of the ratio of two of them, of a mean. Definitions: resample.c.
 *
 * Deterministic: replicate number b draws from stream b of the seed, so the same values and seed give the same bits,
 * in any order of replicates. Values are those of nested.h; a, b and values are sorted by the calls. */
#ifndef SCHEMA_STATS_RESAMPLE_H
#define SCHEMA_STATS_RESAMPLE_H

#include <stdint.h>

#include "schema/stats/interval.h"
#include "schema/stats/nested.h"

#define RESAMPLE_REPLICATES 2000

struct resampling {
    uint64_t seed;
    size_t replicates;
    double level; /* 0.95 */
};

/* Percentile interval of the nested median. ERR_NOTHING when the highest level with more than one member has fewer
 * than STATS_INTERVAL_LEAST of them. `coverage` of the result is the level asked for. ERR_MEMORY. */
int stats_resampled_median(struct nested_value *values, size_t count, const struct resampling *how,
                           struct interval *ret, struct err *err) must_check;
/* The same of median(a) ÷ median(b), both sides drawn anew in each replicate; all values > 0 (ERR_DATA otherwise). */
int stats_resampled_ratio(struct nested_value *a, size_t a_count, struct nested_value *b, size_t b_count,
                          const struct resampling *how, struct interval *ret, struct err *err) must_check;
/* The same in two steps, for sides that several ratios share: ret[i], for each replicate, is the nested median of the
 * values drawn from stream i. Values > 0 (ERR_DATA otherwise). The seeds of two sides must differ. */
int stats_resampled_side(struct nested_value *values, size_t count, uint64_t seed, double *ret, size_t replicates,
                         struct err *err) must_check;
/* Of above[i] ÷ below[i]. */
int stats_ratio_of_sides(const double *above, const double *below, size_t replicates, double level,
                         struct interval *ret, struct err *err) must_check;
/* BCa interval of the mean of plain values. ERR_NOTHING below STATS_INTERVAL_LEAST values. */
int stats_resampled_mean(const double *values, size_t count, const struct resampling *how, struct interval *ret,
                         struct err *err) must_check;

#endif
