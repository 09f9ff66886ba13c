/* Greedy placement: frontier first, each name at the nearest of 13 angles × 6 radii where it meets no point, no other
 * name and no line. A name that meets something everywhere becomes a number and a line of the list. */
#include <math.h>

#include "plot/chart/heatmap.h"
#include "plot/chart/scatter_plan.h"
#include "schema/base/str.h"

#define NAME_SIZE 11.0
#define NUMBER_SIZE 9.5
#define LEADERS_FROM 2 /* of the radii */
#define DEGREES 0.017453292519943295

static const double radii[] = {16, 24, 34, 48, 64, 82};
static const double angles[] = {0, 180, 90, 270, 30, 330, 150, 210, 60, 300, 120, 240, 45};

static bool boxes_meet(const struct box *a, const struct box *b)
{
    return a->left < b->right && b->left < a->right && a->top < b->bottom && b->top < a->bottom;
}

/* Narrows [from, to] of a line's parameter to one side of a box (Liang and Barsky). */
static bool clip(double direction, double distance, double *from, double *to)
{
    if (fabs(direction) < 1e-12) {
        return distance >= 0;
    }
    double at = distance / direction;
    if (direction < 0) {
        *from = fmax(*from, at);
    } else {
        *to = fmin(*to, at);
    }
    return *from <= *to;
}

static bool line_meets(const struct segment *line, const struct box *box)
{
    double from = 0, to = 1, dx = line->x2 - line->x1, dy = line->y2 - line->y1;
    return clip(-dx, line->x1 - box->left, &from, &to) && clip(dx, box->right - line->x1, &from, &to) &&
           clip(-dy, line->y1 - box->top, &from, &to) && clip(dy, box->bottom - line->y1, &from, &to);
}

static double marker_x(const struct scatter_dot *dot)
{
    return dot->x + dot->aside;
}

static bool meets_text(const struct scatter_plan *plan, const struct box *box)
{
    for (size_t i = 0; i < plan->taken_count; i++) {
        if (boxes_meet(&plan->taken[i], box)) {
            return true;
        }
    }
    return false;
}

static bool is_free_of_texts(const struct scatter_plan *plan, const struct box *box)
{
    return !meets_text(plan, box) && box->left >= plan->plot.left + 1 &&
           box->right <= fmin(plan->plot.right + 8, plan->margin) && box->top >= plan->plot.top - 8 &&
           box->bottom <= plan->plot.bottom - 1;
}

static bool is_free(const struct scatter_plan *plan, const struct box *box)
{
    if (!is_free_of_texts(plan, box)) {
        return false;
    }
    /* What is seen of a text is lower than its box. */
    struct box ink = {box->left - 1, box->top + 2, box->right + 1, box->bottom - 1};
    for (size_t i = 0; i < plan->dot_count; i++) {
        const struct scatter_dot *dot = &plan->dots[i];
        double radius = dot->inside ? SCATTER_NUMBER_RADIUS + 1 : MARKER_RADIUS + 1;
        double x = marker_x(dot);
        struct box marker = {x - radius, dot->y - radius, x + radius, dot->y + radius};
        if (boxes_meet(&marker, &ink)) {
            return false;
        }
    }
    for (size_t i = 0; i < plan->line_count; i++) {
        if (line_meets(&plan->lines[i], &ink)) {
            return false;
        }
    }
    return true;
}

static double distance_to(const struct scatter_dot *dot, const struct box *box)
{
    double dx = fmax(fmax(box->left - marker_x(dot), marker_x(dot) - box->right), 0);
    double dy = fmax(fmax(box->top - dot->y, dot->y - box->bottom), 0);
    return hypot(dx, dy);
}

