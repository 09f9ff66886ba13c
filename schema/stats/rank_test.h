/* Do two samples differ? The test of Mann and Whitney (Wilcoxon's rank sum). Formulas: rank_test.c. */
#ifndef SCHEMA_STATS_RANK_TEST_H
#define SCHEMA_STATS_RANK_TEST_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

#define RANK_TEST_EXACT_MOST 49 /* both samples at most so large, and no ties: the exact distribution */

struct rank_test {
    double u;           /* pairs in which the value of a is greater, ties one half */
    double p;           /* two-sided */
    double superiority; /* u ÷ (n of a × n of b): the chance that a value of a exceeds one of b */
    bool exact;
};

/* Both sorted in ascending order, finite. ERR_NOTHING when one is empty, ERR_MEMORY. */
int stats_rank_test(const double *a, size_t a_count, const double *b, size_t b_count, struct rank_test *ret,
                    struct err *err) must_check;

#endif
