#include "schema/db/values.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "schema/base/mem.h"
#include "schema/db/private.h"

/* length word, dimensions, has-null flag, item type, items, lower bound */
#define ARRAY_HEADER 24
#define ARRAY_EMPTY 16

static const struct {
    uint32_t item, array;
} type_oids[] = {
    [DB_BOOL] = {OID_BOOL, OID_BOOL_ARRAY},    [DB_INT32] = {OID_INT4, OID_INT4_ARRAY},
    [DB_INT64] = {OID_INT8, OID_INT8_ARRAY},   [DB_FLOAT8] = {OID_FLOAT8, OID_FLOAT8_ARRAY},
    [DB_TEXT] = {OID_TEXT, OID_TEXT_ARRAY},    [DB_BYTEA] = {OID_BYTEA, OID_BYTEA_ARRAY},
    [DB_UUID] = {OID_UUID, OID_UUID_ARRAY},    [DB_TIMESTAMPTZ] = {OID_TIMESTAMPTZ, OID_TIMESTAMPTZ_ARRAY},
    [DB_JSONB] = {OID_JSONB, OID_JSONB_ARRAY},
};

void db_values_done(struct db_values *values)
{
    if (values == NULL) {
        return;
    }
    buf_done(&values->bytes);
    free(values->slots);
    *values = DB_VALUES(values->use);
}

void db_values_reset(struct db_values *values)
{
    buf_reset(&values->bytes);
    values->count = 0;
    values->array_open = false;
}

size_t db_values_size(const struct db_values *values)
{
    return values->bytes.len;
}

static void store32(char target[4], uint32_t word)
{
    for (unsigned at = 0; at < 4; at++) {
        target[at] = (char)(unsigned char)(word >> (24U - 8U * at));
    }
}

static void add16(struct db_values *values, uint16_t word)
{
    const char bytes[2] = {(char)(unsigned char)(word >> 8), (char)(unsigned char)word};
    buf_add(&values->bytes, bytes, sizeof bytes);
}

static void add32(struct db_values *values, uint32_t word)
{
    char bytes[4];
    store32(bytes, word);
    buf_add(&values->bytes, bytes, sizeof bytes);
}

/* Puts count as a parameter slot, an item of the open array, or a field of the row. */
static void begin_value(struct db_values *values, uint32_t type)
{
    if (values->array_open) {
        values->array_items++;
        return;
    }
    if (values->use != DB_PARAMETERS) {
        return;
    }
    if (mem_grow(&values->slots, &values->capacity, values->count + 1, sizeof *values->slots) < 0) {
        values->bytes.failed = ERR_MEMORY;
        return;
    }
    values->slots[values->count++] = (struct db_values_slot){.offset = values->bytes.len, .type = type};
}

/* A bundle has hundreds of these: each with its length in one piece. */
static void put32(struct db_values *values, uint32_t type, uint32_t word)
{
    char bytes[8];
    begin_value(values, type);
    store32(bytes, 4);
    store32(bytes + 4, word);
    buf_add(&values->bytes, bytes, sizeof bytes);
}

static void put64(struct db_values *values, uint32_t type, uint64_t word)
{
    char bytes[12];
    begin_value(values, type);
    store32(bytes, 8);
    store32(bytes + 4, (uint32_t)(word >> 32));
    store32(bytes + 8, (uint32_t)word);
    buf_add(&values->bytes, bytes, sizeof bytes);
}

static void put_sized(struct db_values *values, enum db_type type, const void *bytes, size_t length)
{
    begin_value(values, type_oids[type].item);
    if (length > DB_VALUES_MAX) {
        values->bytes.failed = ERR_LIMIT;
        return;
    }
    add32(values, (uint32_t)length);
    if (length > 0) {
        buf_add(&values->bytes, bytes, length);
    }
}

void db_put_row(struct db_values *values, int columns)
{
    assert(values->use == DB_COPY_ROWS && !values->array_open && columns > 0 && columns <= INT16_MAX);
    values->count++;
    add16(values, (uint16_t)columns);
}

void db_put_null(struct db_values *values, enum db_type type)
{
    values->array_null = true;
    begin_value(values, type_oids[type].item);
    add32(values, UINT32_MAX);
}

void db_put_bool(struct db_values *values, bool value)
{
    const char byte = value ? 1 : 0;
    put_sized(values, DB_BOOL, &byte, 1);
}

void db_put_int32(struct db_values *values, int32_t value)
{
    put32(values, OID_INT4, (uint32_t)value);
}

void db_put_int64(struct db_values *values, int64_t value)
{
    put64(values, OID_INT8, (uint64_t)value);
}

void db_put_float8(struct db_values *values, double value)
{
    uint64_t word;
    _Static_assert(sizeof word == sizeof value, "float8 is IEEE 754 binary64");
    memcpy(&word, &value, sizeof word);
    put64(values, OID_FLOAT8, word);
}

void db_put_number(struct db_values *values, double value)
{
    if (isnan(value)) {
        db_put_null(values, DB_FLOAT8);
    } else {
        db_put_float8(values, value);
    }
}

