/* The characters of an untrusted text one after the other, cleaned as encode.h says. For this room. */
#ifndef SCHEMA_TEXT_CLEAN_H
#define SCHEMA_TEXT_CLEAN_H

#include <stdbool.h>
#include <stdint.h>

#include "schema/base/buf.h"
#include "schema/base/str.h"

struct cleaner {
    const char *at, *end;
    unsigned combining; /* length of the run of combining marks so far */
};

struct cleaner cleaner_of(struct str text);
bool cleaner_next(struct cleaner *cleaner, uint32_t *ret_code_point);
/* Takes the printable ASCII that stands next, up to one of & < > " ': clean as it is, and the same in markup. */
struct str cleaner_plain(struct cleaner *cleaner);
void clean_put(struct buf *into, uint32_t code_point);
/* Letters and digits of ASCII. */
bool clean_is_word(uint32_t code_point);

#endif
