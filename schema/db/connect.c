#include "schema/db/private.h"

#include <stdio.h>
#include <string.h>

#include "schema/base/mem.h"
#include "schema/base/str.h"

#define DEFAULT_CONNECT_S 5
#define DEFAULT_STATEMENT_MS 60000
#define DEFAULT_LOCK_MS 2000
#define ANSWER_MARGIN_MS 10000

static int or_default(int value, int fallback)
{
    return value == 0 ? fallback : value;
}

static struct db_options complete(const struct db_options *given)
{
    struct db_options options = given == NULL ? (struct db_options){0} : *given;
    options.application_name = NULL; /* the struct db has a copy of its own */
    options.connect_timeout_s = or_default(options.connect_timeout_s, DEFAULT_CONNECT_S);
    options.statement_timeout_ms = or_default(options.statement_timeout_ms, DEFAULT_STATEMENT_MS);
    options.lock_timeout_ms = or_default(options.lock_timeout_ms, DEFAULT_LOCK_MS);
    const int answer_ms = options.statement_timeout_ms < 0 ? -1 : options.statement_timeout_ms + ANSWER_MARGIN_MS;
    options.answer_limit_ms = or_default(options.answer_limit_ms, answer_ms);
    return options;
}

/* Only remembers that a warning came; nothing is printed. */
static void take_notice(void *context, const PGresult *notice)
{
    struct db *db = context;
    const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (text_equal(severity, "WARNING")) {
        db->warned = true;
    }
}

/* Settings before the user's text give way to it, those after it win. */
static PGconn *open_connection(const struct db *db)
{
    char timeout[12];
    (void)snprintf(timeout, sizeof timeout, "%d", db->options.connect_timeout_s);
    const char *names[] = {"connect_timeout",
                           "tcp_user_timeout",
                           "keepalives_idle",
                           "keepalives_interval",
                           "target_session_attrs",
                           "fallback_application_name",
                           "dbname",
                           "client_encoding",
                           NULL};
    const char *values[] = {
        timeout,      "10000", "5", "5", db->options.writes ? "read-write" : "any", db->application_name,
        db->conninfo, "UTF8",  NULL};
    _Static_assert(ARRAY_LENGTH(names) == ARRAY_LENGTH(values), "a value for each name");
    return PQconnectdbParams(names, values, 1);
}

/* PQconnectdb does not give the SQLSTATE of a refusal; PQping knows one class of them. */
static int fail_connect(const struct db *db, PGconn *connection, struct err *err)
{
    char why[sizeof err->detail];
    db_one_line(why, sizeof why, connection == NULL ? "out of memory" : PQerrorMessage(connection));
    const bool starting = db_ping(db->conninfo) == DB_PING_STARTING;
    const int code =
        db_fail_code(err, ERR_SERVICE, starting ? "57P03" : "08001",
                     starting ? "the database is starting, stopping or recovering" : "cannot connect to the database");
    if (err == NULL) {
        return code;
    }
    (void)err_hint(err, "check that the server runs and what --database names: host, port, name and account");
    return err_detail(err, "%s", why);
}

/* The role is a constant name of ours (schema/sql). */
static int take_role(struct db *db, struct err *err)
{
    char sql[120];
    PGresult *result = NULL;
    (void)snprintf(sql, sizeof sql, "set role %s", db->options.role);
    const int code = db_exec_collect(db, sql, &result, err);
    PQclear(result);
    return code;
}

static int setup_session(struct db *db, struct err *err)
{
    char sql[900];
    (void)snprintf(sql, sizeof sql,
                   "select set_config('search_path', 'public, pg_temp', false), "
                   "set_config('client_min_messages', 'warning', false), "
                   "set_config('statement_timeout', '%d', false), set_config('lock_timeout', '%d', false), "
                   "set_config('idle_in_transaction_session_timeout', '%s', false), "
                   "set_config('max_parallel_workers_per_gather', '0', false), "
                   "set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO, YMD', false), "
                   "set_config('jit', 'off', false), set_config('enable_seqscan', '%s', false), "
                   "set_config('default_transaction_read_only', '%s', false), "
                   "case when %d = 1 and current_setting('synchronous_commit') not in ('on', 'remote_apply') "
                   "then set_config('synchronous_commit', 'on', false) else current_setting('synchronous_commit') end",
                   db->options.statement_timeout_ms < 0 ? 0 : db->options.statement_timeout_ms,
                   db->options.lock_timeout_ms < 0 ? 0 : db->options.lock_timeout_ms,
                   db->options.writes ? "10s" : "10min", db->options.by_key ? "off" : "on",
                   db->options.reads_only ? "on" : "off", db->options.writes ? 1 : 0);
    PGresult *result = NULL;
    const int code = db_exec_collect(db, sql, &result, err);
    if (code < 0) {
        return code;
    }
    text_copy(db->synchronous_commit, sizeof db->synchronous_commit, PQgetvalue(result, 0, PQnfields(result) - 1));
    PQclear(result);
    return db->options.role == NULL ? 0 : take_role(db, err);
}

