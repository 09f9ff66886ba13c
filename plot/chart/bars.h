/* What charts of horizontal bars share: an axis as long as the labels at the bars allow, names at the left of rows. */
#ifndef PLOT_CHART_BARS_H
#define PLOT_CHART_BARS_H

#include "plot/chart/builder.h"

/* A label behind a bar: where in the data the bar (or its whisker) ends, and the px that gap and text take. */
struct bar_label {
    double end, width;
};

/* The axis from zero to a round tick at or above `largest` whose bars are the longest: it ends at x + width or earlier,
 * so that each label ends at `limit` or earlier. Its ticks stand `tick_room` px apart where that is possible. */
struct scale bars_scale(double largest, double x, double width, double limit, double tick_room,
                        const struct bar_label *labels, size_t count);

/* The same on a logarithmic axis, for dots: from below `least` (> 0) to above `largest`. */
struct scale bars_log_scale(double least, double largest, double x, double width, double limit,
                            const struct bar_label *labels, size_t count);

/* A name as it is drawn: one line, or two smaller ones where the row is high enough. */
#define BAR_NAME_LINES 4

struct bar_name {
    const char *lines[BAR_NAME_LINES];
    size_t count;
    double size, width;
};

/* The name in one line, else in up to `most_lines` of 11 px, else with its middle cut out. */
struct bar_name bars_fit_name(struct builder *builder, const char *name, double width, double size,
                              enum text_weight weight, size_t most_lines);
/* Ends at `right`, centred at `middle`; `full_name` is what a name with a cut says when hovered. */
void bars_draw_name(struct builder *builder, const struct bar_name *name, const char *full_name, double right,
                    double middle, struct text_style style);

#endif
