/* The heat map by its numbers: colours of factors, texts apart and inside, missing cells, hostile data. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plot/chart/builder.h"
#include "plot/chart/heatmap.h"
#include "plot/draw/draw.h"
#include "schema/base/str.h"
#include "tests/unit/chart_sample.h"

#define ROWS_MAX 200

static struct draw *pen;
static struct heat_cell cells[ROWS_MAX][HEATMAP_COLUMNS_MAX];
static struct heat_row rows[ROWS_MAX];
static struct heat_column columns[HEATMAP_COLUMNS_MAX];
static char names[ROWS_MAX][80], titles[HEATMAP_COLUMNS_MAX][80];
static const char *const footer[] = {"One value per cell.", "Source: a table of published figures."};

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

static struct heatmap make_chart(size_t row_count, size_t column_count)
{
    for (size_t c = 0; c < column_count; c++) {
        snprintf(titles[c], sizeof titles[c], "Q%zu_0", c);
        columns[c] = (struct heat_column){titles[c], c < column_count / 2 ? "Prompt" : "Generation"};
    }
    for (size_t i = 0; i < row_count; i++) {
        snprintf(names[i], sizeof names[i], "Chip %zu", i);
        rows[i] = (struct heat_row){.name = names[i], .variant = "32c", .baseline = i == 0, .cells = cells[i]};
        for (size_t c = 0; c < column_count; c++) {
            double factor = exp2(3 - 6 * (double)i / (double)row_count);
            cells[i][c] = (struct heat_cell){100 * factor, factor, false};
        }
    }
    return (struct heatmap){
        .title = "Throughput by chip",
        .subtitle = "tokens per second",
        .footer = footer,
        .footer_count = 2,
        .columns = columns,
        .column_count = column_count,
        .rows = rows,
        .row_count = row_count,
        .baseline_name = "Chip 0",
    };
}

static struct chart_layout lay_out(const struct heatmap *chart, enum chart_theme theme)
{
    struct chart_layout layout = {0};
    struct err err = {0};
    struct text_measure measure = draw_measure(pen);
    assert_int_equal(chart_lay_out_heatmap(chart, theme, &measure, &layout, &err), 0);
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

static void test_every_size_is_legible(void **state)
{
    (void)state;
    static const size_t row_counts[] = {1, 2, 15, 34, 35, 200}, column_counts[] = {1, 2, 6, 7, 11, 18, 32, 64};
    for (size_t r = 0; r < ARRAY_LENGTH(row_counts); r++) {
        for (size_t c = 0; c < ARRAY_LENGTH(column_counts); c++) {
            struct heatmap chart = make_chart(row_counts[r], column_counts[c]);
            struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
            if (row_counts[r] < 200) {
                assert_texts_apart_and_inside(&layout);
            }
            assert_int_equal(count_marks(&layout, "cell"), row_counts[r] * column_counts[c]);
            chart_layout_done(&layout);
        }
    }
}

/* The stops of the published scale: specification of charts, section 2.3. */
static void test_colours_of_factors(void **state)
{
    (void)state;
    assert_int_equal(heatmap_colour(THEME_LIGHT, 1), 0xF5F6F7);
    assert_int_equal(heatmap_colour(THEME_LIGHT, 0.25), 0xB35806);
    assert_int_equal(heatmap_colour(THEME_LIGHT, 0.5), 0xFDB863);
    assert_int_equal(heatmap_colour(THEME_LIGHT, 2), 0x85BBDF);
    assert_int_equal(heatmap_colour(THEME_LIGHT, 4), 0x0B5A97);
    assert_int_equal(heatmap_colour(THEME_LIGHT, 1e9), 0x0B5A97);
    assert_int_equal(heatmap_colour(THEME_LIGHT, 1e-9), 0xB35806);
    assert_int_equal(heatmap_colour(THEME_LIGHT, sqrt(2)), 0xC6DCEF);
}

