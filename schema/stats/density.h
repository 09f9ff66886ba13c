/* Kernel density of a sample: Gaussian kernel, bandwidth by Silverman's rule.
 * B. W. Silverman, Density Estimation for Statistics and Data Analysis (1986), equation 3.31; R's bw.nrd0. */
#ifndef SCHEMA_STATS_DENSITY_H
#define SCHEMA_STATS_DENSITY_H

#include <stddef.h>

/* 0.9 × min(standard deviation, interquartile range ÷ 1.34) × n^(-1/5); the one that is not 0 when the other is.
 * `sorted` in ascending order, finite. 0 when n < 2 or all values are equal. */
double stats_bandwidth(const double *sorted, size_t count);
/* Density at x; `bandwidth` > 0. Values beyond 8 bandwidths add nothing a double can hold beside the others. */
double stats_density(const double *sorted, size_t count, double bandwidth, double x);

#endif
