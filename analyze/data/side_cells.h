/* The results of each list of runs by cell, with the evidence of each cell, kept while many pairs of lists are
 * compared: each list is looked at once, however many others it stands beside. */
#ifndef ANALYZE_DATA_SIDE_CELLS_H
#define ANALYZE_DATA_SIDE_CELLS_H

#include "analyze/data/run_lists.h"
#include "analyze/data/sides.h"

struct side_list_cells;
struct side_cells {
    const struct run_lists *lists; /* borrowed */
    struct side_list_cells *items; /* by number of the list */
    size_t results;                /* in all of them */
};
void side_cells_done(struct side_cells *cells);
#define autocells cleanup(side_cells_done)

/* As sides_compare, where side 0 has runs of the list `a` and side 1 of the list `b`. What the sides select by is one
 * value in each cell: chip, backend, tool, or what names the lists. */
int side_cells_compare(struct side_cells *cells, const char *a, const char *b, const struct side_list *sides,
                       struct draws *draws, struct arena *arena, struct side_rows *ret, struct err *err) must_check;

#endif
