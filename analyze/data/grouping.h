/* Results in the order of cells, and the figure of one cell. For this room. */
#ifndef ANALYZE_DATA_GROUPING_H
#define ANALYZE_DATA_GROUPING_H

#include "analyze/data/comparison.h"

/* Results in the order of their cells. `results` lies in the arena of grouping_sort. */
struct grouping {
    const struct result **results;
    uint32_t *cells; /* of each: equal for results that no comparison tells apart; owned */
    size_t count;
};
void grouping_done(struct grouping *grouping);
#define autogrouping cleanup(grouping_done)

/* All results of the set that `takes_part` says yes to. */
int grouping_sort(const struct result_set *set, bool (*takes_part)(const struct result *, const void *),
                  const void *context, struct arena *arena, struct grouping *ret, struct err *err) must_check;
/* Numbers of the results that are the only ones of their cell; *ret_results is the caller's. */
int grouping_alone(const struct result_set *set, size_t **ret_results, size_t *ret_count, struct err *err) must_check;

/* Each compares one part of the key, and all parts before it. */
int grouping_compare_workload(const struct result *a, const struct result *b);
int grouping_compare_row(const struct result *a, const struct result *b);
int grouping_compare_metric(const struct result *a, const struct result *b);
/* The first after `from`, of those before `end`, that differs from it. */
size_t grouping_end(const struct grouping *grouping, size_t from, size_t end,
                    int (*compare)(const struct result *, const struct result *));

/* One value per submission, the median of what it has; results of one submission stand together. Returns how many;
 * `values` and `scratch` have room for `count`. */
size_t grouping_values(const struct result *const *results, size_t count, struct nested_value *values, double *scratch);
/* The levels of nested medians in words; NULL for that of a single value. */
const char *grouping_level_word(enum nested_level level);
/* Runs behind the results; COUNT_UNKNOWN when one does not say how many. */
int64_t grouping_runs(const struct result *const *results, size_t count);
/* All results of one cell and metric, in the order of grouping_sort. */
int grouping_figure(const struct result *const *results, size_t count, struct figure *ret, struct err *err) must_check;

#endif
