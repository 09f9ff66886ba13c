/* The body of one part of a mail: transfer encoding, character set, line ends. */
#ifndef COLLECTOR_TAKE_MAIL_DECODE_H
#define COLLECTOR_TAKE_MAIL_DECODE_H

#include <stdbool.h>

#include "schema/base/buf.h"
#include "schema/base/str.h"

/* `encoding` and `charset` are the values of the header or NULL. Base64 of what is no text stays as it is; everything
 * else gets line feeds. A text in ISO 8859-1 or Windows-1252 becomes UTF-8. */
void mail_decode(struct str body, const char *encoding, const char *charset, bool is_text, struct buf *into);

#endif
