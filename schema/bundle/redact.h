/* Takes out of a benchmark output what must not leave the machine.
 *
 * Three sources say what goes: the private spans that the reader of the format
 * marked, the identity of this machine (host, user, home, addresses, serials),
 * and the shapes of personal data that are plain anywhere (paths below a home
 * folder, mail addresses, UUIDs, MAC addresses, addresses of private networks). Each is replaced by `[removed:KIND]`; prompts and
 * generated texts by `[text:K]`, where K counts the distinct texts. Everything
 * else stays byte for byte. The result has no character that JSON, CSV, XML or
 * Markdown would have to escape more than before, so it still parses.
 *
 * A caller that bundles should read the redacted text again and send those runs:
 * then the bundle's runs are what anybody reads from its original, and nothing
 * private is left in their names. */
#ifndef SCHEMA_BUNDLE_REDACT_H
#define SCHEMA_BUNDLE_REDACT_H

#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/str.h"
#include "schema/bundle/types.h"

/* One fact that identifies this machine or its user: PRIVATE_HOST (with and without domain: one entry
 * each), PRIVATE_USER (account and full name), PRIVATE_PATH (home folder), PRIVATE_ADDRESS (MAC, IP),
 * PRIVATE_SERIAL (serials, UUIDs). */
struct identity {
    enum private_kind kind;
    const char *text;
};

#define REDACT_KINDS 7
/* How many of each kind were replaced; index = enum private_kind. */
struct redact_counts {
    int64_t of[REDACT_KINDS];
};
/* Word of a kind in `[removed:KIND]` and in the bundle: host, user, path, prompt, text, address, serial. */
const char *redact_kind_word(enum private_kind kind);

/* `spans` refer to `text` (offset and length in bytes); they may overlap and come in any order. Appends to *into. */
int redact_text(struct str text, const struct private_span *spans, size_t span_count,
                const struct identity *identities, size_t identity_count, struct buf *into,
                struct redact_counts *ret_counts, struct err *err) must_check;
/* As redact_text on a short text such as a note; spans do not exist there. */
int redact_note(struct str text, const struct identity *identities, size_t identity_count, struct buf *into,
                struct redact_counts *ret_counts, struct err *err) must_check;

#endif
