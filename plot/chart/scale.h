/* Linear axes from zero: round ticks and the px of a value. */
#ifndef PLOT_CHART_SCALE_H
#define PLOT_CHART_SCALE_H

#include <stdbool.h>
#include <stddef.h>

#define SCALE_TICKS_MAX 12

struct scale {
    double low, high; /* domain; high is the last tick */
    double step;
    double ticks[SCALE_TICKS_MAX];
    size_t tick_count;
    double x, width;  /* px */
    bool logarithmic; /* low > 0; what is not positive stands at its start */
};

/* Smallest of 1, 2, 2.5, 5 × 10^n that covers 0 … largest in at most `most` ticks (zero included). */
struct scale scale_from_zero(double largest, size_t most, double x, double width);
double scale_px(const struct scale *scale, double value);
/* Decimals that tell the ticks apart. */
int scale_tick_decimals(const struct scale *scale);

#endif
