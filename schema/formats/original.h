/* Whether the runs of a bundle are those of the original that travels beside it.
 *
 * The figures are compared, and the chip where the original names one that the catalogue knows. What a contributor
 * may state beside the file (a model, a task, labels, facts of the machine, conditions) is not: --set says so. */
#ifndef SCHEMA_FORMATS_ORIGINAL_H
#define SCHEMA_FORMATS_ORIGINAL_H

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/bundle/bundle.h"

enum original_verdict {
    ORIGINAL_NOT_READ, /* there is none, or no reader of this program is for it */
    ORIGINAL_AGREES,
    ORIGINAL_DIFFERS
};

struct original_check {
    enum original_verdict verdict;
    int reader_version; /* of the reader that read it; 0 = not read */
    char what[400];     /* what differs first, for people */
};

/* Reads the original with the reader that the bundle names; where this program has no reader of that name, with the one
 * that recognises it. Fails only for want of memory. */
int original_check(const struct bundle *bundle, struct original_check *ret, struct err *err) must_check;

#endif
