/* History of a metric: runs, medians of the stable segments between change points with their intervals
 * (specification of charts, section 3(d)). Up to four series share a panel, more get a panel each. Change points:
 * schema/stats/change.h; intervals of medians: schema/stats/interval.h. Same rules as chart.h: data in, layout out. */
#ifndef PLOT_CHART_HISTORY_H
#define PLOT_CHART_HISTORY_H

#include "plot/chart/chart.h"

#define HISTORY_RUNS_MAX 20000
#define HISTORY_SERIES_MAX 40
#define HISTORY_TOGETHER 4 /* series that share a panel */
#define HISTORY_FEW 8      /* fewer runs have no level: they are points alone, all of them on the axis */

struct history_run {
    double at; /* seconds since 1970 when dated, else a position */
    double value;
    const char *label; /* what a change there is called, e.g. a commit; NULL = its date or position */
};
struct history_series {
    const char *name;
    const struct history_run *runs; /* in the order of `at`; values finite */
    size_t count;
};
struct history_chart {
    const char *title, *subtitle;
    const char *const *footer;
    size_t footer_count;
    struct chart_metric metric;
    const struct history_series *series;
    size_t series_count;
    bool dated;
    bool zoom;       /* the axis may leave out zero, and says so */
    double width;    /* 0 = 800 */
    const char *alt; /* NULL = made from the data */
};

/* ERR_NOTHING without a run, ERR_LIMIT above the most runs or series, ERR_DATA for a value that no axis can reach. */
int chart_lay_out_history(const struct history_chart *chart, enum chart_theme theme, const struct text_measure *measure,
                          struct chart_layout *ret, struct err *err) must_check;

#endif
