/* The chip comparison chart by its numbers: what charts.md section 2.5 asks of every layout, for 1 to 200 rows. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plot/chart/builder.h"
#include "plot/draw/draw.h"
#include "schema/base/str.h"

#define ROWS_MAX 200

static struct draw *pen;
static struct chart_value values[ROWS_MAX][2];
static struct chart_row rows[ROWS_MAX];
static char names[ROWS_MAX][80];

static const struct chart_metric two_metrics[] = {
    {"Memory bandwidth", "GB/s", true},
    {"Inference time", "ms", false},
};
static const char *const footer[] = {
    "Run counts and spread were not published: no error bars, and factors carry an unknown margin.",
    "Source: a table of published figures.",
};

static int open_pen(void **state)
{
    (void)state;
    return draw_new(&pen, NULL);
}

static int close_pen(void **state)
{
    (void)state;
    draw_free(pen);
    return 0;
}

static struct chart_value plain_value(double value)
{
    return (struct chart_value){value, (double)NAN, (double)NAN, (double)NAN, (double)NAN, (double)NAN, -1};
}

static struct chip_chart make_chart(size_t count, size_t metrics)
{
    for (size_t i = 0; i < count; i++) {
        snprintf(names[i], sizeof names[i], "Chip %zu%s", i, i % 3 == 0 ? " Max" : "");
        values[i][0] = plain_value(126.36 - 120.0 * (double)i / (double)count);
        values[i][1] = plain_value(3.85 + 9.0 * (double)i / (double)count);
        values[i][0].factor = values[i][0].value / 60;
        values[i][1].factor = 7.61 / values[i][1].value;
        rows[i] = (struct chart_row){.name = names[i], .values = values[i], .baseline = i == count / 2};
    }
    return (struct chip_chart){
        .title = "Memory bandwidth and inference time by chip",
        .subtitle = "llama_lm_head on the Apple Neural Engine",
        .footer = footer,
        .footer_count = 2,
        .metrics = two_metrics,
        .metric_count = metrics,
        .rows = rows,
        .row_count = count,
        .baseline_name = names[count / 2],
    };
}

static struct chart_layout lay_out(const struct chip_chart *chart, enum chart_theme theme)
{
    struct chart_layout layout;
    struct err err = {0};
    struct text_measure measure = draw_measure(pen);
    assert_int_equal(chart_lay_out_chips(chart, theme, &measure, &layout, &err), 0);
    return layout;
}

static bool boxes_meet(const struct chart_text *a, const struct chart_text *b)
{
    const double slack = 0.6; /* descent of one line and ascent of the next may touch */
    return a->left + slack < b->left + b->width && b->left + slack < a->left + a->width &&
           a->top + slack < b->top + b->height && b->top + slack < a->top + a->height;
}

static void assert_texts_apart_and_inside(const struct chart_layout *layout)
{
    for (size_t i = 0; i < layout->text_count; i++) {
        const struct chart_text *text = &layout->texts[i];
        if (text->left < CHART_LEFT - 0.5 || text->left + text->width > CHART_RIGHT + 0.5 || text->top < 0 ||
            text->top + text->height > layout->height) {
            fail_msg("%s \"%s\" is outside: %.1f to %.1f, %.1f to %.1f of %.0f", text->role, text->text, text->left,
                     text->left + text->width, text->top, text->top + text->height, layout->height);
        }
        for (size_t k = i + 1; k < layout->text_count; k++) {
            if (boxes_meet(text, &layout->texts[k])) {
                fail_msg("%s \"%s\" and %s \"%s\" overlap", text->role, text->text, layout->texts[k].role,
                         layout->texts[k].text);
            }
        }
    }
}

static const struct chart_panel *find_panel(const struct chart_layout *layout, const char *name)
{
    size_t i = 0;
    while (i < layout->panel_count && !text_equal(layout->panels[i].name, name)) {
        i++;
    }
    assert_true(i < layout->panel_count);
    return &layout->panels[i];
}

