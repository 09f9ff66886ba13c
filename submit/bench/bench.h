/* The benchmark that is built in: memory bandwidth, the last layer of a model, two of them at once, and the same for
 * minutes. What it measured is a reading, as if a tool had printed it. */
#ifndef SUBMIT_BENCH_BENCH_H
#define SUBMIT_BENCH_BENCH_H

#include <stdbool.h>

#include "schema/base/buf.h"
#include "schema/base/progress.h"
#include "schema/bundle/types.h"
#include "submit/bench/ground.h"
#include "submit/bench/kernels.h"
#include "submit/bench/lm_head.h"
#include "submit/bench/sample.h"
#include "submit/bench/team.h"

/* What of the free memory it takes at most, so that nothing is swapped out meanwhile. */
#define BENCH_MEMORY_SHARE 0.8
/* Arrays are so many times the last-level caches, at least; where these are not known, as if they had 64 MiB. */
#define BENCH_CACHE_TIMES 4
#define BENCH_ARRAY_LEAST ((size_t)128 << 20)
#define BENCH_CACHE_UNKNOWN ((size_t)64 << 20)

struct bench_options {
    bool memory, lm_head, together; /* which parts */
    double sustained_s;             /* 0 = not */
    bool quick;                     /* leaves out the largest weights */
    double limit_s;                 /* of one figure */
    size_t threads;                 /* 0 = as many as this process may use */
};

/* How much there is room for. */
struct bench_sizes {
    size_t array;            /* bytes of one array; 0 = no room for one that is large enough */
    size_t arrays;           /* 1 for read, 2 for copy, 3 for triad */
    bool fits[LM_TYPES];     /* the whole of each type of weights */
    size_t rows;             /* of int8 weights when not even these fit whole; else LM_HEAD_ROWS */
    bool two_fit[LM_TYPES];  /* two of them at once */
    size_t ground;           /* bytes to allocate for what the options ask for */
};
struct bench_sizes bench_sizes_of(const struct bench_options *options, double available, size_t caches);

struct bench {
    const struct bench_options *options;
    struct reading *reading; /* what was measured; run.conditions are filled */
    struct bench_sizes sizes;
    const struct kernels *kernels;
    struct ground ground;
    struct team *team;
    size_t caches;
    struct progress progress;
    size_t phase, phases;
};

/* Measures all that was asked for. *ret_reading is the caller's: runs, and as problems what was left out and why.
 * -ERR_MEMORY when nothing fits, -ERR_DATA when the machine computes a wrong result. */
int bench_run(const struct bench_options *options, const struct device *facts, struct reading **ret_reading,
              struct err *err) must_check;

/* The parts; inside the room only. */
int bench_memory(struct bench *bench, struct err *err) must_check;
int bench_lm_head(struct bench *bench, struct err *err) must_check;
int bench_together(struct bench *bench, struct err *err) must_check;
int bench_sustained(struct bench *bench, struct err *err) must_check;

/* For the parts. A run of the reading, begun now: backend CPU, threads and instruction set in the set-up. */
struct run *bench_begin_run(struct bench *bench, const char *model, const char *quantization, const char *mode,
                            const char *task, size_t threads);
/* Samples while the machine is watched; conditions and how it was sampled go into the run. */
int bench_take(struct bench *bench, struct run *run, const char *shown, void (*once)(void *context), void *context,
               struct samples *ret, struct err *err) must_check;
/* A measurement of all samples as they are. */
void bench_add_samples(struct bench *bench, struct run *run, const char *metric, const char *unit,
                       const double *values, size_t count);
/* inference_time of all samples in ms, and memory_bandwidth: `bytes` over the mean time, as ANEMLL-Bench defines it. */
void bench_add_passes(struct bench *bench, struct run *run, const struct samples *samples, double bytes);
/* A single figure from `n` samples. */
struct measurement *bench_add_value(struct bench *bench, struct run *run, const char *metric, const char *unit,
                                    double value, size_t n);
void bench_left_out(struct bench *bench, const char *format, ...) printf_like(2, 3);
void bench_set_progress(struct bench *bench, const char *label, double share);
const char *lm_quantization(enum lm_type type);
/* The hash into the set-up; -ERR_DATA when it is not the one that every machine gets. */
int bench_check_hash(struct bench *bench, struct run *run, const struct lm_head *head, struct err *err) must_check;

/* Our own format (OWN_FORMATS.md), and a table for people. */
void bench_write_json(const struct reading *reading, struct buf *into);
int bench_write_table(const struct reading *reading, struct buf *into, struct err *err) must_check;

#endif
