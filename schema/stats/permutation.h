/* Do two samples of positive values differ in their geometric means? A permutation test. Definition: permutation.c. */
#ifndef SCHEMA_STATS_PERMUTATION_H
#define SCHEMA_STATS_PERMUTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

#define PERMUTATION_EXACT_MOST 20000 /* all divisions are tried while there are no more */
#define PERMUTATION_DRAWS 9999

struct permutation_test {
    double ratio; /* geometric mean of a ÷ that of b */
    double p;     /* two-sided */
    bool exact;
};

/* ERR_NOTHING when a sample is empty, ERR_DATA when a value is not positive and finite, ERR_MEMORY. */
int stats_permutation_test(const double *a, size_t a_count, const double *b, size_t b_count, uint64_t seed,
                           struct permutation_test *ret, struct err *err) must_check;

#endif
