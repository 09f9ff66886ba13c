/* The procedure of Y. Benjamini and Y. Hochberg (J. R. Stat. Soc. B 57, 1995, 289–300).
 *
 * With m tests and p sorted ascending, q(i) = min over j ≥ i of p(j)·m/j, at most 1. Rejecting all with q ≤ 5 % keeps
 * the expected share of false ones among the rejected below 5 %. As R's p.adjust(method = "BH"). Example: 0.01, 0.04,
 * 0.03, 0.5: m = 4, q = 0.04, 0.0533, 0.0533, 0.5. */
#include "schema/stats/adjust.h"

#include <math.h>
#include <stdlib.h>

#include "schema/base/mem.h"

struct ranked {
    double p;
    size_t place;
};

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->p < b->p || a->p > b->p)
        return a->p < b->p ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

int stats_adjust(double *p, size_t count, struct err *err)
{
    autofree struct ranked *ranked = mem_zalloc(count + 1, sizeof *ranked);
    size_t tests = 0;
    if (ranked == NULL)
        return mem_error(err);
    for (size_t i = 0; i < count; i++)
        if (!isnan(p[i]))
            ranked[tests++] = (struct ranked){p[i], i};
    qsort(ranked, tests, sizeof *ranked, compare_ranked);
    double least = 1;
    for (size_t i = tests; i-- > 0;) {
        least = fmin(least, ranked[i].p * (double)tests / (double)(i + 1));
        p[ranked[i].place] = least;
    }
    return 0;
}