static size_t assert_bars_follow_values(const struct chart_layout *layout)
{
    size_t bars = 0;
    for (size_t i = 0; i < layout->mark_count; i++) {
        const struct chart_mark *mark = &layout->marks[i];
        if (!text_equal(mark->kind, "bar")) {
            continue;
        }
        const struct chart_panel *panel = find_panel(layout, mark->panel);
        bars++;
        assert_true(fabs(panel->domain_low) < 1e-12);
        assert_true(fabs(panel->ticks[0]) < 1e-12);
        assert_true(mark->value <= panel->domain_high + 1e-9);
        assert_true(fabs(mark->x - panel->x) < 0.01);
        assert_true(fabs(mark->width - mark->value / panel->domain_high * panel->width) < 0.5);
    }
    return bars;
}

static void test_every_count_is_legible(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 3, 5, 6, 8, 9, 13, 16, 17, 24, 32, 33, 45, 60, 80, 81, 200};
    for (size_t i = 0; i < ARRAY_LENGTH(counts); i++) {
        for (size_t metrics = 1; metrics <= 2; metrics++) {
            struct chip_chart chart = make_chart(counts[i], metrics);
            struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
            assert_texts_apart_and_inside(&layout);
            size_t bars = assert_bars_follow_values(&layout);
            if (counts[i] > 1 && counts[i] <= 80) {
                assert_int_equal(bars, counts[i] * metrics);
            }
            chart_layout_done(&layout);
        }
    }
}

static void test_heights_stay_in_the_table(void **state)
{
    (void)state;
    static const struct {
        size_t rows;
        double most;
    } limits[] = {{1, 300}, {8, 500}, {16, 640}, {32, 860}, {80, 1430}};
    for (size_t i = 0; i < ARRAY_LENGTH(limits); i++) {
        struct chip_chart chart = make_chart(limits[i].rows, 1);
        struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
        assert_true(layout.height <= limits[i].most);
        assert_true(fabs(layout.width - 800) < 0.01);
        chart_layout_done(&layout);
    }
}

static void test_names_of_any_length(void **state)
{
    (void)state;
    struct chip_chart chart = make_chart(13, 2);
    snprintf(names[2], sizeof names[2], "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition 96 GB");
    snprintf(names[3], sizeof names[3], "NVIDIA RTX PRO 6000 Blackwell Max-Q Server Edition 96 GB (2)");
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    assert_texts_apart_and_inside(&layout);
    size_t shortened = 0;
    for (size_t i = 0; i < layout.text_count; i++) {
        if (layout.texts[i].full_text != NULL) {
            shortened++;
            assert_true(layout.texts[i].width <= 0.26 * 800 + 0.5);
            assert_non_null(strstr(layout.texts[i].text, "…"));
        }
    }
    assert_int_equal(shortened, 2);
    chart_layout_done(&layout);
}

static const struct chart_text *text_of_role(const struct chart_layout *layout, const char *role, size_t nth)
{
    for (size_t i = 0; i < layout->text_count; i++) {
        if (text_equal(layout->texts[i].role, role) && nth-- == 0) {
            return &layout->texts[i];
        }
    }
    return NULL;
}

static void test_missing_is_not_zero(void **state)
{
    (void)state;
    struct chip_chart chart = make_chart(5, 1);
    values[1][0] = plain_value((double)NAN);
    values[2][0].value = -4;
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    assert_int_equal(assert_bars_follow_values(&layout), 3);
    assert_string_equal(text_of_role(&layout, "missing", 0)->text, "no data");
    assert_string_equal(text_of_role(&layout, "missing", 1)->text, "invalid");
    chart_layout_done(&layout);
}

