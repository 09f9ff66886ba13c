#include "plot/chart/frame.h"

#include <math.h>
#include <string.h>

#include "schema/base/str.h"
#include "schema/text/figure.h"

const char *frame_tick_text(struct builder *builder, double tick)
{
    struct arena *arena = &builder->layout->arena;
    double size = fabs(tick);
    const char *text = NULL;
    char target[FIGURE_SIZE];
    if (size > 0 && (size >= 1e9 || size < 1e-4)) {
        text = arena_strdup(arena, chart_figure(target, tick, (double)NAN));
    } else {
        int decimals = 0;
        double scaled = size;
        while (decimals < 6 && fabs(scaled - round(scaled)) > 1e-6 * size) {
            decimals++;
            scaled = size * pow(10, decimals);
        }
        text = arena_strdup(arena, figure_fixed(target, tick, decimals));
    }
    return text != NULL ? text : "";
}

double frame_widest_tick(struct builder *builder, const struct plane_axis *axis)
{
    double widest = 0;
    for (size_t i = 0; i < axis->tick_count; i++) {
        const char *text = frame_tick_text(builder, axis->ticks[i]);
        widest = fmax(widest, builder_text_width(builder, text, FRAME_TICK_SIZE, WEIGHT_REGULAR));
    }
    return widest;
}

void frame_draw_x(struct builder *builder, const struct plane_axis *axis, const struct box *plot)
{
    struct text_style style = {FRAME_TICK_SIZE, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_MIDDLE};
    double free_from = CHART_LEFT;
    for (size_t i = 0; i < axis->tick_count; i++) {
        double x = plane_px(axis, axis->ticks[i]);
        const char *text = frame_tick_text(builder, axis->ticks[i]);
        double half = builder_text_width(builder, text, style.size, style.weight) / 2;
        builder_line(builder, "grid", x, plot->top, x, plot->bottom, 0.8, builder->colours->grid);
        if (x - half >= free_from && x + half <= builder_right(builder)) {
            builder_text(builder, "tick", text, x, plot->bottom + 17, style);
            free_from = x + half + 6;
        }
    }
}

void frame_draw_y(struct builder *builder, const struct plane_axis *axis, const struct box *plot)
{
    const struct chart_colours *colours = builder->colours;
    struct text_style style = {FRAME_TICK_SIZE, WEIGHT_REGULAR, colours->muted, ANCHOR_END};
    double free_below = (double)INFINITY;
    for (size_t i = 0; i < axis->tick_count; i++) {
        double y = plane_px(axis, axis->ticks[i]);
        builder_line(builder, "grid", plot->left, y, plot->right, y, 0.8, colours->grid);
        if (y > free_below) {
            continue;
        }
        free_below = y - FRAME_TICK_SIZE * (TEXT_ASCENT + TEXT_DESCENT) - 0.5;
        builder_text(builder, "tick", frame_tick_text(builder, axis->ticks[i]), plot->left - FRAME_TICK_GAP, y + 4,
                     style);
    }
    double zero = !axis->logarithmic && axis->low < 0 && axis->high > 0 ? plane_px(axis, 0) : plot->bottom;
    builder_line(builder, "axis", plot->left, zero, plot->right, zero, 1.2, colours->axis);
}

const char *frame_metric_words(struct builder *builder, const struct chart_metric *metric,
                               const struct plane_axis *axis, const char *after)
{
    bool away = !axis->logarithmic && axis->low > 0;
    const char *text =
        arena_printf(&builder->layout->arena, "%s%s%s%s%s", metric->title, metric->unit[0] != '\0' ? ", " : "",
                     metric->unit, away ? " · axis does not start at zero" : "", after);
    return text != NULL ? text : metric->title;
}

const char *frame_subtitle(struct builder *builder, const char *subtitle, bool x_logarithmic, bool y_logarithmic)
{
    if ((!x_logarithmic && !y_logarithmic) || (subtitle != NULL && strstr(subtitle, "ogarithmic") != NULL)) {
        return subtitle;
    }
    const char *axes = x_logarithmic && y_logarithmic ? "Both axes logarithmic"
                       : x_logarithmic                ? "Horizontal axis logarithmic"
                                                      : "Vertical axis logarithmic";
    const char *text = text_is_empty(subtitle) ? arena_printf(&builder->layout->arena, "%s.", axes)
                                               : arena_printf(&builder->layout->arena, "%s · %s", subtitle, axes);
    return text != NULL ? text : subtitle;
}

void frame_add_panel(struct builder *builder, const char *name, const struct plane_axis *y, const struct box *plot)
{
    struct scale scale = {.low = y->low,
                          .high = y->high,
                          .tick_count = y->tick_count,
                          .x = plot->left,
                          .width = plot->right - plot->left};
    memcpy(scale.ticks, y->ticks, sizeof scale.ticks);
    builder_panel(builder, name, &scale, plot->top, plot->bottom - plot->top);
}

/* The places of a block of labels that touch each other: centred on what they want, inside the bounds. */
void frame_spread(double *places, size_t count, double step, double low, double high)
{
    step = count > 1 ? fmin(step, (high - low) / (double)(count - 1)) : step;
    for (size_t i = 0; i < count; i++) {
        places[i] = fmin(fmax(places[i], low), high);
    }
    /* Each label that is too near pushes half the overlap to either side until nothing moves. */
    for (int round = 0; round < 200; round++) {
        bool moved = false;
        for (size_t i = 1; i < count; i++) {
            double lack = step - (places[i] - places[i - 1]);
            if (lack > 1e-6) {
                double up = fmin(lack / 2, places[i - 1] - low);
                places[i - 1] -= up;
                places[i] += lack - up;
                moved = true;
            }
        }
        if (!moved) {
            break;
        }
    }
    /* What is left over goes up from the bottom; there is room, or step was made smaller. */
    for (size_t i = 1; i < count; i++) {
        places[i] = fmax(places[i], places[i - 1] + step);
    }
    for (size_t i = count; i > 0; i--) {
        places[i - 1] = fmin(places[i - 1], i == count ? high : places[i] - step);
    }
}

bool frame_is_free(const struct builder *builder, const struct box *box)
{
    if (box->left < CHART_LEFT || box->right > builder_right(builder)) {
        return false;
    }
    for (size_t i = 0; i < builder->layout->text_count; i++) {
        const struct chart_text *text = &builder->layout->texts[i];
        if (box->left < text->left + text->width && text->left < box->right && box->top < text->top + text->height &&
            text->top < box->bottom) {
            return false;
        }
    }
    return true;
}

const char *chart_in_sentence(struct arena *arena, const char *title)
{
    char *text = arena_strdup(arena, title);
    if (text != NULL && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a' && text[1] <= 'z') {
        text[0] = (char)(text[0] - 'A' + 'a');
    }
    return text != NULL ? text : title;
}
