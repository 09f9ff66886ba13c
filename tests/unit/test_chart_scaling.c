/* Scaling by its numbers: ratios where they belong, efficiencies as computed, labels apart, data out of a table with
 * the catalogue's resources. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/chart/scaling.h"
#include "plot/scaling_data.h"
#include "tests/unit/chart_sample.h"
#include "tests/unit/sanitizers.h"

#define POINTS 5

static struct scaling_point points[SCALING_FAMILIES_MAX + 1][POINTS];
static struct scaling_family families[SCALING_FAMILIES_MAX + 1];
static struct scaling_panel panels[SCALING_PANELS_MAX];

static struct scaling_chart make_chart(size_t family_count, size_t panel_count, double reach)
{
    for (size_t i = 0; i < family_count; i++) {
        double resource = 1, speed_up = 1;
        for (size_t k = 0; k < POINTS; k++) {
            points[i][k] = (struct scaling_point){"Chip of some length Ultra", NULL, resource, speed_up, speed_up * 9};
            resource *= 1 + reach * chart_sample_random();
            speed_up *= fmax(0.2, 1 + reach * (chart_sample_random() - 0.2));
        }
        families[i] = (struct scaling_family){"M1", i % CHART_CATEGORIES, points[i], POINTS};
    }
    for (size_t i = 0; i < panel_count; i++) {
        panels[i] = (struct scaling_panel){{"Prompt processing", "tok/s", true}, "GPU cores", families, family_count};
    }
    return (struct scaling_chart){
        .title = "Scaling",
        .subtitle = "A subtitle",
        .footer = chart_sample_footer,
        .footer_count = CHART_SAMPLE_FOOTER,
        .panels = panels,
        .panel_count = panel_count,
    };
}

static struct chart_layout lay_out(const struct scaling_chart *chart)
{
    struct chart_layout layout;
    struct err err = {0};
    struct text_measure measure = draw_measure(chart_sample_pen);
    if (chart_lay_out_scaling(chart, THEME_DARK, &measure, &layout, &err) != 0) {
        fail_msg("%s", err.text);
    }
    return layout;
}

static void test_points_stand_at_their_ratios(void **state)
{
    (void)state;
    static const double ratios[][2] = {{1, 1}, {2, 2}, {4, 3}, {8, 4}, {16, 4}};
    struct scaling_chart chart = make_chart(1, 1, 1);
    for (size_t i = 0; i < POINTS; i++) {
        points[0][i].resource = ratios[i][0];
        points[0][i].speed_up = ratios[i][1];
    }
    struct chart_layout layout = lay_out(&chart);
    double x[POINTS], y[POINTS];
    size_t found = 0;
    for (size_t i = 0; i < layout.mark_count; i++) {
        if (text_equal(layout.marks[i].kind, "point")) {
            x[found] = layout.marks[i].x + layout.marks[i].width / 2;
            y[found++] = layout.marks[i].y + layout.marks[i].height / 2;
        }
    }
    assert_int_equal(found, POINTS);
    /* Each doubling is the same way, to the right and up. */
    for (size_t i = 2; i < POINTS; i++) {
        assert_true(fabs((x[i] - x[i - 1]) - (x[1] - x[0])) < 0.01);
    }
    assert_true(fabs((y[1] - y[0]) / 2 - (y[3] - y[0]) / 4) < 0.01);
    assert_true(fabs(y[3] - y[4]) < 0.01);
    assert_string_equal(chart_sample_text(&layout, "label", 0)->text, "Chip of some length Ultra 25\u202f%");
    chart_layout_done(&layout);
}

/* Two panels side by side are compared by eye: equal heights must mean equal speed-ups; but one that would use little
 * of the other's axis has its own. */
