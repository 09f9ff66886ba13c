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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fonts_and_metadata),
        cmocka_unit_test(test_the_same_bytes_again),
        cmocka_unit_test(test_the_date_is_the_one_asked_for),
        cmocka_unit_test(test_what_cannot_be_drawn_is_refused),
    };
    return cmocka_run_group_tests(tests, chart_sample_open_pen, chart_sample_close_pen);
}
