/* A comparison of sides as a table, with the lines that belong below it. */
#ifndef ANALYZE_REPORT_SIDE_TABLE_H
#define ANALYZE_REPORT_SIDE_TABLE_H

#include "analyze/data/sides.h"
#include "schema/text/table.h"

/* Fills *ret (not initialised before; give it to table_done). `set`: what the rows were made of. */
int side_table(const struct result_set *set, const struct side_rows *rows, const struct side_list *sides,
               struct table *ret, struct err *err) must_check;
/* "The sides differ in chip: M1, M2." as notes, a line for each property that is compared. */
void side_table_compared(const struct side_rows *rows, size_t sides, struct table *table);
/* Says of each side whether it is made of the runs of the first, or may be: figures equal to rounding. */
void side_table_same(const struct result_set *set, const struct side_rows *rows, const struct side_list *sides,
                     struct table *table);
/* Geometric mean of a side's ratios over all rows of one metric that have one; NAN with fewer than two. */
double side_geometric_mean(const struct side_rows *rows, size_t side, const char *metric, size_t *ret_count);

/* What a guide says to expect of a change, beside what was measured, as a sentence; false = no guide speaks of it.
 * `compared` and the values are those of side_rows. */
bool expectation_say(const struct side_rows *rows, size_t side, const struct side_row *row, struct buf *into);

#endif
