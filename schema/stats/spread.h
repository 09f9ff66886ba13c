/* How far values lie apart, by figures that a few wild ones do not move. Definitions: spread.c. */
#ifndef SCHEMA_STATS_SPREAD_H
#define SCHEMA_STATS_SPREAD_H

#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

#define STATS_UNSTEADY 0.10 /* a coefficient of variation above this is flagged */
#define STATS_OUTLYING 3.5  /* a robust z beyond this is an outlier */

struct spread {
    size_t n;
    double quartile_1, median, quartile_3; /* type 7 */
    double mad;                            /* median of the distances from the median, not scaled */
    double fence_low, fence_high;          /* 1.5 interquartile ranges outside the quartiles */
    size_t beyond_fences;
    double variation; /* sample standard deviation ÷ |mean|; NAN when n < 2 or the mean is 0 */
};

/* `sorted` in ascending order, finite; n = 0: every figure is NAN. ERR_MEMORY. */
int stats_spread(const double *sorted, size_t count, struct spread *ret, struct err *err) must_check;
/* (value − median) ÷ (1.4826 × mad); 0 for the median itself, ±INFINITY where the mad is 0 and the value another. */
double stats_robust_z(const struct spread *spread, double value);

/* Positive values that several have found of one thing, in ratios: a factor of two above is as far as one below. */
struct log_spread {
    size_t n;
    double centre; /* exp of the median of the logarithms; NAN when n = 0 */
    double scale;  /* 1.4826 × mad of the logarithms: about the relative standard deviation */
};
/* Overwrites `values`; all must be finite and > 0. ERR_MEMORY. */
int stats_log_spread(double *values, size_t count, struct log_spread *ret, struct err *err) must_check;
/* |ln value − ln centre|; NAN when there is no centre or the value is not positive. */
double stats_log_distance(const struct log_spread *spread, double value);

#endif
