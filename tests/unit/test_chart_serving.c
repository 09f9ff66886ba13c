/* Serving and sustained charts by their numbers: points where their values are, rates and names apart, shares of
 * thirds, bands of throttling, hostile data. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/chart/serving.h"
#include "plot/chart/sustained.h"
#include "plot/serving_data.h"
#include "plot/sustained_data.h"
#include "tests/unit/chart_sample.h"
#include "tests/unit/sanitizers.h"

#define POINTS 9
#define SAMPLES 600

static struct serving_point points[SERVING_SERIES_MAX][POINTS];
static struct serving_series lines[SERVING_SERIES_MAX];
static struct sustained_sample samples[SUSTAINED_SERIES_MAX][SAMPLES];
static struct sustained_series runs[SUSTAINED_SERIES_MAX];

static struct serving_chart make_serving(size_t count, double decades)
{
    for (size_t i = 0; i < count; i++) {
        double throughput = 100 * pow(10, decades * chart_sample_random()), latency = 20;
        for (size_t k = 0; k < POINTS; k++) {
            throughput *= 1 + chart_sample_random();
            latency *= 1 + decades * chart_sample_random() * 0.5;
            points[i][k] =
                (struct serving_point){throughput, latency, k % 4 == 3 ? (double)NAN : latency * 3, pow(2, (double)k)};
        }
        lines[i] =
            (struct serving_series){"NVIDIA H100 80GB HBM3", i % 2 == 0 ? "H100 80GB HBM3" : NULL, points[i], POINTS};
    }
    return (struct serving_chart){
        .title = "Latency against throughput",
        .footer = chart_sample_footer,
        .footer_count = CHART_SAMPLE_FOOTER,
        .x = {"Output throughput", "tok/s", true},
        .y = {"Median latency", "ms", false},
        .series = lines,
        .series_count = count,
    };
}

static struct chart_layout lay_out_serving(const struct serving_chart *chart)
{
    struct chart_layout layout;
    struct err err = {0};
    struct text_measure measure = draw_measure(chart_sample_pen);
    if (chart_lay_out_serving(chart, THEME_LIGHT, &measure, &layout, &err) != 0) {
        fail_msg("%s", err.text);
    }
    return layout;
}

static void test_any_number_of_lines_is_legible(void **state)
{
    (void)state;
    for (size_t count = 1; count <= SERVING_SERIES_MAX; count++) {
        for (size_t i = 0; i < 8; i++) {
            chart_sample_seed(count * 100 + i);
            struct serving_chart chart = make_serving(count, 0.5 * (double)i);
            chart.width = i % 2 == 0 ? 800 : 400;
            struct chart_layout layout = lay_out_serving(&chart);
            chart_sample_assert_legible(&layout);
            assert_int_equal(chart_sample_count_texts(&layout, "name"), count);
            assert_int_equal(chart_sample_count_marks(&layout, "tail"), count * 7);
            chart_layout_done(&layout);
        }
    }
}

/* A curve that turns back ends far from the right margin: its name stands at its end, without a leader through the
 * others. */
static void test_names_stand_near_curves_that_turn_back(void **state)
{
    (void)state;
    struct serving_chart chart = make_serving(2, 1);
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < POINTS; k++) {
            double up = (double)(k < POINTS / 2 ? k + 1 : POINTS - k);
            points[i][k] = (struct serving_point){100 * up * (double)(i + 1), 20 + 10 * (double)(k + (1 - i) * 10),
                                                  (double)NAN, (double)NAN};
        }
    }
    struct chart_layout layout = lay_out_serving(&chart);
    chart_sample_assert_legible(&layout);
    assert_int_equal(chart_sample_count_texts(&layout, "name"), 2);
    assert_int_equal(chart_sample_count_marks(&layout, "leader"), 0);
    chart_layout_done(&layout);
}

