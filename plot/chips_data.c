#include "plot/chips_data.h"

#include <math.h>
#include <string.h>

#include "plot/columns.h"
#include "plot/names.h"
#include "schema/catalog/catalog.h"

static const char *const row_columns[] = {"variant", "group", "vendor", "note", "backend", "chip", "name", "device"};

static size_t name_column(const struct plot_input *input, const struct chips_wish *wish)
{
    if (wish->name_column != NULL) {
        return plot_input_column(input, wish->name_column);
    }
    static const char *const usual[] = {"chip", "name", "device"};
    for (size_t i = 0; i < ARRAY_LENGTH(usual); i++) {
        size_t column = plot_input_column(input, usual[i]);
        if (column != SIZE_MAX) {
            return column;
        }
    }
    return 0;
}

static bool is_row_column(const char *column)
{
    for (size_t i = 0; i < ARRAY_LENGTH(row_columns); i++) {
        if (text_equal_ignore_case(column, row_columns[i])) {
            return true;
        }
    }
    return false;
}

static int choose_metric_columns(const struct plot_input *input, const struct chips_wish *wish, size_t names,
                                 size_t columns[PLOT_METRICS_MAX], size_t *ret_count, struct err *err)
{
    size_t count = 0;
    for (size_t i = 0; i < wish->metric_count; i++) {
        size_t column = plot_input_column(input, wish->metrics[i]);
        if (column == SIZE_MAX) {
            err_set(err, ERR_USAGE, "%s has no column %s", input->name, wish->metrics[i]);
            return err_hint(err, "its columns are named in its first line");
        }
        if (count < PLOT_METRICS_MAX) {
            columns[count] = column;
        }
        count++;
    }
    for (size_t i = 0; wish->metric_count == 0 && i < input->column_count; i++) {
        if (i == names || is_row_column(input->columns[i]) || column_is_companion(input, i)) {
            continue;
        }
        /* A known metric with a cell that is no number is an error to show, not a column to pass over. */
        if (column_holds_numbers(input, i) || catalog_metric(input->columns[i]) != NULL || input->column_count == 2) {
            if (count < PLOT_METRICS_MAX) {
                columns[count] = i;
            }
            count++;
        }
    }
    if (count == 0 || count > PLOT_METRICS_MAX) {
        err_set(err, ERR_USAGE, count == 0 ? "%s has no column of numbers" : "%s has more than two columns of numbers",
                input->name);
        return err_hint(err, "name one or two with --metric COLUMN");
    }
    *ret_count = count;
    return 0;
}

static int apply_directions(const struct plot_input *input, const struct chips_wish *wish, const size_t *columns,
                            struct chips_data *data, struct err *err)
{
    for (size_t i = 0; i < wish->direction_count; i++) {
        struct str rest = str_of(wish->directions[i]), name;
        bool split = str_next_field(&rest, '=', &name);
        bool higher = str_equal(rest, STR("higher"));
        bool found = false;
        for (size_t m = 0; split && m < data->metric_count; m++) {
            if (str_equal_ignore_case(name, str_of(input->columns[columns[m]]))) {
                data->metrics[m].higher_is_better = higher;
                found = true;
            }
        }
        if (!found || (!higher && !str_equal(rest, STR("lower")))) {
            err_set(err, ERR_USAGE, "--direction %s is not understood", wish->directions[i]);
            return err_hint(err, "write --direction METRIC=higher or METRIC=lower with a metric of the chart");
        }
    }
    return 0;
}

static int companion(const struct plot_input *input, size_t row, const char *metric, const char *suffix, double *ret,
                     struct err *err)
{
    char name[256];
    *ret = (double)NAN;
    if (strlen(metric) + strlen(suffix) >= sizeof name) {
        return 0;
    }
    memcpy(name, metric, strlen(metric));
    memcpy(name + strlen(metric), suffix, strlen(suffix) + 1);
    size_t column = plot_input_column(input, name);
    return column == SIZE_MAX ? 0 : plot_input_number(input, row, column, ret, err);
}

