#include "schema/db/private.h"

int db_stream_begin(struct db *db, const char *sql, const struct db_values *parameters, struct err *err)
{
    int code = db_ready(db, err);
    if (code < 0) {
        return code;
    }
    db_start_clock(db);
    code = db_send(db, sql, parameters, err);
    if (code < 0) {
        return code;
    }
    if (PQsetSingleRowMode(db->connection) == 0) {
        db_drop(db);
        return db_fail_code(err, ERR_INTERNAL, "HY010", "the stream could not be begun");
    }
    db->mode = DB_MODE_STREAM;
    return db_flush(db, err);
}

/* Reads the rest of the statement, whose rows are over. */
static int finish(struct db *db, PGresult *last, struct err *err)
{
    int code = 0;
    if (PQresultStatus(last) != PGRES_TUPLES_OK && PQresultStatus(last) != PGRES_COMMAND_OK) {
        code = db_fail(db, last, err);
    }
    PQclear(last);
    if (db->connection == NULL) {
        return code;
    }
    db->mode = DB_MODE_IDLE;
    PGresult *rest = NULL;
    while (db_next_result(db, &rest, code < 0 ? NULL : err) == 0 && rest != NULL) {
        PQclear(rest);
        rest = NULL;
    }
    if (code == 0 && db->connection == NULL) {
        return -(int)ERR_SERVICE;
    }
    return code;
}

int db_stream_next(struct db *db, const struct db_result **ret_row, struct err *err)
{
    if (db->connection == NULL || db->mode != DB_MODE_STREAM) {
        return db_fail_code(err, ERR_INTERNAL, "HY010", "no stream is open");
    }
    db_start_clock(db);
    PQclear(db->row.result);
    db->row.result = NULL;
    PGresult *next = NULL;
    const int code = db_next_result(db, &next, err);
    if (code < 0) {
        return code;
    }
    if (next == NULL || PQresultStatus(next) != PGRES_SINGLE_TUPLE) {
        return finish(db, next, err);
    }
    db->row.result = next;
    *ret_row = &db->row;
    return 1;
}

void db_stream_end(struct db *db)
{
    if (db->connection == NULL || db->mode != DB_MODE_STREAM) {
        return;
    }
    PQclear(db->row.result);
    db->row.result = NULL;
    PGcancel *cancel = PQgetCancel(db->connection);
    char reason[256];
    if (cancel == NULL || PQcancel(cancel, reason, sizeof reason) == 0) {
        PQfreeCancel(cancel);
        db_drop(db);
        return;
    }
    PQfreeCancel(cancel);
    db_start_clock(db);
    db->mode = DB_MODE_IDLE;
    PGresult *rest = NULL;
    while (db_next_result(db, &rest, NULL) == 0 && rest != NULL) {
        PQclear(rest);
        rest = NULL;
    }
}

int db_each(struct db *db, const char *sql, const struct db_values *parameters,
            int (*take)(void *context, const struct db_result *row, struct err *err), void *context, struct err *err)
{
    const struct db_result *row = NULL;
    int code = db_stream_begin(db, sql, parameters, err);
    if (code < 0) {
        return code;
    }
    while ((code = db_stream_next(db, &row, err)) == 1) {
        code = take(context, row, err);
        if (code < 0) {
            break;
        }
    }
    db_stream_end(db);
    return code;
}