static void test_panels_share_their_axis(void **state)
{
    (void)state;
    static struct scaling_point small[2] = {{"A", NULL, 1, 1, 9}, {"B", NULL, 8, 5, 9}};
    static struct scaling_family family = {"M1", 0, small, 2};
    struct scaling_chart chart = make_chart(1, 2, 1);
    for (size_t i = 0; i < POINTS; i++) {
        points[0][i].resource = points[0][i].speed_up = 1 + 11.0 * (double)i / (POINTS - 1);
    }
    panels[1].families = &family;
    for (int i = 0; i < 2; i++) {
        struct chart_layout layout = lay_out(&chart);
        assert_int_equal(layout.panel_count, 2);
        bool shared = fabs(layout.panels[0].domain_high - layout.panels[1].domain_high) < 1e-9;
        assert_true(shared == (i == 0));
        chart_layout_done(&layout);
        small[1].resource = small[1].speed_up = 1.6;
    }
}

/* Height of a drawn line at a place, by the pieces it is made of. */
static double height_at(const struct chart_mark *line, double x)
{
    for (size_t i = 1; i < line->point_count; i++) {
        const struct chart_point *a = &line->points[i - 1], *b = &line->points[i];
        if (x >= a->x && x <= b->x && b->x > a->x) {
            return a->y + (b->y - a->y) * (x - a->x) / (b->x - a->x);
        }
    }
    return (double)NAN;
}

/* Families that scale alike have lines at one place: each must be seen, straight from chip to chip, within the markers
 * of its chips; where a family is alone its line goes through their middles. */
static void test_lines_at_one_place_are_side_by_side(void **state)
{
    (void)state;
    struct scaling_chart chart = make_chart(5, 1, 1);
    for (size_t i = 0; i < 5; i++) {
        for (size_t k = 0; k < POINTS; k++) {
            points[i][k].resource = pow(2, (double)k);
            points[i][k].speed_up = i == 4 && k > 0 ? pow(1.4, (double)k) : pow(2, (double)k);
        }
    }
    struct chart_layout layout = lay_out(&chart);
    const struct chart_mark *lines[5] = {0};
    struct chart_point places[5][POINTS] = {0};
    size_t count = 0, at = 0;
    for (size_t i = 0; i < layout.mark_count; i++) {
        const struct chart_mark *mark = &layout.marks[i];
        if (text_equal(mark->kind, "line") && count < 5) {
            lines[count++] = mark;
        } else if (text_equal(mark->kind, "point")) {
            places[at / POINTS][at % POINTS] =
                (struct chart_point){mark->x + mark->width / 2, mark->y + mark->height / 2};
            at++;
        }
    }
    assert_int_equal(count, 5);
    assert_int_equal(at, 5 * POINTS);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(lines[i]->point_count, 2 * (POINTS - 1));
        for (size_t k = 0; k < lines[i]->point_count; k++) {
            const struct chart_point *drawn = &lines[i]->points[k], *place = &places[i][(k + 1) / 2];
            /* The middle of a triangle's box is not its own. */
            assert_true(fabs(drawn->x - place->x) < (i == 4 ? 0.01 : 2.01) && fabs(drawn->y - place->y) < 3.5);
        }
        for (size_t k = 0; k + 1 < POINTS && i < 4; k++) {
            double x = (places[i][k].x + places[i][k + 1].x) / 2;
            for (size_t m = 0; m < i; m++) {
                assert_true(fabs(height_at(lines[i], x) - height_at(lines[m], x)) > 1.5);
            }
        }
    }
    chart_layout_done(&layout);
}

/* A phone has no room for the variant behind the name of the largest chip, but for the name. */
static void test_narrow_labels_leave_variants_out(void **state)
{
    (void)state;
    for (double width = 400; width <= 800; width += 400) {
        struct scaling_chart chart = make_chart(2, 1, 1);
        points[0][POINTS - 1].name = "M1 Ultra (20C/64G)";
        points[1][POINTS - 1].name = "M2 Ultra (24C/76G)";
        chart.width = width;
        struct chart_layout layout = lay_out(&chart);
        for (size_t i = 0; i < 2; i++) {
            const char *text = chart_sample_text(&layout, "label", i)->text;
            assert_true(width > 400 || strstr(text, "…") == NULL);
            assert_true(width < 800 || strchr(text, ')') != NULL);
        }
        chart_layout_done(&layout);
    }
}

