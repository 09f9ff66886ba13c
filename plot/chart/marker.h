/* Points whose shape says the category as well as their colour does; shared by the chart families. */
#ifndef PLOT_CHART_MARKER_H
#define PLOT_CHART_MARKER_H

#include "plot/chart/builder.h"

#define MARKER_RADIUS 4.25

/* A marker around its centre with a rim of background; its own mark has the kind given, rim and hole have others. */
void marker_draw(struct builder *builder, const char *kind, double x, double y, size_t category, bool hollow,
                 double radius);

#endif
