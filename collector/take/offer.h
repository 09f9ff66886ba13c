/* From what people hand over to bundles: folders, bundles, output of benchmarks,
 * mails, dumps of `export`. Recognised by content, never by the name. */
#ifndef COLLECTOR_TAKE_OFFER_H
#define COLLECTOR_TAKE_OFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/proof/client_key.h"

/* Where something stands that was found, for messages. */
struct place {
    const char *file;
    size_t line;      /* of a dump or a mailbox, from 1; 0 = the whole file */
    const char *part; /* name of a mail's attachment; NULL */
};

/* One bundle. */
struct offered {
    struct place place;
    struct str bytes;
    const char *id; /* that the source says it has; NULL = none */
    bool held;      /* a dump says that it is not accepted there */
};

struct offer_sink {
    /* Negative ends everything and is returned. */
    int (*bundle)(void *context, const struct offered *offered, struct err *err);
    void (*refused)(void *context, const struct place *place, const struct err *why);
    /* A file of a folder that is no result, or a line of a dump whose bytes were erased there. */
    void (*skipped)(void *context, const struct place *place);
    void (*progress)(void *context, size_t bytes); /* read since the last call */
    void *context;
};

/* A file, a folder with all below it, or "-". Trouble with one thing is told to `refused` and does not end the others.
 * `key` binds what is packed from raw output (schema/formats/pack.h). */
int offer_path(const char *path, const struct client_key *key, const struct offer_sink *sink, struct err *err) must_check;
/* Bytes of all files below, for a progress bar. */
size_t offer_size(const char *path);

#endif
