/* Inside of the history chart: segments, changes, panels. Not for callers; they use history.h. */
#ifndef PLOT_CHART_HISTORY_PLAN_H
#define PLOT_CHART_HISTORY_PLAN_H

#include "plot/chart/frame.h"
#include "plot/chart/history.h"

struct history_segment {
    size_t first, count; /* runs */
    double median;
    double low, high; /* 95 % interval of the median; NAN = too few runs */
    double change;    /* % against the segment before, where the data establishes a change; NAN = none */
};
struct history_line {
    const struct history_series *series;
    size_t category;
    struct history_segment *segments;
    size_t segment_count;
    bool few;   /* runs for a level */
    double gap; /* longer without a run is dotted; INFINITY = never */
};
struct history_panel {
    const struct history_line *lines;
    size_t line_count;
    struct box plot;
    struct plane_axis y;
    size_t label_rows; /* for the changes above the plot */
};
struct history_plan {
    const struct history_chart *chart;
    struct history_line *lines;
    size_t line_count;
    struct history_panel *panels;
    size_t panel_count;
    struct plane_axis x;
    size_t unlabelled; /* changes without room for their words */
};

/* Segments of one series, in the arena. */
int history_find_segments(struct arena *arena, const struct history_chart *chart, struct history_line *line,
                          struct err *err) must_check;
/* Where a series stands now: its last level, or of few runs the last one. */
double history_now(const struct history_line *line);
void history_draw_panel(struct builder *builder, struct history_plan *plan, const struct history_panel *panel);
const char *history_alt_text(struct builder *builder, const struct history_plan *plan);

#endif
