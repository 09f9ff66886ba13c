#include <math.h>

#include "plot/chart/history_plan.h"
#include "schema/stats/change.h"
#include "schema/stats/interval.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"

#define LEVEL 0.95
#define DAY 86400.0
#define GAP_LEAST (14 * DAY)
#define GAP_SPACINGS 4.0

struct bounds {
    double low, high;
};

static struct bounds median_bounds(const double *sorted, size_t count, double level)
{
    struct interval interval;
    if (!stats_median_interval(sorted, count, level, &interval)) {
        return (struct bounds){(double)NAN, (double)NAN};
    }
    return (struct bounds){interval.low, interval.high};
}

/* Median and interval of a segment, and what changed since the one before: both medians lie in their intervals at √0.95
 * each, so their ratio lies in the quotient of the bounds at 0.95; only one that excludes 1 is a change. */
static void summarise(struct history_line *line, size_t index, double *sorted, struct bounds *wide)
{
    struct history_segment *segment = &line->segments[index];
    for (size_t i = 0; i < segment->count; i++) {
        sorted[i] = line->series->runs[segment->first + i].value;
    }
    stats_sort(sorted, segment->count);
    struct bounds narrow = median_bounds(sorted, segment->count, LEVEL), before = *wide;
    segment->median = stats_median(sorted, segment->count);
    segment->low = narrow.low;
    segment->high = narrow.high;
    segment->change = (double)NAN;
    *wide = median_bounds(sorted, segment->count, sqrt(LEVEL));
    if (index > 0 && (wide->low > before.high || wide->high < before.low)) {
        segment->change = (segment->median / line->segments[index - 1].median - 1) * 100;
    }
}

static double longest_without_a_run(struct arena *arena, const struct history_chart *chart,
                                    const struct history_series *series)
{
    double *spacings = arena_alloc(arena, series->count, sizeof *spacings);
    if (!chart->dated || spacings == NULL || series->count < 3) {
        return (double)INFINITY;
    }
    for (size_t i = 1; i < series->count; i++) {
        spacings[i - 1] = series->runs[i].at - series->runs[i - 1].at;
    }
    stats_sort(spacings, series->count - 1);
    return fmax(GAP_LEAST, GAP_SPACINGS * stats_median(spacings, series->count - 1));
}

int history_find_segments(struct arena *arena, const struct history_chart *chart, struct history_line *line,
                          struct err *err)
{
    const struct history_series *series = line->series;
    const struct change_rules rules = CHANGE_RULES;
    double *values = arena_alloc(arena, series->count, sizeof *values);
    size_t *starts = arena_alloc(arena, series->count / rules.least_segment + 1, sizeof *starts);
    if (values == NULL || starts == NULL) {
        return arena_check(arena, err);
    }
    size_t count = 1;
    bool positive = true;
    for (size_t i = 0; i < series->count; i++) {
        values[i] = series->runs[i].value;
        positive = positive && values[i] > 0;
    }
    /* Steps are shares: a series that touches zero has none, and is one segment. */
    int result = positive ? stats_changes(values, series->count, &rules, starts, &count, err) : 0;
    if (result < 0) {
        return result;
    }
    line->segments = arena_alloc(arena, count, sizeof *line->segments);
    if (line->segments == NULL) {
        return arena_check(arena, err);
    }
    line->segment_count = count;
    struct bounds wide = {(double)NAN, (double)NAN};
    for (size_t i = 0; i < count; i++) {
        size_t end = i + 1 < count ? starts[i + 1] : series->count;
        line->segments[i] = (struct history_segment){.first = starts[i], .count = end - starts[i]};
        summarise(line, i, values, &wide);
    }
    line->few = series->count < HISTORY_FEW;
    line->gap = longest_without_a_run(arena, chart, series);
    return arena_check(arena, err);
}

double history_now(const struct history_line *line)
{
    return line->few ? line->series->runs[line->series->count - 1].value
                     : line->segments[line->segment_count - 1].median;
}
