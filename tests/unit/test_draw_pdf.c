/* PDF: embedded fonts, metadata, a date only when asked for, the same bytes again. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/chart_sample.h"
#include "tests/unit/sanitizers.h"

static struct chart_layout make_layout(void)
{
    struct chart_layout layout = {.width = 800,
                                  .height = 450,
                                  .background = 0xFFFFFF,
                                  .title = "Bandwidth by chip",
                                  .alt = "Bar chart of bandwidth of two chips."};
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct builder builder = {.layout = &layout, .measure = &measure, .colours = chart_colours(THEME_LIGHT)};
    builder_heading(&builder, "Bandwidth by chip", "A subtitle");
    builder_rect(&builder, "bar", 100, 100, 250, 20, 0x0072B2)->opacity = 0.5;
    return layout;
}

static void render(struct buf *into)
{
    struct chart_layout layout = make_layout();
    struct err err = {0};
    if (draw_pdf(chart_sample_pen, &layout, 2, into, &err) != 0) {
        fail_msg("%s", err.text);
    }
    chart_layout_done(&layout);
}

static bool holds(const struct buf *bytes, const char *text)
{
    return str_find(str_slice(buf_text(bytes), bytes->len), str_of(text), 0) != SIZE_MAX;
}

static void test_fonts_and_metadata(void **state)
{
    (void)state;
    struct buf bytes autobuf = BUF(BUF_MIB);
    assert_int_equal(unsetenv("SOURCE_DATE_EPOCH"), 0);
    render(&bytes);
    assert_memory_equal(buf_text(&bytes), "%PDF-1.", 7);
    assert_true(holds(&bytes, "/FontFile"));
    assert_true(holds(&bytes, "/Title (Bandwidth by chip)"));
    assert_true(holds(&bytes, "/Subject (Bar chart of bandwidth of two chips.)"));
    assert_true(holds(&bytes, "/MediaBox [ 0 0 600 337.5 ]"));
    assert_false(holds(&bytes, "/CreationDate"));
}

static void test_the_same_bytes_again(void **state)
{
    (void)state;
    struct buf first autobuf = BUF(BUF_MIB), second autobuf = BUF(BUF_MIB);
    render(&first);
    render(&second);
    assert_int_equal(first.len, second.len);
    assert_memory_equal(buf_text(&first), buf_text(&second), first.len);
}

static void test_the_date_is_the_one_asked_for(void **state)
{
    (void)state;
    struct buf bytes autobuf = BUF(BUF_MIB), odd autobuf = BUF(BUF_MIB);
    assert_int_equal(setenv("SOURCE_DATE_EPOCH", "1700000000", 1), 0);
    render(&bytes);
    assert_true(holds(&bytes, "/CreationDate (20231114221320Z)"));
    assert_int_equal(setenv("SOURCE_DATE_EPOCH", "yesterday", 1), 0);
    render(&odd);
    assert_false(holds(&odd, "/CreationDate"));
    assert_int_equal(unsetenv("SOURCE_DATE_EPOCH"), 0);
}

static void test_what_cannot_be_drawn_is_refused(void **state)
{
    (void)state;
    struct buf bytes autobuf = BUF(BUF_MIB);
    struct err err = {0};
    struct chart_layout layout = make_layout();
    layout.marks[0].x = (double)NAN;
    assert_int_equal(draw_pdf(chart_sample_pen, &layout, 2, &bytes, &err), -ERR_INTERNAL);
    layout.height = 1e6;
    assert_int_equal(draw_pdf(chart_sample_pen, &layout, 2, &bytes, &err), -ERR_LIMIT);
    chart_layout_done(&layout);
}

/* Every number of a mark or a text that reaches Cairo, as NaN and as infinity, in a picture and on a page. */
static void test_no_number_that_is_none_reaches_cairo(void **state)
{
    (void)state;
    static const double none[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
    struct chart_layout layout = make_layout();
    static struct chart_point corners[3] = {{1, 1}, {5, 1}, {5, 9}};
    struct chart_mark *mark = &layout.marks[0];
    struct chart_text *text = &layout.texts[0];
    mark->shape = MARK_POLYGON;
    mark->points = corners;
    mark->point_count = 3;
    double *const numbers[] = {&mark->x,       &mark->y,          &mark->width,  &mark->height, &mark->stroke,
                               &mark->opacity, &corners[1].x,     &corners[2].y, &text->left,   &text->x,
                               &text->width,   &text->baseline_y, &text->size};
    for (size_t i = 0; i < ARRAY_LENGTH(numbers) * ARRAY_LENGTH(none); i++) {
        struct buf png autobuf = BUF(BUF_MIB), pdf autobuf = BUF(BUF_MIB);
        struct err err = {0};
        double *number = numbers[i / ARRAY_LENGTH(none)], before = *number;
        *number = none[i % ARRAY_LENGTH(none)];
        assert_int_equal(draw_png(chart_sample_pen, &layout, 1, &png, &err), -ERR_INTERNAL);
        assert_int_equal(draw_pdf(chart_sample_pen, &layout, 1, &pdf, &err), -ERR_INTERNAL);
        assert_non_null(strstr(err.text, "no finite place"));
        assert_int_equal(png.len, 0);
        *number = before;
    }
    struct buf png autobuf = BUF(BUF_MIB);
    assert_int_equal(draw_png(chart_sample_pen, &layout, 1, &png, NULL), 0);
    chart_layout_done(&layout);
}

/* Writing that ends part-way, at many places of the file, is an error in each format: Cairo tells it only at the end.
 */
static void test_writing_that_fails_is_told(void **state)
{
    (void)state;
    static int (*const renderers_of[])(struct draw *, const struct chart_layout *, double, struct buf *,
                                       struct err *) = {draw_png, draw_svg, draw_pdf};
    struct chart_layout layout = make_layout();
    for (size_t i = 0; i < ARRAY_LENGTH(renderers_of); i++) {
        struct buf whole autobuf = BUF(BUF_MIB);
        assert_int_equal(renderers_of[i](chart_sample_pen, &layout, 1, &whole, NULL), 0);
        for (size_t room = 1; room < whole.len; room += whole.len / 23 + 1) {
            struct buf bytes autobuf = BUF(room);
            struct err err = {0};
            assert_true(renderers_of[i](chart_sample_pen, &layout, 1, &bytes, &err) < 0);
            assert_true(err.text[0] != '\0');
        }
    }
    /* The pen draws as before. */
    struct buf again autobuf = BUF(BUF_MIB);
    assert_int_equal(draw_pdf(chart_sample_pen, &layout, 1, &again, NULL), 0);
    chart_layout_done(&layout);
}

static void test_sides_end_where_cairo_ends(void **state)
{
    (void)state;
    struct chart_layout layout = make_layout();
    static const double heights[] = {16385, 1e6, 1e300, 0, -5, (double)NAN, (double)INFINITY};
    for (size_t i = 0; i < ARRAY_LENGTH(heights); i++) {
        struct buf bytes autobuf = BUF(BUF_MIB);
        struct err err = {0};
        layout.height = heights[i];
        assert_int_equal(draw_png(chart_sample_pen, &layout, 1, &bytes, &err), -ERR_LIMIT);
    }
    struct buf bytes autobuf = BUF(BUF_MIB);
    layout.height = 16384;
    layout.width = 10;
    assert_int_equal(draw_png(chart_sample_pen, &layout, 1, &bytes, NULL), 0);
    chart_layout_done(&layout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fonts_and_metadata),
        cmocka_unit_test(test_the_same_bytes_again),
        cmocka_unit_test(test_the_date_is_the_one_asked_for),
        cmocka_unit_test(test_what_cannot_be_drawn_is_refused),
        cmocka_unit_test(test_no_number_that_is_none_reaches_cairo),
        cmocka_unit_test(test_writing_that_fails_is_told),
        cmocka_unit_test(test_sides_end_where_cairo_ends),
    };
    return cmocka_run_group_tests(tests, chart_sample_open_pen, chart_sample_close_pen);
}
