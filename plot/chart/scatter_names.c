/* Greedy placement: frontier first, each name at the nearest of 13 angles × 6 radii where it meets no point, no other
 * name and no line. A name that meets something everywhere becomes a number and a line of the list; where that happens
 * other orders of the angles and of the points are tried, and the one with the fewest numbers counts. */
#include <math.h>

#include "plot/chart/heatmap.h"
#include "plot/chart/scatter_plan.h"
#include "schema/base/str.h"

#define NAME_SIZE 11.0
#define NUMBER_SIZE 9.5
#define LEADERS_FROM 2 /* of the radii */
#define TRIED_MOST 120 /* points: of more few are named, and each try costs their square */
#define DEGREES 0.017453292519943295

static const double radii[] = {16, 24, 34, 48, 64, 82};
#define ANGLES 13
static const double angles[][ANGLES] = {
    {0, 180, 90, 270, 30, 330, 150, 210, 60, 300, 120, 240, 45},
    {270, 90, 0, 180, 300, 240, 330, 210, 30, 150, 60, 120, 45},
    {180, 0, 270, 90, 210, 150, 330, 30, 240, 120, 300, 60, 45},
    {90, 270, 180, 0, 60, 120, 30, 150, 330, 210, 300, 240, 45},
};
/* Each order of the angles with the points as they are, then backwards. */
#define TRIES (2 * ARRAY_LENGTH(angles))

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
    double from = marker_x(dot), x = fmin(fmax(from, box->left - 2), box->right + 2);
    double y = fmin(fmax(dot->y, box->top + 1), box->bottom - 0.5);
    double length = fmax(1, hypot(x - from, y - dot->y));
    double share = (MARKER_RADIUS + 1.5) / length;
    return (struct segment){from + (x - from) * share, dot->y + (y - dot->y) * share, x, y};
}

static double distance_from(const struct segment *line, double x, double y)
{
    double dx = line->x2 - line->x1, dy = line->y2 - line->y1;
    double share = ((x - line->x1) * dx + (y - line->y1) * dy) / fmax(dx * dx + dy * dy, 1e-9);
    share = fmin(fmax(share, 0), 1);
    return hypot(x - line->x1 - share * dx, y - line->y1 - share * dy);
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
        /* A marker that lies on the own one hides the end of the leader, which would then seem to be its own. */
        bool near = hypot(marker_x(other) - marker_x(dot), other->y - dot->y) < 2 * MARKER_RADIUS;
        if (distance_from(leader, marker_x(other), other->y) < (near ? 1.5 : 0.85) * MARKER_RADIUS) {
            return false;
        }
    }
    return true;
}

static void take(struct scatter_plan *plan, struct scatter_dot *dot, const struct box *box)
{
    dot->label = *box;
    plan->taken[plan->taken_count++] = (struct box){box->left - 2, box->top - 0.5, box->right + 2, box->bottom + 0.5};
}

