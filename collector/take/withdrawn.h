/* Withdrawals that come from another collector with the secret that proves them. Of a submission that stands here one is
 * carried out. One of a submission that does not waits for it, and is told on: so it passes through collectors that
 * never held the submission. Without the bytes nobody can check a secret: what waits changes nothing, is bounded by
 * WITHDRAWN_KEPT and WITHDRAWN_HOPS, and what one collector tells takes no room from another. */
#ifndef COLLECTOR_TAKE_WITHDRAWN_H
#define COLLECTOR_TAKE_WITHDRAWN_H

#include <stdbool.h>
#include <stdint.h>

#include "schema/db/db.h"
#include "schema/proof/hash.h"

enum {
    WITHDRAWN_KEPT = 10000, /* of what one collector tells: the newest; and heard in one call */
    WITHDRAWN_HOPS = 16,    /* told so often it is not told on (a CHECK in 0021_told.sql has it too) */
};

struct withdrawn {
    struct sha256 id;
    unsigned char secret[32];
    int hops; /* how often it was told until it was here */
};

/* Adds to *done how many were withdrawn here. A secret that is not the one of the bytes here changes nothing. `url`: who
 * told them. */
int withdrawn_take(struct db *db, const char *url, const struct withdrawn *list, size_t count, uint64_t *done,
                   struct err *err) must_check;
/* Carries out what waited for submissions that have come; adds to *count. */
int withdrawn_late(struct db *db, uint64_t *count, struct err *err) must_check;
/* The oldest go of what this collector told, as many as are too many. */
int withdrawn_trim(struct db *db, const char *url, struct err *err) must_check;

#endif
