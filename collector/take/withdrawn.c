#include "collector/take/withdrawn.h"

#include <string.h>

#include "collector/intake/statements.h"
#include "collector/people/change.h"
#include "schema/base/clock.h"

static void put_proof(struct db_values *values, const struct sha256 *id, const unsigned char *secret)
{
    db_put_uuid(values, id->bytes);
    db_put_bytea(values, id->bytes, sizeof id->bytes);
    db_put_bytea(values, secret, 32);
}

/* Notes those that wait; *ret: the places of the others. */
static int note(struct db *db, const char *url, const struct withdrawn *list, size_t count, struct db_result **ret,
                struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    db_put_text(&values, url);
    db_array_begin(&values, DB_BYTEA);
    for (size_t i = 0; i < count; i++) {
        db_put_bytea(&values, list[i].id.bytes, sizeof list[i].id.bytes);
    }
    db_array_end(&values);
    db_array_begin(&values, DB_BYTEA);
    for (size_t i = 0; i < count; i++) {
        db_put_bytea(&values, list[i].secret, sizeof list[i].secret);
    }
    db_array_end(&values);
    db_array_begin(&values, DB_INT32);
    for (size_t i = 0; i < count; i++) {
        db_put_int32(&values, list[i].hops);
    }
    db_array_end(&values);
    return db_query(db, statement("withdrawn_ahead_note"), &values, ret, err);
}

int withdrawn_take(struct db *db, const char *url, const struct withdrawn *list, size_t count, uint64_t *done,
                   struct err *err)
{
    autoresult struct db_result *here = NULL;
    int code = count > 0 ? note(db, url, list, count, &here, err) : 0;
    for (size_t row = 0; code == 0 && here != NULL && row < db_rows(here); row++) {
        struct change change;
        const struct withdrawn *one = &list[db_int64(here, row, 0) - 1];
        code = change_withdraw(db, &one->id, one->secret, NULL, clock_wall_us(), &change, err);
        *done += code == 0 ? 1 : 0;
        if (code == -(int)ERR_GONE || code == -(int)ERR_NOT_ALLOWED) {
            code = 0;
        }
    }
    return code;
}

int withdrawn_late(struct db *db, uint64_t *count, struct err *err)
{
    autoresult struct db_result *due = NULL;
    int code = db_query(db, statement("withdrawn_ahead_due"), NULL, &due, err);
    for (size_t row = 0; code == 0 && row < db_rows(due); row++) {
        autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
        struct change change;
        struct sha256 id;
        unsigned char secret[32];
        memcpy(id.bytes, db_bytes(due, row, 0).data, sizeof id.bytes); /* CHECKs have these lengths */
        memcpy(secret, db_bytes(due, row, 1).data, sizeof secret);
        code = change_withdraw(db, &id, secret, NULL, clock_wall_us(), &change, err);
        *count += code == 0 ? 1 : 0;
        if (code == 0 || code == -(int)ERR_NOT_ALLOWED) {
            put_proof(&values, &id, secret);
            code = db_query(db, statement("withdrawn_ahead_done"), &values, NULL, err);
        } else if (code == -(int)ERR_GONE) {
            code = 0; /* deleted meanwhile */
        }
    }
    return code;
}

int withdrawn_trim(struct db *db, const char *url, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    db_put_text(&values, url);
    db_put_int32(&values, WITHDRAWN_KEPT);
    return db_query(db, statement("withdrawn_ahead_trim"), &values, NULL, err);
}
