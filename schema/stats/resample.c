/* The bootstrap (B. Efron & R. Tibshirani, An Introduction to the Bootstrap, 1993).
 *
 * A replicate draws as many values as there are, with replacement, and takes the figure again. Where values are
 * nested it draws clusters first: contributors, then devices of each drawn one, then submissions (A. C. Davison &
 * D. V. Hinkley, Bootstrap Methods and their Application, 1997, section 3.8), so that the interval speaks about other
 * contributors, not about more uploads of the same ones.
 *
 * Percentile interval: the (1 − level)/2 and (1 + level)/2 quantiles (type 7) of the replicates. It serves medians and
 * ratios of medians: it needs no symmetry, and a ratio's interval is that of its inverse turned round.
 *
 * The two sides of a ratio are drawn independently, so one side's replicates serve each ratio that it takes part in:
 * the sides of all pairs of n cells cost n resamplings, not n².
 *
 * BCa interval of a mean (Efron 1987): the quantiles are taken at
 *   Φ(z0 + (z0 + z) / (1 − a (z0 + z))),  z = Φ⁻¹((1 ± level)/2),
 *   z0 = Φ⁻¹(share of replicates below the mean; equal ones one half),
 *   a  = Σ d³ / (6 (Σ d²)^1.5), d = jackknife mean − jackknife value.
 * Only for means: the jackknife of a median is not consistent.
 * Example: values 1 … 9, mean 5: z0 and a are 0 by symmetry, so BCa is the percentile interval. */
#include "schema/stats/resample.h"

#include <math.h>
#include <stdlib.h>

#include "schema/base/meanwhile.h"
#include "schema/base/mem.h"
#include "schema/stats/nested_tree.h"
#include "schema/stats/normal.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"
#include "schema/stats/select.h"
#include "schema/stats/summary.h"

#define autotree cleanup(nested_tree_done)
#define autoscratch cleanup(nested_scratch_done)

enum {
    SHARES_MOST = 8,
    SHARED_DRAWS_LEAST = 200000 /* fewer take less than 1 ms: no thread is worth it */
};

static int refuse_few(struct err *err)
{
    return err_set(err, ERR_NOTHING, "an interval needs at least %d members", STATS_INTERVAL_LEAST);
}

static struct interval percentile_interval(double *replicates, size_t count, double level)
{
    const double tail = (1 - level) / 2, low = stats_select_quantile(replicates, count, tail);
    return (struct interval){low, stats_select_quantile(replicates, count, 1 - tail), level};
}

int stats_resampled_median(struct nested_value *values, size_t count, const struct resampling *how,
                           struct interval *ret, struct err *err)
{
    autotree struct nested_tree tree = {0};
    autoscratch struct nested_scratch scratch = {.times = NULL};
    int code = nested_tree_of(values, count, &tree, err);
    if (code == 0 && nested_tree_members(&tree) < STATS_INTERVAL_LEAST)
        code = refuse_few(err);
    if (code == 0)
        code = nested_scratch_of(&tree, &scratch, err);
    if (code < 0)
        return code;
    autofree double *replicates = mem_zalloc(how->replicates, sizeof(double));
    if (replicates == NULL)
        return mem_error(err);
    for (size_t b = 0; b < how->replicates; b++) {
        struct random_stream stream = random_stream_of(how->seed, b);
        replicates[b] = nested_tree_draw(&tree, &scratch, &stream);
    }
    *ret = percentile_interval(replicates, how->replicates, how->level);
    return 0;
}

static int check_positive(const struct nested_value *values, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++)
        if (!(values[i].value > 0))
            return err_set(err, ERR_DATA, "a ratio needs values above 0");
    return 0;
}

/* Checks and lays out one side of a ratio. */
static int side_of(struct nested_value *values, size_t count, struct nested_tree *ret, struct err *err)
{
    int code = check_positive(values, count, err);
    if (code == 0)
        code = nested_tree_of(values, count, ret, err);
    if (code == 0 && nested_tree_members(ret) < STATS_INTERVAL_LEAST)
        code = refuse_few(err);
    return code;
}

int stats_resampled_ratio(struct nested_value *a, size_t a_count, struct nested_value *b, size_t b_count,
                          const struct resampling *how, struct interval *ret, struct err *err)
{
    autotree struct nested_tree left = {0}, right = {0};
    autoscratch struct nested_scratch above_scratch = {.times = NULL}, below_scratch = {.times = NULL};
    int code = side_of(a, a_count, &left, err);
    if (code == 0)
        code = side_of(b, b_count, &right, err);
    if (code == 0)
        code = nested_scratch_of(&left, &above_scratch, err);
    if (code == 0)
        code = nested_scratch_of(&right, &below_scratch, err);
    if (code < 0)
        return code;
    autofree double *replicates = mem_zalloc(how->replicates, sizeof(double));
    if (replicates == NULL)
        return mem_error(err);
    for (size_t i = 0; i < how->replicates; i++) {
        struct random_stream stream = random_stream_of(how->seed, i);
        const double above = nested_tree_draw(&left, &above_scratch, &stream);
        replicates[i] = above / nested_tree_draw(&right, &below_scratch, &stream);
    }
    *ret = percentile_interval(replicates, how->replicates, how->level);
    return 0;
}

