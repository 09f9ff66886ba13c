/* Distributions by their numbers: what is drawn for which n, quartiles at their place, texts apart, hostile data. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plot/chart/builder.h"
#include "plot/chart/distribution.h"
#include "plot/draw/draw.h"
#include "schema/base/str.h"

#define ROWS_MAX 200
#define RUNS_MAX 2500

static struct draw *pen;
static double runs[ROWS_MAX][RUNS_MAX];
static struct sample_row rows[ROWS_MAX];
static char names[ROWS_MAX][80];
static const char *const footer[] = {"Dot = one run.", "Source: a table of published figures."};

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

/* Evenly spread runs, 90 to 110. */
static struct distribution make_chart(size_t row_count, size_t run_count)
{
    for (size_t i = 0; i < row_count; i++) {
        snprintf(names[i], sizeof names[i], "Chip %zu", i);
        for (size_t k = 0; k < run_count; k++) {
            runs[i][k] = run_count == 1 ? 100 : 90 + 20.0 * (double)k / (double)(run_count - 1);
        }
        rows[i] = (struct sample_row){.name = names[i], .sorted = runs[i], .count = run_count};
    }
    return (struct distribution){
        .title = "Proof time, runs by chip",
        .subtitle = "each run against its own median",
        .footer = footer,
        .footer_count = 2,
        .unit = "ms",
        .rows = rows,
        .row_count = row_count,
    };
}

static struct chart_layout lay_out(const struct distribution *chart, enum chart_theme theme)
{
    struct chart_layout layout = {0};
    struct err err = {0};
    struct text_measure measure = draw_measure(pen);
    assert_int_equal(chart_lay_out_distribution(chart, theme, &measure, &layout, &err), 0);
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
            fail_msg("%s \"%s\" is outside: %.1f to %.1f, %.1f of %.0f", text->role, text->text, text->left,
                     text->left + text->width, text->top, layout->height);
        }
        for (size_t k = i + 1; k < layout->text_count; k++) {
            if (boxes_meet(text, &layout->texts[k])) {
                fail_msg("%s \"%s\" and %s \"%s\" overlap", text->role, text->text, layout->texts[k].role,
                         layout->texts[k].text);
            }
        }
    }
}

static size_t count_marks(const struct chart_layout *layout, const char *kind)
{
    size_t count = 0;
    for (size_t i = 0; i < layout->mark_count; i++) {
        count += text_equal(layout->marks[i].kind, kind);
    }
    return count;
}

static bool has_text(const struct chart_layout *layout, const char *text)
{
    for (size_t i = 0; i < layout->text_count; i++) {
        if (text_equal(layout->texts[i].text, text)) {
            return true;
        }
    }
    return false;
}

static const struct chart_mark *find_mark(const struct chart_layout *layout, const char *kind)
{
    for (size_t i = 0; i < layout->mark_count; i++) {
        if (text_equal(layout->marks[i].kind, kind)) {
            return &layout->marks[i];
        }
    }
    fail_msg("there is no %s", kind);
    return NULL;
}

static void test_what_n_allows(void **state)
{
    (void)state;
    static const struct {
        size_t n, points, boxes, violins, quantiles;
    } cases[] = {{1, 1, 0, 0, 0},   {5, 5, 0, 0, 0},       {6, 6, 1, 0, 0},   {19, 19, 1, 0, 0},
                 {20, 20, 1, 1, 0}, {2000, 2000, 1, 1, 0}, {2001, 0, 1, 1, 7}};
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct distribution chart = make_chart(1, cases[i].n);
        struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
        assert_int_equal(count_marks(&layout, "run"), cases[i].points);
        assert_int_equal(count_marks(&layout, "iqr"), cases[i].boxes);
        assert_int_equal(count_marks(&layout, "violin"), cases[i].violins);
        assert_int_equal(count_marks(&layout, "quantile"), cases[i].quantiles);
        assert_texts_apart_and_inside(&layout);
        chart_layout_done(&layout);
    }
}

/* 41 even steps from -10 % to +10 %: quartiles at ±5 %, whiskers at ±10 %. */
static void test_box_stands_at_its_quartiles(void **state)
{
    (void)state;
    struct distribution chart = make_chart(3, 41);
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    const struct chart_panel *panel = &layout.panels[0];
    double px = panel->width / (panel->domain_high - panel->domain_low), middle = panel->x + panel->width / 2;
    const struct chart_mark *box = find_mark(&layout, "iqr"), *whisker = find_mark(&layout, "whisker");
    const struct chart_mark *ring = find_mark(&layout, "median");
    assert_true(fabs(panel->domain_low + panel->domain_high) < 1e-9);
    assert_true(fabs(box->x - (middle - 5 * px)) < 0.5);
    assert_true(fabs(box->width - 10 * px) < 0.5);
    assert_true(fabs(box->value - 10) < 1e-9);
    assert_true(fabs(whisker->x - (middle - 10 * px)) < 0.5);
    assert_true(fabs(whisker->width - 20 * px) < 0.5);
    assert_true(fabs(ring->x + ring->width / 2 - middle) < 0.01);
    assert_true(has_text(&layout, "100 ms"));
    chart_layout_done(&layout);
}

