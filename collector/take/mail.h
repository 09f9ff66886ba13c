/* What a mail holds: its parts, decoded (RFC 5322, 2045 to 2047). Reads what is
 * there and is strict about nothing: a message that lies about its structure
 * gives parts that no reader recognises. */
#ifndef COLLECTOR_TAKE_MAIL_H
#define COLLECTOR_TAKE_MAIL_H

#include <stdbool.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/str.h"

struct mail_part {
    const char *name; /* of the attached file, without folders; NULL = none */
    const char *type; /* "text/plain", lower case */
    struct str bytes; /* decoded; of a text in UTF-8 with line feeds only */
};

/* True when the text begins with the header of a mail. */
bool mail_is_message(struct str text);
/* Calls `each` for every part that is no container, in order, attached messages included. A negative value from it
 * ends the walk and is returned. ERR_LIMIT: nested too deeply, too many parts. */
int mail_read(struct str message, int (*each)(void *context, const struct mail_part *part, struct err *err),
              void *context, struct err *err) must_check;

#endif
