/* Markdown tables of Ollama's eval rates that people keep: below a heading that names the model, a row a system:
 * | System | CPU/GPU | Eval Rate | Power (Peak) |. A GPU stands in parentheses behind the machine that holds it. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <string.h>

#include "schema/catalog/catalog.h"
#include "schema/formats/markdown_row.h"
#include "schema/formats/reader.h"
#include "schema/formats/text_log.h"

static bool is_header(const struct markdown_row *row)
{
    return markdown_find_cell(row, "System") != SIZE_MAX && markdown_find_cell(row, "Eval Rate") != SIZE_MAX;
}

static int detect(const struct format_input *input)
{
    struct str rest = input->text, line;
    struct markdown_row row;
    if (!str_has(input->text, "Eval Rate"))
        return 0;
    while (str_next_line(&rest, &line))
        if (str_has(line, "Eval Rate") && markdown_read_row(line, &row) && is_header(&row))
            return 88;
    return 0;
}

struct tables {
    struct text_log log;
    struct markdown_row header; /* no cells: outside of a table */
    struct str model;           /* of the heading above */
};

/* "[M1 Ultra (48 GPU Core) 64GB](https://…)" without the link, and without what HTML marks. */
static struct str label_of(struct str cell)
{
    size_t close = str_find(cell, STR("]("), 0);
    if (cell.len > 0 && cell.data[0] == '[' && close != SIZE_MAX)
        cell = str_slice(cell.data + 1, close - 1);
    return str_trim(cell);
}

static struct str without_note(struct str text)
{
    size_t note = str_find(text, STR("<sup>"), 0);
    return note != SIZE_MAX ? str_trim(str_slice(text.data, note)) : text;
}

/* The graphics card in parentheses when there is one that the catalogue knows; else the system as it is called. */
static const char *chip_of(struct arena *arena, struct str label, bool gpu)
{
    size_t open = str_find(label, STR("("), 0), close = str_find(label, STR(")"), open == SIZE_MAX ? 0 : open);
    if (gpu && open != SIZE_MAX && close != SIZE_MAX) {
        struct str inner = without_note(str_slice(label.data + open + 1, close - open - 1));
        char *name = reader_text(arena, inner);
        struct chip_match match;
        if (name != NULL)
            catalog_match_chip(name, NULL, &match);
        if (name != NULL && match.chip != NULL)
            return name;
    }
    return reader_text(arena, without_note(label));
}

static int read_row(struct tables *tables, const struct markdown_row *row, struct err *err)
{
    struct reading *reading = tables->log.reading;
    size_t rate_at = markdown_find_cell(&tables->header, "Eval Rate");
    size_t kind_at = markdown_find_cell(&tables->header, "CPU/GPU");
    size_t power_at = markdown_find_cell(&tables->header, "Power (Peak)");
    if (row->count != tables->header.count) {
        err_set(err, ERR_DATA, "the row has %zu cells, its header has %zu", row->count, tables->header.count);
        return err_at(err, tables->log.number, 0);
    }
    double rate = 0, power = 0;
    struct str unit, cell = row->cells[rate_at];
    if (!text_quantity(cell, &rate, &unit) || !str_equal_ignore_case(unit, STR("Tokens/s"))) {
        reading_add_problem(reading, "Eval Rate", tables->log.number, 0, "the row has no rate in tokens/s");
        return 0;
    }
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return mem_error(err);
    text_log_keep(&tables->log);
    struct str label = label_of(row->cells[markdown_find_cell(&tables->header, "System")]);
    bool gpu = kind_at != SIZE_MAX && str_equal_ignore_case(row->cells[kind_at], STR("GPU"));
    run->chip_name = chip_of(&reading->arena, label, gpu);
    run->workload.task = "eval";
    reader_set_model(reading, run, tables->model);
    if (kind_at != SIZE_MAX && row->cells[kind_at].len > 0 && row->cells[kind_at].len < 16)
        parameters_set_word(&reading->arena, &run->setup, "processor",
                            arena_strndup(&reading->arena, row->cells[kind_at].data, row->cells[kind_at].len));
    text_measure_one(reading, run, "generation_throughput", "tok/s", rate);
    if (power_at != SIZE_MAX && text_quantity(row->cells[power_at], &power, &unit) && str_equal(unit, STR("W")))
        text_measure_one(reading, run, "peak_power", "W", power);
    return 0;
}

static int read_line(struct tables *tables, struct err *err)
{
    struct str line = tables->log.line;
    struct markdown_row row;
    if (!markdown_read_row(line, &row)) {
        if (line.len > 0 && line.data[0] == '#') {
            while (line.len > 0 && line.data[0] == '#')
                line = str_slice(line.data + 1, line.len - 1);
            tables->model = str_trim(line);
            text_log_keep(&tables->log);
        }
        if (!str_starts_with(line, STR("[text:"))) /* a row without a rate was there */
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
    int result = text_log_open(&tables.log, &format_ollama_summary_md, input, into, err);
    while (result == 0 && text_log_next(&tables.log))
        result = read_line(&tables, err);
    return result < 0 ? text_log_abandon(&tables.log, result)
                      : text_log_close(&tables.log, "the tables hold no rate", err);
}

const struct format format_ollama_summary_md = {
    .name = "ollama-summary-md",
    .tool = "Ollama",
    .summary = "Markdown tables of eval rates by system",
    .version = 1,
    .detect = detect,
    .read = read_text,
};
