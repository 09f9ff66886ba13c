#include <math.h>

#include "plot/chart/marker.h"
#include "plot/chart/serving_plan.h"
#include "schema/base/str.h"

#define RATE_SIZE 9.5
#define RATE_NEARER 3.0  /* px that a rate is nearer to its own marker than to any other */
#define COLUMN_WIDE 3.0  /* px; points so near above each other are one column */
#define LEADER_LONG 60.0 /* px */
#define BEYOND 8.0       /* px right of the plot that are free: names begin behind them */
#define CROSS_STEPS 64

/* Whether a text there would stand on a marker. */
static bool meets_marker(const struct builder *builder, const struct box *box)
{
    for (size_t i = 0; i < builder->layout->mark_count; i++) {
        const struct chart_mark *mark = &builder->layout->marks[i];
        if (text_equal(mark->kind, "point") && box->left < mark->x + mark->width && mark->x < box->right &&
            box->top < mark->y + mark->height && mark->y < box->bottom) {
            return true;
        }
    }
    return false;
}

static bool is_beyond(double a, double b, double low, double high)
{
    return fmax(a, b) < low || fmin(a, b) > high;
}

static bool line_crosses(const struct serving_plan *plan, const struct serving_series *series, const struct box *box)
{
    for (size_t k = 1; k < series->count; k++) {
        struct chart_point from = serving_place(plan, &series->points[k - 1]);
        struct chart_point to = serving_place(plan, &series->points[k]);
        if (is_beyond(from.x, to.x, box->left, box->right) || is_beyond(from.y, to.y, box->top, box->bottom)) {
            continue;
        }
        for (int step = 0; step <= CROSS_STEPS; step++) {
            double share = (double)step / CROSS_STEPS;
            double x = from.x + share * (to.x - from.x), y = from.y + share * (to.y - from.y);
            if (x > box->left && x < box->right && y > box->top && y < box->bottom) {
                return true;
            }
        }
    }
    return false;
}

static bool stem_crosses(const struct serving_stem *stem, const struct box *box)
{
    return stem->x > box->left - 2 && stem->x < box->right + 2 && fmin(stem->from, stem->to) < box->bottom &&
           fmax(stem->from, stem->to) > box->top;
}

/* Whether a text there would stand in the plot, or just beside it, on nothing at all. */
static bool is_clear(const struct builder *builder, const struct serving_plan *plan, const struct box *box)
{
    bool clear = box->left > plan->plot.left && box->right < plan->plot.right + BEYOND && box->top > plan->plot.top &&
                 box->bottom < plan->plot.bottom && frame_is_free(builder, box) && !meets_marker(builder, box);
    for (size_t i = 0; clear && i < plan->chart->series_count; i++) {
        clear = !line_crosses(plan, &plan->chart->series[i], box);
    }
    for (size_t i = 0; clear && i < plan->stem_count; i++) {
        clear = !stem_crosses(&plan->stems[i], box);
    }
    return clear;
}

/* The name close to the last point where it meets nothing: a long leader would cross the other lines. */
static bool draw_name_near(struct builder *builder, const struct serving_plan *plan, size_t index)
{
    static const double sides[][2] = {{1, 0}, {-1, 0}, {1, 1}, {-1, 1}, {1, -1}, {-1, -1}};
    const struct serving_series *series = &plan->chart->series[index];
    const struct serving_point *last = &series->points[series->count - 1];
    double x = plane_px(&plan->x, last->throughput), y = plane_px(&plan->y, last->latency);
    double width = builder_text_width(builder, serving_name(series), SERVING_LABEL_SIZE, WEIGHT_SEMIBOLD);
    if (plan->plot.right - x < LEADER_LONG) {
        return false;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(sides); i++) {
        double left = sides[i][0] > 0 ? x + 10 : x - 10 - width, base = y + 4 - 13 * sides[i][1];
        struct box box = {left - 3, base - 12, left + width + 3, base + 4};
        if (is_clear(builder, plan, &box)) {
            struct text_style style = {SERVING_LABEL_SIZE, WEIGHT_SEMIBOLD,
                                       builder->colours->category_text[serving_category(index)], ANCHOR_START};
            const char *text = serving_name(series);
            struct chart_text *name = builder_text(builder, "name", text, left, base, style);
            name->full_text = text != series->name ? series->name : NULL;
            /* The leader of a name at the right goes on behind it. */
            name->patch = true;
            name->patch_colour = builder->colours->background;
            return true;
        }
    }
    return false;
}