/* A name without a leader is taken for that of the nearest point; `apart`: points nearer than that count as one. */
static bool is_nearest(const struct scatter_plan *plan, const struct scatter_dot *dot, const struct box *box,
                       double apart)
{
    double own = distance_to(dot, box);
    for (size_t i = 0; i < plan->dot_count; i++) {
        const struct scatter_dot *other = &plan->dots[i];
        if (distance_to(other, box) < own - 0.5 && hypot(marker_x(other) - marker_x(dot), other->y - dot->y) > apart) {
            return false;
        }
    }
    return true;
}

static struct box candidate(const struct scatter_dot *dot, double radius, double angle, double width, double height)
{
    double cosine = cos(angle * DEGREES), sine = sin(angle * DEGREES);
    double x = marker_x(dot) + (radius - 8) * cosine, y = dot->y - (radius - 10) * sine;
    double left = cosine > 0.3 ? x : cosine < -0.3 ? x - width : x - width / 2;
    double top = sine > 0.3 ? y - height : sine < -0.3 ? y : y - height / 2;
    return (struct box){left, top, left + width, top + height};
}

static struct segment leader_to(const struct scatter_dot *dot, const struct box *box)
{
    double from = marker_x(dot), x = fmin(fmax(from, box->left), box->right);
    double y = fmin(fmax(dot->y, box->top + 3), box->bottom - 3);
    double length = fmax(1, hypot(x - from, y - dot->y));
    double share = (MARKER_RADIUS + 1.5) / length;
    return (struct segment){from + (x - from) * share, dot->y + (y - dot->y) * share, x, y};
}

