/* What a result is, by name: the dimensions that people select, group and pair by.
 *
 *   tool version chip chip_variant count vendor kind family generation tier model quantization backend mode task
 *   category parameters variant setup metric os driver device submission format file date contributor
 *   setup.NAME parameter.NAME label.NAME       one item of these lists
 *   title change                               short for label.title and label.change */
#ifndef ANALYZE_DATA_FACETS_H
#define ANALYZE_DATA_FACETS_H

#include "analyze/data/result_set.h"

/* ERR_USAGE with the names that there are. */
int facet_check(const char *name, struct err *err) must_check;
/* The value of an item of a list as people read it: "yes", "512"; "" = not there. */
const char *facet_parameter(const struct parameter_list *list, const char *name, struct arena *arena);
/* Its text; "" where the result does not state it. Made in `arena` where it is not stored as text. */
const char *facet_of(const struct result_set *set, const struct result *result, const char *name, struct arena *arena);
/* A facet with the value that a user wrote, which is looked up in the catalogue once: canonical names of chips, models
 * and quantisations count, case does not; a submission may be named by the beginning of its id, with or without
 * "sha256:". Borrows both texts. */
struct facet_choice {
    const char *name, *value;
    const char *canonical, *canonical_variant; /* NULL = the catalogue knows none */
};
struct facet_choice facet_choose(const char *name, const char *value);
bool facet_is(const struct result_set *set, const struct result *result, const struct facet_choice *choice,
              struct arena *arena);
/* A name that may mean several chips: a hint with them, and true. */
bool facet_hint_chips(const char *name, struct err *err);

/* The values of a facet that are there, nearest to what was asked for first, as a hint; err keeps its code. */
int facet_hint_values(const struct result_set *set, const char *name, const char *wanted, struct err *err);

/* ---- selections: all of several facets; several values of one facet are alternatives */
struct selection {
    const struct facet_choice *items;
    size_t count;
    int64_t since_us, before_us; /* from the first on, before the second; TIME_UNKNOWN = any, and results without a
                                    time do not pass where one is given */
};
bool selection_passes(const struct result_set *set, const struct selection *selection, const struct result *result,
                      struct arena *arena);
/* Drops the results that do not pass; a set that was finished stays in its order. ERR_NOTHING when none is left, with
 * the part that nothing passes. */
int selection_keep(struct result_set *set, const struct selection *selection, struct err *err) must_check;
/* Reads "key=value[,key=value…]" into items of `arena`. ERR_USAGE. */
int selection_parse(const char *text, struct arena *arena, struct selection *ret, struct err *err) must_check;
/* The part of the selection that no result of the set passes, with the nearest values that are there: fills err with
 * ERR_NOTHING. When each part alone finds something: says that they do so only apart. */
int selection_explain(const struct result_set *set, const struct selection *selection, struct err *err);

#endif
