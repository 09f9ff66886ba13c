/* Categories and series out of tidy data: a column a series (wide), or the columns category, series, value (long). */
#ifndef PLOT_CATEGORIES_DATA_H
#define PLOT_CATEGORIES_DATA_H

#include "plot/chart/categories.h"
#include "plot/input.h"

struct categories_wish {
    const char *x, *y, *group; /* columns of category, value, series; NULL = chosen */
    const char *baseline;      /* the series to stand first; NULL = as in the data */
    const char *metric;        /* title and unit of wide data; NULL = "Value" */
    const char *better;        /* NULL = by catalogue and unit */
};
struct categories_data {
    struct chart_metric metric; /* "Value" without a unit = not stated */
    const char *by;             /* what the categories are, "prompt category" */
    const char *series[CATEGORIES_SERIES_MAX];
    size_t series_count;
    struct category_row *rows;
    double *values; /* of all rows, CATEGORIES_SERIES_MAX each */
    size_t row_count;
    size_t missing;
    const char *left_out; /* columns of another unit than the first one, "Load (s), Size (GB)"; NULL = none */
    bool doubled;         /* a category and series stood there twice: the last one counts */
};

/* Everything lives in the input's arena. */
int categories_data_make(struct plot_input *input, const struct categories_wish *wish, struct categories_data *ret,
                         struct err *err) must_check;

#endif
