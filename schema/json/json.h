/* JSON values read from text; the only room that knows cJSON.
 *
 * Two readers. The strict one is for bundles and HTTP bodies: RFC 8259 and our
 * profile (reliability.md 2.5, 3.1), nothing else. The tolerant one is for what
 * benchmark tools write: byte order mark, UTF-16, NaN and Infinity tokens, text
 * before and after, several documents one after the other, duplicate keys.
 *
 * A document owns all its values; values are pointers into it and die with it.
 * Every accessor accepts NULL and a value of another type ("not there"). */
#ifndef SCHEMA_JSON_JSON_H
#define SCHEMA_JSON_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/str.h"

struct json_document;
struct json;    /* one value */

enum json_type {
    JSON_ABSENT,      /* NULL was asked */
    JSON_NULL,
    JSON_BOOLEAN,
    JSON_NUMBER,
    JSON_NOT_FINITE,  /* a NaN, Infinity or -Infinity token (tolerant reader only) */
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

struct json_limits {
    size_t bytes, depth, nodes, key_bytes, number_chars;
    /* Name of one member at the top level of the document, below "original", whose string "text" is
     * exempt from the rule on characters (DESIGN section 6); NULL = none. */
    const char *exempt_member;
    size_t string_bytes;    /* of one decoded string, the exempt one apart; 0 = no limit (strict reader only) */
};
extern const struct json_limits json_limits_bundle;   /* 8 MiB, depth 32, 200,000 nodes, 64-byte keys, 32-char numbers */
extern const struct json_limits json_limits_tool;     /* 64 MiB, depth 200, 4,000,000 nodes */

/* Whole text must be one document within the profile. Errors carry line, column
 * and, where known, the path of the field; ERR_SYNTAX for grammar, ERR_DATA for
 * the profile, ERR_LIMIT for limits. */
int json_read_strict(struct str text, const struct json_limits *limits, struct json_document **ret,
                     struct err *err) must_check;
/* Reads the one document that begins at `*offset` or at the first `{` or `[` after it that begins a
 * parsable document, and moves *offset behind it. Returns 1 when one was read, 0 when none is left, and
 * -code with line and column when something began like a document and broke off (truncated, wrong
 * token): then *offset is where it began. Lines and columns count in `text` from 1; columns in bytes. */
int json_read_tolerant(struct str text, size_t *offset, const struct json_limits *limits,
                       struct json_document **ret, struct err *err) must_check;
void json_free(struct json_document *document);
void json_free_cleanup(struct json_document **document);
#define autojson cleanup(json_free_cleanup)

const struct json *json_root(const struct json_document *document);
/* Tolerant reader: line and column at which a value's document began. The text that was read must still be there. */
void json_position(const struct json_document *document, int *ret_line, int *ret_column);
/* Tolerant reader: where the characters of a string value (without its quotes, escapes as they stand) lie in the
 * text that was read: what reading_add_private takes. False for values that are no strings of this document. */
bool json_span(const struct json_document *document, const struct json *value, size_t *ret_offset, size_t *ret_length);
/* Tolerant reader: where the document lies in the text that was read. */
void json_extent(const struct json_document *document, size_t *ret_offset, size_t *ret_length);

enum json_type json_type(const struct json *value);
const char *json_type_name(enum json_type type);    /* "a number", "an object", … */
bool json_is(const struct json *value, enum json_type type);
/* Member of an object (first of that name, case-sensitive) or NULL. */
const struct json *json_get(const struct json *object, const char *key);
const struct json *json_at(const struct json *array, size_t index);   /* linear: iterate instead */
size_t json_count(const struct json *container);
/* for (v = json_first(c); v != NULL; v = json_next(v)) walks members or items in order. */
const struct json *json_first(const struct json *container);
const struct json *json_next(const struct json *value);
const char *json_key(const struct json *member);     /* of a value inside an object, else NULL */
/* Text of a string, else NULL. Owned by the document. */
const char *json_string(const struct json *value);
/* Number of a JSON_NUMBER, else NAN. */
double json_number(const struct json *value);
/* True when the value is a number with an integer value within ±2^53. */
bool json_integer(const struct json *value, int64_t *ret_value);
bool json_boolean(const struct json *value, bool fallback);

/* Shape checks for readers: fetch a member, and say exactly what is wrong where.
 * `path` is the path of `object` ("" at the top; "results[3]"). Each returns 0 and fills ret, or -ERR_DATA with
 * path and text such as "expected a number, found a string". A missing or null member: REQUIRED fails, OPTIONAL gives NULL / NAN / fallback. */
enum json_presence { JSON_OPTIONAL, JSON_REQUIRED };
int json_member_string(const struct json *object, const char *path, const char *key, enum json_presence presence,
                       const char **ret, struct err *err) must_check;
int json_member_number(const struct json *object, const char *path, const char *key, enum json_presence presence,
                       double *ret, struct err *err) must_check;
int json_member_array(const struct json *object, const char *path, const char *key, enum json_presence presence,
                      const struct json **ret, struct err *err) must_check;
int json_member_object(const struct json *object, const char *path, const char *key, enum json_presence presence,
                       const struct json **ret, struct err *err) must_check;

#endif
