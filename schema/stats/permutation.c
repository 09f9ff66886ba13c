/* Permutation test on logarithms (R. A. Fisher 1935; P. Good, Permutation Tests, 1994).
 *
 * If it does not matter which sample a value belongs to, every division of the m + n logarithms into m and n is as
 * likely as the one seen. The statistic is |mean of log a − mean of log b|, the log of a ratio, so that 2× and ½× count
 * alike. p is the share of divisions whose statistic is at least the one seen; of all C(m + n, m) divisions while they
 * are at most 20,000, else of 9,999 drawn at random and the one seen: p = (1 + hits) / (1 + draws), which is never 0
 * (B. Phipson & G. K. Smyth 2010). Statistics that differ only by rounding count as equal.
 * Example: a = 8, 16, b = 1, 2: of 6 divisions two are as far apart: p = 1/3. */
#include "schema/stats/permutation.h"

#include <math.h>
#include <stdlib.h>

#include "schema/base/mem.h"
#include "schema/stats/random.h"

struct pool {
    double *logs; /* of a, then of b */
    size_t m, n;
    double sum;
    double seen; /* the statistic, less a margin for rounding */
};

static double distance_of(const struct pool *pool, double sum_of_m)
{
    return fabs(sum_of_m / (double)pool->m - (pool->sum - sum_of_m) / (double)pool->n);
}

/* C(m + n, m), or more than PERMUTATION_EXACT_MOST. */
static double divisions_of(size_t m, size_t n)
{
    double divisions = 1;
    for (size_t i = 1; i <= m && divisions <= PERMUTATION_EXACT_MOST; i++)
        divisions = divisions * (double)(n + i) / (double)i;
    return divisions;
}

/* The next combination of m places out of m + n in lexical order; false after the last. */
static bool next_combination(size_t *places, size_t m, size_t all)
{
    size_t i = m;
    while (i > 0 && places[i - 1] == all - m + i - 1)
        i--;
    if (i == 0)
        return false;
    places[i - 1]++;
    for (; i < m; i++)
        places[i] = places[i - 1] + 1;
    return true;
}

static int try_all(const struct pool *pool, double *ret_p, struct err *err)
{
    autofree size_t *places = mem_zalloc(pool->m, sizeof *places);
    double hits = 0, tried = 0;
    if (places == NULL)
        return mem_error(err);
    for (size_t i = 0; i < pool->m; i++)
        places[i] = i;
    do {
        double sum = 0;
        for (size_t i = 0; i < pool->m; i++)
            sum += pool->logs[places[i]];
        hits += distance_of(pool, sum) >= pool->seen;
        tried += 1;
    } while (next_combination(places, pool->m, pool->m + pool->n));
    *ret_p = hits / tried;
    return 0;
}

/* Each draw shuffles the first m places (R. Durstenfeld 1964). */
static double try_some(struct pool *pool, uint64_t seed)
{
    const size_t all = pool->m + pool->n;
    size_t hits = 0;
    for (size_t draw = 0; draw < PERMUTATION_DRAWS; draw++) {
        struct random_stream stream = random_stream_of(seed, draw);
        double sum = 0;
        for (size_t i = 0; i < pool->m; i++) {
            const size_t other = i + random_below(&stream, all - i);
            const double kept = pool->logs[i];
            pool->logs[i] = pool->logs[other];
            pool->logs[other] = kept;
            sum += pool->logs[i];
        }
        hits += distance_of(pool, sum) >= pool->seen;
    }
    return (1 + (double)hits) / (1 + (double)PERMUTATION_DRAWS);
}

static int add_logs(struct pool *pool, size_t at, const double *values, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (!(values[i] > 0 && isfinite(values[i])))
            return err_set(err, ERR_DATA, "a ratio needs finite values above 0");
        pool->logs[at + i] = log(values[i]);
        pool->sum += pool->logs[at + i];
    }
    return 0;
}

int stats_permutation_test(const double *a, size_t a_count, const double *b, size_t b_count, uint64_t seed,
                           struct permutation_test *ret, struct err *err)
{
    if (a_count == 0 || b_count == 0)
        return err_set(err, ERR_NOTHING, "a sample without values cannot be compared");
    autofree double *logs = mem_zalloc(a_count + b_count, sizeof *logs);
    if (logs == NULL)
        return mem_error(err);
    struct pool pool = {.logs = logs, .m = a_count, .n = b_count};
    int code = add_logs(&pool, 0, a, a_count, err);
    if (code == 0)
        code = add_logs(&pool, a_count, b, b_count, err);
    if (code < 0)
        return code;
    double sum = 0;
    for (size_t i = 0; i < a_count; i++)
        sum += logs[i];
    const double difference = sum / (double)a_count - (pool.sum - sum) / (double)b_count;
    pool.seen = fabs(difference) * (1 - 1e-12) - 1e-300;
    struct permutation_test test = {.ratio = exp(difference),
                                    .exact = divisions_of(a_count, b_count) <= PERMUTATION_EXACT_MOST};
    if (test.exact)
        code = try_all(&pool, &test.p, err);
    else
        test.p = try_some(&pool, seed);
    if (code == 0)
        *ret = test;
    return code;
}
