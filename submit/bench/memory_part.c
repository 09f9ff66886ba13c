/* Read, copy and triad over arrays that no cache holds. Bytes are counted as STREAM counts them: once for each array
 * that is read, once for each that is written. */
#include <stdlib.h>

#include "schema/base/mem.h"
#include "submit/bench/bench.h"

#define GRAIN ((size_t)256 << 10) /* bytes of an array that a thread takes at a time */
#define FACTOR 3.0

struct traffic {
    struct bench *bench;
    unsigned char *arrays[3];
    size_t kernel; /* 0 read, 1 copy, 2 triad: also the last array that is used */
    uint64_t sum;  /* of what was read: nothing may be left out as unused */
    uint64_t *sums;
};

static void touch(void *context, size_t member, size_t begin, size_t end)
{
    const struct traffic *traffic = context;
    (void)member;
    for (size_t array = 0; array < traffic->bench->sizes.arrays; array++)
        for (size_t at = begin; at < end; at += sizeof(double))
            *(double *)(void *)(traffic->arrays[array] + at) = (double)(at % 1024);
}

static void move(void *context, size_t member, size_t begin, size_t end)
{
    const struct traffic *traffic = context;
    const struct kernels *kernels = traffic->bench->kernels;
    unsigned char *const *arrays = traffic->arrays;
    if (traffic->kernel == 0)
        traffic->sums[member * 16] += kernels->read(arrays[0] + begin, end - begin);
    else if (traffic->kernel == 1)
        kernels->copy(arrays[1] + begin, arrays[0] + begin, end - begin);
    else
        kernels->triad((void *)(arrays[2] + begin), (const void *)(arrays[0] + begin),
                       (const void *)(arrays[1] + begin), FACTOR, end - begin);
}

static void pass(void *context)
{
    struct traffic *traffic = context;
    team_run(traffic->bench->team, move, traffic, traffic->bench->sizes.array, GRAIN, true);
}

/* What every kernel must have left behind; read once at the end, outside of the measured time. */
static bool is_right(const struct traffic *traffic)
{
    const size_t count = traffic->bench->sizes.array / sizeof(double);
    for (size_t i = 0; traffic->kernel > 0 && i < count; i++) {
        const double from = (double)(i * sizeof(double) % 1024),
                     wanted = traffic->kernel == 1 ? from : from + FACTOR * from;
        const double got = ((const double *)(const void *)traffic->arrays[traffic->kernel])[i];
        if (got < wanted || got > wanted)
            return false;
    }
    return true;
}

static int measure(struct traffic *traffic, struct err *err)
{
    static const char *const tasks[] = {"read", "copy", "triad"};
    static const char *const shown[] = {"memory: read ", "memory: copy ", "memory: triad"};
    struct bench *bench = traffic->bench;
    const double bytes = (double)(traffic->kernel + 1) * (double)bench->sizes.array;
    autosamples struct samples samples = {0};
    struct run *run = bench_begin_run(bench, NULL, NULL, NULL, tasks[traffic->kernel], team_size(bench->team));
    int r = bench_take(bench, run, shown[traffic->kernel], pass, traffic, &samples, err);
    if (r < 0)
        return r;
    if (!is_right(traffic))
        return err_set(err, ERR_DATA, "%s left wrong values in memory on this machine", tasks[traffic->kernel]);
    for (size_t i = 0; i < samples.count; i++)
        samples.seconds[i] = bytes / 1e9 / samples.seconds[i];
    bench_add_samples(bench, run, "memory_bandwidth", "GB/s", samples.seconds, samples.count);
    parameters_set_number(&bench->reading->arena, &run->setup, "array_bytes", (double)bench->sizes.array);
    parameters_set_number(&bench->reading->arena, &run->setup, "cache_bytes", (double)bench->caches);
    return 0;
}

int bench_memory(struct bench *bench, struct err *err)
{
    struct traffic traffic = {.bench = bench};
    const size_t threads = team_size(bench->team);
    if (bench->sizes.arrays == 0) {
        bench_left_out(bench, "memory: no room for an array of four times the last-level cache");
        return 0;
    }
    autofree uint64_t *sums = mem_zalloc(threads * 16, sizeof(*sums));
    if (sums == NULL)
        return mem_error(err);
    traffic.sums = sums;
    for (size_t i = 0; i < 3; i++)
        traffic.arrays[i] = bench->ground.bytes + (i < bench->sizes.arrays ? i : 0) * bench->sizes.array;
    team_run(bench->team, touch, &traffic, bench->sizes.array, GRAIN, false);
    int r = 0;
    for (traffic.kernel = 0; r == 0 && traffic.kernel < bench->sizes.arrays; traffic.kernel++)
        r = measure(&traffic, err);
    for (size_t i = 0; i < threads; i++)
        traffic.sum += sums[i * 16];
    if (r == 0 && bench->sizes.arrays < 3)
        bench_left_out(bench, "memory: room for %zu of 3 arrays only: %s left out", bench->sizes.arrays,
                       bench->sizes.arrays == 1 ? "copy and triad are" : "triad is");
    return r;
}
