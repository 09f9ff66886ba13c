/* BenchmarkDotNet's table, as its -github.md and console show it, under the lines that describe the machine. Error is
 * half of a 99.9 % interval and Ratio is against another row: neither is a figure of the benchmark. Exports follow the
 * locale: a comma is a thousands separator where another time of the table has a point, else it cannot be told. KB are
 * 1024 bytes. */
#include "schema/formats/readers.h"

#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/markdown_row.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

static bool has(struct str text, const char *word)
{
    return str_find(text, str_of(word), 0) != SIZE_MAX;
}

static bool is_header(const struct markdown_row *row)
{
    return markdown_find_cell(row, "Method") != SIZE_MAX && markdown_find_cell(row, "Mean") != SIZE_MAX;
}

static int detect(const struct format_input *input)
{
    struct lines lines = lines_of(input->text);
    struct line line;
    struct markdown_row row;
    if (!has(input->text, "BenchmarkDotNet"))
        return 0;
    while (lines_next(&lines, &line))
        if (has(line.text, "Method") && markdown_read_row(line.text, &row) && is_header(&row))
            return 88;
    return 0;
}

enum column { COLUMN_METHOD, COLUMN_TIME, COLUMN_BYTES, COLUMN_DERIVED, COLUMN_JOB, COLUMN_PARAMETER };

static bool is_among(struct str name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(name, str_of(names[i])))
            return true;
    return false;
}

/* Its own columns; every other one is a parameter of the benchmark. */
static const char *const times[] = {"Mean", "StdDev", "Min", "Max", "Median"};
static const char *const derived[] = {"Error",
                                      "StdErr",
                                      "Q1",
                                      "Q3",
                                      "Ratio",
                                      "RatioSD",
                                      "Scaled",
                                      "ScaledSD",
                                      "Rank",
                                      "Baseline",
                                      "Op/s",
                                      "MValue",
                                      "Skewness",
                                      "Kurtosis",
                                      "Gen0",
                                      "Gen1",
                                      "Gen2",
                                      "Gen 0",
                                      "Gen 1",
                                      "Gen 2",
                                      "Alloc Ratio",
                                      "Code Size",
                                      "Iterations",
                                      "CI99.9% Margin",
                                      "Categories",
                                      "LogicalGroup",
                                      "Exceptions",
                                      "Lock Contentions",
                                      "Completed Work Items"};
static const char *const jobs[] = {"Job",
                                   "Runtime",
                                   "Toolchain",
                                   "Jit",
                                   "Platform",
                                   "Type",
                                   "Namespace",
                                   "Server",
                                   "Concurrent",
                                   "Force",
                                   "LaunchCount",
                                   "IterationCount",
                                   "WarmupCount",
                                   "RunStrategy",
                                   "InvocationCount",
                                   "UnrollFactor",
                                   "IterationTime",
                                   "BuildConfiguration",
                                   "Arguments",
                                   "EnvironmentVariables",
                                   "NuGetReferences"};

static enum column column_of(struct str name)
{
    if (str_equal(name, STR("Method")))
        return COLUMN_METHOD;
    if (is_among(name, times, ARRAY_LENGTH(times)))
        return COLUMN_TIME;
    if (str_equal(name, STR("Allocated")))
        return COLUMN_BYTES;
    bool percentile = name.len > 1 && name.len < 4 && name.data[0] == 'P' && name.data[1] >= '0' && name.data[1] <= '9';
    if (percentile || is_among(name, derived, ARRAY_LENGTH(derived)))
        return COLUMN_DERIVED;
    return is_among(name, jobs, ARRAY_LENGTH(jobs)) ? COLUMN_JOB : COLUMN_PARAMETER;
}

struct table {
    const struct format_input *input;
    struct reading *reading;
    struct markdown_row header; /* count 0: none is open */
    bool points;                /* times of the text have points: commas part thousands */
};

/* "1,234.5 ns", "7.513 μs": the number in the unit's word. False when it is no figure or its comma is not clear. */
static bool quantity(const struct table *table, struct str cell, double *ret, struct str *ret_unit)
{
    char digits[40];
    size_t length = 0, at = 0;
    for (; at < cell.len && (strchr("0123456789.,-", cell.data[at]) != NULL); at++) {
        if (cell.data[at] == ',' && table->points)
            continue;
        if (cell.data[at] == ',' || length + 1 == sizeof digits)
            return false;
        digits[length++] = cell.data[at];
    }
    *ret_unit = str_trim(str_slice(cell.data + at, cell.len - at));
    return number_parse_loose(str_slice(digits, length), ret);
}

static double nanoseconds(struct str unit)
{
    static const struct {
        const char *unit;
        double factor;
    } units[] = {{"ns", 1},   {"us", 1e3}, {"\xC2\xB5s", 1e3}, {"\xCE\xBCs", 1e3}, {"\xC3\x8E\xC2\xBCs", 1e3},
                 {"ms", 1e6}, {"s", 1e9},  {"m", 6e10}};
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++)
        if (str_equal(unit, str_of(units[i].unit)))
            return units[i].factor;
    return MISSING;
}

