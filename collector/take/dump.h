/* One line of `export`: a submission with its exact bytes.
 *
 *   {"id":"sha256:…","state":"accepted","received_at":"2026-…Z","origin":"http","bundle":"{…}"}
 *
 * `bundle` is the document as a JSON string: decoded it has the id as its SHA-256.
 * It is left out where the bytes were erased or the submission was withdrawn.
 *
 * A dump is for taking results over, as from a folder of bundles: anybody could have written it. So import believes its
 * bytes, which have their hash, and nothing else: received_at is what a receipt of this collector signs, a state is a
 * decision that stands in its log with who and why. `backup` and `restore` keep all of these. */
#ifndef COLLECTOR_TAKE_DUMP_H
#define COLLECTOR_TAKE_DUMP_H

#include <stdbool.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/json/json.h"
#include "schema/proof/hash.h"

/* A bundle of 8 MiB of which every byte needs an escape, and the rest of the line. */
#define DUMP_LINE_MAX (((size_t)16 << 20) + 4096)

struct dump_line {
    const char *id, *state, *origin;
    int64_t received_at_us;
    struct str bundle; /* data NULL: none */
};

/* Appends the line with its line feed. */
void dump_write(const struct dump_line *line, struct buf *into);
/* True when a text begins as a dump does. */
bool dump_begins(struct str text);
/* The texts live in *document. ERR_DATA when it is no such line. received_at_us and origin are not read. */
int dump_read(struct str text, struct json_document **document, struct dump_line *ret, struct err *err) must_check;

#endif
