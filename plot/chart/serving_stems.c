#include <math.h>

#include "plot/chart/marker.h"
#include "plot/chart/serving_plan.h"

#define STEP 3.0  /* px between stems side by side */
#define CLEAR 2.0 /* px at least between two, where their markers let them */
#define PUSHES 16
#define REACH 4.0             /* px that a stem may leave the middle of its marker */
#define CAP 3.0               /* px, half of it */
#define CAP_BESIDE 1.8        /* the same where another stem is near */
#define APART_UP (CAP + STEP) /* px between the end of one and the beginning of another in one place */

static bool are_in_one_place(const struct serving_stem *a, const struct serving_stem *b)
{
    return fabs(a->x - b->x) < STEP && fmin(a->from, a->to) < fmax(b->from, b->to) + APART_UP &&
           fmin(b->from, b->to) < fmax(a->from, a->to) + APART_UP;
}

/* How far right of a stem's middle the line of its own series passes it; 0 where it does not pass near. */
static double own_line_beside(const struct serving_plan *plan, const struct serving_stem *stem)
{
    const struct serving_series *series = &plan->chart->series[stem->series];
    double height = (stem->from + stem->to) / 2;
    for (size_t k = 1; k < series->count; k++) {
        struct chart_point a = serving_place(plan, &series->points[k - 1]), b = serving_place(plan, &series->points[k]);
        if (fmin(a.y, b.y) < height && fmax(a.y, b.y) > height) {
            double beside = a.x + (b.x - a.x) * (height - a.y) / (b.y - a.y) - stem->x;
            if (fabs(beside) < STEP) {
                return fmax(fabs(beside), 1) * (beside < 0 ? -1 : 1);
            }
        }
    }
    return 0;
}

/* Where a stem stands among those that it would cover or be covered by: in their order, its own marker in the middle;
 * where there are none, beside the line of its own series. */
static double offset_of(const struct serving_plan *plan, size_t index)
{
    const struct serving_stem *stem = &plan->stems[index];
    size_t count = 0, rank = 0;
    for (size_t i = 0; i < plan->stem_count; i++) {
        const struct serving_stem *other = &plan->stems[i];
        if (i == index || are_in_one_place(stem, other)) {
            bool left = other->x < stem->x || (i < index && other->x <= stem->x);
            rank += i != index && left ? 1 : 0;
            count++;
        }
    }
    if (count > 1) {
        double step = fmin(STEP, 2 * REACH / (double)(count - 1));
        return step * ((double)rank - (double)(count - 1) / 2);
    }
    double beside = own_line_beside(plan, stem);
    return beside > 0 ? -STEP : beside < 0 ? STEP : 0;
}

/* Stems of neighbouring columns can have moved towards each other: each goes back as far as its marker lets it. */
static bool push_apart(const struct serving_plan *plan, double *offsets)
{
    bool pushed = false;
    for (size_t i = 0; i < plan->stem_count; i++) {
        for (size_t k = 0; k < i; k++) {
            struct serving_stem a = plan->stems[i], b = plan->stems[k];
            a.x += offsets[i];
            b.x += offsets[k];
            if (are_in_one_place(&a, &b) && fabs(a.x - b.x) < CLEAR) {
                double push = (CLEAR - fabs(a.x - b.x)) / 2 * (a.x < b.x ? -1 : 1);
                offsets[i] = fmin(fmax(offsets[i] + push, -REACH), REACH);
                offsets[k] = fmin(fmax(offsets[k] - push, -REACH), REACH);
                pushed = true;
            }
        }
    }
    return pushed;
}

void serving_place_stems(struct arena *arena, struct serving_plan *plan)
{
    struct serving_stem *stems = arena_alloc(arena, SERVING_POINTS_MAX, sizeof *stems);
    double *offsets = arena_alloc(arena, SERVING_POINTS_MAX, sizeof *offsets);
    if (stems == NULL || offsets == NULL) {
        return;
    }
    plan->stems = stems;
    for (size_t i = 0; i < plan->chart->series_count; i++) {
        const struct serving_series *series = &plan->chart->series[i];
        for (size_t k = 0; k < series->count; k++) {
            const struct serving_point *point = &series->points[k];
            if (isfinite(point->tail) && (!plan->y.logarithmic || point->tail > 0)) {
                struct chart_point place = serving_place(plan, point);
                stems[plan->stem_count++] = (struct serving_stem){.series = i,
                                                                  .x = place.x,
                                                                  .from = place.y,
                                                                  .to = plane_px(&plan->y, point->tail),
                                                                  .value = point->tail};
            }
        }
    }
    for (size_t i = 0; i < plan->stem_count; i++) {
        offsets[i] = offset_of(plan, i);
    }
    for (int push = 0; push < PUSHES && push_apart(plan, offsets); push++) {
    }
    for (size_t i = 0; i < plan->stem_count; i++) {
        stems[i].x += offsets[i];
        stems[i].moved = fabs(offsets[i]) > 0;
    }
}

void serving_draw_stems(struct builder *builder, const struct serving_plan *plan)
{
    for (size_t i = 0; i < plan->stem_count; i++) {
        const struct serving_stem *stem = &plan->stems[i];
        unsigned colour = builder->colours->category[serving_category(stem->series)];
        double cap = stem->moved ? CAP_BESIDE : CAP;
        struct chart_mark *mark = builder_line(builder, "tail", stem->x, stem->from, stem->x, stem->to, 1, colour);
        mark->value = stem->value;
        mark->series = plan->chart->series[stem->series].name;
        builder_line(builder, "cap", stem->x - cap, stem->to, stem->x + cap, stem->to, 1, colour);
    }
}
