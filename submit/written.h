/* --output: bundles into one file instead of to a collector. */
#ifndef SUBMIT_WRITTEN_H
#define SUBMIT_WRITTEN_H

#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/base/mem.h"
#include "schema/bundle/types.h"
#include "submit/outcome.h"

struct written_one {
    const char *file, *id;
};
/* FILE.md gets the text of an issue or a mail with all bundles in it; any other name the exact bytes of one bundle;
 * "-" the same on stdout. Nothing is written before written_end. */
struct written {
    const char *path; /* borrowed */
    bool letter;
    bool refused; /* a bundle had no place: nothing is written at all */
    struct buf text;
    struct arena arena;
    struct written_one *items; /* what is in the text */
    size_t count, capacity;
};
void written_begin(struct written *written, const char *path);
void written_done(struct written *written);
/* `reading` is what the bundle says; `file` is borrowed until written_end. -ERR_USAGE for a second bundle that has no
 * place. */
int written_add(struct written *written, const char *file, const char *id, const struct reading *reading,
                struct str bytes, struct err *err) must_check;
/* Writes the file, and then tells it of each bundle. */
int written_end(struct written *written, struct outcomes *outcomes, struct err *err) must_check;

#endif
