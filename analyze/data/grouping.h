/* Results in the order of cells, and the figure of one cell. For this room. */
#ifndef ANALYZE_DATA_GROUPING_H
#define ANALYZE_DATA_GROUPING_H

#include "analyze/data/comparison.h"

struct grouped {
    const struct result *result;
    size_t cell; /* of grouping_sort: equal for results that no comparison tells apart; else 0 */
};

int grouping_sort(struct grouped *items, size_t count, struct err *err) must_check;
/* Numbers of the results that are the only ones of their cell; *ret_results is the caller's. */
int grouping_alone(const struct result_set *set, size_t **ret_results, size_t *ret_count, struct err *err) must_check;
void grouping_sort_texts(const char **texts, size_t count);

/* Each compares one part of the key, and all parts before it. */
int grouping_compare_workload(const struct result *a, const struct result *b);
int grouping_compare_row(const struct result *a, const struct result *b);
int grouping_compare_metric(const struct result *a, const struct result *b);
/* The first item after `from` that differs from it. */
size_t grouping_end(const struct grouped *items, size_t count, size_t from,
                    int (*compare)(const struct result *, const struct result *));

/* One value per submission, the median of what it has; results of one submission stand together. Returns how many;
 * `values` and `scratch` have room for `count`. */
size_t grouping_values(const struct grouped *items, size_t count, struct nested_value *values, double *scratch);
/* All results of one cell and metric, in the order of grouping_sort. */
int grouping_figure(const struct grouped *items, size_t count, struct figure *ret, struct err *err) must_check;

#endif
