/* Quantiles of values in any order, without sorting all of them. */
#ifndef SCHEMA_STATS_SELECT_H
#define SCHEMA_STATS_SELECT_H

#include <stddef.h>

/* stats_quantile of the same values sorted, bit for bit. No value may be NAN. The values are in another order
 * afterwards. */
double stats_select_quantile(double *values, size_t count, double p);
double stats_select_median(double *values, size_t count);

#endif
