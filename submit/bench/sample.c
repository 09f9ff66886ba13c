#include "submit/bench/sample.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "schema/base/mem.h"
#include "schema/stats/interval.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"

#define LEVEL 0.95
#define WIDTH 0.01
#define LOOK_EVERY 5 /* runs */

void samples_done(struct samples *samples)
{
    free(samples->seconds);
    *samples = (struct samples){0};
}

double sample_clock(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double sample_width(const double *values, size_t count)
{
    double sorted[SAMPLE_RUNS_MAX];
    struct interval interval;
    if (count == 0 || count > SAMPLE_RUNS_MAX)
        return 1;
    memcpy(sorted, values, count * sizeof *values);
    stats_sort(sorted, count);
    const double median = stats_median(sorted, count);
    if (!stats_median_interval(sorted, count, LEVEL, &interval) || !(median > 0))
        return 1;
    return (interval.high - interval.low) / median;
}

static bool is_enough(const struct sample_plan *plan, double elapsed, struct samples *samples)
{
    if (samples->count == SAMPLE_RUNS_MAX)
        samples->stop = "runs";
    else if (samples->count >= SAMPLE_RUNS_LEAST && samples->count % LOOK_EVERY == 0 &&
             sample_width(samples->seconds, samples->count) < WIDTH)
        samples->stop = "interval";
    else if (elapsed >= 2 * plan->limit_s || (elapsed >= plan->limit_s && samples->count >= SAMPLE_RUNS_LEAST))
        samples->stop = "time";
    return samples->stop != NULL;
}

int sample_take(const struct sample_plan *plan, void (*once)(void *context), void *context, struct samples *ret,
                struct err *err)
{
    autosamples struct samples samples = {.seconds = mem_zalloc(SAMPLE_RUNS_MAX, sizeof(double))};
    if (samples.seconds == NULL)
        return mem_error(err);
    const double warm_began = sample_clock();
    do {
        once(context);
        samples.warm_up_runs++;
    } while (sample_clock() - warm_began < plan->warm_up_s);
    const double began = sample_clock();
    for (double before = began, elapsed = 0; !is_enough(plan, elapsed, &samples);) {
        before = sample_clock();
        once(context);
        const double after = sample_clock();
        samples.seconds[samples.count++] = after - before;
        elapsed = after - began;
        const double by_time = elapsed / plan->limit_s, by_count = (double)samples.count / SAMPLE_RUNS_MAX;
        if (plan->progress != NULL)
            plan->progress(plan->context, by_time > by_count ? by_time : by_count);
    }
    *ret = samples;
    samples = (struct samples){0};
    return 0;
}