static void test_few_runs_are_hollow_and_intervals_drawn(void **state)
{
    (void)state;
    struct chip_chart chart = make_chart(5, 1);
    values[0][0].runs = 2;
    values[1][0].runs = 30;
    values[1][0].low = values[1][0].value - 9;
    values[1][0].high = values[1][0].value + 9;
    values[3][0].runs = 30; /* an interval of a few hundredths is under 4 px */
    values[3][0].low = values[3][0].value - 0.1;
    values[3][0].high = values[3][0].value + 0.1;
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    size_t hollow = 0, whiskers = 0;
    for (size_t i = 0; i < layout.mark_count; i++) {
        hollow += layout.marks[i].shape == MARK_RECT_OUTLINE ? 1 : 0;
        whiskers += text_equal(layout.marks[i].kind, "interval") ? 1 : 0;
    }
    assert_int_equal(hollow, 1);
    assert_int_equal(whiskers, 3);
    assert_texts_apart_and_inside(&layout);
    chart_layout_done(&layout);
}

static void test_factor_whose_interval_holds_one(void **state)
{
    (void)state;
    struct chip_chart chart = make_chart(3, 1);
    values[0][0].factor = 1.04;
    values[0][0].factor_low = 0.97;
    values[0][0].factor_high = 1.11;
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    assert_string_equal(text_of_role(&layout, "factor", 0)->text, "≈ 1×");
    assert_int_equal(text_of_role(&layout, "factor", 0)->weight, WEIGHT_REGULAR);
    assert_string_equal(text_of_role(&layout, "factor", 1)->text, "baseline");
    chart_layout_done(&layout);
}

/* Names of 20,000 characters cost no time, and nothing turns the direction of the line it stands in. */
static void test_hostile_texts(void **state)
{
    (void)state;
    static char huge[20001];
    memset(huge, 'W', sizeof huge - 1);
    struct chip_chart chart = make_chart(3, 1);
    struct chart_metric metric = {huge, huge, true};
    rows[0].name = huge;
    rows[1].name = "\xE2\x80\xAEspihc\xE2\x80\xAC"; /* right-to-left override */
    rows[2].name = "two\nlines";
    chart.title = chart.subtitle = chart.baseline_name = huge;
    chart.metrics = &metric;
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    /* Cut before it is measured: the work, which showed in memory, does not grow with the text. */
    assert_true(layout.arena.used < (size_t)4 << 20);
    assert_string_equal(text_of_role(&layout, "name", 1)->text, "spihc");
    assert_string_equal(text_of_role(&layout, "name", 2)->text, "two lines");
    for (size_t i = 0; i < layout.text_count; i++) {
        assert_true(layout.texts[i].left >= 0);
        assert_true(layout.texts[i].left + layout.texts[i].width <= layout.width);
    }
    chart_layout_done(&layout);
}

static void test_values_beyond_every_axis(void **state)
{
    (void)state;
    struct chip_chart chart = make_chart(2, 1);
    struct chart_layout layout;
    struct err err = {0};
    struct text_measure measure = draw_measure(pen);
    values[0][0] = plain_value(1.7e308);
    assert_int_equal(chart_lay_out_chips(&chart, THEME_LIGHT, &measure, &layout, &err), -ERR_DATA);
    assert_true(err.hint[0] != '\0');
    values[0][0] = plain_value(1e299);
    layout = lay_out(&chart, THEME_LIGHT);
    for (size_t i = 0; i < layout.mark_count; i++) {
        assert_true(isfinite(layout.marks[i].x + layout.marks[i].width));
    }
    chart_layout_done(&layout);
}

