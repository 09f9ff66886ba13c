/* What today's readers make of a stored bundle. */
#ifndef COLLECTOR_INTAKE_REREAD_H
#define COLLECTOR_INTAKE_REREAD_H

#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/db/values.h"

/* Rows of a binary COPY (ROWS_RUN, ROWS_MEASUREMENT of collector/intake/rows.h), and the reader's version. */
struct reread {
    struct db_values run_rows, measurement_rows;
    int reader_version;
};
void reread_done(struct reread *reread);
#define autoreread cleanup(reread_done)

/* The bundle's own runs; or, where it carries its original and this program's reader is newer than the one that made
 * them, what that reader finds there. What the original does not state (a model named with --set, the facts of the
 * machine) stays as the bundle has it. -ERR_DATA when the bundle cannot be read any more. */
int reread_bundle(struct str raw, const uint8_t contributor_key[16], struct reread *ret, struct err *err) must_check;

#endif
