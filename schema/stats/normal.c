/* The standard normal distribution.
 *
 * P(Z ≤ z) = erfc(−z/√2) / 2, which keeps its digits in the lower tail. Its inverse has no closed form: we bracket
 * it and halve, 70 times at most, which needs no table of coefficients and ends at the nearest double.
 * Example: P(Z ≤ 1.959963984540054) = 0.975. */
#include "schema/stats/normal.h"

#include <math.h>

double stats_normal_below(double z)
{
    return 0.5 * erfc(-z / M_SQRT2);
}

double stats_normal_quantile(double p)
{
    if (!(p >= 0 && p <= 1))
        return (double)NAN;
    if (p <= 0 || p >= 1)
        return p <= 0 ? -(double)INFINITY : (double)INFINITY;
    if (p >= 0.5)
        return p > 0.5 ? -stats_normal_quantile(1 - p) : 0;
    double low = -40, high = 0;
    for (int i = 0; i < 70; i++) {
        const double middle = low + (high - low) / 2;
        if (stats_normal_below(middle) < p)
            low = middle;
        else
            high = middle;
    }
    return high;
}
