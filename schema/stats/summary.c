/* Summary of a sample.
 *
 * mean = Σx / n; population variance = Σ(x − mean)² / n; sample variance has n − 1 (Bessel).
 * The variance is the corrected two-pass form of Chan, Golub & LeVeque (The American Statistician 37,
 * 1983, 242–247): Σd² − (Σd)²/n with d = x − mean, both sums compensated. It keeps the digits where the
 * textbook form Σx² − n·mean² loses them all: 1000000.1 and 1000000.3, a thousand times each around
 * 1000000.2 (NIST StRD NumAcc4 in small) give 0.1, not noise.
 * Example: 2, 4, 4, 4, 5, 5, 7, 9: mean 5, population 2, sample 2.13809, median 4.5. */
#include "schema/stats/summary.h"

#include <math.h>

#include "schema/stats/order.h"
#include "schema/stats/quantile.h"

/* Neumaier's step as a value, for sums over terms that are made on the way. */
struct running_sum {
    double sum, lost;
};

static void running_add(struct running_sum *running, double term)
{
    const double next = running->sum + term;

    if (fabs(running->sum) >= fabs(term))
        running->lost += (running->sum - next) + term;
    else
        running->lost += (term - next) + running->sum;
    running->sum = next;
}

static double squared_deviations(const double *values, size_t count, double mean)
{
    struct running_sum squares = {0, 0}, deviations = {0, 0};

    for (size_t i = 0; i < count; i++) {
        const double deviation = values[i] - mean;

        running_add(&squares, deviation * deviation);
        running_add(&deviations, deviation);
    }
    const double offset = deviations.sum + deviations.lost;
    const double result = (squares.sum + squares.lost) - offset * offset / (double)count;

    return result > 0 ? result : 0;
}

struct summary stats_summary(const double *sorted, size_t count)
{
    const double none = (double)NAN;
    struct summary summary = {count, none, none, none, none, none, none};

    if (count == 0)
        return summary;
    summary.min = sorted[0];
    summary.max = sorted[count - 1];
    summary.median = stats_median(sorted, count);
    summary.mean = stats_sum(sorted, count) / (double)count;
    const double squares = squared_deviations(sorted, count, summary.mean);

    summary.stddev_population = sqrt(squares / (double)count);
    if (count > 1)
        summary.stddev = sqrt(squares / (double)(count - 1));
    return summary;
}
