/* Statistics against figures from elsewhere: closed forms, NIST StRD, Python's statistics module and exact fractions.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "schema/stats/interval.h"
#include "schema/stats/nested.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"
#include "schema/stats/summary.h"

static void close_to(double found, double expected, double relative)
{
    if (!(fabs(found - expected) <= relative * fmax(fabs(expected), 1e-300)))
        fail_msg("found %.17g, expected %.17g", found, expected);
}

static void summary_of_a_small_sample(void **state)
{
    /* Python 3.11: statistics.mean, stdev, pstdev, median. */
    double values[] = {2.1, 3.7, 1.4, 9.9, 4.4, 5.0, 6.2};

    (void)state;
    stats_sort(values, 7);
    const struct summary summary = stats_summary(values, 7);

    assert_int_equal(summary.n, 7);
    close_to(summary.mean, 4.671428571428572, 1e-15);
    close_to(summary.stddev, 2.8317922980062677, 1e-15);
    close_to(summary.stddev_population, 2.6217302278753056, 1e-15);
    close_to(summary.median, 4.4, 0);
    close_to(summary.min, 1.4, 0);
    close_to(summary.max, 9.9, 0);
}

/* NIST StRD, univariate summary statistics, NumAcc3 and NumAcc4: mean and standard deviation are certified. */
static void nist_numerical_accuracy(void **state)
{
    double values[1001];

    (void)state;
    for (int base = 0; base < 2; base++) {
        const double low = base == 0 ? 1000000.1 : 10000000.1, middle = base == 0 ? 1000000.2 : 10000000.2,
                     high = base == 0 ? 1000000.3 : 10000000.3;

        values[0] = middle;
        for (size_t i = 1; i < 1001; i++)
            values[i] = i % 2 == 1 ? low : high;
        stats_sort(values, 1001);
        const struct summary summary = stats_summary(values, 1001);

        close_to(summary.mean, middle, 1e-15);
        close_to(summary.stddev, 0.1, 1e-8);
    }
}

static void nothing_and_one_value(void **state)
{
    const double one[] = {3.5};
    const struct summary none = stats_summary(one, 0), single = stats_summary(one, 1);

    (void)state;
    assert_true(isnan(none.mean) && isnan(none.min) && isnan(none.median) && isnan(none.stddev));
    close_to(single.mean, 3.5, 0);
    assert_true(isnan(single.stddev));
    assert_true(single.stddev_population <= 0);
}

static void sum_keeps_small_terms(void **state)
{
    const double values[] = {1, 1e100, 1, -1e100}, endless[] = {1, (double)INFINITY};

    (void)state;
    close_to(stats_sum(values, 4), 2, 0);
    assert_true(isinf(stats_sum(endless, 2)));
}

static void order_puts_nan_last(void **state)
{
    double values[] = {(double)NAN, 2, -0.0, (double)INFINITY, 0.0, -7};

    (void)state;
    stats_sort(values, 6);
    close_to(values[0], -7, 0);
    assert_true(signbit(values[1]) && !signbit(values[2]));
    close_to(values[3], 2, 0);
    assert_true(isinf(values[4]) && isnan(values[5]));
}

static void quantiles_of_type_seven(void **state)
{
    /* By the definition: h = (n − 1)p; R: quantile(c(1,2,4,8,16,32,64), c(.1,.25,.375,.9), type=7). */
    const double values[] = {1, 2, 4, 8, 16, 32, 64};

    (void)state;
    close_to(stats_quantile(values, 7, 0.1), 1.6, 1e-15);
    close_to(stats_quantile(values, 7, 0.25), 3, 1e-15);
    close_to(stats_quantile(values, 7, 0.375), 5, 1e-15);
    close_to(stats_quantile(values, 7, 0.9), 44.8, 1e-15);
    close_to(stats_quantile(values, 7, 0), 1, 0);
    close_to(stats_quantile(values, 7, 1), 64, 0);
    close_to(stats_median(values, 4), 3, 0);
    assert_true(isnan(stats_median(values, 0)));
    assert_true(isnan(stats_quantile(values, 7, 1.01)));
    assert_true(isnan(stats_quantile(values, 7, (double)NAN)));
}

