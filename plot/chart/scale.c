#include "plot/chart/scale.h"

#include <math.h>

static void fill_ticks(struct scale *scale, size_t count)
{
    scale->tick_count = count < SCALE_TICKS_MAX ? count : SCALE_TICKS_MAX;
    for (size_t i = 0; i < scale->tick_count; i++) {
        scale->ticks[i] = scale->step * (double)i;
    }
    scale->high = scale->ticks[scale->tick_count - 1];
}

struct scale scale_from_zero(double largest, size_t most, double x, double width)
{
    static const double steps[] = {1.0, 2.0, 2.5, 5.0, 10.0};
    struct scale scale = {.low = 0, .x = x, .width = width};
    if (!isfinite(largest) || largest <= 0) {
        largest = 1;
    }
    double power = pow(10, floor(log10(largest)) - 1);
    for (;;) {
        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
            double step = steps[i] * power;
            /* A value that is a tick itself needs no tick above it. */
            double needed = ceil(largest / step - 1e-9);
            if (needed + 1 <= (double)most) {
                scale.step = step;
                fill_ticks(&scale, (size_t)needed + 1);
                return scale;
            }
        }
        power *= 10;
    }
}

double scale_px(const struct scale *scale, double value)
{
    if (scale->logarithmic) {
        double share = value > scale->low ? log(value / scale->low) / log(scale->high / scale->low) : 0;
        return scale->x + share * scale->width;
    }
    return scale->x + (value - scale->low) / (scale->high - scale->low) * scale->width;
}

int scale_tick_decimals(const struct scale *scale)
{
    int decimals = 0;
    double step = scale->step;
    while (decimals < 6 && fabs(step - round(step)) > 1e-6 * step) {
        step *= 10;
        decimals++;
    }
    return decimals;
}
