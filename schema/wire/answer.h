/* What an answer means (reliability.md 2.3, 2.4): the body of a submission's
 * answer, the error body, and whether another try makes sense. Pure functions. */
#ifndef SCHEMA_WIRE_ANSWER_H
#define SCHEMA_WIRE_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/wire/names.h"

/* Where a bundle goes after an answer. */
enum wire_verdict {
    WIRE_STORED,  /* 200, 201: to sent/ */
    WIRE_REFUSED, /* permanent: to dead/ */
    WIRE_KEEP,    /* stays in queue/, another try is useless until a person acts (token, version) */
    WIRE_RETRY    /* stays in queue/, try again later */
};

struct wire_submission {
    char id[WIRE_ID_SIZE];
    char state[24];
    char received_at[40];
    char rule[96];                                          /* why quarantined; "" when not stated */
    char replaces[WIRE_ID_SIZE], replaced_by[WIRE_ID_SIZE]; /* of GET; "" = none */
    /* The collector's signed promise (FORMAT.md, "Receipts and keys"), as it came; "" when it gives none. */
    char key_id[WIRE_KEY_ID_SIZE], signature[WIRE_SIGNATURE_SIZE];
};

/* A collector's key as GET /v1/key tells it, unchecked; texts live in the arena, absent ones are NULL. */
struct wire_key {
    const char *key_id, *public_key, *created_at, *retired_at, *signed_by, *signature;
};
/* The body of GET /v1/key: all keys, the oldest first. -ERR_DATA when it is not what a collector says. */
int wire_keys_read(struct str body, struct arena *arena, struct wire_key **ret, size_t *ret_count,
                   struct err *err) must_check;

/* The body of 200 and 201. -ERR_DATA when it is not what a collector says. */
int wire_submission_read(struct str body, struct wire_submission *ret, struct err *err) must_check;
/* Verdict of a status; `body` settles 422 (bundle_version is kept). */
enum wire_verdict wire_verdict(int status, struct str body);
/* Fills err from a refusal: the collector's own words with path and detail when the body is ours, else the status.
 * Returns -code. */
int wire_refusal(int status, struct str body, struct err *err);
/* Retry-After: seconds, or an HTTP date read against `date` (the response's own Date; NULL = unknown). 0 when it says
 * nothing usable, else clamped to 1 s … 1 h, in microseconds. */
int64_t wire_retry_after_us(struct str value, const char *date);
/* Back-off before try n (0 = first repetition): uniform in [base, min(cap, base × 2^n)]; `random` is any 64 bits. */
int64_t wire_backoff_us(int attempt, uint64_t random);
/* True for "sha256:" and 64 lower-case hex digits. */
bool wire_id_is_valid(const char *text);
/* Percent-encodes everything but letters, digits and -._~ ; false when it does not fit. */
bool wire_percent_encode(struct str text, char *target, size_t size);
/* The opposite, for the collector; false when malformed or too long. */
bool wire_percent_decode(struct str text, char *target, size_t size);

#endif