/* Bars of values over twelve orders would show one of them: dots at their logarithms instead, equally far apart. */
static void test_values_over_many_orders_are_dots(void **state)
{
    (void)state;
    struct chip_chart chart = make_chart(7, 1);
    for (size_t i = 0; i < 7; i++) {
        values[i][0] = plain_value(1.7 * pow(100, (double)i - 3));
    }
    assert_true(chart_chips_are_wide(&chart, 0));
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    assert_texts_apart_and_inside(&layout);
    double before = 0, step = 0;
    size_t count = 0;
    for (size_t i = 0; i < layout.mark_count; i++) {
        assert_true(!text_equal(layout.marks[i].kind, "bar"));
        if (text_equal(layout.marks[i].kind, "dot")) {
            double place = layout.marks[i].x + layout.marks[i].width / 2;
            step = count == 1 ? place - before : step;
            assert_true(count < 2 || fabs(place - before - step) < 0.5);
            before = place;
            count++;
        }
    }
    assert_int_equal(count, 7);
    assert_true(step > 25);
    chart_layout_done(&layout);
    /* One slow chip among others is no reason to give up bars. */
    for (size_t i = 1; i < 7; i++) {
        values[i][0] = plain_value(1e6 + (double)i);
    }
    assert_true(!chart_chips_are_wide(&chart, 0));
}

static void test_nothing_to_draw(void **state)
{
    (void)state;
    struct chip_chart chart = make_chart(2, 1);
    struct chart_layout layout;
    struct err err = {0};
    struct text_measure measure = draw_measure(pen);
    values[0][0] = plain_value((double)NAN);
    values[1][0] = plain_value((double)INFINITY);
    assert_int_equal(chart_lay_out_chips(&chart, THEME_LIGHT, &measure, &layout, &err), -ERR_NOTHING);
    chart.row_count = 0;
    assert_int_equal(chart_lay_out_chips(&chart, THEME_LIGHT, &measure, &layout, &err), -ERR_NOTHING);
}

