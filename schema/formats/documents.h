/* JSON documents of one tool, one after another or within lists and objects of
 * others, each a reading: with noise before and between, and what was complete of one that broke off. */
#ifndef SCHEMA_FORMATS_DOCUMENTS_H
#define SCHEMA_FORMATS_DOCUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/formats/formats.h"
#include "schema/json/json.h"

struct document {
    const struct format *format;
    const struct format_input *input;
    const struct json_document *json;
    const struct json *root;
    size_t base;       /* what the offsets of `json` count from */
    size_t begin, end; /* of the document in the input */
};

struct document_reader {
    bool (*is)(const struct json *root); /* other documents between are passed over */
    /* Fills the reading that it is given. Runs without figures are dropped afterwards. */
    int (*read)(const struct document *document, struct reading *reading, struct err *err);
    const char *nothing; /* what is wrong when no run was found */
};

int documents_read(const struct format *format, const struct format_input *input, const struct document_reader *reader,
                   struct reading_list *into, struct err *err) must_check;
/* The characters of a string value stay on the machine. */
void document_private(const struct document *document, struct reading *reading, const struct json *value,
                      enum private_kind kind);
/* A benchmark named by a string or by the key of a member. */
const char *document_name(const struct document *document, struct reading *reading, const char *name);
/* Milliseconds (or seconds) since 1970 as the time of a run. */
void document_set_epoch(struct reading *reading, struct run *run, double seconds);
/* Line and column of the value at a path of the document. */
void document_place(const struct document *document, const char *path, int *ret_line, int *ret_column);

#endif
