/* The text of an issue or a mail: for people what was measured, for programs the bundle (schema/bundle/letter.h). */
#ifndef SUBMIT_LETTER_TEXT_H
#define SUBMIT_LETTER_TEXT_H

#include "schema/base/buf.h"
#include "schema/bundle/bundle.h"

/* Appends the part of one bundle; `reading` is what it says. */
void letter_text_add(const struct reading *reading, struct str bytes, struct buf *into);
/* What stands at the end of the whole text. */
void letter_text_end(struct buf *into);

#endif
