/* Grouped bars: a group a category (prompt category, mode, alone or parallel), a bar a series, the ratio to the first
 * series of the group at the right (specification of charts, section 3(g)). Same rules as chart.h: data in, layout out.
 */
#ifndef PLOT_CHART_CATEGORIES_H
#define PLOT_CHART_CATEGORIES_H

#include "plot/chart/chart.h"

#define CATEGORIES_SERIES_MAX 5
#define CATEGORIES_ROWS_MAX 60

struct category_row {
    const char *name;
    const double *values; /* one a series; NAN = no data */
};
struct categories_chart {
    const char *title, *subtitle;
    const char *const *footer;
    size_t footer_count;
    struct chart_metric metric;
    const char *const *series;
    size_t series_count;
    const struct category_row *rows;
    size_t row_count;
    double width;    /* 0 = 800 */
    const char *alt; /* NULL = made from the data */
};

/* ERR_NOTHING without a value, ERR_LIMIT above the most series or rows, ERR_DATA for a value that no axis can reach. */
int chart_lay_out_categories(const struct categories_chart *chart, enum chart_theme theme,
                             const struct text_measure *measure, struct chart_layout *ret, struct err *err) must_check;

#endif
