/* Error is half of a 99.9 % interval and Ratio is against another row: neither is a figure of the benchmark. KB are
 * 1024 bytes. "?" and "Default" state nothing; "-" in Allocated is nothing allocated. */
#include "schema/formats/benchmarkdotnet_table.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/markdown_row.h"
#include "schema/formats/noise.h"
#include "schema/formats/reader.h"

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
static const char *const bytes[] = {"Allocated", "Allocated Memory/Op"};
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
                                   "NuGetReferences",
                                   "AnalyzeLaunchVariance",
                                   "EvaluateOverhead",
                                   "MaxAbsoluteError",
                                   "MaxRelativeError",
                                   "MinInvokeCount",
                                   "MinIterationTime",
                                   "OutlierMode",
                                   "RemoveOutliers",
                                   "Affinity",
                                   "LargeAddressAware",
                                   "PowerPlanMode",
                                   "AllowVeryLargeObjects",
                                   "CpuGroups",
                                   "HeapAffinitizeMask",
                                   "HeapCount",
                                   "NoAffinitize",
                                   "RetainVm",
                                   "Clock",
                                   "EngineFactory",
                                   "IsMutator",
                                   "MaxIterationCount",
                                   "MaxWarmupIterationCount",
                                   "MemoryRandomization",
                                   "MinIterationCount",
                                   "MinWarmupIterationCount",
                                   "TargetCount"};

/* "Mean [us]": the unit in brackets, which goes. */
static struct str unit_of(struct str *name)
{
    size_t open = str_find(*name, STR(" ["), 0);
    if (open == SIZE_MAX || name->data[name->len - 1] != ']')
        return STR("");
    struct str unit = str_slice(name->data + open + 2, name->len - open - 3);
    name->len = open;
    return unit;
}

static enum column column_of(struct str name)
{
    (void)unit_of(&name);
    if (str_equal(name, STR("Method")))
        return COLUMN_METHOD;
    if (is_among(name, times, ARRAY_LENGTH(times)))
        return COLUMN_TIME;
    if (is_among(name, bytes, ARRAY_LENGTH(bytes)))
        return COLUMN_BYTES;
    bool percentile = name.len > 1 && name.len < 4 && name.data[0] == 'P' && name.data[1] >= '0' && name.data[1] <= '9';
    if (percentile || is_among(name, derived, ARRAY_LENGTH(derived)))
        return COLUMN_DERIVED;
    return is_among(name, jobs, ARRAY_LENGTH(jobs)) ? COLUMN_JOB : COLUMN_PARAMETER;
}

size_t bdn_find_column(const struct str *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        struct str column = names[i];
        (void)unit_of(&column);
        if (str_equal(column, str_of(name)))
            return i;
    }
    return SIZE_MAX;
}

/* ---------------------------------------------------------------- quantities */

/* The digits and marks of a quantity as bytes: "1 234,5 μs" and "1'234.5 μs" without what parts their thousands. */
static size_t marked_digits(struct str cell, char *target, size_t size, struct str *ret_unit)
{
    static const char *const blanks[] = {" ", "'", "\xE2\x80\xAF", "\xE2\x80\x99", "\xC2\xA0"};
    size_t length = 0, at = 0;
    while (at < cell.len && length + 1 < size) {
        size_t blank = 0;
        if (cell.data[at] != '\0' && strchr("0123456789.,-", cell.data[at]) != NULL) {
            target[length++] = cell.data[at++];
            continue;
        }
        for (size_t i = 0; i < ARRAY_LENGTH(blanks) && blank == 0; i++)
            if (str_starts_with(str_slice(cell.data + at, cell.len - at), str_of(blanks[i])))
                blank = strlen(blanks[i]);
        char next = at + blank < cell.len ? cell.data[at + blank] : ' ';
        if (blank == 0 || length == 0 || next < '0' || next > '9')
            break;
        at += blank;
    }
    *ret_unit = str_trim(str_slice(cell.data + at, cell.len - at));
    return length;
}

/* The mark of a quantity that leaves no doubt that it parts the fraction: the last of two kinds, or one that is not
 * before exactly three digits, or behind a zero. '\0': it leaves doubt. */
static char fraction_mark(struct str digits)
{
    size_t last = digits.len, count[2] = {0, 0};
    for (size_t i = 0; i < digits.len; i++)
        if (digits.data[i] == '.' || digits.data[i] == ',') {
            last = i;
            count[digits.data[i] == ',']++;
        }
    if (last + 1 >= digits.len)
        return '\0';
    char mark = digits.data[last];
    bool first_of_two = count[0] > 0 && count[1] > 0;
    bool odd = digits.len - last != 4 || last == 0 || (last == 1 && digits.data[0] == '0');
    return count[mark == ','] == 1 && (first_of_two || odd) ? mark : '\0';
}

void bdn_learn(struct bdn_table *table, const struct str *names, const struct str *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char digits[40];
        struct str unit;
        if (column_of(names[i]) != COLUMN_TIME)
            continue;
        struct str text = str_slice(digits, marked_digits(cells[i], digits, sizeof digits, &unit));
        char mark = fraction_mark(text);
        table->points = table->points || str_find(text, STR("."), 0) != SIZE_MAX;
        table->commas = table->commas || str_find(text, STR(","), 0) != SIZE_MAX;
        table->point_parts = table->point_parts || mark == '.';
        table->comma_parts = table->comma_parts || mark == ',';
    }
}

