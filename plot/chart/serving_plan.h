/* Inside of the serving chart: axes, stems of the tail, labels. Not for callers; they use serving.h. */
#ifndef PLOT_CHART_SERVING_PLAN_H
#define PLOT_CHART_SERVING_PLAN_H

#include "plot/chart/frame.h"
#include "plot/chart/serving.h"

#define SERVING_LABEL_SIZE 12.0 /* of names */
#define SERVING_LABEL_STEP 18.0

/* The thin line up to the tail of one point. */
struct serving_stem {
    size_t series;
    double x; /* px; within the point's marker, beside stems that it would cover */
    double from, to;
    double value;
    bool moved;
};
struct serving_plan {
    const struct serving_chart *chart;
    struct box plot;
    struct plane_axis x, y;
    struct serving_stem *stems;
    size_t stem_count;
};

const char *serving_name(const struct serving_series *series);
size_t serving_category(size_t series);
/* Where a point stands, in px. */
struct chart_point serving_place(const struct serving_plan *plan, const struct serving_point *point);

/* Fills the stems of the plan: in the arena, none without memory. */
void serving_place_stems(struct arena *arena, struct serving_plan *plan);
void serving_draw_stems(struct builder *builder, const struct serving_plan *plan);
/* Names at the ends of the lines, then the rates at the points; behind all marks. */
void serving_draw_labels(struct builder *builder, const struct serving_plan *plan);

#endif
