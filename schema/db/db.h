/* PostgreSQL behind one small interface: the only room that knows libpq.
 *
 * A struct db is one connection and belongs to one thread at a time. Every
 * statement goes with parameters apart from its text, results come in binary
 * form, and nothing that a stranger sent is ever put into a message: errors hold
 * PostgreSQL's first line and its SQLSTATE, never DETAIL, CONTEXT or parameters
 * (DETAIL is kept only for failures to connect).
 *
 * Every call has a deadline of its own (answer_limit_ms): statement_timeout does
 * not cover the wait of a synchronous COMMIT. When it passes, the connection is
 * closed and counts as lost.
 *
 * Error codes: ERR_SERVICE no server, connection lost or server going down ·
 * ERR_RETRY deadlock, serialization, lock or time limit, outcome of COMMIT not
 * known · ERR_NOT_ALLOWED access refused · ERR_CANNOT_WRITE disk full ·
 * ERR_MEMORY · ERR_INTERNAL everything else (a fault of ours). They are meant
 * for exit statuses; an HTTP answer to any of them is 503 or 500.
 *
 * Tables are written without a schema name: search_path is set to public, with
 * temporary tables last, whatever role or database say. Names in SQL files therefore
 * need no prefix, and the files run in psql as they are. */
#ifndef SCHEMA_DB_DB_H
#define SCHEMA_DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/db/values.h"

struct db;
struct db_result;

struct db_options {
    const char *application_name; /* seen in pg_stat_activity; NULL = crosschip */
    const char *role;      /* SET ROLE after the login: the rights of that role only; NULL = the login's own; static */
    bool direct;           /* no pooler stands between: the session keeps its settings and plans from one
                              transaction to the next */
    bool reads_only;       /* the session refuses every change (25006) */
    bool by_key;           /* its statements name rows by their keys: no table is read whole where an index would do,
                              not even while it is new and has no statistics */
    bool writes;           /* wants a primary: target_session_attrs=read-write unless the URI says otherwise,
                              and synchronous_commit at least on */
    int connect_timeout_s; /* 0 = 5 */
    int statement_timeout_ms; /* 0 = 60 000; -1 = none */
    int lock_timeout_ms;      /* 0 = 2 000; -1 = none */
    int answer_limit_ms;      /* 0 = statement timeout + 10 s; -1 = none */
};

/* ---- connection. `conninfo` is a URI or key=value text, also of several hosts. It may hold a
 * password: it never appears in an err. */
int db_connect(const char *conninfo, const struct db_options *options, struct db **ret_db, struct err *err) must_check;
void db_close(struct db *db); /* NULL is allowed; an open transaction is rolled back */
void db_close_cleanup(struct db **db);
#define autodb cleanup(db_close_cleanup)
/* Closes and connects again as the first time; session state is gone, the struct stays. */
int db_reconnect(struct db *db, struct err *err) must_check;
/* True after an error that leaves no usable connection: db_reconnect or db_close. */
bool db_connection_lost(const struct db *db);
/* The same work may succeed when it is done again (whole transaction; after
 * db_reconnect when the connection is lost): lost connections, 08xxx, 57P01-57P03,
 * 53300, 25006, 40001, 40P01, 55P03, 57014, and COMMIT without an answer. */
bool db_is_transient(const struct err *err);
/* COMMIT was sent and its outcome is not known (SQLSTATE 08007): the work may be
 * there or not. Never report success or failure; do it again under its key. */
bool db_is_in_doubt(const struct err *err);
bool db_sqlstate_is(const struct err *err, const char *sqlstate);
int db_server_version(const struct db *db); /* 150020 for 15.20 */

/* The same address as a section of a connection service file (PGSERVICEFILE), for programs of PostgreSQL: a password
 * must not stand on their command line. */
int db_service_write(const char *conninfo, const char *name, struct buf *into, struct err *err) must_check;

