/* JSON documents of one tool in a text: alone, several, or with words around
 * them; whole or broken off. Each becomes one reading, with the document as its
 * original and its private stretches marked. */
#ifndef SCHEMA_FORMATS_TOOL_JSON_H
#define SCHEMA_FORMATS_TOOL_JSON_H

#include <stdbool.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/formats/formats.h"
#include "schema/json/json.h"

struct tool_document {
    const struct format_input *input;
    const struct json_document *parsed;
    const struct json *root;
    struct str text; /* that `parsed` was read from: what json_span counts in */
    size_t begin;    /* of `text` in the input */
    bool closed;     /* it broke off and was closed behind its last complete value; its spans mean nothing */
};
struct tool_json {
    const struct format *format;
    bool (*mentions)(struct str object);        /* bytes of an object that may be a document: cheap */
    bool (*is_document)(const struct json *root);
    /* On -ERR_DATA (with the path) what was read before stays. */
    int (*read)(const struct tool_document *document, struct reading *reading, struct err *err);
};
/* Appends a reading for each document; -ERR_DATA when there is none. */
int tool_json_read(const struct tool_json *tool, const struct format_input *input, struct reading_list *into,
                   struct err *err) must_check;
/* True when one of the first objects of a text is mentioned so: for detection. */
bool tool_json_mentioned(const struct tool_json *tool, struct str text);

#endif
