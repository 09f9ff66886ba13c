/* Everything that was read, as one hash: the same hash is the same content. It covers the rows and files as they came,
 * not what was understood of them, so that nothing can be forgotten. Another order of rows is another hash. */
#ifndef ANALYZE_DATA_CONTENT_H
#define ANALYZE_DATA_CONTENT_H

#include <stddef.h>

#include "schema/base/buf.h"
#include "schema/proof/hash.h"

#define CONTENT_PENDING_MAX ((size_t)64 << 20) /* one piece may be a whole file */

struct content {
    struct buf pending; /* not hashed yet */
    struct sha256 chain;
    bool failed; /* a piece did not fit: there is no hash */
};
#define CONTENT ((struct content){.pending = BUF(CONTENT_PENDING_MAX)})
void content_done(struct content *content);
#define autocontent cleanup(content_done)

/* A piece with its length; NULL bytes are another piece than none. NULL content: nobody asks. */
void content_add(struct content *content, const void *bytes, size_t length);
void content_add_text(struct content *content, const char *text); /* NULL allowed */
/* The hash so far; false when there is none. */
bool content_hash(struct content *content, struct sha256 *ret);

#endif
