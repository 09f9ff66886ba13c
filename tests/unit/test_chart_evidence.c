/* What a chip chart says about its evidence: runs of a single chip, what a layout has no room for, two chips compared.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plot/chart/chart.h"
#include "tests/unit/chart_sample.h"

#define ROWS_MAX 8

static struct chart_value values[ROWS_MAX][2];
static struct chart_row rows[ROWS_MAX];
static char names[ROWS_MAX][32];
static const struct chart_metric metrics[] = {
    {"Memory bandwidth", "GB/s", true},
    {"Inference time", "ms", false},
};

static struct chip_chart make_chart(size_t count, size_t metric_count)
{
    const double none = (double)NAN;
    for (size_t i = 0; i < count; i++) {
        snprintf(names[i], sizeof names[i], "Chip %zu", i);
        values[i][0] = (struct chart_value){125 - 10 * (double)i, none, none, 2, none, none, -1};
        values[i][1] = (struct chart_value){4 + (double)i, none, none, 2, none, none, -1};
        rows[i] = (struct chart_row){.name = names[i], .values = values[i], .baseline = i + 1 == count};
    }
    return (struct chip_chart){.title = "Memory bandwidth by chip",
                               .subtitle = "Factors are relative to the last.",
                               .footer = chart_sample_footer,
                               .footer_count = CHART_SAMPLE_FOOTER,
                               .metrics = metrics,
                               .metric_count = metric_count,
                               .rows = rows,
                               .row_count = count,
                               .baseline_name = names[count - 1]};
}

static struct chart_layout lay_out(const struct chip_chart *chart)
{
    struct chart_layout layout;
    struct err err = {0};
    struct text_measure measure = draw_measure(chart_sample_pen);
    assert_int_equal(chart_lay_out_chips(chart, THEME_LIGHT, &measure, &layout, &err), 0);
    chart_sample_assert_legible(&layout);
    return layout;
}

/* What a layout has no columns for is said behind the first line of the footer; the source stays the last. */
static void test_what_is_left_out_is_said(void **state)
{
    (void)state;
    static const char *const said[] = {"Source", "Left out at this width: 95 % CI as figures",
                                       "Left out beside two metrics"};
    for (size_t i = 0; i < 3; i++) {
        struct chip_chart chart = make_chart(5, i == 2 ? 2 : 1);
        values[0][0].low = 124;
        values[0][0].high = 126;
        values[0][0].runs = 9;
        rows[1].note = "CUDA";
        chart.width = i == 1 ? 400 : 800;
        struct chart_layout layout = lay_out(&chart);
        size_t lines = chart_sample_count_texts(&layout, "footer");
        const char *second = chart_sample_text(&layout, "footer", 1)->text;
        assert_int_equal(strncmp(second, said[i], strlen(said[i])), 0);
        assert_string_equal(chart_sample_text(&layout, "footer", lines - 1)->text, chart_sample_footer[1]);
        chart_layout_done(&layout);
    }
}

static void test_one_chip_has_its_runs(void **state)
{
    (void)state;
    struct chip_chart chart = make_chart(1, 1);
    values[0][0].low = 120;
    values[0][0].high = 130;
    values[0][0].runs = 12;
    struct chart_layout layout = lay_out(&chart);
    assert_string_equal(chart_sample_text(&layout, "evidence", 0)->text, "95 % CI 120 to 130, 12 runs");
    chart_layout_done(&layout);
}

/* Below two bars stand as many lines as it takes to compare them, and then the footer. */
static void test_two_chips_leave_no_hole(void **state)
{
    (void)state;
    for (size_t count = 1; count <= 2; count++) {
        struct chip_chart chart = make_chart(2, count);
        chart.width = count == 2 ? 800 : 400;
        struct chart_layout layout = lay_out(&chart);
        const struct chart_text *last = chart_sample_text(&layout, "sentence", count - 1);
        const struct chart_text *first = chart_sample_text(&layout, "footer", 0);
        assert_true(first->top > last->top + last->height);
        assert_true(count == 1 || first->top - last->top - last->height < 50);
        chart_layout_done(&layout);
    }
}

/* A last line of a word or two is none: both lines are about as long. */
static void test_no_word_stands_alone(void **state)
{
    (void)state;
    struct chip_chart chart = make_chart(3, 1);
    chart.subtitle =
        "Generation throughput in tokens per second · higher is better → · factors relative to a chip whose name is "
        "of some length, above 1 is better";
    struct chart_layout layout = lay_out(&chart);
    const struct chart_text *first = chart_sample_text(&layout, "subtitle", 0);
    const struct chart_text *second = chart_sample_text(&layout, "subtitle", 1);
    assert_true(second->width > 0.6 * first->width);
    chart_layout_done(&layout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_left_out_is_said),
        cmocka_unit_test(test_one_chip_has_its_runs),
        cmocka_unit_test(test_two_chips_leave_no_hole),
        cmocka_unit_test(test_no_word_stands_alone),
    };
    return cmocka_run_group_tests(tests, chart_sample_open_pen, chart_sample_close_pen);
}
