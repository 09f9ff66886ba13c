/* Serving: latency against throughput, a line a chip in the order of the request rate, the tail as a thin line up
 * (specification of charts, section 3(h)). An axis is logarithmic when its range exceeds 10×. Same rules as chart.h:
 * data in, layout out. */
#ifndef PLOT_CHART_SERVING_H
#define PLOT_CHART_SERVING_H

#include "plot/chart/chart.h"

#define SERVING_SERIES_MAX 32
#define SERVING_POINTS_MAX 1000

struct serving_point {
    double throughput, latency;
    double tail; /* p99; NAN = none */
    double rate; /* NAN = none */
};
struct serving_series {
    const char *name;
    const char *short_name;             /* drawn; NULL = name */
    const struct serving_point *points; /* in the order of the rate; finite throughput and latency */
    size_t count;
};
struct serving_chart {
    const char *title, *subtitle;
    const char *const *footer;
    size_t footer_count;
    struct chart_metric x, y;
    const struct serving_series *series;
    size_t series_count;
    double width;    /* 0 = 800 */
    const char *alt; /* NULL = made from the data */
};

/* ERR_NOTHING without a point, ERR_LIMIT above the most series or points, ERR_DATA for a value that no axis can
 * reach. */
int chart_lay_out_serving(const struct serving_chart *chart, enum chart_theme theme, const struct text_measure *measure,
                          struct chart_layout *ret, struct err *err) must_check;

#endif
