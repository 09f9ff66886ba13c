/* Inside of the distribution chart. Not for callers; they use distribution.h. */
#ifndef PLOT_CHART_DISTRIBUTION_PLAN_H
#define PLOT_CHART_DISTRIBUTION_PLAN_H

#include "plot/chart/bars.h"
#include "plot/chart/builder.h"
#include "plot/chart/distribution.h"

#define DISTRIBUTION_BOX_LEAST 6
#define DISTRIBUTION_VIOLIN_LEAST 20
#define DISTRIBUTION_FIGURES_SIZE 10.5

/* A row's figures; the deviations are in % of its median, the places are those of the axis. */
struct spread {
    bool drawable; /* a positive median: a share of it means something */
    double median;
    double *deviations;
    double *places; /* deviations, or log₂ of value ÷ median; ascending like them */
    size_t count;
    bool summary, box; /* five figures instead of runs; enough of either for a box */
    long runs;         /* -1 = not known */
    double first, third, whisker_low, whisker_high;
};
struct distribution_plan {
    const struct distribution *chart;
    struct spread *spreads;
    const char **names;     /* short where they stay clear */
    struct bar_name *drawn; /* as they fit */
    double left, right, top, bottom, row, range, name_size;
    double head; /* of the row, for name and figures above it; 0 = they stand beside it */
    double median_right, iqr_right, runs_right;
    bool points;       /* few enough to draw all */
    bool logarithmic;  /* multiples of the median instead of % */
    struct scale half; /* from the median to the right edge, in places */
};

/* The spreads, and what the axis shows; before the plan, since the subtitle says it. */
int distribution_make_spreads(struct builder *builder, struct distribution_plan *plan, struct err *err) must_check;
int distribution_make_plan(struct builder *builder, double moved, struct distribution_plan *plan,
                           struct err *err) must_check;
/* Median, middle half and count in one line, for a row without columns. */
const char *distribution_figures(struct builder *builder, const struct distribution_plan *plan, size_t row);
/* The place of a deviation in %, and the px of a place. */
double distribution_place(const struct distribution_plan *plan, double deviation);
double distribution_px(const struct distribution_plan *plan, double place);
/* A place as a tick says it: "+10 %", or "½×". */
const char *distribution_place_text(struct builder *builder, const struct distribution_plan *plan, double place);
/* Violin, box and points of one row. */
void distribution_draw_row(struct builder *builder, const struct distribution_plan *plan, size_t row);

#endif
