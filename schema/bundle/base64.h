/* Base64 (RFC 4648 section 4, with padding) for originals that are no plain text. Inside the room only. */
#ifndef SCHEMA_BUNDLE_BASE64_H
#define SCHEMA_BUNDLE_BASE64_H

#include <stdbool.h>

#include "schema/base/buf.h"
#include "schema/base/str.h"

void base64_encode(struct str bytes, struct buf *into);
/* Exactly the canonical form: no blanks, padding where it belongs, unused bits zero. */
bool base64_decode(struct str text, struct buf *into);

#endif
