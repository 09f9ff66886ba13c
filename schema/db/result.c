#include "schema/db/private.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void db_result_free(struct db_result *result)
{
    if (result != NULL) {
        PQclear(result->result);
        free(result);
    }
}

void db_result_free_cleanup(struct db_result **result)
{
    db_result_free(*result);
    *result = NULL;
}

size_t db_rows(const struct db_result *result)
{
    return (size_t)PQntuples(result->result);
}

size_t db_columns(const struct db_result *result)
{
    return (size_t)PQnfields(result->result);
}

int db_column(const struct db_result *result, const char *name)
{
    /* PQfnumber folds case and takes quotes: compare the names as they are. */
    for (int column = 0; column < PQnfields(result->result); column++) {
        if (text_equal(PQfname(result->result, column), name)) {
            return column;
        }
    }
    return -1;
}

bool db_is_null(const struct db_result *result, size_t row, int column)
{
    return PQgetisnull(result->result, (int)row, column) != 0;
}

static Oid type_of(const struct db_result *result, int column)
{
    assert(column >= 0 && column < PQnfields(result->result) && PQfformat(result->result, column) == 1);
    return PQftype(result->result, column);
}

static struct str bytes_of(const struct db_result *result, size_t row, int column)
{
    assert(row < db_rows(result));
    if (db_is_null(result, row, column)) {
        return (struct str){NULL, 0};
    }
    return (struct str){PQgetvalue(result->result, (int)row, column),
                        (size_t)PQgetlength(result->result, (int)row, column)};
}

void db_row_of(const struct db_result *result, size_t row, struct db_row *ret)
{
    assert(db_columns(result) <= DB_ROW_FIELDS);
    ret->count = db_columns(result);
    ret->bytes = str_slice(NULL, 0);
    for (size_t i = 0; i < ret->count; i++) {
        ret->fields[i] = bytes_of(result, row, (int)i);
    }
}

struct str db_str(const struct db_result *result, size_t row, int column)
{
    const Oid type = type_of(result, column);
    assert(type == OID_TEXT || type == OID_VARCHAR || type == OID_BPCHAR || type == OID_NAME || type == OID_JSON ||
           type == OID_JSONB || type == OID_UNKNOWN || type == OID_CHAR);
    struct str text = bytes_of(result, row, column);
    if (type == OID_JSONB && text.len > 0) { /* its first byte is a version */
        text.data++;
        text.len--;
    }
    return text;
}

const char *db_text(const struct db_result *result, size_t row, int column)
{
    return db_str(result, row, column).data; /* libpq ends every value in NUL */
}

int64_t db_int64(const struct db_result *result, size_t row, int column)
{
    const Oid type = type_of(result, column);
    assert(type == OID_INT2 || type == OID_INT4 || type == OID_INT8 || type == OID_OID);
    const struct str value = bytes_of(result, row, column);
    if (value.data == NULL) {
        return 0;
    }
    if (type == OID_INT2) {
        const uint16_t word = (uint16_t)(((unsigned char)value.data[0] << 8) | (unsigned char)value.data[1]);
        return (int16_t)word;
    }
    if (type == OID_INT8) {
        return (int64_t)db_load64(value.data);
    }
    return type == OID_OID ? (int64_t)db_load32(value.data) : (int64_t)(int32_t)db_load32(value.data);
}

static double double_of(const char *at)
{
    const uint64_t word = db_load64(at);
    double value;
    memcpy(&value, &word, sizeof value);
    return value;
}

double db_float8(const struct db_result *result, size_t row, int column)
{
    const Oid type = type_of(result, column);
    if (type != OID_FLOAT8 && type != OID_FLOAT4) {
        return db_is_null(result, row, column) ? (double)NAN : (double)db_int64(result, row, column);
    }
    const struct str value = bytes_of(result, row, column);
    if (value.data == NULL) {
        return (double)NAN;
    }
    if (type == OID_FLOAT8) {
        return double_of(value.data);
    }
    const uint32_t word = db_load32(value.data);
    float single;
    memcpy(&single, &word, sizeof single);
    return (double)single;
}

bool db_bool(const struct db_result *result, size_t row, int column)
{
    assert(type_of(result, column) == OID_BOOL);
    const struct str value = bytes_of(result, row, column);
    return value.len == 1 && value.data[0] != 0;
}

struct str db_bytes(const struct db_result *result, size_t row, int column)
{
    assert(type_of(result, column) == OID_BYTEA);
    return bytes_of(result, row, column);
}

const uint8_t *db_uuid(const struct db_result *result, size_t row, int column)
{
    assert(type_of(result, column) == OID_UUID);
    return (const uint8_t *)bytes_of(result, row, column).data;
}

int64_t db_timestamptz(const struct db_result *result, size_t row, int column)
{
    assert(type_of(result, column) == OID_TIMESTAMPTZ);
    const struct str value = bytes_of(result, row, column);
    if (value.data == NULL) {
        return 0;
    }
    int64_t wall_us;
    const int64_t since_2000 = (int64_t)db_load64(value.data);
    return __builtin_add_overflow(since_2000, PG_EPOCH_US, &wall_us) ? since_2000 : wall_us;
}

/* ---- arrays: dimensions, has-null flag, item type, then for each dimension items and lower
 * bound, then the items, each with its length */
#define ITEMS_AT 20

size_t db_items(struct str array)
{
    if (array.data == NULL) {
        return 0;
    }
    assert(array.len >= 12 && db_load32(array.data) <= 1);
    return db_load32(array.data) == 1 && array.len >= ITEMS_AT ? db_load32(array.data + 12) : 0;
}

/* The item at *at (data NULL when it is SQL NULL); *at moves behind it. */
static struct str next_item(struct str array, size_t *at)
{
    const uint32_t length = db_load32(array.data + *at);
    *at += 4;
    if (length == UINT32_MAX) {
        return (struct str){NULL, 0};
    }
    const struct str item = {array.data + *at, length};
    *at += length;
    return item;
}

size_t db_array_length(const struct db_result *result, size_t row, int column)
{
    return db_items(bytes_of(result, row, column));
}

struct str db_array_str(const struct db_result *result, size_t row, int column, size_t item)
{
    const struct str array = bytes_of(result, row, column);
    assert(item < db_items(array));
    size_t at = ITEMS_AT;
    for (size_t before = 0; before < item; before++) {
        (void)next_item(array, &at);
    }
    return next_item(array, &at);
}

double db_array_float8(const struct db_result *result, size_t row, int column, size_t item)
{
    assert(type_of(result, column) == OID_FLOAT8_ARRAY);
    const struct str value = db_array_str(result, row, column, item);
    return value.data == NULL ? (double)NAN : double_of(value.data);
}

void db_array_float8s(const struct db_result *result, size_t row, int column, double *target)
{
    assert(type_of(result, column) == OID_FLOAT8_ARRAY);
    db_fill_float8s(bytes_of(result, row, column), target);
}

void db_fill_float8s(struct str array, double *target)
{
    size_t at = ITEMS_AT;
    for (size_t item = 0, length = db_items(array); item < length; item++) {
        const struct str value = next_item(array, &at);
        target[item] = value.data == NULL ? (double)NAN : double_of(value.data);
    }
}
