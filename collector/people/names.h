/* What names of chips and models mean that no rule of the catalogue knows: which there are, and what moderators decide.
 *
 * A decision is about one name in its exact bytes: names that look alike, differ in case or in blanks are other names.
 * The catalogue comes first: a name that it knows needs no decision and gets none. */
#ifndef COLLECTOR_PEOPLE_NAMES_H
#define COLLECTOR_PEOPLE_NAMES_H

#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/db/db.h"

enum named { NAMED_CHIP, NAMED_MODEL };

struct naming {
    enum named named;
    const char *name;    /* as it was sent */
    const char *target;  /* what it shall mean, in any spelling that the catalogue knows; NULL takes back */
    const char *variant; /* of a chip; NULL = none */
    const char *actor, *reason;
};
/* Prints the names that mean nothing yet, most contributors first. */
int names_unmatched(struct db *db, enum named named, int limit, bool json, struct buf *into,
                    struct err *err) must_check;
/* Prints every decision. */
int names_decisions(struct db *db, enum named named, bool json, struct buf *into, struct err *err) must_check;
/* One line of what holds now goes to *into. ERR_DATA: the catalogue does not know the target or the variant, or knows
 * the name; ERR_NOT_FOUND: there is nothing to take back. */
int names_decide(struct db *db, const struct naming *naming, int64_t now_us, struct buf *into,
                 struct err *err) must_check;

/* "U+0410 U+200B": the characters of a name beside printable ASCII, each once, at most eight and then "…". */
void names_unusual(const char *name, struct buf *into);

#endif
