/* A figure in its tool's unit, and as a measurement in the catalogue's. */
#ifndef SCHEMA_FORMATS_FIGURE_H
#define SCHEMA_FORMATS_FIGURE_H

#include "schema/bundle/types.h"
#include "schema/formats/reader.h"

struct figure {
    const char *metric; /* of the catalogue */
    const char *unit;   /* of the tool */
    struct stated_figures stated;
    double min, max, median; /* as stated; samples come first */
    enum stddev_kind kind;
};
/* Nothing stated but `value`, which may be NAN or infinite: then it is flagged not_finite. */
struct figure figure_of(const char *metric, const char *unit, double value);
/* Adds it. Flags of a figure whose samples do not bear it out: mean_differs, stddev_differs, median_differs. NULL
 * when the arena failed. */
struct measurement *figure_add(struct reading *reading, struct run *run, const struct figure *figure);
/* figure_of and figure_add. */
void figure_add_value(struct reading *reading, struct run *run, const char *metric, const char *unit, double value);

/* Model and quantisation from the name of a model, its file or its path; the folder is left out. */
void figure_set_model(struct reading *reading, struct run *run, struct str name);

#endif
