/* The log in the database: its head, its proofs, and the sealer that appends to it.
 *
 * Every change of a submission writes a row of pending_event in its own transaction. The sealer takes them, about
 * once a second, into log_entry: numbered without a gap, hashed into a Merkle tree, under the lock of the one row of
 * log_head. Any number of collectors may run one: who does not get the lock leaves it to the other.
 * A struct db belongs to the caller. Errors: those of db.h; ERR_INTERNAL when stored rows contradict each other. */
#ifndef COLLECTOR_FOLLOW_LOG_H
#define COLLECTOR_FOLLOW_LOG_H

#include "schema/db/db.h"
#include "schema/proof/log.h"
#include "schema/proof/merkle.h"

int log_read_head(struct db *db, struct log_head *ret, struct err *err) must_check;

/* Where complete subtrees of `epoch` are read; the pointers must live as long as it is used. */
struct log_tree {
    struct db *db;
    int epoch;
};
struct merkle_nodes log_nodes(struct log_tree *tree);

/* Index of an event (revision 0: the newest of the submission) in the epoch. ERR_NOT_FOUND while it is not sealed. */
int log_find(struct db *db, int epoch, const unsigned char submission_id[16], int revision, uint64_t *ret_index,
             int *ret_revision, struct err *err) must_check;

/* An entry from a row of kind, content_hash, revision, at, detail. */
int log_entry_of_row(const struct db_result *rows, size_t row, struct log_entry *ret, struct err *err) must_check;

#define SEAL_BATCH_MOST 4096

/* What a sealer keeps between its rounds: the right edge of the tree. Zeroed at first. */
struct published;
struct sealer {
    struct published *published; /* given; nothing is appended to a log that does not continue it; NULL = not checked */
    int epoch;
    struct merkle_frontier edge;
};

struct sealing {
    size_t entries; /* moved into the log now */
    bool held;      /* somebody else seals at this moment */
    struct log_head head;
};

/* One round in one transaction: at most SEAL_BATCH_MOST events. `now_us` becomes the time of the head unless that
 * is later already. */
int log_seal(struct db *db, struct sealer *sealer, int64_t now_us, struct sealing *ret, struct err *err) must_check;

#endif
