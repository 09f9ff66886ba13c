/* What is kept of another collector: its key, its newest head, and how far its feed was gone through. */
#ifndef COLLECTOR_TAKE_PEER_H
#define COLLECTOR_TAKE_PEER_H

#include "schema/db/db.h"
#include "schema/proof/log.h"
#include "schema/proof/merkle.h"

#define PEER_POLICY_SIZE 1024

struct peer {
    const char *url;
    char key_id[SIGN_KEY_ID_SIZE]; /* "" at the first visit */
    struct log_head head;
    char policy[PEER_POLICY_SIZE]; /* what is taken of it: one line */
    struct merkle_frontier edge;   /* over the entries that were taken; its size is the next index */
    int64_t next_told;             /* the last of the withdrawals that wait there which was read */
};

/* Fills all but url; a peer that is not known is left zeroed. */
int peer_load(struct db *db, struct peer *peer, struct err *err) must_check;
int peer_save(struct db *db, const struct peer *peer, int64_t now_us, struct err *err) must_check;
/* Notes what it decided; *ret_here tells whether the submission stands here. */
int peer_note(struct db *db, const struct peer *peer, const struct log_entry *entry, bool *ret_here,
              struct err *err) must_check;

/* Entries of the log of this database. */
int peer_own_size(struct db *db, uint64_t *ret, struct err *err) must_check;
/* ERR_USAGE when the head that `url` answered is of this database: signed by a key of its own, and between what its own
 * log had (own_size) before it was asked for and what it has now. */
int peer_check_other(struct db *db, const char *url, uint64_t own_size, const char *key_id, const struct log_head *head,
                     struct err *err) must_check;

#endif
