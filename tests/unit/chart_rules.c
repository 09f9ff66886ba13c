#include "tests/unit/chart_rules.h"

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

#define ALT_LEAST 10
#define ALT_MOST 251

void chart_rules_places(const struct chart_layout *layout)
{
    for (size_t i = 0; i < layout->text_count; i++) {
        const struct chart_text *text = &layout->texts[i];
        if (!isfinite(text->left + text->top + text->width + text->height + text->x + text->baseline_y)) {
            fail_msg("%s \"%s\" has no place", text->role, text->text);
        }
        if (text->size < 9.4) {
            fail_msg("%s \"%s\" has a size of %.1f", text->role, text->text, text->size);
        }
    }
    for (size_t i = 0; i < layout->mark_count; i++) {
        const struct chart_mark *mark = &layout->marks[i];
        double left = fmin(mark->x, mark->x + mark->width), right = fmax(mark->x, mark->x + mark->width);
        double top = fmin(mark->y, mark->y + mark->height), bottom = fmax(mark->y, mark->y + mark->height);
        if (!isfinite(left + right + top + bottom)) {
            fail_msg("mark %s of %s has no place", mark->kind, mark->row);
        }
        if (left < 0 || right > layout->width || top < 0 || bottom > layout->height) {
            fail_msg("mark %s of %s is outside: %.1f to %.1f, %.1f to %.1f", mark->kind, mark->row, left, right, top,
                     bottom);
        }
    }
}

/* What stands behind the middle of a text: its patch, the last opaque area there, or the picture. */
static unsigned background_of(const struct chart_layout *layout, const struct chart_text *text)
{
    double x = text->left + text->width / 2, y = text->top + text->height / 2;
    unsigned colour = layout->background;
    for (size_t i = 0; i < layout->mark_count && !text->patch; i++) {
        const struct chart_mark *mark = &layout->marks[i];
        /* A number may stand in a marker. */
        bool marker = mark->shape == MARK_CIRCLE || mark->shape == MARK_POLYGON;
        bool opaque =
            (mark->shape == MARK_RECT || (marker && text_equal(text->role, "number"))) && !(mark->opacity > 0);
        if (opaque && x > mark->x && x < mark->x + mark->width && y > mark->y && y < mark->y + mark->height) {
            colour = mark->colour;
        }
    }
    return text->patch ? text->patch_colour : colour;
}

