#include "analyze/data/groups.h"

#include <stdlib.h>
#include <string.h>

#include "schema/base/str.h"

struct keyed {
    const char *values[GROUP_FACETS_MAX];
    const struct result *result;
};

static int compare_values(const struct keyed *a, const struct keyed *b)
{
    for (size_t i = 0; i < GROUP_FACETS_MAX && a->values[i] != NULL; i++) {
        const int natural = text_compare_natural(a->values[i], b->values[i]);
        const int order = natural != 0 ? natural : strcmp(a->values[i], b->values[i]);

        if (order != 0)
            return order;
    }
    return 0;
}

static int compare_keyed(const void *left, const void *right)
{
    const struct keyed *a = left, *b = right;
    const int order = compare_values(a, b);

    return order != 0 ? order : (a->result > b->result) - (a->result < b->result);
}

static bool takes_part(const struct result_set *set, const struct result *result)
{
    return set->file_count > 0 ? result_is_usable(set, result) : result_counts(set, result);
}

static size_t collect(const struct result_set *set, const struct selection *selection, const char *const *facets,
                      size_t facet_count, struct arena *arena, struct keyed *items)
{
    size_t count = 0;

    for (size_t i = 0; i < set->result_count; i++) {
        const struct result *result = &set->results[i];

        if (!takes_part(set, result) || (selection != NULL && !selection_passes(set, selection, result, arena)))
            continue;
        items[count] = (struct keyed){.result = result};
        for (size_t facet = 0; facet < facet_count; facet++)
            items[count].values[facet] = facet_of(set, result, facets[facet], arena);
        count++;
    }
    return count;
}

int groups_of(const struct result_set *set, const struct selection *selection, const char *const *facets,
              size_t facet_count, struct arena *arena, struct group_list *ret, struct err *err)
{
    struct keyed *items = arena_alloc(arena, set->result_count + 1, sizeof(*items));
    const struct result **results = arena_alloc(arena, set->result_count + 1, sizeof(*results));
    struct group_list list = {facets, facet_count, arena_alloc(arena, set->result_count + 1, sizeof(*list.items)), 0};

    if (items == NULL || results == NULL || list.items == NULL)
        return arena_check(arena, err);
    const size_t count = collect(set, selection, facets, facet_count, arena, items);

    if (count > 1)
        qsort(items, count, sizeof(*items), compare_keyed);
    for (size_t i = 0; i < count; i++) {
        results[i] = items[i].result;
        if (i == 0 || compare_values(&items[i - 1], &items[i]) != 0) {
            struct result_group *group = &list.items[list.count++];

            *group = (struct result_group){.results = &results[i]};
            memcpy(group->values, items[i].values, sizeof(group->values));
        }
        list.items[list.count - 1].count++;
    }
    *ret = list;
    return arena_check(arena, err);
}

const char *group_value(const struct group_list *list, const struct result_group *group, const char *facet)
{
    for (size_t i = 0; i < list->facet_count; i++)
        if (text_equal(list->facets[i], facet))
            return group->values[i];
    return "";
}

int group_metric(const struct result_group *group, const char *metric, struct arena *arena, struct evidence *ret,
                 struct err *err)
{
    const struct result **results = arena_alloc(arena, group->count + 1, sizeof(*results));
    size_t count = 0;

    if (results == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < group->count; i++)
        if (text_equal(group->results[i]->measure->metric, metric))
            results[count++] = group->results[i];
    return evidence_of(results, count, arena, ret, err);
}
