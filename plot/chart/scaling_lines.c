#include "plot/chart/scaling_lines.h"

#include <math.h>

#define COVERED 2.0       /* px, upwards, between lines that are one to the eye */
#define COVERED_SHARE 0.3 /* of a way from chip to chip */
#define STEP 1.8          /* px between lines side by side */
#define ASIDE_MOST 2.7    /* px that a line may leave its place: within its own markers */

/* The px from a chip of a family to its next one. */
struct way {
    double from, to;
};

/* Where the line of a family stands at `x`; NAN beyond its ends. */
static double height_at(const struct scaling_view *view, size_t index, double x)
{
    const struct scaling_family *family = &view->families[index];
    for (size_t i = 1; i < family->count; i++) {
        const struct scaling_point *before = &family->points[i - 1], *point = &family->points[i];
        double from = plane_px(view->x, before->resource), to = plane_px(view->x, point->resource);
        if (x >= from - 1e-6 && x <= to + 1e-6 && to > from) {
            double low = plane_px(view->y, before->speed_up), high = plane_px(view->y, point->speed_up);
            return low + (high - low) * fmin(fmax((x - from) / (to - from), 0), 1);
        }
    }
    return (double)NAN;
}

/* Whether two lines are one to the eye on much of a way; how much higher the first stands there, in all. */
static bool cover(const struct scaling_view *view, const struct way *way, size_t a, size_t b, double *ret_higher)
{
    double covered = 0, higher = 0;
    for (size_t i = 0; way->from + (double)i <= way->to; i++) {
        double x = way->from + (double)i, distance = height_at(view, b, x) - height_at(view, a, x);
        if (isfinite(distance)) {
            covered += fabs(distance) < COVERED;
            higher += distance;
        }
    }
    *ret_higher = higher;
    return covered > COVERED_SHARE * (way->to - way->from);
}

/* How far up and to the left of its place a family's line goes: those that cover each other on the way, and those that
 * these cover, stand in the order of their heights. */
static double offset_of(const struct scaling_view *view, const struct way *way, size_t index)
{
    bool among[SCALING_FAMILIES_MAX] = {false};
    double higher = 0;
    size_t count = 1, above = 0;
    among[index] = true;
    for (bool grown = true; grown;) {
        grown = false;
        for (size_t i = 0; i < view->family_count; i++) {
            for (size_t k = 0; k < view->family_count && !among[i]; k++) {
                among[i] = among[k] && cover(view, way, i, k, &higher);
                grown |= among[i];
                count += among[i] ? 1 : 0;
            }
        }
    }
    for (size_t i = 0; i < view->family_count; i++) {
        if (among[i] && i != index) {
            (void)cover(view, way, i, index, &higher);
            above += higher > 1e-9 || (higher > -1e-9 && i < index) ? 1 : 0;
        }
    }
    double step = count > 1 ? fmin(STEP, 2 * ASIDE_MOST / (double)(count - 1)) : 0;
    return step * ((double)(count - 1) / 2 - (double)above) * M_SQRT1_2;
}

struct chart_point *scaling_line(struct arena *arena, const struct scaling_view *view, size_t index)
{
    const struct scaling_family *family = &view->families[index];
    struct chart_point *points = arena_alloc(arena, 2 * family->count, sizeof *points);
    for (size_t i = 1; points != NULL && i < family->count; i++) {
        const struct scaling_point *before = &family->points[i - 1], *point = &family->points[i];
        struct way way = {plane_px(view->x, before->resource), plane_px(view->x, point->resource)};
        double aside = offset_of(view, &way, index);
        points[2 * i - 2] = (struct chart_point){way.from - aside, plane_px(view->y, before->speed_up) - aside};
        points[2 * i - 1] = (struct chart_point){way.to - aside, plane_px(view->y, point->speed_up) - aside};
    }
    return points;
}
