/* Grouped bars by their numbers: bars from zero in proportion, ratios to the first, texts apart, both shapes of data.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/categories_data.h"
#include "tests/unit/chart_sample.h"

static struct category_row rows[CATEGORIES_ROWS_MAX + 1];
static double values[CATEGORIES_ROWS_MAX + 1][CATEGORIES_SERIES_MAX + 1];
static const char *const series[] = {"original", "int8", "int4", "int4 of groups of 32 weights", "ternary", "binary"};

static struct categories_chart make_chart(size_t row_count, size_t series_count, double decades)
{
    for (size_t i = 0; i < row_count; i++) {
        rows[i] = (struct category_row){i % 3 == 0 ? "Reasoning across several long documents" : "Code", values[i]};
        for (size_t k = 0; k < series_count; k++) {
            values[i][k] = 5 * pow(10, decades * chart_sample_random());
        }
    }
    return (struct categories_chart){
        .title = "Throughput by category",
        .footer = chart_sample_footer,
        .footer_count = CHART_SAMPLE_FOOTER,
        .metric = {"Generation throughput", "tok/s", true},
        .series = series,
        .series_count = series_count,
        .rows = rows,
        .row_count = row_count,
    };
}

static struct chart_layout lay_out(const struct categories_chart *chart)
{
    struct chart_layout layout;
    struct err err = {0};
    struct text_measure measure = draw_measure(chart_sample_pen);
    if (chart_lay_out_categories(chart, THEME_LIGHT, &measure, &layout, &err) != 0) {
        fail_msg("%s", err.text);
    }
    return layout;
}

static void test_bars_start_at_zero_in_proportion(void **state)
{
    (void)state;
    for (size_t seed = 0; seed < 20; seed++) {
        chart_sample_seed(seed);
        struct categories_chart chart = make_chart(6, 3, (double)seed / 4);
        struct chart_layout layout = lay_out(&chart);
        const struct chart_panel *panel = &layout.panels[0];
        assert_int_equal(chart_sample_count_marks(&layout, "bar"), 18);
        for (size_t i = 0; i < layout.mark_count; i++) {
            const struct chart_mark *mark = &layout.marks[i];
            if (text_equal(mark->kind, "bar")) {
                assert_true(fabs(mark->x - panel->x) < 0.01);
                assert_true(fabs(mark->width - panel->width * mark->value / panel->domain_high) < 0.5);
            }
        }
        chart_layout_done(&layout);
    }
}

static void assert_size_is_legible(size_t row_count, size_t series_count, size_t variant)
{
    chart_sample_seed(row_count * 100 + series_count * 10 + variant);
    struct categories_chart chart = make_chart(row_count, series_count, variant < 2 ? 1 : 12);
    values[0][0] = variant == 0 ? (double)NAN : values[0][0];
    values[0][series_count - 1] = variant == 1 ? -4 : 0;
    values[0][series_count / 2] = variant == 2 ? 1e300 : 8;
    chart.width = variant % 2 == 0 ? 800 : 400;
    struct chart_layout layout = lay_out(&chart);
    chart_sample_assert_legible(&layout);
    chart_layout_done(&layout);
}

static void test_any_size_is_legible(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 7, 30, CATEGORIES_ROWS_MAX};
    for (size_t i = 0; i < ARRAY_LENGTH(counts) * 4; i++) {
        for (size_t k = 1; k <= CATEGORIES_SERIES_MAX; k++) {
            assert_size_is_legible(counts[i / 4], k, i % 4);
        }
    }
}

static void test_ratios_say_better_above_one(void **state)
{
    (void)state;
    struct categories_chart chart = make_chart(1, 2, 0);
    values[0][0] = 10;
    values[0][1] = 25;
    struct chart_layout layout = lay_out(&chart);
    assert_string_equal(chart_sample_text(&layout, "factor", 0)->text, "2.5×");
    chart_layout_done(&layout);
    chart.metric.higher_is_better = false;
    layout = lay_out(&chart);
    assert_string_equal(chart_sample_text(&layout, "factor", 0)->text, "0.40×");
    assert_int_equal(chart_sample_count_texts(&layout, "factor"), 1);
    chart_layout_done(&layout);
}

static void test_bad_charts_are_refused(void **state)
{
    (void)state;
    struct chart_layout layout;
    struct err err = {0};
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct categories_chart chart = make_chart(1, 1, 0);
    values[0][0] = (double)NAN;
    assert_int_equal(chart_lay_out_categories(&chart, THEME_LIGHT, &measure, &layout, &err), -ERR_NOTHING);
    values[0][0] = 1.5e308;
    assert_int_equal(chart_lay_out_categories(&chart, THEME_LIGHT, &measure, &layout, &err), -ERR_DATA);
    chart = make_chart(1, CATEGORIES_SERIES_MAX + 1, 0);
    assert_int_equal(chart_lay_out_categories(&chart, THEME_LIGHT, &measure, &layout, &err), -ERR_LIMIT);
    chart = make_chart(CATEGORIES_ROWS_MAX + 1, 1, 0);
    assert_int_equal(chart_lay_out_categories(&chart, THEME_LIGHT, &measure, &layout, &err), -ERR_LIMIT);
}

static int lines[8];

static void test_wide_and_long_data_say_the_same(void **state)
{
    (void)state;
    static const char *wide_columns[] = {"category", "original", "int8"};
    static const char *wide_cells[] = {"code", "41.2", "62.1", "prose", "40.8", ""};
    static const char *long_columns[] = {"series", "category", "generation_throughput"};
    static const char *long_cells[] = {"original", "code", "41.2", "int8", "code", "62.1", "original", "prose", "40.8"};
    struct plot_input wide autoinput = {.name = "wide",
                                        .columns = wide_columns,
                                        .column_count = 3,
                                        .cells = wide_cells,
                                        .row_count = 2,
                                        .lines = lines};
    struct plot_input tidy autoinput = {.name = "long",
                                        .columns = long_columns,
                                        .column_count = 3,
                                        .cells = long_cells,
                                        .row_count = 3,
                                        .lines = lines};
    struct categories_data a, b;
    struct categories_wish wish = {.metric = "generation_throughput"};
    struct err err = {0};
    assert_int_equal(categories_data_make(&wide, &wish, &a, &err), 0);
    wish.metric = NULL;
    assert_int_equal(categories_data_make(&tidy, &wish, &b, &err), 0);
    assert_int_equal(a.series_count, 2);
    assert_int_equal(b.series_count, 2);
    assert_int_equal(a.row_count, 2);
    assert_int_equal(b.row_count, 2);
    assert_string_equal(b.metric.unit, "tok/s");
    assert_string_equal(a.metric.unit, "tok/s");
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(a.rows[i].name, b.rows[i].name);
        assert_true(fabs(a.rows[i].values[0] - b.rows[i].values[0]) < 1e-12);
        assert_int_equal(isnan(a.rows[i].values[1]), i);
        assert_int_equal(isnan(b.rows[i].values[1]), i);
    }
    wish.baseline = "int8";
    assert_int_equal(categories_data_make(&tidy, &wish, &b, &err), 0);
    assert_string_equal(b.series[0], "int8");
    assert_true(fabs(b.rows[0].values[0] - 62.1) < 1e-12);
    assert_true(fabs(b.rows[0].values[1] - 41.2) < 1e-12);
    wish.baseline = "int2";
    assert_int_equal(categories_data_make(&tidy, &wish, &b, &err), -ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bars_start_at_zero_in_proportion), cmocka_unit_test(test_any_size_is_legible),
        cmocka_unit_test(test_ratios_say_better_above_one),      cmocka_unit_test(test_bad_charts_are_refused),
        cmocka_unit_test(test_wide_and_long_data_say_the_same),
    };
    return cmocka_run_group_tests(tests, chart_sample_open_pen, chart_sample_close_pen);
}
