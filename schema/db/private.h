/* Inside schema/db only: what a struct db holds and how statements run. */
#ifndef SCHEMA_DB_PRIVATE_H
#define SCHEMA_DB_PRIVATE_H

#include <libpq-fe.h>

#include "schema/db/db.h"

struct db_result {
    PGresult *result;
};

struct db_values_slot {
    size_t offset; /* of the value's length word in bytes */
    uint32_t type; /* OID */
};

#define DB_KEPT_MOST 16
#define DB_SETTINGS_SIZE 500

enum db_mode { DB_MODE_IDLE, DB_MODE_COPY, DB_MODE_COPY_OUT, DB_MODE_STREAM };

struct db {
    PGconn *connection; /* NULL after it was lost */
    char *conninfo;
    char application_name[64];
    struct db_options options;
    char synchronous_commit[16]; /* what transactions of this connection use */
    enum db_mode mode;
    int64_t affected;
    int64_t deadline_us; /* of the call in progress; INT64_MAX = none */
    size_t copy_held;    /* bytes of the open COPY that libpq may not have sent yet */
    char *copy_piece;    /* of libpq: the row of the open COPY out */
    size_t copy_length, copy_used;
    struct db_row copy_row;
    const char *kept[DB_KEPT_MOST]; /* statements whose plans the session keeps; NULL behind the last */
    bool begins;                    /* the next statement takes BEGIN with it */
    bool warned;                    /* a warning came since the statement was sent */
    struct db_result row;           /* of the stream */
};

/* Object identifiers of PostgreSQL's types (pg_type.dat; they never change). */
enum db_oid {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_CHAR = 18,
    OID_NAME = 19,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_OID = 26,
    OID_JSON = 114,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_UNKNOWN = 705,
    OID_BPCHAR = 1042,
    OID_VARCHAR = 1043,
    OID_TIMESTAMPTZ = 1184,
    OID_UUID = 2950,
    OID_JSONB = 3802,
    OID_BOOL_ARRAY = 1000,
    OID_BYTEA_ARRAY = 1001,
    OID_INT4_ARRAY = 1007,
    OID_TEXT_ARRAY = 1009,
    OID_INT8_ARRAY = 1016,
    OID_FLOAT8_ARRAY = 1022,
    OID_TIMESTAMPTZ_ARRAY = 1185,
    OID_UUID_ARRAY = 2951,
    OID_JSONB_ARRAY = 3807
};

#define PG_EPOCH_US INT64_C(946684800000000) /* 2000-01-01 in µs since 1970 */

static inline uint32_t db_load32(const char *at)
{
    const unsigned char *bytes = (const unsigned char *)at;
    return ((uint32_t)bytes[0] << 24) | ((uint32_t)bytes[1] << 16) | ((uint32_t)bytes[2] << 8) | (uint32_t)bytes[3];
}

static inline uint64_t db_load64(const char *at)
{
    return ((uint64_t)db_load32(at) << 32) | (uint64_t)db_load32(at + 4);
}

/* ---- errors */
/* From a failed result (NULL: the connection's own state); marks lost connections. */
int db_fail(struct db *db, const PGresult *result, struct err *err);
int db_fail_lost(struct db *db, struct err *err);
int db_fail_code(struct err *err, enum err_code code, const char *sqlstate, const char *text);
/* libpq's words on one line, without its prefixes. */
void db_one_line(char *target, size_t size, const char *text);

/* ---- talking */
void db_drop(struct db *db); /* closes; the connection counts as lost */
void db_start_clock(struct db *db);
/* Checks that a statement may be sent now. */
int db_ready(struct db *db, struct err *err) must_check;
/* Sends what libpq holds back. */
int db_flush(struct db *db, struct err *err) must_check;
bool db_result_is_good(const PGresult *result);
int64_t db_affected_by(PGresult *result); /* rows; 0 where the statement counts none */
/* A statement that gives the settings of the connection to the open transaction; `size` >= DB_SETTINGS_SIZE. */
void db_transaction_settings(const struct db *db, char *into, size_t size);
/* BEGIN and the statement, with one answer. */
int db_begin_and_query(struct db *db, const char *sql, size_t kept, const struct db_values *parameters, PGresult **ret,
                       struct err *err) must_check;
/* The next result (NULL at the end), within the deadline. */
int db_next_result(struct db *db, PGresult **ret, struct err *err) must_check;
/* Reads to the end of the statement: the last result is kept unless an earlier one failed. */
int db_collect(struct db *db, PGresult **ret, struct err *err) must_check;
int db_send(struct db *db, const char *sql, const struct db_values *parameters, struct err *err) must_check;
/* The same by the plan that the session keeps; DB_NOT_KEPT: by its text. */
#define DB_NOT_KEPT SIZE_MAX
int db_send_kept(struct db *db, const char *sql, size_t kept, const struct db_values *parameters,
                 struct err *err) must_check;
/* Has the session keep the plan, where it is direct and has room for one more. `sql` is known by its address. */
int db_keep(struct db *db, const char *sql, const struct db_values *parameters, size_t *ret_kept,
            struct err *err) must_check;
int db_exec_collect(struct db *db, const char *sql, PGresult **ret, struct err *err) must_check;
void db_copy_abort(struct db *db);
/* Waits for input within the deadline, and reads it. */
int db_wait_input(struct db *db, struct err *err) must_check;

/* ---- arrays of float8 */
size_t db_items(struct str array);
void db_fill_float8s(struct str array, double *target);

#endif
