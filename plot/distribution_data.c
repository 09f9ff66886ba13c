#include "plot/distribution_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/columns.h"
#include "plot/names.h"
#include "schema/catalog/catalog.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"

/* One run; sorting by name brings the runs of a chip together. */
struct run {
    const char *name;
    double value;
    size_t position;
};
/* The order of qsort needs to know the direction: rows carry it along. */
struct ordered_row {
    struct sample_row row;
    size_t position;
    double median;
    bool higher;
    enum chips_sort sort;
};

static int compare_runs(const void *a, const void *b)
{
    const struct run *left = a, *right = b;
    int order = strcmp(left->name, right->name);
    return order != 0 ? order : left->position < right->position ? -1 : left->position > right->position;
}

static int compare_rows(const void *a, const void *b)
{
    const struct ordered_row *left = a, *right = b;
    bool known = isfinite(left->median), other = isfinite(right->median);
    if (left->sort == SORT_VALUE && known != other) {
        return known ? -1 : 1;
    }
    if (left->sort == SORT_VALUE && known && (left->median < right->median || left->median > right->median)) {
        return (left->median > right->median) == left->higher ? -1 : 1;
    }
    int order = left->sort == SORT_INPUT ? 0 : catalog_compare_chips(left->row.name, NULL, right->row.name, NULL);
    return order != 0 ? order : left->position < right->position ? -1 : left->position > right->position;
}

static size_t name_column(const struct plot_input *input, const char *wanted)
{
    static const char *const usual[] = {"chip", "name", "device"};
    if (wanted != NULL) {
        return plot_input_column(input, wanted);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(usual); i++) {
        size_t column = plot_input_column(input, usual[i]);
        if (column != SIZE_MAX) {
            return column;
        }
    }
    return 0;
}

static size_t metric_column(const struct plot_input *input, const char *wanted, size_t names)
{
    size_t column = plot_input_column(input, wanted != NULL ? wanted : "value");
    for (size_t i = 0; wanted == NULL && column == SIZE_MAX && i < input->column_count; i++) {
        bool counts =
            text_equal_ignore_case(input->columns[i], "run") || text_equal_ignore_case(input->columns[i], "n");
        if (i != names && !counts && (column_holds_numbers(input, i) || input->column_count == 2)) {
            column = i;
        }
    }
    return column;
}

static int read_runs(const struct plot_input *input, size_t names, size_t column, struct run *runs, struct err *err)
{
    for (size_t row = 0; row < input->row_count; row++) {
        const char *name = plot_input_cell(input, row, names);
        if (text_is_empty(name)) {
            err_set(err, ERR_DATA, "a row has no name in column %s", input->columns[names]);
            err_path(err, "%s", input->name);
            err_hint(err, "name each row there, or choose the column of names with --x");
            return err_at(err, input->lines[row], (int)names + 1);
        }
        runs[row] = (struct run){name, (double)NAN, row};
        int result = plot_input_number(input, row, column, &runs[row].value, err);
        if (result < 0) {
            return result;
        }
    }
    return 0;
}

/* Runs of one name become one row of ascending values. */
static int make_rows(struct plot_input *input, struct run *runs, struct ordered_row *rows,
                     struct distribution_data *data, struct err *err)
{
    qsort(runs, input->row_count, sizeof *runs, compare_runs);
    for (size_t from = 0, to; from < input->row_count; from = to) {
        for (to = from; to < input->row_count && text_equal(runs[to].name, runs[from].name);) {
            to++;
        }
        double *values = arena_alloc(&input->arena, to - from, sizeof *values);
        if (values == NULL) {
            return arena_check(&input->arena, err);
        }
        size_t count = 0;
        for (size_t i = from; i < to; i++) {
            if (isfinite(runs[i].value)) {
                values[count++] = runs[i].value;
            }
        }
        stats_sort(values, count);
        data->missing += to - from - count;
        double median = stats_median(values, count);
        rows[data->row_count++] = (struct ordered_row){
            .row = {.name = runs[from].name, .sorted = values, .count = count},
            .position = runs[from].position,
            .median = median > 0 ? median : (double)NAN, /* what cannot be drawn stands last */
        };
    }
    return 0;
}

static const char *const summary_columns[] = {"least", "quartile_1", "median", "quartile_3", "greatest"};

static bool is_summary(const struct plot_input *input)
{
    for (size_t i = 0; i < ARRAY_LENGTH(summary_columns); i++) {
        if (plot_input_column(input, summary_columns[i]) == SIZE_MAX) {
            return false;
        }
    }
    return true;
}

/* Of "…: prompt_throughput, tok/s", the title of a table, the metric. */
static void describe_summary(struct plot_input *input, struct distribution_data *data)
{
    const char *subject = input->subject != NULL ? input->subject : "", *colon = strstr(subject, ": ");
    const char *metric = colon != NULL ? colon + 2 : "";
    metric = arena_strndup(&input->arena, metric, strcspn(metric, ","));
    plot_describe_metric(input, text_is_empty(metric) ? "Value" : metric, &data->metric);
}

