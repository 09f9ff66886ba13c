/* Rows and metrics of a chip chart out of tidy data: which column is what, order, baseline, factors. */
#ifndef PLOT_CHIPS_DATA_H
#define PLOT_CHIPS_DATA_H

#include "plot/chart/chart.h"
#include "plot/input.h"

#define PLOT_METRICS_MAX 2

enum chips_sort { SORT_VALUE, SORT_FAMILY, SORT_INPUT };

struct chips_wish {
    const char *name_column;    /* NULL = chip, name, device or the first one */
    const char *const *metrics; /* columns; none = all columns of numbers */
    size_t metric_count;
    const char *const *directions; /* "METRIC=lower" */
    size_t direction_count;
    const char *baseline; /* NULL = choose; "none" */
    enum chips_sort sort;
};

struct chips_data {
    struct chart_metric metrics[PLOT_METRICS_MAX];
    size_t metric_count;
    struct chart_row *rows;
    size_t row_count;
    const char *baseline_name;
    size_t unknown_runs; /* values whose run count the data does not state */
    size_t missing;      /* values that are not there */
    size_t negative;     /* values below zero, which have no bar */
};

/* Everything lives in the input's arena. */
int chips_data_make(struct plot_input *input, const struct chips_wish *wish, struct chips_data *ret,
                    struct err *err) must_check;
/* Sorts rows, marks the baseline and computes factors. */
int chips_data_arrange(struct plot_input *input, const struct chips_wish *wish, struct chips_data *data,
                       struct err *err) must_check;

/* The order that --sort names. */
int chips_read_sort(const char *name, enum chips_sort *ret, struct err *err) must_check;
/* Whether a row's chip is the one that somebody calls `name`: the same words, or the same chip of the catalogue. */
bool plot_chip_is_named(const char *row, const char *short_name, const char *name);
/* Whether a row is the one that a table names, with what tells it apart: "M2 (8C/10G), Metal". */
bool plot_row_is_labelled(const char *name, const char *short_name, const char *variant, const char *note,
                          const char *label);
/* The rule of the default baseline, as crosschip-analyze has it: chips whose year is known, without Pro, Max or the
 * like behind their names, the oldest of those; negative when `a` goes before, 0 when only the values can tell. */
int plot_compare_baselines(const char *a, const char *b);

#endif
