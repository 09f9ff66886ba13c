/* Outputs that are lines of text: where each line begins, the figures on it, the
 * reading that they become. */
#ifndef SCHEMA_FORMATS_LINES_H
#define SCHEMA_FORMATS_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/formats/formats.h"

struct line {
    struct str text; /* without its end */
    size_t begin;    /* offset of the input */
    int number;      /* from 1 */
};
struct lines {
    struct str input;
    size_t at;
    int number;
};
struct lines lines_of(struct str input);
bool lines_next(struct lines *lines, struct line *ret);
/* For format_pieces: the first line that is not empty. */
void lines_carry_first(struct str before, struct buf *into);
bool line_is_indented(struct str line);

/* Each takes something off the front of *rest, blanks before it too; false (and nothing taken) when it is not there. */
bool take_text(struct str *rest, struct str wanted);
/* Also with commas or underscores between thousands. */
bool take_number(struct str *rest, double *ret);
/* Letters, µ, %, / and °: empty when none stands there. */
struct str take_unit(struct str *rest);
/* Everything up to `wanted`, which goes, too. */
bool take_until(struct str *rest, struct str wanted, struct str *ret);
/* A whole text that is one number. */
bool whole_number(struct str text, double *ret);

/* Copies a short text into `target`, cut when it is longer; returns target. */
const char *text_of(char *target, size_t size, struct str text);

/* A reading of the whole input. */
struct reading *lines_reading(const struct format *format, const struct format_input *input);
/* Each line of the input in turn until one fails. */
int lines_each(struct str input, int (*take)(void *context, const struct line *line, struct err *err), void *context,
               struct err *err) must_check;
/* What a benchmark is called. Folders of a private path are left out, and marked when the name lies in the input. */
const char *benchmark_name(struct reading *reading, const struct format_input *input, struct str name);
/* Takes the reading: drops runs without figures, says `nothing` when no run is left, and adds it to the list. */
int lines_finish(struct reading *reading, size_t begin, size_t end, const char *nothing, struct reading_list *into,
                 struct err *err) must_check;
/* As lines_finish for all of an input, where reading its lines ended with `code`; on a failure nothing is added. */
int lines_end(struct reading *reading, const struct format_input *input, int code, const char *nothing,
              struct reading_list *into, struct err *err) must_check;

#endif
