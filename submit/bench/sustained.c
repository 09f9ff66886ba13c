/* The product without a pause for minutes: what a machine keeps up when it has become warm. Each second is one sample:
 * the mean of its passes. */
#include <math.h>

#include "schema/base/mem.h"
#include "schema/stats/order.h"
#include "submit/bench/bench.h"
#include "submit/watch/watch.h"

/* Of more than an hour a sample is longer than a second. */
#define SAMPLES_MAX ((size_t)3600)
/* The ends that are compared: a tenth of the time each, a minute at most. */
#define END_SHARE 0.1
#define END_MOST_S 60.0

enum series { TIME_MS, GB_S, DEGREES, MEGAHERTZ, SERIES };

struct lasting {
    struct bench *bench;
    struct lm_head *head;
    double bytes;
    double *series[SERIES];
    double sample_s; /* how long a sample is */
    size_t count, passes;
};

static void look(struct lasting *lasting, const struct root *root, double second_s, size_t passes)
{
    struct conditions now = conditions_unknown();
    const size_t at = lasting->count;
    conditions_read_changing(root, DEVICE_PLATFORM_UNSET, &now);
    lasting->series[TIME_MS][at] = second_s / (double)passes * 1000;
    lasting->series[GB_S][at] = lasting->bytes / 1e9 * (double)passes / second_s;
    lasting->series[DEGREES][at] = now.temperature;
    lasting->series[MEGAHERTZ][at] = now.clock_mhz;
    lasting->count++;
    lasting->passes += passes;
}

/* Only the passes are timed; what is read of the machine is between them. */
static void last(struct lasting *lasting)
{
    const struct root root = {.live = true};
    const double began = sample_clock(), wanted = lasting->bench->options->sustained_s;
    double second_s = 0, elapsed = 0;
    size_t passes = 0;
    while (elapsed < wanted && lasting->count <= SAMPLES_MAX) {
        const double before = sample_clock();
        lm_head_multiply(lasting->head, lasting->bench->team);
        const double after = sample_clock();
        second_s += after - before;
        passes++;
        elapsed = after - began;
        if (second_s >= lasting->sample_s) {
            look(lasting, &root, second_s, passes);
            second_s = 0;
            passes = 0;
            bench_set_progress(lasting->bench, "sustained", elapsed / wanted);
        }
    }
    if (lasting->count == 0 && passes > 0)
        look(lasting, &root, second_s, passes);
}

/* Bandwidth at the end against that at the beginning; NAN when it was too short. */
static double kept(const struct lasting *lasting)
{
    const double share = END_SHARE * (double)lasting->count;
    const double longest = END_MOST_S / lasting->sample_s;
    const size_t end = (size_t)(share < longest ? share : longest);
    const double *gb_s = lasting->series[GB_S];
    if (end == 0)
        return (double)NAN;
    return stats_sum(gb_s + lasting->count - end, end) / stats_sum(gb_s, end);
}

static void add_series(struct lasting *lasting, struct run *run, enum series which, const char *metric,
                       const char *unit)
{
    for (size_t i = 0; i < lasting->count; i++)
        if (!isfinite(lasting->series[which][i]))
            return; /* the machine does not tell */
    bench_add_samples(lasting->bench, run, metric, unit, lasting->series[which], lasting->count);
}

static int record(struct lasting *lasting, struct run *run, struct err *err)
{
    struct bench *bench = lasting->bench;
    struct arena *arena = &bench->reading->arena;
    int r = bench_check_hash(bench, run, lasting->head, err);
    if (r < 0)
        return r;
    const struct samples samples = {.seconds = lasting->series[TIME_MS], .count = lasting->count};
    for (size_t i = 0; i < samples.count; i++)
        samples.seconds[i] /= 1000;
    bench_add_passes(bench, run, &samples, lasting->bytes);
    add_series(lasting, run, DEGREES, "temperature", "°C");
    add_series(lasting, run, MEGAHERTZ, "clock_frequency", "MHz");
    const double ratio = kept(lasting);
    if (!isnan(ratio))
        (void)bench_add_value(bench, run, "sustained_ratio", "ratio", ratio, 0);
    parameters_set_number(arena, &run->workload.parameters, "minutes", bench->options->sustained_s / 60);
    parameters_set_number(arena, &run->setup, "passes", (double)lasting->passes);
    parameters_set_number(arena, &run->setup, "sample_s", lasting->sample_s);
    return 0;
}

static int measure(struct bench *bench, struct lasting *lasting, enum lm_type type, size_t rows, struct err *err)
{
    const bool whole = rows == LM_HEAD_ROWS;
    autowatch struct watch *watch = NULL;
    lasting->bytes = (double)lm_head_bytes(type, rows);
    int r = lm_head_open(type, rows, 1, bench->kernels, bench->ground.bytes, bench->team, lasting->head, err);
    if (r == 0)
        r = watch_start(NULL, NULL, NULL, &watch, err);
    if (r < 0)
        return r;
    struct run *run = bench_begin_run(bench, whole ? "llama_lm_head" : "lm_head", lm_quantization(type), "sustained",
                                      "lm_head", team_size(bench->team));
    last(lasting);
    watch_stop(watch);
    bench->phase++;
    if (run == NULL)
        return mem_error(err);
    watch_parameters(watch, &bench->reading->arena, &run->conditions);
    if (!whole)
        parameters_set_number(&bench->reading->arena, &run->workload.parameters, "rows", (double)rows);
    return record(lasting, run, err);
}

int bench_sustained(struct bench *bench, struct err *err)
{
    static struct lm_head head;
    struct lasting lasting = {.bench = bench, .head = &head};
    const enum lm_type type = bench->sizes.fits[LM_F16] ? LM_F16 : LM_I8;
    const size_t rows = bench->sizes.fits[type] ? LM_HEAD_ROWS : bench->sizes.rows;
    if (rows == 0) {
        bench_left_out(bench, "sustained: not even a part of the int8 weights fits into the free memory");
        return 0;
    }
    const double seconds = bench->options->sustained_s;
    lasting.sample_s = seconds > (double)SAMPLES_MAX ? seconds / (double)SAMPLES_MAX : 1;
    const size_t most = (size_t)(seconds / lasting.sample_s) + 2;
    autofree double *all = mem_zalloc(SERIES * most, sizeof(*all));
    if (all == NULL)
        return mem_error(err);
    for (size_t i = 0; i < SERIES; i++)
        lasting.series[i] = all + i * most;
    bench_set_progress(bench, "sustained", 0);
    int r = measure(bench, &lasting, type, rows, err);
    lm_head_close(&head);
    return r;
}
