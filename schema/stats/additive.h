/* What would a chip reach in a workload that nobody ran on it? A robust log-additive model. Definition: additive.c.
 * An estimate is never a measurement: it enters no factor and no claim, and is marked wherever it appears. */
#ifndef SCHEMA_STATS_ADDITIVE_H
#define SCHEMA_STATS_ADDITIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

#define ADDITIVE_ERROR_MOST 0.15 /* estimates with a greater error are not shown */
#define ADDITIVE_CHECKED_LEAST 6 /* figures; fewer say nothing about the error */

/* Figures of chips (rows) in workloads (columns): value[row × columns + column], NAN where missing. */
struct additive_table {
    size_t rows, columns;
    const double *value;
};

struct additive_model {
    double *row, *column; /* logarithms; an estimate is exp(row + column). Owned: additive_done */
    size_t *group;        /* rows and columns (after the rows) that are linked by figures have the same number */
    size_t rows, columns;
    size_t checked;    /* figures that could be left out and estimated from the others */
    double error;      /* median |estimate ÷ figure − 1| over these; NAN when they are too few */
    double wide_error; /* its 90 % quantile; NAN */
};

/* Values that are not NAN must be positive and finite (ERR_DATA). ERR_NOTHING without any. ERR_MEMORY. */
int stats_additive(const struct additive_table *table, struct additive_model *ret, struct err *err) must_check;
void additive_done(struct additive_model *model);
/* False where row and column are not linked, or the model's error is above ADDITIVE_ERROR_MOST or unknown. */
bool additive_estimate(const struct additive_model *model, size_t row, size_t column, double *ret);

#endif
