/* Series of runs over time out of tidy data: which column is the time, the series and the value. */
#ifndef PLOT_HISTORY_DATA_H
#define PLOT_HISTORY_DATA_H

#include "plot/chart/history.h"
#include "plot/input.h"

struct history_wish {
    const char *x, *y, *group; /* columns; NULL = chosen */
    const char *better;        /* NULL = by catalogue and unit */
};
struct history_data {
    struct chart_metric metric;
    struct history_series *series; /* in the order in which they appear */
    size_t series_count;
    size_t runs, missing; /* missing: rows without a value or without a time */
    bool dated;
    double first, last;
};

/* Everything lives in the input's arena. */
int history_data_make(struct plot_input *input, const struct history_wish *wish, struct history_data *ret,
                      struct err *err) must_check;

#endif
