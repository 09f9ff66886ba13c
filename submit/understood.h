/* What was understood of a file, for `check`: JSON as DESIGN section 8 has it, or a short text. */
#ifndef SUBMIT_UNDERSTOOD_H
#define SUBMIT_UNDERSTOOD_H

#include "schema/json/json_write.h"
#include "submit/input.h"

/* One document. `fault` is what ended the reading, NULL when nothing did: it becomes the last problem. */
void understood_json(struct json_writer *writer, const struct input *input, const struct reading *reading,
                     const struct err *fault);
void understood_text(struct buf *into, const struct reading *reading);
void problem_text(struct buf *into, const char *file, const struct problem *problem);

#endif
