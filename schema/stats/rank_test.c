/* The test of H. B. Mann and D. R. Whitney (1947).
 *
 * U counts the pairs (a, b) with a > b, ties as one half. When both samples come from one distribution without ties,
 * each of the C(m + n, m) orders is as likely as any other: the number of orders with a given U obeys
 *   w(m, n, u) = w(m − 1, n, u − n) + w(m, n − 1, u),
 * since the greatest value is either one of a (it exceeds all n of b) or one of b. All terms are positive, so doubles
 * lose nothing. The two-sided p is twice the smaller tail, at most 1.
 * With ties, or more than 49 values, the normal approximation with continuity correction:
 *   mean mn/2, variance mn/12 · (m + n + 1 − Σ(t³ − t) / ((m + n)(m + n − 1))), t the sizes of the groups of ties.
 * As R's wilcox.test. Example: a = 1, 2, 4 against b = 3, 5, 6, 7: U = 1; 2 of 35 orders have U ≤ 1: p = 4/35. */
#include "schema/stats/rank_test.h"

#include <math.h>
#include <stdlib.h>

#include "schema/base/mem.h"
#include "schema/stats/normal.h"

struct ranks {
    double u;
    double tie_sum; /* Σ(t³ − t) */
};

static bool equal(double left, double right)
{
    return left <= right && left >= right;
}

static struct ranks count_pairs(const double *a, size_t m, const double *b, size_t n)
{
    struct ranks ranks = {0, 0};
    size_t i = 0, j = 0;
    while (i < m || j < n) {
        const double value = j == n || (i < m && a[i] <= b[j]) ? a[i] : b[j];
        const size_t a_before = i, b_before = j;
        while (i < m && equal(a[i], value))
            i++;
        while (j < n && equal(b[j], value))
            j++;
        const double here = (double)(i - a_before), there = (double)(j - b_before), tied = here + there;
        ranks.u += here * (double)b_before + 0.5 * here * there;
        ranks.tie_sum += tied * tied * tied - tied;
    }
    return ranks;
}

/* Fills row[u] = w(m, n, u) for u = 0 … mn, from the rows of m − 1; `rows` holds n + 1 of them. */
static void next_sample_size(double *rows, size_t width, size_t m, size_t n)
{
    for (size_t j = 1; j <= n; j++) {
        double *row = rows + j * width;
        const double *shorter = rows + (j - 1) * width;
        for (size_t u = m * j + 1; u-- > 0;)
            row[u] = (u >= j ? row[u - j] : 0) + (u <= m * (j - 1) ? shorter[u] : 0);
    }
}

static int exact_p(size_t m, size_t n, double u, double *ret, struct err *err)
{
    const size_t width = m * n + 1;
    autofree double *rows = mem_zalloc((n + 1) * width, sizeof *rows);
    if (rows == NULL)
        return mem_error(err);
    for (size_t j = 0; j <= n; j++)
        rows[j * width] = 1;
    for (size_t i = 1; i <= m; i++)
        next_sample_size(rows, width, i, n);
    const double *orders = rows + n * width;
    double below = 0, all = 0;
    const double least = u <= (double)(m * n) - u ? u : (double)(m * n) - u;
    for (size_t value = 0; value < width; value++) {
        all += orders[value];
        if ((double)value <= least)
            below += orders[value];
    }
    *ret = fmin(1, 2 * below / all);
    return 0;
}

static double approximate_p(size_t m, size_t n, const struct ranks *ranks)
{
    const double pairs = (double)m * (double)n, all = (double)(m + n);
    const double variance = pairs / 12 * (all + 1 - ranks->tie_sum / (all * (all - 1)));
    const double distance = fmax(0, fabs(ranks->u - pairs / 2) - 0.5);
    return variance > 0 ? fmin(1, 2 * stats_normal_below(-distance / sqrt(variance))) : 1;
}

int stats_rank_test(const double *a, size_t a_count, const double *b, size_t b_count, struct rank_test *ret,
                    struct err *err)
{
    if (a_count == 0 || b_count == 0)
        return err_set(err, ERR_NOTHING, "a sample without values cannot be compared");
    const struct ranks ranks = count_pairs(a, a_count, b, b_count);
    struct rank_test test = {.u = ranks.u,
                             .superiority = ranks.u / ((double)a_count * (double)b_count),
                             .exact = a_count <= RANK_TEST_EXACT_MOST && b_count <= RANK_TEST_EXACT_MOST &&
                                      !(ranks.tie_sum > 0)};
    if (test.exact) {
        const int code = exact_p(a_count, b_count, ranks.u, &test.p, err);
        if (code < 0)
            return code;
    } else {
        test.p = approximate_p(a_count, b_count, &ranks);
    }
    *ret = test;
    return 0;
}