static void test_points_stand_at_their_values(void **state)
{
    (void)state;
    struct serving_chart chart = make_serving(1, 0);
    for (size_t k = 0; k < POINTS; k++) {
        points[0][k] = (struct serving_point){100 + 50 * (double)k, 10 + 5 * (double)k, (double)NAN, (double)k};
    }
    struct chart_layout layout = lay_out_serving(&chart);
    const struct chart_panel *panel = &layout.panels[0];
    assert_true(fabs(panel->domain_low) < 1e-12);
    size_t found = 0;
    for (size_t i = 0; i < layout.mark_count; i++) {
        const struct chart_mark *mark = &layout.marks[i];
        if (text_equal(mark->kind, "point")) {
            double y = panel->y + panel->height * (1 - mark->value / panel->domain_high);
            assert_true(fabs(mark->y + mark->height / 2 - y) < 0.5);
            found++;
        }
    }
    assert_int_equal(found, POINTS);
    assert_int_equal(chart_sample_count_texts(&layout, "rate"), POINTS);
    chart_layout_done(&layout);
}

/* Under light load the servers of all chips deliver what is asked of them: their points stand above each other. */
static struct chart_layout lay_out_columns(double width)
{
    static const double asked[POINTS] = {1, 2, 4, 8, 16, 32, 64, 128, 256};
    struct serving_chart chart = make_serving(4, 0);
    for (size_t i = 0; i < 4; i++) {
        for (size_t k = 0; k < POINTS; k++) {
            double latency = 20 * pow(1.3, (double)i) * (k < 6 ? 1 : pow(1.5 + 0.2 * (double)i, (double)k - 5));
            points[i][k] = (struct serving_point){250 * fmin(asked[k], 40 + 10 * (double)i + asked[k] / 20), latency,
                                                  latency * 1.9, asked[k]};
        }
    }
    chart.width = width;
    return lay_out_serving(&chart);
}

static void test_stems_of_one_place_stand_side_by_side(void **state)
{
    (void)state;
    for (double width = 400; width <= 800; width += 400) {
        struct chart_layout layout = lay_out_columns(width);
        chart_sample_assert_legible(&layout);
        assert_int_equal(chart_sample_count_marks(&layout, "tail"), 4 * POINTS);
        for (size_t i = 0; i < layout.mark_count; i++) {
            const struct chart_mark *a = &layout.marks[i];
            for (size_t k = 0; k < i && text_equal(a->kind, "tail"); k++) {
                const struct chart_mark *b = &layout.marks[k];
                bool beside = a->y + a->height < b->y && b->y + b->height < a->y;
                if (text_equal(b->kind, "tail") && beside && fabs(a->x - b->x) < 1.5) {
                    fail_msg("stems at %.1f and %.1f cover each other", a->x, b->x);
                }
            }
        }
        chart_layout_done(&layout);
    }
}

/* A rate is nearer to a point of that rate than to any other, and stands once below points that share it. */
static void test_rates_belong_to_their_points(void **state)
{
    (void)state;
    for (double width = 400; width <= 800; width += 400) {
        struct chart_layout layout = lay_out_columns(width);
        size_t ones = 0;
        for (size_t i = 0; i < layout.text_count; i++) {
            const struct chart_text *text = &layout.texts[i];
            double near[2] = {1e9, 1e9};
            size_t at = 0;
            for (size_t m = 0; m < layout.mark_count && text_equal(text->role, "rate"); m++) {
                const struct chart_mark *mark = &layout.marks[m];
                if (text_equal(mark->kind, "point")) {
                    double x = mark->x + mark->width / 2, y = mark->y + mark->height / 2;
                    double aside = fmax(fmax(text->left - x, x - text->left - text->width), 0);
                    double up = fmax(fmax(text->top - y, y - text->top - text->height), 0);
                    bool own = fabs(points[0][at++ % POINTS].rate - strtod(text->text, NULL)) < 1e-9;
                    near[own] = fmin(near[own], hypot(aside, up));
                }
            }
            if (text_equal(text->role, "rate") && near[1] > near[0]) {
                fail_msg("rate %s is %.1f px from its point and %.1f px from another", text->text, near[1], near[0]);
            }
            ones += text_equal(text->role, "rate") && text_equal(text->text, "1");
        }
        assert_int_equal(ones, 1);
        assert_true(chart_sample_count_texts(&layout, "rate") > POINTS);
        chart_layout_done(&layout);
    }
}