static void intervals_by_exact_binomials(void **state)
{
    /* Ranks and coverages computed with exact fractions in Python; n = 6, 10, 100 also in David, Order Statistics. */
    static const struct {
        size_t count, rank;
        double coverage;
    } cases[] = {{6, 1, 0.96875},
                 {7, 1, 0.984375},
                 {8, 1, 0.9921875},
                 {9, 2, 0.9609375},
                 {10, 2, 0.978515625},
                 {15, 4, 0.96484375},
                 {20, 6, 0.9586105346679688},
                 {25, 8, 0.9567147493362427},
                 {50, 18, 0.9671608624357315},
                 {101, 41, 0.9539559330706572},
                 {1000, 469, 0.9537088026395019},
                 {5001, 2431, 0.9522736955323159}};
    double *values = calloc(5001, sizeof(*values));

    (void)state;
    assert_non_null(values);
    for (size_t i = 0; i < 5001; i++)
        values[i] = (double)i + 1;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct interval interval;

        assert_true(stats_median_interval(values, cases[i].count, 0.95, &interval));
        close_to(interval.low, (double)cases[i].rank, 0);
        close_to(interval.high, (double)(cases[i].count + 1 - cases[i].rank), 0);
        close_to(interval.coverage, cases[i].coverage, 1e-12);
    }
    struct interval untouched = {1, 2, 3};

    assert_false(stats_median_interval(values, 5, 0.95, &untouched));
    assert_false(stats_median_interval(values, 0, 0.95, &untouched));
    assert_false(stats_median_interval(values, 10, 1, &untouched));
    close_to(untouched.coverage, 3, 0);
    free(values);
}

static void nested_weighs_contributors(void **state)
{
    /* By hand: A = median(median(10,12,50), 20) = 16, B = 30, figure = 23. */
    struct nested_value values[] = {{7, 3, 30}, {2, 1, 50}, {2, 9, 20}, {2, 1, 10}, {2, 1, 12}};
    struct nested_median median;

    (void)state;
    assert_int_equal(stats_nested_median(values, 5, &median, NULL), 0);
    close_to(median.value, 23, 0);
    assert_int_equal(median.submissions, 5);
    assert_int_equal(median.devices, 3);
    assert_int_equal(median.contributors, 2);
    assert_int_equal(median.level, NESTED_CONTRIBUTORS);
    assert_int_equal(median.member_count, 2);
    close_to(median.members[0], 16, 0);
    close_to(median.members[1], 30, 0);
    free(median.members);
}

static void a_thousand_uploads_move_nothing(void **state)
{
    enum { UPLOADS = 1000, OTHERS = 3 };
    struct nested_value *values = calloc(UPLOADS + OTHERS, sizeof(*values));
    struct nested_median median;

    (void)state;
    assert_non_null(values);
    for (size_t i = 0; i < UPLOADS; i++)
        values[i] = (struct nested_value){1, 1, 1000};
    for (size_t i = UPLOADS; i < UPLOADS + OTHERS; i++)
        values[i] = (struct nested_value){i, i, 10};
    assert_int_equal(stats_nested_median(values, UPLOADS + OTHERS, &median, NULL), 0);
    close_to(median.value, 10, 0);
    assert_int_equal(median.contributors, 4);
    free(median.members);
    free(values);
}

static void nested_levels(void **state)
{
    struct nested_value devices[] = {{1, 1, 4}, {1, 2, 8}}, submissions[] = {{1, 1, 5}, {1, 1, 3}}, one[] = {{1, 1, 5}};
    struct nested_median median;

    (void)state;
    assert_int_equal(stats_nested_median(devices, 2, &median, NULL), 0);
    assert_int_equal(median.level, NESTED_DEVICES);
    close_to(median.value, 6, 0);
    free(median.members);
    assert_int_equal(stats_nested_median(submissions, 2, &median, NULL), 0);
    assert_int_equal(median.level, NESTED_SUBMISSIONS);
    close_to(median.members[0], 3, 0);
    free(median.members);
    assert_int_equal(stats_nested_median(one, 1, &median, NULL), 0);
    assert_int_equal(median.level, NESTED_NONE);
    assert_null(median.members);
    struct err err;

    assert_int_equal(stats_nested_median(one, 0, &median, &err), -ERR_NOTHING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(summary_of_a_small_sample),
        cmocka_unit_test(nist_numerical_accuracy),
        cmocka_unit_test(nothing_and_one_value),
        cmocka_unit_test(sum_keeps_small_terms),
        cmocka_unit_test(order_puts_nan_last),
        cmocka_unit_test(quantiles_of_type_seven),
        cmocka_unit_test(intervals_by_exact_binomials),
        cmocka_unit_test(nested_weighs_contributors),
        cmocka_unit_test(a_thousand_uploads_move_nothing),
        cmocka_unit_test(nested_levels),
    };

    return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