/* Some of the replicates: each has a stream of its own, so in which thread it is drawn shows nowhere. */
struct share {
    struct meanwhile meanwhile;
    const struct nested_tree *tree;
    struct nested_scratch scratch;
    uint64_t seed;
    size_t first, end;
    double *ret;
};

static void draw_share(void *context)
{
    const struct share *share = context;
    for (size_t i = share->first; i < share->end; i++) {
        struct random_stream stream = random_stream_of(share->seed, i);
        share->ret[i] = nested_tree_draw(share->tree, &share->scratch, &stream);
    }
}

int stats_resampled_side(struct nested_value *values, size_t count, uint64_t seed, double *ret, size_t replicates,
                         struct err *err)
{
    autotree struct nested_tree tree = {0};
    struct share shares[SHARES_MOST] = {{.ret = NULL}};
    const size_t wanted = count * replicates < SHARED_DRAWS_LEAST ? 1 : meanwhile_processors();
    const size_t share_count = wanted < SHARES_MOST ? wanted : SHARES_MOST;
    int code = side_of(values, count, &tree, err);
    for (size_t i = 0; code == 0 && i < share_count; i++) {
        shares[i] = (struct share){.tree = &tree,
                                   .seed = seed,
                                   .first = replicates * i / share_count,
                                   .end = replicates * (i + 1) / share_count,
                                   .ret = ret};
        code = nested_scratch_of(&tree, &shares[i].scratch, err);
    }
    for (size_t i = 1; code == 0 && i < share_count; i++)
        meanwhile_begin(&shares[i].meanwhile, draw_share, &shares[i]);
    if (code == 0)
        draw_share(&shares[0]);
    for (size_t i = 0; i < share_count; i++) {
        meanwhile_end(&shares[i].meanwhile);
        nested_scratch_done(&shares[i].scratch);
    }
    return code;
}

int stats_ratio_of_sides(const double *above, const double *below, size_t replicates, double level,
                         struct interval *ret, struct err *err)
{
    autofree double *ratios = mem_zalloc(replicates, sizeof(double));
    if (ratios == NULL)
        return mem_error(err);
    for (size_t i = 0; i < replicates; i++)
        ratios[i] = above[i] / below[i];
    *ret = percentile_interval(ratios, replicates, level);
    return 0;
}

/* The acceleration: skewness of the jackknife values. */
static double acceleration_of(const double *values, size_t count, double mean)
{
    double squares = 0, cubes = 0;
    for (size_t i = 0; i < count; i++) {
        const double distance = (values[i] - mean) / (double)(count - 1); /* mean of all but i is mean − this */
        squares += distance * distance;
        cubes += distance * distance * distance;
    }
    return squares > 0 ? cubes / (6 * pow(squares, 1.5)) : 0;
}

static double bias_of(const double *sorted, size_t count, double mean)
{
    double below = 0;
    for (size_t i = 0; i < count; i++)
        below += sorted[i] < mean ? 1 : sorted[i] > mean ? 0 : 0.5;
    return stats_normal_quantile(below / (double)count);
}

static double bca_quantile(const double *sorted, size_t count, double p, double bias, double acceleration)
{
    const double z = bias + stats_normal_quantile(p);
    return stats_quantile(sorted, count, stats_normal_below(bias + z / (1 - acceleration * z)));
}

int stats_resampled_mean(const double *values, size_t count, const struct resampling *how, struct interval *ret,
                         struct err *err)
{
    if (count < STATS_INTERVAL_LEAST)
        return refuse_few(err);
    autofree double *replicates = mem_zalloc(how->replicates, sizeof(double));
    if (replicates == NULL)
        return mem_error(err);
    for (size_t b = 0; b < how->replicates; b++) {
        struct random_stream stream = random_stream_of(how->seed, b);
        double sum = 0;
        for (size_t i = 0; i < count; i++)
            sum += values[random_below(&stream, count)];
        replicates[b] = sum / (double)count;
    }
    stats_sort(replicates, how->replicates);
    const double mean = stats_sum(values, count) / (double)count, tail = (1 - how->level) / 2;
    const double bias = bias_of(replicates, how->replicates, mean);
    const double acceleration = acceleration_of(values, count, mean);
    if (!isfinite(bias)) { /* all values are equal, but for rounding */
        *ret = (struct interval){replicates[0], replicates[how->replicates - 1], how->level};
        return 0;
    }
    *ret = (struct interval){bca_quantile(replicates, how->replicates, tail, bias, acceleration),
                             bca_quantile(replicates, how->replicates, 1 - tail, bias, acceleration), how->level};
    return 0;
}