/* A leader through a text or another chip's marker would lead to that. */
static bool leader_is_free(const struct scatter_plan *plan, const struct scatter_dot *dot, const struct segment *leader)
{
    for (size_t i = 0; i < plan->taken_count; i++) {
        if (line_meets(leader, &plan->taken[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < plan->dot_count; i++) {
        const struct scatter_dot *other = &plan->dots[i];
        /* A variant of the same chip is what the name says too. */
        if (text_equal(other->point->name, dot->point->name)) {
            continue;
        }
        double x = marker_x(other);
        bool near = hypot(x - marker_x(dot), other->y - dot->y) < 2 * MARKER_RADIUS;
        /* A marker that lies on the own one hides the end of the leader, which would then seem to be its own. */
        double half = (near ? 1.0 : 0.6) * MARKER_RADIUS;
        if (line_meets(leader, &(struct box){x - half, other->y - half, x + half, other->y + half})) {
            return false;
        }
    }
    return true;
}

static void put_text(struct builder *builder, struct scatter_plan *plan, const char *role, const char *text,
                     const struct box *box, struct text_style style)
{
    builder_text(builder, role, text, box->left, box->top + TEXT_ASCENT * style.size, style);
    plan->taken[plan->taken_count++] = (struct box){box->left - 2, box->top - 0.5, box->right + 2, box->bottom + 0.5};
}

/* A place near the point, or further away for a name with a leader (`apart` below zero). */
static bool find_place(const struct scatter_plan *plan, const struct scatter_dot *dot, double width, double height,
                       double apart, struct box *ret)
{
    bool led = apart < 0;
    for (size_t r = led ? LEADERS_FROM : 0; r < (led ? ARRAY_LENGTH(radii) : LEADERS_FROM); r++) {
        for (size_t a = 0; a < ARRAY_LENGTH(angles); a++) {
            struct box box = candidate(dot, radii[r], angles[a], width, height);
            struct segment leader = leader_to(dot, &box);
            if (is_free(plan, &box) &&
                (led ? leader_is_free(plan, dot, &leader) : is_nearest(plan, dot, &box, apart))) {
                *ret = box;
                return true;
            }
        }
    }
    return false;
}

/* Close by and nearest to its own point; else nearest to the points at that place; else further away with a leader. */
static bool place_beside(struct builder *builder, struct scatter_plan *plan, struct scatter_dot *dot, const char *role,
                         const char *text, struct text_style style)
{
    double width = builder_text_width(builder, text, style.size, style.weight);
    double height = (TEXT_ASCENT + TEXT_DESCENT) * style.size;
    struct box box = {0};
    if (find_place(plan, dot, width, height, 1.5, &box) ||
        find_place(plan, dot, width, height, 2 * MARKER_RADIUS, &box)) {
        put_text(builder, plan, role, text, &box, style);
        return true;
    }
    if (!find_place(plan, dot, width, height, -1, &box)) {
        return false;
    }
    put_text(builder, plan, role, text, &box, style);
    struct segment leader = leader_to(dot, &box);
    plan->lines[plan->line_count++] = leader;
    builder_line(builder, "leader", leader.x1, leader.y1, leader.x2, leader.y2, 0.8, builder->colours->axis);
    return true;
}

/* Whether another numbered marker, which is drawn as late, would cover a number in this one. */
static bool is_covered(const struct scatter_plan *plan, const struct scatter_dot *dot)
{
    for (size_t i = 0; i < plan->dot_count; i++) {
        const struct scatter_dot *other = &plan->dots[i];
        if (other->inside &&
            hypot(marker_x(other) - marker_x(dot), other->y - dot->y) < 2 * SCATTER_NUMBER_RADIUS + 1) {
            return true;
        }
    }
    return false;
}

/* In the marker when no text is there, else beside it; a number that fits nowhere stands in the list alone. */
static void place_number(struct builder *builder, struct scatter_plan *plan, struct scatter_dot *dot)
{
    const char *text = arena_printf(&builder->layout->arena, "%zu", plan->listed + 1);
    if (text == NULL) {
        return;
    }
    dot->number = ++plan->listed;
    struct text_style style = {NUMBER_SIZE, WEIGHT_SEMIBOLD, builder->colours->ink, ANCHOR_START};
    double width = builder_text_width(builder, text, style.size, style.weight);
    double height = (TEXT_ASCENT + TEXT_DESCENT) * style.size;
    double x = marker_x(dot);
    struct box box = {x - width / 2, dot->y - height / 2, x + width / 2, dot->y + height / 2};
    /* With a number in it the marker is larger, and would cover what stands beside it. */
    const double radius = SCATTER_NUMBER_RADIUS + 1;
    struct box marker = {x - radius, dot->y - radius, x + radius, dot->y + radius};
    if (is_free_of_texts(plan, &box) && !meets_text(plan, &marker) && !is_covered(plan, dot)) {
        dot->inside = true;
        style.colour =
            dot->point->lesser ? style.colour : heatmap_text_colour(builder->colours->category[dot->point->category]);
        put_text(builder, plan, "number", text, &box, style);
    } else {
        dot->nowhere = !place_beside(builder, plan, dot, "number", text, style);
    }
}

static void place_name(struct builder *builder, struct scatter_plan *plan, struct scatter_dot *dot)
{
    struct text_style style = {NAME_SIZE, dot->bold ? WEIGHT_BOLD : WEIGHT_REGULAR,
                               builder->colours->category_text[dot->point->category], ANCHOR_START};
    if (!place_beside(builder, plan, dot, "name", dot->name, style)) {
        place_number(builder, plan, dot);
    }
}

void scatter_place_names(struct builder *builder, struct scatter_plan *plan)
{
    plan->taken = arena_alloc(&builder->layout->arena, plan->dot_count, sizeof *plan->taken);
    if (plan->taken == NULL || plan->lines == NULL) {
        return;
    }
    for (size_t i = 0; i < plan->frontier_count; i++) {
        struct scatter_dot *dot = &plan->dots[plan->frontier[i]];
        if (dot->wants_name) {
            place_name(builder, plan, dot);
        }
    }
    for (int turn = 0; turn < 2; turn++) {
        for (size_t i = 0; i < plan->dot_count; i++) {
            struct scatter_dot *dot = &plan->dots[i];
            if (dot->wants_name && !dot->on_frontier && dot->point->pinned == (turn == 0)) {
                place_name(builder, plan, dot);
            }
        }
    }
}
