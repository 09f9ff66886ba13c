#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/chart/scatter_plan.h"
#include "schema/base/str.h"

#define LOG_RANGE 10.0
#define LIMIT_REACH 4.0
#define NAMED_LEAST 4 /* values of x on the axis in place of round ticks */
#define NAMED_GAP 9.0 /* px between their texts */
#define ASIDE 3.0     /* px that markers of one place stand apart from it */

static int compare_numbers(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* A rating is one of few values that chips share, written shortly: "68", "546", "1,008", "76.8". */
static bool are_ratings(struct builder *builder, const struct scatter_plan *plan, const double *values, size_t count)
{
    bool shortly = plan->chart->frontier != FRONTIER_MORE && count >= NAMED_LEAST && count <= SCALE_TICKS_MAX &&
                   count < plan->dot_count;
    for (size_t i = 0; i < count && shortly; i++) {
        shortly = values[i] > 0 && strlen(frame_tick_text(builder, values[i])) <= 5;
    }
    return shortly;
}

static size_t holders(const struct scatter_plan *plan, double value)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->dot_count; i++) {
        count += fabs(plan->dots[i].point->x - value) <= 1e-9 * fabs(value) ? 1 : 0;
    }
    return count;
}

static bool has_room(struct builder *builder, const struct plane_axis *axis, const struct plane_axis *named,
                     double value)
{
    double half = builder_text_width(builder, frame_tick_text(builder, value), FRAME_TICK_SIZE, WEIGHT_REGULAR) / 2;
    for (size_t i = 0; i < named->tick_count; i++) {
        const char *text = frame_tick_text(builder, named->ticks[i]);
        double other = builder_text_width(builder, text, FRAME_TICK_SIZE, WEIGHT_REGULAR) / 2;
        if (fabs(plane_px(axis, value) - plane_px(axis, named->ticks[i])) < half + other + NAMED_GAP) {
            return false;
        }
    }
    return true;
}

/* The values that chips have say more than round ones: first the least and the greatest, then those of most chips. */
static void name_ratings(struct builder *builder, struct scatter_plan *plan)
{
    double *values = arena_alloc(&builder->layout->arena, plan->dot_count, sizeof *values);
    size_t count = 0;
    for (size_t i = 0; values != NULL && i < plan->dot_count; i++) {
        values[i] = plan->dots[i].point->x;
    }
    if (values == NULL) {
        return;
    }
    qsort(values, plan->dot_count, sizeof *values, compare_numbers);
    for (size_t i = 0; i < plan->dot_count; i++) {
        if (count == 0 || values[i] - values[count - 1] > 1e-9 * fabs(values[i])) {
            values[count++] = values[i];
        }
    }
    if (!are_ratings(builder, plan, values, count)) {
        return;
    }
    struct plane_axis named = plan->x;
    named.tick_count = 0;
    named.ticks[named.tick_count++] = values[0];
    named.ticks[named.tick_count++] = values[count - 1];
    for (size_t most = plan->dot_count; most > 0; most--) {
        for (size_t i = 1; i + 1 < count; i++) {
            if (holders(plan, values[i]) == most && has_room(builder, &plan->x, &named, values[i])) {
                named.ticks[named.tick_count++] = values[i];
            }
        }
    }
    if (named.tick_count >= NAMED_LEAST) {
        qsort(named.ticks, named.tick_count, sizeof *named.ticks, compare_numbers);
        plan->x = named;
    }
}

/* Whether the markers of two chips hide each other for the most part. */
static bool share_place(const struct scatter_dot *a, const struct scatter_dot *b)
{
    return fabs(a->x - b->x) < 1 && fabs(a->y - b->y) < 1.6 * MARKER_RADIUS;
}

/* Chips at one place to either side of it; variants of one chip stay together. */
static void set_aside(struct scatter_plan *plan)
{
    for (size_t i = 0; i < plan->dot_count; i++) {
        struct scatter_dot *dot = &plan->dots[i];
        for (size_t k = 0; k < plan->dot_count; k++) {
            const struct scatter_dot *other = &plan->dots[k];
            if (text_equal(other->point->name, dot->point->name) || !share_place(dot, other)) {
                continue;
            }
            /* The first of a pair goes left; where three meet the middle one follows what it met first. */
            double way = other->aside > 0 || (other->aside < 0 ? false : i < k) ? -1 : 1;
            dot->aside = way * ASIDE;
            plan->has_aside = true;
            break;
        }
    }
    for (size_t i = 0; i < plan->dot_count; i++) {
        struct scatter_dot *dot = &plan->dots[i];
        for (size_t k = 0; k < plan->dot_count && fabs(dot->aside) < 1; k++) {
            const struct scatter_dot *other = &plan->dots[k];
            if (text_equal(other->point->name, dot->point->name) && share_place(dot, other)) {
                dot->aside = other->aside;
            }
        }
    }
}

struct reach {
    double low_x, high_x, low_y, high_y;
};

static struct reach reach_of(const struct scatter_plan *plan)
{
    const struct scatter_point *first = plan->dots[0].point;
    struct reach reach = {first->x, first->x, first->y, first->y};
    for (size_t i = 1; i < plan->dot_count; i++) {
        const struct scatter_point *point = plan->dots[i].point;
        reach.low_x = fmin(reach.low_x, point->x);
        reach.high_x = fmax(reach.high_x, point->x);
        reach.low_y = fmin(reach.low_y, point->y);
        reach.high_y = fmax(reach.high_y, point->y);
    }
    return reach;
}

bool scatter_is_logarithmic(const struct scatter_plan *plan)
{
    const struct reach reach = reach_of(plan);
    /* Subnormal numbers have no room below for the margin of a logarithmic axis. */
    bool positive = reach.low_x > 1e-300 && reach.low_y > 1e-300;
    return positive && (reach.high_x / LOG_RANGE > reach.low_x || reach.high_y / LOG_RANGE > reach.low_y);
}

void scatter_make_axes(struct builder *builder, struct scatter_plan *plan)
{
    const bool logarithmic = scatter_is_logarithmic(plan);
    struct reach reach = reach_of(plan);
    double limit = scatter_limit_at(plan->chart, reach.high_x);
    /* A limit that is not far away is worth a wider axis. */
    if (logarithmic && isfinite(limit) && limit >= reach.low_y / LIMIT_REACH && limit <= reach.high_y * LIMIT_REACH) {
        reach.low_y = fmin(reach.low_y, limit);
        reach.high_y = fmax(reach.high_y, limit);
    }
    plan->y = plane_axis_roomy(reach.low_y, reach.high_y, logarithmic, plan->plot.bottom, plan->plot.top);
    plan->plot.left = fmax(SCATTER_PLOT_LEFT, CHART_LEFT + frame_widest_tick(builder, &plan->y) + FRAME_TICK_GAP);
    plan->x = plane_axis_roomy(reach.low_x, reach.high_x, logarithmic, plan->plot.left, plan->plot.right);
    name_ratings(builder, plan);
    for (size_t i = 0; i < plan->dot_count; i++) {
        plan->dots[i].x = plane_px(&plan->x, plan->dots[i].point->x);
        plan->dots[i].y = plane_px(&plan->y, plan->dots[i].point->y);
    }
    if (plan->dot_count <= SCATTER_NAMES_MOST) {
        set_aside(plan);
    }
}
