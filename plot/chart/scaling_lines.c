#include "plot/chart/scaling_lines.h"

#include <math.h>

#include "plot/chart/frame.h"

#define APART 2.7      /* px, upwards, between lines that would cover each other */
#define ASIDE_MOST 3.5 /* px that a line may leave its place: within its own markers */
#define STEP 3.0       /* px */
#define FAN 14.0       /* px behind the common beginning where the lines reach their distance */

static double place_x(const struct scaling_view *view, const struct scaling_point *point)
{
    return plane_px(view->x, point->resource);
}

/* Where the straight line between a family's points stands at `x`; NAN beyond its ends. */
static double height_at(const struct scaling_view *view, const struct scaling_family *family, double x)
{
    for (size_t i = 1; i < family->count; i++) {
        double from = place_x(view, &family->points[i - 1]), to = place_x(view, &family->points[i]);
        if (x >= from - 1e-6 && x <= to + 1e-6 && to > from) {
            double low = plane_px(view->y, family->points[i - 1].speed_up);
            double high = plane_px(view->y, family->points[i].speed_up);
            return low + (high - low) * fmin(fmax((x - from) / (to - from), 0), 1);
        }
    }
    return (double)NAN;
}

/* The height at which a family's line is drawn: beside the ones that it would cover or be covered by. */
static double drawn_at(const struct scaling_view *view, size_t index, double x)
{
    double heights[SCALING_FAMILIES_MAX], own = height_at(view, &view->families[index], x);
    size_t count = 0, rank = 0;
    for (size_t i = 0; i < view->family_count; i++) {
        double height = i == index ? own : height_at(view, &view->families[i], x);
        if (!isfinite(height)) {
            continue;
        }
        /* Those at one height in the order of the families. */
        bool above = height < own - 1e-9 || (i < index && height <= own + 1e-9);
        size_t at = count++;
        for (; at > 0 && heights[at - 1] > height; at--) {
            heights[at] = heights[at - 1];
        }
        heights[at] = height;
        rank += above && i != index ? 1 : 0;
    }
    double begin = place_x(view, &view->families[index].points[0]);
    double step = APART * fmin(fmax((x - begin) / FAN, 0), 1);
    if (count < 2 || !isfinite(own) || step <= 0) {
        return own;
    }
    frame_spread(heights, count, step, -1e6, 1e6);
    return fmin(fmax(heights[rank], own - ASIDE_MOST), own + ASIDE_MOST);
}

struct chart_point *scaling_line(struct arena *arena, const struct scaling_view *view, size_t index, size_t *ret_count)
{
    const struct scaling_family *family = &view->families[index];
    double from = place_x(view, &family->points[0]), to = place_x(view, &family->points[family->count - 1]);
    size_t steps = (size_t)fmax(ceil((to - from) / STEP), 1), count = 0;
    struct chart_point *points = arena_alloc(arena, steps + 1 + family->count, sizeof *points);
    *ret_count = 0;
    if (points == NULL) {
        return NULL;
    }
    /* Two chips of the same resources have no height between them: straight from point to point. */
    bool straight = view->family_count < 2;
    for (size_t i = 1; i < family->count; i++) {
        straight |= place_x(view, &family->points[i]) - place_x(view, &family->points[i - 1]) < 1;
    }
    for (size_t i = 0; straight && i < family->count; i++) {
        points[count++] =
            (struct chart_point){place_x(view, &family->points[i]), plane_px(view->y, family->points[i].speed_up)};
    }
    for (size_t i = 0; !straight && i <= steps; i++) {
        double x = from + (to - from) * (double)i / (double)steps;
        points[count++] = (struct chart_point){x, drawn_at(view, index, x)};
    }
    *ret_count = count;
    return points;
}
