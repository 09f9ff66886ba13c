/* Density and quartiles against figures computed with Python's statistics module (quantiles inclusive = type 7, stdev)
 * and its math.exp, and against closed forms. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>

#include "schema/base/attributes.h"
#include "schema/stats/density.h"
#include "schema/stats/quantile.h"

static const double sample[] = {3.1, 4.7, 4.9, 5.0, 5.3, 5.5, 5.6, 6.2, 7.9, 12.4, 12.9, 13.5};
#define COUNT (sizeof sample / sizeof sample[0])

static void assert_near(double found, double expected)
{
    if (!(fabs(found - expected) <= 1e-12 * fmax(1, fabs(expected)))) {
        fail_msg("%.17g instead of %.17g", found, expected);
    }
}

static void test_quartiles(void **state)
{
    (void)state;
    assert_near(stats_quantile(sample, COUNT, 0.25), 4.975);
    assert_near(stats_quantile(sample, COUNT, 0.5), 5.55);
    assert_near(stats_quantile(sample, COUNT, 0.75), 9.025);
}

static void test_bandwidth(void **state)
{
    (void)state;
    static const double same[] = {2, 2, 2, 2}, pair[] = {0, 2}, mostly_same[] = {1, 1, 1, 1, 1, 1, 1, 9};
    assert_near(stats_bandwidth(sample, COUNT), 1.6548418105975637);
    assert_near(stats_bandwidth(same, 4), 0);
    assert_near(stats_bandwidth(same, 1), 0);
    assert_near(stats_bandwidth(same, 0), 0);
    /* IQR 1, 1 / 1.34 is below the deviation √2. */
    assert_near(stats_bandwidth(pair, 2), 0.9 / 1.34 * pow(2, -0.2));
    /* IQR 0: the deviation, √8 for one of eight 8 apart. */
    assert_near(stats_bandwidth(mostly_same, 8), 0.9 * sqrt(8) * pow(8, -0.2));
}

static void test_density(void **state)
{
    (void)state;
    double wide = 1.6548418105975637;
    assert_near(stats_density(sample, COUNT, wide, 5), 0.1478369224165836);
    assert_near(stats_density(sample, COUNT, wide, 9), 0.034057175699298343);
    assert_near(stats_density(sample, COUNT, wide, 13), 0.05823858950945773);
    assert_near(stats_density(sample, COUNT, 0.6 * wide, 5), 0.2101312179414342);
    assert_near(stats_density(sample, COUNT, 0.6 * wide, 9), 0.019079503330868136);
    assert_near(stats_density(sample, COUNT, 0.6 * wide, 13), 0.0907039532055861);
    /* One value: the normal density, 1 / √(2π) at its centre. */
    assert_near(stats_density(sample, 1, 1, 3.1), 0.3989422804014327);
}

static void test_area_is_one(void **state)
{
    (void)state;
    double area = 0, step = 0.01;
    for (int i = 0; i < 4000; i++) {
        area += step * stats_density(sample, COUNT, 1, -10 + step * (i + 0.5));
    }
    assert_true(fabs(area - 1) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quartiles),
        cmocka_unit_test(test_bandwidth),
        cmocka_unit_test(test_density),
        cmocka_unit_test(test_area_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
