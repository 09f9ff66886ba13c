/* Values in the one order that all statistics use: by value, then by id, NAN last.
 * Sums over that order are the same whatever order the data arrived in. */
#ifndef SCHEMA_STATS_ORDER_H
#define SCHEMA_STATS_ORDER_H

#include <stddef.h>

void stats_sort(double *values, size_t count);
/* Sum with Neumaier's compensation, in the order given. */
double stats_sum(const double *values, size_t count);

#endif
