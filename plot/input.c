#include "plot/input.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plot/input_compare.h"
#include "plot/input_table.h"
#include "schema/base/buf.h"
#include "schema/base/file.h"
#include "schema/base/log.h"
#include "schema/base/number.h"
#include "schema/json/json.h"
#include "schema/read/csv.h"

#define INPUT_MAX (64 * BUF_MIB)
#define COLUMNS_MAX 256

void plot_input_done(struct plot_input *input)
{
    arena_done(&input->arena);
    *input = (struct plot_input){0};
}

size_t plot_input_column(const struct plot_input *input, const char *name)
{
    for (size_t i = 0; i < input->column_count; i++) {
        if (text_equal_ignore_case(input->columns[i], name)) {
            return i;
        }
    }
    return SIZE_MAX;
}

const char *plot_input_cell(const struct plot_input *input, size_t row, size_t column)
{
    return column >= input->column_count ? NULL : input->cells[row * input->column_count + column];
}

int plot_input_number(const struct plot_input *input, size_t row, size_t column, double *ret, struct err *err)
{
    static const char *const none[] = {"", "-", "–", "null", "nan", "n/a", "na", "none", "inf", "-inf", "infinity"};
    const char *cell = plot_input_cell(input, row, column);
    for (size_t i = 0; i < ARRAY_LENGTH(none); i++) {
        if (cell == NULL || text_equal_ignore_case(cell, none[i])) {
            *ret = (double)NAN;
            return 0;
        }
    }
    if (number_parse_loose(str_of(cell), ret)) {
        return 0;
    }
    err_set(err, ERR_DATA, "column %s holds \"%.40s\", not a number", input->columns[column], cell);
    err_path(err, "%s", input->name);
    err_hint(err, "leave the cell empty where there is no value");
    return err_at(err, input->lines[row], (int)column + 1);
}

static int add_column(struct plot_input *input, const char *name, struct err *err)
{
    if (input->column_count == COLUMNS_MAX) {
        return err_set(err, ERR_LIMIT, "%s has more than %d columns", input->name, COLUMNS_MAX);
    }
    const char **columns =
        arena_grow(&input->arena, input->columns, &input->column_capacity, input->column_count + 1, sizeof *columns);
    const char *copy = arena_strdup(&input->arena, name);
    if (columns == NULL || copy == NULL) {
        return arena_check(&input->arena, err);
    }
    input->columns = columns;
    columns[input->column_count++] = copy;
    return 0;
}

static int add_row(struct plot_input *input, int line, struct err *err)
{
    size_t need = (input->row_count + 1) * input->column_count;
    const char **cells = arena_grow(&input->arena, input->cells, &input->cell_capacity, need, sizeof *cells);
    int *lines = arena_grow(&input->arena, input->lines, &input->line_capacity, input->row_count + 1, sizeof *lines);
    if (cells == NULL || lines == NULL) {
        return arena_check(&input->arena, err);
    }
    input->cells = cells;
    input->lines = lines;
    lines[input->row_count++] = line;
    return 0;
}

/* A table without its heading would take the first row for names. */
static int check_header(const struct csv_record *record, struct str text, struct err *err)
{
    double number;
    struct str rest = text, first;
    if (record->count >= 2 && number_parse(str_trim(record->fields[1]), &number)) {
        (void)err_set(err, ERR_DATA, "the first line is no header: its second field is the number %.40s",
                      csv_text(record, 1));
        (void)err_at(err, record->line, 0);
        return err_hint(err, "put the names of the columns into the first line, such as chip,memory_bandwidth");
    }
    if (record->count == 1 && str_next_line(&rest, &first) && str_find(first, STR(";"), 0) != SIZE_MAX) {
        (void)err_set(err, ERR_DATA, "the columns are separated by semicolons");
        (void)err_at(err, record->line, 0);
        return err_hint(err, "save the table as CSV with commas, and numbers with a point");
    }
    return 0;
}

static int read_csv(struct plot_input *input, struct str text, struct err *err)
{
    struct csv_reader reader = csv_reader(text);
    struct csv_record record;
    int found = csv_next(&reader, &input->arena, &record, err);
    const int header = found == 1 ? check_header(&record, text, err) : 0;
    if (header < 0) {
        return header;
    }
    for (size_t i = 0; found == 1 && i < record.count; i++) {
        int result = add_column(input, csv_text(&record, i), err);
        if (result < 0) {
            return result;
        }
    }
    reader.width = record.count;
    while (found == 1 && (found = csv_next(&reader, &input->arena, &record, err)) == 1) {
        int result = add_row(input, record.line, err);
        if (result < 0) {
            return result;
        }
        for (size_t i = 0; i < record.count; i++) {
            struct str trimmed = str_trim(record.fields[i]);
            input->cells[(input->row_count - 1) * input->column_count + i] =
                arena_strndup(&input->arena, trimmed.data, trimmed.len);
        }
    }
    return found;
}

static const char *cell_text(struct plot_input *input, const struct json *value)
{
    char number[NUMBER_TEXT_SIZE];
    if (json_is(value, JSON_STRING)) {
        return arena_strdup(&input->arena, json_string(value));
    }
    if (json_is(value, JSON_NUMBER)) {
        return arena_strdup(&input->arena, number_shortest(number, json_number(value)));
    }
    return NULL;
}

/* The column of a key, added when it is new; SIZE_MAX for what the chart leaves out. */
static int column_of(struct plot_input *input, const struct input_table *table, const char *key, size_t *ret,
                     struct err *err)
{
    const char *name = key != NULL ? input_table_column(&input->arena, table, key) : NULL;
    *ret = name != NULL ? plot_input_column(input, name) : SIZE_MAX;
    if (name == NULL || *ret != SIZE_MAX) {
        return 0;
    }
    int result = add_column(input, name, err);
    *ret = input->column_count - 1;
    return result;
}

