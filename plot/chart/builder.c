#include "plot/chart/builder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/str.h"
#include "schema/text/figure.h"

#define FOOTER_SIZE 9.5
#define FOOTER_STEP 13.5
#define FOOTER_LINES_MAX 8
#define SUBTITLE_LINES_NARROW 4
#define LAST_LINE_LEAST 0.25
#define EVEN_LINES_MOST 4
#define EVEN_STEP 6.0      /* px */
#define FIGURE_LARGEST 1e9 /* from here on, and below the other, a power of ten says it shorter */
#define FIGURE_SMALLEST 1e-4

double builder_right(const struct builder *builder)
{
    return builder->layout->width - CHART_LEFT;
}

double builder_inner(const struct builder *builder)
{
    return builder->layout->width - 2 * CHART_LEFT;
}

bool builder_is_narrow(const struct builder *builder)
{
    return builder->layout->width < CHART_WIDTH;
}

double builder_text_width(const struct builder *builder, const char *text, double size, enum text_weight weight)
{
    return builder->measure->width(builder->measure->context, text, size, weight);
}

static double anchored_left(double x, double width, enum text_anchor anchor)
{
    switch (anchor) {
    case ANCHOR_MIDDLE:
        return x - width / 2;
    case ANCHOR_END:
        return x - width;
    case ANCHOR_START:
        break;
    }
    return x;
}

struct chart_text *builder_text(struct builder *builder, const char *role, const char *text, double x,
                                double baseline_y, struct text_style style)
{
    struct chart_layout *layout = builder->layout;
    struct chart_text *texts =
        arena_grow(&layout->arena, layout->texts, &layout->text_capacity, layout->text_count + 1, sizeof *texts);
    const char *copy = arena_strdup(&layout->arena, text);
    if (texts == NULL || copy == NULL) {
        return &builder->lost_text;
    }
    layout->texts = texts;
    struct chart_text *added = &texts[layout->text_count++];
    double width = builder_text_width(builder, text, style.size, style.weight);
    *added = (struct chart_text){
        .role = role,
        .text = copy,
        .x = x,
        .baseline_y = baseline_y,
        .anchor = style.anchor,
        .size = style.size,
        .weight = style.weight,
        .colour = style.colour,
        .left = anchored_left(x, width, style.anchor),
        .top = baseline_y - TEXT_ASCENT * style.size,
        .width = width,
        .height = (TEXT_ASCENT + TEXT_DESCENT) * style.size,
    };
    return added;
}

struct chart_text *builder_text_up(struct builder *builder, const char *role, const char *text, double baseline_x,
                                   double bottom, struct text_style style)
{
    style.anchor = ANCHOR_START;
    struct chart_text *added = builder_text(builder, role, text, baseline_x, bottom, style);
    double length = added->width;
    added->upwards = true;
    added->left = baseline_x - TEXT_ASCENT * style.size;
    added->top = bottom - length;
    added->width = added->height;
    added->height = length;
    return added;
}

/* Start of the code point before `at`. */
static size_t step_back(const char *text, size_t at)
{
    do {
        at--;
    } while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80);
    return at;
}

static size_t step_forward(const char *text, size_t at)
{
    do {
        at++;
    } while (((unsigned char)text[at] & 0xC0) == 0x80);
    return at;
}

const char *builder_fit_middle(struct builder *builder, const char *text, double width, double size,
                               enum text_weight weight)
{
    if (builder_text_width(builder, text, size, weight) <= width) {
        return text;
    }
    size_t length = strlen(text);
    size_t head = length / 2;
    while (head > 0 && ((unsigned char)text[head] & 0xC0) == 0x80) {
        head--;
    }
    size_t tail = head;
    const char *fitted = text;
    /* One character from the longer side at a time: the tail tells names apart, so it goes last. */
    while (head > 0 && tail < length) {
        if (head >= length - tail) {
            head = step_back(text, head);
        } else {
            tail = step_forward(text, tail);
        }
        const char *shorter = arena_printf(&builder->layout->arena, "%.*s…%s", (int)head, text, text + tail);
        if (shorter == NULL) {
            return text;
        }
        fitted = shorter;
        if (builder_text_width(builder, fitted, size, weight) <= width) {
            break;
        }
    }
    return fitted;
}

