/* From a reading of a tool's output to the exact bytes of a bundle: private parts
 * taken out, what is left read again, bound to a key, written. The runs that travel
 * are those that anybody reads from the redacted original. */
#ifndef SCHEMA_FORMATS_PACK_H
#define SCHEMA_FORMATS_PACK_H

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/bundle/bundle.h"
#include "schema/formats/formats.h"
#include "schema/proof/client_key.h"

/* A decoded file is at most this long; redaction may make it longer, to twice this. */
#define PACK_INPUT_MAX ((size_t)64 << 20)

/* What all bundles of one call share; everything is borrowed. */
struct pack_settings {
    const struct client_key *key;
    const struct identity *identities; /* of the machine and whoever works on it: taken out of the text */
    size_t identity_count;
    const char *note, *cooling; /* redacted already; NULL = none */
    const char *run_id;         /* of a run that the caller itself made; NULL = none */
    const char *replaces;       /* id of the submission that it corrects; NULL = none */
    /* Adds what the file does not state (facts, settings) to the reading of the redacted text; NULL = nothing. */
    int (*complete)(void *context, struct reading *reading, struct err *err);
    void *context;
};

/* Where the reading comes from. */
struct pack_source {
    const char *name; /* of the file, with folders where they are known; NULL for standard input */
    struct str decoded;
    const struct format *format; /* the surest one; a reading of another tool in the same text names its own */
};

struct pack {
    char id[BUNDLE_ID_SIZE];
    char subject[BUNDLE_SUBJECT_SIZE]; /* hex of the message that the secret of a withdrawal is made from (FORMAT.md) */
    struct buf bytes;
    struct reading *reading; /* what the bundle says */
    struct redact_counts removed;
    bool original_omitted;
};
void pack_done(struct pack *pack);
#define autopack cleanup(pack_done)

/* 0 when both hold the same figures in the same runs; names may differ: a path in one is redacted. Else -ERR_DATA. */
int pack_same_runs(const struct reading *before, const struct reading *after, struct err *err) must_check;
/* -ERR_DATA when nothing was measured, or when what redaction leaves would be read otherwise. */
int pack_bundle(const struct pack_settings *settings, const struct pack_source *source, const struct reading *reading,
                struct pack *ret, struct err *err) must_check;

#endif
