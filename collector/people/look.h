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

/* Which submissions a list holds. */
struct look_filter {
    const char *state, *rule;   /* rule NULL: any */
    const struct sha256 *after; /* the last of the page before; NULL: from the newest */
    int limit;
    int64_t until_us; /* only what was received until then; 0: all */
};
/* Each appends text for a terminal, or JSON. *ret_left: how many more there are behind the page. */
int look_list(struct db *db, const struct look_filter *filter, bool json, struct buf *into, int64_t *ret_left,
              struct err *err) must_check;
/* ERR_NOT_FOUND for an id that is not known. */
int look_show(struct db *db, const struct sha256 *id, bool json, struct buf *into, struct err *err) must_check;

/* The decision that the one with this revision took back, as words for a terminal. */
int look_undone(struct db *db, const struct sha256 *id, int revision, struct buf *into, struct err *err) must_check;

#endif
