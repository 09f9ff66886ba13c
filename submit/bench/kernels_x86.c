/* AVX2 with F16C and FMA, and AVX-512 F and BW; used only after the processor was asked. */
#ifdef __x86_64__
#include <cpuid.h>
#include <immintrin.h>

#include "submit/bench/kernels_internal.h"

#define AVX2 __attribute__((target("avx2,fma,f16c")))
#define AVX512 __attribute__((target("avx512f,avx512bw,avx2,fma,f16c")))

/* ---------------------------------------------------------------- AVX2 */

static bool has_avx2(void)
{
    /* clang 14 does not know F16C by name: bit 29 of ecx of leaf 1. */
    unsigned a, b, c = 0, d;
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __get_cpuid(1, &a, &b, &c, &d) &&
           (c & bit_F16C) != 0;
}

AVX2 static uint64_t words_of(__m256i sum)
{
    const __m128i pair = _mm_add_epi64(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    return (uint64_t)_mm_extract_epi64(pair, 0) + (uint64_t)_mm_extract_epi64(pair, 1);
}

AVX2 static float floats_of(__m256 sum)
{
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(sum), _mm256_extractf128_ps(sum, 1));
    four = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(four, _mm_shuffle_ps(four, four, 1)));
}

AVX2 static int32_t ints_of(__m256i sum)
{
    __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
    return _mm_cvtsi128_si32(_mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1)));
}

AVX2 static uint64_t avx2_read(const void *from, size_t bytes)
{
    const __m256i *at = from;
    __m256i a = _mm256_setzero_si256(), b = a, c = a, d = a;
    for (const __m256i *end = at + bytes / sizeof *at; at < end; at += 8) {
        a = _mm256_add_epi64(_mm256_add_epi64(a, _mm256_load_si256(at)), _mm256_load_si256(at + 4));
        b = _mm256_add_epi64(_mm256_add_epi64(b, _mm256_load_si256(at + 1)), _mm256_load_si256(at + 5));
        c = _mm256_add_epi64(_mm256_add_epi64(c, _mm256_load_si256(at + 2)), _mm256_load_si256(at + 6));
        d = _mm256_add_epi64(_mm256_add_epi64(d, _mm256_load_si256(at + 3)), _mm256_load_si256(at + 7));
    }
    return words_of(_mm256_add_epi64(_mm256_add_epi64(a, b), _mm256_add_epi64(c, d)));
}

AVX2 static void avx2_copy(void *to, const void *from, size_t bytes)
{
    const __m256i *at = from;
    __m256i *into = to;
    for (const __m256i *end = at + bytes / sizeof *at; at < end; at += 4, into += 4) {
        _mm256_stream_si256(into, _mm256_load_si256(at));
        _mm256_stream_si256(into + 1, _mm256_load_si256(at + 1));
        _mm256_stream_si256(into + 2, _mm256_load_si256(at + 2));
        _mm256_stream_si256(into + 3, _mm256_load_si256(at + 3));
    }
    _mm_sfence();
}

AVX2 static void avx2_triad(double *a, const double *b, const double *c, double factor, size_t bytes)
{
    const __m256d factors = _mm256_set1_pd(factor);
    for (size_t i = 0; i < bytes / sizeof *a; i += 16) {
        _mm256_stream_pd(a + i, _mm256_add_pd(_mm256_load_pd(b + i), _mm256_mul_pd(factors, _mm256_load_pd(c + i))));
        _mm256_stream_pd(a + i + 4,
                         _mm256_add_pd(_mm256_load_pd(b + i + 4), _mm256_mul_pd(factors, _mm256_load_pd(c + i + 4))));
        _mm256_stream_pd(a + i + 8,
                         _mm256_add_pd(_mm256_load_pd(b + i + 8), _mm256_mul_pd(factors, _mm256_load_pd(c + i + 8))));
        _mm256_stream_pd(a + i + 12,
                         _mm256_add_pd(_mm256_load_pd(b + i + 12), _mm256_mul_pd(factors, _mm256_load_pd(c + i + 12))));
    }
    _mm_sfence();
}

AVX2 static float avx2_dot_f32(const float *weights, const float *input, size_t count)
{
    __m256 a = _mm256_setzero_ps(), b = a, c = a, d = a;
    for (size_t i = 0; i < count; i += 32) {
        a = _mm256_fmadd_ps(_mm256_load_ps(weights + i), _mm256_load_ps(input + i), a);
        b = _mm256_fmadd_ps(_mm256_load_ps(weights + i + 8), _mm256_load_ps(input + i + 8), b);
        c = _mm256_fmadd_ps(_mm256_load_ps(weights + i + 16), _mm256_load_ps(input + i + 16), c);
        d = _mm256_fmadd_ps(_mm256_load_ps(weights + i + 24), _mm256_load_ps(input + i + 24), d);
    }
    return floats_of(_mm256_add_ps(_mm256_add_ps(a, b), _mm256_add_ps(c, d)));
}

