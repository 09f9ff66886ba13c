/* Typed values on their way into PostgreSQL, in its binary form.
 *
 * The same encoder serves the parameters of a query (DB_PARAMETERS) and the rows
 * of a COPY … (FORMAT binary) (DB_COPY_ROWS, each row begun by db_put_row). Puts
 * need no check: after a failure they do nothing, and the function that sends
 * the values reports it. Values copy what they are given and own the copies;
 * autovalues locals free them.
 *
 * NULL pointers, and NAN in the *_number forms, become SQL NULL. The type must be
 * the column's own (COPY binary converts nothing): int4 for `int`, text for jsonb
 * is wrong.
 * Format: PostgreSQL documentation, "COPY", section Binary Format, and the
 * send/receive functions of each type. */
#ifndef SCHEMA_DB_VALUES_H
#define SCHEMA_DB_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"

enum db_type { DB_BOOL, DB_INT32, DB_INT64, DB_FLOAT8, DB_TEXT, DB_BYTEA, DB_UUID, DB_TIMESTAMPTZ, DB_JSONB };

enum db_values_use { DB_PARAMETERS, DB_COPY_ROWS };

struct db_values_slot;
struct db_values {
    enum db_values_use use;
    struct buf bytes;             /* each value: int32 length (-1 = NULL), then its bytes */
    struct db_values_slot *slots; /* of parameters only */
    size_t count, capacity;       /* parameters, or rows */
    size_t array_at, array_items; /* the array that is open */
    bool array_open, array_null;
};

#define DB_VALUES_MAX ((size_t)256 << 20)
#define DB_VALUES(purpose) ((struct db_values){.use = (purpose), .bytes = BUF(DB_VALUES_MAX)})
#define autovalues cleanup(db_values_done)

void db_values_done(struct db_values *values);
/* Empty again, memory kept. */
void db_values_reset(struct db_values *values);
size_t db_values_size(const struct db_values *values); /* bytes so far */

/* Begins the next row of a COPY; exactly `columns` puts must follow. */
void db_put_row(struct db_values *values, int columns);

void db_put_null(struct db_values *values, enum db_type type);
void db_put_bool(struct db_values *values, bool value);
void db_put_int32(struct db_values *values, int32_t value);
void db_put_int64(struct db_values *values, int64_t value);
void db_put_float8(struct db_values *values, double value); /* NAN stays NaN */
void db_put_number(struct db_values *values, double value); /* NAN is NULL */
void db_put_count(struct db_values *values, int64_t value); /* int4; negative (not known) is NULL */
void db_put_text(struct db_values *values, const char *text);
void db_put_str(struct db_values *values, struct str text); /* data NULL is NULL */
void db_put_bytea(struct db_values *values, const void *bytes, size_t length);
void db_put_uuid(struct db_values *values, const uint8_t uuid[16]);
void db_put_timestamptz(struct db_values *values, int64_t wall_us); /* µs since 1970, see clock.h */
void db_put_jsonb(struct db_values *values, struct str json);

/* An array: begin, the puts of its items (all of `item` type, NULL allowed), end. */
void db_array_begin(struct db_values *values, enum db_type item);
void db_array_end(struct db_values *values);
/* Whole arrays. A text array of no items is the empty array ('{}'), also when items is NULL
 * (flags); a number array whose items are NULL is SQL NULL (samples not stated). */
void db_put_text_array(struct db_values *values, const char *const *items, size_t count);
void db_put_float8_array(struct db_values *values, const double *items, size_t count); /* NAN stays NaN */
void db_put_number_array(struct db_values *values, const double *items, size_t count); /* NAN is NULL */
void db_put_int64_array(struct db_values *values, const int64_t *items, size_t count);
void db_put_uuid_array(struct db_values *values, const uint8_t (*items)[16], size_t count);

#endif
