/* NEON: every 64-bit Arm processor has it, half precision as a storage format included. */
#ifdef __aarch64__
#include <arm_neon.h>
#include <string.h>

#include "submit/bench/kernels_internal.h"

static bool always(void)
{
    return true;
}

static float neon_dot_f32(const float *weights, const float *input, size_t count)
{
    float32x4_t sum[4] = {vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0)};
    for (size_t i = 0; i < count; i += 16)
        for (size_t j = 0; j < 4; j++)
            sum[j] = vfmaq_f32(sum[j], vld1q_f32(weights + i + 4 * j), vld1q_f32(input + i + 4 * j));
    return vaddvq_f32(vaddq_f32(vaddq_f32(sum[0], sum[1]), vaddq_f32(sum[2], sum[3])));
}

static float neon_dot_f16(const uint16_t *weights, const float *input, size_t count)
{
    float32x4_t sum[4] = {vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0), vdupq_n_f32(0)};
    for (size_t i = 0; i < count; i += 16)
        for (size_t j = 0; j < 4; j += 2) {
            const float16x8_t halves = vreinterpretq_f16_u16(vld1q_u16(weights + i + 4 * j));
            sum[j] = vfmaq_f32(sum[j], vcvt_f32_f16(vget_low_f16(halves)), vld1q_f32(input + i + 4 * j));
            sum[j + 1] = vfmaq_f32(sum[j + 1], vcvt_high_f32_f16(halves), vld1q_f32(input + i + 4 * j + 4));
        }
    return vaddvq_f32(vaddq_f32(vaddq_f32(sum[0], sum[1]), vaddq_f32(sum[2], sum[3])));
}

static int32_t neon_dot_i8(const int8_t *weights, const int8_t *input, size_t count)
{
    int32x4_t low = vdupq_n_s32(0), high = vdupq_n_s32(0);
    for (size_t i = 0; i < count; i += 16) {
        const int8x16_t w = vld1q_s8(weights + i), x = vld1q_s8(input + i);
        low = vpadalq_s16(low, vmull_s8(vget_low_s8(w), vget_low_s8(x)));
        high = vpadalq_s16(high, vmull_high_s8(w, x));
    }
    return vaddvq_s32(vaddq_s32(low, high));
}

const struct kernels kernels_neon = {
    .name = "NEON",
    .is_usable = always,
    .read = generic_read,
    .copy = generic_copy,
    .triad = generic_triad,
    .dot_f32 = neon_dot_f32,
    .dot_f16 = neon_dot_f16,
    .dot_i8 = neon_dot_i8,
};
#else
extern int kernels_of_another_architecture;
#endif
