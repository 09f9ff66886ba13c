/* What becomes of a submission after intake: withdrawn or claimed by its contributor, accepted,
 * rejected, withdrawn, deleted or put back by a moderator.
 *
 * Every change is one call of a function of the database (schema/sql/0003_people.sql, 0010_own.sql):
 * state, revision, event and audit row in one transaction under the row's lock. */
#ifndef COLLECTOR_PEOPLE_CHANGE_H
#define COLLECTOR_PEOPLE_CHANGE_H

#include <stdint.h>

#include "collector/people/token.h"
#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/db/db.h"
#include "schema/proof/hash.h"

struct change {
    char state[16]; /* after it */
    int revision;
    int64_t at_us; /* of a withdrawal: when its payload went */
};

/* `secret` (the 32 bytes that the contributor shows) or `token_id` (of a token that was proved) may be NULL. The same
 * again is no error. ERR_NOT_FOUND, ERR_GONE when deleted, ERR_NOT_ALLOWED when it is not theirs. */
int change_withdraw(struct db *db, const struct sha256 *id, const unsigned char secret[32], const char *token_id,
                    int64_t now_us, struct change *ret, struct err *err) must_check;

#define CHANGE_NAME_SIZE 129
/* Puts the name of a token's contributor to a submission whose secret is shown, whoever sent it; *ret_name is that
 * name. The same again is no error. ERR_NOT_FOUND, ERR_GONE when withdrawn or deleted, ERR_NOT_ALLOWED. */
int change_claim(struct db *db, const struct sha256 *id, const unsigned char secret[32],
                 const struct token_facts *token, int64_t now_us, char ret_name[CHANGE_NAME_SIZE],
                 struct err *err) must_check;

struct decision {
    const char *action; /* accept, reject, withdraw, delete, undo */
    const char *actor;  /* begins with moderator: or token: */
    const char *rule;   /* may be NULL */
    const char *reason;
};
/* ERR_NOT_FOUND; ERR_DATA without a reason, or when the state does not allow it. */
int change_moderate(struct db *db, const struct sha256 *id, const struct decision *decision, int64_t now_us,
                    struct change *ret, struct err *err) must_check;

#endif
