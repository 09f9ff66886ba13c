/* A comparison as a table for people, CSV and JSON. */
#ifndef ANALYZE_REPORT_COLUMNS_H
#define ANALYZE_REPORT_COLUMNS_H

#include "analyze/data/comparison.h"
#include "schema/text/table.h"

enum row_order { ORDER_VALUE, ORDER_NATURAL };

/* Fills *ret (not initialised before; give it to table_done). Rank only by value. People see the main metrics, CSV and
 * JSON all of them. */
int columns_table(const struct comparison *comparison, enum row_order order, struct table *ret,
                  struct err *err) must_check;
/* Whether factors are shown to people. */
bool columns_have_factors(const struct comparison *comparison);
/* "memory_bandwidth_gb_s": metric and unit as a key. */
void columns_metric_key(const struct comparison_metric *metric, struct buf *into);

#endif