enum db_ping {
    DB_PING_READY,    /* accepts connections */
    DB_PING_STARTING, /* is there, recovering, starting or stopping (57P03): wait */
    DB_PING_NONE,     /* nothing answers */
    DB_PING_UNUSABLE  /* conninfo makes no sense */
};
enum db_ping db_ping(const char *conninfo);

/* ---- statements */
/* One or several statements without parameters (constant text of ours). */
int db_exec(struct db *db, const char *sql, struct err *err) must_check;
/* One statement. `parameters` and ret_result may be NULL. The result is the caller's (autoresult). */
int db_query(struct db *db, const char *sql, const struct db_values *parameters, struct db_result **ret_result,
             struct err *err) must_check;
/* The same with static text of ours, for what is asked again and again: a direct session keeps its plan. */
int db_query_kept(struct db *db, const char *sql, const struct db_values *parameters, struct db_result **ret_result,
                  struct err *err) must_check;
/* Rows changed or returned by the last db_query, db_exec or COPY. */
int64_t db_affected(const struct db *db);
/* Only checks: parses and plans `sql` with parameter types as given by its own casts. */
int db_check_statement(struct db *db, const char *sql, int *ret_parameters, int *ret_columns,
                       struct err *err) must_check;

/* ---- transactions */
enum db_isolation {
    DB_READ_COMMITTED,
    DB_SNAPSHOT /* REPEATABLE READ READ ONLY: one moment for all its statements */
};
int db_begin(struct db *db, enum db_isolation isolation, struct err *err) must_check;
/* The same as DB_READ_COMMITTED, sent together with the next statement: one answer for both, and db_query tells what
 * went wrong with either. */
int db_begin_with_next(struct db *db, struct err *err) must_check;
/* 0 only when the server answered COMMIT, without a warning. A failed transaction
 * (answer ROLLBACK) gives -ERR_INTERNAL with SQLSTATE 25P02; no answer, or a
 * warning about replication, gives -ERR_RETRY with db_is_in_doubt. */
int db_commit(struct db *db, struct err *err) must_check;
/* Another connection to the same server whose open transaction sees what the DB_SNAPSHOT that is open on `db` sees, as
 * long as that one is open: for a second thread. NULL where there is none to be had (no further connection, another
 * server): then read all on `db`. */
int db_begin_beside(struct db *db, struct db **ret_beside, struct err *err) must_check;
void db_rollback(struct db *db); /* nothing to do: does nothing; never fails louder than a lost connection */
bool db_in_transaction(const struct db *db);

/* ---- COPY in. table_and_columns: "run (submission_id, run_no, …)". Send as often as
 * wished (about 64 KiB to 1 MiB each is good); rows in `rows` are taken and it is reset. */
int db_copy_begin(struct db *db, const char *table_and_columns, struct err *err) must_check;
/* Several tables one after the other: db_copy_next ends one and goes on with the next, with one answer for both. */
int db_copy_begin_all(struct db *db, const char *const *tables, size_t count, struct err *err) must_check;
int db_copy_next(struct db *db, struct err *err) must_check;
int db_copy_send(struct db *db, struct db_values *rows, struct err *err) must_check;
int db_copy_end(struct db *db, int64_t *ret_rows, struct err *err) must_check; /* ret_rows may be NULL */

/* ---- COPY out: the rows of a query, each in the fewest instructions. The query is constant text of ours without
 * parameters. Between begin and the end no other statement may run on this db. next: 1 and a row (valid until the
 * following next), 0 at the end, or an error; after 0 or an error it is closed. db_copy_out_end closes it early, and
 * with it the connection (db_reconnect). */
#define DB_ROW_FIELDS 32
struct db_row {
    size_t count;
    struct str fields[DB_ROW_FIELDS]; /* in PostgreSQL's binary form; data NULL is SQL NULL. Text ends in NUL. */
    struct str bytes; /* of a COPY: all fields, each behind the lower 24 bits of its length; NULL has all of them set */
};
int db_copy_out_begin(struct db *db, const char *query, struct err *err) must_check;
int db_copy_out_next(struct db *db, const struct db_row **ret_row, struct err *err) must_check;
void db_copy_out_end(struct db *db);
/* A row of another statement in the same form; borrows from the result. */
void db_row_of(const struct db_result *result, size_t row, struct db_row *ret);
/* The row does not say its types: the caller knows them. SQL NULL reads as 0, NAN, NULL, INT64_MIN, an empty slice or
 * 0. */
