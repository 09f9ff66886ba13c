/* Quantiles, type 7 of Hyndman & Fan (the default of R, NumPy, Excel). */
#ifndef SCHEMA_STATS_QUANTILE_H
#define SCHEMA_STATS_QUANTILE_H

#include <stddef.h>

/* `sorted` in ascending order, p within 0 to 1; NAN when there is no value or p is outside. */
double stats_quantile(const double *sorted, size_t count, double p);
/* The value that lies `fraction` of the way from the first of two neighbours to the second. */
static inline double stats_between(const double neighbours[2], double fraction)
{
    /* Exact where the two are equal or the fraction is 0, and infinities do not become NAN. */
    if (!(fraction > 0) || !(neighbours[1] > neighbours[0]))
        return neighbours[0];
    return neighbours[0] + fraction * (neighbours[1] - neighbours[0]);
}
double stats_median(const double *sorted, size_t count);

#endif
