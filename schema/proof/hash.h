/* SHA-256 (FIPS 180-4), HMAC-SHA-256 (RFC 2104) and how their results are written.
 *
 * Values are plain structs and own nothing. Texts are lower-case hexadecimal, so
 * that a hash has one spelling only. A submission is named "sha256:" and 64
 * digits; its database key is the first 128 bits, written as a UUID. */
#ifndef SCHEMA_PROOF_HASH_H
#define SCHEMA_PROOF_HASH_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/base/str.h"

struct sha256 {
    unsigned char bytes[32];
};

#define SHA256_HEX_SIZE 65  /* 64 digits and NUL */
#define SHA256_ID_SIZE 72   /* "sha256:", 64 digits and NUL */
#define SHA256_SOURCE_SIZE 52 /* "sha256-", 44 characters of base64 and NUL */
#define SHA256_UUID_SIZE 37 /* 8-4-4-4-12 and NUL */

struct sha256 sha256_of(const void *bytes, size_t length);
/* The hash of all parts one after another. */
struct sha256 sha256_of_parts(const struct str *parts, size_t count);
/* Of all bytes of a file, however long. */
int sha256_of_file(const char *path, struct sha256 *ret, struct err *err) must_check;
struct sha256 hmac_sha256(const void *key, size_t key_length, const void *message, size_t length);

/* Takes the same time whatever the bytes are. */
bool sha256_equal(const struct sha256 *a, const struct sha256 *b);
/* The same for other secrets: false when the lengths differ. */
bool proof_equal(const void *a, size_t length_a, const void *b, size_t length_b);

/* Each returns target. */
const char *sha256_hex(char target[SHA256_HEX_SIZE], const struct sha256 *hash);
const char *sha256_id(char target[SHA256_ID_SIZE], const struct sha256 *hash);
/* "sha256-" and base64, as pages name what may stand in them (CSP level 3, 2.3.1). */
const char *sha256_source(char target[SHA256_SOURCE_SIZE], const struct sha256 *hash);
/* The first 16 bytes as they are: no version or variant bits are set. */
const char *sha256_uuid(char target[SHA256_UUID_SIZE], const struct sha256 *hash);
/* Exactly 64 lower-case digits; exactly "sha256:" and 64 lower-case digits. */
bool sha256_parse_hex(struct str text, struct sha256 *ret);
bool sha256_parse_id(struct str text, struct sha256 *ret);

/* Bytes as lower-case hexadecimal; target holds 2 × length + 1. Returns target. */
const char *hex_encode(char *target, const void *bytes, size_t length);
/* Exactly 2 × length lower-case digits. */
bool hex_decode(struct str text, void *target, size_t length);

/* Bytes that nobody can guess, from the system. */
int random_bytes(void *target, size_t length, struct err *err) must_check;
/* Overwrites a secret that is no longer needed. */
void proof_wipe(void *bytes, size_t length);

#endif