int64_t db_field_int64(const struct db_row *row, size_t field); /* bool, int2, int4, int8 */
double db_field_float8(const struct db_row *row, size_t field);
const uint8_t *db_field_uuid(const struct db_row *row, size_t field);
int64_t db_field_timestamptz(const struct db_row *row, size_t field); /* µs since 1970 */
struct str db_field_json(const struct db_row *row, size_t field);     /* jsonb */
size_t db_field_array_length(const struct db_row *row, size_t field);
void db_field_array_float8s(const struct db_row *row, size_t field, double *target); /* as db_array_float8s */

/* ---- streams: rows one by one without holding the whole result. Between begin and
 * end no other statement may run on this db. next: 1 and a row (row 0 of
 * *ret_row, valid until the following next or end), 0 at the end, or an error.
 * After 0 or an error the stream is closed; db_stream_end closes it early. */
int db_stream_begin(struct db *db, const char *sql, const struct db_values *parameters, struct err *err) must_check;
int db_stream_next(struct db *db, const struct db_result **ret_row, struct err *err) must_check;
void db_stream_end(struct db *db);
/* A whole stream: every row is given to `take`, whose error ends it and is returned. */
int db_each(struct db *db, const char *sql, const struct db_values *parameters,
            int (*take)(void *context, const struct db_result *row, struct err *err), void *context,
            struct err *err) must_check;

/* ---- results. Row and column from 0. Asking for a column in a form that its type does
 * not have is a programming error (asserted); values of SQL NULL read as NULL, 0,
 * NAN or an empty slice: ask db_is_null where it matters. Pointers live as long as the result. */
void db_result_free(struct db_result *result);
void db_result_free_cleanup(struct db_result **result);
#define autoresult cleanup(db_result_free_cleanup)
size_t db_rows(const struct db_result *result);
size_t db_columns(const struct db_result *result);
int db_column(const struct db_result *result, const char *name); /* -1 = none */
bool db_is_null(const struct db_result *result, size_t row, int column);
const char *db_text(const struct db_result *result, size_t row,
                    int column);                                           /* text, json, jsonb, name; NULL when NULL */
struct str db_str(const struct db_result *result, size_t row, int column); /* the same as a slice */
int64_t db_int64(const struct db_result *result, size_t row, int column);  /* int2, int4, int8, oid */
double db_float8(const struct db_result *result, size_t row, int column);  /* float4, float8, integers; NULL is NAN */
bool db_bool(const struct db_result *result, size_t row, int column);
struct str db_bytes(const struct db_result *result, size_t row, int column);    /* bytea */
const uint8_t *db_uuid(const struct db_result *result, size_t row, int column); /* 16 bytes; NULL when NULL */
int64_t db_timestamptz(const struct db_result *result, size_t row, int column); /* µs since 1970 */
/* Arrays of one dimension: number of items, and item by item. */
size_t db_array_length(const struct db_result *result, size_t row, int column);
double db_array_float8(const struct db_result *result, size_t row, int column, size_t item); /* NULL is NAN */
/* All items at once: fills target[0..length) (items NULL: NAN); the length was asked for before. */
void db_array_float8s(const struct db_result *result, size_t row, int column, double *target);
struct str db_array_str(const struct db_result *result, size_t row, int column,
                        size_t item); /* text[], bytea[], uuid[] */

/* ---- what the server promises */
struct db_durability {
    bool data_checksums; /* off: a warning for a foreign database */
    char synchronous_commit[16];
};
/* -ERR_SERVICE unless fsync and full_page_writes are on, synchronous_commit is on or
 * more, the version is 15 or newer and the encoding UTF8; names what is wrong and
 * the command that puts it right. */
int db_check_server(struct db *db, struct db_durability *ret, struct err *err) must_check;

#endif
