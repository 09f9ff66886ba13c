/* The scatter chart by its numbers: names apart and inside, points where their values are, the frontier against a
 * search over all pairs, hostile data. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/chart/builder.h"
#include "plot/chart/plane.h"
#include "plot/chart/scatter.h"
#include "plot/draw/draw.h"
#include "schema/base/str.h"
#include "tests/unit/sanitizers.h"

#define POINTS_MAX 200

static struct draw *pen;
static struct scatter_point points[POINTS_MAX];
static char names[POINTS_MAX][120];
static uint64_t state_of_random;

static const char *const footer[] = {"One value per point.", "Source: a table of published figures."};
static const char *const groups[] = {"M1 family", "M2 family", "M3 family", "M4 family", NULL, "Other"};

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

/* Knuth's MMIX generator: the same sets on every machine. */
static double random_share(void)
{
    state_of_random = state_of_random * 6364136223846793005U + 1442695040888963407U;
    return (double)(state_of_random >> 11) / 9007199254740992.0;
}

static struct scatter_chart make_chart(size_t count, double decades)
{
    for (size_t i = 0; i < count; i++) {
        snprintf(names[i], sizeof names[i], "Chip %zu%s", i, i % 3 == 0 ? " Max" : "");
        points[i] = (struct scatter_point){.name = names[i], .category = i % 6, .lesser = i % 5 == 4};
        points[i].x = 10 * pow(10, decades * random_share());
        points[i].y = 3 * pow(10, decades * random_share());
    }
    return (struct scatter_chart){
        .title = "Latency and bandwidth",
        .subtitle = "A subtitle",
        .footer = footer,
        .footer_count = 2,
        .x = {"Bandwidth", "GB/s", true},
        .y = {"Latency", "ms", false},
        .groups = groups,
        .group_count = 6,
        .points = points,
        .point_count = count,
        .frontier = FRONTIER_LESS,
        .limit = 20,
    };
}

static struct chart_layout lay_out(const struct scatter_chart *chart, enum chart_theme theme)
{
    struct chart_layout layout;
    struct err err = {0};
    struct text_measure measure = draw_measure(pen);
    assert_int_equal(chart_lay_out_scatter(chart, theme, &measure, &layout, &err), 0);
    return layout;
}

