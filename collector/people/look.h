/* What a moderator looks at: lists of submissions, and one with its findings, its figures
 * beside those that the same device sent before, and what was done with it. */
#ifndef COLLECTOR_PEOPLE_LOOK_H
#define COLLECTOR_PEOPLE_LOOK_H

#include <stdbool.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/db/db.h"
#include "schema/proof/hash.h"

/* Each appends text for a terminal, or JSON. `rule` may be NULL. */
int look_list(struct db *db, const char *state, const char *rule, int limit, bool json, struct buf *into,
              struct err *err) must_check;
/* ERR_NOT_FOUND for an id that is not known. */
int look_show(struct db *db, const struct sha256 *id, bool json, struct buf *into, struct err *err) must_check;

#endif
