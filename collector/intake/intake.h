/* The intake core: bytes in, rows out. Knows no HTTP and no connection but the
 * database's, so that the server, an import and a fuzzer stand on the same code.
 *
 * Two steps. intake_check reads one bundle strictly, judges it by the bundle and
 * the catalogue alone, and encodes its rows: everything that can be refused is
 * refused here, before any database. intake_store writes many prepared
 * submissions in one transaction, each exactly once. */
#ifndef COLLECTOR_INTAKE_INTAKE_H
#define COLLECTOR_INTAKE_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/bundle/types.h"
#include "schema/db/db.h"

#define INTAKE_ID_SIZE (7 + 64 + 1) /* "sha256:", 64 hex digits, NUL */
#define INTAKE_BATCH_MAX 128
#define INTAKE_BATCH_BYTES ((size_t)8 << 20) /* of documents and rows in one transaction, unless one alone has more */
#define INTAKE_ROWS_MAX ((size_t)24 << 20)   /* encoded rows of one submission and table */
#define INTAKE_FINDINGS_MAX 1000             /* that are kept word by word; all count */
#define INTAKE_RULE_ANONYMOUS "anonymous"    /* quarantined because the policy says so */

enum intake_anonymous { INTAKE_ANONYMOUS_ACCEPT, INTAKE_ANONYMOUS_QUARANTINE, INTAKE_ANONYMOUS_REFUSE };

struct intake_policy {
    enum intake_anonymous anonymous;
    const char *origin;          /* "http", "import", "pull"; static */
    bool proved;                 /* a token says who sends: `anonymous` does not apply */
    uint8_t contributor_key[16]; /* all zero: nobody proved who sends */
    bool replaces; /* what the bundle says that it replaces is replaced, where `secret` is the secret of that one */
    const unsigned char *secret; /* 32 bytes that were shown; NULL = none */
    const char *contributor;     /* the name that who proved himself wants to be shown by; NULL = as it is */
    int64_t now_us;              /* the server's clock: a claimed time after it is not believed; 0 = not checked */
};

/* One submission, checked and ready to be written. Owns all it points to. */
struct prepared {
    char id[INTAKE_ID_SIZE];
    unsigned char hash[32];
    unsigned char detail[32]; /* SHA-256 of what its first event says: state and rules, a line each */
    unsigned char original_hash[32];
    bool has_original;
    unsigned char withdraw_hash[32];
    bool has_withdraw;
    unsigned char replaced_hash[32], replaced_secret[32]; /* of the submission that it replaces */
    bool replaces;
    const char *origin, *format;
    uint8_t contributor_key[16];
    const char *contributor; /* his name from now on, unless another has it; NULL = as it is */
    int reader_version;
    const char *state;      /* "accepted" or "quarantined" */
    struct flag_list flags; /* names of the rules that found something, each once */
    struct buf findings;    /* JSON array of {rule, severity, path, metric, message, …}; empty = none */
    char *raw;
    size_t raw_size;
    struct db_values run_rows, measurement_rows; /* rows of a binary COPY */
    struct arena arena;
};
void prepared_free(struct prepared *prepared);
void prepared_free_cleanup(struct prepared **prepared);
#define autoprepared cleanup(prepared_free_cleanup)

/* `bytes` is the document as received, after content decoding; it is copied. `key` is the Idempotency-Key or NULL.
 * Codes: ERR_SYNTAX (400), ERR_LIMIT (413), ERR_DATA, ERR_BUNDLE_VERSION, ERR_HASH_MISMATCH (422), ERR_NOT_ALLOWED. */
int intake_check(struct str bytes, const char *key, const struct intake_policy *policy, struct prepared **ret,
                 struct err *err) must_check;

/* What a policy that refuses them says to anonymous submissions. */
int intake_refuse_anonymous(struct err *err);

enum outcome_kind {
    OUTCOME_FAILED, /* not stored, `err` says why; ERR_RETRY = in doubt or later */
    OUTCOME_CREATED,
    OUTCOME_DUPLICATE, /* the same bytes were there already */
    OUTCOME_COLLISION, /* the key is taken by other bytes */
    OUTCOME_GONE       /* withdrawn or deleted */
};

struct outcome {
    enum outcome_kind kind;
    char state[16];
    int64_t received_at_us;
    char flags[512]; /* rules that found something, words with a blank between */
    struct err err;
};

/* Writes all of `items` (at most INTAKE_BATCH_MAX; the same id twice is allowed) and fills outcomes[i]: CREATED only
 * after the database said COMMIT. When the data of one item is refused the batch is split until that one stands alone.
 * Returns 0, or -code when nothing can be said of any item (connection lost): each outcome is then FAILED too. `now_us`
 * becomes received_at. */
int intake_store(struct db *db, struct prepared *const *items, size_t count, int64_t now_us, struct outcome *outcomes,
                 struct err *err) must_check;

/* What is known of one submission. */
struct submission_view {
    char id[INTAKE_ID_SIZE];
    char state[16];
    int64_t received_at_us;
    int64_t runs, measurements;
    char replaces[INTAKE_ID_SIZE], replaced_by[INTAKE_ID_SIZE]; /* "" = none */
    char flags[512];                                            /* words with a blank between */
    char *findings;                                             /* JSON array, owned; NULL = none */
    char *verdicts; /* JSON array of {kind, rule, reason, at}, owned: what the judge decided */
};
void submission_view_done(struct submission_view *view);
/* ERR_NOT_FOUND when no such id is there. */
int intake_view(struct db *db, const char *id, struct submission_view *ret, struct err *err) must_check;
/* The exact bytes of an accepted one. ERR_NOT_FOUND when unknown or not accepted, ERR_GONE when erased. */
int intake_raw(struct db *db, const char *id, struct buf *into, struct err *err) must_check;

/* "sha256:" and 64 lower-case hex digits. */
bool intake_id_parse(const char *text, unsigned char ret_hash[32]);

#endif
