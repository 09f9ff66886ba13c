/* The CSV of the VLM partitioner's benchmark.py: one row for each mode and metric,
 * four decimals, no samples. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdint.h>

#include "schema/base/number.h"
#include "schema/formats/printed.h"
#include "schema/formats/reader.h"
#include "schema/formats/vlm_partitioner.h"
#include "schema/read/csv.h"

static const char *const columns[] = {"Mode", "Metric", "Mean", "Std", "Min", "Max", "Median", "Num Runs"};
#define COLUMNS ARRAY_LENGTH(columns)

/* Every column is there, in whatever order. */
static bool is_header(struct str line)
{
    struct str field;
    size_t met = 0;
    while (str_next_field(&line, ',', &field)) {
        field = str_trim(field);
        if (field.len > 1 && field.data[0] == '"' && field.data[field.len - 1] == '"')
            field = str_slice(field.data + 1, field.len - 2);
        for (size_t i = 0; i < COLUMNS; i++)
            met += str_equal(field, str_of(columns[i]));
    }
    return met == COLUMNS;
}

/* Where the header begins; SIZE_MAX. */
static size_t find_header(struct str text)
{
    for (size_t at = str_find(text, STR("Num Runs"), 0); at != SIZE_MAX; at = str_find(text, STR("Num Runs"), at + 1)) {
        size_t begin = at;
        while (begin > 0 && text.data[begin - 1] != '\n')
            begin--;
        struct str rest = str_slice(text.data + begin, text.len - begin), line;
        if (str_next_line(&rest, &line) && is_header(line))
            return begin;
    }
    return SIZE_MAX;
}

static int detect(const struct format_input *input)
{
    return find_header(input->text) != SIZE_MAX ? 90 : 0;
}

static int number_cell(const struct csv_record *record, size_t column, const char *name, double *ret, struct err *err)
{
    const char *text = csv_text(record, column);
    *ret = MISSING;
    if (*text == '\0' || reader_is_not_finite(str_of(text)) || number_parse_loose(str_of(text), ret))
        return 0;
    err_set(err, ERR_DATA, "\"%.40s\" is no number", text);
    err_path(err, "%s", name);
    return err_at(err, record->line, 0);
}

/* The mode's run; a new one when the rows of another mode, or the same metric again, come. */
static struct run *run_of(struct reading *reading, const char *mode, const struct vlm_metric *metric)
{
    struct run *run = reading->run_count > 0 ? &reading->runs[reading->run_count - 1] : NULL;
    bool same = run != NULL && text_equal(run->workload.mode, mode);
    for (size_t i = 0; same && i < run->measurement_count; i++)
        same = !text_equal(run->measurements[i].metric, metric->metric);
    return same ? run : vlm_add_run(reading, mode);
}

static int read_row(struct reading *reading, const struct csv_record *record, const size_t at[COLUMNS], struct err *err)
{
    double values[COLUMNS] = {0};
    const struct vlm_metric *metric = vlm_metric(csv_text(record, at[1]));
    if (text_equal(csv_text(record, at[1]), columns[1]))
        return 0; /* the header of a file that was appended */
    if (metric == NULL || *csv_text(record, at[0]) == '\0') {
        reading_add_problem(reading, "", record->line, 0, "row left out: the tool has no metric \"%.40s\"",
                            csv_text(record, at[1]));
        return 0;
    }
    for (size_t i = 2; i < COLUMNS; i++) {
        int code = number_cell(record, at[i], columns[i], &values[i], err);
        if (code < 0)
            return code;
    }
    const char *mode = reader_text(&reading->arena, str_of(csv_text(record, at[0])));
    struct run *run = run_of(reading, mode, metric);
    if (run == NULL)
        return 0;
    struct figure figure = figure_of(metric->metric, metric->unit, values[2]);
    figure.stated.stddev = values[3];
    figure.min = values[4];
    figure.max = values[5];
    figure.median = values[6];
    figure.kind = STDDEV_POPULATION;
    if (values[7] >= 1 && values[7] < 1e9)
        figure.stated.n = (int64_t)values[7];
    figure_add(reading, run, &figure);
    return 0;
}

static int read_rows(struct str text, struct reading *reading, struct err *err)
{
    struct csv_reader reader = csv_reader(text);
    struct csv_record header = {0}, record = {0};
    size_t at[COLUMNS];
    int code = csv_next(&reader, &reading->arena, &header, err);
    if (code <= 0)
        return code;
    for (size_t i = 0; i < COLUMNS; i++) {
        at[i] = csv_column(&header, columns[i]);
        if (at[i] == SIZE_MAX)
            return err_set(err, ERR_DATA, "the header has no column %s", columns[i]);
    }
    reader.width = header.count;
    while ((code = csv_next(&reader, &reading->arena, &record, err)) > 0) {
        code = read_row(reading, &record, at, err);
        if (code < 0)
            return code;
    }
    return code;
}

static int read_csv(const struct format_input *input, struct reading_list *into, struct err *err)
{
    size_t begin = find_header(input->text);
    if (begin == SIZE_MAX)
        return err_set(err, ERR_DATA, "the header \"Mode,Metric,...\" was not found");
    struct reading *reading = printed_reading(&format_vlm_partitioner_csv, into, err);
    if (reading == NULL)
        return -(int)ERR_MEMORY;
    struct line_cursor cursor = line_cursor(input->text);
    line_cursor_move(&cursor, begin);
    int code = read_rows(str_slice(input->text.data + begin, input->text.len - begin), reading, err);
    for (size_t i = 0; i < reading->problem_count; i++)
        reading->problems[i].line += cursor.line - 1;
    if (code < 0 && err != NULL && err->line > 0)
        err_at(err, err->line + cursor.line - 1, err->column);
    if (code == 0 && reading->run_count == 0)
        reading_add_problem(reading, "", cursor.line, 0, "the table has no row: nothing was measured");
    vlm_finish(reading, input->name);
    reader_set_original(reading, begin, input->text.len);
    return code < 0 ? code : arena_check(&reading->arena, err);
}

const struct format format_vlm_partitioner_csv = {
    .name = "vlm-partitioner-csv",
    .tool = VLM_PARTITIONER_TOOL,
    .summary = "the VLM partitioner's benchmark as CSV",
    .version = 1,
    .detect = detect,
    .read = read_csv,
};