/* Two modes 3 % apart are two hills with a valley between them. */
static void test_two_modes_stay_two(void **state)
{
    (void)state;
    struct distribution chart = make_chart(1, 60);
    for (size_t k = 0; k < 60; k++) {
        runs[0][k] = (k < 20 ? 97 : 100) + 0.02 * (double)(k % 20);
    }
    for (size_t k = 20; k < 60; k++) {
        runs[0][k] = 100 + 0.01 * (double)(k - 20);
    }
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    const struct chart_mark *violin = find_mark(&layout, "violin");
    size_t hills = 0;
    for (size_t i = 2; i + 1 < violin->point_count; i++) {
        double before = violin->points[i - 1].y, here = violin->points[i].y, after = violin->points[i + 1].y;
        hills += here < before && here <= after && violin->y + violin->height - here > 2;
    }
    assert_int_equal(hills, 2);
    chart_layout_done(&layout);
}

static void test_far_runs_are_counted_at_the_edge(void **state)
{
    (void)state;
    struct distribution chart = make_chart(2, 30);
    runs[0][0] = 1;
    runs[0][29] = 1e9;
    struct chart_layout layout = lay_out(&chart, THEME_DARK);
    assert_int_equal(count_marks(&layout, "run"), 58);
    assert_true(has_text(&layout, "← 1, to −99\u202f%"));
    assert_texts_apart_and_inside(&layout);
    chart_layout_done(&layout);
}

static void test_every_count_is_legible(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 12, 13, 40, 41, 100};
    for (size_t i = 0; i < ARRAY_LENGTH(counts); i++) {
        struct distribution chart = make_chart(counts[i], 24);
        struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
        assert_texts_apart_and_inside(&layout);
        chart_layout_done(&layout);
    }
}

static void test_hostile_data(void **state)
{
    (void)state;
    static char endless[4000];
    memset(endless, 'x', sizeof endless - 1);
    struct distribution chart = make_chart(6, 21);
    for (size_t k = 0; k < 21; k++) {
        runs[0][k] = 5e-324;
        runs[1][k] = k < 11 ? 1e-300 : 1e300;
        runs[2][k] = -1e300 * (double)(21 - k);
        runs[3][k] = 0;
        runs[4][k] = 1e300;
    }
    rows[5].count = 0;
    rows[0].name = chart.title = chart.subtitle = chart.unit = endless;
    rows[1].name = "\xE2\x80\xAE"
                   "evil\x01\xFF";
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    assert_texts_apart_and_inside(&layout);
    struct buf png autobuf = BUF(16 * BUF_MIB), svg autobuf = BUF(16 * BUF_MIB);
    assert_int_equal(draw_png(pen, &layout, 1, &png, NULL), 0);
    assert_int_equal(draw_svg(pen, &layout, 1, &svg, NULL), 0);
    chart_layout_done(&layout);
}

/* Eight times the median and an eighth of it lie equally far: an axis in % would squeeze all that is slower than half
 * into a hundredth of it, and show what cannot be, less than nothing. */
static void test_wide_runs_are_multiples(void **state)
{
    (void)state;
    struct distribution chart = make_chart(2, 7);
    static const double wide[] = {12.5, 25, 50, 100, 200, 400, 800};
    rows[0].sorted = wide;
    chart.subtitle = NULL;
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    assert_texts_apart_and_inside(&layout);
    double middle = find_mark(&layout, "median")->x + find_mark(&layout, "median")->width / 2, place[7] = {0};
    size_t count = 0;
    for (size_t i = 0; i < layout.mark_count && count < 7; i++) {
        if (text_equal(layout.marks[i].kind, "run")) {
            place[count++] = layout.marks[i].x + layout.marks[i].width / 2 - middle;
        }
    }
    assert_int_equal(count, 7);
    for (size_t i = 0; i < 3; i++) {
        assert_true(fabs(place[i] + place[6 - i]) < 0.5);
        assert_true(fabs(place[4 + i] - (double)(i + 1) * place[4]) < 0.5);
    }
    assert_true(place[4] > 40);
    assert_true(has_text(&layout, "¼×") && has_text(&layout, "4×") && !has_text(&layout, "−200\u202f%"));
    assert_true(has_text(&layout, "Each run as a multiple of its own chip’s median, logarithmic. Right of the line = "
                                  "worse."));
    chart_layout_done(&layout);
    /* A value that is not positive has no logarithm. */
    static const double zero[] = {0, 25, 50, 100, 200, 400, 800};
    rows[0].sorted = zero;
    layout = lay_out(&chart, THEME_LIGHT);
    assert_true(!has_text(&layout, "4×"));
    chart_layout_done(&layout);
}

static void test_nothing_to_draw(void **state)
{
    (void)state;
    struct distribution chart = make_chart(2, 0);
    struct chart_layout layout;
    struct err err = {0};
    struct text_measure measure = draw_measure(pen);
    assert_int_equal(chart_lay_out_distribution(&chart, THEME_LIGHT, &measure, &layout, &err), -ERR_NOTHING);
    assert_true(err.hint[0] != '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_n_allows),           cmocka_unit_test(test_box_stands_at_its_quartiles),
        cmocka_unit_test(test_two_modes_stay_two),      cmocka_unit_test(test_far_runs_are_counted_at_the_edge),
        cmocka_unit_test(test_every_count_is_legible),  cmocka_unit_test(test_hostile_data),
        cmocka_unit_test(test_wide_runs_are_multiples), cmocka_unit_test(test_nothing_to_draw),
    };
    return cmocka_run_group_tests(tests, open_pen, close_pen);
}
