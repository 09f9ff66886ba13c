/* Quantiles.
 *
 * Definition 7 of R. J. Hyndman & Y. Fan, Sample quantiles in statistical packages (The American
 * Statistician 50, 1996, 361–365): with h = (n − 1)·p, the value between the sorted values at floor(h) and
 * floor(h) + 1, by the fraction of h. The default of R's quantile, of NumPy and of PERCENTILE.INC.
 * Example: 1, 2, 4, 8 at p = 0.25: h = 0.75, so 1 + 0.75·(2 − 1) = 1.75; the median is 3. */
#include "schema/stats/quantile.h"

#include <math.h>

double stats_quantile(const double *sorted, size_t count, double p)
{
    if (count == 0 || !(p >= 0 && p <= 1))
        return (double)NAN;
    const double h = (double)(count - 1) * p;
    const size_t below = (size_t)h;

    if (below + 1 >= count)
        return sorted[count - 1];
    return stats_between(sorted + below, h - (double)below);
}

double stats_median(const double *sorted, size_t count)
{
    return stats_quantile(sorted, count, 0.5);
}
