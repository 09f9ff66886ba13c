/* COPY … FROM STDIN in binary form: a signature, rows of length-prefixed fields, a trailer. */
#include "schema/db/private.h"

#include <limits.h>
#include <stdio.h>

#include "schema/base/mem.h"

static const char signature[] = "PGCOPY\n\377\r\n\0" /* 11 bytes */
                                "\0\0\0\0"           /* flags */
                                "\0\0\0";            /* header extension (the literal's NUL is the 4th) */
static const char trailer[2] = {'\377', '\377'};

/* Each piece that is sent alone wakes the server: small ones go with what follows, at the latest with the end. */
#define HELD_MOST ((size_t)64 << 10)

static int flush_held(struct db *db, struct err *err)
{
    db->copy_held = 0;
    return db_flush(db, err);
}

static int put(struct db *db, const char *bytes, size_t length, struct err *err)
{
    while (length > 0) {
        const int part = length > (1U << 20) ? 1 << 20 : (int)length;
        const int sent = PQputCopyData(db->connection, bytes, part);
        if (sent < 0) {
            return db_fail_lost(db, err);
        }
        if (sent > 0) {
            bytes += part;
            length -= (size_t)part;
            db->copy_held += (size_t)part;
        }
        const int code = sent == 0 || db->copy_held > HELD_MOST ? flush_held(db, err) : 0;
        if (code < 0) {
            return code;
        }
    }
    return 0;
}

/* The server waits for rows now; `result` is taken. */
static int begin_rows(struct db *db, PGresult *result, struct err *err)
{
    const ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    if (status != PGRES_COPY_IN) {
        db_drop(db);
        return db_fail_code(err, ERR_INTERNAL, "HY010", "COPY did not begin");
    }
    db->mode = DB_MODE_COPY;
    db->copy_held = 0;
    return put(db, signature, sizeof signature, err);
}

int db_copy_begin(struct db *db, const char *table_and_columns, struct err *err)
{
    return db_copy_begin_all(db, &table_and_columns, 1, err);
}

int db_copy_begin_all(struct db *db, const char *const *tables, size_t count, struct err *err)
{
    autobuf struct buf sql = BUF(BUF_MIB);
    for (size_t i = 0; i < count; i++) {
        buf_addf(&sql, "copy %s from stdin (format binary); ", tables[i]);
    }
    if (sql.failed != 0) {
        return buf_check(&sql, err);
    }
    PGresult *result = NULL;
    const int code = db_exec_collect(db, buf_text(&sql), &result, err);
    return code < 0 ? code : begin_rows(db, result, err);
}

int db_copy_send(struct db *db, struct db_values *rows, struct err *err)
{
    if (db->connection == NULL || db->mode != DB_MODE_COPY) {
        return db_fail_code(err, ERR_INTERNAL, "HY010", "no COPY is open");
    }
    if (rows->bytes.failed != 0) {
        return rows->bytes.failed == ERR_MEMORY ? mem_error(err)
                                                : err_set(err, ERR_LIMIT, "the rows are too large for the database");
    }
    db_start_clock(db);
    const int code = put(db, rows->bytes.data, rows->bytes.len, err);
    db_values_reset(rows);
    return code;
}

/* What the server says to the end of the rows. */
static int end_rows(struct db *db, PGresult **ret, struct err *err)
{
    if (db->connection == NULL || db->mode != DB_MODE_COPY) {
        return db_fail_code(err, ERR_INTERNAL, "HY010", "no COPY is open");
    }
    db_start_clock(db);
    int code = put(db, trailer, sizeof trailer, err);
    if (code < 0) {
        return code;
    }
    db->mode = DB_MODE_IDLE;
    while (PQputCopyEnd(db->connection, NULL) == 0) {
        code = db_flush(db, err);
        if (code < 0) {
            return code;
        }
    }
    code = db_flush(db, err);
    return code < 0 ? code : db_collect(db, ret, err);
}

int db_copy_next(struct db *db, struct err *err)
{
    PGresult *result = NULL;
    const int code = end_rows(db, &result, err);
    return code < 0 ? code : begin_rows(db, result, err);
}

int db_copy_end(struct db *db, int64_t *ret_rows, struct err *err)
{
    PGresult *result = NULL;
    const int code = end_rows(db, &result, err);
    const bool more = code == 0 && PQresultStatus(result) == PGRES_COPY_IN;
    PQclear(result);
    if (more) {
        db_drop(db);
        return db_fail_code(err, ERR_INTERNAL, "HY010", "COPY ended before its last table");
    }
    if (code == 0 && ret_rows != NULL) {
        *ret_rows = db->affected;
    }
    return code;
}

void db_copy_abort(struct db *db)
{
    db_start_clock(db);
    db->mode = DB_MODE_IDLE;
    while (PQputCopyEnd(db->connection, "given up") == 0) {
        if (db_flush(db, NULL) < 0) {
            return;
        }
    }
    PGresult *result = NULL;
    if (db_flush(db, NULL) == 0) {
        (void)!db_collect(db, &result, NULL); /* always an error: the COPY was cancelled */
    }
    PQclear(result);
}
