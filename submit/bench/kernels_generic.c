/* For any processor: vectors of 16 bytes that the compiler maps to what there is. */
#include <string.h>

#include "submit/bench/kernels_internal.h"

typedef uint64_t words __attribute__((vector_size(16)));
typedef double doubles __attribute__((vector_size(16)));
typedef float floats __attribute__((vector_size(16)));
typedef uint32_t uints __attribute__((vector_size(16)));
typedef uint16_t halves __attribute__((vector_size(8)));
typedef int8_t bytes8 __attribute__((vector_size(8)));
typedef int32_t ints8 __attribute__((vector_size(32)));
typedef int16_t shorts __attribute__((vector_size(16)));

static bool always(void)
{
    return true;
}

uint64_t generic_read(const void *from, size_t bytes)
{
    const words *at = from;
    words a = {0}, b = {0}, c = {0}, d = {0};
    for (const words *end = at + bytes / sizeof *at; at < end; at += 8) {
        a += at[0] + at[4];
        b += at[1] + at[5];
        c += at[2] + at[6];
        d += at[3] + at[7];
    }
    a += b + c + d;
    return a[0] + a[1];
}

void generic_copy(void *to, const void *from, size_t bytes)
{
    memcpy(to, from, bytes);
}

void generic_triad(double *a, const double *b, const double *c, double factor, size_t bytes)
{
    doubles *to = (void *)a;
    const doubles *left = (const void *)b, *right = (const void *)c, factors = {factor, factor};
    const size_t count = bytes / sizeof *to;
    for (size_t i = 0; i < count; i += 4) {
        to[i] = left[i] + factors * right[i];
        to[i + 1] = left[i + 1] + factors * right[i + 1];
        to[i + 2] = left[i + 2] + factors * right[i + 2];
        to[i + 3] = left[i + 3] + factors * right[i + 3];
    }
}

static float sum_of(floats sum)
{
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

float generic_dot_f32(const float *weights, const float *input, size_t count)
{
    const floats *w = (const void *)weights, *x = (const void *)input;
    floats a = {0}, b = {0}, c = {0}, d = {0};
    for (size_t i = 0; i < count / 4; i += 4) {
        a += w[i] * x[i];
        b += w[i + 1] * x[i + 1];
        c += w[i + 2] * x[i + 2];
        d += w[i + 3] * x[i + 3];
    }
    return sum_of((a + b) + (c + d));
}

/* binary16 to binary32: the bits moved to their places, and the exponents' biases, 15 and 127, made up for. */
static floats widen(halves h)
{
    const uints bits = __builtin_convertvector(h, uints);
    const uints whole = (bits & 0x7fffU) * 0x2000U | (bits & 0x8000U) * 0x10000U;
    floats value;
    memcpy(&value, &whole, sizeof value);
    return value * 0x1p112F;
}

static float dot_f16(const uint16_t *weights, const float *input, size_t count)
{
    const halves *w = (const void *)weights;
    const floats *x = (const void *)input;
    floats a = {0}, b = {0};
    for (size_t i = 0; i < count / 4; i += 2) {
        a += widen(w[i]) * x[i];
        b += widen(w[i + 1]) * x[i + 1];
    }
    return sum_of(a + b);
}

static int32_t dot_i8(const int8_t *weights, const int8_t *input, size_t count)
{
    const bytes8 *w = (const void *)weights, *x = (const void *)input;
    ints8 sum = {0};
    for (size_t i = 0; i < count / 8; i++) {
        const shorts products = __builtin_convertvector(w[i], shorts) * __builtin_convertvector(x[i], shorts);
        sum += __builtin_convertvector(products, ints8);
    }
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

const struct kernels kernels_generic = {
    .name = "generic",
    .is_usable = always,
    .read = generic_read,
    .copy = generic_copy,
    .triad = generic_triad,
    .dot_f32 = generic_dot_f32,
    .dot_f16 = dot_f16,
    .dot_i8 = dot_i8,
};
