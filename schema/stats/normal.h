/* The standard normal distribution. */
#ifndef SCHEMA_STATS_NORMAL_H
#define SCHEMA_STATS_NORMAL_H

/* P(Z ≤ z). */
double stats_normal_below(double z);
/* The z with P(Z ≤ z) = p; -INFINITY at 0, INFINITY at 1, NAN outside. */
double stats_normal_quantile(double p);

#endif