static const char *cut_end(struct builder *builder, const char *text, double width, double size,
                           enum text_weight weight)
{
    size_t length = strlen(text);
    while (length > 0) {
        const char *cut = arena_printf(&builder->layout->arena, "%.*s…", (int)length, text);
        if (cut == NULL || builder_text_width(builder, cut, size, weight) <= width) {
            return cut == NULL ? text : cut;
        }
        length = step_back(text, length);
    }
    return "…";
}

/* The next blank behind `at`, or the end. */
static size_t next_blank(const char *text, size_t at)
{
    at += text[at] == ' ' ? 1 : 0;
    return at + strcspn(text + at, " ");
}

static double head_width(struct builder *builder, const char *text, size_t length, struct text_style style)
{
    const char *head = arena_strndup(&builder->layout->arena, text, length);
    return head == NULL ? 0 : builder_text_width(builder, head, style.size, style.weight);
}

/* Bytes of `text` that fit into a line, ending at a blank where there is one. Measuring is dear, so the search begins
 * near the blank that the width of the whole text lets expect. */
static size_t line_length(struct builder *builder, const char *text, double width, double size, enum text_weight weight)
{
    struct text_style style = {.size = size, .weight = weight};
    size_t length = strlen(text);
    double whole = builder_text_width(builder, text, size, weight);
    if (whole <= width) {
        return length;
    }
    size_t expected = (size_t)fmax(0, (double)length * width / whole), first = next_blank(text, 0), at = first;
    while (at < length && next_blank(text, at) <= expected) {
        at = next_blank(text, at);
    }
    while (at > first && head_width(builder, text, at, style) > width) {
        do {
            at--;
        } while (text[at] != ' ');
    }
    for (size_t next = next_blank(text, at); at < length && head_width(builder, text, next, style) <= width;
         next = next_blank(text, at)) {
        at = next;
    }
    return at;
}

/* With `ret_cut` nothing is cut: that it would be is told, and what was wrapped by then is no use. */
static size_t wrap(struct builder *builder, const char *text, double width, double size, enum text_weight weight,
                   const char **lines, size_t most, bool *ret_cut)
{
    size_t count = 0;
    while (*text != '\0' && count < most) {
        size_t length = line_length(builder, text, width, size, weight);
        const char *line = arena_strndup(&builder->layout->arena, text, length);
        const char *rest = text + length + strspn(text + length, " ");
        if (line == NULL) {
            break;
        }
        bool last = count + 1 == most && *rest != '\0';
        if (last || builder_text_width(builder, line, size, weight) > width) {
            if (ret_cut != NULL) {
                *ret_cut = true;
                return count;
            }
            line = last ? cut_end(builder, text, width, size, weight)
                        : builder_fit_middle(builder, line, width, size, weight);
        }
        lines[count++] = line;
        text = rest;
    }
    return count;
}

size_t builder_wrap(struct builder *builder, const char *text, double width, double size, enum text_weight weight,
                    const char **lines, size_t most)
{
    return wrap(builder, text, width, size, weight, lines, most, NULL);
}

size_t builder_wrap_even(struct builder *builder, const char *text, double width, double size, enum text_weight weight,
                         const char **lines, size_t most)
{
    size_t count = builder_wrap(builder, text, width, size, weight, lines, most);
    if (count < 2 || builder_text_width(builder, text, size, weight) > width * (double)count) {
        return count;
    }
    /* The least width that takes no line more, and cuts nothing. */
    const char *even[EVEN_LINES_MOST];
    double least = width / (double)count, enough = width;
    while (count <= EVEN_LINES_MOST && enough - least > EVEN_STEP) {
        double tried = (least + enough) / 2, widest = 0;
        bool cut = false;
        size_t lines_now = wrap(builder, text, tried, size, weight, even, count, &cut);
        size_t length = lines_now - 1;
        for (size_t i = 0; i < lines_now && !cut; i++) {
            widest = fmax(widest, builder_text_width(builder, even[i], size, weight));
            length += strlen(even[i]) + (strstr(even[i], "…") != NULL ? strlen(text) : 0);
        }
        if (cut || widest > tried || length != strlen(text)) {
            least = tried;
            continue;
        }
        enough = tried;
        count = lines_now;
        memcpy(lines, even, count * sizeof *lines);
    }
    return count;
}

