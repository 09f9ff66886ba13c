/* Whether the log is whole and its proofs hold, said by others than the code that made them: by SQL over what is
 * stored, and by tests/e2e/check_log.py, which folds trees by the recursive definition of RFC 9162 with the hashes of
 * Python. */
#ifndef TESTS_DB_LOG_CHECKS_H
#define TESTS_DB_LOG_CHECKS_H

#include "collector/follow/log.h"
#include "tests/db/db_harness.h"

/* No gap, no repeat; each submission has its revisions in order, from 1 to that of its row; its state is what its
 * newest event says. Nothing may wait for the sealer. */
void expect_log_whole(struct db *db);
/* Every entry of the log stands in its present tree, each of the `heads` that somebody kept is what it says and is
 * continued by it; some proofs by chance of `seed`. Another root is not proved by the same hashes. */
void expect_proofs(struct db *db, const struct log_head *heads, size_t count, uint64_t seed);

#endif