/* WCAG 2.2: relative luminance and contrast ratio. */
static double luminance(unsigned colour)
{
    static const double weights[] = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        double c = (colour >> (16 - 8 * i) & 0xFF) / 255.0;
        sum += weights[i] * (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static void test_text_has_contrast(void **state)
{
    (void)state;
    for (enum chart_theme theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
        struct chip_chart chart = make_chart(40, 1);
        for (size_t i = 0; i < 40; i++) {
            rows[i].group = i % 2 == 0 ? "Apple" : "NVIDIA";
        }
        struct chart_layout layout = lay_out(&chart, theme);
        unsigned band = chart_colours(theme)->band;
        for (size_t i = 0; i < layout.text_count; i++) {
            double a = luminance(layout.texts[i].colour), b = luminance(layout.background), c = luminance(band);
            assert_true((fmax(a, b) + 0.05) / (fmin(a, b) + 0.05) >= 4.5);
            assert_true((fmax(a, c) + 0.05) / (fmin(a, c) + 0.05) >= 4.5);
        }
        assert_non_null(text_of_role(&layout, "legend", 1));
        chart_layout_done(&layout);
    }
}

static void test_both_themes_say_the_same(void **state)
{
    (void)state;
    struct chip_chart chart = make_chart(13, 2);
    struct chart_layout light = lay_out(&chart, THEME_LIGHT), dark = lay_out(&chart, THEME_DARK);
    assert_int_equal(light.text_count, dark.text_count);
    for (size_t i = 0; i < light.text_count; i++) {
        assert_string_equal(light.texts[i].text, dark.texts[i].text);
        assert_true(fabs(light.texts[i].left - dark.texts[i].left) < 1e-9);
    }
    assert_string_equal(light.alt, dark.alt);
    chart_layout_done(&light);
    chart_layout_done(&dark);
}

static void test_same_bytes_twice(void **state)
{
    (void)state;
    struct chip_chart chart = make_chart(13, 2);
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    for (const struct renderer *renderer = renderers; renderer->extension != NULL; renderer++) {
        struct buf first autobuf = BUF(8 * BUF_MIB), second autobuf = BUF(8 * BUF_MIB);
        assert_int_equal(renderer->render(pen, &layout, 2, &first, NULL), 0);
        assert_int_equal(renderer->render(pen, &layout, 2, &second, NULL), 0);
        assert_int_equal(first.len, second.len);
        assert_memory_equal(first.data, second.data, first.len);
    }
    chart_layout_done(&layout);
}

static void test_png_facts(void **state)
{
    (void)state;
    struct chip_chart chart = make_chart(6, 2);
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    struct buf png autobuf = BUF(8 * BUF_MIB);
    assert_int_equal(draw_png(pen, &layout, 2, &png, NULL), 0);
    struct str bytes = str_slice(png.data, png.len);
    assert_memory_equal(png.data, "\x89PNG\r\n\x1a\n", 8);
    /* IHDR: 1600 px wide, 8 bits, colour type 3 (palette); pHYs: 192 dpi = 7559 px a metre. */
    assert_memory_equal(png.data + 16, "\0\0\x06\x40", 4);
    assert_memory_equal(png.data + 24, "\x08\x03", 2);
    size_t phys = str_find(bytes, STR("pHYs"), 0);
    assert_true(phys != SIZE_MAX);
    assert_memory_equal(png.data + phys + 4, "\0\0\x1d\x87\0\0\x1d\x87\x01", 9);
    size_t text = str_find(bytes, STR("iTXtDescription"), 0);
    assert_true(text != SIZE_MAX);
    assert_true(str_find(bytes, str_of(layout.alt), text) != SIZE_MAX);
    chart_layout_done(&layout);
}

static void test_svg_cannot_be_escaped(void **state)
{
    (void)state;
    struct chip_chart chart = make_chart(3, 1);
    snprintf(names[0], sizeof names[0], "</text><script>alert(1)</script>&\"'");
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    struct buf svg autobuf = BUF(8 * BUF_MIB);
    assert_int_equal(draw_svg(pen, &layout, 1, &svg, NULL), 0);
    assert_null(strstr(svg.data, "<script"));
    assert_non_null(strstr(svg.data, "&lt;script&gt;"));
    assert_non_null(strstr(svg.data, "role=\"img\""));
    chart_layout_done(&layout);
}

static void test_picture_too_large(void **state)
{
    (void)state;
    struct chart_layout layout = {.width = 800, .height = 9000};
    struct buf png autobuf = BUF(BUF_MIB);
    struct err err = {0};
    assert_int_equal(draw_png(pen, &layout, 2, &png, &err), -ERR_LIMIT);
    layout.height = (double)NAN;
    assert_int_equal(draw_png(pen, &layout, 2, &png, &err), -ERR_LIMIT);
}

static void test_scale(void **state)
{
    (void)state;
    static const struct {
        double largest, high;
        size_t ticks;
    } cases[] = {
        {126.36, 150, 4}, {7.61, 8, 5}, {64.1, 80, 5}, {290, 300, 4}, {0.0042, 0.005, 6}, {1, 1, 6}, {0, 1, 6},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct scale scale = scale_from_zero(cases[i].largest, 6, 0, 100);
        assert_true(fabs(scale.high - cases[i].high) < 1e-9);
        assert_int_equal(scale.tick_count, cases[i].ticks);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_count_is_legible),
        cmocka_unit_test(test_heights_stay_in_the_table),
        cmocka_unit_test(test_names_of_any_length),
        cmocka_unit_test(test_missing_is_not_zero),
        cmocka_unit_test(test_few_runs_are_hollow_and_intervals_drawn),
        cmocka_unit_test(test_factor_whose_interval_holds_one),
        cmocka_unit_test(test_hostile_texts),
        cmocka_unit_test(test_values_beyond_every_axis),
        cmocka_unit_test(test_values_over_many_orders_are_dots),
        cmocka_unit_test(test_nothing_to_draw),
        cmocka_unit_test(test_text_has_contrast),
        cmocka_unit_test(test_both_themes_say_the_same),
        cmocka_unit_test(test_same_bytes_twice),
        cmocka_unit_test(test_png_facts),
        cmocka_unit_test(test_svg_cannot_be_escaped),
        cmocka_unit_test(test_picture_too_large),
        cmocka_unit_test(test_scale),
    };
    return cmocka_run_group_tests(tests, open_pen, close_pen);
}
