/* Sustained performance: the median of each second over time, throttled stretches as bands with their reason, the last
 * third against the first (specification of charts, section 3(i)). Several series get a panel each. Same rules as
 * chart.h: data in, layout out. */
#ifndef PLOT_CHART_SUSTAINED_H
#define PLOT_CHART_SUSTAINED_H

#include "plot/chart/chart.h"

#define SUSTAINED_SERIES_MAX 40
#define SUSTAINED_SAMPLES_MAX 200000

struct sustained_sample {
    double at; /* seconds since the start */
    double value;
    const char *reason; /* why it was throttled; NULL = it was not */
};
struct sustained_series {
    const char *name;
    const struct sustained_sample *samples; /* in the order of `at`; finite */
    size_t count;
};
struct sustained_chart {
    const char *title, *subtitle;
    const char *const *footer;
    size_t footer_count;
    struct chart_metric metric;
    const struct sustained_series *series;
    size_t series_count;
    double width;    /* 0 = 800 */
    const char *alt; /* NULL = made from the data */
};

/* ERR_NOTHING without a sample, ERR_LIMIT above the most, ERR_DATA for a value that no axis can reach. */
int chart_lay_out_sustained(const struct sustained_chart *chart, enum chart_theme theme,
                            const struct text_measure *measure, struct chart_layout *ret, struct err *err) must_check;
/* Median of the last third of the time against that of the first, in %; NAN when either has no sample or is zero. */
double sustained_share(const struct sustained_series *series);

#endif
