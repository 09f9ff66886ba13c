/* Tables of mlx-benchmark: below a bold line that names the chip, an operation a row and a framework with its device
 * a column, in milliseconds as the text above says. Columns of speedups say nothing new. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <string.h>

#include "schema/formats/markdown_row.h"
#include "schema/formats/reader.h"
#include "schema/formats/text_log.h"

static bool is_header(const struct markdown_row *row)
{
    return row->count > 2 && str_equal(row->cells[0], STR("Operation")) &&
           (markdown_find_cell(row, "mlx_gpu") != SIZE_MAX || markdown_find_cell(row, "mlx_cpu") != SIZE_MAX ||
            markdown_find_cell(row, "cuda") != SIZE_MAX);
}

static int detect(const struct format_input *input)
{
    struct str rest = input->text, line;
    struct markdown_row row;
    if (!str_has(input->text, "Operation"))
        return 0;
    while (str_next_line(&rest, &line))
        if (str_has(line, "Operation") && markdown_read_row(line, &row) && is_header(&row))
            return 90;
    return 0;
}

struct tables {
    struct text_log log;
    struct markdown_row header;
    const char *chip;
    const char *build;
    bool stated; /* the unit of its figures */
};

/* "**M1 Pro (2E+8P+16GPU+16GB) - mlx: 0.5.0**", "**M1 Max (64GB)** mlx 0.2.0" */
static void read_chip(struct tables *tables, struct str line)
{
    struct arena *arena = &tables->log.reading->arena;
    size_t close = str_find(line, STR("**"), 2);
    if (close == SIZE_MAX)
        return;
    struct str name = str_slice(line.data + 2, close - 2), version;
    size_t dash = str_find(name, STR(" - mlx"), 0);
    if (dash != SIZE_MAX)
        name = str_slice(name.data, dash);
    tables->chip = reader_text(arena, name);
    tables->build = NULL;
    size_t mlx = str_find(line, STR("mlx"), 0), end = 0;
    if (mlx != SIZE_MAX) {
        mlx += strlen("mlx");
        while (mlx < line.len && strchr(": ", line.data[mlx]) != NULL)
            mlx++;
        version = str_slice(line.data + mlx, line.len - mlx);
        while (end < version.len && strchr("0123456789.", version.data[end]) != NULL && version.data[end] != '\0')
            end++;
        tables->build = end > 0 ? arena_strndup(arena, version.data, end) : NULL;
    }
    text_log_keep(&tables->log);
}

static int read_cell(struct tables *tables, struct str operation, struct str column, struct str cell, struct err *err)
{
    struct reading *reading = tables->log.reading;
    double time = 0;
    struct str unit;
    if (str_has(column, "speedup") || cell.len == 0)
        return 0;
    if (!text_quantity(cell, &time, &unit) || unit.len > 0) {
        reading_add_problem(reading, "", tables->log.number, 0, "the table has no figure here");
        return 0;
    }
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return mem_error(err);
    run->chip_name = tables->chip;
    run->workload.task = reader_text(&reading->arena, operation);
    run->workload.backend = reader_text(&reading->arena, column);
    if (tables->build != NULL)
        parameters_set_word(&reading->arena, &run->setup, "mlx", tables->build);
    return text_measure_one(reading, run, "latency", "ms", time) == NULL ? mem_error(err) : 0;
}

static int read_row(struct tables *tables, const struct markdown_row *row, struct err *err)
{
    int result = 0;
    if (row->count != tables->header.count) {
        err_set(err, ERR_DATA, "the row has %zu cells, its header has %zu", row->count, tables->header.count);
        return err_at(err, tables->log.number, 0);
    }
    text_log_keep(&tables->log);
    for (size_t i = 1; result == 0 && i < row->count; i++)
        result = read_cell(tables, row->cells[0], tables->header.cells[i], row->cells[i], err);
    return result;
}

static int read_line(struct tables *tables, struct err *err)
{
    struct str line = tables->log.line;
    struct markdown_row row;
    if (!tables->stated && str_has(line, "millisecond")) {
        tables->stated = true;
        text_log_keep(&tables->log);
    }
    if (!markdown_read_row(line, &row)) {
        if (str_starts_with(line, STR("**")))
            read_chip(tables, line);
        if (line.len > 0)
            tables->header.count = 0;
        return 0;
    }
    if (is_header(&row)) {
        tables->header = row;
        text_log_keep(&tables->log);
    } else if (tables->header.count > 0 && row.rule) {
        text_log_keep(&tables->log);
    } else if (tables->header.count > 0) {
        return read_row(tables, &row, err);
    }
    return 0;
}

static int read_text(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct tables tables = {0};
    if (!str_has(input->text, "millisecond")) {
        err_set(err, ERR_DATA, "the tables state no unit of time");
        return err_hint(err, "mlx-benchmark says above them that its figures are milliseconds: send the file whole");
    }
    int result = text_log_open(&tables.log, &format_mlx_benchmark_md, input, into, err);
    while (result == 0 && text_log_next(&tables.log))
        result = read_line(&tables, err);
    return result < 0 ? text_log_abandon(&tables.log, result)
                      : text_log_close(&tables.log, "the tables hold no figure", err);
}

const struct format format_mlx_benchmark_md = {
    .name = "mlx-benchmark-md",
    .tool = "mlx-benchmark",
    .summary = "mlx-benchmark's tables of operations",
    .version = 1,
    .detect = detect,
    .read = read_text,
};
