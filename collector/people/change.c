#include "collector/people/change.h"

#include "collector/intake/statements.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"

/* The codes of schema/sql/0003_people.sql as ours; its words are for people. */
static int name_refusal(int code, struct err *err)
{
    static const struct {
        const char *sqlstate;
        enum err_code code;
    } refusals[] = {
        {"CR404", ERR_NOT_FOUND}, {"CR410", ERR_GONE}, {"CR403", ERR_NOT_ALLOWED},
        {"CR409", ERR_DATA},      {"CR422", ERR_DATA},
    };
    for (size_t i = 0; err != NULL && i < ARRAY_LENGTH(refusals); i++) {
        if (db_sqlstate_is(err, refusals[i].sqlstate)) {
            err->code = refusals[i].code;
            return -(int)err->code;
        }
    }
    return code;
}

/* One statement in a transaction of its own, so that a doubtful COMMIT is noticed. */
static int run(struct db *db, const char *sql, const struct db_values *values, struct db_result **ret, struct err *err)
{
    autoresult struct db_result *result = NULL;
    int code = db_begin(db, DB_READ_COMMITTED, err);
    if (code == 0) {
        code = db_query(db, statement(sql), values, &result, err);
    }
    if (code == 0 && db_rows(result) != 1) {
        code = err_set(err, ERR_INTERNAL, "the database gave no row for a change");
    }
    if (code == 0) {
        code = db_commit(db, err);
    }
    if (code != 0) {
        db_rollback(db);
        return name_refusal(code, err);
    }
    *ret = TAKE_PTR(result);
    return 0;
}

int change_withdraw(struct db *db, const struct sha256 *id, const unsigned char secret[32], const char *token_id,
                    int64_t now_us, struct change *ret, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *result = NULL;
    db_put_uuid(&values, id->bytes);
    db_put_bytea(&values, id->bytes, sizeof id->bytes);
    if (secret != NULL) {
        struct sha256 commitment = sha256_of(secret, 32);
        db_put_bytea(&values, commitment.bytes, sizeof commitment.bytes);
    } else {
        db_put_null(&values, DB_BYTEA);
    }
    db_put_text(&values, token_id);
    db_put_timestamptz(&values, now_us);
    db_put_bytea(&values, secret, secret != NULL ? 32 : 0);
    int code = run(db, "submission_withdraw", &values, &result, err);
    if (code == 0) {
        *ret = (struct change){.revision = (int)db_int64(result, 0, 1), .at_us = db_timestamptz(result, 0, 2)};
        text_copy(ret->state, sizeof ret->state, db_text(result, 0, 0));
    }
    return code;
}

int change_moderate(struct db *db, const struct sha256 *id, const struct decision *decision, int64_t now_us,
                    struct change *ret, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *result = NULL;
    db_put_uuid(&values, id->bytes);
    db_put_text(&values, decision->action);
    db_put_text(&values, decision->actor);
    db_put_text(&values, decision->rule);
    db_put_text(&values, decision->reason);
    db_put_timestamptz(&values, now_us);
    int code = run(db, "submission_moderate", &values, &result, err);
    if (code == 0) {
        *ret = (struct change){.revision = (int)db_int64(result, 0, 1), .at_us = now_us};
        text_copy(ret->state, sizeof ret->state, db_text(result, 0, 0));
    }
    return code;
}
