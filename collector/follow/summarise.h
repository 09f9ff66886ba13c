/* The follower that makes figures of devices and finished cells from what was observed.
 *
 * It takes what stands in `dirty_figure`: the figure of that device in that cell is made anew from its observations,
 * then the cell from the figures of its devices, by the functions that analyze goes through (schema/stats/figure.h). So
 * a cell equals what analyze computes from the rows of the same submissions, bit for bit, and the cost of one more
 * submission is that of its devices and cells, not of the history. Its place says up to where of the log all is
 * summarised: it moves when nothing is left to do, to where observe stands; the two never run at the same time, on
 * however many collectors. */
#ifndef COLLECTOR_FOLLOW_SUMMARISE_H
#define COLLECTOR_FOLLOW_SUMMARISE_H

#include "collector/follow/position.h"

#define SUMMARISE_MOST 256 /* figures of devices in one transaction */

/* `behind` of *ret: entries that observe went through and that are not summarised yet. */
int summarise_round(struct db *db, struct piece *ret, struct err *err) must_check;
/* The same inside a transaction of the caller, who holds the places; *ret_taken: how many figures. */
int summarise_some(struct db *db, size_t *ret_taken, struct err *err) must_check;

/* Entries of the log that are not summarised yet. */
int summarise_lag(struct db *db, uint64_t *ret, struct err *err) must_check;

#endif
