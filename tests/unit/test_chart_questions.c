/* The questions that a chart has to answer (specification of charts, section 4), asked by measurement of the charts of
 * the references' data: every theme and width of chips with two metrics, with many rows and with intervals. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "plot/chips_data.h"
#include "tests/unit/chart_rules.h"

static const struct {
    const char *path, *baseline, *best;
    size_t rows, metrics, factors;
    bool intervals;
} cases[] = {
    {"tests/data/charts/lm_head.csv", "M1 Max", "M4 Pro", 6, 2, 12, false},
    {"tests/data/charts/many_chips.csv", "M1 Max", "RTX 5090", 45, 1, 45, false},
    {"tests/data/charts/ecdsa_verify.csv", "Linux CPU", "RTX 3090 Ti", 5, 1, 5, true},
};

static size_t with_words(const struct chart_layout *layout, const char *words)
{
    size_t count = 0;
    for (size_t i = 0; i < layout->text_count; i++) {
        count += strstr(layout->texts[i].text, words) != NULL;
    }
    return count;
}

/* A figure of a factor reads above 1 exactly where the value is better than the baseline's. */
static void assert_factors_have_the_right_sign(const struct chart_layout *layout, const struct chips_data *data)
{
    for (size_t i = 0; i < data->row_count; i++) {
        for (size_t m = 0; m < data->metric_count; m++) {
            const struct chart_value *value = &data->rows[i].values[m], *base = NULL;
            for (size_t k = 0; k < data->row_count; k++) {
                base = data->rows[k].baseline ? &data->rows[k].values[m] : base;
            }
            assert_non_null(base);
            bool better = data->metrics[m].higher_is_better ? value->value > base->value : value->value < base->value;
            assert_true(!isfinite(value->factor) || better == (value->factor > 1));
        }
    }
    assert_true(chart_sample_count_marks(layout, "baseline") > 0);
    assert_true(with_words(layout, "baseline") > 0);
}

static struct chart_layout lay_out(const struct chips_data *data, double width, enum chart_theme theme)
{
    static const char *const footer[] = {"Bars start at zero.", "Source: the page that was read."};
    struct chip_chart chart = {.title = "What is shown by chip",
                               .subtitle = "Factors are relative to the baseline, above 1 is better.",
                               .footer = footer,
                               .footer_count = 2,
                               .metrics = data->metrics,
                               .metric_count = data->metric_count,
                               .rows = data->rows,
                               .row_count = data->row_count,
                               .baseline_name = data->baseline_name,
                               .width = width};
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct chart_layout layout = {0};
    struct err err = {0};
    if (chart_lay_out_chips(&chart, theme, &measure, &layout, &err) != 0) {
        fail_msg("%s", err.text);
    }
    return layout;
}

static void ask(const struct chart_layout *layout, const struct chips_data *data, size_t number)
{
    /* 1 title, subtitle, footer inside the margins; 11 no overlap; 12 contrast; 2 zero axis; 7 value = data. */
    assert_true(chart_sample_count_texts(layout, "title") > 0);
    assert_true(chart_sample_count_texts(layout, "subtitle") > 0);
    assert_true(with_words(layout, "Source: ") == 1);
    chart_sample_assert_legible(layout);
    chart_rules_places(layout);
    chart_rules_contrast(layout);
    chart_rules_ticks(layout);
    chart_rules_bars(layout);
    assert_int_equal(chart_sample_count_marks(layout, "bar"), cases[number].rows * cases[number].metrics);
    /* 3 direction and 4 unit where there is more than one metric; one metric has them in its subtitle. */
    for (size_t m = 0; m < data->metric_count && data->metric_count > 1; m++) {
        assert_true(with_words(layout, data->metrics[m].unit) > 0);
        assert_true(with_words(layout, data->metrics[m].higher_is_better ? "higher is better →" : "← lower is better") >
                    0);
    }
    /* 5 baseline, 8 factors. */
    assert_factors_have_the_right_sign(layout, data);
    assert_int_equal(chart_sample_count_texts(layout, "factor"), cases[number].factors);
    /* 6 sort: the best stands first. 9 intervals are drawn where the data has them. 14 alternative text. */
    assert_string_equal(chart_sample_text(layout, "name", 0)->text, cases[number].best);
    assert_int_equal(chart_sample_count_marks(layout, "interval") > 0, cases[number].intervals);
    assert_non_null(strstr(layout->alt, cases[number].best));
    assert_non_null(strstr(layout->alt, data->baseline_name));
}

/* 15: the dark version says the same at the same places. */
static void assert_same_content(const struct chart_layout *light, const struct chart_layout *dark)
{
    assert_int_equal(light->text_count, dark->text_count);
    assert_int_equal(light->mark_count, dark->mark_count);
    for (size_t i = 0; i < light->text_count; i++) {
        assert_string_equal(light->texts[i].text, dark->texts[i].text);
        assert_true(fabs(light->texts[i].left - dark->texts[i].left) < 0.01);
    }
}

static void test_questions_of_the_references(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct plot_input input autoinput = {0};
        struct chips_data data = {0};
        struct err err = {0};
        int result = plot_input_read(cases[i].path, &input, &err);
        const struct chips_wish wish = {.baseline = cases[i].baseline};
        result = result < 0 ? result : chips_data_make(&input, &wish, &data, &err);
        if (result < 0) {
            fail_msg("%s", err.text);
        }
        for (double width = 400; width <= 800; width += 400) {
            struct chart_layout light = lay_out(&data, width, THEME_LIGHT), dark = lay_out(&data, width, THEME_DARK);
            ask(&light, &data, i);
            ask(&dark, &data, i);
            assert_same_content(&light, &dark);
            chart_layout_done(&light);
            chart_layout_done(&dark);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_questions_of_the_references)};
    return cmocka_run_group_tests(tests, chart_sample_open_pen, chart_sample_close_pen);
}