static struct chart_mark *add_mark(struct builder *builder, const char *kind)
{
    struct chart_layout *layout = builder->layout;
    struct chart_mark *marks =
        arena_grow(&layout->arena, layout->marks, &layout->mark_capacity, layout->mark_count + 1, sizeof *marks);
    if (marks == NULL) {
        return &builder->lost_mark;
    }
    layout->marks = marks;
    struct chart_mark *mark = &marks[layout->mark_count++];
    *mark = (struct chart_mark){.kind = kind, .value = (double)NAN};
    return mark;
}

struct chart_mark *builder_rect(struct builder *builder, const char *kind, double x, double y, double width,
                                double height, unsigned colour)
{
    struct chart_mark *mark = add_mark(builder, kind);
    mark->shape = MARK_RECT;
    mark->x = x;
    mark->y = y;
    mark->width = width;
    mark->height = height;
    mark->colour = colour;
    return mark;
}

struct chart_mark *builder_line(struct builder *builder, const char *kind, double x1, double y1, double x2, double y2,
                                double stroke, unsigned colour)
{
    struct chart_mark *mark = builder_rect(builder, kind, x1, y1, x2 - x1, y2 - y1, colour);
    mark->shape = MARK_LINE;
    mark->stroke = stroke;
    return mark;
}

struct chart_mark *builder_circle(struct builder *builder, const char *kind, double x, double y, double radius,
                                  unsigned colour)
{
    struct chart_mark *mark = builder_rect(builder, kind, x - radius, y - radius, 2 * radius, 2 * radius, colour);
    mark->shape = MARK_CIRCLE;
    return mark;
}

struct chart_mark *builder_polygon(struct builder *builder, const char *kind, const struct chart_point *points,
                                   size_t count, unsigned colour)
{
    struct chart_point *copy = arena_alloc(&builder->layout->arena, count, sizeof *copy);
    if (copy == NULL || count == 0) {
        return &builder->lost_mark;
    }
    double left = points[0].x, right = left, top = points[0].y, bottom = top;
    for (size_t i = 0; i < count; i++) {
        copy[i] = points[i];
        left = fmin(left, points[i].x);
        right = fmax(right, points[i].x);
        top = fmin(top, points[i].y);
        bottom = fmax(bottom, points[i].y);
    }
    struct chart_mark *mark = builder_rect(builder, kind, left, top, right - left, bottom - top, colour);
    mark->shape = MARK_POLYGON;
    mark->points = copy;
    mark->point_count = count;
    return mark;
}

struct chart_mark *builder_polyline(struct builder *builder, const char *kind, const struct chart_point *points,
                                    size_t count, double stroke, unsigned colour)
{
    struct chart_mark *mark = builder_polygon(builder, kind, points, count, colour);
    mark->shape = MARK_POLYLINE;
    mark->stroke = stroke;
    return mark;
}

struct chart_mark *builder_hatch(struct builder *builder, const char *kind, double x, double y, double width,
                                 double height, unsigned colour)
{
    struct chart_mark *mark = builder_rect(builder, kind, x, y, width, height, colour);
    mark->shape = MARK_HATCH;
    mark->stroke = 0.5;
    return mark;
}

struct chart_panel *builder_panel(struct builder *builder, const char *name, const struct scale *scale, double y,
                                  double height)
{
    struct chart_layout *layout = builder->layout;
    struct chart_panel *panels =
        arena_grow(&layout->arena, layout->panels, &layout->panel_capacity, layout->panel_count + 1, sizeof *panels);
    if (panels == NULL) {
        return &builder->lost_panel;
    }
    layout->panels = panels;
    struct chart_panel *panel = &panels[layout->panel_count++];
    *panel = (struct chart_panel){
        .name = arena_strdup(&layout->arena, name),
        .x = scale->x,
        .y = y,
        .width = scale->width,
        .height = height,
        .domain_low = scale->low,
        .domain_high = scale->high,
        .tick_count = scale->tick_count,
    };
    memcpy(panel->ticks, scale->ticks, sizeof panel->ticks);
    return panel;
}

