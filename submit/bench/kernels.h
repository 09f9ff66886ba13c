/* The inner loops of the benchmark, once for each instruction set.
 *
 * All sets give the same results to the last bit: reads add words modulo 2^64, a triad rounds twice, and the weights
 * and inputs of lm_head.h are such that no sum of products is rounded. Blocks are aligned to 64 bytes and a multiple of
 * KERNEL_BLOCK long. Stores of copy and triad go past the caches where the processor can (traffic is then what is
 * counted: no line is read only to be overwritten). */
#ifndef SUBMIT_BENCH_KERNELS_H
#define SUBMIT_BENCH_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KERNEL_BLOCK ((size_t)512)

struct kernels {
    const char *name; /* AVX-512, AVX2, NEON, generic */
    bool (*is_usable)(void);
    /* Sum of the 64-bit words. */
    uint64_t (*read)(const void *from, size_t bytes);
    void (*copy)(void *to, const void *from, size_t bytes);
    /* a = b + factor × c */
    void (*triad)(double *a, const double *b, const double *c, double factor, size_t bytes);
    /* Sum of products; count is a multiple of 128. */
    float (*dot_f32)(const float *weights, const float *input, size_t count);
    float (*dot_f16)(const uint16_t *weights, const float *input, size_t count);
    int32_t (*dot_i8)(const int8_t *weights, const int8_t *input, size_t count);
};

/* Best first, ended by NULL; the last one runs everywhere. Those that this processor lacks are in it, too. */
extern const struct kernels *const kernels_all[];
/* The first usable one. */
const struct kernels *kernels_best(void);

#endif
