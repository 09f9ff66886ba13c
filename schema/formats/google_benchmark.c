#include "schema/formats/google_benchmark.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/str.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/given_figures.h"

struct google_row *google_add_row(struct google_rows *rows)
{
    struct google_row *items =
        arena_grow(&rows->reading->arena, rows->items, &rows->capacity, rows->count + 1, sizeof *items);
    if (items == NULL)
        return NULL;
    rows->items = items;
    rows->items[rows->count] = (struct google_row){
        .unit = "ns", .real_time = MISSING, .cpu_time = MISSING, .iterations = MISSING, .threads = MISSING};
    return &rows->items[rows->count++];
}

void google_add_counter(struct google_rows *rows, struct google_row *row, const char *name, double value)
{
    if (name == NULL || row->counter_count >= GOOGLE_COUNTERS_MAX)
        return;
    struct google_counter *items =
        arena_grow(&rows->reading->arena, row->counters, &row->counter_capacity, row->counter_count + 1, sizeof *items);
    if (items == NULL)
        return;
    row->counters = items;
    row->counters[row->counter_count++] = (struct google_counter){name, value};
}

/* ---------------------------------------------------------------- aggregates by name */

/* The name without the ending of an aggregate; an empty slice when it has none. */
static struct str split_name(const char *name, const char **ret_aggregate)
{
    static const char *const aggregates[] = {"mean", "median", "stddev", "cv", "min", "max", "BigO", "RMS"};
    struct str text = str_of(name);
    for (size_t i = 0; i < ARRAY_LENGTH(aggregates); i++) {
        size_t length = strlen(aggregates[i]);
        if (text.len > length + 1 && text_ends_with(name, aggregates[i]) && text.data[text.len - length - 1] == '_') {
            *ret_aggregate = aggregates[i];
            return str_slice(text.data, text.len - length - 1);
        }
    }
    return (struct str){0};
}

static bool is_beside(const char *name, struct str base)
{
    const char *aggregate = NULL;
    return name != NULL && (str_equal(str_of(name), base) || str_equal(split_name(name, &aggregate), base));
}

static void split_names(struct google_rows *rows)
{
    const char **names = arena_alloc(&rows->reading->arena, rows->count + 2, sizeof *names);
    for (size_t i = 0; names != NULL && i < rows->count; i++)
        names[i + 1] = rows->items[i].name;
    for (size_t i = 0; names != NULL && i < rows->count; i++) {
        struct google_row *row = &rows->items[i];
        const char *aggregate = NULL;
        struct str base = row->by_name && row->name != NULL ? split_name(row->name, &aggregate) : (struct str){0};
        if (base.len == 0 || (!is_beside(names[i], base) && !is_beside(names[i + 2], base)))
            continue;
        row->aggregate = aggregate;
        row->name = arena_strndup(&rows->reading->arena, base.data, base.len);
    }
}

bool google_is_time_unit(const char *unit)
{
    return text_equal(unit, "ns") || text_equal(unit, "us") || text_equal(unit, "ms") || text_equal(unit, "s");
}

/* ---------------------------------------------------------------- what stands above */

void google_set_load(struct reading *reading, struct google_context *context, size_t index, double load)
{
    static const char *const names[] = {"load_1", "load_5", "load_15"};
    if (index < ARRAY_LENGTH(names))
        parameters_set_number(&reading->arena, &context->conditions, names[index], load);
}

void google_set_context(struct reading *reading, const struct google_context *context)
{
    for (size_t i = 0; i < reading->run_count; i++) {
        struct run *run = &reading->runs[i];
        parameters_add(&reading->arena, &run->setup, &context->setup);
        parameters_add(&reading->arena, &run->conditions, &context->conditions);
        if (context->date != NULL)
            (void)reader_set_time(&reading->arena, run, context->date);
        if (context->debug)
            flags_add(&reading->arena, &run->flags, "debug_build");
    }
    if (context->debug)
        reading_add_problem(reading, "context.library_build_type", 0, 0, "the benchmark library is a debug build");
}

/* ---------------------------------------------------------------- one run */

/* Rows of one name, in the order of the file. */
struct group {
    struct reading *reading;
    struct run *run;
    const struct google_row **rows;
    size_t count;
    const struct google_row *mean, *median, *stddev; /* aggregates, when no row was measured */
};

static double value_of(const struct google_row *row, const char *metric)
{
    if (row == NULL)
        return MISSING;
    if (strcmp(metric, "real_time") == 0)
        return row->real_time;
    if (strcmp(metric, "cpu_time") == 0)
        return row->cpu_time;
    for (size_t i = 0; i < row->counter_count; i++)
        if (text_equal(row->counters[i].name, metric))
            return row->counters[i].value;
    return MISSING;
}

static void take_value(const struct group *group, const char *metric, struct given_figures *given)
{
    double *samples = arena_alloc(&group->reading->arena, group->count + 1, sizeof *samples);
    size_t finite = 0, seen = 0;
    for (size_t i = 0; samples != NULL && i < group->count; i++) {
        samples[seen] = value_of(group->rows[i], metric);
        finite += isfinite(samples[seen]) != 0;
        seen++;
    }
    if (group->count > 1 && finite > 0) {
        given->stated.samples = samples;
        given->stated.sample_count = seen;
    } else if (group->count == 1 && samples != NULL) {
        given->stated.mean = samples[0];
        given->stated.mean_not_finite = isinf(samples[0]) != 0;
        given->stated.n = isfinite(samples[0]) ? 1 : COUNT_UNKNOWN;
    } else if (group->count == 0) {
        const struct google_row *first = group->mean != NULL ? group->mean : group->median;
        given->stated.mean = value_of(group->mean, metric);
        given->stated.stddev = value_of(group->stddev, metric);
        given->median = value_of(group->median, metric);
        double repetitions = first != NULL ? first->iterations : MISSING;
        given->stated.n = repetitions >= 1 && repetitions < 1e9 ? (int64_t)repetitions : COUNT_UNKNOWN;
    }
}

