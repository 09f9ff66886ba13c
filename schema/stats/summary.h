/* n, mean, standard deviations, extremes and median of a sample. Formulas: summary.c. */
#ifndef SCHEMA_STATS_SUMMARY_H
#define SCHEMA_STATS_SUMMARY_H

#include <stddef.h>

#include "schema/base/attributes.h"

struct summary {
    size_t n;
    double mean, min, max, median;
    double stddev;              /* sample, divisor n - 1; NAN when n < 2 */
    double stddev_population;   /* divisor n */
};

/* `sorted` in ascending order, without NAN. n = 0: every figure is NAN. */
struct summary stats_summary(const double *sorted, size_t count);

#endif
