/* Lines of a printed output that a reader does not understand: prompts of
 * shells, logs, what people wrote around it. They stay on the machine. */
#ifndef SCHEMA_FORMATS_NOISE_H
#define SCHEMA_FORMATS_NOISE_H

#include "schema/formats/lines.h"

/* Marks the line, without the blanks at its ends. */
void noise_mark(struct reading *reading, const struct line *line);
/* What redaction left of such a line: it says nothing. */
bool noise_was_here(const struct line *line);
/* Which lines of an input a reader used; all others are marked at the end. */
struct used_lines {
    unsigned char *items;
    size_t count;
};
struct used_lines used_lines(struct reading *reading, const struct format_input *input);
void used_lines_add(struct used_lines *used, int first, int last);
void used_lines_mark_others(const struct used_lines *used, struct reading *reading, const struct format_input *input);
/* Marks a slice of the input, when it is not what redaction left. */
void noise_hide(struct reading *reading, const struct format_input *input, struct str text, enum private_kind kind);

/* A figure that is printed with its unit: "41.731 us". False when it is not there. */
bool take_figure(struct str *rest, double *ret, struct str *ret_unit);

#endif
