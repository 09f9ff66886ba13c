/* The follower that keeps the narrow rows which statistics are made from, and what they are called.
 *
 * Table `observation` holds what counts: measurements of accepted submissions, of each original only the first, none of
 * a run that failed. Each has the key of its cell (schema/bundle/cell.h), with the names that the catalogue and
 * people's aliases give now; when an alias changes (`dirty_series`), the submissions that hold the name are observed
 * again, a piece at a time (`dirty_submission`). It never goes beyond the judge. What summarise has to make anew stands
 * in `dirty_figure`. */
#ifndef COLLECTOR_FOLLOW_OBSERVE_H
#define COLLECTOR_FOLLOW_OBSERVE_H

#include "collector/follow/position.h"

/* One piece of the log in one transaction. */
int observe_round(struct db *db, struct piece *ret, struct err *err) must_check;
/* The same inside a transaction of the caller, who holds the place. */
int observe_piece(struct db *db, const struct piece *piece, struct err *err) must_check;

#endif
