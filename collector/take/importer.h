/* Bundles into the database in full batches: one thread reads and checks, two
 * write. The same check and the same store as for what comes over HTTP. */
#ifndef COLLECTOR_TAKE_IMPORTER_H
#define COLLECTOR_TAKE_IMPORTER_H

#include <signal.h>
#include <stdint.h>

#include "collector/intake/intake.h"
#include "collector/take/offer.h"
#include "schema/base/attributes.h"
#include "schema/base/err.h"

struct importer_options {
    const char *conninfo; /* copied by the connections */
    bool direct;          /* no pooler stands before it */
    struct intake_policy policy;
    /* Told of each bundle and file that was not taken, from any of the threads, one at a time. */
    void (*refused)(void *context, const struct place *place, const struct err *why);
    void *context;
    const volatile sig_atomic_t *stop; /* becomes non-zero to end early; may be NULL */
};

struct importer_figures {
    uint64_t created, duplicates, refused, skipped;
};

struct importer;
int importer_open(const struct importer_options *options, struct importer **ret, struct err *err) must_check;
/* Takes one: checks it, and writes it with others sooner or later. Fails only when nothing more can be taken (the
 * database is away, a stop was asked for): then what was taken before is written or will be offered again. */
int importer_take(struct importer *importer, const struct offered *offered, struct err *err) must_check;
void importer_refuse(struct importer *importer, const struct place *place, const struct err *why);
void importer_skip(struct importer *importer);
/* Writes what waits; 0 when every bundle that was taken is stored or told to `refused`. */
int importer_finish(struct importer *importer, struct err *err) must_check;
struct importer_figures importer_figures(struct importer *importer);
void importer_free(struct importer *importer); /* NULL is allowed */

#endif
