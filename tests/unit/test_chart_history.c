/* The history by its numbers: segments where the data steps, runs where their values are, texts apart, hostile data. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/chart_sample.h"
#include "plot/chart/calendar.h"
#include "plot/chart/history.h"
#include "schema/base/clock.h"

#define RUNS 400
#define DAY 86400.0
#define START 1718582400.0 /* 17 June 2024 */

static struct history_run runs[HISTORY_SERIES_MAX][RUNS];
static struct history_series series[HISTORY_SERIES_MAX];

/* Levels as given, `each` runs a day at each, within one percent. */
static struct history_chart make_chart(size_t count, const double *levels, size_t level_count, size_t each)
{
    for (size_t s = 0; s < count; s++) {
        series[s] = (struct history_series){.name = "NVIDIA L4", .runs = runs[s], .count = level_count * each};
        for (size_t i = 0; i < level_count * each; i++) {
            double value = levels[i / each] * (1 + 0.02 * (chart_sample_random() - 0.5)) * (1 + 0.3 * (double)s);
            runs[s][i] = (struct history_run){.at = START + DAY * (double)i, .value = value};
        }
    }
    return (struct history_chart){
        .title = "Proof time over time",
        .subtitle = "A subtitle",
        .footer = chart_sample_footer,
        .footer_count = CHART_SAMPLE_FOOTER,
        .metric = {"Proof time", "ms", false},
        .series = series,
        .series_count = count,
        .dated = true,
    };
}

static struct chart_layout lay_out(const struct history_chart *chart)
{
    struct chart_layout layout;
    struct err err = {0};
    struct text_measure measure = draw_measure(chart_sample_pen);
    if (chart_lay_out_history(chart, THEME_LIGHT, &measure, &layout, &err) != 0) {
        fail_msg("%s", err.text);
    }
    return layout;
}

static void test_steps_are_found_and_signed(void **state)
{
    (void)state;
    static const double levels[] = {1000, 1100, 550};
    chart_sample_seed(7);
    struct history_chart chart = make_chart(1, levels, 3, 40);
    struct chart_layout layout = lay_out(&chart);
    chart_sample_assert_legible(&layout);
    assert_int_equal(chart_sample_count_marks(&layout, "change"), 2);
    assert_int_equal(chart_sample_count_marks(&layout, "run"), 120);
    const struct chart_text *first = chart_sample_text(&layout, "change", 0),
                            *second = chart_sample_text(&layout, "change", 1);
    assert_string_equal(first->text, "+10\u202f%");
    assert_string_equal(second->text, "−50\u202f%");
    assert_int_equal(first->colour, chart_colours(THEME_LIGHT)->category_text[1]);
    assert_int_equal(second->colour, chart_colours(THEME_LIGHT)->category_text[2]);
    assert_string_equal(chart_sample_text(&layout, "date", 0)->text, "27 Jul");
    chart_layout_done(&layout);
    /* Of a throughput the same steps are the other way round. */
    chart.metric.higher_is_better = true;
    layout = lay_out(&chart);
    assert_int_equal(chart_sample_text(&layout, "change", 0)->colour, chart_colours(THEME_LIGHT)->category_text[2]);
    chart_layout_done(&layout);
}

/* A day of a long history needs its year, one of a short history its hour; a lone run must be seen. */
static void test_dates_are_as_fine_as_the_time_is_long(void **state)
{
    (void)state;
    static const double levels[] = {1000, 1100, 550};
    static const struct {
        double step;
        const char *date;
    } cases[] = {{30 * DAY, "30 Sep 2027"}, {DAY, "27 Jul"}, {600, "06:40"}};
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        chart_sample_seed(7);
        struct history_chart chart = make_chart(1, levels, 3, 40);
        for (size_t k = 0; k < 120; k++) {
            runs[0][k].at = START + cases[i].step * (double)k;
        }
        struct chart_layout layout = lay_out(&chart);
        assert_string_equal(chart_sample_text(&layout, "date", 0)->text, cases[i].date);
        chart_layout_done(&layout);
    }
    struct history_chart chart = make_chart(1, levels, 1, 1);
    struct chart_layout layout = lay_out(&chart);
    for (size_t i = 0; i < layout.mark_count; i++) {
        assert_true(!text_equal(layout.marks[i].kind, "run") || layout.marks[i].width >= 6);
    }
    chart_layout_done(&layout);
}

static void test_runs_stand_at_their_values_from_zero(void **state)
{
    (void)state;
    static const double levels[] = {400};
    chart_sample_seed(3);
    struct history_chart chart = make_chart(1, levels, 1, 30);
    struct chart_layout layout = lay_out(&chart);
    assert_int_equal(layout.panel_count, 1);
    const struct chart_panel *panel = &layout.panels[0];
    assert_true(fabs(panel->domain_low) < 1e-12);
    for (size_t i = 0; i < layout.mark_count; i++) {
        const struct chart_mark *mark = &layout.marks[i];
        if (text_equal(mark->kind, "run") || text_equal(mark->kind, "median")) {
            double share = mark->value / panel->domain_high;
            assert_true(fabs(mark->y + mark->height / 2 - (panel->y + panel->height * (1 - share))) < 0.5);
        }
    }
    assert_int_equal(chart_sample_count_marks(&layout, "change"), 0);
    chart_layout_done(&layout);
    chart.zoom = true;
    layout = lay_out(&chart);
    assert_true(layout.panels[0].domain_low > 0);
    assert_non_null(strstr(chart_sample_text(&layout, "direction", 0)->text, "does not start at zero"));
    chart_layout_done(&layout);
}

