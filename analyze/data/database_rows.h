/* Rows of a collector's database as a result set: narrow rows of each table, joined here by their keys. For this room.
 */
#ifndef ANALYZE_DATA_DATABASE_ROWS_H
#define ANALYZE_DATA_DATABASE_ROWS_H

#include "analyze/data/result_set.h"
#include "schema/db/db.h"

/* All submissions, runs and results, within the transaction that is open; calls result_set_finish. `values_only`: the
 * results have no figures but their value and n, except where one is alone in its cell. */
int database_rows_load(struct db *db, bool values_only, struct result_set *set, struct err *err) must_check;

#endif