static int add_columns(struct plot_input *input, const struct input_table *table, const struct json *rows,
                       struct err *err)
{
    size_t column = 0;
    for (const struct json *row = json_first(rows); row != NULL; row = json_next(row)) {
        for (const struct json *cell = json_first(row); cell != NULL; cell = json_next(cell)) {
            int result = column_of(input, table, json_key(cell), &column, err);
            if (result < 0) {
                return result;
            }
        }
    }
    return 0;
}

static int add_rows(struct plot_input *input, const struct input_table *table, const struct json *rows, struct err *err)
{
    size_t column = 0;
    for (const struct json *row = json_first(rows); row != NULL; row = json_next(row)) {
        int result = add_row(input, 0, err);
        for (const struct json *cell = json_first(row); result == 0 && cell != NULL; cell = json_next(cell)) {
            result = column_of(input, table, json_key(cell), &column, err);
            if (result == 0 && column != SIZE_MAX) {
                input->cells[(input->row_count - 1) * input->column_count + column] = cell_text(input, cell);
            }
        }
        if (result < 0) {
            return result;
        }
    }
    return 0;
}

/* All columns first: a row has a cell of each. */
static int read_rows(struct plot_input *input, const struct input_table *table, struct err *err)
{
    int result = 0;
    const struct json *at = NULL, *rows;
    while (result == 0 && (rows = input_table_rows(table, &at)) != NULL) {
        result = add_columns(input, table, rows, err);
    }
    at = NULL;
    while (result == 0 && (rows = input_table_rows(table, &at)) != NULL) {
        result = add_rows(input, table, rows, err);
    }
    return result < 0 ? result : arena_check(&input->arena, err);
}

/* Two sides of a comparison become rows of chip, workload and the metric. */
static int read_compare(struct plot_input *input, const struct compare_table *table, struct err *err)
{
    if (table->rows_left_out > 0) {
        log_warning("%s compares several metrics; %s has the most rows and is drawn", input->name, table->metric);
    }
    input->subject = input_compare_subject(&input->arena, table);
    int result = add_column(input, "chip", err);
    result = result < 0 ? result : add_column(input, "workload", err);
    result = result < 0 ? result : add_column(input, table->metric, err);
    for (const struct json *row = json_first(table->rows); row != NULL; row = json_next(row)) {
        size_t number = 0;
        for (const struct json *side = json_first(table->sides); side != NULL && result == 0; side = json_next(side)) {
            char key[32];
            (void)snprintf(key, sizeof key, "value_%zu", ++number);
            if (!input_compare_is_drawn(table, row)) {
                continue;
            }
            result = add_row(input, 0, err);
            if (result == 0) {
                const char **cells = &input->cells[(input->row_count - 1) * input->column_count];
                cells[0] = input_compare_side(&input->arena, side);
                cells[1] = input_compare_workload(&input->arena, table, row);
                cells[2] = cell_text(input, json_get(row, key));
            }
        }
    }
    return result < 0 ? result : arena_check(&input->arena, err);
}

static int read_json(struct plot_input *input, struct str text, struct err *err)
{
    struct json_document *document autojson = NULL;
    size_t offset = 0;
    int found = json_read_tolerant(text, &offset, &json_limits_tool, &document, err);
    if (found < 0) {
        return found;
    }
    struct compare_table compare = {0};
    if (found == 1 && input_compare_find(json_root(document), &compare)) {
        return read_compare(input, &compare, err);
    }
    struct input_table table = {0};
    if (found != 1 || !input_table_find(json_root(document), &table)) {
        err_set(err, ERR_DATA, "no array of objects in it");
        return err_hint(err, "expected [{\"chip\": …, \"METRIC\": …}, …], as crosschip-analyze prints with --json");
    }
    if (table.others > 0) {
        log_warning("%s holds %zu further table%s; that with the most rows is drawn", input->name, table.others,
                    table.others == 1 ? "" : "s");
    }
    input->subject = input_table_subject(&input->arena, &table);
    input->baseline = input_table_baseline(&input->arena, &table);
    return read_rows(input, &table, err);
}

/* A fault inside the text knows its field or line; this adds the file, and what would be right. */
static void name_file(const struct plot_input *input, struct err *err)
{
    if (err == NULL) {
        return;
    }
    err_file(err, input->name);
    if (err->hint[0] == '\0') {
        err_hint(err, "expected CSV with a header such as chip,memory_bandwidth, or a JSON array of objects");
    }
}

int plot_input_read(const char *path, struct plot_input *ret, struct err *err)
{
    struct buf bytes autobuf = BUF(INPUT_MAX);
    struct plot_input input = {.name = text_equal(path, "-") ? "standard input" : path};
    arena_init(&input.arena, 512 * BUF_MIB);
    int result = file_read(path, &bytes, err);
    if (result < 0) {
        return result;
    }
    struct str text = str_trim(str_slice(buf_text(&bytes), bytes.len));
    if (text.len == 0) {
        err_set(err, ERR_DATA, "%s is empty", input.name);
        return err_hint(err, "expected CSV with a header such as chip,memory_bandwidth, or JSON");
    }
    bool json = text.data[0] == '[' || text.data[0] == '{';
    result = json ? read_json(&input, text, err) : read_csv(&input, str_slice(buf_text(&bytes), bytes.len), err);
    if (result == 0 && input.row_count == 0) {
        result = err_set(err, ERR_NOTHING, json ? "there are no rows to draw" : "a header and no rows to draw");
    }
    if (result < 0) {
        name_file(&input, err);
        plot_input_done(&input);
        return result;
    }
    *ret = input;
    return 0;
}
