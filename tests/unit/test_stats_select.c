/* Quantiles by selection, and resampled sides, against the same done with plain sorting. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/stats/random.h"
#include "schema/stats/resample.h"
#include "schema/stats/select.h"

enum { MOST = 700 };

static int by_value(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    if (a < b || a > b)
        return a < b ? -1 : 1;
    return (signbit(b) != 0) - (signbit(a) != 0);
}

/* Type 7, by the definition. */
static double plain_quantile(const double *values, size_t count, double p)
{
    static double sorted[MOST];
    memcpy(sorted, values, count * sizeof(double));
    qsort(sorted, count, sizeof(double), by_value);
    const double h = (double)(count - 1) * p, below = floor(h);
    const size_t at = (size_t)below;
    if (at + 1 >= count || h <= below || sorted[at + 1] <= sorted[at])
        return sorted[at];
    return sorted[at] + (h - below) * (sorted[at + 1] - sorted[at]);
}

static double draw_value(struct random_stream *stream, size_t kind)
{
    static const double odd[] = {0.0, -0.0, 1, -1, 1e300, -1e-300, 5e-324, -(double)INFINITY, (double)INFINITY};
    switch (kind) {
    case 0:
        return random_unit(stream) - 0.5;
    case 1:
        return (double)random_below(stream, 4); /* mostly equal ones */
    case 2:
        return odd[random_below(stream, sizeof odd / sizeof odd[0])];
    default:
        return 7;
    }
}

static void expect_quantiles(const double *values, size_t count)
{
    static const double shares[] = {0, 0.025, 0.25, 0.5, 0.75, 0.975, 1};
    static double moved[MOST];
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        memcpy(moved, values, count * sizeof(double));
        const double expected = plain_quantile(values, count, shares[i]);
        const double found = stats_select_quantile(moved, count, shares[i]);
        assert_memory_equal(&found, &expected, sizeof found);
        /* The same values are there. */
        static double before[MOST];
        memcpy(before, values, count * sizeof(double));
        qsort(before, count, sizeof(double), by_value);
        qsort(moved, count, sizeof(double), by_value);
        assert_memory_equal(before, moved, count * sizeof(double));
    }
}

static void selecting_is_sorting(void **state)
{
    (void)state;
    static double values[MOST];
    for (size_t round = 0; round < 400; round++) {
        struct random_stream stream = random_stream_of(20, round);
        const size_t count = 1 + random_below(&stream, round < 200 ? 20 : MOST), kind = round % 4;
        for (size_t i = 0; i < count; i++)
            values[i] = draw_value(&stream, kind);
        expect_quantiles(values, count);
        qsort(values, count, sizeof(double), by_value); /* in order, and turned round */
        expect_quantiles(values, count);
        for (size_t i = 0; i < count / 2; i++) {
            const double kept = values[i];
            values[i] = values[count - 1 - i];
            values[count - 1 - i] = kept;
        }
        expect_quantiles(values, count);
    }
    assert_true(isnan(stats_select_quantile(values, 0, 0.5)) && isnan(stats_select_quantile(values, 3, 1.5)));
}

/* What many organ pipes and sawtooth lengths cost shows here: a quadratic selection would not end in time. */
static void no_order_is_expensive(void **state)
{
    (void)state;
    enum { MANY = 1 << 20 };
    double *values = calloc(MANY, sizeof *values);
    assert_non_null(values);
    for (size_t i = 0; i < MANY; i++)
        values[i] = (double)(i < MANY / 2 ? i : MANY - i);
    const double middle = stats_select_median(values, MANY);
    assert_true(middle >= MANY / 4 - 1 && middle <= MANY / 4 + 1);
    free(values);
}

/* ---- resampling: nested values in the order of nested_compare */

/* The values from `first` on that belong together. */
static size_t end_of(const struct nested_value *values, size_t first, size_t end, bool device)
{
    size_t at = first;
    while (at < end && values[at].contributor == values[first].contributor &&
           (!device || values[at].device == values[first].device))
        at++;
    return at;
}

/* Where the members of a level begin, and behind the last one the end. */
static size_t members_of(const struct nested_value *values, size_t first, size_t end, bool devices, size_t *begins)
{
    size_t count = 0;
    for (; first < end; first = begins[count]) {
        begins[count++] = first;
        begins[count] = end_of(values, first, end, devices);
    }
    return count;
}

static double plain_device(const struct nested_value *values, size_t first, size_t end, struct random_stream *stream)
{
    static double drawn[MOST];
    const size_t count = end - first;
    for (size_t i = 0; count > 1 && i < count; i++)
        drawn[i] = values[first + random_below(stream, count)].value;
    return count > 1 ? plain_quantile(drawn, count, 0.5) : values[first].value;
}

static double plain_contributor(const struct nested_value *values, size_t first, size_t end,
                                struct random_stream *stream)
{
    static double figures[MOST];
    static size_t begins[MOST + 1];
    const size_t count = members_of(values, first, end, true, begins);
    if (count == 1)
        return plain_device(values, first, end, stream);
    for (size_t i = 0; i < count; i++) {
        const size_t device = random_below(stream, count);
        figures[i] = plain_device(values, begins[device], begins[device + 1], stream);
    }
    return plain_quantile(figures, count, 0.5);
}

static double plain_draw(const struct nested_value *values, size_t count, struct random_stream *stream)
{
    static double figures[MOST];
    static size_t begins[MOST + 1];
    const size_t contributors = members_of(values, 0, count, false, begins);
    if (contributors == 1)
        return plain_contributor(values, 0, count, stream);
    for (size_t i = 0; i < contributors; i++) {
        const size_t number = random_below(stream, contributors);
        figures[i] = plain_contributor(values, begins[number], begins[number + 1], stream);
    }
    return plain_quantile(figures, contributors, 0.5);
}

