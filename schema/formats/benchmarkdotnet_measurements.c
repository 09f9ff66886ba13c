/* BenchmarkDotNet's -measurements.csv: a row for each iteration, and on it once more which benchmark and job that was;
 * CsvMeasurementsExporter.cs. The results are the rows of the stage (until 0.11: the mode) "Result": what was measured,
 * less the overhead and the outliers. They are the OriginalValues of its JSON. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "schema/formats/benchmarkdotnet_table.h"
#include "schema/formats/csv_rows.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

#define COLUMNS_MAX 256
#define ITERATION "Measurement_"
#define JOB "Job_"
#define PARAMETER "Param_"

static char separator_of(struct str header)
{
    for (const char *separator = ",;\t"; *separator != '\0'; separator++)
        if (csv_rows_has(header, *separator, "Target_Method") &&
            csv_rows_has(header, *separator, ITERATION "IterationMode"))
            return *separator;
    return '\0';
}

static bool is_header(struct str line)
{
    return str_find(line, STR(ITERATION), 0) != SIZE_MAX && separator_of(line) != '\0';
}

static int detect(const struct format_input *input)
{
    return csv_rows_header(input->text, is_header).data != NULL ? 92 : 0;
}

/* A stretch of a cell that stays here. */
struct hidden {
    size_t column, offset, length;
};
struct table {
    const struct format_input *input;
    struct reading *reading;
    const struct csv_record *header;
    char separator;
    /* The benchmark whose rows are being read, as its first row has it. */
    bool open;
    int line;
    struct str cells[COLUMNS_MAX];
    struct hidden *hidden;
    size_t hidden_count, hidden_capacity;
    double *samples;
    size_t count, capacity;
    double bytes; /* allocated by an operation */
};

/* What differs between the iterations of a benchmark. */
static bool is_of_iteration(const char *column)
{
    return text_starts_with(column, ITERATION) || text_starts_with(column, "Gen_") ||
           text_equal(column, "Allocated_Bytes");
}

/* By the exact name: another spelling is another column, whose text stays here. */
static const char *text_in(const struct table *table, const struct csv_record *row, const char *column)
{
    for (size_t i = 0; i < table->header->count; i++)
        if (text_equal(csv_text(table->header, i), column))
            return csv_text(row, i);
    return "";
}

static void split(const struct table *table, struct str bytes, struct str *cells)
{
    for (size_t i = 0; i < COLUMNS_MAX; i++)
        if (i >= table->header->count || !csv_rows_cell(&bytes, table->separator, &cells[i]))
            cells[i] = STR("");
}

static void hide(struct table *table, size_t column, struct str part)
{
    part = str_trim(part);
    if (part.len == 0 || str_starts_with(part, STR("[text:")) || str_starts_with(part, STR("[removed:")))
        return;
    struct hidden *items = arena_grow(&table->reading->arena, table->hidden, &table->hidden_capacity,
                                      table->hidden_count + 1, sizeof *items);
    if (items == NULL)
        return;
    table->hidden = items;
    items[table->hidden_count++] = (struct hidden){column, (size_t)(part.data - table->cells[column].data), part.len};
}

/* ---------------------------------------------------------------- benchmarks */

/* False when the text is no value that may leave. */
static bool take_setting(struct table *table, struct parameter_list *list, const char *name, const char *value)
{
    struct arena *arena = &table->reading->arena;
    double number = 0;
    bool states_nothing = value[0] == '\0' || text_equal(value, "Default") || text_equal(value, "?");
    if (states_nothing || reader_is_placeholder(value))
        return true;
    if (!whole_number(str_of(value), &number))
        return parameters_set_word(arena, list, name, value);
    parameters_set_number(arena, list, name, number);
    return true;
}

static bool is_plain_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (strchr("/\\@:[]", name.data[i]) != NULL)
            return false;
    return name.len > 0 && name.len <= 64;
}

static void take_parameters(struct table *table, struct run *run, size_t column)
{
    struct arena *arena = &table->reading->arena;
    struct bdn_parameters parameters = bdn_parameters(table->cells[column]);
    struct str item, name, value;
    while (bdn_next_parameter(&parameters, &item, &name, &value)) {
        const char *called = arena_strndup(arena, name.data, name.len);
        const char *text = arena_strndup(arena, value.data, value.len);
        if (called == NULL || text == NULL)
            return;
        if (!is_plain_name(name))
            hide(table, column, item);
        else if (!take_setting(table, &run->workload.parameters, called, text))
            hide(table, column, value);
    }
}