/* The five figures of one chip, or the median alone where there are too few runs for quartiles. */
static int make_summary(struct plot_input *input, size_t row, const char *name, struct distribution_data *data,
                        struct ordered_row *ret, struct err *err)
{
    size_t counts = plot_input_column(input, "n");
    double *figures = arena_alloc(&input->arena, ARRAY_LENGTH(summary_columns), sizeof *figures);
    double n = (double)NAN;
    if (figures == NULL) {
        return arena_check(&input->arena, err);
    }
    bool all = true;
    int result = counts == SIZE_MAX ? 0 : plot_input_number(input, row, counts, &n, err);
    for (size_t i = 0; i < ARRAY_LENGTH(summary_columns) && result == 0; i++) {
        result = plot_input_number(input, row, plot_input_column(input, summary_columns[i]), &figures[i], err);
        all &= isfinite(figures[i]) != 0 && (i == 0 || figures[i] >= figures[i - 1]);
    }
    if (result < 0) {
        return result;
    }
    double median = figures[2];
    data->missing += isfinite(median) ? 0 : 1;
    figures[0] = all ? figures[0] : median;
    size_t count = all ? ARRAY_LENGTH(summary_columns) : isfinite(median) ? 1 : 0;
    *ret = (struct ordered_row){
        .row = {name, NULL, figures, count, true, n >= 1 && n < 1e15 ? (long)n : -1},
        .position = row,
        .median = median > 0 ? median : (double)NAN,
    };
    return 0;
}

static int make_summaries(struct plot_input *input, size_t names, struct ordered_row *rows,
                          struct distribution_data *data, struct err *err)
{
    describe_summary(input, data);
    for (size_t row = 0; row < input->row_count; row++) {
        const char *name = plot_input_cell(input, row, names);
        if (text_is_empty(name)) {
            return err_set(err, ERR_DATA, "row %zu of %s has no name", row + 1, input->name);
        }
        int result = make_summary(input, row, name, data, &rows[data->row_count++], err);
        if (result < 0) {
            return result;
        }
    }
    return 0;
}

static int choose_direction(const struct distribution_wish *wish, struct distribution_data *data, struct err *err)
{
    if (wish->direction == NULL) {
        return 0;
    }
    data->metric.higher_is_better = text_equal(wish->direction, "higher");
    if (data->metric.higher_is_better || text_equal(wish->direction, "lower")) {
        return 0;
    }
    err_set(err, ERR_USAGE, "--direction %s is not understood", wish->direction);
    return err_hint(err, "--direction higher or lower");
}

int distribution_data_make(struct plot_input *input, const struct distribution_wish *wish,
                           struct distribution_data *ret, struct err *err)
{
    struct distribution_data data = {0};
    size_t names = name_column(input, wish->name_column), column = metric_column(input, wish->metric, names);
    if (names == SIZE_MAX || column == SIZE_MAX) {
        const char *absent = names == SIZE_MAX ? wish->name_column : wish->metric;
        err_set(err, ERR_USAGE, absent != NULL ? "%s has no column %s" : "%s has no column of numbers", input->name,
                absent != NULL ? absent : "");
        return err_hint(err, "a row per run with a name and a number; choose the column with --metric");
    }
    struct run *runs = arena_alloc(&input->arena, input->row_count, sizeof *runs);
    struct ordered_row *rows = arena_alloc(&input->arena, input->row_count, sizeof *rows);
    data.rows = arena_alloc(&input->arena, input->row_count, sizeof *data.rows);
    if (runs == NULL || rows == NULL || data.rows == NULL) {
        return arena_check(&input->arena, err);
    }
    data.summary = wish->metric == NULL && is_summary(input);
    int result = 0;
    if (data.summary) {
        result = make_summaries(input, names, rows, &data, err);
    } else {
        plot_describe_metric(input, input->columns[column], &data.metric);
        result = read_runs(input, names, column, runs, err);
        result = result < 0 ? result : make_rows(input, runs, rows, &data, err);
    }
    result = result < 0 ? result : choose_direction(wish, &data, err);
    if (result < 0) {
        return result;
    }
    for (size_t i = 0; i < data.row_count; i++) {
        rows[i].higher = data.metric.higher_is_better;
        rows[i].sort = wish->sort;
    }
    qsort(rows, data.row_count, sizeof *rows, compare_rows);
    struct plot_naming naming = {0};
    for (size_t i = 0; i < data.row_count; i++) {
        plot_naming_see(&naming, rows[i].row.name);
    }
    for (size_t i = 0; i < data.row_count; i++) {
        data.rows[i] = rows[i].row;
        data.rows[i].short_name = plot_naming_short(&naming, rows[i].row.name);
    }
    *ret = data;
    return 0;
}
