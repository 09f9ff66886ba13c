/* Cells of a heat map out of tidy data, wide (a column per workload) or long (a row per value); order, baseline and
 * factors. */
#ifndef PLOT_HEATMAP_DATA_H
#define PLOT_HEATMAP_DATA_H

#include "plot/chart/heatmap.h"
#include "plot/chips_data.h"
#include "plot/input.h"

struct heatmap_wish {
    const char *name_column;     /* NULL = chip, name, device or the first one */
    const char *workload_column; /* NULL = workload, model or test where there is one: long data */
    const char *value_column;    /* NULL = value */
    const char *const *lower;    /* workloads whose low values are better, whatever their heading says; "all" */
    size_t lower_count;
    const char *const *higher; /* the same of high values */
    size_t higher_count;
    const char *by;       /* workload that the rows are sorted by; NULL = the fullest one */
    const char *baseline; /* NULL = choose; "none" */
    enum chips_sort sort;
};

struct heatmap_data {
    struct heat_column *columns;
    bool *lower; /* of each column */
    size_t column_count;
    struct heat_row *rows;
    size_t row_count;
    const char *baseline_name;
    size_t by;                /* column of the order */
    const char **value_names; /* what the values of each column are in long data, "runtime (ms)"; NULL = not stated */
    bool long_form;
    const char *metric, *unit; /* of all columns; NULL or "" = they differ, or it is not stated */
    size_t unnamed_units;      /* columns whose unit the data does not state */
};

/* Everything lives in the input's arena. */
int heatmap_data_make(struct plot_input *input, const struct heatmap_wish *wish, struct heatmap_data *ret,
                      struct err *err) must_check;
/* Sorts the rows, marks the baseline and computes factors. */
int heatmap_data_arrange(struct plot_input *input, const struct heatmap_wish *wish, struct heatmap_data *data,
                         struct err *err) must_check;
/* Column by title or "group | title"; SIZE_MAX when there is none. */
size_t heatmap_data_column(const struct heatmap_data *data, const char *name);

#endif