AVX2 static __m256 avx2_widen_f16(const uint16_t *weights)
{
    return _mm256_cvtph_ps(_mm_load_si128((const void *)weights));
}

AVX2 static float avx2_dot_f16(const uint16_t *weights, const float *input, size_t count)
{
    __m256 a = _mm256_setzero_ps(), b = a, c = a, d = a;
    for (size_t i = 0; i < count; i += 32) {
        a = _mm256_fmadd_ps(avx2_widen_f16(weights + i), _mm256_load_ps(input + i), a);
        b = _mm256_fmadd_ps(avx2_widen_f16(weights + i + 8), _mm256_load_ps(input + i + 8), b);
        c = _mm256_fmadd_ps(avx2_widen_f16(weights + i + 16), _mm256_load_ps(input + i + 16), c);
        d = _mm256_fmadd_ps(avx2_widen_f16(weights + i + 24), _mm256_load_ps(input + i + 24), d);
    }
    return floats_of(_mm256_add_ps(_mm256_add_ps(a, b), _mm256_add_ps(c, d)));
}

AVX2 static __m256i avx2_widen_i8(const int8_t *from)
{
    return _mm256_cvtepi8_epi16(_mm_load_si128((const void *)from));
}

AVX2 static int32_t avx2_dot_i8(const int8_t *weights, const int8_t *input, size_t count)
{
    __m256i a = _mm256_setzero_si256(), b = a, c = a, d = a;
    for (size_t i = 0; i < count; i += 64) {
        a = _mm256_add_epi32(a, _mm256_madd_epi16(avx2_widen_i8(weights + i), avx2_widen_i8(input + i)));
        b = _mm256_add_epi32(b, _mm256_madd_epi16(avx2_widen_i8(weights + i + 16), avx2_widen_i8(input + i + 16)));
        c = _mm256_add_epi32(c, _mm256_madd_epi16(avx2_widen_i8(weights + i + 32), avx2_widen_i8(input + i + 32)));
        d = _mm256_add_epi32(d, _mm256_madd_epi16(avx2_widen_i8(weights + i + 48), avx2_widen_i8(input + i + 48)));
    }
    return ints_of(_mm256_add_epi32(_mm256_add_epi32(a, b), _mm256_add_epi32(c, d)));
}

const struct kernels kernels_avx2 = {
    .name = "AVX2",
    .is_usable = has_avx2,
    .read = avx2_read,
    .copy = avx2_copy,
    .triad = avx2_triad,
    .dot_f32 = avx2_dot_f32,
    .dot_f16 = avx2_dot_f16,
    .dot_i8 = avx2_dot_i8,
};

/* ---------------------------------------------------------------- AVX-512 */

static bool has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
}

AVX512 static uint64_t avx512_read(const void *from, size_t bytes)
{
    const __m512i *at = from;
    __m512i a = _mm512_setzero_si512(), b = a, c = a, d = a;
    for (const __m512i *end = at + bytes / sizeof *at; at < end; at += 8) {
        a = _mm512_add_epi64(_mm512_add_epi64(a, _mm512_load_si512(at)), _mm512_load_si512(at + 4));
        b = _mm512_add_epi64(_mm512_add_epi64(b, _mm512_load_si512(at + 1)), _mm512_load_si512(at + 5));
        c = _mm512_add_epi64(_mm512_add_epi64(c, _mm512_load_si512(at + 2)), _mm512_load_si512(at + 6));
        d = _mm512_add_epi64(_mm512_add_epi64(d, _mm512_load_si512(at + 3)), _mm512_load_si512(at + 7));
    }
    const __m512i sum = _mm512_add_epi64(_mm512_add_epi64(a, b), _mm512_add_epi64(c, d));
    return words_of(_mm256_add_epi64(_mm512_castsi512_si256(sum), _mm512_extracti64x4_epi64(sum, 1)));
}

AVX512 static void avx512_copy(void *to, const void *from, size_t bytes)
{
    const __m512i *at = from;
    __m512i *into = to;
    for (const __m512i *end = at + bytes / sizeof *at; at < end; at += 4, into += 4) {
        _mm512_stream_si512(into, _mm512_load_si512(at));
        _mm512_stream_si512(into + 1, _mm512_load_si512(at + 1));
        _mm512_stream_si512(into + 2, _mm512_load_si512(at + 2));
        _mm512_stream_si512(into + 3, _mm512_load_si512(at + 3));
    }
    _mm_sfence();
}

