/* A bundle inside a text for people: an issue, a mail, a chat (FORMAT.md, "In a text").
 *
 * Its bytes stand there as base64 between two marks, with the id beside them, so
 * that quoting ("> "), indenting, other line ends and other text around it change
 * nothing: what is read back has the same id or is refused. */
#ifndef SCHEMA_BUNDLE_LETTER_H
#define SCHEMA_BUNDLE_LETTER_H

#include <stdbool.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/bundle/bundle.h"

/* Appends the block of one bundle, whole lines; nothing before or after it. */
void letter_write(struct str bytes, struct buf *into);
/* True when the text holds the beginning of a block. */
bool letter_is(struct str text);
/* Takes the next block off *rest: 1 with the exact bytes in *into (reset first; BUNDLE_BYTES_MAX is its natural
 * limit) and their id; 0 when there is none. -ERR_DATA for one that is cut off or damaged, with its id in the text:
 * *rest then stands behind it, and the next call goes on. */
int letter_next(struct str *rest, struct buf *into, char ret_id[BUNDLE_ID_SIZE], struct err *err) must_check;

#endif
