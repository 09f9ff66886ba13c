/* The inner loops of the benchmark against slow scalar code, and the threads that share them out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/number.h"
#include "submit/bench/kernels.h"
#include "submit/bench/team.h"

#define COUNT ((size_t)4096)
#define BYTES (COUNT * sizeof(double))

static struct {
    _Alignas(64) unsigned char from[BYTES], to[BYTES];
    _Alignas(64) double a[COUNT], b[COUNT], c[COUNT];
    _Alignas(64) float weights[COUNT], input[COUNT];
    _Alignas(64) uint16_t halves[COUNT];
    _Alignas(64) int8_t bytes[COUNT], byte_input[COUNT];
} data;

/* Any pattern will do that no kernel gets right by chance. */
static uint32_t next(uint32_t *state)
{
    *state = *state * 1664525U + 1013904223U;
    return *state >> 8;
}

static void fill(void)
{
    uint32_t state = 7;
    for (size_t i = 0; i < BYTES; i++)
        data.from[i] = (unsigned char)next(&state);
    for (size_t i = 0; i < COUNT; i++) {
        data.b[i] = (double)next(&state) / 3;
        data.c[i] = (double)next(&state) / 7;
        data.weights[i] = (float)((int)(next(&state) % 128) - 64) / 64;
        data.input[i] = (float)((int)(next(&state) % 64) - 32) / 32;
        data.bytes[i] = (int8_t)(next(&state) & 0xff);
        data.byte_input[i] = (int8_t)(next(&state) & 0xff);
    }
    data.bytes[0] = data.byte_input[0] = data.bytes[1] = data.byte_input[1] = -128;
}

/* binary16 of k / 64 by its definition: sign, exponent with bias 15, ten bits of fraction. */
static uint16_t half_of(float value)
{
    int exponent = 0;
    const double fraction = frexp(fabs((double)value), &exponent); /* 0.5 to 1 */
    if (!(fraction > 0))
        return 0;
    const unsigned bits = (unsigned)(exponent + 14) << 10 | (unsigned)((fraction * 2 - 1) * 1024);
    return (uint16_t)(bits | (value < 0 ? 0x8000U : 0));
}

static void all_kernels_agree_with_scalar_code(void **state)
{
    uint64_t sum = 0;
    double product = 0;
    int64_t bytes = 0;
    size_t usable = 0;
    (void)state;
    fill();
    for (size_t i = 0; i < BYTES; i += 8) {
        uint64_t word;
        memcpy(&word, data.from + i, sizeof word);
        sum += word;
    }
    for (size_t i = 0; i < COUNT; i++) {
        product += (double)data.weights[i] * (double)data.input[i];
        bytes += data.bytes[i] * data.byte_input[i];
        data.halves[i] = half_of(data.weights[i]);
    }
    assert_int_equal(half_of(1.0F), 0x3c00);
    assert_int_equal(half_of(-0.984375F), 0xbbe0);
    for (size_t k = 0; kernels_all[k] != NULL; k++) {
        const struct kernels *kernels = kernels_all[k];
        if (!kernels->is_usable())
            continue;
        usable++;
        assert_true(kernels->read(data.from, BYTES) == sum);
        assert_true(kernels->read(data.from, KERNEL_BLOCK) == kernels_all[k]->read(data.from, KERNEL_BLOCK));
        memset(data.to, 0, BYTES);
        kernels->copy(data.to, data.from, BYTES - KERNEL_BLOCK);
        assert_memory_equal(data.to, data.from, BYTES - KERNEL_BLOCK);
        assert_int_equal(data.to[BYTES - KERNEL_BLOCK], 0); /* not one byte more */
        memset(data.a, 0, sizeof data.a);
        kernels->triad(data.a, data.b, data.c, 3.1, BYTES);
        for (size_t i = 0; i < COUNT; i++) {
            const double wanted = data.b[i] + 3.1 * data.c[i];
            assert_memory_equal(&data.a[i], &wanted, sizeof wanted); /* rounded twice, never fused */
        }
        /* No sum of these products is rounded in any order: they are equal, not near. */
        assert_true(number_equal((double)kernels->dot_f32(data.weights, data.input, COUNT), product));
        assert_true(number_equal((double)kernels->dot_f16(data.halves, data.input, COUNT), product));
        assert_int_equal(kernels->dot_i8(data.bytes, data.byte_input, COUNT), bytes);
    }
    assert_true(usable >= 1);
    assert_true(kernels_best()->is_usable());
}

struct counting {
    atomic_int seen[1000];
    size_t member_of[1000];
    atomic_size_t calls;
};

static void count_items(void *context, size_t member, size_t begin, size_t end)
{
    struct counting *counting = context;
    (void)atomic_fetch_add(&counting->calls, 1);
    for (size_t i = begin; i < end; i++) {
        (void)atomic_fetch_add(&counting->seen[i], 1);
        counting->member_of[i] = member;
    }
}

static void a_team_does_each_item_once(void **state)
{
    static const size_t sizes[] = {1, 2, 3, 8};
    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        autoteam struct team *team = NULL;
        assert_int_equal(team_open(sizes[s], &team, NULL), 0);
        assert_int_equal(team_size(team), sizes[s]);
        for (size_t count = 1; count <= 1000; count = count * 3 + 1) {
            static struct counting counting;
            memset(&counting, 0, sizeof counting);
            team_run(team, count_items, &counting, count, 7, count % 2 == 0);
            for (size_t i = 0; i < 1000; i++)
                assert_int_equal(atomic_load(&counting.seen[i]), i < count ? 1 : 0);
            assert_true(atomic_load(&counting.calls) >= count / 7);
        }
    }
}

static void without_help_shares_stay(void **state)
{
    static struct counting first, second;
    autoteam struct team *team = NULL;
    (void)state;
    assert_int_equal(team_open(4, &team, NULL), 0);
    team_run(team, count_items, &first, 1000, 10, false);
    team_run(team, count_items, &second, 1000, 10, false);
    assert_memory_equal(first.member_of, second.member_of, sizeof first.member_of);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(first.member_of[i], i / 250);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_kernels_agree_with_scalar_code),
        cmocka_unit_test(a_team_does_each_item_once),
        cmocka_unit_test(without_help_shares_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
