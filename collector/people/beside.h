/* The figures of a submission beside what others have shown: how steady its device is, and where contributors lie. */
#ifndef COLLECTOR_PEOPLE_BESIDE_H
#define COLLECTOR_PEOPLE_BESIDE_H

#include "schema/db/db.h"
#include "schema/text/table.h"

/* Fills an empty table from the rows of moderate_repeats.sql and moderate_shown.sql. For each figure: how many other
 * submissions the same device has, their median and noise (1.4826 × the median absolute deviation of logarithms, as
 * percent: schema/stats/spread.h); how many other contributors who proved who they are have shown it, one value of
 * each, the middle of these, their spread, and the figure as a multiple of the middle. */
int beside_fill(struct table *table, const struct db_result *figures, const struct db_result *shown,
                struct err *err) must_check;

#endif