void chart_rules_contrast(const struct chart_layout *layout)
{
    for (size_t i = 0; i < layout->text_count; i++) {
        const struct chart_text *text = &layout->texts[i];
        double contrast = chart_sample_contrast(text->colour, background_of(layout, text));
        if (contrast < 4.5) {
            fail_msg("%s \"%s\" has a contrast of %.2f", text->role, text->text, contrast);
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

void chart_rules_ticks(const struct chart_layout *layout)
{
    for (size_t i = 0; i < layout->panel_count; i++) {
        const struct chart_panel *panel = &layout->panels[i];
        double slack = 1e-9 * (fabs(panel->domain_low) + fabs(panel->domain_high));
        if (panel->tick_count < 3 || panel->tick_count > 6) {
            fail_msg("panel %s has %zu ticks", panel->name, panel->tick_count);
        }
        for (size_t k = 0; k < panel->tick_count; k++) {
            if (panel->ticks[k] < panel->domain_low - slack || panel->ticks[k] > panel->domain_high + slack) {
                fail_msg("panel %s has a tick at %g beyond %g to %g", panel->name, panel->ticks[k], panel->domain_low,
                         panel->domain_high);
            }
        }
        double step = panel->ticks[1] - panel->ticks[0];
        bool linear = fabs(panel->ticks[2] - panel->ticks[1] - step) < 1e-6 * step;
        if (linear && !is_round(step)) {
            fail_msg("panel %s has steps of %g", panel->name, step);
        }
    }
}

/* The digit or minus of a raised character at `text`, which moves behind it; '\0' where there is none. */
static char superscript(const char **text)
{
    static const char *const raised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹", "⁻"};
    for (size_t i = 0; i < ARRAY_LENGTH(raised); i++) {
        size_t length = strlen(raised[i]);
        if (strncmp(*text, raised[i], length) == 0) {
            *text += length;
            return "0123456789-"[i];
        }
    }
    return '\0';
}

/* "1,238", "2.5×10¹²", "10⁹", "0.77×", "< 0.01×", "12 %", "3.85 ms" or "M1 Ultra 109 %": the number and half of its
 * last decimal. A bound is no number. */
static bool read_figure(const char *text, double *ret_number, double *ret_slack)
{
    char plain[64] = "";
    size_t length = 0;
    int decimals = 0;
    bool point = false, exponent = false;
    if (text[0] == '<' || text[0] == '>') {
        return false;
    }
    for (const char *at = text; *at != '\0' && length + 2 < sizeof plain; at++) {
        const char *raised = exponent || strncmp(at, "×10", 4) != 0 ? NULL : at + 4;
        bool ten = length == (plain[0] == '-' ? 3 : 2) && memcmp(plain + length - 2, "10", 2) == 0;
        if (ten && superscript(&(const char *){at}) != '\0') {
            length--;
            raised = at;
        }
        if (raised != NULL && superscript(&(const char *){raised}) != '\0') {
            exponent = true;
            plain[length++] = 'e';
            for (char digit = superscript(&raised); digit != '\0' && length + 2 < sizeof plain;
                 digit = superscript(&raised)) {
                plain[length++] = digit;
            }
            break;
        }
        bool digit = *at >= '0' && *at <= '9';
        if (strncmp(at, "−", 3) == 0) {
            plain[length++] = '-';
            at += 2;
        } else if (digit || *at == '.' || *at == '-' || (*at == 'e' && length > 0)) {
            decimals += point && digit && !exponent ? 1 : 0;
            point |= *at == '.';
            exponent |= *at == 'e';
            plain[length++] = *at;
        } else if (*at != ',') {
            break;
        }
    }
    plain[length] = '\0';
    if (!number_parse_loose(str_of(plain), ret_number)) {
        return false;
    }
    const char *power = strchr(plain, 'e');
    *ret_slack = 0.5 * pow(10, (power != NULL ? strtod(power + 1, NULL) : 0) - decimals) * (1 + 1e-9) +
                 1e-13 * fabs(*ret_number);
    return true;
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

/* The nearest value text behind the end of a bar. */
static const struct chart_text *figure_behind(const struct chart_layout *layout, const struct chart_mark *bar)
{
    const struct chart_text *found = NULL;
    for (size_t i = 0; i < layout->text_count; i++) {
        const struct chart_text *text = &layout->texts[i];
        double middle = text->top + text->height / 2;
        if (text_equal(text->role, "value") && middle > bar->y && middle < bar->y + bar->height &&
            text->left >= bar->x + bar->width && (found == NULL || text->left < found->left)) {
            found = text;
        }
    }
    return found;
}

void chart_rules_bars(const struct chart_layout *layout)
{
    for (size_t i = 0; i < layout->mark_count; i++) {
        const struct chart_mark *mark = &layout->marks[i];
        if (!text_equal(mark->kind, "bar")) {
            continue;
        }
        const struct chart_panel *panel = panel_of(layout, mark);
        const struct chart_text *text = figure_behind(layout, mark);
        double number, slack;
        assert_true(fabs(panel->domain_low) < 1e-300);
        if (fabs(mark->width - panel->width * mark->value / panel->domain_high) > 0.5) {
            fail_msg("the bar of %s, %g, is %.1f px wide", mark->row, mark->value, mark->width);
        }
        if (text == NULL || !read_figure(text->text, &number, &slack) || fabs(number - mark->value) > slack) {
            fail_msg("the bar of %s, %g, has the figure \"%s\"", mark->row, mark->value,
                     text != NULL ? text->text : "none");
        }
        /* In the order of the rows: each bar of a panel below the one before. */
        for (size_t k = i; k > 0 && text_equal(layout->marks[k - 1].kind, "bar"); k--) {
            assert_true(layout->marks[k - 1].y < mark->y || fabs(layout->marks[k - 1].x - mark->x) > 0.01);
        }
    }
}

static bool is_near_one(const double *numbers, size_t count, double number, double slack)
{
    for (size_t i = 0; i < count; i++) {
        if (fabs(numbers[i] - number) <= slack) {
            return true;
        }
    }
    return false;
}

void chart_rules_figures(const struct chart_layout *layout, const struct chart_set *set)
{
    for (size_t i = 0; i < layout->text_count; i++) {
        const struct chart_text *text = &layout->texts[i];
        double number, slack;
        const char *figure = text->text;
        if (text_equal(text->role, "label")) {
            /* Behind the name: "M1 Ultra 109 %". */
            const char *last = strrchr(figure, ' ');
            figure = last != NULL ? last + 1 : figure;
        } else if (!text_equal(text->role, "value") && !text_equal(text->role, "factor") &&
                   !text_equal(text->role, "runs") && !text_equal(text->role, "rate")) {
            continue;
        }
        if (!read_figure(figure, &number, &slack)) {
            continue;
        }
        if (!is_near_one(set->values, set->rows * CHART_SET_COLUMNS, number, slack) &&
            !is_near_one(set->numbers, set->number_count, number, slack)) {
            fail_msg("%s \"%s\" is not in the data", text->role, text->text);
        }
    }
}

/* Two rows must not have one name, unless a variant beside it tells them apart. */
static void assert_names_differ(const struct chart_layout *layout)
{
    if (chart_sample_count_texts(layout, "variant") > 0) {
        return;
    }
    for (size_t i = 0; i < layout->text_count; i++) {
        const struct chart_text *a = &layout->texts[i];
        for (size_t k = i + 1; k < layout->text_count && text_equal(a->role, "name") && a->full_text != NULL; k++) {
            const struct chart_text *b = &layout->texts[k];
            if (text_equal(b->role, "name") && text_equal(a->text, b->text) && b->full_text != NULL &&
                strcmp(a->full_text, b->full_text) != 0) {
                fail_msg("\"%s\" stands for %s and for %s", a->text, a->full_text, b->full_text);
            }
        }
    }
}

void chart_rules_order(const struct chart_layout *layout, const struct chart_set *set)
{
    size_t at = 0;
    const struct chart_text *before = NULL;
    assert_names_differ(layout);
    for (size_t i = 0; i < layout->text_count && set->order_count > 0; i++) {
        const struct chart_text *text = &layout->texts[i];
        if (!text_equal(text->role, "name") || (before != NULL && text_equal(before->full_text, text->full_text) &&
                                                text->full_text != NULL && text->top < before->top + 20)) {
            continue;
        }
        const char *full = text->full_text != NULL ? text->full_text : text->text;
        while (at < set->order_count && strcmp(set->order[at], full) != 0) {
            at++;
        }
        /* The rows stand once more in a panel below. */
        if (at == set->order_count) {
            at = 0;
            while (at < set->order_count && strcmp(set->order[at], full) != 0) {
                at++;
            }
        }
        if (at == set->order_count) {
            fail_msg("\"%s\" is no name of the set", full);
        }
        if (before != NULL && text->top <= before->top) {
            fail_msg("\"%s\" stands above the row before", text->text);
        }
        before = text;
        at++;
    }
}

void chart_rules_alt(const struct chart_layout *layout, const struct chart_set *set)
{
    char words[48];
    size_t length = 0;
    assert_non_null(layout->alt);
    for (const char *at = layout->alt; *at != '\0'; at++) {
        length += ((unsigned char)*at & 0xC0) != 0x80;
    }
    assert_in_range(length, ALT_LEAST, ALT_MOST);
    bool cut = strstr(layout->alt, "…") != NULL;
    (void)snprintf(words, sizeof words, "%zu ", set->order_count);
    if (set->order_count > 0 && !cut && strstr(layout->alt, words) == NULL) {
        fail_msg("the alternative text does not say %zu: %s", set->order_count, layout->alt);
    }
    (void)snprintf(words, sizeof words, "%zu ", set->missing);
    const char *without = strstr(layout->alt, "without data");
    if (!cut && set->counts_missing && (without != NULL) != (set->missing > 0)) {
        fail_msg("%zu are missing, but the alternative text is: %s", set->missing, layout->alt);
    }
    if (!cut && set->counts_missing && set->missing > 0 && strstr(layout->alt, words) == NULL) {
        fail_msg("the alternative text does not say that %zu are missing: %s", set->missing, layout->alt);
    }
}
