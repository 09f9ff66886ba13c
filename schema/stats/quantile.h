/* Quantiles, type 7 of Hyndman & Fan (the default of R, NumPy, Excel). */
#ifndef SCHEMA_STATS_QUANTILE_H
#define SCHEMA_STATS_QUANTILE_H

#include <stddef.h>

/* `sorted` in ascending order, p within 0 to 1; NAN when there is no value or p is outside. */
double stats_quantile(const double *sorted, size_t count, double p);
/* The value that lies `fraction` of the way from the first of two neighbours to the second. */
double stats_between(const double neighbours[2], double fraction);
double stats_median(const double *sorted, size_t count);

#endif
