/* Scatter of two metrics with a frontier and a physical limit (specification of charts, section 3(e)). Both axes are
 * logarithmic when a range exceeds 10× and everything is positive, else linear, with zero unless
 * the least value is above half the greatest, which the axis then says. Same rules as chart.h:
 * data in, layout out. */
#ifndef PLOT_CHART_SCATTER_H
#define PLOT_CHART_SCATTER_H

#include "plot/chart/chart.h"

#define SCATTER_POINTS_MAX 2000
/* Up to here each point has its name; above only frontier, pinned points and extremes. */
#define SCATTER_NAMES_MOST 40

struct scatter_point {
    const char *name;
    const char *short_name; /* drawn; NULL = name */
    double x, y;            /* a point with NAN in either is not drawn */
    size_t category;        /* index of groups */
    bool lesser;            /* hollow: a lesser variant; named only when no other point has its name */
    bool pinned;            /* named whatever the number of points */
};
/* Which side of the x axis is the cheap one: the frontier is the best y at that x or less (or more). */
enum scatter_frontier { FRONTIER_NONE, FRONTIER_LESS, FRONTIER_MORE };
struct scatter_chart {
    const char *title, *subtitle;
    const char *const *footer;
    size_t footer_count;
    struct chart_metric x, y;
    const char *const *groups; /* texts of the key, one per category; NULL for categories without points */
    size_t group_count;        /* at most 6; 0 = no key */
    const struct scatter_point *points;
    size_t point_count;
    enum scatter_frontier frontier;
    double limit;           /* y = limit ÷ x when lower y is better, y = limit · x when higher is; NAN = none */
    const char *limit_text; /* NULL = "limit" */
    double width;           /* 0 = 800 */
    const char *alt;        /* NULL = made from the data */
};

/* ERR_NOTHING without a point, ERR_LIMIT above SCATTER_POINTS_MAX, ERR_DATA for a value that no axis can reach. */
int chart_lay_out_scatter(const struct scatter_chart *chart, enum chart_theme theme, const struct text_measure *measure,
                          struct chart_layout *ret, struct err *err) must_check;

#endif
