/* Where a follower of the log goes on, and exactly once: the row with its place is locked, and changed in the
 * transaction of what it writes. Any number of collectors may run it; who does not get the row leaves it to the other.
 * An epoch that follows begins at its first entry: followers bear to meet an event again. */
#ifndef COLLECTOR_FOLLOW_POSITION_H
#define COLLECTOR_FOLLOW_POSITION_H

#include "collector/follow/log.h"

#define FOLLOWER_JUDGE "judge"
#define FOLLOWER_OBSERVE "observe"
#define FOLLOWER_SUMMARISE "summarise"

/* A piece of the log: entries from `first` on, before `end`. */
struct piece {
    bool held; /* somebody else is at it */
    int epoch;
    uint64_t first, end;
    uint64_t behind; /* entries after `end` that wait */
};

/* Begins a transaction with the next piece, at most `most` entries. `not_beyond` names a follower that must have gone
 * through them; NULL = the head of the log. An empty piece is possible: first == end. The caller ends the transaction
 * with piece_commit or db_rollback. */
int piece_begin(struct db *db, const char *name, const char *not_beyond, uint64_t most, struct piece *ret,
                struct err *err) must_check;
/* Holds the place of another follower as well, until the end of the transaction; ret->held when somebody else does. */
int piece_hold(struct db *db, const char *name, struct piece *ret, struct err *err) must_check;
/* Moves the place to the end of the piece; and commits. */
int piece_move(struct db *db, const char *name, const struct piece *piece, struct err *err) must_check;
int piece_commit(struct db *db, const char *name, const struct piece *piece, struct err *err) must_check;
/* $1 epoch, $2 first, $3 end: the parameters of most statements about a piece. */
void piece_put(struct db_values *values, const struct piece *piece);
/* Where a group of submissions ends that begins with row `first`: their documents, whose sizes stand in `column`, have
 * at most 4 MiB together, or it is one alone. Only rows of one group are in memory at once. */
size_t piece_group(const struct db_result *submissions, size_t first, int column);

#endif
