/* Number formats, against the rules of the chart specification and figures worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "schema/text/figure.h"

static const double none = (double)NAN;

static void decimals_without_spread(void **state)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {{126.36, "126"}, {99.96, "100"},         {9.996, "10.0"},          {0.9996, "1.00"},
                 {54.62, "54.6"}, {7.61, "7.61"},         {0.4161, "0.416"},        {0.04161, "0.0416"},
                 {1238, "1,238"}, {14073.41, "14,073"},   {1234567.8, "1,234,568"}, {0, "0"},
                 {-7.5, "−7.50"}, {-0.0001, "−0.000100"}, {999999.5, "1,000,000"},  {1e22, "1e+22"}};
    char text[FIGURE_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(figure_value(text, cases[i].value, none), cases[i].text);
}

static void decimals_by_spread(void **state)
{
    char text[FIGURE_SIZE];

    (void)state;
    /* Half-width 0.31: one digit; 0.16: two; 12: two, so none behind the point; 250: two digits of hundreds. */
    assert_string_equal(figure_value(text, 126.3612, 0.31), "126.4");
    assert_string_equal(figure_value(text, 126.3612, 0.16), "126.36");
    assert_string_equal(figure_value(text, 126.3612, 12), "126");
    assert_string_equal(figure_value(text, 1263.612, 250), "1,264");
    assert_string_equal(figure_value(text, 126.3612, 0), "126");
}

static void a_column_has_one_count(void **state)
{
    const struct {
        double values[3], half_width;
        int decimals;
    } cases[] = {{{126.36, 54.62, none}, none, 1}, {{1e-9, 5, none}, none, 6}, {{none, none, none}, none, 0},
                 {{8479, 8, none}, none, 0},       {{8479, 8, none}, 0.5, 1},  {{8479, 8.4, none}, none, 1},
                 {{30896, 8.41, none}, none, 2}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct figure_column column = {.most = 0};

        for (size_t j = 0; j < 3; j++)
            figure_column_add(&column, cases[i].values[j], cases[i].half_width);
        assert_int_equal(figure_column_decimals(&column), cases[i].decimals);
    }
    assert_int_equal(figure_stated_decimals(8479), 0);
    assert_int_equal(figure_stated_decimals(64.18), 2);
    assert_int_equal(figure_stated_decimals(-0.125), 3);
    assert_int_equal(figure_stated_decimals(0.1 + 0.2), 1);
    assert_int_equal(figure_stated_decimals(1.0 / 3), 9); /* sixteen digits less the noise */
    assert_int_equal(figure_stated_decimals(0), 0);
}

static void factors(void **state)
{
    static const struct {
        double factor;
        const char *text;
    } cases[] = {{17.4, "17×"},   {2.3134, "2.3×"}, {0.7696, "0.77×"},  {1, "1.0×"},      {9.96, "10×"}, {9.94, "9.9×"},
                 {0.998, "1.0×"}, {0.99, "0.99×"},  {0.0431, "0.043×"}, {1234, "1,234×"}, {0, "0.0×"}};
    char text[FIGURE_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(figure_factor(text, cases[i].factor), cases[i].text);
    assert_string_equal(figure_factor(text, none), "–");
    assert_string_equal(figure_factor(text, (double)INFINITY), "–");
    assert_string_equal(figure_factor(text, -1), "–");
    assert_string_equal(figure_factor_range(text, 3.12, 3.68), "3.1–3.7×");
    assert_string_equal(figure_factor_range(text, 3.12, 3.14), "3.12–3.14×");
    assert_true(figure_factor_is_open(0.98, 1.02));
    assert_false(figure_factor_is_open(1.01, 1.02));
    assert_false(figure_factor_is_open(none, none));
}

static void percent_counts_and_units(void **state)
{
    char text[FIGURE_SIZE];
    double factor = 0;

    (void)state;
    assert_string_equal(figure_percent(text, 27.13, 1, true), "+27.1\u202F%");
    assert_string_equal(figure_percent(text, -3.04, 1, true), "−3.0\u202F%");
    assert_string_equal(figure_percent(text, 0.01, 1, true), "0.0\u202F%");
    assert_string_equal(figure_percent(text, none, 1, true), "–");
    assert_string_equal(figure_count(text, 1000), "1,000");
    assert_string_equal(figure_count(text, -1), "–");
    assert_string_equal(figure_count(text, 0), "0");
    assert_string_equal(figure_finer_unit("ms", &factor), "µs");
    assert_true(factor > 999 && factor < 1001);
    assert_null(figure_finer_unit("tok/s", &factor));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_without_spread),  cmocka_unit_test(decimals_by_spread),
        cmocka_unit_test(a_column_has_one_count),   cmocka_unit_test(factors),
        cmocka_unit_test(percent_counts_and_units),
    };

    return cmocka_run_group_tests_name("text_figure", tests, NULL, NULL);
}