/* "1,234.5 ns", "7.513 μs": the number in the unit's word. False when it is no figure or its marks are not clear. */
static bool quantity(const struct bdn_table *table, struct str cell, double *ret, struct str *ret_unit)
{
    char digits[40];
    size_t length = marked_digits(cell, digits, sizeof digits, ret_unit), kept = 0;
    char mark = fraction_mark(str_slice(digits, length));
    if (mark == '\0' && table->point_parts != table->comma_parts)
        mark = table->point_parts ? '.' : ',';
    if (mark == '\0' && table->points && !table->comma_parts)
        mark = '.';
    for (size_t i = 0; i < length; i++) {
        bool marks = digits[i] == '.' || digits[i] == ',';
        if (marks && mark == '\0')
            return false;
        if (!marks || digits[i] == mark)
            digits[kept++] = marks ? '.' : digits[i];
    }
    return number_parse_loose(str_slice(digits, kept), ret);
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
static bool take_time(const struct bdn_table *table, struct given_figures *given, struct str name, struct str cell)
{
    double value = 0;
    struct str unit, given_unit = unit_of(&name);
    if (!quantity(table, cell, &value, &unit))
        return false;
    unit = unit.len > 0 ? unit : given_unit;
    if (isnan(nanoseconds(unit)))
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

static void add_bytes(struct bdn_table *table, struct run *run, struct str name, struct str cell)
{
    static const struct {
        const char *unit;
        double bytes;
    } units[] = {{"B", 1}, {"KB", 1024}, {"MB", 1048576}, {"GB", 1073741824}};
    struct given_figures given = GIVEN_FIGURES;
    double value = 0;
    struct str given_unit = unit_of(&name), unit = STR("");
    if (!str_equal(cell, STR("-")) && !quantity(table, cell, &value, &unit)) /* "-": nothing was allocated */
        return;
    if (unit.len == 0)
        unit = given_unit.len > 0 ? given_unit : STR("B");
    given.unit = "B";
    given.counted = true;
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++)
        if (str_equal(unit, str_of(units[i].unit))) {
            given.stated.mean = value * units[i].bytes;
            (void)figures_add(table->reading, run, "allocated_memory", &given);
            return;
        }
}

static void take_setting(struct bdn_table *table, struct parameter_list *list, struct str name, struct str cell)
{
    struct arena *arena = &table->reading->arena;
    const char *called = reader_text(arena, name);
    double number = 0;
    if (called == NULL || cell.len == 0 || str_equal(cell, STR("?")) || str_equal(cell, STR("Default")))
        return;
    const char *word = markdown_cell_text(arena, cell);
    if (number_parse_loose(cell, &number))
        parameters_set_number(arena, list, called, number);
    else if (word != NULL && !reader_is_placeholder(word) && !parameters_set_word(arena, list, called, word))
        noise_hide(table->reading, table->input, cell, PRIVATE_TEXT);
}

int bdn_take_row(struct bdn_table *table, const struct str *names, const struct str *cells, size_t count, int line,
                 struct err *err)
{
    struct reading *reading = table->reading;
    size_t method_column = bdn_find_column(names, count, "Method");
    struct str method = method_column < count ? cells[method_column] : STR("");
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
    for (size_t i = 0; i < count; i++) {
        struct str name = names[i], cell = cells[i];
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
        reading_add_problem(reading, "", line, 0,
                            "row left out: it has no times, or it cannot be told what their commas mean");
        return 0;
    }
    if (figures_add(reading, run, "time", &given) == NULL)
        return mem_error(err);
    for (size_t i = 0; i < count; i++)
        if (column_of(names[i]) == COLUMN_BYTES)
            add_bytes(table, run, names[i], cells[i]);
    return 0;
}

/* ---------------------------------------------------------------- parameters */

struct bdn_parameters bdn_parameters(struct str text)
{
    struct str rest = str_trim(text);
    bool hidden = str_starts_with(rest, STR("[text:")) || str_starts_with(rest, STR("[removed:"));
    if (!hidden && rest.len >= 2 && rest.data[0] == '[' && rest.data[rest.len - 1] == ']')
        rest = str_slice(rest.data + 1, rest.len - 2);
    return (struct bdn_parameters){rest, str_find(rest, STR("&"), 0) == SIZE_MAX ? ',' : '&'};
}

bool bdn_next_parameter(struct bdn_parameters *parameters, struct str *ret_item, struct str *ret_name,
                        struct str *ret_value)
{
    struct str item;
    if (!str_next_field(&parameters->rest, parameters->separator, &item))
        return false;
    size_t equals = str_find(item, STR("="), 0);
    *ret_item = str_trim(item);
    *ret_name = *ret_value = STR("");
    if (equals != SIZE_MAX) {
        *ret_name = str_trim(str_slice(item.data, equals));
        *ret_value = str_trim(str_slice(item.data + equals + 1, item.len - equals - 1));
    }
    return true;
}