/* False when a cell that should be a time is none. */
static bool take_time(const struct table *table, struct given_figures *given, struct str name, struct str cell)
{
    double value = 0;
    struct str unit;
    if (!quantity(table, cell, &value, &unit) || isnan(nanoseconds(unit)))
        return false;
    value *= nanoseconds(unit);
    if (str_equal(name, STR("Mean")))
        given->stated.mean = value;
    else if (str_equal(name, STR("StdDev")))
        given->stated.stddev = value;
    else if (str_equal(name, STR("Min")))
        given->min = value;
    else if (str_equal(name, STR("Max")))
        given->max = value;
    else
        given->median = value;
    return true;
}

static void add_bytes(struct table *table, struct run *run, struct str cell)
{
    static const struct {
        const char *unit;
        double bytes;
    } units[] = {{"B", 1}, {"KB", 1024}, {"MB", 1048576}, {"GB", 1073741824}};
    struct given_figures given = GIVEN_FIGURES;
    double value = 0;
    struct str unit = STR("B");
    if (!str_equal(cell, STR("-")) && !quantity(table, cell, &value, &unit)) /* "-": nothing was allocated */
        return;
    given.unit = "B";
    given.counted = true;
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++)
        if (str_equal(unit, str_of(units[i].unit))) {
            given.stated.mean = value * units[i].bytes;
            (void)figures_add(table->reading, run, "allocated_memory", &given);
            return;
        }
}

static void take_setting(struct table *table, struct parameter_list *list, struct str name, struct str cell)
{
    struct arena *arena = &table->reading->arena;
    const char *called = reader_text(arena, name);
    double number = 0;
    if (called == NULL || cell.len == 0 || str_equal(cell, STR("?")))
        return;
    const char *word = markdown_cell_text(arena, cell);
    if (number_parse_loose(cell, &number))
        parameters_set_number(arena, list, called, number);
    else if (word != NULL && !reader_is_placeholder(word) && !parameters_set_word(arena, list, called, word))
        noise_hide(table->reading, table->input, cell, PRIVATE_TEXT);
}

static int take_row(struct table *table, const struct markdown_row *row, const struct line *line, struct err *err)
{
    struct reading *reading = table->reading;
    struct str method = row->cells[markdown_find_cell(&table->header, "Method")];
    struct given_figures given = GIVEN_FIGURES;
    bool known = true;
    if (method.len == 0)
        return 0; /* parts the groups */
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return mem_error(err);
    run->workload.task = benchmark_name(reading, table->input, method);
    given.unit = "ns";
    given.stddev_kind = STDDEV_SAMPLE;
    for (size_t i = 0; i < row->count; i++) {
        struct str name = table->header.cells[i], cell = row->cells[i];
        enum column column = column_of(name);
        if (column == COLUMN_TIME && cell.len > 0)
            known = take_time(table, &given, name, cell) && known;
        else if (column == COLUMN_JOB)
            take_setting(table, &run->setup, name, cell);
        else if (column == COLUMN_PARAMETER)
            take_setting(table, &run->workload.parameters, name, cell);
    }
    if (!known || isnan(given.stated.mean)) {
        reading->run_count--;
        reading_add_problem(reading, "", line->number, 0,
                            "row left out: it has no times, or it cannot be told what their commas mean");
        return 0;
    }
    if (figures_add(reading, run, "time", &given) == NULL)
        return mem_error(err);
    size_t bytes = markdown_find_cell(&table->header, "Allocated");
    if (bytes != SIZE_MAX)
        add_bytes(table, run, row->cells[bytes]);
    return 0;
}

/* "BenchmarkDotNet v0.13.6, …", "BenchmarkDotNet=v0.13.1, OS=…"; "Apple M1 Max, 1 CPU, 10 logical and 10 physical
 * cores". */
static bool take_machine(struct table *table, struct str line)
{
    struct reading *reading = table->reading;
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
    if (!has(line, " CPU,") || !has(line, " logical") || !has(line, "core"))
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
            return take_row(table, &row, line, err);
        table->header.count = 0;
    } else if (text.len > 0) {
        table->header.count = 0;
        if (take_machine(table, text))
            return 0;
    }
    noise_mark(table->reading, line);
    return 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool has_decimals(struct str cell)
{
    for (size_t i = 1; i + 1 < cell.len; i++)
        if (cell.data[i] == '.' && is_digit(cell.data[i - 1]) && is_digit(cell.data[i + 1]))
            return true;
    return false;
}

/* A point between digits in a time. */
static bool has_points(struct str text)
{
    struct lines lines = lines_of(text);
    struct line line;
    struct markdown_row row, header = {0};
    while (lines_next(&lines, &line)) {
        if (!markdown_read_row(line.text, &row))
            continue;
        if (is_header(&row))
            header = row;
        size_t mean = header.count > 0 ? markdown_find_cell(&header, "Mean") : SIZE_MAX;
        if (mean < row.count && has_decimals(row.cells[mean]))
            return true;
    }
    return false;
}

static int read_md(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct table table = {.input = input, .reading = lines_reading(&format_benchmarkdotnet_md, input)};
    if (table.reading == NULL)
        return mem_error(err);
    table.points = has_points(input->text);
    int code = lines_each(input->text, take_line, &table, err);
    return lines_end(table.reading, input, code, "the table has no times", into, err);
}

const struct format format_benchmarkdotnet_md = {
    .name = "benchmarkdotnet-md",
    .tool = "BenchmarkDotNet",
    .summary = "BenchmarkDotNet's table, printed and in -github.md",
    .version = 1,
    .detect = detect,
    .read = read_md,
};
