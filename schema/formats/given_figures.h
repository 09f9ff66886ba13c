/* Figures in the unit that a tool prints, as measurements in the catalogue's. */
#ifndef SCHEMA_FORMATS_GIVEN_FIGURES_H
#define SCHEMA_FORMATS_GIVEN_FIGURES_H

#include "schema/bundle/types.h"
#include "schema/formats/reader.h"

/* What a file states about one metric, all in `unit`; NAN where it states nothing. */
struct given_figures {
    const char *unit; /* as the file writes it; "" when it states none */
    struct stated_figures stated;
    double min, max, median;
    enum stddev_kind stddev_kind;
    enum direction direction; /* where neither the catalogue nor the unit tells */
    bool counted;             /* zero is a value: errors, allocations, operations not done */
    bool any_sign;            /* so is less than zero: differences */
};
#define GIVEN_FIGURES                                                                                                  \
    ((struct given_figures){.unit = "", .stated = STATED_FIGURES, .min = MISSING, .max = MISSING, .median = MISSING})

/* Adds a measurement in the catalogue's unit with the original beside it. A metric that the catalogue does not know,
 * or not in such a unit, keeps the unit as given. NULL when the arena failed. */
struct measurement *figures_add(struct reading *reading, struct run *run, const char *metric,
                                const struct given_figures *given);
/* A single figure. */
struct measurement *figures_add_value(struct reading *reading, struct run *run, const char *metric, const char *unit,
                                      double value);
/* The metric that a unit alone tells ("ns/iter" is a time, "req/s" a request rate); NULL when it tells none. */
const char *figures_metric_of(const char *unit);
/* By the unit alone: times are better when lower, rates when higher. */
enum direction figures_direction_of(const char *unit);

#endif
