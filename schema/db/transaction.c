#include "schema/db/private.h"

#include <stdio.h>

#include "schema/base/mem.h"
#include "schema/base/str.h"

/* One statement: a pipeline takes no text of several. */
void db_transaction_settings(const struct db *db, char *into, size_t size)
{
    const struct db_options *options = &db->options;
    (void)snprintf(into, size,
                   "select set_config('search_path', 'public, pg_temp', true), "
                   "set_config('synchronous_commit', '%s', true), set_config('statement_timeout', '%d', true), "
                   "set_config('lock_timeout', '%d', true), set_config('enable_seqscan', '%s', true)%s%s%s",
                   db->synchronous_commit, options->statement_timeout_ms < 0 ? 0 : options->statement_timeout_ms,
                   options->lock_timeout_ms < 0 ? 0 : options->lock_timeout_ms, options->by_key ? "off" : "on",
                   options->role != NULL ? ", set_config('role', '" : "", options->role != NULL ? options->role : "",
                   options->role != NULL ? "', true)" : "");
}

/* `first` stands before any query of the transaction; "" = nothing. */
static int begin(struct db *db, enum db_isolation isolation, const char *first, struct err *err)
{
    if (db_in_transaction(db)) {
        return db_fail_code(err, ERR_INTERNAL, "25001", "a transaction is already open");
    }
    const char *level = isolation == DB_SNAPSHOT ? "repeatable read read only" : "read committed";
    char settings[DB_SETTINGS_SIZE] = "", sql[DB_SETTINGS_SIZE + 200];
    if (!db->options.direct) {
        db_transaction_settings(db, settings, sizeof settings);
    }
    (void)snprintf(sql, sizeof sql, "begin isolation level %s; %s%s", level, first, settings);
    const int code = db_exec(db, sql, err);
    if (code < 0) {
        db_rollback(db);
    }
    return code;
}

int db_begin(struct db *db, enum db_isolation isolation, struct err *err)
{
    return begin(db, isolation, "", err);
}

int db_begin_with_next(struct db *db, struct err *err)
{
    if (db_in_transaction(db)) {
        return db_fail_code(err, ERR_INTERNAL, "25001", "a transaction is already open");
    }
    const int code = db_ready(db, err);
    db->begins = code == 0;
    return code;
}

/* Refused where it is another server than that of the first: the snapshot's name is not known there. */
static int take_snapshot(struct db *db, const char *snapshot, struct err *err)
{
    char first[128];
    (void)snprintf(first, sizeof first, "set transaction snapshot '%.64s'; ", snapshot);
    return begin(db, DB_SNAPSHOT, first, err);
}

int db_begin_beside(struct db *db, struct db **ret_beside, struct err *err)
{
    struct db_result *exported autoresult = NULL;
    struct db *beside autodb = NULL;
    const int code = db_query(db, "select pg_export_snapshot()", NULL, &exported, err);
    if (code < 0) {
        return code;
    }
    struct db_options options = db->options;
    options.application_name = db->application_name;
    if (db_connect(db->conninfo, &options, &beside, NULL) < 0 ||
        take_snapshot(beside, db_text(exported, 0, 0), NULL) < 0) {
        *ret_beside = NULL;
        return 0;
    }
    *ret_beside = TAKE_PTR(beside);
    return 0;
}

bool db_in_transaction(const struct db *db)
{
    return db->begins || (db->connection != NULL && PQtransactionStatus(db->connection) != PQTRANS_IDLE);
}

static int in_doubt(struct err *err, const char *why)
{
    const int code = db_fail_code(err, ERR_RETRY, "08007", "the outcome of COMMIT is not known");
    return err == NULL ? code : err_detail(err, "%s", why);
}

/* A warning on COMMIT says that the wait for a standby was given up: the row may be
 * lost in a failover although the answer is COMMIT (scale.md, section 4). */
static int judge_commit(const struct db *db, PGresult *result, struct err *err)
{
    if (!text_equal(PQcmdStatus(result), "COMMIT")) {
        return db_fail_code(err, ERR_INTERNAL, "25P02",
                            "the database rolled the transaction back because a statement in it had failed");
    }
    if (db->warned) {
        return in_doubt(err, "the server gave up waiting for its standby");
    }
    return 0;
}

int db_commit(struct db *db, struct err *err)
{
    int code = db_ready(db, err);
    if (code < 0) {
        return code;
    }
    if (!db_in_transaction(db)) {
        return db_fail_code(err, ERR_INTERNAL, "25P01", "COMMIT without a transaction");
    }
    PGresult *result = NULL;
    struct err cause = {0};
    code = db_exec_collect(db, "commit", &result, &cause);
    if (code == 0) {
        code = judge_commit(db, result, err);
        PQclear(result);
        return code;
    }
    if (db->connection == NULL) {
        return in_doubt(err, cause.text);
    }
    if (err != NULL) {
        *err = cause;
    }
    return code;
}

void db_rollback(struct db *db)
{
    if (db == NULL || db->connection == NULL) {
        return;
    }
    db->begins = false;
    if (db->mode == DB_MODE_STREAM) {
        db_stream_end(db);
    }
    if (db->mode == DB_MODE_COPY) {
        db_copy_abort(db);
    }
    if (db->mode == DB_MODE_COPY_OUT) {
        db_copy_out_end(db);
    }
    if (!db_in_transaction(db)) {
        return;
    }
    if (db_exec(db, "rollback", NULL) < 0) {
        db_drop(db);
    }
}
