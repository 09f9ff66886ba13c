/* From samples to runs of a reading. */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/clock.h"
#include "schema/catalog/catalog.h"
#include "schema/stats/order.h"
#include "schema/stats/summary.h"
#include "submit/bench/bench.h"
#include "submit/watch/watch.h"

#define WARM_UP_S 0.3

const char *lm_quantization(enum lm_type type)
{
    static const char *const names[LM_TYPES] = {[LM_F16] = "F16", [LM_I8] = "INT8", [LM_F32] = "F32"};
    return names[type];
}

void bench_left_out(struct bench *bench, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    reading_add_problem(bench->reading, "", 0, 0, "%s", text);
}

void bench_set_progress(struct bench *bench, const char *label, double share)
{
    bench->progress.label = label;
    progress_step(&bench->progress, bench->phase * 1000 + (size_t)(share < 1 ? share * 1000 : 1000));
}

struct run *bench_begin_run(struct bench *bench, const char *model, const char *quantization, const char *mode,
                            const char *task, size_t threads)
{
    struct arena *arena = &bench->reading->arena;
    struct run *run = reading_add_run(bench->reading);
    char time[CLOCK_TEXT_SIZE];
    if (run == NULL)
        return NULL;
    run->workload.model = run->workload.model_as_given = arena_strdup(arena, model);
    run->workload.quantization = arena_strdup(arena, quantization);
    run->workload.backend = "CPU";
    run->workload.mode = mode;
    run->workload.task = task;
    run->ran_at = arena_strdup(arena, clock_format(time, clock_wall_us() / 1000000 * 1000000));
    parameters_set_number(arena, &run->setup, "threads", (double)threads);
    (void)parameters_set_word(arena, &run->setup, "instruction_set", bench->kernels->name);
    return run;
}

struct stepping {
    struct bench *bench;
    const char *label;
};

static void step(void *context, double share)
{
    const struct stepping *stepping = context;
    bench_set_progress(stepping->bench, stepping->label, share);
}

int bench_take(struct bench *bench, struct run *run, const char *shown, void (*once)(void *context), void *context,
               struct samples *ret, struct err *err)
{
    struct arena *arena = &bench->reading->arena;
    struct stepping stepping = {bench, shown};
    const struct sample_plan plan = {.warm_up_s = bench->options->limit_s < WARM_UP_S ? 0 : WARM_UP_S,
                                     .limit_s = bench->options->limit_s,
                                     .progress = step,
                                     .context = &stepping};
    autowatch struct watch *watch = NULL;
    bench_set_progress(bench, shown, 0);
    int r = watch_start(NULL, NULL, NULL, &watch, err);
    if (r == 0)
        r = sample_take(&plan, once, context, ret, err);
    if (r < 0)
        return r;
    watch_stop(watch);
    bench->phase++;
    if (run == NULL)
        return mem_error(err);
    watch_parameters(watch, arena, &run->conditions);
    parameters_set_number(arena, &run->setup, "warm_up_runs", (double)ret->warm_up_runs);
    (void)parameters_set_word(arena, &run->setup, "stopped_by", ret->stop);
    return 0;
}

static void set_direction(struct measurement *measurement, const char *metric)
{
    const struct metric *known = catalog_metric(metric);
    measurement->direction = known == NULL                            ? DIRECTION_UNKNOWN
                             : text_equal(known->direction, "higher") ? DIRECTION_HIGHER
                                                                      : DIRECTION_LOWER;
}

void bench_add_samples(struct bench *bench, struct run *run, const char *metric, const char *unit, const double *values,
                       size_t count)
{
    struct arena *arena = &bench->reading->arena;
    struct measurement *measurement = run_add_measurement(bench->reading, run, metric);
    double *samples = arena_alloc(arena, count + 1, sizeof(*samples)), *sorted = arena_alloc(arena, count + 1, 8);
    if (measurement == NULL || samples == NULL || sorted == NULL)
        return;
    memcpy(samples, values, count * sizeof(*samples));
    memcpy(sorted, values, count * sizeof(*samples));
    stats_sort(sorted, count);
    const struct summary summary = stats_summary(sorted, count);
    measurement->unit = unit;
    measurement->samples = samples;
    measurement->sample_count = count;
    measurement->n = (int64_t)count;
    measurement->mean = summary.mean;
    measurement->stddev = summary.stddev;
    measurement->stddev_kind = isnan(summary.stddev) ? STDDEV_UNKNOWN : STDDEV_SAMPLE;
    measurement->min = summary.min;
    measurement->max = summary.max;
    measurement->median = summary.median;
    set_direction(measurement, metric);
}

struct measurement *bench_add_value(struct bench *bench, struct run *run, const char *metric, const char *unit,
                                    double value, size_t n)
{
    struct measurement *measurement = run_add_measurement(bench->reading, run, metric);
    if (measurement == NULL)
        return NULL;
    measurement->unit = unit;
    measurement->n = n > 0 ? (int64_t)n : COUNT_UNKNOWN;
    measurement->mean = value;
    set_direction(measurement, metric);
    return measurement;
}

void bench_add_passes(struct bench *bench, struct run *run, const struct samples *samples, double bytes)
{
    double *ms = arena_alloc(&bench->reading->arena, samples->count + 1, sizeof(*ms));
    if (ms == NULL || run == NULL)
        return;
    for (size_t i = 0; i < samples->count; i++)
        ms[i] = samples->seconds[i] * 1000;
    bench_add_samples(bench, run, "inference_time", "ms", ms, samples->count);
    if (run->measurement_count == 0)
        return;
    const struct measurement time = run->measurements[run->measurement_count - 1];
    struct measurement *bandwidth =
        bench_add_value(bench, run, "memory_bandwidth", "GB/s", bytes / 1e6 / time.mean, samples->count);
    if (bandwidth == NULL)
        return;
    bandwidth->min = bytes / 1e6 / time.max;
    bandwidth->max = bytes / 1e6 / time.min;
    bandwidth->median = bytes / 1e6 / time.median;
    run->workload.model_bytes = bytes;
}

int bench_check_hash(struct bench *bench, struct run *run, const struct lm_head *head, struct err *err)
{
    char text[32];
    err->code = ERR_NONE;
    const uint64_t hash = lm_head_hash(head, err), known = lm_head_known_hash(head->type, head->seed);
    if (err->code != ERR_NONE)
        return -(int)err->code;
    (void)snprintf(text, sizeof(text), "%" PRIu64, hash);
    if (run != NULL)
        (void)parameters_set_word(&bench->reading->arena, &run->setup, "quality_hash", text);
    if (head->rows != LM_HEAD_ROWS || known == 0 || hash == known)
        return 0;
    (void)err_set(err, ERR_DATA,
                  "the product of %s weights is wrong on this machine: hash %016" PRIx64 ", not %016" PRIx64,
                  lm_quantization(head->type), hash, known);
    return err_hint(err, "memory or processor make mistakes (overclocked?), or this build does: please report it");
}