static void assert_texts_apart_and_inside(const struct chart_layout *layout)
{
    for (size_t i = 0; i < layout->text_count; i++) {
        const struct chart_text *a = &layout->texts[i];
        if (a->left < CHART_LEFT - 0.5 || a->left + a->width > CHART_RIGHT + 0.5 || a->top < 0 ||
            a->top + a->height > layout->height) {
            fail_msg("%s \"%s\" is outside: %.1f, %.1f", a->role, a->text, a->left, a->top);
        }
        for (size_t k = i + 1; k < layout->text_count; k++) {
            const struct chart_text *b = &layout->texts[k];
            if (a->left + 0.6 < b->left + b->width && b->left + 0.6 < a->left + a->width &&
                a->top + 0.6 < b->top + b->height && b->top + 0.6 < a->top + a->height) {
                fail_msg("%s \"%s\" and %s \"%s\" overlap", a->role, a->text, b->role, b->text);
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

static size_t count_texts(const struct chart_layout *layout, const char *role)
{
    size_t count = 0;
    for (size_t i = 0; i < layout->text_count; i++) {
        count += text_equal(layout->texts[i].role, role);
    }
    return count;
}

static void test_every_count_is_legible(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 3, 8, 20, 40, 41, 100, 200};
    for (unsigned seed = 0; seed < 20; seed++) {
        for (size_t i = 0; i < ARRAY_LENGTH(counts); i++) {
            state_of_random = seed * 977 + counts[i];
            struct scatter_chart chart = make_chart(counts[i], seed % 4);
            struct chart_layout layout = lay_out(&chart, seed % 2 == 0 ? THEME_LIGHT : THEME_DARK);
            assert_texts_apart_and_inside(&layout);
            assert_int_equal(count_marks(&layout, "point"), counts[i]);
            if (counts[i] <= SCATTER_NAMES_MOST) {
                assert_int_equal(count_texts(&layout, "name") + count_texts(&layout, "list"), counts[i]);
            }
            chart_layout_done(&layout);
        }
    }
}

/* A vertical step ends at a point that no cheaper or equal one matches; the horizontal ones start there. */
static void test_frontier_is_what_no_point_beats(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 50; seed++) {
        state_of_random = seed;
        struct scatter_chart chart = make_chart(30, 1.5);
        size_t expected = 0;
        for (size_t i = 0; i < 30; i++) {
            bool beaten = false;
            for (size_t k = 0; k < 30; k++) {
                beaten |= k != i && points[k].x <= points[i].x && points[k].y <= points[i].y;
            }
            expected += !beaten;
        }
        struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
        assert_int_equal(count_marks(&layout, "frontier"), 2 * expected - 1);
        chart_layout_done(&layout);
    }
}

static void test_points_stand_at_their_logarithms(void **state)
{
    (void)state;
    struct scatter_chart chart = make_chart(3, 0);
    static const double values[3][2] = {{10, 1000}, {100, 100}, {1000, 10}};
    for (size_t i = 0; i < 3; i++) {
        points[i] = (struct scatter_point){.name = names[i], .x = values[i][0], .y = values[i][1]};
    }
    chart.limit = 5000; /* through half the height of each point on a logarithmic plane */
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    double x[3], y[3];
    size_t found = 0;
    for (size_t i = 0; i < layout.mark_count; i++) {
        const struct chart_mark *mark = &layout.marks[i];
        if (text_equal(mark->kind, "point")) {
            x[found] = mark->x + mark->width / 2;
            y[found++] = mark->y + mark->height / 2;
        } else if (text_equal(mark->kind, "limit")) {
            assert_true(mark->dashed);
            assert_true(mark->height > 0);
        }
    }
    assert_int_equal(found, 3);
    assert_true(fabs((x[1] - x[0]) - (x[2] - x[1])) < 0.01);
    assert_true(fabs((y[1] - y[0]) - (y[2] - y[1])) < 0.01);
    assert_true(y[0] < y[1]);
    assert_int_equal(count_marks(&layout, "limit"), 1);
    chart_layout_done(&layout);
}

static void test_hostile_points(void **state)
{
    (void)state;
    static const double odd[] = {0, -5, 1e-320, 1e300, -1e300, 7, 7, 7, 1e-12, 3e9};
    for (size_t first = 0; first < ARRAY_LENGTH(odd); first++) {
        state_of_random = first;
        struct scatter_chart chart = make_chart(40, 0);
        for (size_t i = 0; i < 40; i++) {
            points[i].x = odd[(first + i / 3) % ARRAY_LENGTH(odd)];
            points[i].y = i % 7 == 0 ? (double)NAN : odd[(first * 3 + i / 4) % ARRAY_LENGTH(odd)];
            memset(names[i], 'W', sizeof names[i] - 1);
        }
        struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
        assert_texts_apart_and_inside(&layout);
        assert_int_equal(count_marks(&layout, "point"), 34);
        chart_layout_done(&layout);
    }
    struct scatter_chart chart = make_chart(40, 0);
    for (size_t i = 0; i < 40; i++) {
        points[i].x = points[i].y = 5;
    }
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    assert_texts_apart_and_inside(&layout);
    assert_int_equal(count_texts(&layout, "name") + count_texts(&layout, "list"), 40);
    assert_true(count_texts(&layout, "list") > 0);
    chart_layout_done(&layout);
}

static void test_bad_charts_are_refused(void **state)
{
    (void)state;
    struct chart_layout layout;
    struct err err = {0};
    struct text_measure measure = draw_measure(pen);
    struct scatter_chart chart = make_chart(2, 1);
    points[0].x = points[1].y = (double)NAN;
    assert_int_equal(chart_lay_out_scatter(&chart, THEME_LIGHT, &measure, &layout, &err), -ERR_NOTHING);
    points[0].x = 1.5e308;
    assert_int_equal(chart_lay_out_scatter(&chart, THEME_LIGHT, &measure, &layout, &err), -ERR_DATA);
    chart.point_count = SCATTER_POINTS_MAX + 1;
    assert_int_equal(chart_lay_out_scatter(&chart, THEME_LIGHT, &measure, &layout, &err), -ERR_LIMIT);
}

/* Three chips at one place: what is drawn last is a chip, not its lesser variant; and none stands on the frame. */
static void test_lesser_variants_lie_below(void **state)
{
    (void)state;
    struct scatter_chart chart = make_chart(3, 1);
    for (size_t i = 0; i < 3; i++) {
        points[i].x = 20;
        points[i].y = 50;
        points[i].lesser = i == 2;
    }
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    const struct chart_mark *last = NULL;
    for (size_t i = 0; i < layout.mark_count; i++) {
        last = text_equal(layout.marks[i].kind, "point") ? &layout.marks[i] : last;
    }
    assert_string_equal(last != NULL ? last->row : "", names[1]);
    chart_layout_done(&layout);
    struct plane_axis axis = plane_axis_roomy(20, 20, false, 0, 100);
    assert_true(axis.low <= 0 && axis.high > 20);
    axis = plane_axis_roomy(20, 40, false, 0, 100);
    assert_true(axis.low < 20 && axis.high > 40);
}

static void test_axes_have_round_ticks(void **state)
{
    (void)state;
    struct plane_axis axis = plane_axis(10, 80, true, 0, 100);
    static const double expected[] = {10, 20, 40, 80};
    assert_int_equal(axis.tick_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_true(fabs(axis.ticks[i] - expected[i]) < 1e-9);
    }
    /* Not seven of the steps 1-2-5. */
    static const double steps[] = {1, 5, 10, 50, 100};
    axis = plane_axis(0.9, 105, true, 0, 100);
    assert_int_equal(axis.tick_count, ARRAY_LENGTH(steps));
    for (size_t i = 0; i < ARRAY_LENGTH(steps); i++) {
        assert_true(fabs(axis.ticks[i] - steps[i]) < 1e-9);
    }
    for (int decade = -12; decade <= 12; decade++) {
        for (double ratio = 1; ratio < 1e12; ratio *= 1.7) {
            double least = 3.3 * pow(10, decade);
            axis = plane_axis(least, least * ratio, true, 0, 100);
            assert_in_range(axis.tick_count, 3, PLANE_TICKS_MOST);
            assert_true(plane_px(&axis, least) > 0 && plane_px(&axis, least * ratio) < 100);
            assert_true(fabs(plane_px(&axis, plane_value(&axis, 0.3)) - 30) < 1e-6);
            axis = plane_axis(-least, least * ratio, false, 0, 100);
            assert_in_range(axis.tick_count, 2, PLANE_TICKS_MOST);
        }
    }
}

static size_t ticks_that_say(const struct chart_layout *layout, const char *words)
{
    size_t found = 0;
    for (size_t i = 0; i < layout->text_count; i++) {
        found += text_equal(layout->texts[i].role, "tick") && text_equal(layout->texts[i].text, words) ? 1 : 0;
    }
    return found;
}

/* Where chips share a few rated values the axis names those, the least and the greatest always. */
static void test_ratings_are_named_on_the_axis(void **state)
{
    (void)state;
    static const double rated[] = {68, 100, 120, 150, 200, 273, 300, 400, 546, 800};
    struct scatter_chart chart = make_chart(20, 1);
    for (size_t i = 0; i < 20; i++) {
        points[i].x = rated[i / 2];
        points[i].y = 4000 / rated[i / 2] * (1 + 0.2 * (double)(i % 2));
    }
    struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
    assert_int_equal(ticks_that_say(&layout, "68"), 1);
    assert_int_equal(ticks_that_say(&layout, "546"), 1);
    assert_int_equal(ticks_that_say(&layout, "800"), 1);
    assert_texts_apart_and_inside(&layout);
    chart_layout_done(&layout);
    /* What was measured has round ticks. */
    chart.frontier = FRONTIER_MORE;
    layout = lay_out(&chart, THEME_LIGHT);
    assert_int_equal(ticks_that_say(&layout, "68"), 0);
    assert_int_equal(ticks_that_say(&layout, "400"), 1);
    chart_layout_done(&layout);
}

/* Of two chips at one place both markers are seen, no further than 3 px from it; variants of one chip need not be. */
static void test_chips_at_one_place_do_not_hide_each_other(void **state)
{
    (void)state;
    struct scatter_chart chart = make_chart(3, 1);
    for (size_t i = 0; i < 3; i++) {
        points[i].x = i < 2 ? 100 : 10;
        points[i].y = i < 2 ? 10 : 30;
        points[i].lesser = false;
    }
    for (int same = 0; same < 2; same++) {
        points[1].name = same ? points[0].name : names[1];
        struct chart_layout layout = lay_out(&chart, THEME_LIGHT);
        double centres[3] = {0};
        size_t found = 0;
        for (size_t i = 0; i < layout.mark_count; i++) {
            const struct chart_mark *mark = &layout.marks[i];
            if (text_equal(mark->kind, "point") && found < 3) {
                centres[found++] = mark->x + mark->width / 2;
            }
        }
        assert_int_equal(found, 3);
        assert_true(fabs(fabs(centres[0] - centres[1]) - (same ? 0 : 6)) < 0.01);
        chart_layout_done(&layout);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_count_is_legible),
        cmocka_unit_test(test_frontier_is_what_no_point_beats),
        cmocka_unit_test(test_points_stand_at_their_logarithms),
        cmocka_unit_test(test_hostile_points),
        cmocka_unit_test(test_bad_charts_are_refused),
        cmocka_unit_test(test_axes_have_round_ticks),
        cmocka_unit_test(test_ratings_are_named_on_the_axis),
        cmocka_unit_test(test_chips_at_one_place_do_not_hide_each_other),
        cmocka_unit_test(test_lesser_variants_lie_below),
    };
    return cmocka_run_group_tests(tests, open_pen, close_pen);
}