void db_put_count(struct db_values *values, int64_t value)
{
    if (value < 0) {
        db_put_null(values, DB_INT32);
    } else if (value > INT32_MAX) {
        values->bytes.failed = ERR_LIMIT;
    } else {
        db_put_int32(values, (int32_t)value);
    }
}

void db_put_text(struct db_values *values, const char *text)
{
    db_put_str(values, (struct str){text, text == NULL ? 0 : strlen(text)});
}

void db_put_str(struct db_values *values, struct str text)
{
    if (text.data == NULL) {
        db_put_null(values, DB_TEXT);
    } else {
        put_sized(values, DB_TEXT, text.data, text.len);
    }
}

void db_put_bytea(struct db_values *values, const void *bytes, size_t length)
{
    if (bytes == NULL) {
        db_put_null(values, DB_BYTEA);
    } else {
        put_sized(values, DB_BYTEA, bytes, length);
    }
}

void db_put_uuid(struct db_values *values, const uint8_t uuid[16])
{
    if (uuid == NULL) {
        db_put_null(values, DB_UUID);
    } else {
        put_sized(values, DB_UUID, uuid, 16);
    }
}

void db_put_timestamptz(struct db_values *values, int64_t wall_us)
{
    int64_t since_2000;
    if (__builtin_sub_overflow(wall_us, PG_EPOCH_US, &since_2000)) {
        values->bytes.failed = ERR_LIMIT;
        return;
    }
    put64(values, OID_TIMESTAMPTZ, (uint64_t)since_2000);
}

void db_put_jsonb(struct db_values *values, struct str json)
{
    if (json.data == NULL) {
        db_put_null(values, DB_JSONB);
        return;
    }
    begin_value(values, OID_JSONB);
    if (json.len >= DB_VALUES_MAX) {
        values->bytes.failed = ERR_LIMIT;
        return;
    }
    add32(values, (uint32_t)json.len + 1);
    buf_addc(&values->bytes, 1); /* version of jsonb's external form */
    buf_add(&values->bytes, json.data, json.len);
}

void db_array_begin(struct db_values *values, enum db_type item)
{
    assert(!values->array_open);
    begin_value(values, type_oids[item].array);
    values->array_at = values->bytes.len;
    char header[ARRAY_HEADER] = {0}; /* length, has-null flag and number of items: known at the end */
    store32(header + 4, 1);          /* dimensions */
    store32(header + 12, type_oids[item].item);
    store32(header + 20, 1); /* lower bound */
    buf_add(&values->bytes, header, sizeof header);
    values->array_open = true;
    values->array_null = false;
    values->array_items = 0;
}

void db_array_end(struct db_values *values)
{
    assert(values->array_open);
    values->array_open = false;
    struct buf *bytes = &values->bytes;
    if (bytes->failed != 0 || bytes->len < values->array_at + ARRAY_HEADER) {
        return;
    }
    char *header = bytes->data + values->array_at;
    if (values->array_items == 0) {
        bytes->len = values->array_at + ARRAY_EMPTY;
        store32(header + 4, 0);
    }
    store32(header, (uint32_t)(bytes->len - values->array_at - 4));
    store32(header + 8, values->array_null ? 1 : 0);
    if (values->array_items > 0) {
        store32(header + 16, (uint32_t)values->array_items);
    }
}

static void put_null_array(struct db_values *values, enum db_type item)
{
    begin_value(values, type_oids[item].array);
    add32(values, UINT32_MAX);
}

void db_put_text_array(struct db_values *values, const char *const *items, size_t count)
{
    if (items == NULL && count > 0) {
        put_null_array(values, DB_TEXT);
        return;
    }
    db_array_begin(values, DB_TEXT);
    for (size_t at = 0; at < count; at++) {
        db_put_text(values, items[at]);
    }
    db_array_end(values);
}

void db_put_float8_array(struct db_values *values, const double *items, size_t count)
{
    if (items == NULL) {
        put_null_array(values, DB_FLOAT8);
        return;
    }
    db_array_begin(values, DB_FLOAT8);
    for (size_t at = 0; at < count; at++) {
        db_put_float8(values, items[at]);
    }
    db_array_end(values);
}

void db_put_number_array(struct db_values *values, const double *items, size_t count)
{
    if (items == NULL) {
        put_null_array(values, DB_FLOAT8);
        return;
    }
    db_array_begin(values, DB_FLOAT8);
    for (size_t at = 0; at < count; at++) {
        db_put_number(values, items[at]);
    }
    db_array_end(values);
}

void db_put_int64_array(struct db_values *values, const int64_t *items, size_t count)
{
    if (items == NULL) {
        put_null_array(values, DB_INT64);
        return;
    }
    db_array_begin(values, DB_INT64);
    for (size_t at = 0; at < count; at++) {
        db_put_int64(values, items[at]);
    }
    db_array_end(values);
}

void db_put_uuid_array(struct db_values *values, const uint8_t (*items)[16], size_t count)
{
    if (items == NULL) {
        put_null_array(values, DB_UUID);
        return;
    }
    db_array_begin(values, DB_UUID);
    for (size_t at = 0; at < count; at++) {
        db_put_uuid(values, items[at]);
    }
    db_array_end(values);
}
