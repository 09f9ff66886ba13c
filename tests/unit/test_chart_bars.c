/* The axis of bars beside their labels, and names at the left of rows. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "plot/chart/bars.h"
#include "tests/unit/chart_sample.h"
#include "tests/unit/sanitizers.h"

static void test_labels_end_at_the_limit_and_bars_are_long(void **state)
{
    (void)state;
    const struct bar_label labels[] = {{290, 30}, {300, 200}, {1, 90}, {0, 0}};
    struct scale scale = bars_scale(300, 100, 400, 520, 30, labels, 4);
    double widest = 0;
    for (size_t i = 0; i < 3; i++) {
        double right = scale_px(&scale, labels[i].end) + labels[i].width;
        assert_true(right <= 520 + 1e-9);
        widest = fmax(widest, right);
    }
    /* No domain is longer than the data needs, and one label stands at the limit. */
    assert_true(fabs(scale.high - 300) < 1e-9);
    assert_true(widest > 519.9);
    assert_in_range(scale.tick_count, 3, 6);
}

static void test_ticks_stay_apart(void **state)
{
    (void)state;
    const struct bar_label label = {16619, 40};
    struct scale scale = bars_scale(16619, 0, 120, 130, 50, &label, 1);
    assert_true(scale.step / scale.high * scale.width >= 25);
    assert_in_range(scale.tick_count, 3, 4);
    /* Labels wider than the room leave bars of some px. */
    const struct bar_label wide = {5, 900};
    scale = bars_scale(5, 0, 120, 130, 50, &wide, 1);
    assert_true(scale.width >= 10);
}

static void test_names_take_two_lines_before_they_lose_letters(void **state)
{
    (void)state;
    struct chart_layout layout = {.width = 800};
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct builder builder = {.layout = &layout, .measure = &measure, .colours = chart_colours(THEME_LIGHT)};
    static const char *const name = "Ryzen 9 5950X 16-Core Processor";
    struct bar_name fitted = bars_fit_name(&builder, name, 600, 13, WEIGHT_MEDIUM, 2);
    assert_int_equal(fitted.count, 1);
    fitted = bars_fit_name(&builder, name, 130, 13, WEIGHT_MEDIUM, 2);
    assert_int_equal(fitted.count, 2);
    assert_int_equal(strlen(fitted.lines[0]) + 1 + strlen(fitted.lines[1]), strlen(name));
    assert_true(fitted.width <= 130);
    fitted = bars_fit_name(&builder, name, 130, 13, WEIGHT_MEDIUM, 1);
    assert_int_equal(fitted.count, 1);
    assert_non_null(strstr(fitted.lines[0], "…"));
    fitted = bars_fit_name(&builder, "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa Bbbb", 130, 13, WEIGHT_MEDIUM, 2);
    assert_int_equal(fitted.count, 1);
    assert_true(fitted.width <= 130);
    bars_draw_name(&builder, &fitted, name, 200, 50, (struct text_style){0, WEIGHT_MEDIUM, 0, ANCHOR_END});
    assert_string_equal(layout.texts[0].full_text, name);
    assert_true(fabs(layout.texts[0].left + layout.texts[0].width - 200) < 0.01);
    chart_layout_done(&layout);
}

static void test_long_names_take_as_many_lines_as_there_is_room_for(void **state)
{
    (void)state;
    struct chart_layout layout = {.width = 400};
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct builder builder = {.layout = &layout, .measure = &measure, .colours = chart_colours(THEME_LIGHT)};
    static const char *const name = "a category whose name goes on and on 7";
    struct bar_name fitted = bars_fit_name(&builder, name, 94, 13, WEIGHT_MEDIUM, 9);
    assert_in_range(fitted.count, 3, BAR_NAME_LINES);
    assert_string_equal(fitted.lines[fitted.count - 1] + strlen(fitted.lines[fitted.count - 1]) - 1, "7");
    chart_layout_done(&layout);
}

/* A title breaks in its middle, not before its last word, and loses nothing. */
static void test_lines_of_titles_are_even(void **state)
{
    (void)state;
    struct chart_layout layout = {.width = 400};
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct builder builder = {.layout = &layout, .measure = &measure, .colours = chart_colours(THEME_LIGHT)};
    static const char *const texts[] = {"Memory bandwidth and inference time by chip",
                                        "Rated memory bandwidth and time per token",
                                        "Median latency against output throughput"};
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        const char *greedy[2], *even[2];
        assert_int_equal(builder_wrap(&builder, texts[i], 352, 20, WEIGHT_BOLD, greedy, 2), 2);
        assert_int_equal(builder_wrap_even(&builder, texts[i], 352, 20, WEIGHT_BOLD, even, 2), 2);
        double first = builder_text_width(&builder, even[0], 20, WEIGHT_BOLD);
        double second = builder_text_width(&builder, even[1], 20, WEIGHT_BOLD);
        assert_true(first <= 352 && second <= 352);
        assert_true(fmin(first, second) > 0.6 * fmax(first, second));
        assert_int_equal(strlen(even[0]) + 1 + strlen(even[1]), strlen(texts[i]));
    }
    chart_layout_done(&layout);
}

/* Every word stands on the line where a search from its beginning puts it. */
static void test_lines_are_as_long_as_they_can_be(void **state)
{
    (void)state;
    struct chart_layout layout = {.width = 800};
    struct text_measure measure = draw_measure(chart_sample_pen);
    struct builder builder = {.layout = &layout, .measure = &measure, .colours = chart_colours(THEME_LIGHT)};
    chart_sample_seed(4);
    for (int round = 0; round < 200; round++) {
        struct buf text autobuf = BUF(4096);
        size_t words = 1 + (size_t)(30 * chart_sample_random());
        for (size_t i = 0; i < words; i++) {
            buf_addf(&text, "%s%.*s", i > 0 ? " " : "", 1 + (int)(12 * chart_sample_random()), "WiMoonlight il");
        }
        double width = 60 + 500 * chart_sample_random();
        const char *lines[64];
        size_t count = builder_wrap(&builder, buf_text(&text), width, 11, WEIGHT_REGULAR, lines, ARRAY_LENGTH(lines));
        const char *rest = buf_text(&text);
        for (size_t i = 0; i < count; i++) {
            size_t length = strlen(lines[i]);
            bool cut = strstr(lines[i], "…") != NULL;
            assert_true(cut || strncmp(rest, lines[i], length) == 0);
            assert_true(builder_text_width(&builder, lines[i], 11, WEIGHT_REGULAR) <= width || cut);
            if (cut) {
                break;
            }
            /* The next word would not fit behind it. */
            size_t longer = length + strspn(rest + length, " ");
            longer += strcspn(rest + longer, " ");
            const char *more = arena_strndup(&layout.arena, rest, longer);
            assert_true(i + 1 == count || builder_text_width(&builder, more, 11, WEIGHT_REGULAR) > width);
            rest += length + strspn(rest + length, " ");
        }
    }
    chart_layout_done(&layout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels_end_at_the_limit_and_bars_are_long),
        cmocka_unit_test(test_ticks_stay_apart),
        cmocka_unit_test(test_names_take_two_lines_before_they_lose_letters),
        cmocka_unit_test(test_long_names_take_as_many_lines_as_there_is_room_for),
        cmocka_unit_test(test_lines_of_titles_are_even),
        cmocka_unit_test(test_lines_are_as_long_as_they_can_be),
    };
    return cmocka_run_group_tests(tests, chart_sample_open_pen, chart_sample_close_pen);
}
