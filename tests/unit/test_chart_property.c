/* Properties of every chart family over random data: names of 1 to 60 characters in six scripts, 1 to 200 rows, values
 * over 12 orders of magnitude with negatives, zeros, gaps, ties and an outlier. Each set comes from a seed that a
 * failure prints: CROSSCHIP_PROPERTY_SEED=N runs that one again (or begins there), CROSSCHIP_PROPERTY_SETS=N runs that
 * many a family, CROSSCHIP_PROPERTY_FAMILY=NAME only one family. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/number.h"
#include "tests/unit/chart_set.h"

#define SETS_DEFAULT 3
#define ALT_MOST 250

/* What stands behind the middle of a text: its patch, the last opaque area there, or the picture. */
static unsigned background_of(const struct chart_layout *layout, const struct chart_text *text)
{
    double x = text->left + text->width / 2, y = text->top + text->height / 2;
    unsigned colour = layout->background;
    for (size_t i = 0; i < layout->mark_count && !text->patch; i++) {
        const struct chart_mark *mark = &layout->marks[i];
        bool opaque = mark->shape == MARK_RECT && !(mark->opacity > 0);
        if (opaque && x > mark->x && x < mark->x + mark->width && y > mark->y && y < mark->y + mark->height) {
            colour = mark->colour;
        }
    }
    return text->patch ? text->patch_colour : colour;
}

static void assert_contrast(const struct chart_layout *layout)
{
    for (size_t i = 0; i < layout->text_count; i++) {
        const struct chart_text *text = &layout->texts[i];
        double contrast = chart_sample_contrast(text->colour, background_of(layout, text));
        if (contrast < 4.5) {
            fail_msg("%s \"%s\" has a contrast of %.2f", text->role, text->text, contrast);
        }
    }
}

static const struct chart_panel *panel_of(const struct chart_layout *layout, const struct chart_mark *mark)
{
    for (size_t i = 0; i < layout->panel_count; i++) {
        const struct chart_panel *panel = &layout->panels[i];
        if (fabs(panel->x - mark->x) < 0.01 && mark->y >= panel->y - 0.01 &&
            mark->y + mark->height <= panel->y + panel->height + 0.01) {
            return panel;
        }
    }
    fail_msg("a bar of %s stands in no panel", mark->row);
    return layout->panels; /* not reached; gcc takes NULL for possible */
}

static void assert_bars(const struct chart_layout *layout)
{
    for (size_t i = 0; i < layout->mark_count; i++) {
        const struct chart_mark *mark = &layout->marks[i];
        if (!text_equal(mark->kind, "bar")) {
            continue;
        }
        const struct chart_panel *panel = panel_of(layout, mark);
        assert_true(fabs(panel->domain_low) < 1e-300);
        if (fabs(mark->width - panel->width * mark->value / panel->domain_high) > 0.5) {
            fail_msg("the bar of %s, %g, is %.1f px wide", mark->row, mark->value, mark->width);
        }
        /* In the order of the rows: each bar of a panel below the one before. */
        for (size_t k = i; k > 0 && text_equal(layout->marks[k - 1].kind, "bar"); k--) {
            assert_true(layout->marks[k - 1].y < mark->y || fabs(layout->marks[k - 1].x - mark->x) > 0.01);
        }
    }
}

static bool is_round(double step)
{
    double mantissa = step / pow(10, floor(log10(step) + 1e-9));
    static const double bases[] = {1, 2, 2.5, 5, 10};
    for (size_t i = 0; i < ARRAY_LENGTH(bases); i++) {
        if (fabs(mantissa - bases[i]) < 1e-6) {
            return true;
        }
    }
    return false;
}

/* Linear axes have 3 to 6 ticks at a round distance, with zero at an end unless the axis is about something else. */
static void assert_ticks(const struct chart_layout *layout)
{
    for (size_t i = 0; i < layout->panel_count; i++) {
        const struct chart_panel *panel = &layout->panels[i];
        if (panel->tick_count < 2 || panel->tick_count > 7) {
            fail_msg("panel %s has %zu ticks", panel->name, panel->tick_count);
        }
        double step = panel->ticks[1] - panel->ticks[0];
        bool linear = panel->tick_count < 3 || fabs(panel->ticks[2] - panel->ticks[1] - step) < 1e-6 * step;
        if (linear && !is_round(step)) {
            fail_msg("panel %s has steps of %g", panel->name, step);
        }
    }
}

