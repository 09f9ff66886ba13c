/* Runs of each chip out of tidy data with one row per run. */
#ifndef PLOT_DISTRIBUTION_DATA_H
#define PLOT_DISTRIBUTION_DATA_H

#include "plot/chart/distribution.h"
#include "plot/chips_data.h"
#include "plot/input.h"

struct distribution_wish {
    const char *name_column; /* NULL = chip, name, device or the first one */
    const char *metric;      /* column; NULL = value, else the first one of numbers */
    const char *direction;   /* "higher", "lower"; NULL = by the column's unit */
    enum chips_sort sort;
};
struct distribution_data {
    struct chart_metric metric;
    struct sample_row *rows;
    size_t row_count;
    size_t missing; /* rows of the data without a finite value */
    bool summary;   /* figures of crosschip-analyze instead of runs */
};

/* Everything lives in the input's arena. */
int distribution_data_make(struct plot_input *input, const struct distribution_wish *wish,
                           struct distribution_data *ret, struct err *err) must_check;

#endif
