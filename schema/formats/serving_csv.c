/* summary.csv of `vllm bench sweep serve`: a row a run, columns as the members of the JSON, and what was swept. */
#include "schema/formats/readers.h"

#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/csv_rows.h"
#include "schema/formats/lines.h"
#include "schema/formats/reader.h"
#include "schema/formats/serving.h"

static bool is_header(struct str header)
{
    bool latency = csv_rows_has(header, ',', "mean_ttft_ms") || csv_rows_has(header, ',', "mean_itl_ms") ||
                   csv_rows_has(header, ',', "mean_e2el_ms");
    return latency && csv_rows_has(header, ',', "request_throughput") && csv_rows_has(header, ',', "completed");
}

static int detect(const struct format_input *input)
{
    return csv_rows_header(input->text, is_header).data != NULL ? 92 : 0;
}

struct table {
    struct reading *reading;
    struct str text;
    const struct csv_record *header;
};

static int take_cell(struct table *table, struct run *run, struct serving_result *result, const char *name,
                     const char *cell, int line, struct err *err)
{
    struct arena *arena = &table->reading->arena;
    struct str text = str_trim(str_of(cell));
    double number = 0;
    bool is_number = number_parse_loose(text, &number);
    if (text.len == 0)
        return 0;
    if (serving_is_figure(name)) {
        bool not_finite = str_equal_ignore_case(text, STR("inf")) || str_equal_ignore_case(text, STR("nan"));
        if (!is_number && !not_finite) {
            err_set(err, ERR_DATA, "expected a number, found \"%.60s\"", cell);
            err_path(err, "%s", name);
            return err_at(err, line, 0);
        }
        serving_set(result, name, is_number ? number : MISSING);
        return 0;
    }
    struct parameter_list *list = serving_changes_work(name)  ? &run->workload.parameters
                                  : serving_is_observed(name) ? &run->conditions
                                                              : &run->setup;
    enum private_kind kind;
    if (strcmp(name, "date") == 0)
        serving_set_date(table->reading, run, cell);
    else if (strcmp(name, "model_id") == 0)
        reader_set_model(table->reading, run, text);
    else if (strcmp(name, "tokenizer_id") == 0 || reader_name_is_personal(str_of(name), &kind) ||
             reader_is_placeholder(cell))
        return 0; /* hidden with what no rule knows */
    else if (is_number)
        parameters_set_number(arena, list, name, number);
    else if (text_equal_ignore_case(cell, "true") || text_equal_ignore_case(cell, "false"))
        parameters_set_boolean(arena, list, name, text.len == 4);
    else if (str_find(text, STR(" "), 0) == SIZE_MAX)
        (void)parameters_set_word(arena, list, name, cell);
    return 0;
}

/* Cells that are neither numbers nor words of the tool may say anything; of a path the folders stay. */
static void hide_words(struct table *table, struct str rest)
{
    struct str cell, folder, base;
    enum private_kind kind;
    for (size_t i = 0; i < table->header->count && csv_rows_cell(&rest, ',', &cell); i++) {
        cell = str_trim(cell);
        size_t offset = (size_t)(cell.data - table->text.data);
        bool personal = reader_name_is_personal(str_of(csv_text(table->header, i)), &kind);
        bool words = str_find(cell, STR(" "), 0) != SIZE_MAX || str_find(cell, STR("@"), 0) != SIZE_MAX;
        reader_split_path(cell, &folder, &base);
        if (cell.len == 0 || str_starts_with(cell, STR("[text:")) || str_starts_with(cell, STR("[removed:")))
            continue;
        if (words || personal)
            reading_add_private(table->reading, offset, cell.len, personal ? kind : PRIVATE_TEXT);
        else if (reader_path_is_private(cell))
            reading_add_private(table->reading, offset, folder.len, PRIVATE_PATH);
    }
}

static int take_row(void *context, const struct csv_record *row, struct str bytes, struct err *err)
{
    struct table *table = context;
    struct serving_result result = {0};
    struct run *run = reading_add_run(table->reading);
    if (run == NULL)
        return mem_error(err);
    run->workload.task = "serving";
    int code = 0;
    for (size_t i = 0; code == 0 && i < table->header->count; i++)
        code = take_cell(table, run, &result, csv_text(table->header, i), csv_text(row, i), row->line, err);
    bool measured = code == 0 && serving_measure(table->reading, run, &result);
    if (code == 0 && !measured)
        reading_add_problem(table->reading, "", row->line, 0, "no request was completed: its zeros are no figures");
    if (!measured)
        table->reading->run_count--;
    else if (serving_get(&result, "failed") > 0)
        flags_add(&table->reading->arena, &run->flags, "requests_failed");
    if (code == 0)
        hide_words(table, bytes);
    return code;
}

static int tell(void *context, struct err *err)
{
    struct table *table = context;
    (void)err;
    reader_tell_no_chip(table->reading);
    return 0;
}

static int read_csv(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct table table = {.reading = lines_reading(&format_vllm_serving_csv, input), .text = input->text};
    if (table.reading == NULL)
        return mem_error(err);
    struct csv_rows rows = {.reading = table.reading,
                            .input = input,
                            .is_header = is_header,
                            .take = take_row,
                            .close = tell,
                            .context = &table};
    table.header = &rows.header;
    return csv_rows_read(&rows, "the table holds no result", into, err);
}

const struct format format_vllm_serving_csv = {
    .name = "vllm-serving-csv",
    .tool = "vLLM",
    .summary = "summary.csv of vllm bench sweep serve",
    .version = 1,
    .detect = detect,
    .read = read_csv,
};
