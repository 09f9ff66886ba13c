/* Command lines and arguments that a file repeats: what a benchmark is called by
 * them, and what of them must stay (folders of paths, addresses, people). */
#ifndef SCHEMA_FORMATS_COMMAND_LINE_H
#define SCHEMA_FORMATS_COMMAND_LINE_H

#include "schema/base/str.h"
#include "schema/bundle/types.h"
#include "schema/formats/documents.h"

/* The command with base names in the place of private paths, without addresses; NULL when nothing is left. The same
 * for a command from which redaction took the private stretches. */
const char *command_name(struct reading *reading, const char *command);
/* Marks the private stretches of a command that stands at `offset` of the input. */
void command_mark_text(struct reading *reading, struct str text, size_t offset);
/* Marks the private stretches of a string value. */
void command_mark(const struct document *document, struct reading *reading, const struct json *value);
/* For a finished reading of JSON whose strings are command lines: paths are private word by word, not up to the last
 * separator of the whole string. */
void command_mark_words(const struct format_input *input, struct reading *reading);

#endif
