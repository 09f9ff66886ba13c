/* Nested values laid out for drawing from them again and again. Inside of schema/stats. */
#ifndef SCHEMA_STATS_NESTED_TREE_H
#define SCHEMA_STATS_NESTED_TREE_H

#include <stdbool.h>

#include "schema/stats/nested.h"
#include "schema/stats/random.h"

/* values of device d: value[first_value[d] … first_value[d + 1]); devices of contributor c likewise.
 * Owns its arrays (nested_tree_done). */
struct nested_tree {
    size_t values, devices, contributors;
    double *value;
    size_t *first_value, *first_device;
    double *drawn, *device_figures, *contributor_figures; /* room for one replicate */
    bool flat; /* only one level has several members: `sorted` holds their values, that of value[i] at place rank[i] */
    double *sorted;
    size_t *rank, *times; /* how often each place was drawn in this replicate */
};

/* Sorts `values`. ERR_NOTHING when there are none. */
int nested_tree_of(struct nested_value *values, size_t count, struct nested_tree *ret, struct err *err) must_check;
void nested_tree_done(struct nested_tree *tree);
/* Members of the highest level that has more than one. */
size_t nested_tree_members(const struct nested_tree *tree);
/* The nested median of values drawn with replacement at each level: contributors, then devices of each, then
 * submissions of each. */
double nested_tree_draw(struct nested_tree *tree, struct random_stream *stream);

#endif
