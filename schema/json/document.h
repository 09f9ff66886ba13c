/* A document: cJSON's tree and where its parts came from. Inside the room only. */
#ifndef SCHEMA_JSON_DOCUMENT_H
#define SCHEMA_JSON_DOCUMENT_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/json/scan.h"

struct json_document {
    cJSON *root;
    struct arena values;            /* everything that cJSON allocated */
    struct str source;              /* the text that was read; borrowed */
    size_t offset, length;          /* of the document in it */
    struct scan_span *spans;        /* of string values in document order; cJSON.valueint is 1 + index */
    size_t span_count;
};

/* Lets cJSON read a text that the scanner has passed. */
int json_document_new(struct str checked, struct json_document **ret, struct err *err) must_check;

#endif
