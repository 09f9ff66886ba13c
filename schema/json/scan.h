/* The scanner in front of cJSON: one pass over the bytes of one document.
 *
 * Inside the room only. Strict: checks the grammar and the profile, allocates
 * nothing but the stack of open containers and the keys of open objects.
 * Tolerant: also notes where each string value stands in the source, and where cJSON
 * would not read the document as it is (non-finite tokens, broken escapes and bytes,
 * long numbers) writes a copy with those replaced. */
#ifndef SCHEMA_JSON_SCAN_H
#define SCHEMA_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/json/json.h"

/* A key of an open object, decoded; `at` is where it stands in the source. */
struct scan_key {
    struct str name;
    const char *at;
};
struct scan_frame {
    bool object;
    size_t index;     /* items so far */
    size_t first_key; /* its keys are keys[first_key…]; tolerant: only the latest is kept */
};
/* Where the characters of a string value stand: between its quotes. */
struct scan_span {
    uint32_t offset, length;
};

struct json_scan {
    const char *begin, *end, *at; /* lines and columns count from begin */
    const struct json_limits *limits;
    struct buf *copy;   /* NULL = strict; empty until something has to be replaced */
    const char *copied; /* of the source, what stands before it is in the copy */
    size_t nodes;
    struct scan_frame *frames;
    size_t depth, frame_capacity;
    struct scan_key *keys;
    size_t key_count, key_capacity;
    struct arena decoded; /* keys that hold escapes */
    struct scan_span *spans;
    size_t span_count, span_capacity;
    enum err_code code; /* the first fault; ERR_NONE = none */
    const char *fault_at;
    const char *fault; /* what is wrong, or with `expected` what should stand there */
    bool expected;
};

/* Scans one value at scan->at and moves behind it. 0 or -code; json_scan_report puts the fault into an err. */
int json_scan_value(struct json_scan *scan) must_check;
int json_scan_report(const struct json_scan *scan, struct err *err);
void json_scan_done(struct json_scan *scan);
#define autoscan cleanup(json_scan_done)

/* Tolerant: `bytes` stand in the copy for the source's [from, to). */
void json_scan_replace(struct json_scan *scan, const char *from, const char *to, const char *bytes, size_t length);
/* Tolerant: what cJSON is to read of [from, scan->at): the source, or the copy. */
struct str json_scan_text(struct json_scan *scan, const char *from);
void json_scan_blanks(struct json_scan *scan);
/* Notes the fault (the first one stays) and returns -code. */
int json_scan_fail(struct json_scan *scan, enum err_code code, const char *at, const char *fault);
int json_scan_expected(struct json_scan *scan, const char *at, const char *what);
/* scan_string.c: at the opening quote. */
enum scan_string_kind { SCAN_KEY, SCAN_VALUE, SCAN_EXEMPT };
int json_scan_string(struct json_scan *scan, enum scan_string_kind kind) must_check;
/* scan_number.c: at anything that may begin a number. */
int json_scan_number(struct json_scan *scan) must_check;
/* NaN, Infinity and their kin in any case, with a sign; tolerant only. False when none stands there. */
bool json_scan_not_finite(struct json_scan *scan);
/* scan_key.c */
int json_scan_add_key(struct json_scan *scan, struct str name, const char *at) must_check;
int json_scan_close_keys(struct json_scan *scan, const struct scan_frame *frame) must_check;

#endif
