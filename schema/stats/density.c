#include "schema/stats/density.h"

#include <math.h>

#include "schema/stats/quantile.h"
#include "schema/stats/summary.h"

#define REACH 8.0 /* bandwidths; exp(-32) is 1e-14 */

double stats_bandwidth(const double *sorted, size_t count)
{
    if (count < 2) {
        return 0;
    }
    double deviation = stats_summary(sorted, count).stddev;
    double range = (stats_quantile(sorted, count, 0.75) - stats_quantile(sorted, count, 0.25)) / 1.34;
    double spread = range > 0 ? fmin(deviation, range) : deviation;
    return isfinite(spread) ? 0.9 * spread * pow((double)count, -0.2) : 0;
}

/* Index of the first value that is not below x. */
static size_t lower_bound(const double *sorted, size_t count, double x)
{
    size_t low = 0;
    while (count > 0) {
        size_t half = count / 2;
        if (sorted[low + half] < x) {
            low += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return low;
}

double stats_density(const double *sorted, size_t count, double bandwidth, double x)
{
    double sum = 0;
    for (size_t i = lower_bound(sorted, count, x - REACH * bandwidth); i < count && sorted[i] <= x + REACH * bandwidth;
         i++) {
        double z = (x - sorted[i]) / bandwidth;
        sum += exp(-0.5 * z * z);
    }
    return sum / ((double)count * bandwidth * sqrt(2 * M_PI));
}
