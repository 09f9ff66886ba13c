/* A median that weighs contributors, not uploads. Definition and example: nested.c. */
#ifndef SCHEMA_STATS_NESTED_H
#define SCHEMA_STATS_NESTED_H

#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

/* One submission's value; contributors and devices are numbers of the caller. A device belongs to one contributor. */
struct nested_value {
    size_t contributor, device;
    double value;
};

enum nested_level { NESTED_NONE, NESTED_SUBMISSIONS, NESTED_DEVICES, NESTED_CONTRIBUTORS };

struct nested_median {
    double value;
    size_t submissions, devices, contributors;
    /* The highest level that has more than one member, and its values in ascending order (owned by the caller
     * after the call: free). NESTED_NONE: one submission only, members is NULL. */
    enum nested_level level;
    double *members;
    size_t member_count;
};

/* The order of qsort: contributor, device, value. */
int nested_compare(const void *left, const void *right);
/* Sorts in that order; what it does not tell apart stays as it is. */
int nested_sort(struct nested_value *values, size_t count, struct err *err) must_check;
/* Sorts `values`. ERR_NOTHING when count is 0. */
int stats_nested_median(struct nested_value *values, size_t count, struct nested_median *ret,
                        struct err *err) must_check;

#endif