static struct sustained_chart make_sustained(size_t count, double level)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < SAMPLES; k++) {
            double value = level * (k < SAMPLES / 2 ? 1 : 0.75) * (1 + 0.01 * chart_sample_random());
            const char *reason = k >= 300 && k < 400 ? "thermal" : k >= 420 && k < 430 ? "power" : NULL;
            samples[i][k] = (struct sustained_sample){(double)k / 2, value, reason};
        }
        runs[i] = (struct sustained_series){"Apple M4 Max", samples[i], SAMPLES};
    }
    return (struct sustained_chart){
        .title = "Throughput, sustained",
        .footer = chart_sample_footer,
        .footer_count = CHART_SAMPLE_FOOTER,
        .metric = {"Generation throughput", "tok/s", true},
        .series = runs,
        .series_count = count,
    };
}

static struct chart_layout lay_out_sustained(const struct sustained_chart *chart)
{
    struct chart_layout layout;
    struct err err = {0};
    struct text_measure measure = draw_measure(chart_sample_pen);
    if (chart_lay_out_sustained(chart, THEME_DARK, &measure, &layout, &err) != 0) {
        fail_msg("%s", err.text);
    }
    return layout;
}

static void test_thirds_and_bands(void **state)
{
    (void)state;
    struct sustained_chart chart = make_sustained(1, 40);
    assert_true(fabs(sustained_share(&runs[0]) - 75) < 1);
    struct chart_layout layout = lay_out_sustained(&chart);
    chart_sample_assert_legible(&layout);
    assert_int_equal(chart_sample_count_marks(&layout, "throttled"), 2);
    assert_string_equal(chart_sample_text(&layout, "reason", 0)->text, "thermal");
    assert_string_equal(chart_sample_text(&layout, "share", 0)->text, "75\u202f%");
    for (size_t i = 0; i < layout.mark_count; i++) {
        if (text_equal(layout.marks[i].kind, "line")) {
            assert_int_equal(layout.marks[i].point_count, SAMPLES / 2); /* two samples a second */
        }
    }
    chart_layout_done(&layout);
    runs[0].count = 1;
    assert_true(isnan(sustained_share(&runs[0])));
}

/* The time ends at a round tick that is near, with the data where none is; and it has a length where the data has none.
 */
static void test_time_ends_near_the_data(void **state)
{
    (void)state;
    static const struct {
        double first, last;
        bool tick;
    } cases[] = {{0, 599, true}, {0, 570, false}, {0, 0, false}, {-5, -5, false}, {7, 7, false}};
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct sustained_chart chart = make_sustained(1, 40);
        runs[0].count = 2;
        samples[0][0].at = cases[i].first;
        samples[0][1].at = cases[i].last;
        struct chart_layout layout = lay_out_sustained(&chart);
        chart_sample_assert_legible(&layout);
        bool named = false;
        for (size_t k = 0; k < layout.text_count; k++) {
            assert_true(isfinite(layout.texts[k].left));
            named |= text_equal(layout.texts[k].role, "tick") && text_equal(layout.texts[k].text, "600");
        }
        assert_true(named == cases[i].tick);
        chart_layout_done(&layout);
    }
}

static void test_any_number_of_runs_is_legible(void **state)
{
    (void)state;
    static const double levels[] = {40, 1e-9, 1e12, 0, -5};
    for (size_t count = 1; count <= SUSTAINED_SERIES_MAX; count += 3) {
        for (size_t i = 0; i < ARRAY_LENGTH(levels) * 2; i++) {
            struct sustained_chart chart = make_sustained(count, levels[i / 2]);
            runs[0].count = i % 3 == 0 ? 1 : SAMPLES;
            chart.width = i % 2 == 0 ? 800 : 400;
            struct chart_layout layout = lay_out_sustained(&chart);
            chart_sample_assert_legible(&layout);
            assert_int_equal(layout.panel_count, count);
            chart_layout_done(&layout);
        }
    }
}

