/* --output: bundles into one file instead of to a collector. */
#ifndef SUBMIT_WRITTEN_H
#define SUBMIT_WRITTEN_H

#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/bundle/types.h"

/* FILE.md gets the text of an issue or a mail with all bundles in it; any other name the exact bytes of one bundle;
 * "-" the same on stdout. */
struct written {
    const char *path; /* borrowed */
    bool letter;
    size_t count;
    struct buf text; /* of a letter */
};
void written_begin(struct written *written, const char *path);
void written_done(struct written *written);
/* `reading` is what the bundle says. -ERR_USAGE for a second bundle that has no place. */
int written_add(struct written *written, const struct reading *reading, struct str bytes, struct err *err) must_check;
/* Writes what is held back. */
int written_end(struct written *written, struct err *err) must_check;

#endif