static void test_long_silence_is_dotted(void **state)
{
    (void)state;
    static const double levels[] = {400};
    struct history_chart chart = make_chart(1, levels, 1, 30);
    for (size_t i = 20; i < 30; i++) {
        runs[0][i].at += 60 * DAY;
    }
    struct chart_layout layout = lay_out(&chart);
    size_t dotted = 0;
    for (size_t i = 0; i < layout.mark_count; i++) {
        dotted += text_equal(layout.marks[i].kind, "median") && layout.marks[i].dashed;
    }
    assert_int_equal(dotted, 1);
    assert_int_equal(chart_sample_count_marks(&layout, "median"), 3);
    chart_layout_done(&layout);
}

static void test_any_number_of_series_is_legible(void **state)
{
    (void)state;
    static const double levels[] = {1000, 1100, 550, 560, 900, 300};
    for (size_t count = 1; count <= HISTORY_SERIES_MAX; count++) {
        for (size_t k = 0; k < 6; k++) {
            chart_sample_seed(count * 10 + k);
            struct history_chart chart = make_chart(count, levels, k + 1, k % 2 == 0 ? 9 : 50);
            chart.dated = k != 3;
            chart.width = k % 2 == 0 ? 800 : 400;
            struct chart_layout layout = lay_out(&chart);
            chart_sample_assert_legible(&layout);
            assert_int_equal(layout.panel_count, count <= HISTORY_TOGETHER ? 1 : count);
            chart_layout_done(&layout);
        }
    }
}

static void test_hostile_runs(void **state)
{
    (void)state;
    static const double odd[] = {0, -5, 1e-300, 1e300, -1e300, 7, 1e6, 7, 1e-12, 3e9};
    for (size_t first = 0; first < ARRAY_LENGTH(odd); first++) {
        struct history_chart chart = make_chart(2, odd, 10, 3);
        for (size_t i = 0; i < 30; i++) {
            runs[0][i].value = odd[(first + i / 4) % ARRAY_LENGTH(odd)];
            runs[1][i].value = odd[first];
            runs[1][i].at = START;
        }
        struct chart_layout layout = lay_out(&chart);
        chart_sample_assert_legible(&layout);
        chart_layout_done(&layout);
    }
    struct history_chart chart = make_chart(1, odd, 1, 1);
    struct chart_layout layout;
    struct err err = {0};
    struct text_measure measure = draw_measure(chart_sample_pen);
    runs[0][0].value = 1.5e308;
    assert_int_equal(chart_lay_out_history(&chart, THEME_LIGHT, &measure, &layout, &err), -ERR_DATA);
    series[0].count = 0;
    assert_int_equal(chart_lay_out_history(&chart, THEME_LIGHT, &measure, &layout, &err), -ERR_NOTHING);
    series[0].count = HISTORY_RUNS_MAX + 1;
    assert_int_equal(chart_lay_out_history(&chart, THEME_LIGHT, &measure, &layout, &err), -ERR_LIMIT);
}

static void test_one_far_run_does_not_press_the_others(void **state)
{
    (void)state;
    static const double levels[] = {400};
    struct history_chart chart = make_chart(1, levels, 1, 30);
    runs[0][11].value = 4e8;
    struct chart_layout layout = lay_out(&chart);
    assert_true(layout.panels[0].domain_high < 1000);
    assert_string_equal(chart_sample_text(&layout, "outside", 0)->text, "1 beyond, to 400,000,000 ↑");
    assert_int_equal(chart_sample_count_marks(&layout, "run"), 29);
    chart_layout_done(&layout);
}

static void test_calendar_ticks_are_round(void **state)
{
    (void)state;
    struct calendar_tick ticks[CALENDAR_TICKS_MAX];
    assert_int_equal(calendar_ticks(START, START + 360 * DAY, 6, ticks), 6);
    static const char *const expected[] = {"Jul", "Sep", "Nov", "Jan", "Mar", "May"};
    for (size_t i = 0; i < 6; i++) {
        assert_string_equal(ticks[i].text, expected[i]);
    }
    assert_string_equal(ticks[0].below, "2024");
    assert_string_equal(ticks[1].below, "");
    assert_string_equal(ticks[3].below, "2025");
    assert_int_equal(calendar_ticks(START, START + 7200, 6, ticks), 5);
    assert_string_equal(ticks[0].text, "00:00");
    assert_string_equal(ticks[0].below, "17 Jun");
    for (int power = 0; power < 100; power++) {
        double span = pow(1.3, power);
        size_t count = calendar_ticks(START, START + span, 6, ticks);
        assert_in_range(count, 1, 6);
        for (size_t i = 0; i < count; i++) {
            assert_true(ticks[i].at >= START && ticks[i].at <= START + span);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps_are_found_and_signed),
        cmocka_unit_test(test_dates_are_as_fine_as_the_time_is_long),
        cmocka_unit_test(test_runs_stand_at_their_values_from_zero),
        cmocka_unit_test(test_long_silence_is_dotted),
        cmocka_unit_test(test_any_number_of_series_is_legible),
        cmocka_unit_test(test_hostile_runs),
        cmocka_unit_test(test_one_far_run_does_not_press_the_others),
        cmocka_unit_test(test_calendar_ticks_are_round),
    };
    return cmocka_run_group_tests(tests, chart_sample_open_pen, chart_sample_close_pen);
}
