#include <math.h>
#include <stdlib.h>

#include "plot/chart/scatter_plan.h"
#include "schema/base/str.h"

#define LIMIT_PIECES 128

static bool is_better(const struct scatter_plan *plan, double a, double b)
{
    return plan->chart->y.higher_is_better ? a > b : a < b;
}

static int compare_numbers(double a, double b)
{
    return (a > b) - (a < b);
}

/* Cheapest first, then best, then as given. */
static int compare_dots(const void *left, const void *right, void *context)
{
    const struct scatter_plan *plan = context;
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    const struct scatter_point *first = plan->dots[a].point, *second = plan->dots[b].point;
    int order = compare_numbers(first->x, second->x);
    order = plan->chart->frontier == FRONTIER_MORE ? -order : order;
    if (order == 0) {
        order = compare_numbers(first->y, second->y);
        order = plan->chart->y.higher_is_better ? -order : order;
    }
    return order != 0 ? order : (a > b) - (a < b);
}

static void find_frontier(struct builder *builder, struct scatter_plan *plan)
{
    size_t *order = arena_alloc(&builder->layout->arena, plan->dot_count, sizeof *order);
    plan->frontier = order;
    if (order == NULL || plan->chart->frontier == FRONTIER_NONE) {
        return;
    }
    for (size_t i = 0; i < plan->dot_count; i++) {
        order[i] = i;
    }
    qsort_r(order, plan->dot_count, sizeof *order, compare_dots, plan);
    for (size_t i = 0; i < plan->dot_count; i++) {
        size_t dot = order[i];
        if (plan->frontier_count == 0 ||
            is_better(plan, plan->dots[dot].point->y, plan->dots[order[plan->frontier_count - 1]].point->y)) {
            plan->dots[dot].on_frontier = true;
            order[plan->frontier_count++] = dot;
        }
    }
}

static void add_line(struct scatter_plan *plan, double x1, double y1, double x2, double y2)
{
    plan->lines[plan->line_count++] = (struct segment){x1, y1, x2, y2};
}

/* Along the best value so far to the next x, then to the value there. */
static void lay_frontier_line(struct scatter_plan *plan)
{
    double end = plan->chart->frontier == FRONTIER_MORE ? plan->plot.left : plan->plot.right;
    for (size_t i = 0; i < plan->frontier_count; i++) {
        const struct scatter_dot *dot = &plan->dots[plan->frontier[i]];
        if (i + 1 == plan->frontier_count) {
            add_line(plan, dot->x, dot->y, end, dot->y);
        } else {
            const struct scatter_dot *next = &plan->dots[plan->frontier[i + 1]];
            add_line(plan, dot->x, dot->y, next->x, dot->y);
            add_line(plan, next->x, dot->y, next->x, next->y);
        }
    }
    plan->frontier_lines = plan->line_count;
}

double scatter_limit_at(const struct scatter_chart *chart, double x)
{
    return chart->y.higher_is_better ? chart->limit * x : chart->limit / x;
}

/* The part of the curve inside the plot; straight when both axes are logarithmic. */
static void lay_limit_line(struct scatter_plan *plan)
{
    const struct scatter_chart *chart = plan->chart;
    if (!isfinite(chart->limit) || chart->limit <= 0 || plan->y.high <= 0 || plan->x.high <= 0) {
        return;
    }
    double lowest = fmax(plan->y.low, plan->y.high * 1e-6);
    double at_low = chart->y.higher_is_better ? lowest / chart->limit : chart->limit / plan->y.high;
    double at_high = chart->y.higher_is_better ? plan->y.high / chart->limit : chart->limit / lowest;
    double from = fmax(at_low, plan->x.low), to = fmin(at_high, plan->x.high);
    if (!(from > 0 && from < to)) {
        return;
    }
    size_t pieces = plan->x.logarithmic ? 1 : LIMIT_PIECES;
    for (size_t i = 0; i < pieces; i++) {
        double a = from * pow(to / from, (double)i / (double)pieces);
        double b = from * pow(to / from, (double)(i + 1) / (double)pieces);
        add_line(plan, plane_px(&plan->x, a), plane_px(&plan->y, scatter_limit_at(chart, a)), plane_px(&plan->x, b),
                 plane_px(&plan->y, scatter_limit_at(chart, b)));
    }
    plan->limit_lines = pieces;
}

/* A lesser variant shares its name with the chip it is one of: that name is written once. */
static bool name_is_another_s(const struct scatter_plan *plan, size_t index)
{
    const struct scatter_dot *dot = &plan->dots[index];
    for (size_t i = 0; dot->point->lesser && i < plan->dot_count; i++) {
        const struct scatter_point *other = plan->dots[i].point;
        if (i != index && text_equal(other->name, dot->point->name) && (!other->lesser || i < index)) {
            return true;
        }
    }
    return false;
}

static void choose_bold(struct scatter_plan *plan)
{
    for (size_t i = 0; i < plan->frontier_count; i++) {
        const struct scatter_point *point = plan->dots[plan->frontier[i]].point;
        for (size_t k = 0; k < plan->dot_count; k++) {
            struct scatter_dot *dot = &plan->dots[k];
            dot->bold |= k == plan->frontier[i] || (point->lesser && text_equal(dot->point->name, point->name));
        }
    }
}

static bool reaches_further(const struct scatter_point *a, const struct scatter_point *b, int side)
{
    switch (side) {
    case 0:
        return a->x < b->x;
    case 1:
        return a->x > b->x;
    case 2:
        return a->y < b->y;
    default:
        return a->y > b->y;
    }
}

static void choose_names(struct scatter_plan *plan)
{
    bool all = plan->dot_count <= SCATTER_NAMES_MOST;
    for (size_t i = 0; i < plan->dot_count; i++) {
        struct scatter_dot *dot = &plan->dots[i];
        dot->wants_name = dot->point->pinned || ((all || dot->on_frontier) && !name_is_another_s(plan, i));
    }
    for (int side = 0; side < 4; side++) {
        size_t extreme = 0;
        for (size_t i = 1; i < plan->dot_count; i++) {
            if (reaches_further(plan->dots[i].point, plan->dots[extreme].point, side)) {
                extreme = i;
            }
        }
        plan->dots[extreme].wants_name |= !name_is_another_s(plan, extreme);
    }
}

void scatter_find_lines(struct builder *builder, struct scatter_plan *plan)
{
    /* Two for each step, the limit, a leader for each name. */
    plan->lines = arena_alloc(&builder->layout->arena, 3 * plan->dot_count + LIMIT_PIECES, sizeof *plan->lines);
    find_frontier(builder, plan);
    if (plan->lines == NULL) {
        return;
    }
    lay_frontier_line(plan);
    lay_limit_line(plan);
    choose_bold(plan);
    choose_names(plan);
}
