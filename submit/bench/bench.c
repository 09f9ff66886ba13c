#include "submit/bench/bench.h"

#include <math.h>
#include <unistd.h>

#include "submit/watch/conditions.h"

static void bench_done(struct bench *bench)
{
    progress_end(&bench->progress);
    team_close(bench->team);
    ground_close(&bench->ground);
    reading_free(bench->reading);
}

static size_t threads_of(const struct bench_options *options, const struct device *facts)
{
    if (options->threads > 0)
        return options->threads;
    if (facts->usable_threads > 0)
        return (size_t)facts->usable_threads;
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (size_t)online : 1;
}

static size_t phases_of(const struct bench *bench)
{
    const struct bench_options *options = bench->options;
    size_t phases = options->memory ? bench->sizes.arrays : 0;
    for (int type = 0; options->lm_head && type < LM_TYPES; type++)
        phases += bench->sizes.fits[type] && !(options->quick && type == LM_F32);
    return phases + (options->together ? 3 : 0) + (options->sustained_s > 0 ? 1 : 0) + 1;
}

static int refuse_all(double available, struct err *err)
{
    (void)err_set(err, ERR_MEMORY, "%.0f MB of free memory are too little for any part of the benchmark",
                  isnan(available) ? 0 : available / 1e6);
    return err_hint(err, "close other programs, or raise the memory limit of this container");
}

static int run_parts(struct bench *bench, struct err *err)
{
    const struct bench_options *options = bench->options;
    int r = 0;
    if (options->memory)
        r = bench_memory(bench, err);
    if (r == 0 && options->lm_head)
        r = bench_lm_head(bench, err);
    if (r == 0 && options->together)
        r = bench_together(bench, err);
    if (r == 0 && options->sustained_s > 0)
        r = bench_sustained(bench, err);
    return r < 0 ? r : arena_check(&bench->reading->arena, err);
}

int bench_run(const struct bench_options *options, const struct device *facts, struct reading **ret_reading,
              struct err *err)
{
    struct bench bench cleanup(bench_done) = {.options = options, .reading = reading_new(), .kernels = kernels_best()};
    const struct root root = {.live = true};
    struct conditions now;
    if (bench.reading == NULL)
        return mem_error(err);
    conditions_read(&root, DEVICE_PLATFORM_UNSET, &now);
    bench.caches = caches_last_bytes(&root);
    bench.sizes = bench_sizes_of(options, now.memory_available, bench.caches);
    if (bench.sizes.ground == 0)
        return refuse_all(now.memory_available, err);
    bench.phases = phases_of(&bench);
    progress_begin(&bench.progress, "measuring", bench.phases * 1000);
    int r = ground_open(bench.sizes.ground, &bench.ground, err);
    if (r == 0)
        r = team_open(threads_of(options, facts), &bench.team, err);
    if (r == 0)
        r = run_parts(&bench, err);
    if (r < 0)
        return r;
    if (bench.reading->run_count == 0)
        return refuse_all(now.memory_available, err);
    *ret_reading = bench.reading;
    bench.reading = NULL;
    return 0;
}