static void test_bad_charts_are_refused(void **state)
{
    (void)state;
    struct chart_layout layout;
    struct err err = {0};
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct serving_chart serving = make_serving(1, 1);
    points[0][3].tail = 1.5e308;
    assert_int_equal(chart_lay_out_serving(&serving, THEME_LIGHT, &measure, &layout, &err), -ERR_DATA);
    lines[0].count = 0;
    assert_int_equal(chart_lay_out_serving(&serving, THEME_LIGHT, &measure, &layout, &err), -ERR_NOTHING);
    struct sustained_chart sustained = make_sustained(1, 1);
    samples[0][5].value = -1.5e308;
    assert_int_equal(chart_lay_out_sustained(&sustained, THEME_LIGHT, &measure, &layout, &err), -ERR_DATA);
    runs[0].count = SUSTAINED_SAMPLES_MAX + 1;
    assert_int_equal(chart_lay_out_sustained(&sustained, THEME_LIGHT, &measure, &layout, &err), -ERR_LIMIT);
    runs[0].count = 0;
    assert_int_equal(chart_lay_out_sustained(&sustained, THEME_LIGHT, &measure, &layout, &err), -ERR_NOTHING);
}

static int line_numbers[8];

static void test_columns_are_found_by_their_headings(void **state)
{
    (void)state;
    static const char *columns[] = {"chip", "request_rate", "output_throughput", "p99_latency_ms",
                                    "median_latency (ms)"};
    static const char *cells[] = {"B", "4", "900", "80", "30", "A", "2", "500", "",   "20",
                                  "B", "1", "300", "60", "25", "B", "2", "",    "60", "25"};
    struct plot_input input autoinput = {
        .name = "loads", .columns = columns, .column_count = 5, .cells = cells, .row_count = 4, .lines = line_numbers};
    struct serving_data data;
    struct err err = {0};
    const struct serving_wish wish = {0};
    assert_int_equal(serving_data_make(&input, &wish, &data, &err), 0);
    assert_int_equal(data.series_count, 2);
    assert_int_equal(data.missing, 1);
    assert_string_equal(data.y.title, "Median latency");
    assert_string_equal(data.series[0].name, "B");
    assert_int_equal(data.series[0].count, 2);
    assert_true(fabs(data.series[0].points[0].rate - 1) < 1e-12 && fabs(data.series[0].points[1].tail - 80) < 1e-12);
    assert_true(isnan(data.series[1].points[0].tail));
}

static void test_throttling_in_words(void **state)
{
    (void)state;
    static const char *columns[] = {"time", "tok/s", "throttled"};
    static const char *cells[] = {"1700000003", "40", "none", "1700000001", "41", "0",
                                  "1700000005", "30", "yes",  "1700000006", "29", "SW thermal slowdown",
                                  "1700000007", "",   ""};
    struct plot_input input autoinput = {.name = "samples",
                                         .columns = columns,
                                         .column_count = 3,
                                         .cells = cells,
                                         .row_count = 5,
                                         .lines = line_numbers};
    struct sustained_data data;
    struct err err = {0};
    const struct sustained_wish wish = {0};
    assert_int_equal(sustained_data_make(&input, &wish, &data, &err), 0);
    assert_int_equal(data.samples, 4);
    assert_int_equal(data.missing, 1);
    const struct sustained_sample *sample = data.series[0].samples;
    assert_true(fabs(sample[0].at) < 1e-9 && fabs(sample[0].value - 41) < 1e-12 && fabs(sample[3].at - 5) < 1e-6);
    assert_null(sample[0].reason);
    assert_null(sample[1].reason);
    assert_string_equal(sample[2].reason, "throttled");
    assert_string_equal(sample[3].reason, "SW thermal slowdown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_number_of_lines_is_legible),
        cmocka_unit_test(test_names_stand_near_curves_that_turn_back),
        cmocka_unit_test(test_points_stand_at_their_values),
        cmocka_unit_test(test_stems_of_one_place_stand_side_by_side),
        cmocka_unit_test(test_rates_belong_to_their_points),
        cmocka_unit_test(test_thirds_and_bands),
        cmocka_unit_test(test_time_ends_near_the_data),
        cmocka_unit_test(test_any_number_of_runs_is_legible),
        cmocka_unit_test(test_bad_charts_are_refused),
        cmocka_unit_test(test_columns_are_found_by_their_headings),
        cmocka_unit_test(test_throttling_in_words),
    };
    return cmocka_run_group_tests(tests, chart_sample_open_pen, chart_sample_close_pen);
}
