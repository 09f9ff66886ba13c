#include "schema/db/private.h"

#include "schema/base/mem.h"

/* COPY is for db_copy_begin; left open it would swallow every later statement. */
static int refuse_copy(struct db *db, PGresult **result, struct err *err)
{
    const ExecStatusType status = PQresultStatus(*result);
    if (status != PGRES_COPY_IN && status != PGRES_COPY_OUT && status != PGRES_COPY_BOTH) {
        return 0;
    }
    PQclear(*result);
    *result = NULL;
    db_drop(db);
    return db_fail_code(err, ERR_INTERNAL, "HY010", "COPY was sent as an ordinary statement");
}

int db_exec(struct db *db, const char *sql, struct err *err)
{
    PGresult *result = NULL;
    int code = db_exec_collect(db, sql, &result, err);
    if (code == 0) {
        code = refuse_copy(db, &result, err);
    }
    PQclear(result);
    return code;
}

int db_query(struct db *db, const char *sql, const struct db_values *parameters, struct db_result **ret_result,
             struct err *err)
{
    int code = db_ready(db, err);
    if (code < 0) {
        return code;
    }
    db_start_clock(db);
    code = db_send(db, sql, parameters, err);
    if (code == 0) {
        code = db_flush(db, err);
    }
    PGresult *result = NULL;
    if (code == 0) {
        code = db_collect(db, &result, err);
    }
    if (code == 0) {
        code = refuse_copy(db, &result, err);
    }
    if (code < 0) {
        return code;
    }
    if (ret_result == NULL) {
        PQclear(result);
        return 0;
    }
    struct db_result *owned = mem_zalloc(1, sizeof *owned);
    if (owned == NULL) {
        PQclear(result);
        return mem_error(err);
    }
    owned->result = result;
    *ret_result = owned;
    return 0;
}

int64_t db_affected(const struct db *db)
{
    return db->affected;
}

static int describe_last(struct db *db, PGresult **ret, struct err *err)
{
    if (PQsendDescribePrepared(db->connection, "") == 0) {
        return db_fail_lost(db, err);
    }
    const int code = db_flush(db, err);
    return code < 0 ? code : db_collect(db, ret, err);
}

int db_check_statement(struct db *db, const char *sql, int *ret_parameters, int *ret_columns, struct err *err)
{
    int code = db_ready(db, err);
    if (code < 0) {
        return code;
    }
    db_start_clock(db);
    if (PQsendPrepare(db->connection, "", sql, 0, NULL) == 0) {
        return db_fail_lost(db, err);
    }
    PGresult *prepared = NULL;
    PGresult *described = NULL;
    code = db_flush(db, err);
    if (code == 0) {
        code = db_collect(db, &prepared, err);
    }
    if (code == 0) {
        code = describe_last(db, &described, err);
    }
    if (code == 0) {
        *ret_parameters = PQnparams(described);
        *ret_columns = PQnfields(described);
    }
    PQclear(prepared);
    PQclear(described);
    return code;
}
