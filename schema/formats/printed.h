/* Outputs that a program printed, taken line by line.
 *
 * A reader keeps the lines that it understands. Every other line that says
 * something is private: what stands around a result in a log or a mail (prompts,
 * generated text, host names, shells) never leaves. The original is the stretch
 * from the first line kept to the last one. */
#ifndef SCHEMA_FORMATS_PRINTED_H
#define SCHEMA_FORMATS_PRINTED_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/bundle/types.h"
#include "schema/formats/formats.h"

struct printed {
    const struct format_input *input;
    struct reading *reading; /* of the list that it was opened with */
    struct str rest;         /* behind the current line */
    struct str line;         /* the current one, without blanks at its ends */
    int number;              /* of the line, from 1 */
    size_t begin, end;       /* of the line in the input */
    bool open, kept;         /* there is a current line; it was kept */
    size_t first, last;      /* of all lines kept */
};

/* A new reading of that format, already in the list; NULL when memory failed. */
struct reading *printed_reading(const struct format *format, struct reading_list *into, struct err *err);
int printed_open(struct printed *printed, const struct format *format, const struct format_input *input,
                 struct reading_list *into, struct err *err) must_check;
/* The next line; false at the end. */
bool printed_next(struct printed *printed);
void printed_keep(struct printed *printed);
/* Marks the folder of a path that stands on a line kept, or the whole slice. */
void printed_hide_folder(struct printed *printed, struct str path);
void printed_hide(struct printed *printed, struct str text, enum private_kind kind);
/* Sets the original. -ERR_DATA when nothing was kept, with a hint. */
int printed_finish(struct printed *printed, struct err *err) must_check;

/* A text that has one of the lines; the whole line, without its blanks, begins so. */
bool printed_has_line(struct str text, const char *beginning);
/* Takes a number off the front of *text, behind blanks; false (and *text as before) when there is none. inf and nan are
 * numbers here; they come back as such. */
bool printed_number(struct str *text, double *ret);
/* Takes a word off the front, behind blanks. */
bool printed_word(struct str *text, const char *word);
/* `label` and then a number and `unit` behind it, and nothing more: "Average: 4641.46 ms". */
bool printed_figure(struct str line, const char *label, const char *unit, double *ret);
/* What stands behind `label`, trimmed; false when the text does not begin with it. */
bool printed_value(struct str text, const char *label, struct str *ret_value);

#endif
