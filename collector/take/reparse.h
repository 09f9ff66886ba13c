/* Rows of all submissions anew from their bytes, batch by batch. */
#ifndef COLLECTOR_TAKE_REPARSE_H
#define COLLECTOR_TAKE_REPARSE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/db/db.h"

struct reparse_figures {
    uint64_t seen, changed;
    uint64_t unreadable; /* bytes that bundle_read refuses now: their rows stay */
};

struct reparse_options {
    bool only_look; /* changes nothing */
    /* After each batch; and for each that changes or cannot be read (`why` then says so). May be NULL. */
    void (*progress)(void *context, const struct reparse_figures *figures);
    void (*told)(void *context, const uint8_t submission_id[16], const struct err *why);
    void *context;
    const volatile sig_atomic_t *stop;
};

/* Each batch is one transaction: rows, revision and event of what changes; everything else is left untouched. So it may
 * be ended at any moment and called again. */
int reparse_all(struct db *db, const struct reparse_options *options, struct reparse_figures *ret,
                struct err *err) must_check;

#endif
