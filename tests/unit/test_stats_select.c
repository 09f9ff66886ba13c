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

/* ---- resampling: contributors × devices × submissions, values in their order */

struct shape {
    size_t contributors, devices, submissions;
};

static double plain_device(const double *values, size_t count, struct random_stream *stream)
{
    static double drawn[MOST];
    for (size_t i = 0; count > 1 && i < count; i++)
        drawn[i] = values[random_below(stream, count)];
    return count > 1 ? plain_quantile(drawn, count, 0.5) : values[0];
}

static double plain_contributor(const double *values, const struct shape *shape, struct random_stream *stream)
{
    static double figures[MOST];
    if (shape->devices == 1)
        return plain_device(values, shape->submissions, stream);
    for (size_t i = 0; i < shape->devices; i++)
        figures[i] = plain_device(values + random_below(stream, shape->devices) * shape->submissions,
                                  shape->submissions, stream);
    return plain_quantile(figures, shape->devices, 0.5);
}

static double plain_draw(const double *values, const struct shape *shape, struct random_stream *stream)
{
    const size_t each = shape->devices * shape->submissions;
    static double figures[MOST];
    if (shape->contributors == 1)
        return plain_contributor(values, shape, stream);
    for (size_t i = 0; i < shape->contributors; i++)
        figures[i] = plain_contributor(values + random_below(stream, shape->contributors) * each, shape, stream);
    return plain_quantile(figures, shape->contributors, 0.5);
}

static void sides_are_drawn_as_defined(void **state)
{
    (void)state;
    static const struct shape shapes[] = {{6, 1, 1},  {7, 1, 1}, {40, 1, 1}, {1, 9, 1}, {1, 1, 6},
                                          {1, 1, 33}, {8, 2, 1}, {6, 3, 4},  {1, 7, 3}, {12, 1, 2}};
    enum { REPLICATES = 50 };
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        const struct shape *shape = &shapes[i];
        const size_t count = shape->contributors * shape->devices * shape->submissions;
        struct random_stream stream = random_stream_of(3, i);
        static struct nested_value nested[MOST];
        static double values[MOST];
        double found[REPLICATES];
        for (size_t j = 0; j < count; j++)
            values[j] = 1 + (double)random_below(&stream, 25); /* some are equal */
        for (size_t j = 0; j < count; j += shape->submissions)
            qsort(values + j, shape->submissions, sizeof(double), by_value);
        for (size_t j = 0; j < count; j++)
            nested[j] =
                (struct nested_value){j / (shape->devices * shape->submissions), j / shape->submissions, values[j]};
        assert_int_equal(stats_resampled_side(nested, count, 99, found, REPLICATES, NULL), 0);
        for (size_t j = 0; j < REPLICATES; j++) {
            struct random_stream draws = random_stream_of(99, j);
            const double expected = plain_draw(values, shape, &draws);
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
        cmocka_unit_test(sides_are_drawn_as_defined),
        cmocka_unit_test(a_ratio_of_sides_is_the_quantiles_of_quotients),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
