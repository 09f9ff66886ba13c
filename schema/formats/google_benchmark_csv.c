/* Google Benchmark --benchmark_format=csv (csv_reporter.cc): eleven columns, counters behind them under their names.
 * Rows of failed benchmarks end behind the message, without the columns of counters; any other ragged row is refused.
 */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/formats/csv_rows.h"
#include "schema/formats/google_benchmark_text.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

#define HEADER "name,iterations,real_time,cpu_time"

struct table {
    const struct format_input *input;
    struct google_rows rows;
    struct google_context context;
    struct csv_record header;
    size_t begin; /* of the CSV in the input */
    int line;     /* lines before it */
};

static size_t find_header(struct str text)
{
    for (size_t at = 0; (at = str_find(text, STR(HEADER), at)) != SIZE_MAX; at++)
        if (at == 0 || text.data[at - 1] == '\n')
            return at;
    return SIZE_MAX;
}

static int detect(const struct format_input *input)
{
    return find_header(input->text) != SIZE_MAX ? 92 : 0;
}

static const char *field(const struct table *table, const struct csv_record *record, const char *name)
{
    return csv_text(record, csv_column(&table->header, name));
}

static double number(const struct table *table, const struct csv_record *record, const char *name)
{
    double value = MISSING;
    return whole_number(str_of(field(table, record, name)), &value) ? value : MISSING;
}

/* The message stays: it is the field behind the only true of the row. */
static void hide_message(struct table *table, const struct csv_record *record)
{
    const struct str text = table->input->text;
    struct lines lines = lines_of(str_slice(text.data + table->begin, text.len - table->begin));
    struct line line;
    while (lines_next(&lines, &line) && line.number < record->line)
        continue;
    size_t at = str_find_ignore_case(line.text, STR(",true,"), 0);
    if (at == SIZE_MAX)
        return;
    size_t begin = (size_t)(line.text.data - text.data) + at + strlen(",true,"), end = begin;
    bool quoted = begin < text.len && text.data[begin] == '"';
    if (quoted)
        for (begin = end = begin + 1; end < text.len && text.data[end] != '"'; end++)
            end += end + 2 < text.len && text.data[end + 1] == '"' && text.data[end + 2] == '"' ? 2 : 0;
    else
        while (end < text.len && text.data[end] != ',' && text.data[end] != '\r' && text.data[end] != '\n')
            end++;
    noise_hide(table->rows.reading, table->input, str_slice(text.data + begin, end - begin), PRIVATE_TEXT);
}

static bool has_failed(struct table *table, const struct csv_record *record)
{
    struct reading *reading = table->rows.reading;
    if (!text_equal_ignore_case(field(table, record, "error_occurred"), "true"))
        return false;
    const char *message = reader_text(&reading->arena, str_of(field(table, record, "error_message")));
    hide_message(table, record);
    reading_add_problem(reading, csv_text(record, 0), record->line + table->line, 0, "the benchmark failed%s%s",
                        message == NULL ? "" : ": ", message == NULL ? "" : message);
    return true;
}

static bool is_own(const char *name)
{
    static const char *const own[] = {"name",      "iterations", "real_time",      "cpu_time",
                                      "time_unit", "label",      "error_occurred", "error_message"};
    for (size_t i = 0; i < ARRAY_LENGTH(own); i++)
        if (text_equal(name, own[i]))
            return true;
    return false;
}

static int add_row(struct table *table, const struct csv_record *record, struct err *err)
{
    struct reading *reading = table->rows.reading;
    if (has_failed(table, record))
        return 0;
    if (record->count != table->header.count) {
        (void)err_set(err, ERR_DATA, "a row of %zu fields where there are %zu columns", record->count,
                      table->header.count);
        (void)err_at(err, record->line + table->line, 0);
        return -(int)ERR_DATA;
    }
    struct google_row *row = google_add_row(&table->rows);
    if (row == NULL)
        return mem_error(err);
    const char *unit = field(table, record, "time_unit");
    row->name = benchmark_name(reading, table->input, str_of(csv_text(record, 0)));
    row->by_name = true;
    row->iterations = number(table, record, "iterations");
    row->unit = *unit == '\0' ? "ns" : arena_strdup(&reading->arena, unit);
    if (*unit != '\0' && !google_is_time_unit(unit)) { /* of complexity: no time */
        row->aggregate = "unknown";
        row->by_name = false;
        return 0;
    }
    row->label = reader_text(&reading->arena, str_of(field(table, record, "label")));
    row->real_time = number(table, record, "real_time");
    row->cpu_time = number(table, record, "cpu_time");
    for (size_t i = 0; i < record->count; i++) {
        double value = 0;
        const char *name = csv_text(&table->header, i);
        if (!is_own(name) && whole_number(str_of(csv_text(record, i)), &value))
            google_add_counter(&table->rows, row, reader_text(&reading->arena, str_of(name)), value);
    }
    return 0;
}

static int read_rows(struct table *table, struct err *err)
{
    struct str rest = str_slice(table->input->text.data + table->begin, table->input->text.len - table->begin), header;
    struct arena *arena = &table->rows.reading->arena;
    struct csv_reader reader = csv_reader(table->input->text); /* counts lines from the header */
    reader.at = table->begin;
    (void)str_next_line(&rest, &header);
    struct csv_record record;
    int r = csv_next(&reader, arena, &table->header, err);
    while (r == 1) {
        csv_rows_skip(&reader, str_trim(header), table->rows.reading);
        r = csv_next(&reader, arena, &record, err);
        int added = r == 1 ? add_row(table, &record, err) : 0;
        if (added < 0)
            return added;
    }
    if (r < 0 && err != NULL)
        err->line += table->line;
    return r;
}

static int read_csv(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct reading *reading = lines_reading(&format_google_benchmark_csv, input);
    struct table table = {.input = input, .rows = {.reading = reading}, .begin = find_header(input->text)};
    if (reading == NULL)
        return mem_error(err);
    if (table.begin == SIZE_MAX) {
        reading_free(reading);
        return err_set(err, ERR_DATA, "there is no line that begins with %s", HEADER);
    }
    struct lines lines = lines_of(str_slice(input->text.data, table.begin));
    for (struct line line; lines_next(&lines, &line); table.line = line.number)
        if (str_trim(line.text).len > 0 && !google_take_preamble(reading, input, &line, &table.context))
            noise_mark(reading, &line);
    struct err fault = {0};
    int broken = read_rows(&table, &fault), r = google_add_runs(&table.rows, err);
    if (r < 0) {
        reading_free(reading);
        return r;
    }
    google_set_context(reading, &table.context);
    r = lines_finish(reading, 0, input->text.len, broken < 0 ? NULL : "the table holds no benchmark", into, err);
    if (r == 0 && broken < 0 && err != NULL)
        *err = fault;
    return r < 0 ? r : broken;
}

const struct format format_google_benchmark_csv = {
    .name = "google-benchmark-csv",
    .tool = "Google Benchmark",
    .summary = "Google Benchmark --benchmark_format=csv",
    .version = 1,
    .detect = detect,
    .read = read_csv,
};
