/* Drift within a run.
 *
 * A chip that gets warm slows down: the last third of the samples lies apart from the first. The middle third is left
 * out so that the two do not touch. It counts when the medians differ by at least 5 % and the rank test (rank_test.c)
 * gives p < 5 %. Neighbouring samples are seldom independent, so the p alone would say so too often.
 * Example: 18 samples, six at 100, six at 97, six at 90: ratio 0.9, p = 2/924, so it drifts. */
#include "schema/stats/drift.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/mem.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"
#include "schema/stats/rank_test.h"

int stats_drift(const double *samples, size_t count, struct drift *ret, struct err *err)
{
    const size_t third = count / 3;
    if (count < DRIFT_LEAST)
        return err_set(err, ERR_NOTHING, "%zu samples are too few to look for a drift", count);
    autofree double *thirds = mem_zalloc(2 * third, sizeof *thirds);
    if (thirds == NULL)
        return mem_error(err);
    double *first = thirds, *last = thirds + third;
    memcpy(first, samples, third * sizeof *samples);
    memcpy(last, samples + count - third, third * sizeof *samples);
    stats_sort(first, third);
    stats_sort(last, third);
    const double before = stats_median(first, third);
    if (!(fabs(before) > 0))
        return err_set(err, ERR_NOTHING, "a drift from 0 has no ratio");
    struct rank_test test;
    const int code = stats_rank_test(last, third, first, third, &test, err);
    if (code < 0)
        return code;
    struct drift drift = {.ratio = stats_median(last, third) / before, .p = test.p};
    drift.drifts = fabs(drift.ratio - 1) >= DRIFT_STEP && drift.p < DRIFT_CHANCE;
    *ret = drift;
    return 0;
}
