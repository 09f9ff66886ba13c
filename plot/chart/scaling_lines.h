/* The lines of a scaling chart. Families scale alike near their smallest chips, so their lines would cover each other:
 * there they are drawn side by side, each straight from chip to chip and no further from its place than its markers
 * reach. Not for callers; they use scaling.h. */
#ifndef PLOT_CHART_SCALING_LINES_H
#define PLOT_CHART_SCALING_LINES_H

#include "plot/chart/plane.h"
#include "plot/chart/scaling.h"

struct scaling_view {
    const struct scaling_family *families;
    size_t family_count;
    const struct plane_axis *x, *y;
};

/* A family's line in px, two points from each chip to the next, 2 × (count − 1) in all; NULL without memory. */
struct chart_point *scaling_line(struct arena *arena, const struct scaling_view *view, size_t index);

#endif
