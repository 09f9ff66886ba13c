/* JSON as bytes: where values begin and end, without building them.
 *
 * Used to cut documents out of text, to find the stretches that must not leave
 * the machine, and to close a document that broke off. schema/json reads the
 * values; nothing here judges grammar beyond brackets and strings. */
#ifndef SCHEMA_FORMATS_RAW_JSON_H
#define SCHEMA_FORMATS_RAW_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/buf.h"
#include "schema/base/str.h"

bool raw_json_is_blank(char c);
/* Where the next object begins at or after `from`: a brace followed by a quote or by its closing brace.
 * SIZE_MAX when there is none. */
size_t raw_json_find_object(struct str text, size_t from);
/* Where the object or array that begins at `at` ends (behind its bracket); SIZE_MAX when it does not. */
size_t raw_json_end(struct str text, size_t at);
/* Takes the next string literal at or after *at: its characters between the quotes, escapes as written. */
bool raw_json_next_string(struct str text, size_t *at, struct str *ret_literal);
/* The bytes of the value of member `key` of the object that `object` holds, not of objects inside it. */
bool raw_json_member(struct str object, const char *key, struct str *ret_value);
/* Offset in `text` of the value at a path such as results[3].model_name; as far as the path can be followed. `text`
 * begins with the value that the path starts from. */
size_t raw_json_locate(struct str text, const char *path);
/* Copies the document that begins at `from` up to the last complete member or item before `stop` and closes
 * what is open. False when nothing complete is there. */
bool raw_json_close(struct str text, size_t from, size_t stop, struct buf *into);

#endif
