/* pytest-benchmark --benchmark-csv and `compare --csv` (csv.py): name, a column "param:NAME" for each parameter, and
 * the columns of the table, times in seconds. stddev is that of a sample; "outliers" is "a;b". */
#include "schema/formats/readers.h"

#include <string.h>

#include "schema/formats/csv_rows.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

#define PARAMETER "param:"

static bool is_header(struct str header)
{
    bool times =
        csv_rows_has(header, ',', "mean") || csv_rows_has(header, ',', "min") || csv_rows_has(header, ',', "median");
    bool own = csv_rows_has(header, ',', "rounds") || csv_rows_has(header, ',', "ops") ||
               csv_rows_has(header, ',', "iqr") || csv_rows_has(header, ',', "outliers");
    return times && own && csv_rows_has(header, ',', "name");
}

static int detect(const struct format_input *input)
{
    return csv_rows_header(input->text, is_header).data != NULL ? 90 : 0;
}

struct table {
    const struct format_input *input;
    const struct csv_record *header;
    struct reading *reading;
};

enum column { MIN, MAX, MEAN, STDDEV, MEDIAN, OPS, ROUNDS, ITERATIONS, COLUMN_COUNT };
static const char *const names[COLUMN_COUNT] = {"min",    "max", "mean",   "stddev",
                                                "median", "ops", "rounds", "iterations"};

static int add_figures(struct table *table, struct run *run, const double *values, struct err *err)
{
    struct given_figures given = GIVEN_FIGURES;
    given.unit = "s";
    given.stated.mean = values[MEAN];
    given.stated.stddev = values[STDDEV];
    given.min = values[MIN];
    given.max = values[MAX];
    given.median = values[MEDIAN];
    given.stddev_kind = STDDEV_SAMPLE;
    if (values[ROUNDS] >= 1 && values[ROUNDS] < 1e15)
        given.stated.n = (int64_t)values[ROUNDS];
    if (given.stated.n == 1)
        given.stated.stddev = MISSING; /* written as 0 */
    parameters_set_number(&table->reading->arena, &run->setup, "iterations", values[ITERATIONS]);
    bool timed = !isnan(values[MEAN]) || !isnan(values[MEDIAN]) || !isnan(values[MIN]);
    if (timed && figures_add(table->reading, run, "time", &given) == NULL)
        return mem_error(err);
    if (!isnan(values[OPS]))
        figures_add_value(table->reading, run, "operation_throughput", "ops/s", values[OPS]);
    return 0;
}

static void take_parameter(struct table *table, struct run *run, const char *name, struct str cell)
{
    struct arena *arena = &table->reading->arena;
    double number = 0;
    if (whole_number(cell, &number)) {
        parameters_set_number(arena, &run->workload.parameters, name, number);
        return;
    }
    const char *word = reader_text(arena, cell);
    bool taken = word == NULL || reader_is_placeholder(word) ||
                 parameters_set_word(arena, &run->workload.parameters, name, word);
    if (!taken)
        noise_hide(table->reading, table->input, cell, PRIVATE_TEXT);
}

/* A name in quotes has its own doubled; what of it is private is marked where it stands. */
static void take_name(struct table *table, struct run *run, struct str cell, const char *name)
{
    (void)benchmark_name(table->reading, table->input, cell);
    run->workload.task = benchmark_name(table->reading, table->input, str_of(name));
}

static int take_cell(struct table *table, struct run *run, const char *name, struct str cell, double *values)
{
    if (text_starts_with(name, PARAMETER))
        take_parameter(table, run, name + strlen(PARAMETER), cell);
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (strcmp(name, names[i]) == 0 && cell.len > 0 && !reader_is_not_finite(cell) &&
            !whole_number(cell, &values[i]))
            return -ERR_DATA;
    return 0;
}

static int take_row(void *context, const struct csv_record *row, struct str bytes, struct err *err)
{
    struct table *table = context;
    double values[COLUMN_COUNT];
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        values[i] = MISSING;
    struct run *run = reading_add_run(table->reading);
    if (run == NULL)
        return mem_error(err);
    struct str cell;
    for (size_t i = 0; i < row->count && csv_rows_cell(&bytes, ',', &cell); i++) {
        const char *name = csv_text(table->header, i);
        if (strcmp(name, "name") == 0)
            take_name(table, run, cell, csv_text(row, i));
        if (take_cell(table, run, name, cell, values) == 0)
            continue;
        table->reading->run_count--;
        err_set(err, ERR_DATA, "expected a number, found \"%.40s\"", csv_text(row, i));
        err_path(err, "%s", name);
        return err_at(err, row->line, 0);
    }
    return add_figures(table, run, values, err);
}

static int read_csv(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct table table = {.input = input, .reading = lines_reading(&format_pytest_benchmark_csv, input)};
    if (table.reading == NULL)
        return mem_error(err);
    struct csv_rows rows = {
        .reading = table.reading, .input = input, .is_header = is_header, .take = take_row, .context = &table};
    table.header = &rows.header;
    return csv_rows_read(&rows, "the table has no row", into, err);
}

const struct format format_pytest_benchmark_csv = {
    .name = "pytest-benchmark-csv",
    .tool = "pytest-benchmark",
    .summary = "pytest --benchmark-csv",
    .version = 1,
    .detect = detect,
    .read = read_csv,
};
