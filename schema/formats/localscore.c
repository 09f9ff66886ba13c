/* LocalScore's results as tab-separated values: a row a test, from as many machines as there are. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/lines.h"
#include "schema/formats/reader.h"
#include "schema/formats/text_log.h"
#include "schema/read/csv.h"

static struct str header_of(struct str text)
{
    struct str rest = text, line = {0};
    while (str_next_line(&rest, &line) && str_trim(line).len == 0)
        continue;
    return line;
}

static int detect(const struct format_input *input)
{
    struct str header = header_of(input->text);
    return str_has(header, "localscore") && str_has(header, "gen_tps") && str_has(header, "\t") ? 96 : 0;
}

struct table {
    struct reading *reading;
    struct str text;
    struct csv_record header;
};

static const char *cell(const struct table *table, const struct csv_record *row, const char *name)
{
    size_t column = csv_column(&table->header, name);
    return column == SIZE_MAX ? "" : csv_text(row, column);
}

static int number_of(const struct table *table, const struct csv_record *row, const char *name, double *ret,
                     struct err *err)
{
    const char *text = cell(table, row, name);
    *ret = MISSING;
    if (str_trim(str_of(text)).len == 0 || number_parse_loose(str_of(text), ret))
        return 0;
    err_set(err, ERR_DATA, "expected a number, found \"%.60s\"", text);
    err_path(err, "%s", name);
    return err_at(err, row->line, 0);
}

static int measure(const struct table *table, struct run *run, const struct csv_record *row, struct err *err)
{
    static const struct {
        const char *column, *metric, *unit, *unit_column;
    } figures[] = {
        {"gen_tps", "generation_throughput", "tok/s", NULL},
        {"prompt_tps", "prompt_throughput", "tok/s", NULL},
        {"ttft", "time_to_first_token", NULL, "ttft_unit"},
        {"localscore", "score", "points", NULL},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(figures); i++) {
        double value = 0;
        int result = number_of(table, row, figures[i].column, &value, err);
        if (result < 0)
            return result;
        const char *unit = figures[i].unit != NULL ? figures[i].unit : cell(table, row, figures[i].unit_column);
        if (isnan(value))
            continue;
        if (*unit == '\0')
            reading_add_problem(table->reading, figures[i].column, row->line, 0, "the figure has no unit: left out");
        else
            text_measure_one(table->reading, run, figures[i].metric, unit, value);
    }
    return 0;
}

/* "2025.03.19 21:50:00" */
static void set_time(struct reading *reading, struct run *run, const char *text)
{
    char time[32];
    text_copy(time, sizeof time, text);
    for (size_t i = 0; i < 10 && time[i] != '\0'; i++)
        if (time[i] == '.')
            time[i] = '-';
    reader_set_time(&reading->arena, run, time);
}

static void describe(const struct table *table, struct run *run, const struct csv_record *row)
{
    static const char *const words[] = {"accel_type", "system_cpu", "system_os"};
    static const char *const sizes[] = {"accel_ram", "system_ram"};
    struct arena *arena = &table->reading->arena;
    reader_set_model(table->reading, run, str_of(cell(table, row, "model_name")));
    const char *quantization = cell(table, row, "model_quant");
    if (*quantization != '\0') {
        const char *known = catalog_match_quantization(quantization);
        run->workload.quantization = known != NULL ? known : reader_text(arena, str_of(quantization));
    }
    double parameters = MISSING;
    const char *unit = cell(table, row, "model_params_unit");
    double factor = text_equal(unit, "M") ? 1e6 : text_equal(unit, "B") ? 1e9 : MISSING;
    if (number_parse_loose(str_of(cell(table, row, "model_params")), &parameters))
        run->workload.model_parameters = parameters * factor;
    run->workload.task = "localscore";
    run->chip_name = reader_text(arena, str_of(cell(table, row, "accel_name")));
    set_time(table->reading, run, cell(table, row, "test_date"));
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
        if (*cell(table, row, words[i]) != '\0')
            parameters_set_word(arena, &run->setup, words[i], arena_strdup(arena, cell(table, row, words[i])));
    for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "%s_unit", sizes[i]);
        double size = MISSING;
        if (!text_equal(cell(table, row, name), "GB") || !number_parse_loose(str_of(cell(table, row, sizes[i])), &size))
            continue;
        (void)snprintf(name, sizeof name, "%s_gb", sizes[i]);
        parameters_set_number(arena, &run->setup, arena_strdup(arena, name), size);
    }
}

/* Columns that no rule knows may hold anybody's name. */
static bool is_known(const char *column)
{
    static const char *const names[] = {"test_num",    "test_date",    "gen_tps",           "ttft",
                                        "ttft_unit",   "prompt_tps",   "localscore",        "model_name",
                                        "model_quant", "model_params", "model_params_unit", "accel_name",
                                        "accel_type",  "accel_group",  "accel_ram",         "accel_ram_unit",
                                        "system_cpu",  "system_ram",   "system_ram_unit",   "system_os"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (text_equal_ignore_case(column, names[i]))
            return true;
    return false;
}

static void hide_unknown(const struct table *table, size_t begin, size_t end)
{
    while (end > begin && strchr("\r\n", table->text.data[end - 1]) != NULL)
        end--;
    struct str rest = str_slice(table->text.data + begin, end - begin), field;
    for (size_t i = 0; str_next_field(&rest, '\t', &field); i++)
        if (i < table->header.count && !is_known(csv_text(&table->header, i)) && str_trim(field).len > 0)
            reading_add_private(table->reading, (size_t)(field.data - table->text.data), field.len, PRIVATE_TEXT);
}

static int read_rows(struct table *table, struct csv_reader *csv, struct err *err)
{
    struct arena *arena = &table->reading->arena;
    struct csv_record row;
    int result = csv_next(csv, arena, &table->header, err);
    csv->width = table->header.count;
    while (result > 0) {
        size_t begin = csv->at;
        result = csv_next(csv, arena, &row, err);
        if (result <= 0)
            break;
        struct run *run = reading_add_run(table->reading);
        if (run == NULL)
            return mem_error(err);
        int measured = measure(table, run, &row, err);
        if (measured < 0 || run->measurement_count == 0)
            table->reading->run_count--;
        if (measured < 0)
            return measured;
        if (run->measurement_count > 0)
            describe(table, run, &row);
        hide_unknown(table, begin, csv->at);
    }
    return result;
}

static int read_tsv(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct reading *reading = reading_new();
    if (reading == NULL)
        return mem_error(err);
    reading->format = format_localscore_tsv.name;
    reading->reader_version = format_localscore_tsv.version;
    reading->tool = format_localscore_tsv.tool;
    int result = reading_list_add(into, reading, err);
    if (result < 0)
        return result;
    struct csv_reader csv = csv_reader(input->text);
    csv.separator = '\t';
    struct table table = {.reading = reading, .text = input->text};
    result = read_rows(&table, &csv, err);
    if (result < 0)
        err_detail(err, "rows read before it: %zu", reading->run_count);
    else if (reading->run_count == 0)
        reading_add_problem(reading, "", 0, 0, "the table holds no result");
    reader_set_original(reading, 0, input->text.len);
    return result < 0 ? result : arena_check(&reading->arena, err);
}

const struct format format_localscore_tsv = {
    .name = "localscore-tsv",
    .tool = "LocalScore",
    .summary = "LocalScore's results, tab-separated",
    .version = 1,
    .detect = detect,
    .read = read_tsv,
    .pieces = &(const struct format_pieces){.carry = lines_carry_first},
};
