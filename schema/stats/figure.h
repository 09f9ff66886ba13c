/* The figure of a cell: one nested median with its interval. Definition: figure.c. */
#ifndef SCHEMA_STATS_FIGURE_H
#define SCHEMA_STATS_FIGURE_H

#include <stddef.h>

#include "schema/stats/interval.h"
#include "schema/stats/nested.h"

/* The value that a measurement counts with: its median, else that of its finite samples, else its mean; NAN when it has
 * none. `scratch` has room for the samples; *ret_finite: how many are finite. */
double stats_chosen_value(double median, double mean, const double *samples, size_t count, double *scratch,
                          size_t *ret_finite);

/* The value of a submission: the median of those it has for a cell. Sorts them. */
double stats_submission_value(double *values, size_t count);

/* The nested median of one value a submission, and the 95 % interval of the median at the highest level with several
 * members. */
struct nested_figure {
    double value;
    bool has_interval;
    struct interval interval;
    enum nested_level level; /* of the interval's members; NESTED_NONE: one submission only */
    size_t submissions, devices, contributors;
};
/* Sorts `values`. ERR_NOTHING when there are none. */
int stats_nested_figure(struct nested_value *values, size_t count, struct nested_figure *ret,
                        struct err *err) must_check;
/* The same of one value a submission, all of one device; sorts them. `count` is not 0. */
struct nested_figure stats_device_figure(double *values, size_t count);
/* The interval of the only result's own samples; sorts what is finite to the front of `samples`. */
bool stats_sample_interval(double *samples, size_t count, struct interval *ret);

#endif
