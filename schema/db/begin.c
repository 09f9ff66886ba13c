/* BEGIN on its way with the first statement of its transaction: libpq's pipeline, one round trip for both. */
#include "schema/db/private.h"

#include <stdio.h>

static int send_settings(struct db *db, struct err *err)
{
    char settings[DB_SETTINGS_SIZE];
    db_transaction_settings(db, settings, sizeof settings);
    return db_send(db, settings, NULL, err);
}

static int send_begin(struct db *db, struct err *err)
{
    const int code = db_send(db, "begin isolation level read committed", NULL, err);
    return code < 0 || db->options.direct ? code : send_settings(db, err);
}

/* Results of all statements up to the synchronisation point; *ret is that of the last one, or of the first that failed.
 */
static int collect(struct db *db, PGresult **ret, struct err *err)
{
    for (;;) {
        PGresult *next = NULL;
        const int code = db_next_result(db, &next, err);
        if (code < 0) {
            return code;
        }
        const ExecStatusType status = PQresultStatus(next);
        if (next == NULL && PQstatus(db->connection) == CONNECTION_BAD) {
            return db_fail_lost(db, err);
        }
        if (status == PGRES_PIPELINE_SYNC) {
            PQclear(next);
            return 0;
        }
        if (next != NULL && (*ret == NULL || db_result_is_good(*ret))) {
            PQclear(*ret);
            *ret = next;
        } else {
            PQclear(next);
        }
    }
}

static int send_all(struct db *db, const char *sql, size_t kept, const struct db_values *parameters, struct err *err)
{
    int code = send_begin(db, err);
    if (code == 0) {
        code = db_send_kept(db, sql, kept, parameters, err);
    }
    if (code == 0 && PQpipelineSync(db->connection) == 0) {
        code = db_fail_lost(db, err);
    }
    return code < 0 ? code : db_flush(db, err);
}

int db_begin_and_query(struct db *db, const char *sql, size_t kept, const struct db_values *parameters, PGresult **ret,
                       struct err *err)
{
    if (PQenterPipelineMode(db->connection) == 0) {
        return db_fail_lost(db, err);
    }
    PGresult *result = NULL;
    int code = send_all(db, sql, kept, parameters, err);
    if (code == 0) {
        code = collect(db, &result, err);
    }
    if (code == 0 && PQexitPipelineMode(db->connection) == 0) {
        code = db_fail_lost(db, err);
    }
    if (code == 0 && !db_result_is_good(result)) {
        code = db_fail(db, result, err);
    }
    if (code == 0) {
        db->affected = db_affected_by(result);
        *ret = result;
        return 0;
    }
    PQclear(result);
    /* What was sent in part cannot be taken back. */
    if (db->connection != NULL && PQpipelineStatus(db->connection) != PQ_PIPELINE_OFF) {
        db_drop(db);
    }
    return code;
}
