/* Interval of a median from order statistics.
 *
 * The number of values below the true median is binomial(n, ½), whatever the distribution. So the interval
 * from the k-th smallest to the k-th largest value holds the median with probability
 * 1 − 2·P(X ≤ k − 1) (W. R. Thompson 1936; H. A. David, Order Statistics, section 7.1). We take the largest k
 * that still has the level; with ties it covers at least that. No exp or log is needed: the terms of the
 * binomial are multiplied outward from the middle and divided by their sum.
 * Example: n = 6, k = 1: 1 − 2/64 = 0.96875; n = 5 reaches only 0.9375, so 6 is the least n for 95 %.
 * n = 10: k = 2, 1 − 22/1024 = 0.9785. */
#include "schema/stats/interval.h"

/* Relative weights of the binomial around its middle: the weight of `successes` as a share of the middle's. */
static double next_lower_weight(double weight, size_t count, size_t successes)
{
    /* C(n, s − 1) = C(n, s) · s / (n − s + 1) */
    return weight * (double)successes / (double)(count - successes + 1);
}

static double total_weight(size_t count)
{
    const size_t middle = count / 2;
    double weight = 1, sum = 0;

    for (size_t successes = middle; successes > 0; successes--) {
        weight = next_lower_weight(weight, count, successes);
        sum += weight;
    }
    /* Symmetric: an odd n has two middles of equal weight. */
    return count % 2 == 0 ? 1 + 2 * sum : 2 + 2 * sum;
}

/* Largest k with 2·P(X ≤ k − 1) ≤ 1 − level, and that tail; 0 when none. */
static size_t largest_rank(size_t count, double level, double *ret_tail)
{
    const double total = total_weight(count);
    const size_t middle = count / 2;
    double weight = 1, inside = count % 2 == 0 ? 1 : 2;

    /* From the middle outward: `inside` is the weight of successes..count − successes. */
    for (size_t successes = middle;; successes--) {
        const double tail = 1 - inside / total;

        if (tail <= 1 - level) {
            *ret_tail = tail;
            return successes;
        }
        if (successes == 0)
            return 0;
        weight = next_lower_weight(weight, count, successes);
        inside += 2 * weight;
    }
}

bool stats_median_interval(const double *sorted, size_t count, double level, struct interval *ret)
{
    double tail = 1;

    if (count < 2 || !(level > 0 && level < 1))
        return false;
    const size_t rank = largest_rank(count, level, &tail);

    if (rank == 0)
        return false;
    ret->low = sorted[rank - 1];
    ret->high = sorted[count - rank];
    ret->coverage = 1 - tail;
    return true;
}
