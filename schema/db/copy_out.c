/* COPY … TO STDOUT in binary form: what copy.c sends, the other way. */
#include "schema/db/private.h"

#include <math.h>
#include <string.h>

#include "schema/base/mem.h"

#define SIGNATURE_SIZE 11
#define HEADER_SIZE (SIGNATURE_SIZE + 4 + 4)

static int wrong(struct db *db, struct err *err)
{
    db_drop(db);
    return db_fail_code(err, ERR_INTERNAL, "HY010", "the rows of a COPY could not be read");
}

/* The next piece, which libpq gives row by row: 1, 0 at the end, or an error. */
static int next_piece(struct db *db, struct err *err)
{
    for (;;) {
        PQfreemem(db->copy_piece);
        db->copy_piece = NULL;
        const int length = PQgetCopyData(db->connection, &db->copy_piece, 1);
        if (length > 0) {
            db->copy_length = (size_t)length;
            return 1;
        }
        if (length == -1) {
            return 0;
        }
        if (length < -1) {
            return db_fail_lost(db, err);
        }
        /* Only here: a row that is there already needs no deadline. */
        db_start_clock(db);
        const int code = db_wait_input(db, err);
        if (code < 0) {
            return code;
        }
    }
}

static int finish(struct db *db, struct err *err)
{
    PGresult *result = NULL;
    db->mode = DB_MODE_IDLE;
    const int code = db_collect(db, &result, err);
    PQclear(result);
    return code;
}

int db_copy_out_begin(struct db *db, const char *query, struct err *err)
{
    autofree char *sql = mem_printf("copy (%s) to stdout (format binary)", query);
    PGresult *result = NULL;
    if (sql == NULL) {
        return mem_error(err);
    }
    int code = db_exec_collect(db, sql, &result, err);
    if (code < 0) {
        return code;
    }
    const ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    if (status != PGRES_COPY_OUT) {
        db_drop(db);
        return db_fail_code(err, ERR_INTERNAL, "HY010", "COPY did not begin");
    }
    db->mode = DB_MODE_COPY_OUT;
    code = next_piece(db, err);
    if (code == 0) {
        code = finish(db, err);
        return code < 0 ? code : wrong(db, err);
    }
    if (code < 0) {
        return code;
    }
    if (db->copy_length < HEADER_SIZE || memcmp(db->copy_piece, "PGCOPY\n\377\r\n", SIGNATURE_SIZE) != 0) {
        return wrong(db, err);
    }
    /* The header comes with the first row or alone. */
    db->copy_used = HEADER_SIZE + db_load32(db->copy_piece + SIGNATURE_SIZE + 4);
    return 0;
}

/* Fields of the row that begins at `at`: a count of 16 bits, then a length of 32 bits before each. */
static bool split(char *at, const char *end, struct db_row *row)
{
    row->count = (size_t)((unsigned char)at[0] << 8 | (unsigned char)at[1]);
    at += 2;
    row->bytes = (struct str){at, (size_t)(end - at)};
    if (row->count > DB_ROW_FIELDS) {
        return false;
    }
    for (size_t i = 0; i < row->count; i++) {
        if (end - at < 4) {
            return false;
        }
        const uint32_t length = db_load32(at);
        /* Its length was read: the byte ends the text before it. */
        *at = '\0';
        at += 4;
        if (length == UINT32_MAX) {
            row->fields[i] = (struct str){NULL, 0};
            continue;
        }
        if ((size_t)(end - at) < length) {
            return false;
        }
        row->fields[i] = (struct str){at, length};
        at += length;
    }
    return at == end; /* libpq ends its pieces with a NUL */
}

int db_copy_out_next(struct db *db, const struct db_row **ret_row, struct err *err)
{
    if (db->connection == NULL || db->mode != DB_MODE_COPY_OUT) {
        return db_fail_code(err, ERR_INTERNAL, "HY010", "no COPY is open");
    }
    if (db->copy_used >= db->copy_length) {
        const int code = next_piece(db, err);
        if (code < 0) {
            return code;
        }
        if (code == 0) {
            return finish(db, err);
        }
        db->copy_used = 0;
    }
    char *at = db->copy_piece + db->copy_used, *end = db->copy_piece + db->copy_length;
    db->copy_used = db->copy_length;
    if (end - at < 2) {
        return wrong(db, err);
    }
    if (end - at == 2 && (unsigned char)at[0] == 0xff && (unsigned char)at[1] == 0xff) {
        return db_copy_out_next(db, ret_row, err); /* the trailer: what follows is the end */
    }
    if (!split(at, end, &db->copy_row)) {
        return wrong(db, err);
    }
    *ret_row = &db->copy_row;
    return 1;
}

void db_copy_out_end(struct db *db)
{
    if (db->connection == NULL || db->mode != DB_MODE_COPY_OUT) {
        return;
    }
    /* The rest is on its way: asking the server to stop and reading it all takes longer than a new connection. */
    db_drop(db);
}

/* ---- fields */

int64_t db_field_int64(const struct db_row *row, size_t field)
{
    const struct str bytes = row->fields[field];
    switch (bytes.len) {
    case 1:
        return bytes.data[0];
    case 2:
        return (int16_t)((unsigned char)bytes.data[0] << 8 | (unsigned char)bytes.data[1]);
    case 4:
        return (int32_t)db_load32(bytes.data);
    case 8:
        return (int64_t)db_load64(bytes.data);
    default:
        return 0;
    }
}

double db_field_float8(const struct db_row *row, size_t field)
{
    const struct str bytes = row->fields[field];
    double value;
    if (bytes.len != sizeof value) {
        return (double)NAN;
    }
    const uint64_t bits = db_load64(bytes.data);
    memcpy(&value, &bits, sizeof value);
    return value;
}

const uint8_t *db_field_uuid(const struct db_row *row, size_t field)
{
    return row->fields[field].len == 16 ? (const uint8_t *)row->fields[field].data : NULL;
}

int64_t db_field_timestamptz(const struct db_row *row, size_t field)
{
    return row->fields[field].len == 8 ? (int64_t)db_load64(row->fields[field].data) + PG_EPOCH_US : INT64_MIN;
}

struct str db_field_json(const struct db_row *row, size_t field)
{
    const struct str bytes = row->fields[field];
    return bytes.len > 0 ? str_slice(bytes.data + 1, bytes.len - 1) : bytes;
}

size_t db_field_array_length(const struct db_row *row, size_t field)
{
    return db_items(row->fields[field]);
}

void db_field_array_float8s(const struct db_row *row, size_t field, double *target)
{
    db_fill_float8s(row->fields[field], target);
}
