/* Spread and outliers.
 *
 * Median absolute deviation: mad = median |x − median x| (F. R. Hampel, 1974). For normal values 1.4826·mad estimates
 * the standard deviation, so the robust z of a value is (x − median) / (1.4826·mad); beyond 3.5 it counts as an outlier
 * (B. Iglewicz & D. C. Hoaglin, How to Detect and Handle Outliers, 1993, who write it as 0.6745·(x − median)/mad).
 * Fences: quartiles of type 7 minus and plus 1.5 interquartile ranges (J. W. Tukey, Exploratory Data Analysis, 1977).
 * Coefficient of variation: sample standard deviation over the absolute mean.
 * Logarithms of positive values make ratios of differences: centre = exp(median of ln x), scale = 1.4826·mad of ln x,
 * which for small spreads is about the relative standard deviation. Example: 10, 20, 80: centre 20, mad ln 2.
 * An outlier is flagged and kept; nothing here drops a value.
 * Example: 1, 2, 3, 4, 100: median 3, mad 1, quartiles 2 and 4, fences −1 and 7; the robust z of 100 is 65.4. */
#include "schema/stats/spread.h"

#include <math.h>
#include <stdlib.h>

#include "schema/base/mem.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"
#include "schema/stats/summary.h"

static const double normal_mad = 1.482602218505602; /* 1 ÷ the upper quartile of the standard normal */

int stats_spread(const double *sorted, size_t count, struct spread *ret, struct err *err)
{
    const double none = (double)NAN;
    struct spread spread = {count, none, none, none, none, none, none, 0, none};
    if (count > 0) {
        autofree double *distances = mem_zalloc(count, sizeof *distances);
        if (distances == NULL)
            return mem_error(err);
        spread.quartile_1 = stats_quantile(sorted, count, 0.25);
        spread.median = stats_median(sorted, count);
        spread.quartile_3 = stats_quantile(sorted, count, 0.75);
        for (size_t i = 0; i < count; i++)
            distances[i] = fabs(sorted[i] - spread.median);
        stats_sort(distances, count);
        spread.mad = stats_median(distances, count);
        spread.fence_low = spread.quartile_1 - 1.5 * (spread.quartile_3 - spread.quartile_1);
        spread.fence_high = spread.quartile_3 + 1.5 * (spread.quartile_3 - spread.quartile_1);
        for (size_t i = 0; i < count; i++)
            spread.beyond_fences += sorted[i] < spread.fence_low || sorted[i] > spread.fence_high;
        const struct summary summary = stats_summary(sorted, count);
        if (fabs(summary.mean) > 0)
            spread.variation = summary.stddev / fabs(summary.mean);
    }
    *ret = spread;
    return 0;
}

double stats_robust_z(const struct spread *spread, double value)
{
    const double distance = value - spread->median;
    if (!(fabs(distance) > 0))
        return isnan(distance) ? distance : 0;
    return spread->mad > 0 ? distance / (normal_mad * spread->mad) : copysign((double)INFINITY, distance);
}

int stats_log_spread(double *values, size_t count, struct log_spread *ret, struct err *err)
{
    struct spread spread;
    for (size_t i = 0; i < count; i++)
        values[i] = log(values[i]);
    stats_sort(values, count);
    const int code = stats_spread(values, count, &spread, err);
    if (code < 0)
        return code;
    *ret = (struct log_spread){count, exp(spread.median), normal_mad * spread.mad};
    return 0;
}

double stats_log_distance(const struct log_spread *spread, double value)
{
    return value > 0 && spread->centre > 0 ? fabs(log(value) - log(spread->centre)) : (double)NAN;
}
