/* Points of a scatter out of tidy data: names, two columns of numbers, groups, lesser variants, pinned rows. */
#ifndef PLOT_SCATTER_DATA_H
#define PLOT_SCATTER_DATA_H

#include "plot/chart/colours.h"
#include "plot/chart/scatter.h"
#include "plot/input.h"

struct scatter_wish {
    const char *name, *x, *y, *group; /* columns; NULL = chosen */
    const char *better;               /* "higher" or "lower" y; NULL = by catalogue and unit */
};
struct scatter_data {
    struct chart_metric x, y;
    struct scatter_point *points;
    size_t point_count;
    const char *groups[CHART_CATEGORIES];
    size_t group_count;
    size_t missing, lesser; /* rows without a value; hollow points */
    bool achieved;          /* x is a result such as a throughput, not what a chip has */
};

/* Everything lives in the input's arena. */
int scatter_data_make(struct plot_input *input, const struct scatter_wish *wish, struct scatter_data *ret,
                      struct err *err) must_check;

#endif
