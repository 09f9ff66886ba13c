/* Cells, and the comparisons that put them side by side.
 *
 * A cell is chip + variant + how many of them × model, quantisation, backend, mode, task and the parameters that change
 * the work. A comparison is one workload of one tool: its rows are chips (and backends), its columns the metrics
 * of that workload. Nothing in it mixes models or quantisations. A comparison set owns all of it. */
#ifndef ANALYZE_DATA_COMPARISON_H
#define ANALYZE_DATA_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyze/data/result_set.h"
#include "schema/stats/nested.h"

#define COMPARISON_METRICS_MAX 8
#define NO_ROW ((size_t)-1)

/* One metric of one cell. */
struct figure {
    double value;     /* nested median; NAN = missing */
    double low, high; /* 95 % interval of the median; NAN = none */
    double coverage;
    const char *interval_of; /* "contributors", "devices", "submissions", "samples"; NULL = no interval */
    double least, greatest;  /* of the submissions */
    double stddev;           /* of the only submission, sample form; NAN */
    int64_t runs;            /* COUNT_UNKNOWN when a submission does not say */
    size_t submissions, devices, contributors;
    size_t flagged;                /* submissions with flags */
    double factor;                 /* > 1 is better; NAN = no baseline or no value */
    const struct result **results; /* all behind it; NULL = missing */
    size_t result_count;
};

struct comparison_row {
    const char *chip, *variant, *backend;
    const struct chip *entry; /* NULL when variant or chip is not known */
    bool chip_known;
    int64_t chip_count;
    size_t setups; /* how many set-ups it mixes */
    int64_t newest_us;
    struct figure figures[COMPARISON_METRICS_MAX];
};

struct comparison_metric {
    const char *name, *unit, *title;
    enum direction direction;
};

struct comparison {
    const char *tool, *model, *quantization, *mode, *task, *category, *parameters, *variant;
    struct comparison_metric metrics[COMPARISON_METRICS_MAX];
    size_t metric_count;     /* by number of rows with a value, most first */
    size_t metrics_left_out; /* over COMPARISON_METRICS_MAX */
    bool backends_differ;
    bool further;                /* made by comparison_further */
    struct comparison_row *rows; /* natural chip order, then backend */
    size_t row_count;
    size_t baseline;              /* row, NO_ROW = none, or not among the rows that were kept */
    const char *baseline_name;    /* short; NULL = none */
    const char *baseline_missing; /* the name that was asked for, where no row is of it; else NULL */
    size_t *by_value;             /* rows by the first metric, best first, missing last; ties in natural order */
};

struct comparison_set {
    struct arena arena;
    struct comparison *items; /* by tool, model, quantisation, task, … */
    size_t count;
};
void comparison_set_done(struct comparison_set *set);
#define autocomparisons cleanup(comparison_set_done)

/* Each NULL = any. Names are compared as the catalogue writes them, or as given, without case. */
struct comparison_filter {
    const char *model, *quantization, *metric, *tool;
};

int comparison_build(const struct result_set *results, const struct comparison_filter *filter,
                     struct comparison_set *ret, struct err *err) must_check;
/* Keeps only the rows of a chip (as a user writes it), after the factors are there; comparisons without one go.
 * ERR_NOTHING when none is left. */
int comparison_keep_chip(struct comparison_set *set, const char *chip, struct err *err) must_check;
/* A metric that at least half of the rows have, and the first: the others are told apart from the table. */
bool comparison_metric_is_main(const struct comparison *comparison, size_t metric);
/* The rows that have a metric which is not main, as a comparison of their own; false when there are none. `ret` borrows
 * names and takes its rows from `arena`. */
int comparison_further(const struct comparison *comparison, struct arena *arena, struct comparison *ret, bool *ret_any,
                       struct err *err) must_check;
/* Puts the metrics by number of rows and the rows by the first metric. */
void comparison_arrange(struct comparison *comparison);
/* Number of rows with a value of that metric. */
size_t comparison_metric_rows(const struct comparison *comparison, size_t metric);
/* "Llama 2 7B Q4_0"; the quantization only where the model's name does not hold it already. */
void comparison_model_name(const char *model, const char *quantization, struct buf *into);
/* ", depth=512": the parameters that the task's name does not say already. */
void comparison_add_parameters(const char *task, const char *parameters, struct buf *into);
/* "tg128: generating 128 tokens": a task in plain words, behind "; " where others stand already, and each once; nothing
 * for a task whose name says nothing else. */
void comparison_explain_task(const char *task, struct buf *into);
/* "Llama 2 7B Q4_0, tg128": what was run, without the tool. */
void comparison_title(const struct comparison *comparison, struct buf *into);
void comparison_title_of(const struct result *result, struct buf *into); /* of the comparison that it would stand in */
/* "Apple M1 Max", "2 × NVIDIA GeForce RTX 4090 (24 GB)"; `short_name` without the vendor where unique. */
void comparison_row_name(const struct comparison_row *row, bool short_name, struct buf *into);
/* The same for all variants of a chip; "" when the chip is not known. */
const char *comparison_row_vendor(const struct comparison_row *row);

#endif
