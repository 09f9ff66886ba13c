/* Properties of every chart family over random data: names of 1 to 60 characters in six scripts, 1 to 200 rows, values
 * over 12 orders of magnitude with negatives, zeros, gaps, ties and an outlier. Each set comes from a seed that a
 * failure prints: CROSSCHIP_PROPERTY_SEED=N runs that one again (or begins there), CROSSCHIP_PROPERTY_SETS=N runs that
 * many a family, CROSSCHIP_PROPERTY_FAMILY=NAME only one family. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/number.h"
#include "tests/unit/chart_rules.h"

#define SETS_DEFAULT 3

static void check_set(chart_set_lay_out *lay_out, uint64_t seed, bool figures)
{
    static struct chart_set set;
    struct chart_layout layout = {0};
    struct err err = {0};
    memset(&set, 0, sizeof set);
    chart_set_make(&set, seed);
    int result = lay_out(&set, &layout, &err);
    /* A set without a finite value is refused, never drawn. */
    if (result != -ERR_NOTHING) {
        if (result != 0) {
            fail_msg("%s", err.text);
        }
        chart_sample_assert_legible(&layout);
        chart_rules_places(&layout);
        chart_rules_contrast(&layout);
        chart_rules_ticks(&layout);
        chart_rules_order(&layout, &set);
        chart_rules_alt(&layout, &set);
        if (figures) {
            chart_rules_bars(&layout);
            chart_rules_figures(&layout, &set);
        }
        chart_layout_done(&layout);
    }
    arena_done(&set.arena);
}

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    int64_t number = 0;
    return text != NULL && number_parse_int64(str_of(text), &number) && number >= 0 ? (uint64_t)number : otherwise;
}

static uint64_t seed_now;

static int print_seed(void **state)
{
    (void)state;
    print_message("# last set: CROSSCHIP_PROPERTY_SEED=%llu\n", (unsigned long long)seed_now);
    return 0;
}

static void check_family(chart_set_lay_out *lay_out, bool figures)
{
    bool from_one = getenv("CROSSCHIP_PROPERTY_SEED") != NULL;
    uint64_t first = setting("CROSSCHIP_PROPERTY_SEED", 0),
             sets = setting("CROSSCHIP_PROPERTY_SETS", from_one ? 1 : SETS_DEFAULT);
    for (uint64_t i = 0; i < sets; i++) {
        seed_now = first + i;
        check_set(lay_out, seed_now, figures);
    }
}

/* A set that found something among ten thousand. */
static void check_again(chart_set_lay_out *lay_out, uint64_t seed, bool figures)
{
    seed_now = seed;
    check_set(lay_out, seed, figures);
}

static void test_chips(void **state)
{
    (void)state;
    check_again(chart_set_chips, 1093, true);
    check_family(chart_set_chips, true);
}

static void test_heatmap(void **state)
{
    (void)state;
    check_family(chart_set_heatmap, true);
}

static void test_distribution(void **state)
{
    (void)state;
    check_family(chart_set_distribution, true);
}

static void test_history(void **state)
{
    (void)state;
    check_family(chart_set_history, false);
}

static void test_scatter(void **state)
{
    (void)state;
    check_again(chart_set_scatter, 4367, false);
    check_family(chart_set_scatter, false);
}

static void test_scaling(void **state)
{
    (void)state;
    check_family(chart_set_scaling, true);
}

static void test_categories(void **state)
{
    (void)state;
    check_family(chart_set_categories, true);
}

static void test_serving(void **state)
{
    (void)state;
    check_family(chart_set_serving, true);
}

static void test_sustained(void **state)
{
    (void)state;
    check_family(chart_set_sustained, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_chips, print_seed),        cmocka_unit_test_teardown(test_heatmap, print_seed),
        cmocka_unit_test_teardown(test_distribution, print_seed), cmocka_unit_test_teardown(test_history, print_seed),
        cmocka_unit_test_teardown(test_scatter, print_seed),      cmocka_unit_test_teardown(test_scaling, print_seed),
        cmocka_unit_test_teardown(test_categories, print_seed),   cmocka_unit_test_teardown(test_serving, print_seed),
        cmocka_unit_test_teardown(test_sustained, print_seed),
    };
    const char *family = getenv("CROSSCHIP_PROPERTY_FAMILY");
    char filter[64];
    if (family != NULL && snprintf(filter, sizeof filter, "test_%s", family) < (int)sizeof filter) {
        cmocka_set_test_filter(filter);
    }
    return cmocka_run_group_tests(tests, chart_sample_open_pen, chart_sample_close_pen);
}
