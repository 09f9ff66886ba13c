/* raw.csv of Criterion.rs (with --output-format and the feature csv_output): a row a sample, the time of all its
 * iterations together. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/command_line.h"
#include "schema/formats/csv_rows.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/reader.h"

static const char *const columns[] = {"group",          "function",        "value",
                                      "throughput_num", "throughput_type", "sample_measured_value",
                                      "unit",           "iteration_count"};
enum column { GROUP, FUNCTION, VALUE, THROUGHPUT, THROUGHPUT_TYPE, MEASURED, UNIT, ITERATIONS, COLUMN_COUNT };

static bool is_header(struct str line)
{
    struct str field;
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (!str_next_field(&line, ',', &field) || !str_equal(field, str_of(columns[i])))
            return false;
    return true;
}

static int detect(const struct format_input *input)
{
    return csv_rows_header(input->text, is_header).data != NULL ? 95 : 0;
}

struct table {
    struct reading *reading;
    const struct format_input *input;
    const char *names[3]; /* of the open benchmark: group, function, value */
    struct run *run;
    const char *unit;
    double *samples; /* a single iteration each */
    size_t count, capacity;
};

static int close_run(void *context, struct err *err)
{
    struct table *table = context;
    struct given_figures given = GIVEN_FIGURES;
    if (table->run == NULL || table->count == 0)
        return 0;
    given.unit = table->unit;
    given.stddev_kind = STDDEV_SAMPLE;
    given.stated.samples = table->samples;
    given.stated.sample_count = table->count;
    struct measurement *measurement = figures_add(table->reading, table->run, "time", &given);
    table->run = NULL;
    table->samples = NULL;
    table->count = table->capacity = 0;
    return measurement == NULL ? mem_error(err) : 0;
}

/* "group/function/value", as Criterion calls it, without what is empty. */
static int open_run(struct table *table, const struct csv_record *row, struct err *err)
{
    struct arena *arena = &table->reading->arena;
    const char *name = "";
    int code = close_run(table, err);
    if (code < 0)
        return code;
    table->run = reading_add_run(table->reading);
    for (size_t i = GROUP; i <= VALUE && name != NULL; i++) {
        table->names[i] = csv_text(row, i);
        const char *part = command_name(table->reading, table->names[i]);
        if (part != NULL)
            name = arena_printf(arena, "%s%s%s", name, *name != '\0' ? "/" : "", part);
    }
    table->unit = arena_strdup(arena, csv_text(row, UNIT));
    if (table->run == NULL || name == NULL || table->unit == NULL)
        return mem_error(err);
    table->run->workload.task = reader_text(arena, str_of(name));
    return 0;
}

static int take_row(void *context, const struct csv_record *row, struct str bytes, struct err *err)
{
    struct table *table = context;
    double measured = 0, iterations = 0;
    bool same = table->run != NULL && strcmp(table->unit, csv_text(row, UNIT)) == 0;
    for (size_t i = GROUP; i <= VALUE && same; i++)
        same = strcmp(table->names[i], csv_text(row, i)) == 0;
    int code = same ? 0 : open_run(table, row, err);
    if (code < 0)
        return code;
    if (!whole_number(str_of(csv_text(row, MEASURED)), &measured) ||
        !whole_number(str_of(csv_text(row, ITERATIONS)), &iterations) || iterations < 1) {
        err_set(err, ERR_DATA, "expected a time and a count of iterations, found \"%.40s\" and \"%.20s\"",
                csv_text(row, MEASURED), csv_text(row, ITERATIONS));
        return err_at(err, row->line, 0);
    }
    double *samples =
        arena_grow(&table->reading->arena, table->samples, &table->capacity, table->count + 1, sizeof *samples);
    if (samples == NULL)
        return mem_error(err);
    table->samples = samples;
    samples[table->count++] = measured / iterations;
    command_mark_text(table->reading, bytes, (size_t)(bytes.data - table->input->text.data));
    return 0;
}

static int read_csv(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct table table = {.input = input, .reading = lines_reading(&format_criterion_csv, input)};
    if (table.reading == NULL)
        return mem_error(err);
    struct csv_rows rows = {.reading = table.reading,
                            .input = input,
                            .is_header = is_header,
                            .take = take_row,
                            .close = close_run,
                            .context = &table};
    return csv_rows_read(&rows, "the table has no sample", into, err);
}

const struct format format_criterion_csv = {
    .name = "criterion-csv",
    .tool = "Criterion.rs",
    .summary = "raw.csv of Criterion.rs, a row a sample",
    .version = 1,
    .detect = detect,
    .read = read_csv,
};
