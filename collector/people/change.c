#include "collector/people/change.h"

#include <string.h>

#include "collector/intake/refusal.h"
#include "collector/intake/statements.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/bundle/bundle.h"
#include "schema/bundle/keys.h"

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
        return refusal_code(code, err);
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
    char *event = code != 0 && err != NULL ? strstr(err->text, "cannot become released") : NULL;
    if (event != NULL) { /* the event that makes it accepted again */
        text_copy(event, sizeof err->text - (size_t)(event - err->text), "cannot become accepted");
    }
    if (code == 0) {
        *ret = (struct change){.revision = (int)db_int64(result, 0, 1), .at_us = now_us};
        text_copy(ret->state, sizeof ret->state, db_text(result, 0, 0));
    }
    return code;
}

static void put_proof(struct db_values *values, const struct sha256 *id, const unsigned char secret[32])
{
    db_put_uuid(values, id->bytes);
    db_put_bytea(values, id->bytes, sizeof id->bytes);
    db_put_bytea(values, secret, 32);
}

/* The key of its device, if `contributor` owns it: that of a device holds both. */
static int device_of(struct db *db, const struct sha256 *id, const unsigned char secret[32],
                     const uint8_t contributor[16], struct bundle_key *ret, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *result = NULL;
    autobundle struct bundle bundle = {0};
    struct bundle_key owner;
    put_proof(&values, id, secret);
    int code = db_query(db, statement("submission_own"), &values, &result, err);
    if (code == 0) {
        code = bundle_read(db_bytes(result, 0, 0), &bundle, err);
    }
    memcpy(owner.bytes, contributor, sizeof owner.bytes);
    return code != 0 ? code : bundle_device_key(owner, &bundle.reading->device, ret, err);
}

static int claim(struct db *db, const struct sha256 *id, const unsigned char secret[32],
                 const struct token_facts *token, int64_t now_us, char ret_name[CHANGE_NAME_SIZE], struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *result = NULL;
    struct bundle_key device;
    int code = device_of(db, id, secret, token->contributor_key, &device, err);
    if (code != 0) {
        return code;
    }
    put_proof(&values, id, secret);
    db_put_text(&values, token->id);
    db_put_uuid(&values, device.bytes);
    db_put_timestamptz(&values, now_us);
    code = db_query(db, statement("submission_claim"), &values, &result, err);
    if (code == 0) {
        text_copy(ret_name, CHANGE_NAME_SIZE, db_text(result, 0, 0));
    }
    return code;
}

int change_claim(struct db *db, const struct sha256 *id, const unsigned char secret[32],
                 const struct token_facts *token, int64_t now_us, char ret_name[CHANGE_NAME_SIZE], struct err *err)
{
    int code = db_begin(db, DB_READ_COMMITTED, err);
    if (code == 0) {
        code = claim(db, id, secret, token, now_us, ret_name, err);
    }
    if (code == 0) {
        code = db_commit(db, err);
    }
    if (code != 0) {
        db_rollback(db);
        return refusal_code(code, err);
    }
    return 0;
}
