/* The results of each side of a comparison by cell, and which of them are of work that sides share. Only for
 * side_rows.c and side_cells.c. */
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
    struct side_evidence *kept;    /* where its evidence is kept (side_cells); NULL = it is made each time */
};
struct side_items {
    struct side_item *items; /* in the arena */
    size_t count;
};

/* What can be on a side, in the order of the set. */
struct side_candidate {
    const struct result *result;
    size_t side;
};
struct side_candidates {
    struct side_candidate *items;
    size_t count, capacity;
};
void side_candidates_done(struct side_candidates *candidates);
#define autocandidates cleanup(side_candidates_done)
int side_candidates_add(struct side_candidates *candidates, const struct result *result, size_t side,
                        struct err *err) must_check;
/* The candidates by cell and side. */
int side_items_of(const struct result_set *set, const struct side_candidates *candidates, struct arena *arena,
                  struct side_items *ret, struct err *err) must_check;
/* Marks those of work that sides do not share. */
int side_items_set_apart(struct side_items *items, struct err *err) must_check;

/* Where the evidence of a cell is kept. */
struct side_evidence {
    struct arena *arena; /* its own, which lives as long */
    bool known;
    struct evidence evidence;
};
/* As sides_compare, of what was gathered; `items` are changed and put in order. */
int side_items_compare(struct side_items *items, const struct side_list *sides, struct draws *draws,
                       struct arena *arena, struct side_rows *ret, struct err *err) must_check;

bool sides_chosen_by(const struct side_list *sides, const char *facet);
int side_items_collect(const struct result_set *set, const struct side_list *sides, struct arena *arena,
                       struct side_items *ret, struct err *err) must_check;

#endif
