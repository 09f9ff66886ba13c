/* The submission document: one machine's reading of one benchmark output, the
 * redacted original, and what binds them (FORMAT.md, bundle.schema.json).
 *
 * The bytes are the truth: a submission is named by their SHA-256. Writing is
 * deterministic (fixed order of keys, shortest numbers, no time of bundling):
 * the same input gives the same bytes. Reading is strict about the JSON profile
 * and the types of known members; unknown members are skipped and stay in the
 * bytes. */
#ifndef SCHEMA_BUNDLE_BUNDLE_H
#define SCHEMA_BUNDLE_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/bundle/limits.h"
#include "schema/bundle/redact.h"
#include "schema/bundle/types.h"

#define BUNDLE_VERSION "1.1"
#define BUNDLE_LICENCE "CC0-1.0"
/* What a contributor agrees to; the exact words stand in every bundle. */
extern const char bundle_consent[];

#define BUNDLE_HASH_SIZE 32
#define BUNDLE_ID_SIZE 72       /* "sha256:", 64 hex digits, NUL */
#define BUNDLE_SUBJECT_SIZE 129 /* of two hashes in hex, NUL */

/* The tool's own output after redaction. */
struct bundle_original {
    struct str text; /* redacted bytes; data NULL = the bundle carries none */
    struct redact_counts removed;
    const char *omitted; /* "size": there was one and it was too large; else NULL */
};

struct bundle {
    const char *version;           /* "1.1"; NULL for bundle_write, which writes BUNDLE_VERSION */
    const char *licence, *consent; /* NULL for bundle_write: BUNDLE_LICENCE, bundle_consent */
    const char *withdraw;          /* commitment (schema/proof/client_key.h), 64 lower-case hex digits; NULL = none */
    const char *replaces;          /* id of the submission that this one corrects; NULL = none */
    const char *run_id;            /* 32 lower-case hex digits, of measured runs only; NULL for files */
    const char *note;              /* of the contributor, up to 4 KiB; NULL */
    const char *cooling;           /* as the contributor named it: "fan", "passive", …; NULL */
    struct reading *reading;       /* format, reader_version, tool, device, runs; problems and privates stay at home */
    struct bundle_original original;
};

/* Frees what bundle_read gave. A bundle that the caller filled for bundle_write borrows everything. */
void bundle_done(struct bundle *bundle);
#define autobundle cleanup(bundle_done)

/* Appends the exact bytes of the document to *into (which should be empty, with BUNDLE_BYTES_MAX as its limit).
 * Validates first. An original that would lift the document above the limit is left out and marked
 * `"omitted":"size"`. ERR_LIMIT when it is too large even so (too many runs, samples or nodes: cut the input). */
int bundle_write(const struct bundle *bundle, struct buf *into, struct err *err) must_check;
/* *ret owns what it holds; give it to bundle_done. ERR_SYNTAX grammar, ERR_DATA profile and schema (with path),
 * ERR_LIMIT sizes, ERR_BUNDLE_VERSION an unknown major version. */
int bundle_read(struct str bytes, struct bundle *ret, struct err *err) must_check;
/* Every rule on lengths, characters, words and ranges; what bundle_write and bundle_read call. */
int bundle_validate(const struct bundle *bundle, struct err *err) must_check;

/* Brings every string of a reading within the rules of bundle_validate, where a tool's own names break them: unsafe
 * characters go, a name over the limit keeps its beginning and gets "…" and 8 hex digits of its SHA-256, so that
 * different names stay different. The same reading always gives the same names. Call it after reading and before
 * bundle_write. */
int bundle_fit(struct reading *reading, struct err *err) must_check;

/* Looks only: a document that begins as a bundle does, with a version as text. Our own format has a number there. */
bool bundle_is(struct str bytes);
/* "sha256:<hex>" of the exact bytes of a document. Returns target. */
const char *bundle_id(struct str bytes, char target[BUNDLE_ID_SIZE]);
/* SHA-256 of the redacted original as it is after decoding: how duplicates are recognised. False when there is none. */
bool bundle_original_hash(const struct bundle *bundle, uint8_t ret_hash[BUNDLE_HASH_SIZE]);
/* What the secret behind `withdraw` is made from, in hex (FORMAT.md, "Withdrawing"): the hash of the document that
 * `bytes` hold with zeros for the digits of `withdraw`, so that no other document has the same. Of version 1.0 the hash
 * of the redacted original, else the run_id, and behind it the hash that `replaces` names. "" when there is nothing.
 * Returns target. */
const char *bundle_subject(const struct bundle *bundle, struct str bytes, char target[BUNDLE_SUBJECT_SIZE]);
/* Puts the commitment into a document that bundle_write wrote with bundle_no_commitment for `withdraw`. */
extern const char bundle_no_commitment[];
bool bundle_commit(struct buf *bytes, const char *commitment) must_check;

#endif
