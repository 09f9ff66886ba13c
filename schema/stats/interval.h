/* Interval of a median without assumptions about the distribution: two order statistics. */
#ifndef SCHEMA_STATS_INTERVAL_H
#define SCHEMA_STATS_INTERVAL_H

#include <stdbool.h>
#include <stddef.h>

#define STATS_INTERVAL_LEAST 6    /* fewer values cannot reach 95 % */

struct interval {
    double low, high;
    double coverage;    /* the probability that it really has, ≥ the level asked for */
};

/* `sorted` in ascending order. False, and *ret untouched, when so few values cannot give the level. */
bool stats_median_interval(const double *sorted, size_t count, double level, struct interval *ret);

#endif
