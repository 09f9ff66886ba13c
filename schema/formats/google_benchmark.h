/* Rows of Google Benchmark, out of its JSON, CSV or console output: rows of one
 * name are repetitions of one run; aggregates count only where no rows do. */
#ifndef SCHEMA_FORMATS_GOOGLE_BENCHMARK_H
#define SCHEMA_FORMATS_GOOGLE_BENCHMARK_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/bundle/types.h"

#define GOOGLE_COUNTERS_MAX 64

struct google_counter {
    const char *name;
    double value;
};
struct google_row {
    const char *name;      /* of the run, without the name of an aggregate */
    const char *aggregate; /* mean, median, stddev, cv, …; NULL for a row that was measured */
    const char *unit;      /* of both times */
    double real_time, cpu_time, iterations, threads;
    struct google_counter *counters; /* also bytes_per_second and items_per_second */
    size_t counter_count, counter_capacity;
    const char *label;
    bool by_name; /* only the name tells whether it is an aggregate: "BM_x_mean" */
};
/* What stands above the benchmarks. */
struct google_context {
    struct parameter_list setup, conditions;
    const char *date; /* NULL when there is none */
    bool debug;       /* the library was built for debugging */
};
struct google_rows {
    struct reading *reading; /* its arena holds them */
    struct google_row *items;
    size_t count, capacity;
};

/* A row with nothing stated; NULL when the arena failed. */
struct google_row *google_add_row(struct google_rows *rows);
void google_add_counter(struct google_rows *rows, struct google_row *row, const char *name, double value);
/* Adds a run for each name, in the order of their first rows. Rows known by name only are aggregates when a row beside
 * them has the same name without the ending, or with another ending. */
int google_add_runs(struct google_rows *rows, struct err *err) must_check;
/* To all runs. */
void google_set_context(struct reading *reading, const struct google_context *context);
/* ns, us, ms, s; complexities have others. */
bool google_is_time_unit(const char *unit);
/* Three load averages as conditions. */
void google_set_load(struct reading *reading, struct google_context *context, size_t index, double load);

#endif
