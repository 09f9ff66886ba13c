/* What names mean by the decisions of the database's moderators, as the catalogue takes it. For this room. */
#ifndef ANALYZE_DATA_ALIASES_H
#define ANALYZE_DATA_ALIASES_H

#include "analyze/data/result_set.h"
#include "schema/db/db.h"

/* In the snapshot of the rows, and before any of them is read. */
int aliases_load(struct db *db, struct result_set *set, struct err *err) must_check;

#endif
