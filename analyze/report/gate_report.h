/* What the regression gate found: for people, as a comment on a change, as JUnit XML. */
#ifndef ANALYZE_REPORT_GATE_REPORT_H
#define ANALYZE_REPORT_GATE_REPORT_H

#include "analyze/data/gate.h"
#include "schema/text/table.h"

/* Fills *ret (not initialised before; give it to table_done): the worst first. */
int gate_table(const struct result_set *set, const struct side_rows *rows, const struct gate *gate,
               const struct side_list *sides, struct table *ret, struct err *err) must_check;
/* "Held: 12 figures; 1 improved; 1 not judged", "Regressed: 2 of 14 figures; 12 held". */
void gate_headline(const struct gate *gate, struct buf *into);
/* One test case a row; regressed is a failure, not comparable an error, ignored and not judged skipped. What the sides
 * differ in are properties of the suite. */
void gate_junit(const struct side_rows *rows, const struct gate *gate, struct buf *into);

#endif