/* A name that is somebody's path is hidden as a whole, so that names which differ stay different. */
static bool is_private_name(const char *text)
{
    return reader_path_is_private(str_of(text)) || reader_is_placeholder(text);
}

/* "Namespace.Type.Method", as FullName in its JSON. */
static const char *task_of(struct table *table, const struct csv_record *row)
{
    static const char *const columns[] = {"Target_Namespace", "Target_Type", "Target_Method"};
    autobuf struct buf name = BUF(BUF_MIB);
    for (size_t i = 0; i < ARRAY_LENGTH(columns); i++) {
        const char *part = text_in(table, row, columns[i]);
        if (part[0] != '\0' && !is_private_name(part))
            buf_addf(&name, "%s%.200s", name.len > 0 ? "." : "", part);
    }
    return reader_text(&table->reading->arena, str_slice(buf_text(&name), name.len));
}

static void take_column(struct table *table, struct run *run, size_t column, const char *value)
{
    const char *name = csv_text(table->header, column);
    struct parameter_list *settings = &run->setup;
    bool known = false;
    if (is_of_iteration(name))
        return;
    if (text_equal(name, "Params")) {
        take_parameters(table, run, column);
        return;
    }
    if (text_equal(name, JOB "Id"))
        known = take_setting(table, settings, "job", value);
    else if (text_starts_with(name, JOB) && !text_equal(name, JOB "Display"))
        known = take_setting(table, settings, name + strlen(JOB), value);
    else if (text_starts_with(name, PARAMETER))
        known = take_setting(table, &run->workload.parameters, name + strlen(PARAMETER), value);
    else if (text_starts_with(name, "Target"))
        known = !is_private_name(value);
    if (!known)
        hide(table, column, table->cells[column]);
}

static int begin_benchmark(struct table *table, const struct csv_record *row, const struct str *cells, struct err *err)
{
    struct run *run = reading_add_run(table->reading);
    if (run == NULL)
        return mem_error(err);
    memcpy(table->cells, cells, sizeof table->cells);
    table->open = true;
    table->line = row->line;
    table->hidden_count = table->count = 0;
    table->bytes = MISSING;
    run->workload.task = task_of(table, row);
    for (size_t i = 0; i < table->header->count; i++)
        take_column(table, run, i, csv_text(row, i));
    return arena_check(&table->reading->arena, err);
}

static int end_benchmark(void *context, struct err *err)
{
    struct table *table = context;
    struct reading *reading = table->reading;
    if (!table->open)
        return 0;
    table->open = false;
    if (table->count == 0) {
        reading->run_count--;
        reading_add_problem(reading, "", table->line, 0, "a benchmark has no result: it failed or was not finished");
        return 0;
    }
    struct run *run = &reading->runs[reading->run_count - 1];
    struct given_figures time = GIVEN_FIGURES, memory = GIVEN_FIGURES;
    time.unit = "ns";
    time.stddev_kind = STDDEV_SAMPLE;
    double *samples = arena_alloc(&reading->arena, table->count, sizeof *samples);
    if (samples == NULL)
        return mem_error(err);
    memcpy(samples, table->samples, table->count * sizeof *samples);
    time.stated.samples = samples;
    time.stated.sample_count = table->count;
    memory.unit = "B";
    memory.counted = true;
    memory.stated.mean = table->bytes;
    if (figures_add(reading, run, "time", &time) == NULL ||
        (!isnan(table->bytes) && figures_add(reading, run, "allocated_memory", &memory) == NULL))
        return mem_error(err);
    return 0;
}

/* ---------------------------------------------------------------- rows */

static bool is_same_benchmark(const struct table *table, const struct str *cells)
{
    for (size_t i = 0; i < table->header->count; i++)
        if (!is_of_iteration(csv_text(table->header, i)) && !str_equal(table->cells[i], cells[i]))
            return false;
    return table->open;
}

