#include "plot/heatmap_data.h"

#include <math.h>

#include "plot/columns.h"
#include "plot/names.h"

static const char *const name_columns[] = {"chip", "name", "device"};
static const char *const workload_columns[] = {"workload", "model", "test"};
static const char *const row_columns[] = {"chip",  "name", "device",  "variant", "vendor",
                                          "group", "note", "backend", "unit",    "metric"};

struct reading {
    struct plot_input *input;
    struct heatmap_data *data;
    size_t names, variants, groups, workloads, values, metrics, units;
};

static size_t first_column(const struct plot_input *input, const char *wanted, const char *const *usual, size_t count)
{
    if (wanted != NULL) {
        return plot_input_column(input, wanted);
    }
    for (size_t i = 0; i < count; i++) {
        size_t column = plot_input_column(input, usual[i]);
        if (column != SIZE_MAX) {
            return column;
        }
    }
    return SIZE_MAX;
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

/* "Prompt processing | F16" stands under the heading before the bar. */
static struct heat_column column_of(struct plot_input *input, const char *name)
{
    struct str text = str_of(name);
    size_t bar = str_find(text, STR("|"), 0);
    if (bar == SIZE_MAX) {
        return (struct heat_column){name, NULL};
    }
    struct str group = str_trim(str_slice(text.data, bar));
    struct str title = str_trim(str_slice(text.data + bar + 1, text.len - bar - 1));
    return (struct heat_column){arena_strndup(&input->arena, title.data, title.len),
                                arena_strndup(&input->arena, group.data, group.len)};
}

size_t heatmap_data_column(const struct heatmap_data *data, const char *name)
{
    struct str text = str_of(name), group = {0};
    size_t bar = str_find(text, STR("|"), 0);
    if (bar != SIZE_MAX) {
        group = str_trim(str_slice(text.data, bar));
        text = str_trim(str_slice(text.data + bar + 1, text.len - bar - 1));
    }
    for (size_t c = 0; c < data->column_count; c++) {
        const struct heat_column *column = &data->columns[c];
        if (str_equal_ignore_case(text, str_of(column->title)) &&
            (bar == SIZE_MAX || (column->group != NULL && str_equal_ignore_case(group, str_of(column->group))))) {
            return c;
        }
    }
    return SIZE_MAX;
}

static int read_cell(const struct reading *reading, size_t row, size_t column, struct heat_cell *ret, struct err *err)
{
    static const char *const failures[] = {"failed", "fail", "error", "oom", "timeout"};
    const char *cell = plot_input_cell(reading->input, row, column);
    *ret = (struct heat_cell){(double)NAN, (double)NAN, false};
    for (size_t i = 0; cell != NULL && i < ARRAY_LENGTH(failures); i++) {
        if (text_equal_ignore_case(cell, failures[i])) {
            ret->failed = true;
            return 0;
        }
    }
    return plot_input_number(reading->input, row, column, &ret->value, err);
}

static size_t find_row(const struct heatmap_data *data, const char *name, const char *variant)
{
    for (size_t i = 0; i < data->row_count; i++) {
        if (text_equal(data->rows[i].name, name) && text_equal(data->rows[i].variant, variant)) {
            return i;
        }
    }
    return SIZE_MAX;
}

static size_t add_row(const struct reading *reading, const char *name, const char *variant)
{
    struct heatmap_data *data = reading->data;
    struct heat_cell *cells = arena_alloc(&reading->input->arena, HEATMAP_COLUMNS_MAX, sizeof *cells);
    for (size_t c = 0; cells != NULL && c < HEATMAP_COLUMNS_MAX; c++) {
        cells[c] = (struct heat_cell){(double)NAN, (double)NAN, false};
    }
    data->rows[data->row_count] = (struct heat_row){
        .name = name,
        .variant = text_is_empty(variant) ? NULL : variant,
        .cells = cells,
    };
    return data->row_count++;
}

static int too_many(const struct plot_input *input, struct err *err)
{
    err_set(err, ERR_LIMIT, "%s has more than %d workloads", input->name, HEATMAP_COLUMNS_MAX);
    return err_hint(err, "leave some out, or draw several pictures");
}

static int add_column(const struct reading *reading, struct heat_column column, struct err *err)
{
    if (reading->data->column_count == HEATMAP_COLUMNS_MAX) {
        return too_many(reading->input, err);
    }
    if (reading->data->columns == NULL) {
        return mem_error(err);
    }
    reading->data->columns[reading->data->column_count++] = column;
    return 0;
}

static int read_name(const struct reading *reading, size_t row, const char **ret, struct err *err)
{
    const char *name = plot_input_cell(reading->input, row, reading->names);
    if (!text_is_empty(name)) {
        *ret = name;
        return 0;
    }
    err_set(err, ERR_DATA, "a row has no name in column %s", reading->input->columns[reading->names]);
    err_path(err, "%s", reading->input->name);
    err_hint(err, "name each row there, or choose the column of names with --x");
    return err_at(err, reading->input->lines[row], (int)reading->names + 1);
}

/* A value that is there twice has no place: a chart does not choose, nor invent a mean. */
static int put_cell(const struct reading *reading, size_t row, size_t at, size_t column, struct heat_cell cell,
                    struct err *err)
{
    struct heat_row *target = &reading->data->rows[at];
    /* The cells were allocated here and are given out as const only to the chart. */
    struct heat_cell *cells = (struct heat_cell *)(uintptr_t)target->cells;
    if (cells == NULL) {
        return arena_check(&reading->input->arena, err);
    }
    if (isfinite(cells[column].value) || cells[column].failed) {
        err_set(err, ERR_DATA, "%.60s has two values of %.60s", target->name, reading->data->columns[column].title);
        err_path(err, "%s", reading->input->name);
        err_hint(err, "give one value for each chip and workload, or tell the rows apart in a column variant");
        return err_at(err, reading->input->lines[row], (int)column + 1);
    }
    cells[column] = cell;
    return 0;
}

static int read_wide(const struct reading *reading, struct err *err)
{
    struct plot_input *input = reading->input;
    size_t columns[HEATMAP_COLUMNS_MAX] = {0};
    for (size_t i = 0; i < input->column_count; i++) {
        if (i == reading->names || is_row_column(input->columns[i]) || column_is_companion(input, i)) {
            continue;
        }
        int result = add_column(reading, column_of(input, input->columns[i]), err);
        if (result < 0) {
            return result;
        }
        columns[reading->data->column_count - 1] = i;
    }
    for (size_t row = 0; row < input->row_count; row++) {
        const char *name = NULL, *variant = plot_input_cell(input, row, reading->variants);
        int result = read_name(reading, row, &name, err);
        size_t at = result < 0 ? SIZE_MAX : add_row(reading, name, variant);
        for (size_t c = 0; result == 0 && c < reading->data->column_count; c++) {
            struct heat_cell cell = {0};
            result = read_cell(reading, row, columns[c], &cell, err);
            result = result < 0 ? result : put_cell(reading, row, at, c, cell, err);
        }
        if (result < 0) {
            return result;
        }
    }
    return 0;
}

/* What the values of a column are: the heading of values, or what each row says beside them; not what differs. */
static void note_values(const struct reading *reading, size_t row, size_t column, bool first)
{
    struct plot_input *input = reading->input;
    const char **name = &reading->data->value_names[column], *said = input->columns[reading->values];
    const char *metric = plot_input_cell(input, row, reading->metrics);
    const char *unit = plot_input_cell(input, row, reading->units);
    if (text_equal_ignore_case(said, "value")) {
        said = text_is_empty(unit)
                   ? metric
                   : arena_printf(&input->arena, "%s (%s)", text_is_empty(metric) ? "Value" : metric, unit);
    }
    *name = first || text_equal(*name, said) ? said : NULL;
}

static int read_long_row(const struct reading *reading, size_t row, struct err *err)
{
    const char *name = NULL, *variant = plot_input_cell(reading->input, row, reading->variants);
    const char *title = plot_input_cell(reading->input, row, reading->workloads);
    const char *group = plot_input_cell(reading->input, row, reading->groups);
    struct heat_cell cell = {0};
    int result = read_name(reading, row, &name, err);
    result = result < 0 ? result : read_cell(reading, row, reading->values, &cell, err);
    if (result < 0) {
        return result;
    }
    title = text_is_empty(title) ? "(no name)" : title;
    group = text_is_empty(group) ? NULL : group;
    variant = text_is_empty(variant) ? NULL : variant;
    size_t column = 0, at = find_row(reading->data, name, variant);
    while (column < reading->data->column_count && !(text_equal(reading->data->columns[column].title, title) &&
                                                     text_equal(reading->data->columns[column].group, group))) {
        column++;
    }
    bool first = column == reading->data->column_count;
    if (first) {
        result = add_column(reading, (struct heat_column){title, group}, err);
    }
    if (result == 0) {
        note_values(reading, row, column, first);
    }
    at = at == SIZE_MAX ? add_row(reading, name, variant) : at;
    return result < 0 ? result : put_cell(reading, row, at, column, cell, err);
}

/* The one column of numbers beside names and workloads; of several each is a workload of its own. */
static size_t only_numbers(const struct reading *reading)
{
    const size_t taken[] = {reading->names, reading->workloads, reading->variants, reading->groups};
    size_t first = column_free_numbers(reading->input, taken, ARRAY_LENGTH(taken));
    const size_t more[] = {reading->names, reading->workloads, reading->variants, reading->groups, first};
    return first != SIZE_MAX && column_free_numbers(reading->input, more, ARRAY_LENGTH(more)) == SIZE_MAX ? first
                                                                                                          : SIZE_MAX;
}

static int choose_columns(struct reading *reading, const struct heatmap_wish *wish, struct err *err)
{
    struct plot_input *input = reading->input;
    reading->names = first_column(input, wish->name_column, name_columns, ARRAY_LENGTH(name_columns));
    if (reading->names == SIZE_MAX && wish->name_column == NULL) {
        reading->names = 0;
    }
    reading->variants = plot_input_column(input, "variant");
    reading->groups = plot_input_column(input, "group");
    reading->workloads = first_column(input, wish->workload_column, workload_columns, ARRAY_LENGTH(workload_columns));
    reading->values = plot_input_column(input, wish->value_column != NULL ? wish->value_column : "value");
    if (reading->values == SIZE_MAX && wish->value_column == NULL && reading->workloads != SIZE_MAX) {
        reading->values = only_numbers(reading);
    }
    const char *absent = reading->names == SIZE_MAX                                     ? wish->name_column
                         : reading->workloads == SIZE_MAX                               ? wish->workload_column
                         : reading->values == SIZE_MAX && wish->value_column != NULL    ? wish->value_column
                         : reading->values == SIZE_MAX && wish->workload_column != NULL ? "value"
                                                                                        : NULL;
    if (absent != NULL) {
        err_set(err, ERR_USAGE, "%s has no column %s", input->name, absent);
        return err_hint(err, "its columns are named in its first line");
    }
    reading->data->long_form = reading->workloads != SIZE_MAX && reading->values != SIZE_MAX;
    reading->metrics = plot_input_column(input, "metric");
    reading->units = plot_input_column(input, "unit");
    return 0;
}

int heatmap_data_make(struct plot_input *input, const struct heatmap_wish *wish, struct heatmap_data *ret,
                      struct err *err)
{
    struct heatmap_data data = {0};
    struct reading reading = {.input = input, .data = &data};
    int result = choose_columns(&reading, wish, err);
    data.columns = arena_alloc(&input->arena, HEATMAP_COLUMNS_MAX, sizeof *data.columns);
    data.lower = arena_alloc(&input->arena, HEATMAP_COLUMNS_MAX, sizeof *data.lower);
    data.value_names = arena_alloc(&input->arena, HEATMAP_COLUMNS_MAX, sizeof *data.value_names);
    data.rows = arena_alloc(&input->arena, input->row_count + 1, sizeof *data.rows);
    if (result == 0 && (data.columns == NULL || data.lower == NULL || data.value_names == NULL || data.rows == NULL)) {
        result = arena_check(&input->arena, err);
    }
    if (result == 0 && !data.long_form) {
        result = read_wide(&reading, err);
    }
    for (size_t row = 0; result == 0 && data.long_form && row < input->row_count; row++) {
        result = read_long_row(&reading, row, err);
    }
    if (result == 0 && data.column_count == 0) {
        err_set(err, ERR_USAGE, "%s has no column of values", input->name);
        result = err_hint(err, "a heat map needs a column for each workload, or the columns workload and value");
    }
    result = result < 0 ? result : heatmap_data_arrange(input, wish, &data, err);
    result = result < 0 ? result : arena_check(&input->arena, err);
    if (result == 0) {
        *ret = data;
    }
    return result;
}
