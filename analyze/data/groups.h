/* Results that are equal in the facets that a verb asks for, in natural order of these. Everything in the arena. */
#ifndef ANALYZE_DATA_GROUPS_H
#define ANALYZE_DATA_GROUPS_H

#include "analyze/data/evidence.h"
#include "analyze/data/facets.h"

#define GROUP_FACETS_MAX 16

struct result_group {
    const char *values[GROUP_FACETS_MAX]; /* of the facets asked for; "" = not stated */
    const struct result *const *results;  /* in the order of the set: submission, run, measurement */
    size_t count;
};
struct group_list {
    const char *const *facets;
    size_t facet_count;
    struct result_group *items;
    size_t count;
};

/* Results that are usable (of files) or count (of the database) and pass the selection (NULL = all). */
int groups_of(const struct result_set *set, const struct selection *selection, const char *const *facets,
              size_t facet_count, struct arena *arena, struct group_list *ret, struct err *err) must_check;
/* The value of a facet; "" when it was not asked for. */
const char *group_value(const struct group_list *list, const struct result_group *group, const char *facet);
/* The evidence of one metric within a group; its value is NAN when the group lacks it. */
int group_metric(const struct result_group *group, const char *metric, struct arena *arena, struct evidence *ret,
                 struct err *err) must_check;

#endif