static int attach(struct db *db, struct err *err)
{
    PGconn *connection = open_connection(db);
    if (connection == NULL || PQstatus(connection) != CONNECTION_OK) {
        const int code = fail_connect(db, connection, err);
        PQfinish(connection);
        return code;
    }
    db->connection = connection;
    db->mode = DB_MODE_IDLE;
    (void)PQsetNoticeReceiver(connection, take_notice, db);
    if (PQsetnonblocking(connection, 1) != 0) {
        return db_fail_lost(db, err);
    }
    return setup_session(db, err);
}

/* libpq quotes the text that it cannot read, and the text may hold a password. */
static int check_conninfo(const char *conninfo, struct err *err)
{
    const bool is_plain_name = strchr(conninfo, '=') == NULL && strstr(conninfo, "://") == NULL;
    char *message = NULL;
    PQconninfoOption *parsed = is_plain_name ? NULL : PQconninfoParse(conninfo, &message);
    const bool good = is_plain_name || parsed != NULL;
    PQconninfoFree(parsed);
    PQfreemem(message);
    if (good) {
        return 0;
    }
    (void)err_set(err, ERR_USAGE, "the database address cannot be read");
    return err == NULL ? -(int)ERR_USAGE
                       : err_hint(err, "write it as postgresql://USER@HOST:PORT/DATABASE or host=… dbname=…");
}

int db_connect(const char *conninfo, const struct db_options *options, struct db **ret_db, struct err *err)
{
    int code = check_conninfo(conninfo, err);
    if (code < 0) {
        return code;
    }
    struct db *db autodb = mem_zalloc(1, sizeof *db);
    if (db == NULL) {
        return mem_error(err);
    }
    const char *name = options == NULL ? NULL : options->application_name;
    text_copy(db->application_name, sizeof db->application_name, name == NULL ? "crosschip" : name);
    db->options = complete(options);
    db->conninfo = mem_strdup(conninfo);
    if (db->conninfo == NULL) {
        return mem_error(err);
    }
    code = attach(db, err);
    if (code < 0) {
        return code;
    }
    *ret_db = TAKE_PTR(db);
    return 0;
}

int db_reconnect(struct db *db, struct err *err)
{
    db_drop(db);
    const int code = attach(db, err);
    if (code < 0) {
        db_drop(db);
    }
    return code;
}

/* The address may hold a password (explicit_bzero is not everywhere). */
static void wipe(char *text)
{
    for (volatile char *at = text; at != NULL && *at != '\0'; at++) {
        *at = '\0';
    }
}

void db_close(struct db *db)
{
    if (db == NULL) {
        return;
    }
    db_drop(db);
    wipe(db->conninfo);
    free(db->conninfo);
    free(db);
}

void db_close_cleanup(struct db **db)
{
    db_close(*db);
    *db = NULL;
}

int db_server_version(const struct db *db)
{
    return db->connection == NULL ? 0 : PQserverVersion(db->connection);
}

enum db_ping db_ping(const char *conninfo)
{
    const char *names[] = {"connect_timeout", "dbname", NULL};
    const char *values[] = {"5", conninfo, NULL};
    switch (PQpingParams(names, values, 1)) {
    case PQPING_OK:
        return DB_PING_READY;
    case PQPING_REJECT:
        return DB_PING_STARTING;
    case PQPING_NO_RESPONSE:
        return DB_PING_NONE;
    case PQPING_NO_ATTEMPT:
    default:
        return DB_PING_UNUSABLE;
    }
}