static int read_value(const struct plot_input *input, size_t row, size_t column, struct chart_value *ret,
                      struct err *err)
{
    const char *metric = input->columns[column];
    double runs = (double)NAN, n = (double)NAN;
    *ret = (struct chart_value){.factor = (double)NAN, .runs = -1};
    int result = plot_input_number(input, row, column, &ret->value, err);
    result = result < 0 ? result : companion(input, row, metric, "_low", &ret->low, err);
    result = result < 0 ? result : companion(input, row, metric, "_high", &ret->high, err);
    result = result < 0 ? result : companion(input, row, metric, "_factor_low", &ret->factor_low, err);
    result = result < 0 ? result : companion(input, row, metric, "_factor_high", &ret->factor_high, err);
    result = result < 0 ? result : companion(input, row, metric, "_runs", &runs, err);
    result = result < 0 ? result : companion(input, row, metric, "_n", &n, err);
    runs = isfinite(runs) ? runs : n;
    if (isfinite(runs) && runs >= 0 && runs < 1e15) {
        ret->runs = (long)runs;
    }
    if (isfinite(ret->low) && isfinite(ret->high) && ret->low > ret->high) {
        double low = ret->low;
        ret->low = ret->high;
        ret->high = low;
    }
    return result;
}

static const char *first_cell(const struct plot_input *input, size_t row, const char *a, const char *b)
{
    const char *cell = plot_input_cell(input, row, plot_input_column(input, a));
    cell = text_is_empty(cell) ? plot_input_cell(input, row, plot_input_column(input, b)) : cell;
    return text_is_empty(cell) ? NULL : cell;
}

static int read_row(struct plot_input *input, size_t row, size_t names, const size_t *columns, struct chips_data *data,
                    struct err *err)
{
    struct chart_value *values = arena_alloc(&input->arena, data->metric_count, sizeof *values);
    struct chip_match match;
    const char *name = plot_input_cell(input, row, names);
    if (values == NULL) {
        return arena_check(&input->arena, err);
    }
    if (text_is_empty(name)) {
        err_set(err, ERR_DATA, "a row has no name in column %s", input->columns[names]);
        err_path(err, "%s", input->name);
        err_hint(err, "name each row there, or choose the column of names with --x");
        return err_at(err, input->lines[row], (int)names + 1);
    }
    for (size_t m = 0; m < data->metric_count; m++) {
        int result = read_value(input, row, columns[m], &values[m], err);
        if (result < 0) {
            return result;
        }
        data->negative += values[m].value < 0 ? 1 : 0;
        data->missing += isfinite(values[m].value) ? 0 : 1;
        data->unknown_runs += values[m].runs < 0 && isfinite(values[m].value) ? 1 : 0;
    }
    catalog_match_chip(name, NULL, &match);
    const struct chip *chips = match.chip != NULL ? catalog_chip(match.chip, NULL) : NULL;
    const char *group = first_cell(input, row, "group", "vendor");
    if (group == NULL && match.entry != NULL) {
        group = match.entry->vendor;
    } else if (group == NULL && chips != NULL) {
        group = chips->vendor;
    }
    data->rows[data->row_count++] = (struct chart_row){
        .name = name,
        .variant = first_cell(input, row, "variant", "variant"),
        .group = group,
        .note = first_cell(input, row, "note", "backend"),
        .values = values,
    };
    return 0;
}

static void shorten_names(struct chips_data *data)
{
    struct plot_naming naming = {0};
    for (size_t i = 0; i < data->row_count; i++) {
        plot_naming_see(&naming, data->rows[i].name);
    }
    for (size_t i = 0; i < data->row_count; i++) {
        data->rows[i].short_name = plot_naming_short(&naming, data->rows[i].name);
    }
}

int chips_data_make(struct plot_input *input, const struct chips_wish *wish, struct chips_data *ret, struct err *err)
{
    size_t columns[PLOT_METRICS_MAX] = {0};
    struct chips_data data = {0};
    size_t names = name_column(input, wish);
    if (names == SIZE_MAX) {
        err_set(err, ERR_USAGE, "%s has no column %s", input->name, wish->name_column);
        return err_hint(err, "its columns are named in its first line");
    }
    int result = choose_metric_columns(input, wish, names, columns, &data.metric_count, err);
    if (result < 0) {
        return result;
    }
    for (size_t m = 0; m < data.metric_count; m++) {
        plot_describe_metric(input, input->columns[columns[m]], &data.metrics[m]);
    }
    result = apply_directions(input, wish, columns, &data, err);
    data.rows = arena_alloc(&input->arena, input->row_count, sizeof *data.rows);
    if (data.rows == NULL && result == 0) {
        result = arena_check(&input->arena, err);
    }
    for (size_t row = 0; result == 0 && row < input->row_count; row++) {
        result = read_row(input, row, names, columns, &data, err);
    }
    if (result == 0 && data.rows != NULL) {
        shorten_names(&data);
    }
    result = result < 0 ? result : chips_data_arrange(input, wish, &data, err);
    if (result == 0) {
        *ret = data;
    }
    return result;
}