/* Up to so many of each level in the one above; with `alike` the full number everywhere. */
struct shape {
    size_t contributors, devices, submissions;
    bool alike;
};

static size_t some(struct random_stream *stream, size_t most, bool alike)
{
    return alike ? most : 1 + random_below(stream, most);
}

static size_t nest(const struct shape *shape, struct random_stream *stream, struct nested_value *values)
{
    size_t count = 0, device = 0;
    for (size_t i = 0; i < shape->contributors; i++) {
        const size_t devices = some(stream, shape->devices, shape->alike);
        for (size_t j = 0; j < devices; j++, device++) {
            const size_t submissions = some(stream, shape->submissions, shape->alike);
            for (size_t k = 0; k < submissions; k++) /* some are equal */
                values[count++] = (struct nested_value){i, device, 1 + (double)random_below(stream, 25)};
        }
    }
    qsort(values, count, sizeof *values, nested_compare);
    return count;
}

/* All that a sort could stumble over: one device with many, keys in every digit, equal ones, signs, few. */
static void nested_values_are_sorted_as_by_qsort(void **state)
{
    (void)state;
    static const size_t keys[] = {1, 2, 40, 300, 70000, SIZE_MAX};
    static const size_t counts[] = {0, 1, 2, 32, 33, 200, MOST};
    struct random_stream stream = random_stream_of(5, 0);
    static struct nested_value values[MOST], sorted[MOST];
    for (size_t kind = 0; kind < sizeof keys / sizeof keys[0] * 2; kind++)
        for (size_t at = 0; at < sizeof counts / sizeof counts[0]; at++) {
            const size_t count = counts[at], most = keys[kind / 2];
            for (size_t i = 0; i < count; i++)
                values[i] = (struct nested_value){random_below(&stream, most), random_below(&stream, 1 + most / 2),
                                                  draw_value(&stream, kind % 2)};
            memcpy(sorted, values, count * sizeof *values);
            qsort(sorted, count, sizeof *sorted, nested_compare);
            for (size_t again = 0; again < 2; again++) { /* then of what is sorted */
                assert_int_equal(nested_sort(values, count, NULL), 0);
                for (size_t i = 0; i < count; i++)
                    assert_int_equal(nested_compare(&values[i], &sorted[i]), 0);
            }
        }
}

static void sides_are_drawn_as_defined(void **state)
{
    (void)state;
    static const struct shape shapes[] = {{6, 1, 1, true},    {7, 1, 1, true},   {40, 1, 1, true},  {1, 9, 1, true},
                                          {1, 1, 6, true},    {1, 1, 33, true},  {8, 2, 1, true},   {6, 3, 4, true},
                                          {1, 7, 3, true},    {12, 1, 2, true},  {6, 1, 8, true},   {6, 8, 1, true},
                                          {40, 3, 1, false},  {40, 1, 5, false}, {40, 1, 9, false}, {40, 9, 1, false},
                                          {20, 3, 12, false}, {40, 2, 2, false}};
    enum { REPLICATES = 50 };
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        struct random_stream stream = random_stream_of(3, i);
        static struct nested_value nested[MOST];
        double found[REPLICATES];
        const size_t count = nest(&shapes[i], &stream, nested);
        assert_true(count <= MOST);
        assert_int_equal(stats_resampled_side(nested, count, 99, found, REPLICATES, NULL), 0);
        for (size_t j = 0; j < REPLICATES; j++) {
            struct random_stream draws = random_stream_of(99, j);
            const double expected = plain_draw(nested, count, &draws);
            assert_memory_equal(&found[j], &expected, sizeof expected);
        }
    }
}

static void a_ratio_of_sides_is_the_quantiles_of_quotients(void **state)
{
    (void)state;
    double above[41], below[41], quotients[41];
    struct interval interval;
    for (size_t i = 0; i < 41; i++) {
        above[i] = (double)(1 + i * 7 % 41);
        below[i] = (double)(2 + i * 5 % 41);
        quotients[i] = above[i] / below[i];
    }
    assert_int_equal(stats_ratio_of_sides(above, below, 41, 0.95, &interval, NULL), 0);
    const double low = plain_quantile(quotients, 41, (1 - 0.95) / 2),
                 high = plain_quantile(quotients, 41, 1 - (1 - 0.95) / 2);
    assert_memory_equal(&interval.low, &low, sizeof low);
    assert_memory_equal(&interval.high, &high, sizeof high);
    struct nested_value few[5] = {{0, 0, 1}, {1, 1, 2}, {2, 2, 3}, {3, 3, 4}, {4, 4, 5}};
    assert_int_equal(stats_resampled_side(few, 5, 1, quotients, 41, NULL), -(int)ERR_NOTHING);
    struct nested_value zero[6] = {{0, 0, 1}, {1, 1, 2}, {2, 2, 3}, {3, 3, 4}, {4, 4, 5}, {5, 5, 0}};
    assert_int_equal(stats_resampled_side(zero, 6, 1, quotients, 41, NULL), -(int)ERR_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(selecting_is_sorting),
        cmocka_unit_test(no_order_is_expensive),
        cmocka_unit_test(nested_values_are_sorted_as_by_qsort),
        cmocka_unit_test(sides_are_drawn_as_defined),
        cmocka_unit_test(a_ratio_of_sides_is_the_quantiles_of_quotients),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