static void assert_values_are_in_data(const struct chart_layout *layout, const struct chart_set *set)
{
    for (size_t i = 0; i < layout->text_count; i++) {
        const struct chart_text *text = &layout->texts[i];
        char plain[64];
        size_t length = 0, decimals = 0;
        bool point = false;
        if (!text_equal(text->role, "value")) {
            continue;
        }
        for (const char *at = text->text; *at != '\0' && length + 1 < sizeof plain; at++) {
            decimals += point && *at >= '0' && *at <= '9';
            point |= *at == '.';
            if (*at != ',') {
                plain[length++] = *at;
            }
        }
        plain[length] = '\0';
        double drawn = (double)NAN;
        /* A true minus, a range, an exponent are other families' affair. */
        if (strchr(plain, 'e') != NULL || !number_parse_loose(str_of(plain), &drawn)) {
            continue;
        }
        bool found = false;
        for (size_t k = 0; k < set->rows * CHART_SET_COLUMNS && !found; k++) {
            double slack = 0.5 * pow(10, -(double)decimals) * (1 + 1e-9) + 1e-15 * fabs(drawn);
            found = fabs(set->values[k] - drawn) <= slack;
        }
        if (!found) {
            fail_msg("the value \"%s\" is not in the data", text->text);
        }
    }
}

static size_t characters(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += ((unsigned char)*text & 0xC0) != 0x80;
    }
    return count;
}

static void check_set(chart_set_lay_out *lay_out, uint64_t seed, bool bars)
{
    static struct chart_set set;
    struct chart_layout layout = {0};
    struct err err = {0};
    memset(&set, 0, sizeof set);
    chart_set_make(&set, seed);
    int result = lay_out(&set, &layout, &err);
    /* A set without a finite value is refused, never drawn. */
    if (result != -ERR_NOTHING) {
        if (result != 0) {
            fail_msg("%s", err.text);
        }
        chart_sample_assert_legible(&layout);
        assert_contrast(&layout);
        assert_ticks(&layout);
        if (bars) {
            assert_bars(&layout);
            assert_values_are_in_data(&layout, &set);
        }
        assert_in_range(characters(layout.alt), 10, ALT_MOST + 1);
        chart_layout_done(&layout);
    }
    arena_done(&set.arena);
}

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    int64_t number = 0;
    return text != NULL && number_parse_int64(str_of(text), &number) && number >= 0 ? (uint64_t)number : otherwise;
}

static uint64_t seed_now;

static int print_seed(void **state)
{
    (void)state;
    print_message("# last set: CROSSCHIP_PROPERTY_SEED=%llu\n", (unsigned long long)seed_now);
    return 0;
}

static void check_family(chart_set_lay_out *lay_out, bool bars)
{
    bool from_one = getenv("CROSSCHIP_PROPERTY_SEED") != NULL;
    uint64_t first = setting("CROSSCHIP_PROPERTY_SEED", 0),
             sets = setting("CROSSCHIP_PROPERTY_SETS", from_one ? 1 : SETS_DEFAULT);
    for (uint64_t i = 0; i < sets; i++) {
        seed_now = first + i;
        check_set(lay_out, seed_now, bars);
    }
}

static void test_chips(void **state)
{
    (void)state;
    check_family(chart_set_chips, true);
}

static void test_heatmap(void **state)
{
    (void)state;
    check_family(chart_set_heatmap, true);
}

static void test_distribution(void **state)
{
    (void)state;
    check_family(chart_set_distribution, false);
}

static void test_history(void **state)
{
    (void)state;
    check_family(chart_set_history, false);
}

static void test_scatter(void **state)
{
    (void)state;
    check_family(chart_set_scatter, false);
}

static void test_scaling(void **state)
{
    (void)state;
    check_family(chart_set_scaling, false);
}

static void test_categories(void **state)
{
    (void)state;
    check_family(chart_set_categories, true);
}

static void test_serving(void **state)
{
    (void)state;
    check_family(chart_set_serving, false);
}

static void test_sustained(void **state)
{
    (void)state;
    check_family(chart_set_sustained, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_chips, print_seed),        cmocka_unit_test_teardown(test_heatmap, print_seed),
        cmocka_unit_test_teardown(test_distribution, print_seed), cmocka_unit_test_teardown(test_history, print_seed),
        cmocka_unit_test_teardown(test_scatter, print_seed),      cmocka_unit_test_teardown(test_scaling, print_seed),
        cmocka_unit_test_teardown(test_categories, print_seed),   cmocka_unit_test_teardown(test_serving, print_seed),
        cmocka_unit_test_teardown(test_sustained, print_seed),
    };
    const char *family = getenv("CROSSCHIP_PROPERTY_FAMILY");
    char filter[64];
    if (family != NULL && snprintf(filter, sizeof filter, "test_%s", family) < (int)sizeof filter) {
        cmocka_set_test_filter(filter);
    }
    return cmocka_run_group_tests(tests, chart_sample_open_pen, chart_sample_close_pen);
}
