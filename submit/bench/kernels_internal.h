/* The sets that kernels.c chooses from. Inside the room only. */
#ifndef SUBMIT_BENCH_KERNELS_INTERNAL_H
#define SUBMIT_BENCH_KERNELS_INTERNAL_H

#include "submit/bench/kernels.h"

#ifdef __x86_64__
extern const struct kernels kernels_avx512, kernels_avx2;
#endif
#ifdef __aarch64__
extern const struct kernels kernels_neon;
#endif
extern const struct kernels kernels_generic;

/* Those of the generic set, for sets that have nothing better. */
uint64_t generic_read(const void *from, size_t bytes);
void generic_copy(void *to, const void *from, size_t bytes);
void generic_triad(double *a, const double *b, const double *c, double factor, size_t bytes);
float generic_dot_f32(const float *weights, const float *input, size_t count);

#endif