/* Names at the right, as near to the ends of their lines as they can stand. */
static void draw_names(struct builder *builder, const struct serving_plan *plan)
{
    size_t order[SERVING_SERIES_MAX] = {0}, count = 0;
    double places[SERVING_SERIES_MAX], left = plan->plot.right + 10;
    for (size_t i = 0; i < plan->chart->series_count; i++) {
        const struct serving_series *series = &plan->chart->series[i];
        if (draw_name_near(builder, plan, i)) {
            continue;
        }
        double y = plane_px(&plan->y, series->points[series->count - 1].latency);
        size_t at = count++;
        for (; at > 0 && places[at - 1] > y; at--) {
            places[at] = places[at - 1];
            order[at] = order[at - 1];
        }
        places[at] = y;
        order[at] = i;
    }
    frame_spread(places, count, SERVING_LABEL_STEP, plan->plot.top + 4, plan->plot.bottom - 4);
    for (size_t i = 0; i < count; i++) {
        const struct serving_series *series = &plan->chart->series[order[i]];
        const struct serving_point *last = &series->points[series->count - 1];
        size_t category = serving_category(order[i]);
        struct text_style style = {SERVING_LABEL_SIZE, WEIGHT_SEMIBOLD, builder->colours->category_text[category],
                                   ANCHOR_START};
        const char *text = builder_fit_middle(builder, serving_name(series), builder_right(builder) - left,
                                              SERVING_LABEL_SIZE, WEIGHT_SEMIBOLD);
        builder_text(builder, "name", text, left, places[i] + 4, style)->full_text =
            text != series->name ? series->name : NULL;
        builder_line(builder, "leader", plane_px(&plan->x, last->throughput) + MARKER_RADIUS + 2,
                     plane_px(&plan->y, last->latency), left - 3, places[i], 0.6, builder->colours->category[category]);
    }
}

/* How far a point is from a box. */
static double distance(const struct box *box, struct chart_point from)
{
    double x = fmax(fmax(box->left - from.x, from.x - box->right), 0);
    double y = fmax(fmax(box->top - from.y, from.y - box->bottom), 0);
    return hypot(x, y);
}

/* A rate and the points that it is of: one, or a column of points above each other that share it. */
struct rate {
    double value;
    struct chart_point place; /* of the point, or of the lowest one */
    size_t series;
    bool shared;
};

