/* The results of each side of a comparison by cell, and which of them are of work that sides share. Only for
 * side_rows.c. */
#ifndef ANALYZE_DATA_SIDE_ITEMS_H
#define ANALYZE_DATA_SIDE_ITEMS_H

#include "analyze/data/sides.h"

enum { SIDE_KEYS = 12 };
/* What describes the work, in the order of the rows. The chip belongs to it: two machines are compared only where
 * they are what differs. */
extern const char *const side_keys[SIDE_KEYS];

/* The results of one side in one cell: all have the same values, which are looked at once. */
struct side_item {
    const struct result **results; /* in the order of the set */
    size_t count, side;
    const char *values[SIDE_KEYS]; /* of side_keys; "" for what is not stated */
    bool apart;                    /* sides share work, and what was run here stands on this one alone */
};
struct side_items {
    struct side_item *items; /* in the arena, by first result and side */
    size_t count;
};

bool sides_chosen_by(const struct side_list *sides, const char *facet);
int side_items_collect(const struct result_set *set, const struct side_list *sides, struct arena *arena,
                       struct side_items *ret, struct err *err) must_check;

#endif
