/* What crosschip-analyze compare prints with --json, as tidy rows: a side, a workload and a value in each. */
#ifndef PLOT_INPUT_COMPARE_H
#define PLOT_INPUT_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/mem.h"
#include "schema/json/json.h"

#define COMPARE_FIELDS 8

struct compare_table {
    const struct json *sides, *rows;
    const char *metric;          /* the one with the most rows; only its rows are drawn */
    size_t rows_left_out;        /* of other metrics */
    bool varies[COMPARE_FIELDS]; /* which fields tell the workloads apart */
};

/* False when the document is something else. */
bool input_compare_find(const struct json *root, struct compare_table *ret);
/* Whether a row is of the metric that is drawn. */
bool input_compare_is_drawn(const struct compare_table *table, const struct json *row);
/* "Q4_0, tg128": what tells a row from the others. In the arena. */
const char *input_compare_workload(struct arena *arena, const struct compare_table *table, const struct json *row);
/* "llama-bench, Llama 2 7B": what all rows have in common; NULL = nothing. */
const char *input_compare_subject(struct arena *arena, const struct compare_table *table);
/* A side as it is drawn: of a path the name of the file. */
const char *input_compare_side(struct arena *arena, const struct json *side);

#endif
