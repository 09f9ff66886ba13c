/* The readers of benchmark outputs: bytes in, readings out.
 *
 * One file per tool's output; the table in formats.c registers them. A format is
 * recognised by content, never by the file's name alone (the name is a hint for
 * facts that a tool puts nowhere else). A reader never fails on unknown fields;
 * it says in `problems` what it could not use and why, with a path or a line.
 * Model, quantisation, backend and metric names are canonical where the
 * catalogue knows them. */
#ifndef SCHEMA_FORMATS_FORMATS_H
#define SCHEMA_FORMATS_FORMATS_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/bundle/types.h"

struct format_input {
    const char *name; /* file name without folders; NULL for standard input */
    const char *path; /* as the person gave it: folders may say what the file does not; NULL when not known */
    struct str text;  /* the file's bytes, decoded to UTF-8 without BOM and ANSI escapes */
};

struct reading_list {
    struct reading **items; /* owned */
    size_t count, capacity;
};
void reading_list_done(struct reading_list *list);
#define autoreadings cleanup(reading_list_done)
int reading_list_add(struct reading_list *list, struct reading *reading, struct err *err) must_check; /* takes it */

/* How the outputs of a format may be cut at line ends, so that a long one is read piece by piece. */
struct format_pieces {
    char begins; /* what the line of each record begins with; 0 = anything */
    bool quoted; /* line ends between quotes are none */
    /* Appends what the text behind `before` needs in front of it to be read alone: the header of a table, what a log
     * has said of its machine. `before` begins with what was carried into it. NULL: nothing. */
    void (*carry)(struct str before, struct buf *into);
};

struct format {
    const char *name;    /* "llama-bench-json"; stable, stored with each submission */
    const char *tool;    /* "llama-bench" */
    const char *summary; /* "llama-bench -o json, one array of records" */
    int version;         /* of the reader: raised when it reads the same bytes differently */
    /* 0 = not this; 1 to 100 = how sure. Looks only, keeps nothing. */
    int (*detect)(const struct format_input *input);
    /* Appends one reading per machine found; -code with line, column or path when the input is of this
     * format but cannot be used. Readings appended before the fault stay: what was still readable. */
    int (*read)(const struct format_input *input, struct reading_list *into, struct err *err);
    const struct format_pieces *pieces; /* NULL: read as a whole */
};

/* NULL-terminated, in the order that `formats` lists them. */
extern const struct format *const formats_all[];

const struct format *formats_by_name(const char *name);
/* The surest one; NULL when none recognises the input. */
const struct format *formats_detect(const struct format_input *input);
/* Decodes UTF-16 by its BOM, drops a BOM, removes ANSI escapes and what logs and mails put before each line
 * (line_prefixes.h), makes no-break spaces plain; *ret is owned. When
 * nothing had to change the bytes are the same, so that offsets of private spans fit the original; redaction works on
 * the decoded text. */
int formats_decode(struct str bytes, char **ret, size_t *ret_length, struct err *err) must_check;
/* Decode, detect (or the one named), read. ERR_DATA with a hint when nothing recognises it. `file_path` is the file's
 * name, with folders where they are known; NULL for standard input. Outputs of further tools in the same input give
 * readings of their own behind those of *ret_format; each reading names its format. */
int formats_read(const char *file_path, struct str decoded, const char *format_name, const struct format **ret_format,
                 struct reading_list *into, struct err *err) must_check;

#endif
