/* Strict reader of CSV (RFC 4180) over bytes in memory.
 *
 * Records end in LF or CRLF; fields may be quoted, a doubled quote stands for
 * one, quoted fields may hold separators and line ends. Refused with the line:
 * an unclosed quote, text after a closing quote, a quote inside a plain field,
 * a bare CR, NUL, invalid UTF-8, fields over the limits and, when the width is
 * fixed, records with more or fewer fields. Empty lines are passed over; a byte
 * order mark at the beginning is dropped. Nothing is trimmed or converted. */
#ifndef SCHEMA_READ_CSV_H
#define SCHEMA_READ_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"

#define CSV_FIELDS_MAX ((size_t)4096)
#define CSV_FIELD_BYTES_MAX ((size_t)1 << 20)

struct csv_reader {
    struct str text;
    size_t at;
    int line;       /* of `at`, from 1 */
    char separator; /* ',' unless set otherwise */
    size_t width;   /* fields that every further record must have; 0 = any */
    size_t fields_max, field_bytes_max;
};
struct csv_record {
    int line;           /* at which the record begins */
    struct str *fields; /* in the arena, each NUL-terminated behind its len */
    size_t count;
};

struct csv_reader csv_reader(struct str text);
/* 1 and a record, 0 at the end, -ERR_SYNTAX / -ERR_DATA (width) / -ERR_LIMIT / -ERR_MEMORY with line and column. */
int csv_next(struct csv_reader *reader, struct arena *arena, struct csv_record *ret, struct err *err) must_check;
/* Index of the field that equals `name` (ASCII case ignored), or SIZE_MAX. */
size_t csv_column(const struct csv_record *header, const char *name);
/* Field `index` of a record as NUL-terminated text, "" when the record is shorter. */
const char *csv_text(const struct csv_record *record, size_t index);

#endif
