/* The two axes of a plane of points: linear (with zero unless all values are near each other), or logarithmic; round
 * ticks inside the domain, px of a value. */
#ifndef PLOT_CHART_PLANE_H
#define PLOT_CHART_PLANE_H

#include <stdbool.h>

#include "plot/chart/scale.h"

#define PLANE_TICKS_MOST 6

struct plane_axis {
    bool logarithmic;
    double low, high; /* domain */
    double from, to;  /* px of low and high */
    double ticks[SCALE_TICKS_MAX];
    size_t tick_count;
};

/* Axis for values from `least` to `most`; a logarithmic one needs least > 0. Both must be finite. */
struct plane_axis plane_axis(double least, double most, bool logarithmic, double from, double to);
/* The same with room between the points and the ends of a linear axis: a marker must not sit on the frame. */
struct plane_axis plane_axis_roomy(double least, double most, bool logarithmic, double from, double to);
/* Fewer ticks for a low panel, where five would stand close. */
void plane_thin(struct plane_axis *axis);
double plane_px(const struct plane_axis *axis, double value);
/* The inverse: the value at a share of the axis, 0 = low, 1 = high. */
double plane_value(const struct plane_axis *axis, double share);

#endif
