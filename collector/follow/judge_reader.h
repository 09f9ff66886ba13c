/* The judge's rule reader_differs: the runs of a bundle must be those of the original beside it.
 *
 * Where the collector's reader is newer than the one that made the runs, its reading takes their place; elsewhere the
 * submission is quarantined with what differs. A bundle without an original, or with one that no reader here is for,
 * is left alone: its runs count as what they are, a statement. */
#ifndef COLLECTOR_FOLLOW_JUDGE_READER_H
#define COLLECTOR_FOLLOW_JUDGE_READER_H

#include "collector/follow/position.h"

#define JUDGE_READER_DIFFERS "reader_differs"

/* In the transaction of the piece, which has at most FOLLOW_PIECE_MOST entries. */
int judge_reader(struct db *db, const struct piece *piece, int64_t now_us, struct err *err) must_check;

#endif
