/* Generated blocks inside a document that people also write.
 *
 * A block stands between the lines `<!-- crosschip:begin NAME -->` and `<!-- crosschip:end NAME -->`. Everything
 * outside of blocks survives byte for byte. */
#ifndef ANALYZE_REPORT_MARKERS_H
#define ANALYZE_REPORT_MARKERS_H

#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/str.h"

struct block {
    const char *name;
    struct str text; /* ends in a line break */
};

/* Writes the document with every block replaced. A block that `existing` lacks goes behind the block before it in the
 * list, or to the end. `existing` may be empty. ERR_DATA with the line when a block is opened twice, not closed or
 * closed without having been opened: then nothing may be overwritten. */
int markers_merge(struct str existing, const struct block *blocks, size_t count, struct buf *into,
                  struct err *err) must_check;

#endif
