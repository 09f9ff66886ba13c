/* Small submissions for the tests of the followers, and what became of them. */
#ifndef TESTS_DB_JUDGE_SAMPLE_H
#define TESTS_DB_JUDGE_SAMPLE_H

#include <stdbool.h>

#include "collector/follow/judge.h"
#include "collector/follow/observe.h"
#include "collector/follow/summarise.h"
#include "collector/intake/intake.h"
#include "schema/proof/hash.h"
#include "tests/db/db_harness.h"

#define NOW INT64_C(1763712000123456)

struct thing {
    int number, original, workloads, contributor;
    const char *chip;
    double value;
    bool quarantined; /* the policy holds what nobody proved */
};

/* Its original is one that no reader is for. */
struct sha256 store(struct db *db, const struct thing *thing);
/* The same, of a contributor who can prove that it is his, with a name of the model of his own; each may be NULL. Never
 * fails the test: for processes beside it. */
struct thing_own {
    const unsigned char *secret; /* 32 bytes */
    const char *model;
};
int store_own(struct db *db, const struct thing *thing, const struct thing_own *own, struct sha256 *ret,
              struct err *err) must_check;
/* The bundle that crosschip-submit makes of an output, with the key of client number `client`. */
void pack_file(struct buf *into, const char *path, int client);
struct sha256 store_bytes(struct db *db, const struct buf *bundle, enum intake_anonymous anonymous);
/* Both; client 0 sends without a name. */
void store_file(struct db *db, const char *path, int client);
/* A moderator's action; where the state forbids it nothing happens. */
void decide(struct db *db, const struct sha256 *id, const char *action);
/* Until nothing waits: verdicts are events that have to be sealed as well. */
void follow(struct db *db);
/* "accepted", and the rule of the last decision ("" = none). */
void expect(struct db *db, const struct sha256 *id, const char *state, const char *rule);
/* The reason of the last decision holds these words. */
void expect_reason(struct db *db, const struct sha256 *id, const char *words);
/* The log has no gap and no repeat, and every state is the fold of its events. */
void expect_verified(struct db *db);

#endif
