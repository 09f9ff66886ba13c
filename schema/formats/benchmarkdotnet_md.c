/* BenchmarkDotNet's table, as its -github.md and console show it, under the lines that describe the machine. */
#include "schema/formats/readers.h"

#include <string.h>

#include "schema/formats/benchmarkdotnet_table.h"
#include "schema/formats/lines.h"
#include "schema/formats/markdown_row.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

static bool is_header(const struct markdown_row *row)
{
    return bdn_find_column(row->cells, row->count, "Method") != SIZE_MAX &&
           bdn_find_column(row->cells, row->count, "Mean") != SIZE_MAX;
}

static int detect(const struct format_input *input)
{
    struct lines lines = lines_of(input->text);
    struct line line;
    struct markdown_row row;
    if (!str_has(input->text, "BenchmarkDotNet"))
        return 0;
    while (lines_next(&lines, &line))
        if (str_has(line.text, "Method") && markdown_read_row(line.text, &row) && is_header(&row))
            return 88;
    return 0;
}

struct table {
    struct bdn_table rows;
    struct markdown_row header; /* count 0: none is open */
};

/* "BenchmarkDotNet v0.13.6, …", "BenchmarkDotNet=v0.13.1, OS=…"; "Apple M1 Max, 1 CPU, 10 logical and 10 physical
 * cores". */
static bool take_machine(struct table *table, struct str line)
{
    struct reading *reading = table->rows.reading;
    struct str comma = STR(", ");
    size_t end = str_find(line, comma, 0), mark = str_find(line, STR("v"), 0);
    if (end == SIZE_MAX)
        return false;
    if (str_starts_with(line, STR("BenchmarkDotNet")) && mark < end) {
        struct str os = str_slice(line.data + end + comma.len, line.len - end - comma.len);
        reading->tool_version = reader_text(&reading->arena, str_slice(line.data + mark + 1, end - mark - 1));
        if (str_starts_with(os, STR("OS=")))
            os = str_slice(os.data + 3, os.len - 3);
        reading->device.os_name = reader_text(&reading->arena, os);
        return true;
    }
    if (!str_has(line, " CPU,") || !str_has(line, " logical") || !str_has(line, "core"))
        return false;
    reading->device.chip = reader_text(&reading->arena, str_slice(line.data, end));
    return true;
}

static int take_line(void *context, const struct line *line, struct err *err)
{
    struct table *table = context;
    struct str text = markdown_unquote(line->text);
    struct markdown_row row;
    if (markdown_read_row(text, &row)) {
        if (is_header(&row)) {
            table->header = row;
            return 0;
        }
        if (table->header.count > 0 && row.rule)
            return 0;
        if (table->header.count > 0 && row.count == table->header.count)
            return bdn_take_row(&table->rows, table->header.cells, row.cells, row.count, line->number, err);
        table->header.count = 0;
    } else if (text.len > 0) {
        table->header.count = 0;
        if (take_machine(table, text))
            return 0;
    }
    noise_mark(table->rows.reading, line);
    return 0;
}

/* From the rows that take_line takes: others go when the text is redacted. */
static void learn(struct bdn_table *table)
{
    struct lines lines = lines_of(table->input->text);
    struct line line;
    struct markdown_row row, header = {0};
    while (lines_next(&lines, &line)) {
        struct str text = markdown_unquote(line.text);
        bool is_row = markdown_read_row(text, &row);
        if (is_row && is_header(&row))
            header = row;
        else if (is_row && header.count > 0 && row.count == header.count)
            bdn_learn(table, header.cells, row.cells, row.count);
        else if (is_row ? !row.rule : text.len > 0)
            header.count = 0;
    }
}

static int read_md(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct table table = {.rows = {.input = input, .reading = lines_reading(&format_benchmarkdotnet_md, input)}};
    if (table.rows.reading == NULL)
        return mem_error(err);
    learn(&table.rows);
    int code = lines_each(input->text, take_line, &table, err);
    return lines_end(table.rows.reading, input, code, "the table has no times", into, err);
}

const struct format format_benchmarkdotnet_md = {
    .name = "benchmarkdotnet-md",
    .tool = "BenchmarkDotNet",
    .summary = "BenchmarkDotNet's table, printed and in -github.md",
    .version = 1,
    .detect = detect,
    .read = read_md,
};
