/* The table of web-rwkv's examples/bench.rs, in the manner of llama-bench:
 * model, quant_int8, quant_float4 (how many layers are quantised), test, t/s. */
#include "schema/formats/readers.h"

#include <stdint.h>

#include "schema/formats/figure.h"
#include "schema/formats/markdown_row.h"
#include "schema/formats/printed.h"
#include "schema/formats/web_rwkv.h"

static bool is_header(const struct markdown_row *row)
{
    return markdown_find_cell(row, "model") != SIZE_MAX && markdown_find_cell(row, "test") != SIZE_MAX &&
           markdown_find_cell(row, "t/s") != SIZE_MAX && markdown_find_cell(row, "quant_int8") != SIZE_MAX;
}

static int detect(const struct format_input *input)
{
    struct str text = input->text;
    size_t at = str_find(text, STR("quant_int8"), 0);
    if (at == SIZE_MAX)
        return 0;
    struct str head = str_slice(text.data, at), line;
    while (head.len > 0 && head.data[head.len - 1] != '\n')
        head.len--;
    struct str rest = str_slice(text.data + head.len, text.len - head.len);
    struct markdown_row row;
    return str_next_line(&rest, &line) && markdown_read_row(line, &row) && is_header(&row) ? 88 : 0;
}

struct table {
    struct printed printed;
    struct markdown_row header; /* slices of the input */
};

/* "pp512", "tg128" */
static bool split_test(struct str test, bool *ret_prompt, double *ret_length)
{
    *ret_prompt = str_starts_with(test, STR("pp"));
    return (*ret_prompt || str_starts_with(test, STR("tg"))) && test.len > 2 &&
           printed_figure(str_slice(test.data + 2, test.len - 2), "", "", ret_length) && *ret_length >= 1 &&
           *ret_length < 1e9;
}

static void set_parameter(struct reading *reading, struct run *run, const struct table *table,
                          const struct markdown_row *row, const char *name)
{
    size_t column = markdown_find_cell(&table->header, name);
    double layers = 0;
    if (column < row->count && printed_figure(row->cells[column], "", "", &layers) && layers > 0)
        parameters_set_number(&reading->arena, &run->workload.parameters, name, layers);
}

static void read_row(struct table *table, const struct markdown_row *row)
{
    struct printed *printed = &table->printed;
    struct reading *reading = printed->reading;
    double length = 0, speed = 0;
    bool prompt = false;
    size_t model = markdown_find_cell(&table->header, "model");
    if (row->count != table->header.count) {
        reading_add_problem(reading, "", printed->number, 0, "row left out: it has %zu cells, its header has %zu",
                            row->count, table->header.count);
        return;
    }
    if (!split_test(row->cells[markdown_find_cell(&table->header, "test")], &prompt, &length) ||
        !printed_figure(row->cells[markdown_find_cell(&table->header, "t/s")], "", "", &speed)) {
        reading_add_problem(reading, "", printed->number, 0, "row left out: its test or its speed cannot be read");
        return;
    }
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return;
    figure_set_model(reading, run, row->cells[model]);
    run->workload.task = arena_printf(&reading->arena, "%s%.0f", prompt ? "pp" : "tg", length);
    parameters_set_number(&reading->arena, &run->workload.parameters, prompt ? "n_prompt" : "n_gen", length);
    set_parameter(reading, run, table, row, "quant_int8");
    set_parameter(reading, run, table, row, "quant_float4");
    figure_add_value(reading, run, prompt ? "prompt_throughput" : "generation_throughput", "t/s", speed);
    printed_keep(printed);
    printed_hide_folder(printed, row->cells[model]);
}

static int read_table(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct table table = {0};
    struct markdown_row row;
    int result = printed_open(&table.printed, &format_web_rwkv_table, input, into, err);
    while (result == 0 && printed_next(&table.printed)) {
        /* Words between do not end a table: redaction may have put them there. */
        if (!markdown_read_row(table.printed.line, &row))
            continue;
        if (is_header(&row)) {
            table.header = row;
            printed_keep(&table.printed);
        } else if (table.header.count > 0 && row.rule) {
            printed_keep(&table.printed);
        } else if (table.header.count > 0) {
            read_row(&table, &row);
        }
    }
    if (result < 0)
        return result;
    if (table.printed.reading->run_count == 0)
        reading_add_problem(table.printed.reading, "", 0, 0, "the table has no row that can be read");
    return printed_finish(&table.printed, err);
}

const struct format format_web_rwkv_table = {
    .name = "web-rwkv-gguf-table",
    .tool = WEB_RWKV_TOOL,
    .summary = "the Markdown table of web-rwkv's bench",
    .version = 1,
    .detect = detect,
    .read = read_table,
};