AVX512 static void avx512_triad(double *a, const double *b, const double *c, double factor, size_t bytes)
{
    const __m512d factors = _mm512_set1_pd(factor);
    for (size_t i = 0; i < bytes / sizeof *a; i += 32) {
        _mm512_stream_pd(a + i, _mm512_add_pd(_mm512_load_pd(b + i), _mm512_mul_pd(factors, _mm512_load_pd(c + i))));
        _mm512_stream_pd(a + i + 8,
                         _mm512_add_pd(_mm512_load_pd(b + i + 8), _mm512_mul_pd(factors, _mm512_load_pd(c + i + 8))));
        _mm512_stream_pd(a + i + 16,
                         _mm512_add_pd(_mm512_load_pd(b + i + 16), _mm512_mul_pd(factors, _mm512_load_pd(c + i + 16))));
        _mm512_stream_pd(a + i + 24,
                         _mm512_add_pd(_mm512_load_pd(b + i + 24), _mm512_mul_pd(factors, _mm512_load_pd(c + i + 24))));
    }
    _mm_sfence();
}

AVX512 static float avx512_dot_f32(const float *weights, const float *input, size_t count)
{
    __m512 a = _mm512_setzero_ps(), b = a, c = a, d = a;
    for (size_t i = 0; i < count; i += 64) {
        a = _mm512_fmadd_ps(_mm512_load_ps(weights + i), _mm512_load_ps(input + i), a);
        b = _mm512_fmadd_ps(_mm512_load_ps(weights + i + 16), _mm512_load_ps(input + i + 16), b);
        c = _mm512_fmadd_ps(_mm512_load_ps(weights + i + 32), _mm512_load_ps(input + i + 32), c);
        d = _mm512_fmadd_ps(_mm512_load_ps(weights + i + 48), _mm512_load_ps(input + i + 48), d);
    }
    return _mm512_reduce_add_ps(_mm512_add_ps(_mm512_add_ps(a, b), _mm512_add_ps(c, d)));
}

AVX512 static __m512 avx512_widen_f16(const uint16_t *weights)
{
    return _mm512_cvtph_ps(_mm256_load_si256((const void *)weights));
}

AVX512 static float avx512_dot_f16(const uint16_t *weights, const float *input, size_t count)
{
    __m512 a = _mm512_setzero_ps(), b = a, c = a, d = a;
    for (size_t i = 0; i < count; i += 64) {
        a = _mm512_fmadd_ps(avx512_widen_f16(weights + i), _mm512_load_ps(input + i), a);
        b = _mm512_fmadd_ps(avx512_widen_f16(weights + i + 16), _mm512_load_ps(input + i + 16), b);
        c = _mm512_fmadd_ps(avx512_widen_f16(weights + i + 32), _mm512_load_ps(input + i + 32), c);
        d = _mm512_fmadd_ps(avx512_widen_f16(weights + i + 48), _mm512_load_ps(input + i + 48), d);
    }
    return _mm512_reduce_add_ps(_mm512_add_ps(_mm512_add_ps(a, b), _mm512_add_ps(c, d)));
}

AVX512 static __m512i avx512_widen_i8(const int8_t *from)
{
    return _mm512_cvtepi8_epi16(_mm256_load_si256((const void *)from));
}

AVX512 static int32_t avx512_dot_i8(const int8_t *weights, const int8_t *input, size_t count)
{
    __m512i a = _mm512_setzero_si512(), b = a, c = a, d = a;
    for (size_t i = 0; i < count; i += 128) {
        a = _mm512_add_epi32(a, _mm512_madd_epi16(avx512_widen_i8(weights + i), avx512_widen_i8(input + i)));
        b = _mm512_add_epi32(b, _mm512_madd_epi16(avx512_widen_i8(weights + i + 32), avx512_widen_i8(input + i + 32)));
        c = _mm512_add_epi32(c, _mm512_madd_epi16(avx512_widen_i8(weights + i + 64), avx512_widen_i8(input + i + 64)));
        d = _mm512_add_epi32(d, _mm512_madd_epi16(avx512_widen_i8(weights + i + 96), avx512_widen_i8(input + i + 96)));
    }
    return _mm512_reduce_add_epi32(_mm512_add_epi32(_mm512_add_epi32(a, b), _mm512_add_epi32(c, d)));
}

const struct kernels kernels_avx512 = {
    .name = "AVX-512",
    .is_usable = has_avx512,
    .read = avx512_read,
    .copy = avx512_copy,
    .triad = avx512_triad,
    .dot_f32 = avx512_dot_f32,
    .dot_f16 = avx512_dot_f16,
    .dot_i8 = avx512_dot_i8,
};
#else
extern int kernels_of_another_architecture;
#endif
