/* The figure of a cell.
 *
 * A measurement has one value; a submission the median of those it has for the cell; from there on the nested median
 * (nested.h) weighs devices and contributors. The interval is that of the median at the highest level that has more
 * than one member: six contributors give one, six devices of one contributor, six submissions of one device; the
 * samples of a single result where there is nothing else. Fewer than six cannot reach 95 % (interval.h). The
 * collector's cells and the analysis of a database go through these very functions, so that they agree to the last bit.
 */
#include "schema/stats/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/mem.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"

#define LEVEL 0.95

static size_t keep_finite(const double *samples, size_t count, double *target)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(samples[i]))
            target[kept++] = samples[i];
    stats_sort(target, kept);
    return kept;
}

double stats_chosen_value(double median, double mean, const double *samples, size_t count, double *scratch,
                          size_t *ret_finite)
{
    *ret_finite = isfinite(median) ? 0 : keep_finite(samples, count, scratch);
    if (isfinite(median))
        return median;
    return *ret_finite > 0 ? stats_median(scratch, *ret_finite) : mean;
}

double stats_submission_value(double *values, size_t count)
{
    stats_sort(values, count);
    return stats_median(values, count);
}

int stats_nested_figure(struct nested_value *values, size_t count, struct nested_figure *ret, struct err *err)
{
    struct nested_median median;
    const int code = stats_nested_median(values, count, &median, err);
    if (code != 0)
        return code;
    struct nested_figure figure = {.value = median.value,
                                   .level = median.level,
                                   .submissions = median.submissions,
                                   .devices = median.devices,
                                   .contributors = median.contributors};
    figure.has_interval = median.member_count >= STATS_INTERVAL_LEAST &&
                          stats_median_interval(median.members, median.member_count, LEVEL, &figure.interval);
    free(median.members);
    *ret = figure;
    return 0;
}

struct nested_figure stats_device_figure(double *values, size_t count)
{
    struct nested_figure figure = {
        .level = count > 1 ? NESTED_SUBMISSIONS : NESTED_NONE, .submissions = count, .devices = 1, .contributors = 1};
    stats_sort(values, count);
    figure.value = stats_median(values, count);
    figure.has_interval =
        count >= STATS_INTERVAL_LEAST && stats_median_interval(values, count, LEVEL, &figure.interval);
    return figure;
}

bool stats_sample_interval(double *samples, size_t count, struct interval *ret)
{
    const size_t kept = keep_finite(samples, count, samples);
    return kept >= STATS_INTERVAL_LEAST && stats_median_interval(samples, kept, LEVEL, ret);
}
