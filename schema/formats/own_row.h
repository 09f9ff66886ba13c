/* Rows of our own formats (OWN_FORMATS.md): a member or column is set by name,
 * whatever file it came from, and the row becomes a run. */
#ifndef SCHEMA_FORMATS_OWN_ROW_H
#define SCHEMA_FORMATS_OWN_ROW_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/bundle/types.h"
#include "schema/formats/given_figures.h"

#define OWN_HINT                                                                                                       \
    "known are chip, chip_count, model, quantization, backend, mode, task, category, variant, metric, unit, "          \
    "direction, value, samples, n, stddev, stddev_kind, min, max, median, time, and labels.*, parameters.*, setup.*, " \
    "conditions.*"

struct own_value {
    const char *text;      /* of a string or a field; NULL for numbers and booleans of JSON */
    double number;         /* NAN when it is none */
    bool is_boolean;       /* number is 0 or 1 */
    const double *samples; /* of a list */
    size_t sample_count;
    bool is_list, not_finite;
};

struct own_row {
    struct reading *reading;
    struct run *run; /* added to the reading; the last one */
    const char *metric;
    struct given_figures figures;
    bool has_unit;
    char field[96]; /* that a fault is about */
};

bool own_is_field(const char *name);
/* A run without figures, for own_row_set to fill. */
int own_row_begin(struct reading *reading, struct own_row *ret, struct err *err) must_check;
/* -ERR_DATA when the field is not known or takes no such value; row->field names it. */
int own_row_set(struct own_row *row, const char *name, const struct own_value *value, struct err *err) must_check;
/* Adds the measurement; the next own_row_set calls may state another one of the same run. */
int own_row_measure(struct own_row *row, struct err *err) must_check;

#endif