static bool is_letters(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!((text.data[i] >= 'a' && text.data[i] <= 'z') || (text.data[i] >= 'A' && text.data[i] <= 'Z')))
            return false;
    return true;
}

static void mark_row(struct table *table, const struct str *cells)
{
    double number = 0;
    for (size_t i = 0; i < table->hidden_count; i++) {
        const struct hidden *hidden = &table->hidden[i];
        noise_hide(table->reading, table->input, str_slice(cells[hidden->column].data + hidden->offset, hidden->length),
                   PRIVATE_TEXT);
    }
    for (size_t i = 0; i < table->header->count; i++)
        if (is_of_iteration(csv_text(table->header, i)) && !is_letters(cells[i]) && !whole_number(cells[i], &number))
            noise_hide(table->reading, table->input, cells[i], PRIVATE_TEXT);
}

static int no_number(const struct csv_record *row, const char *column, const char *text, struct err *err)
{
    err_set(err, ERR_DATA, "expected a number, found \"%.40s\"", text);
    err_path(err, "%s", column);
    return err_at(err, row->line, 0);
}

/* Nanoseconds of one operation: Measurement_Value is the same, rounded. */
static int take_result(struct table *table, const struct csv_record *row, struct err *err)
{
    static const char *const columns[] = {ITERATION "Nanoseconds", ITERATION "Operations", ITERATION "Value",
                                          "Allocated_Bytes"};
    double values[] = {MISSING, MISSING, MISSING, MISSING};
    for (size_t i = 0; i < ARRAY_LENGTH(columns); i++) {
        const char *text = text_in(table, row, columns[i]);
        if (text[0] != '\0' && !whole_number(str_of(text), &values[i]) && i < 3)
            return no_number(row, columns[i], text, err);
    }
    double time = values[1] > 0 && !isnan(values[0]) ? values[0] / values[1] : values[2];
    if (isnan(time)) {
        reading_add_problem(table->reading, "", row->line, 0, "row left out: it has no time");
        return 0;
    }
    double *samples =
        arena_grow(&table->reading->arena, table->samples, &table->capacity, table->count + 1, sizeof *samples);
    if (samples == NULL)
        return mem_error(err);
    table->samples = samples;
    samples[table->count++] = time;
    table->bytes = isnan(table->bytes) ? values[3] : table->bytes;
    return 0;
}

static int take_record(void *context, const struct csv_record *row, struct str bytes, struct err *err)
{
    struct table *table = context;
    struct str cells[COLUMNS_MAX];
    if (table->header->count > COLUMNS_MAX) {
        (void)err_set(err, ERR_LIMIT, "more than %d columns", COLUMNS_MAX);
        return err_at(err, row->line, 0);
    }
    split(table, bytes, cells);
    if (!is_same_benchmark(table, cells)) {
        int code = end_benchmark(table, err);
        if (code == 0)
            code = begin_benchmark(table, row, cells, err);
        if (code < 0)
            return code;
    }
    mark_row(table, cells);
    const char *stage = text_in(table, row, ITERATION "IterationStage");
    const char *mode = text_in(table, row, ITERATION "IterationMode");
    bool result =
        stage[0] == '\0' ? text_equal(mode, "Result") : text_equal(stage, "Result") && !text_equal(mode, "Overhead");
    return result ? take_result(table, row, err) : 0;
}

static int read_csv(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct table table = {.input = input, .reading = lines_reading(&format_benchmarkdotnet_measurements, input)};
    if (table.reading == NULL)
        return mem_error(err);
    table.separator = separator_of(csv_rows_header(input->text, is_header));
    if (table.separator == '\0')
        table.separator = ',';
    struct csv_rows rows = {.reading = table.reading,
                            .input = input,
                            .separator = table.separator,
                            .is_header = is_header,
                            .take = take_record,
                            .close = end_benchmark,
                            .context = &table};
    table.header = &rows.header;
    return csv_rows_read(&rows, "no iteration has a result", into, err);
}

const struct format format_benchmarkdotnet_measurements = {
    .name = "benchmarkdotnet-measurements",
    .tool = "BenchmarkDotNet",
    .summary = "BenchmarkDotNet's -measurements.csv: every iteration",
    .version = 1,
    .detect = detect,
    .read = read_csv,
};