static double luminance(unsigned colour)
{
    double sum = 0;
    static const double shares[] = {0.2126, 0.7152, 0.0722};
    for (unsigned i = 0; i < 3; i++) {
        double part = (colour >> (16 - 8 * i) & 0xFF) / 255.0;
        sum += shares[i] * (part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static void test_text_on_every_colour_has_contrast(void **state)
{
    (void)state;
    for (int i = -220; i <= 221; i++) {
        unsigned back = heatmap_colour(i & 1 ? THEME_LIGHT : THEME_DARK, exp2((i & ~1) / 100.0));
        double a = luminance(back) + 0.05, b = luminance(heatmap_text_colour(back)) + 0.05;
        if (fmax(a, b) / fmin(a, b) < 4.5) {
            fail_msg("contrast %.2f on #%06X", fmax(a, b) / fmin(a, b), back);
        }
    }
}

/* In both themes the further a factor is from 1, the further is its colour from the ground. */
static void test_the_same_is_nearest_to_the_ground(void **state)
{
    (void)state;
    for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
        double ground = luminance(chart_colours((enum chart_theme)theme)->background);
        for (int i = 0; i < 200; i++) {
            for (int sign = -1; sign <= 1; sign += 2) {
                unsigned near = heatmap_colour((enum chart_theme)theme, exp2(sign * i / 100.0));
                unsigned far = heatmap_colour((enum chart_theme)theme, exp2(sign * (i + 1) / 100.0));
                assert_true(fabs(luminance(far) - ground) >= fabs(luminance(near) - ground) - 0.004);
            }
        }
    }
}

/* Areas have their own colour in the palette of a PNG: rounded ones would show as bands in the key. */
static void test_png_keeps_the_colours_of_areas(void **state)
{
    (void)state;
    struct heatmap chart = make_chart(12, 6);
    for (size_t i = 0; i < 72; i++) {
        cells[i / 6][i % 6].factor = exp2((double)i / 18 - 2);
    }
    struct chart_layout layout = lay_out(&chart, THEME_DARK);
    struct buf png autobuf = BUF(8 * BUF_MIB);
    assert_int_equal(draw_png(pen, &layout, 2, &png, NULL), 0);
    size_t at = str_find(str_slice(png.data, png.len), STR("PLTE"), 0), count = 0;
    assert_true(at != SIZE_MAX);
    const unsigned char *colours = (const unsigned char *)png.data + at + 4, *length = colours - 8;
    size_t size = ((size_t)length[2] << 8 | length[3]) / 3;
    for (size_t i = 0; i < layout.mark_count; i++) {
        const struct chart_mark *mark = &layout.marks[i];
        if (!text_equal(mark->kind, "cell") && !text_equal(mark->kind, "key")) {
            continue;
        }
        bool found = false;
        for (size_t k = 0; k < size && !found; k++) {
            found = mark->colour ==
                    ((unsigned)colours[3 * k] << 16 | (unsigned)colours[3 * k + 1] << 8 | colours[3 * k + 2]);
        }
        if (!found) {
            fail_msg("%s #%06X is not in the palette", mark->kind, mark->colour);
        }
        count++;
    }
    assert_int_equal(count, 72 + 75);
    chart_layout_done(&layout);
}

/* On a phone all of these were "Apple …re GPU)". */
static void test_names_that_differ_stay_different(void **state)
{
    (void)state;
    struct heatmap chart = make_chart(4, 3);
    static const char *const alike[] = {"Apple M3 Ultra (80-core GPU)", "Apple M3 Ultra (60-core GPU)",
                                        "Apple M1 Max (32-core GPU)", "Apple M1 (8-core GPU)"};
    for (size_t i = 0; i < 4; i++) {
        snprintf(names[i], sizeof names[i], "%s", alike[i]);
        rows[i].short_name = NULL;
    }
    chart.width = 400;
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    assert_texts_apart_and_inside(&layout);
    for (size_t i = 0; i < 4; i++) {
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(chart_sample_text(&layout, "name", i)->text,
                                    chart_sample_text(&layout, "name", k)->text);
        }
    }
    chart_layout_done(&layout);
}

static void test_missing_is_hatched_not_zero(void **state)
{
    (void)state;
    struct heatmap chart = make_chart(4, 3);
    cells[1][1] = (struct heat_cell){(double)NAN, (double)NAN, false};
    cells[2][2] = (struct heat_cell){(double)NAN, (double)NAN, true};
    cells[3][0] = (struct heat_cell){-5, (double)NAN, false};
    struct chart_layout layout = lay_out(&chart, THEME_DARK);
    assert_int_equal(count_marks(&layout, "missing"), 2);
    assert_int_equal(count_marks(&layout, "cell"), 10);
    assert_true(has_text(&layout, "no data"));
    assert_true(has_text(&layout, "failed"));
    assert_non_null(strstr(layout.alt, "2 cells without data"));
    assert_texts_apart_and_inside(&layout);
    chart_layout_done(&layout);
}

static void test_long_headings_read_upwards(void **state)
{
    (void)state;
    struct heatmap chart = make_chart(5, 12);
    columns[3].title = "a_workload_whose_name_is_longer_than_its_column";
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    const struct chart_text *heading = chart_sample_text(&layout, "column", 3);
    assert_true(heading->upwards);
    assert_true(heading->height > heading->width);
    assert_string_equal(heading->full_text, columns[3].title);
    assert_texts_apart_and_inside(&layout);
    chart_layout_done(&layout);
}

static void test_headings_of_thin_columns_are_numbers(void **state)
{
    (void)state;
    struct heatmap chart = make_chart(5, 24);
    chart.width = 400;
    columns[3].title = "a_workload_whose_name_is_longer_than_its_column";
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    assert_true(has_text(&layout, "13"));
    assert_true(has_text(&layout, "4  a_workload_whose_name_is_longer_than_its_column"));
    assert_texts_apart_and_inside(&layout);
    chart_layout_done(&layout);
}

static void test_colours_reach_as_far_as_factors_do(void **state)
{
    (void)state;
    struct heatmap chart = make_chart(4, 3);
    for (size_t i = 0; i < 12; i++) {
        cells[i / 3][i % 3].factor = i < 6 ? 1 : 12;
    }
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    assert_true(has_text(&layout, "16×"));
    assert_true(has_text(&layout, "1/16×"));
    for (size_t i = 0; i < layout.mark_count; i++) {
        if (text_equal(layout.marks[i].kind, "cell")) {
            assert_int_not_equal(layout.marks[i].colour, heatmap_colour(THEME_LIGHT, 4));
        }
    }
    chart_layout_done(&layout);
}

static void test_hostile_data(void **state)
{
    (void)state;
    static const double odd[] = {1e300, 1e-300, 0, -1e300, 5e-324, 123456789.123};
    static char endless[4000];
    memset(endless, 'x', sizeof endless - 1);
    struct heatmap chart = make_chart(6, 6);
    for (size_t i = 0; i < 6; i++) {
        for (size_t c = 0; c < 6; c++) {
            cells[i][c] =
                (struct heat_cell){odd[(i + c) % 6], odd[(i + c) % 6] > 0 ? odd[(i * c) % 2] : (double)NAN, false};
        }
    }
    rows[0].name = endless;
    rows[1].name = "\xE2\x80\xAE"
                   "evil\x01\xFF";
    rows[2].variant = endless;
    columns[0].title = endless;
    columns[0].group = endless;
    chart.title = chart.subtitle = chart.baseline_name = endless;
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    assert_texts_apart_and_inside(&layout);
    struct buf png autobuf = BUF(16 * BUF_MIB), svg autobuf = BUF(16 * BUF_MIB);
    assert_int_equal(draw_png(pen, &layout, 1, &png, NULL), 0);
    assert_int_equal(draw_svg(pen, &layout, 1, &svg, NULL), 0);
    chart_layout_done(&layout);
}

static void test_nothing_and_too_much(void **state)
{
    (void)state;
    struct heatmap chart = make_chart(2, 2);
    struct chart_layout layout;
    struct text_measure measure = draw_measure(pen);
    struct err err = {0};
    chart.column_count = HEATMAP_COLUMNS_MAX + 1;
    chart.row_count = 1;
    assert_int_equal(chart_lay_out_heatmap(&chart, THEME_LIGHT, &measure, &layout, &err), -ERR_LIMIT);
    chart = make_chart(1, 1);
    cells[0][0].value = (double)INFINITY;
    assert_int_equal(chart_lay_out_heatmap(&chart, THEME_LIGHT, &measure, &layout, &err), -ERR_NOTHING);
}

/* Each value by its own decimals, but none that its column does not have. */
static void test_figures_keep_their_digits(void **state)
{
    (void)state;
    static const double values[][2] = {{126.36, 41}, {54.6, 9.9}, {7.125, 6.7}, {0.25, 0.5}};
    static const char *const expected[] = {"126", "41.0", "54.6", "9.9", "7.12", "6.7", "0.250", "0.5"};
    struct heatmap chart = make_chart(4, 2);
    for (size_t i = 0; i < 8; i++) {
        cells[i / 2][i % 2].value = values[i / 2][i % 2];
    }
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    for (size_t i = 0; i < 8; i++) {
        assert_string_equal(chart_sample_text(&layout, "value", i)->text, expected[i]);
    }
    chart_layout_done(&layout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures_keep_their_digits),
        cmocka_unit_test(test_every_size_is_legible),
        cmocka_unit_test(test_colours_of_factors),
        cmocka_unit_test(test_text_on_every_colour_has_contrast),
        cmocka_unit_test(test_the_same_is_nearest_to_the_ground),
        cmocka_unit_test(test_png_keeps_the_colours_of_areas),
        cmocka_unit_test(test_names_that_differ_stay_different),
        cmocka_unit_test(test_missing_is_hatched_not_zero),
        cmocka_unit_test(test_long_headings_read_upwards),
        cmocka_unit_test(test_headings_of_thin_columns_are_numbers),
        cmocka_unit_test(test_colours_reach_as_far_as_factors_do),
        cmocka_unit_test(test_hostile_data),
        cmocka_unit_test(test_nothing_and_too_much),
    };
    return cmocka_run_group_tests(tests, open_pen, close_pen);
}
