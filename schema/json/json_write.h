/* Writes JSON into a buffer: commas, escapes and exact numbers in one place.
 *
 * Numbers go out as the shortest text that reads back to the same double
 * (number_shortest), never through cJSON_Print, which changes one double in six.
 * NaN and infinities are written as null. Strings must be UTF-8; an invalid byte
 * becomes U+FFFD. Keys keep the order of the calls. */
#ifndef SCHEMA_JSON_JSON_WRITE_H
#define SCHEMA_JSON_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "schema/base/buf.h"
#include "schema/base/str.h"

struct json_writer {
    struct buf *out;
    int indent;          /* spaces a level; 0 = one line, no blanks */
    int depth;
    bool need_comma;
    bool after_key;
};

struct json_writer json_writer(struct buf *out, int indent);
void json_begin_object(struct json_writer *writer);
void json_end_object(struct json_writer *writer);
void json_begin_array(struct json_writer *writer);
void json_end_array(struct json_writer *writer);
void json_write_key(struct json_writer *writer, const char *key);
void json_write_string(struct json_writer *writer, const char *text);          /* NULL: null */
void json_write_slice(struct json_writer *writer, struct str text);
void json_write_number(struct json_writer *writer, double value);
void json_write_int(struct json_writer *writer, int64_t value);
void json_write_bool(struct json_writer *writer, bool value);
void json_write_null(struct json_writer *writer);
/* A value that is JSON text already. */
void json_write_raw(struct json_writer *writer, struct str json);
/* key and value in one call */
void json_pair_string(struct json_writer *writer, const char *key, const char *text);
void json_pair_number(struct json_writer *writer, const char *key, double value);
void json_pair_int(struct json_writer *writer, const char *key, int64_t value);
void json_pair_bool(struct json_writer *writer, const char *key, bool value);

#endif