double builder_heading(struct builder *builder, const char *title, const char *subtitle)
{
    const char *lines[SUBTITLE_LINES_NARROW];
    double moved = 0;
    double size = 20;
    if (builder_text_width(builder, title, size, WEIGHT_BOLD) > builder_inner(builder)) {
        size = 18;
    }
    struct text_style style = {size, WEIGHT_BOLD, builder->colours->ink, ANCHOR_START};
    size_t count = builder_wrap_even(builder, title, builder_inner(builder), size, WEIGHT_BOLD, lines, 2);
    for (size_t i = 0; i < count; i++) {
        builder_text(builder, "title", lines[i], CHART_LEFT, 36 + 24.0 * (double)i, style);
    }
    moved += count > 1 ? 24 : 0;
    if (text_is_empty(subtitle)) {
        return moved - 17;
    }
    style = (struct text_style){12.5, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_START};
    size_t most = builder_is_narrow(builder) ? SUBTITLE_LINES_NARROW : 2;
    double room = builder_inner(builder);
    count = builder_wrap(builder, subtitle, room, style.size, style.weight, lines, most);
    /* No word or two alone on the last line. */
    if (count > 1 && builder_text_width(builder, lines[count - 1], style.size, style.weight) < LAST_LINE_LEAST * room) {
        count = builder_wrap_even(builder, subtitle, room, style.size, style.weight, lines, most);
    }
    for (size_t i = 0; i < count; i++) {
        builder_text(builder, "subtitle", lines[i], CHART_LEFT, 57 + moved + 17.0 * (double)i, style);
    }
    return moved + (count > 1 ? 17 * (double)(count - 1) : 0);
}

size_t builder_footer_lines(struct builder *builder, const char *const *footer, size_t count)
{
    const char *lines[FOOTER_LINES_MAX];
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        total += builder_wrap(builder, footer[i], builder_inner(builder), FOOTER_SIZE, WEIGHT_REGULAR, lines,
                              FOOTER_LINES_MAX);
    }
    return total;
}

void builder_footer(struct builder *builder, const char *const *footer, size_t count)
{
    const char *lines[FOOTER_LINES_MAX];
    struct text_style style = {FOOTER_SIZE, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_START};
    size_t total = builder_footer_lines(builder, footer, count);
    double y = builder->layout->height - 14 - FOOTER_STEP * ((double)total - 1);
    for (size_t i = 0; i < count; i++) {
        size_t wrapped = builder_wrap(builder, footer[i], builder_inner(builder), FOOTER_SIZE, WEIGHT_REGULAR, lines,
                                      FOOTER_LINES_MAX);
        for (size_t k = 0; k < wrapped; k++) {
            builder_text(builder, "footer", lines[k], CHART_LEFT, y, style);
            y += FOOTER_STEP;
        }
    }
}

const char *chart_factor_text(char target[FIGURE_SIZE], double factor)
{
    if (factor < CHART_FACTOR_LEAST || factor > CHART_FACTOR_MOST) {
        return factor < CHART_FACTOR_LEAST ? "< 0.00001×" : "> 9,999×";
    }
    return figure_factor(target, factor);
}

/* "⁻¹²" behind what stands there. */
static void add_exponent(char target[FIGURE_SIZE], int power)
{
    static const char *const digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    char plain[16];
    (void)snprintf(plain, sizeof plain, "%d", power);
    size_t length = strlen(target);
    for (const char *at = plain; *at != '\0'; at++) {
        const char *sign = *at == '-' ? "⁻" : digits[*at - '0'];
        length += (size_t)snprintf(target + length, FIGURE_SIZE - length, "%s", sign);
    }
}

const char *chart_figure(char target[FIGURE_SIZE], double value, double half_width)
{
    double size = fabs(value);
    if (!isfinite(value) || size <= 0 || (size < FIGURE_LARGEST && size >= FIGURE_SMALLEST)) {
        return figure_value(target, value, half_width);
    }
    /* Rounded first, so that 9.996 is one power higher. */
    char text[FIGURE_SIZE];
    (void)snprintf(text, sizeof text, "%.2e", value);
    char *exponent = strchr(text, 'e');
    if (exponent == NULL) {
        return figure_value(target, value, half_width);
    }
    int power = (int)strtol(exponent + 1, NULL, 10);
    char *end = exponent;
    while (end[-1] == '0') {
        end--;
    }
    end -= end[-1] == '.' ? 1 : 0;
    *end = '\0';
    const char *mantissa = value < 0 ? text + 1 : text;
    bool one = text_equal(mantissa, "1");
    (void)snprintf(target, FIGURE_SIZE, "%s%.16s%s10", value < 0 ? "−" : "", one ? "" : mantissa, one ? "" : "×");
    add_exponent(target, power);
    return target;
}
