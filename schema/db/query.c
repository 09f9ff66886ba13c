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

static int send_and_collect(struct db *db, const char *sql, size_t kept, const struct db_values *parameters,
                            PGresult **ret, struct err *err)
{
    int code = db_send_kept(db, sql, kept, parameters, err);
    if (code == 0) {
        code = db_flush(db, err);
    }
    return code < 0 ? code : db_collect(db, ret, err);
}

/* Gives the result to the caller, who may not want it. */
static int hand_over(PGresult *result, struct db_result **ret_result, struct err *err)
{
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

static int query(struct db *db, const char *sql, bool keep, const struct db_values *parameters,
                 struct db_result **ret_result, struct err *err)
{
    const bool begins = db->begins;
    db->begins = false;
    int code = db_ready(db, err);
    if (code < 0) {
        return code;
    }
    db_start_clock(db);
    PGresult *result = NULL;
    size_t kept = DB_NOT_KEPT;
    code = keep ? db_keep(db, sql, parameters, &kept, err) : 0;
    if (code == 0) {
        code = begins ? db_begin_and_query(db, sql, kept, parameters, &result, err)
                      : send_and_collect(db, sql, kept, parameters, &result, err);
    }
    if (code == 0) {
        code = refuse_copy(db, &result, err);
    }
    return code < 0 ? code : hand_over(result, ret_result, err);
}

int db_query(struct db *db, const char *sql, const struct db_values *parameters, struct db_result **ret_result,
             struct err *err)
{
    return query(db, sql, false, parameters, ret_result, err);
}

int db_query_kept(struct db *db, const char *sql, const struct db_values *parameters, struct db_result **ret_result,
                  struct err *err)
{
    return query(db, sql, true, parameters, ret_result, err);
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
