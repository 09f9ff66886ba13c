/* Change points by optimal partitioning of logarithms.
 *
 * A partition of y = log x into segments costs the squared distances from each segment's mean and a penalty β for each
 * change. The cheapest one is found exactly (B. Jackson et al., An algorithm for optimal partitioning, 2005):
 *   F(t) = min over s of F(s) + C(s, t) + β,  C(s, t) = Σ y² − (Σ y)² / (t − s) over s … t − 1,  F(0) = −β.
 * A candidate s with F(s) + C(s, t) ≥ F(t) can begin no last segment of any later end, once t itself may (R. Killick,
 * P. Fearnhead & I. A. Eckley, PELT, 2012): it is dropped from t + least_segment on.
 * β = penalty · log n · σ², σ = 1.4826 · median |d − median d| / √2 over the first differences d: a few steps do not
 * move it. Noise of zero would make each wiggle a change, so σ² is at least (log(1 + least_step) / 8)².
 * Then neighbours whose medians differ by less than least_step are joined, the nearest pair first.
 * Example: eight times 100 and eight times 110: one change, at 8; with 102 instead of 110 none. */
#include "schema/stats/change.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/mem.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"

struct series {
    size_t count;
    double *y;                /* logarithms, less their median: small numbers keep their digits */
    double *sum, *squares;    /* of the first i */
    double *best;             /* F */
    size_t *last;             /* where the last segment of the best partition of the first t begins */
    size_t *candidate, *ends; /* s, and the first end for which it need not be looked at */
    double *scratch;
};

static void series_done(struct series *series)
{
    free(series->y);
    free(series->sum);
    free(series->squares);
    free(series->best);
    free(series->last);
    free(series->candidate);
    free(series->ends);
    free(series->scratch);
}

static bool allocate(struct series *series, size_t count)
{
    series->count = count;
    series->y = mem_zalloc(count, sizeof(double));
    series->sum = mem_zalloc(count + 1, sizeof(double));
    series->squares = mem_zalloc(count + 1, sizeof(double));
    series->best = mem_zalloc(count + 1, sizeof(double));
    series->last = mem_zalloc(count + 1, sizeof(size_t));
    series->candidate = mem_zalloc(count + 1, sizeof(size_t));
    series->ends = mem_zalloc(count + 1, sizeof(size_t));
    series->scratch = mem_zalloc(count, sizeof(double));
    return series->y && series->sum && series->squares && series->best && series->last && series->candidate &&
           series->ends && series->scratch;
}

static double median_of(double *scratch, const double *values, size_t count)
{
    memcpy(scratch, values, count * sizeof *values);
    stats_sort(scratch, count);
    return stats_median(scratch, count);
}

static int fill(struct series *series, const double *values, struct err *err)
{
    for (size_t i = 0; i < series->count; i++) {
        if (!(values[i] > 0 && isfinite(values[i])))
            return err_set(err, ERR_DATA, "a history needs finite values above 0");
        series->y[i] = log(values[i]);
    }
    const double middle = median_of(series->scratch, series->y, series->count);
    for (size_t i = 0; i < series->count; i++) {
        series->y[i] -= middle;
        series->sum[i + 1] = series->sum[i] + series->y[i];
        series->squares[i + 1] = series->squares[i] + series->y[i] * series->y[i];
    }
    return 0;
}

static double variance_of(struct series *series, double least_step)
{
    const double floor = log1p(least_step) / 8;
    double sigma = 0;
    if (series->count > 2) {
        const size_t steps = series->count - 1;
        double *differences = series->scratch;
        for (size_t i = 0; i < steps; i++)
            differences[i] = series->y[i + 1] - series->y[i];
        stats_sort(differences, steps);
        const double middle = stats_median(differences, steps);
        for (size_t i = 0; i < steps; i++)
            differences[i] = fabs(differences[i] - middle);
        stats_sort(differences, steps);
        sigma = 1.482602218505602 * stats_median(differences, steps) / M_SQRT2;
    }
    return fmax(sigma * sigma, floor * floor);
}

static double cost_of(const struct series *series, size_t from, size_t to)
{
    const double sum = series->sum[to] - series->sum[from];
    return fmax(0, series->squares[to] - series->squares[from] - sum * sum / (double)(to - from));
}

/* Keeps the candidates that may still begin a last segment. */
static size_t prune(struct series *series, size_t candidates, size_t end, size_t least)
{
    size_t kept = 0;
    for (size_t i = 0; i < candidates; i++) {
        const size_t from = series->candidate[i];
        size_t ends = series->ends[i];
        if (ends == SIZE_MAX && series->best[from] + cost_of(series, from, end) > series->best[end])
            ends = end + least;
        if (ends <= end + 1)
            continue;
        series->candidate[kept] = from;
        series->ends[kept++] = ends;
    }
    return kept;
}

static void partition(struct series *series, double penalty, size_t least)
{
    size_t candidates = 0;
    series->best[0] = -penalty;
    for (size_t end = 1; end <= series->count; end++) {
        if (end < least) {
            series->best[end] = (double)INFINITY;
            continue;
        }
        series->candidate[candidates] = end - least;
        series->ends[candidates++] = SIZE_MAX;
        series->best[end] = (double)INFINITY;
        for (size_t i = 0; i < candidates; i++) {
            const size_t from = series->candidate[i];
            const double cost = series->best[from] + cost_of(series, from, end) + penalty;
            if (cost < series->best[end]) {
                series->best[end] = cost;
                series->last[end] = from;
            }
        }
        candidates = prune(series, candidates, end, least);
    }
}

static size_t trace(const struct series *series, size_t *starts)
{
    size_t segments = 0;
    for (size_t end = series->count; end > 0; end = series->last[end])
        starts[segments++] = series->last[end];
    for (size_t i = 0; i < segments / 2; i++) {
        const size_t kept = starts[i];
        starts[i] = starts[segments - 1 - i];
        starts[segments - 1 - i] = kept;
    }
    return segments;
}

static double level_of(struct series *series, const size_t *starts, size_t segments, size_t segment)
{
    const size_t end = segment + 1 < segments ? starts[segment + 1] : series->count;
    return median_of(series->scratch, series->y + starts[segment], end - starts[segment]);
}

static size_t join_small_steps(struct series *series, size_t *starts, size_t segments, double least_step)
{
    while (segments > 1) {
        size_t nearest = 0;
        double least = (double)INFINITY, before = level_of(series, starts, segments, 0);
        for (size_t i = 1; i < segments; i++) {
            const double level = level_of(series, starts, segments, i);
            if (fabs(level - before) < least) {
                least = fabs(level - before);
                nearest = i;
            }
            before = level;
        }
        if (!(least < log1p(least_step)))
            break;
        memmove(starts + nearest, starts + nearest + 1, (segments - nearest - 1) * sizeof *starts);
        segments--;
    }
    return segments;
}

int stats_changes(const double *values, size_t count, const struct change_rules *rules, size_t *starts,
                  size_t *ret_segments, struct err *err)
{
    struct series series cleanup(series_done) = {0};
    if (count == 0)
        return err_set(err, ERR_NOTHING, "a history without values");
    if (!allocate(&series, count))
        return mem_error(err);
    const int code = fill(&series, values, err);
    if (code < 0)
        return code;
    starts[0] = 0;
    *ret_segments = 1;
    if (count < 2 * rules->least_segment)
        return 0;
    partition(&series, rules->penalty * log((double)count) * variance_of(&series, rules->least_step),
              rules->least_segment);
    *ret_segments = join_small_steps(&series, starts, trace(&series, starts), rules->least_step);
    return 0;
}
