#include "collector/intake/intake.h"

#include <stdlib.h>
#include <string.h>

#include "collector/intake/statements.h"
#include "schema/base/mem.h"
#include "schema/db/db.h"
#include "schema/proof/hash.h"

void submission_view_done(struct submission_view *view)
{
    free(view->findings);
    free(view->verdicts);
    view->findings = view->verdicts = NULL;
}

static int query_by_id(struct db *db, const char *sql, const char *id, struct db_result **ret, struct err *err)
{
    unsigned char hash[32];
    if (!intake_id_parse(id, hash)) {
        return err_set(err, ERR_SYNTAX, "an id is sha256: and 64 lower-case hex digits");
    }
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    db_put_uuid(&values, hash);
    db_put_bytea(&values, hash, sizeof hash);
    autoresult struct db_result *result = NULL;
    int code = db_query(db, statement(sql), &values, &result, err);
    if (code != 0) {
        return code;
    }
    if (db_rows(result) == 0) {
        return err_set(err, ERR_NOT_FOUND, "no submission has this id");
    }
    *ret = TAKE_PTR(result);
    return 0;
}

static void take_id(const struct db_result *result, int column, char target[INTAKE_ID_SIZE])
{
    struct sha256 hash;
    target[0] = '\0';
    if (!db_is_null(result, 0, column)) {
        memcpy(hash.bytes, db_bytes(result, 0, column).data, sizeof hash.bytes); /* a CHECK has its length */
        (void)sha256_id(target, &hash);
    }
}

int intake_view(struct db *db, const char *id, struct submission_view *ret, struct err *err)
{
    autoresult struct db_result *result = NULL;
    int code = query_by_id(db, "submission_view", id, &result, err);
    if (code != 0) {
        return code;
    }
    struct submission_view view = {0};
    text_copy(view.id, sizeof view.id, id);
    text_copy(view.state, sizeof view.state, db_text(result, 0, 0));
    view.received_at_us = db_timestamptz(result, 0, 1);
    text_copy(view.flags, sizeof view.flags, db_text(result, 0, 2));
    if (!db_is_null(result, 0, 3)) {
        view.findings = mem_strdup(db_text(result, 0, 3));
    }
    view.verdicts = mem_strdup(db_text(result, 0, 8));
    if (view.verdicts == NULL || (view.findings == NULL && !db_is_null(result, 0, 3))) {
        submission_view_done(&view);
        return mem_error(err);
    }
    view.runs = db_int64(result, 0, 4);
    view.measurements = db_int64(result, 0, 5);
    take_id(result, 6, view.replaces);
    take_id(result, 7, view.replaced_by);
    *ret = view;
    return 0;
}

int intake_raw(struct db *db, const char *id, struct buf *into, struct err *err)
{
    autoresult struct db_result *result = NULL;
    int code = query_by_id(db, "submission_raw", id, &result, err);
    if (code != 0) {
        return code;
    }
    if (db_is_null(result, 0, 1)) {
        return err_set(err, ERR_GONE, "the bytes of this submission were erased");
    }
    if (!text_equal(db_text(result, 0, 0), "accepted")) {
        return err_set(err, ERR_NOT_FOUND, "only accepted submissions are shown");
    }
    struct str raw = db_bytes(result, 0, 1);
    buf_add(into, raw.data, raw.len);
    return buf_check(into, err);
}