static void test_any_number_of_families_is_legible(void **state)
{
    (void)state;
    static const double reaches[] = {0, 0.01, 0.5, 3, 200};
    for (size_t count = 1; count <= SCALING_FAMILIES_MAX; count++) {
        for (size_t i = 0; i < ARRAY_LENGTH(reaches) * 4; i++) {
            chart_sample_seed(count * 100 + i);
            struct scaling_chart chart = make_chart(count, 1 + i % 2, reaches[i / 4]);
            chart.width = i % 4 < 2 ? 800 : 400;
            struct chart_layout layout = lay_out(&chart);
            chart_sample_assert_legible(&layout);
            assert_int_equal(chart_sample_count_texts(&layout, "label"), count * chart.panel_count);
            assert_in_range(layout.panels[0].tick_count, 3, 6);
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
    struct scaling_chart chart = make_chart(1, 1, 1);
    points[0][2].speed_up = (double)NAN;
    assert_int_equal(chart_lay_out_scaling(&chart, THEME_LIGHT, &measure, &layout, &err), -ERR_DATA);
    chart = make_chart(SCALING_FAMILIES_MAX + 1, 1, 1);
    assert_int_equal(chart_lay_out_scaling(&chart, THEME_LIGHT, &measure, &layout, &err), -ERR_LIMIT);
    chart.panel_count = 0;
    assert_int_equal(chart_lay_out_scaling(&chart, THEME_LIGHT, &measure, &layout, &err), -ERR_NOTHING);
}

static const char *columns[] = {"chip", "generation_throughput"};
static const char *cells[] = {"Apple M1 Max", "61.19", "Apple M1",   "14.15", "Apple M1 Ultra", "83.73",
                              "Apple M2",     "21.91", "Unheard of", "9",     "Apple M1 Pro",   ""};

static void test_a_table_of_names_and_numbers_is_enough(void **state)
{
    (void)state;
    int lines[6] = {0};
    struct plot_input input autoinput = {
        .name = "test", .columns = columns, .column_count = 2, .cells = cells, .row_count = 6, .lines = lines};
    struct scaling_data data;
    struct err err = {0};
    const struct scaling_wish wish = {0};
    assert_int_equal(scaling_data_make(&input, &wish, &data, &err), 0);
    assert_int_equal(data.panel_count, 1);
    assert_true(data.catalogue);
    assert_int_equal(data.missing, 2);
    assert_int_equal(data.single, 1);
    const struct scaling_panel *panel = &data.panels[0];
    assert_int_equal(panel->family_count, 1);
    assert_string_equal(panel->families[0].name, "M1");
    assert_int_equal(panel->families[0].count, 3);
    /* Apple rates the M1 at 68.25 GB/s, the M1 Ultra at 800. */
    const struct scaling_point *last = &panel->families[0].points[2];
    assert_string_equal(last->name, "Apple M1 Ultra");
    assert_true(fabs(last->resource - 11.75) < 0.1);
    assert_true(fabs(last->speed_up - 83.73 / 14.15) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_points_stand_at_their_ratios),
        cmocka_unit_test(test_panels_share_their_axis),
        cmocka_unit_test(test_lines_at_one_place_are_side_by_side),
        cmocka_unit_test(test_narrow_labels_leave_variants_out),
        cmocka_unit_test(test_any_number_of_families_is_legible),
        cmocka_unit_test(test_bad_charts_are_refused),
        cmocka_unit_test(test_a_table_of_names_and_numbers_is_enough),
    };
    return cmocka_run_group_tests(tests, chart_sample_open_pen, chart_sample_close_pen);
}