static bool is_stated(const struct given_figures *given)
{
    return !isnan(given->stated.mean) || !isnan(given->median) || given->stated.sample_count > 0;
}

static void add_time(const struct group *group, const char *metric, const char *unit)
{
    struct given_figures given = GIVEN_FIGURES;
    given.unit = unit;
    given.stddev_kind = STDDEV_SAMPLE;
    take_value(group, metric, &given);
    if (is_stated(&given))
        figures_add(group->reading, group->run, metric, &given);
}

/* Users write units behind names ("FOM: GB/s"); any other counter has none, and no direction. */
static const char *unit_in(const char *name)
{
    const char *colon = strrchr(name, ':');
    const char *unit = colon != NULL ? colon + 1 : "";
    while (*unit == ' ')
        unit++;
    return figures_direction_of(unit) != DIRECTION_UNKNOWN ? unit : "";
}

static void add_counter(const struct group *group, const char *name)
{
    struct given_figures given = GIVEN_FIGURES;
    const char *metric = name;
    take_value(group, name, &given);
    if (!is_stated(&given))
        return;
    given.stddev_kind = STDDEV_SAMPLE;
    given.counted = true;
    given.unit = unit_in(name);
    if (strcmp(name, "bytes_per_second") == 0) {
        metric = "data_throughput";
        given.unit = "B/s";
    } else if (strcmp(name, "items_per_second") == 0) {
        metric = "throughput";
        given.unit = "/s";
    } else if (catalog_metric(name) != NULL) {
        metric = arena_printf(&group->reading->arena, "%s (counter)", name); /* of what unit, only its author knows */
    }
    figures_add(group->reading, group->run, metric, &given);
}

static void add_figures(const struct group *group, const struct google_row *first)
{
    add_time(group, "real_time", first->unit);
    add_time(group, "cpu_time", first->unit);
    for (size_t i = 0; i < first->counter_count; i++)
        add_counter(group, first->counters[i].name);
}

static int add_run(struct google_rows *rows, struct google_row **sorted, size_t count, struct err *err)
{
    struct group group = {.reading = rows->reading};
    group.rows = arena_alloc(&rows->reading->arena, count, sizeof(struct google_row *));
    group.run = reading_add_run(rows->reading);
    if (group.rows == NULL || group.run == NULL)
        return mem_error(err);
    const char *unit = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct google_row *row = sorted[i];
        if (row->aggregate == NULL && (unit == NULL || strcmp(unit, row->unit) == 0)) {
            unit = row->unit;
            group.rows[group.count++] = row;
        }
        group.mean = text_equal(row->aggregate, "mean") ? row : group.mean;
        group.median = text_equal(row->aggregate, "median") ? row : group.median;
        group.stddev = text_equal(row->aggregate, "stddev") ? row : group.stddev;
    }
    const struct google_row *first = group.count > 0 ? group.rows[0] : group.mean;
    struct parameter_list *setup = &group.run->setup;
    group.run->workload.task = sorted[0]->name;
    if (first == NULL)
        return 0;
    add_figures(&group, first);
    if (group.count == 1 && first->iterations > 0)
        parameters_set_number(&rows->reading->arena, setup, "iterations", first->iterations);
    if (first->threads > 0)
        parameters_set_number(&rows->reading->arena, setup, "threads", first->threads);
    if (first->label != NULL)
        (void)parameters_set_word(&rows->reading->arena, setup, "label", first->label);
    return 0;
}

/* ---------------------------------------------------------------- all of them */

/* Names together, each in the order of the file. */
static int compare_rows(const void *a, const void *b)
{
    const struct google_row *left = *(struct google_row *const *)a, *right = *(struct google_row *const *)b;
    int order = strcmp(left->name, right->name);
    return order != 0 ? order : (left > right) - (left < right);
}

struct stretch {
    size_t begin, count;
    const struct google_row *first;
};

static int compare_stretches(const void *a, const void *b)
{
    const struct stretch *left = a, *right = b;
    return (left->first > right->first) - (left->first < right->first);
}

int google_add_runs(struct google_rows *rows, struct err *err)
{
    struct arena *arena = &rows->reading->arena;
    struct google_row **sorted = arena_alloc(arena, rows->count + 1, sizeof(struct google_row *));
    struct stretch *stretches = arena_alloc(arena, rows->count + 1, sizeof *stretches);
    size_t count = 0, named = 0;
    split_names(rows);
    if (sorted == NULL || stretches == NULL)
        return mem_error(err);
    for (size_t i = 0; i < rows->count; i++)
        if (rows->items[i].name != NULL && rows->items[i].unit != NULL)
            sorted[named++] = &rows->items[i];
    if (named == 0)
        return 0;
    qsort(sorted, named, sizeof(struct google_row *), compare_rows);
    for (size_t i = 0; i < named; i++) {
        if (i == 0 || strcmp(sorted[i]->name, sorted[i - 1]->name) != 0)
            stretches[count++] = (struct stretch){i, 0, sorted[i]};
        stretches[count - 1].count++;
    }
    qsort(stretches, count, sizeof *stretches, compare_stretches);
    for (size_t i = 0; i < count; i++) {
        int code = add_run(rows, sorted + stretches[i].begin, stretches[i].count, err);
        if (code < 0)
            return code;
    }
    return 0;
}