static bool same_rate(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

/* Whether a text there is clearly nearer to its own points than to any that has another rate. */
static bool is_nearest(const struct serving_plan *plan, const struct rate *rate, const struct box *box)
{
    double own = distance(box, rate->place);
    for (size_t i = 0; i < plan->chart->series_count; i++) {
        const struct serving_series *series = &plan->chart->series[i];
        for (size_t k = 0; k < series->count; k++) {
            struct chart_point place = serving_place(plan, &series->points[k]);
            bool of_it = same_rate(series->points[k].rate, rate->value) &&
                         (rate->shared ? fabs(place.x - rate->place.x) < COLUMN_WIDE : i == rate->series);
            if (!of_it && distance(box, place) < own + RATE_NEARER) {
                return false;
            }
        }
    }
    return true;
}

static bool draw_rate(struct builder *builder, const struct serving_plan *plan, const struct rate *rate)
{
    static const double sides[][2] = {{0, 1}, {1, 1}, {-1, 1}, {1, 0}, {-1, 0}, {-1, -1}, {1, -1}, {0, -1}};
    const char *text = frame_tick_text(builder, rate->value);
    double width = builder_text_width(builder, text, RATE_SIZE, WEIGHT_MEDIUM);
    unsigned colour =
        rate->shared ? builder->colours->text : builder->colours->category_text[serving_category(rate->series)];
    for (size_t i = 0; i < (rate->shared ? 3 : ARRAY_LENGTH(sides)); i++) {
        double aside = sides[i][1] > 0 || sides[i][1] < 0 ? 4 : 7;
        double left = rate->place.x - width / 2 + sides[i][0] * (aside + width / 2);
        double base = rate->place.y + (sides[i][1] > 0 ? 15 : sides[i][1] < 0 ? -8 : 3.5);
        struct box box = {left - 1, base - 9.5, left + width + 1, base + 2.5};
        /* What is seen of a figure is lower than its box. */
        struct box ink = {left - 1, base - 7.5, left + width + 1, base + 1};
        if (frame_is_free(builder, &box) && is_clear(builder, plan, &ink) && is_nearest(plan, rate, &ink)) {
            struct text_style style = {RATE_SIZE, WEIGHT_MEDIUM, colour, ANCHOR_START};
            builder_text(builder, "rate", text, left, base, style);
            return true;
        }
    }
    return false;
}

/* The column of a point: how many points above each other share its rate, and the lowest of them. A point of another
 * rate in between ends it. */
static size_t column_of(const struct serving_plan *plan, size_t index, size_t at, struct rate *ret)
{
    const struct serving_point *point = &plan->chart->series[index].points[at];
    struct chart_point own = serving_place(plan, point), low = own, high = own;
    size_t count = 0;
    for (size_t i = 0; i < plan->chart->series_count; i++) {
        const struct serving_series *series = &plan->chart->series[i];
        for (size_t k = 0; k < series->count; k++) {
            struct chart_point place = serving_place(plan, &series->points[k]);
            if (same_rate(series->points[k].rate, point->rate) && fabs(place.x - own.x) < COLUMN_WIDE) {
                low = place.y > low.y ? place : low;
                high = place.y < high.y ? place : high;
                count++;
            }
        }
    }
    for (size_t i = 0; i < plan->chart->series_count; i++) {
        const struct serving_series *series = &plan->chart->series[i];
        for (size_t k = 0; k < series->count; k++) {
            struct chart_point place = serving_place(plan, &series->points[k]);
            bool between = fabs(place.x - own.x) < 2 * MARKER_RADIUS && place.y > high.y && place.y < low.y;
            if (between && !same_rate(series->points[k].rate, point->rate)) {
                return 1;
            }
        }
    }
    *ret = (struct rate){.value = point->rate, .place = low, .shared = true};
    return count;
}

/* A rate that a column of points shares stands below it once, others beside their points in the colour of the line;
 * where there is no room the hover text has it. */
static void draw_rates(struct builder *builder, const struct serving_plan *plan, size_t index)
{
    const struct serving_series *series = &plan->chart->series[index];
    for (size_t k = 0; k < series->count; k++) {
        struct rate rate = {.value = series->points[k].rate};
        if (!isfinite(rate.value)) {
            continue;
        }
        struct chart_point place = serving_place(plan, &series->points[k]);
        if (column_of(plan, index, k, &rate) > 1) {
            /* Once, with the lowest. */
            if (fabs(rate.place.x - place.x) > 0 || fabs(rate.place.y - place.y) > 0 ||
                draw_rate(builder, plan, &rate)) {
                continue;
            }
        }
        rate = (struct rate){series->points[k].rate, place, index, false};
        (void)draw_rate(builder, plan, &rate);
    }
}

void serving_draw_labels(struct builder *builder, const struct serving_plan *plan)
{
    draw_names(builder, plan);
    for (size_t i = 0; i < plan->chart->series_count; i++) {
        draw_rates(builder, plan, i);
    }
}
