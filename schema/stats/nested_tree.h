/* Nested values laid out for drawing from them again and again. Inside of schema/stats. */
#ifndef SCHEMA_STATS_NESTED_TREE_H
#define SCHEMA_STATS_NESTED_TREE_H

#include <stdbool.h>

#include "schema/stats/nested.h"
#include "schema/stats/random.h"

/* The values of a device, or the devices of a contributor. */
struct nested_span {
    uint32_t first, count;
    uint32_t figures; /* where the places of its figures begin (nested_counted) */
    uint32_t lanes;   /* of a contributor: the figures that its devices can have */
};
/* All figures that the contributors can have, where they are few: drawing then only counts them.
 * figure: in ascending order. place: of each figure of a device, its lane among those of its contributor, but where
 * that has no other device; of each figure of a contributor, its place in `figure`. */
struct nested_counted {
    double *figure;
    uint32_t *place;
    size_t figures, places;
};
/* Fewer than 2^32 values. Owns its arrays (nested_tree_done). */
struct nested_tree {
    size_t values, devices, contributors;
    double *value; /* in ascending order inside of a device */
    struct nested_span *device, *contributor;
    struct nested_counted counted; /* figure is NULL: not counted */
};
/* Room for one replicate: of a thread. */
struct nested_scratch {
    double *device_figures, *contributor_figures;
    uint32_t *times; /* how often each place was drawn; zeros between replicates */
};

/* Sorts `values`. ERR_NOTHING when there are none. */
int nested_tree_of(struct nested_value *values, size_t count, struct nested_tree *ret, struct err *err) must_check;
void nested_tree_done(struct nested_tree *tree);
int nested_scratch_of(const struct nested_tree *tree, struct nested_scratch *ret, struct err *err) must_check;
void nested_scratch_done(struct nested_scratch *scratch);
/* Members of the highest level that has more than one. */
size_t nested_tree_members(const struct nested_tree *tree);
/* The nested median of values drawn with replacement at each level: contributors, then devices of each, then
 * submissions of each. */
double nested_tree_draw(const struct nested_tree *tree, const struct nested_scratch *scratch,
                        struct random_stream *stream);

#endif
