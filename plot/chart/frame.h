/* The frame of charts with two axes: ticks, grid, words at the axes, places for labels; shared by the chart families.
 */
#ifndef PLOT_CHART_FRAME_H
#define PLOT_CHART_FRAME_H

#include "plot/chart/builder.h"
#include "plot/chart/plane.h"

#define FRAME_TICK_SIZE 11.0
#define FRAME_TICK_GAP 6.0

struct box {
    double left, top, right, bottom;
};

/* A tick as text, in the arena: "1,000", beyond a million or below a thousandth "2×10¹²". */
const char *frame_tick_text(struct builder *builder, double tick);
double frame_widest_tick(struct builder *builder, const struct plane_axis *axis);
/* Vertical grid with texts below; a text that would meet the one before is left out. */
void frame_draw_x(struct builder *builder, const struct plane_axis *axis, const struct box *plot);
/* Horizontal grid with texts at the left, and the line at the bottom (at zero when the axis goes below). */
void frame_draw_y(struct builder *builder, const struct plane_axis *axis, const struct box *plot);
/* Title and unit of an axis, whether it leaves out zero, and what follows. In the arena. */
const char *frame_metric_words(struct builder *builder, const struct chart_metric *metric,
                               const struct plane_axis *axis, const char *after);
/* The panel for those who read the layout: its values are those of the y axis. */
void frame_add_panel(struct builder *builder, const char *name, const struct plane_axis *y, const struct box *plot);
/* Moves ascending places apart to at least `step` from each other within low to high, each as little as it must. */
void frame_spread(double *places, size_t count, double step, double low, double high);
/* Whether a text there would meet one that is placed already, or leave the margins. */
bool frame_is_free(const struct builder *builder, const struct box *box);
/* A title in the middle of a sentence: "Inference time" gives "inference time", "NPU load" stays. In the arena. */
const char *chart_in_sentence(struct arena *arena, const char *title);

/* The subtitle of a chart with which axes are logarithmic behind it, unless it says so itself. */
const char *frame_subtitle(struct builder *builder, const char *subtitle, bool x_logarithmic, bool y_logarithmic);

#endif