/* A place near the point, or further away for a name with a leader (`apart` below zero). */
static bool find_place(const struct scatter_plan *plan, const struct scatter_dot *dot, double width, double height,
                       double apart, struct box *ret)
{
    bool led = apart < 0;
    const double *order = angles[plan->attempt % ARRAY_LENGTH(angles)];
    for (size_t r = led ? LEADERS_FROM : 0; r < (led ? ARRAY_LENGTH(radii) : LEADERS_FROM); r++) {
        for (size_t a = 0; a < ANGLES; a++) {
            struct box box = candidate(dot, radii[r], order[a], width, height);
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
static bool place_beside(const struct builder *builder, struct scatter_plan *plan, struct scatter_dot *dot,
                         const char *text, struct text_style style)
{
    double width = builder_text_width(builder, text, style.size, style.weight);
    double height = (TEXT_ASCENT + TEXT_DESCENT) * style.size;
    struct box box = {0};
    if (find_place(plan, dot, width, height, 1.5, &box) ||
        find_place(plan, dot, width, height, 2 * MARKER_RADIUS, &box)) {
        take(plan, dot, &box);
        return true;
    }
    if (!find_place(plan, dot, width, height, -1, &box)) {
        return false;
    }
    take(plan, dot, &box);
    dot->led = true;
    dot->leader = leader_to(dot, &box);
    plan->lines[plan->line_count++] = dot->leader;
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

static struct text_style number_style(const struct builder *builder)
{
    return (struct text_style){NUMBER_SIZE, WEIGHT_SEMIBOLD, builder->colours->ink, ANCHOR_START};
}

static struct text_style name_style(const struct builder *builder, const struct scatter_dot *dot)
{
    return (struct text_style){NAME_SIZE, dot->bold ? WEIGHT_BOLD : WEIGHT_REGULAR,
                               builder->colours->category_text[dot->point->category], ANCHOR_START};
}

/* In the marker when no text is there, else beside it; a number that fits nowhere stands in the list alone. */
static void place_number(struct builder *builder, struct scatter_plan *plan, struct scatter_dot *dot)
{
    dot->number = ++plan->listed;
    dot->number_text = arena_printf(&builder->layout->arena, "%zu", dot->number);
    if (dot->number_text == NULL) {
        dot->nowhere = true;
        return;
    }
    struct text_style style = number_style(builder);
    double width = builder_text_width(builder, dot->number_text, style.size, style.weight);
    double height = (TEXT_ASCENT + TEXT_DESCENT) * style.size;
    double x = marker_x(dot);
    struct box box = {x - width / 2, dot->y - height / 2, x + width / 2, dot->y + height / 2};
    /* With a number in it the marker is larger, and would cover what stands beside it. */
    const double radius = SCATTER_NUMBER_RADIUS + 1;
    struct box marker = {x - radius, dot->y - radius, x + radius, dot->y + radius};
    if (is_free_of_texts(plan, &box) && !meets_text(plan, &marker) && !is_covered(plan, dot)) {
        dot->inside = true;
        take(plan, dot, &box);
    } else {
        dot->nowhere = !place_beside(builder, plan, dot, dot->number_text, style);
    }
}

static void place_name(struct builder *builder, struct scatter_plan *plan, struct scatter_dot *dot)
{
    if (!place_beside(builder, plan, dot, dot->name, name_style(builder, dot))) {
        place_number(builder, plan, dot);
    }
}

/* All names anew; how bad the result is: numbers first, then leaders. */
static size_t place_all(struct builder *builder, struct scatter_plan *plan, size_t attempt, size_t lines)
{
    size_t leaders = 0, nowhere = 0;
    plan->attempt = attempt;
    plan->listed = plan->taken_count = 0;
    plan->line_count = lines;
    for (size_t i = 0; i < plan->dot_count; i++) {
        struct scatter_dot *dot = &plan->dots[i];
        dot->inside = dot->nowhere = dot->led = false;
        dot->number = 0;
    }
    for (size_t i = 0; i < plan->frontier_count; i++) {
        struct scatter_dot *dot = &plan->dots[plan->frontier[i]];
        if (dot->wants_name) {
            place_name(builder, plan, dot);
        }
    }
    for (int turn = 0; turn < 2; turn++) {
        for (size_t i = 0; i < plan->dot_count; i++) {
            bool backwards = attempt >= ARRAY_LENGTH(angles);
            struct scatter_dot *dot = &plan->dots[backwards ? plan->dot_count - 1 - i : i];
            if (dot->wants_name && !dot->on_frontier && dot->point->pinned == (turn == 0)) {
                place_name(builder, plan, dot);
            }
        }
    }
    for (size_t i = 0; i < plan->dot_count; i++) {
        leaders += plan->dots[i].led ? 1 : 0;
        nowhere += plan->dots[i].nowhere ? 1 : 0;
    }
    return (plan->listed + nowhere) * (plan->dot_count + 1) + leaders;
}

static void draw_label(struct builder *builder, const struct scatter_dot *dot)
{
    const char *role = dot->number > 0 ? "number" : "name", *text = dot->number > 0 ? dot->number_text : dot->name;
    struct text_style style = dot->number > 0 ? number_style(builder) : name_style(builder, dot);
    if (dot->nowhere) {
        return;
    }
    if (dot->inside && !dot->point->lesser) {
        style.colour = heatmap_text_colour(builder->colours->category[dot->point->category]);
    }
    builder_text(builder, role, text, dot->label.left, dot->label.top + TEXT_ASCENT * style.size, style);
    if (dot->led) {
        builder_line(builder, "leader", dot->leader.x1, dot->leader.y1, dot->leader.x2, dot->leader.y2, 0.8,
                     builder->colours->axis);
    }
}

void scatter_place_names(struct builder *builder, struct scatter_plan *plan)
{
    plan->taken = arena_alloc(&builder->layout->arena, plan->dot_count, sizeof *plan->taken);
    if (plan->taken == NULL || plan->lines == NULL) {
        return;
    }
    size_t lines = plan->line_count, best = 0, least = place_all(builder, plan, 0, lines);
    for (size_t attempt = 1; plan->dot_count <= TRIED_MOST && least > plan->dot_count && attempt < TRIES; attempt++) {
        size_t bad = place_all(builder, plan, attempt, lines);
        best = bad < least ? attempt : best;
        least = bad < least ? bad : least;
    }
    if (plan->attempt != best) {
        (void)place_all(builder, plan, best, lines);
    }
    for (size_t i = 0; i < plan->dot_count; i++) {
        if (plan->dots[i].wants_name) {
            draw_label(builder, &plan->dots[i]);
        }
    }
}
