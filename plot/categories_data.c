#include "plot/categories_data.h"

#include <math.h>

#include "plot/chart/frame.h"
#include "plot/columns.h"
#include "plot/names.h"

static int too_many(const struct plot_input *input, struct err *err)
{
    err_set(err, ERR_LIMIT, "%s has more than %d series", input->name, CATEGORIES_SERIES_MAX);
    return err_hint(err, "a group of more bars is hard to read: leave some out, or use crosschip-plot heatmap");
}

/* The place of a series, added when it is new; SIZE_MAX when there are too many. */
static size_t series_place(struct categories_data *data, const char *name)
{
    for (size_t i = 0; i < data->series_count; i++) {
        if (text_equal(data->series[i], name)) {
            return i;
        }
    }
    if (data->series_count == CATEGORIES_SERIES_MAX) {
        return SIZE_MAX;
    }
    data->series[data->series_count] = name;
    return data->series_count++;
}

static struct category_row *row_of(struct categories_data *data, const char *name)
{
    for (size_t i = 0; i < data->row_count; i++) {
        if (text_equal(data->rows[i].name, name)) {
            return &data->rows[i];
        }
    }
    double *values = data->values + data->row_count * CATEGORIES_SERIES_MAX;
    for (size_t i = 0; i < CATEGORIES_SERIES_MAX; i++) {
        values[i] = (double)NAN;
    }
    data->rows[data->row_count] = (struct category_row){name, values};
    return &data->rows[data->row_count++];
}

static int add_value(const struct plot_input *input, struct categories_data *data, const char *category,
                     const char *series, double value, struct err *err)
{
    size_t place = series_place(data, series);
    struct category_row *row = row_of(data, category);
    if (place == SIZE_MAX) {
        return too_many(input, err);
    }
    double *values = data->values + (size_t)(row - data->rows) * CATEGORIES_SERIES_MAX;
    data->doubled |= isfinite(values[place]) != 0;
    values[place] = value;
    return 0;
}

static int read_long(struct plot_input *input, size_t category, size_t series, size_t value,
                     struct categories_data *data, struct err *err)
{
    plot_describe_metric(input, input->columns[value], &data->metric);
    for (size_t i = 0; i < input->row_count; i++) {
        const char *name = NULL, *group = NULL;
        double number = (double)NAN;
        int result = column_name(input, i, category, &name, err);
        result = result < 0 ? result : column_name(input, i, series, &group, err);
        result = result < 0 ? result : plot_input_number(input, i, value, &number, err);
        result = result < 0 ? result : add_value(input, data, name, group, number, err);
        if (result < 0) {
            return result;
        }
    }
    return 0;
}

/* One panel has one unit, that of the first column that states one. */
static bool is_of_other_unit(struct plot_input *input, size_t column, const char **unit)
{
    struct chart_metric metric;
    plot_describe_metric(input, input->columns[column], &metric);
    if (!plot_metric_is_known(input->columns[column], &metric)) {
        return false;
    }
    *unit = *unit != NULL ? *unit : metric.unit;
    return !text_equal(*unit, metric.unit);
}

static void leave_out(struct plot_input *input, size_t column, struct categories_data *data)
{
    data->left_out = data->left_out == NULL
                         ? input->columns[column]
                         : arena_printf(&input->arena, "%s, %s", data->left_out, input->columns[column]);
}

static int read_column(struct plot_input *input, size_t category, size_t column, struct categories_data *data,
                       struct err *err)
{
    for (size_t i = 0; i < input->row_count; i++) {
        const char *name = NULL;
        double number = (double)NAN;
        int result = column_name(input, i, category, &name, err);
        result = result < 0 ? result : plot_input_number(input, i, column, &number, err);
        result = result < 0 ? result : add_value(input, data, name, input->columns[column], number, err);
        if (result < 0) {
            return result;
        }
    }
    return 0;
}

/* Each column of numbers is a series, or the wished one alone. */
static int read_wide(struct plot_input *input, size_t category, size_t only, const char *metric,
                     struct categories_data *data, struct err *err)
{
    size_t columns = 0;
    const char *unit = NULL;
    plot_describe_metric(input, metric != NULL ? metric : "Value", &data->metric);
    for (size_t k = 0; k < input->column_count; k++) {
        if (only != SIZE_MAX ? k != only : k == category || !column_holds_numbers(input, k)) {
            continue;
        }
        if (is_of_other_unit(input, k, &unit)) {
            leave_out(input, k, data);
            continue;
        }
        if (++columns > CATEGORIES_SERIES_MAX) {
            return too_many(input, err);
        }
        int result = read_column(input, category, k, data, err);
        if (result < 0) {
            return result;
        }
        if (columns == 1 && metric == NULL) {
            plot_describe_metric(input, input->columns[k], &data->metric);
        }
    }
    /* One column is a metric, several are series of one that the file does not name. */
    if (columns > 1 && metric == NULL) {
        data->metric = (struct chart_metric){"Value", "", true};
    }
    return 0;
}

/* The series that ratios refer to stands first. */
static int move_baseline(const struct plot_input *input, const char *baseline, struct categories_data *data,
                         struct err *err)
{
    size_t at = 0;
    while (at < data->series_count && !text_equal_ignore_case(data->series[at], baseline)) {
        at++;
    }
    if (at == data->series_count) {
        err_set(err, ERR_USAGE, "%s has no series %s", input->name, baseline);
        return err_hint(err, "its first one is %s", data->series_count > 0 ? data->series[0] : "missing");
    }
    const char *first = data->series[at];
    for (size_t i = at; i > 0; i--) {
        data->series[i] = data->series[i - 1];
    }
    data->series[0] = first;
    for (size_t i = 0; i < data->row_count; i++) {
        double *values = data->values + i * CATEGORIES_SERIES_MAX, value = values[at];
        for (size_t k = at; k > 0; k--) {
            values[k] = values[k - 1];
        }
        values[0] = value;
    }
    return 0;
}

