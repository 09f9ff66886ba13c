/* summary.csv of `vllm bench sweep serve`: a row a run, columns as the members of the JSON, and what was swept. */
#include "schema/formats/readers.h"

#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/lines.h"
#include "schema/formats/reader.h"
#include "schema/formats/serving.h"
#include "schema/read/csv.h"

static bool has_column(struct str header, const char *name)
{
    struct str field;
    while (str_next_field(&header, ',', &field))
        if (str_equal(str_trim(field), str_of(name)))
            return true;
    return false;
}

static int detect(const struct format_input *input)
{
    struct str rest = input->text, header = {0};
    while (str_next_line(&rest, &header) && str_trim(header).len == 0)
        continue;
    bool latency =
        has_column(header, "mean_ttft_ms") || has_column(header, "mean_itl_ms") || has_column(header, "mean_e2el_ms");
    return latency && has_column(header, "request_throughput") && has_column(header, "completed") ? 92 : 0;
}

struct table {
    struct reading *reading;
    struct str text;
    struct csv_record header;
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
    else if (strcmp(name, "tokenizer_id") == 0 || reader_name_is_personal(name, &kind) || reader_is_placeholder(cell))
        return 0; /* hidden with what no rule knows */
    else if (is_number)
        parameters_set_number(arena, list, name, number);
    else if (text_equal_ignore_case(cell, "true") || text_equal_ignore_case(cell, "false"))
        parameters_set_boolean(arena, list, name, text.len == 4);
    else if (str_find(text, STR(" "), 0) == SIZE_MAX)
        (void)parameters_set_word(arena, list, name, cell);
    return 0;
}

/* The next cell of a record's bytes, without its quotes. */
static bool next_cell(struct str *rest, struct str *ret)
{
    size_t end = 0;
    if (rest->len == 0 || rest->data[0] != '"')
        return str_next_field(rest, ',', ret);
    for (end = 1; end < rest->len; end++) {
        if (rest->data[end] != '"')
            continue;
        if (end + 1 == rest->len || rest->data[end + 1] != '"')
            break;
        end++; /* a doubled quote */
    }
    *ret = str_slice(rest->data + 1, end - 1);
    end += end + 1 < rest->len ? 2 : rest->len - end; /* the quote and the comma */
    *rest = str_slice(rest->data + end, rest->len - end);
    return true;
}

/* Cells that are neither numbers nor words of the tool may say anything; of a path the folders stay. */
static void hide_words(struct table *table, size_t begin, size_t end)
{
    struct str rest = str_slice(table->text.data + begin, end - begin), cell, folder, base;
    enum private_kind kind;
    for (size_t i = 0; i < table->header.count && next_cell(&rest, &cell); i++) {
        cell = str_trim(cell);
        size_t offset = (size_t)(cell.data - table->text.data);
        bool personal = reader_name_is_personal(csv_text(&table->header, i), &kind);
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

static int take_row(struct table *table, const struct csv_record *row, struct err *err)
{
    struct serving_result result = {0};
    struct run *run = reading_add_run(table->reading);
    if (run == NULL)
        return mem_error(err);
    run->workload.task = "serving";
    int code = 0;
    for (size_t i = 0; code == 0 && i < table->header.count; i++)
        code = take_cell(table, run, &result, csv_text(&table->header, i), csv_text(row, i), row->line, err);
    bool measured = code == 0 && serving_measure(table->reading, run, &result);
    if (code == 0 && !measured)
        reading_add_problem(table->reading, "", row->line, 0, "no request was completed: its zeros are no figures");
    if (!measured)
        table->reading->run_count--;
    else if (serving_get(&result, "failed") > 0)
        flags_add(&table->reading->arena, &run->flags, "requests_failed");
    return code;
}

static int take_rows(struct table *table, struct err *err)
{
    struct arena *arena = &table->reading->arena;
    struct csv_reader csv = csv_reader(table->text);
    struct csv_record row;
    int code = csv_next(&csv, arena, &table->header, err);
    csv.width = table->header.count;
    for (size_t begin = csv.at; code > 0 && (code = csv_next(&csv, arena, &row, err)) > 0; begin = csv.at) {
        int taken = take_row(table, &row, err);
        if (taken < 0)
            return taken;
        hide_words(table, begin, csv.at);
    }
    return code;
}

static int read_csv(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct table table = {.reading = lines_reading(&format_vllm_serving_csv, input), .text = input->text};
    if (table.reading == NULL)
        return mem_error(err);
    int code = take_rows(&table, err);
    if (code < 0)
        err_detail(err, "rows read before it: %zu", table.reading->run_count);
    reader_tell_no_chip(table.reading);
    int finished =
        lines_finish(table.reading, 0, input->text.len, "the table holds no result", into, code < 0 ? NULL : err);
    return code < 0 ? code : finished;
}

const struct format format_vllm_serving_csv = {
    .name = "vllm-serving-csv",
    .tool = "vLLM",
    .summary = "summary.csv of vllm bench sweep serve",
    .version = 1,
    .detect = detect,
    .read = read_csv,
};