/* Several columns are series of one metric that the file does not name; of one unit when all their headings say so, and
 * then without it in their names. */
static void name_series(struct plot_input *input, struct categories_data *data)
{
    struct chart_metric metrics[CATEGORIES_SERIES_MAX];
    bool one_unit = data->series_count > 1;
    for (size_t i = 0; i < data->series_count && one_unit; i++) {
        plot_describe_metric(input, data->series[i], &metrics[i]);
        one_unit = plot_metric_is_known(data->series[i], &metrics[i]) && metrics[i].unit[0] != '\0' &&
                   text_equal(metrics[i].unit, metrics[0].unit) &&
                   metrics[i].higher_is_better == metrics[0].higher_is_better;
        for (size_t k = 0; k < i && one_unit; k++) {
            one_unit = !text_equal(metrics[i].title, metrics[k].title);
        }
    }
    for (size_t i = 0; i < data->series_count && one_unit; i++) {
        data->series[i] = metrics[i].title;
    }
    if (one_unit) {
        data->metric = (struct chart_metric){"Value", metrics[0].unit, metrics[0].higher_is_better};
    }
}

/* Chips go without their vendor where the rest names them, as in all other charts, unless two would be called alike. */
static void shorten_names(const struct plot_input *input, size_t category, struct categories_data *data)
{
    static const char *const chips[] = {"chip", "name", "device"};
    struct plot_naming naming = {0};
    bool are_chips = false, alike = false;
    for (size_t i = 0; i < ARRAY_LENGTH(chips); i++) {
        are_chips |= text_equal_ignore_case(input->columns[category], chips[i]);
    }
    for (size_t i = 0; i < data->row_count; i++) {
        plot_naming_see(&naming, data->rows[i].name);
    }
    for (size_t i = 0; i < data->row_count; i++) {
        for (size_t k = 0; k < i; k++) {
            alike |= text_equal(plot_naming_short(&naming, data->rows[i].name),
                                plot_naming_short(&naming, data->rows[k].name));
        }
    }
    for (size_t i = 0; i < data->row_count && are_chips && !alike; i++) {
        data->rows[i].name = plot_naming_short(&naming, data->rows[i].name);
    }
}

/* Which columns hold what; SIZE_MAX where none does. */
struct columns {
    size_t category, series, value;
    bool is_long;
};

static int choose_columns(struct plot_input *input, const struct categories_wish *wish, struct columns *ret,
                          struct err *err)
{
    static const char *const names[] = {"category", "prompt_category", "task", "mode", "workload", "chip", "name"};
    static const char *const groups[] = {"series", "variant", "group", "run", "model", "chip", "mode"};
    static const char *const values[] = {"value"};
    struct columns columns = {SIZE_MAX, SIZE_MAX, SIZE_MAX, false};
    int result = column_choose(input, wish->x, names, ARRAY_LENGTH(names), &columns.category, err);
    columns.category = columns.category == SIZE_MAX ? 0 : columns.category;
    result =
        result < 0 ? result : column_choose(input, wish->group, groups, ARRAY_LENGTH(groups), &columns.series, err);
    result = result < 0 ? result : column_choose(input, wish->y, values, ARRAY_LENGTH(values), &columns.value, err);
    columns.is_long = columns.series != SIZE_MAX && columns.series != columns.category;
    if (columns.is_long && columns.value == SIZE_MAX) {
        const size_t taken[] = {columns.category, columns.series};
        columns.value = column_free_numbers(input, taken, ARRAY_LENGTH(taken));
        columns.is_long = columns.value != SIZE_MAX;
    }
    *ret = columns;
    return result;
}

static size_t count_missing(const struct categories_data *data)
{
    size_t missing = 0;
    for (size_t i = 0; i < data->row_count; i++) {
        for (size_t k = 0; k < data->series_count; k++) {
            missing += isfinite(data->rows[i].values[k]) ? 0 : 1;
        }
    }
    return missing;
}

int categories_data_make(struct plot_input *input, const struct categories_wish *wish, struct categories_data *ret,
                         struct err *err)
{
    struct categories_data data = {0};
    struct columns columns;
    int result = choose_columns(input, wish, &columns, err);
    data.rows = arena_alloc(&input->arena, input->row_count + 1, sizeof *data.rows);
    data.values = arena_alloc(&input->arena, (input->row_count + 1) * CATEGORIES_SERIES_MAX, sizeof *data.values);
    if (result < 0 || data.rows == NULL || data.values == NULL) {
        return result < 0 ? result : arena_check(&input->arena, err);
    }
    result = columns.is_long ? read_long(input, columns.category, columns.series, columns.value, &data, err)
                             : read_wide(input, columns.category, wish->y != NULL ? columns.value : SIZE_MAX,
                                         wish->metric, &data, err);
    if (result == 0 && columns.is_long && wish->metric != NULL) {
        plot_describe_metric(input, wish->metric, &data.metric);
    }
    if (result == 0 && wish->baseline != NULL) {
        result = move_baseline(input, wish->baseline, &data, err);
    }
    if (result == 0 && !columns.is_long && wish->metric == NULL) {
        name_series(input, &data);
    }
    result = result < 0 ? result : column_direction(wish->better, "--better", &data.metric, err);
    if (result == 0) {
        struct chart_metric by;
        plot_describe_metric(input, input->columns[columns.category], &by);
        data.by = chart_in_sentence(&input->arena, by.title);
        shorten_names(input, columns.category, &data);
        data.missing = count_missing(&data);
        *ret = data;
    }
    return result;
}
