/* Signatures: Ed25519 (RFC 8032, the pure form), and the two texts that a collector signs.
 *
 * All structs are plain bytes and own nothing; texts are lower-case hexadecimal.
 * A collector's key is named by key_id: the first 16 hex digits of the SHA-256 of
 * its public key. schema/bundle/FORMAT.md ("Receipts and keys") tells what stands
 * on the wire. */
#ifndef SCHEMA_PROOF_SIGN_H
#define SCHEMA_PROOF_SIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/str.h"

#define SIGN_KEY_HEX_SIZE 65        /* a seed or a public key: 64 digits and NUL */
#define SIGN_SIGNATURE_HEX_SIZE 129 /* 128 digits and NUL */
#define SIGN_KEY_ID_SIZE 17         /* 16 digits and NUL */

struct sign_public {
    unsigned char bytes[32];
};
struct signature {
    unsigned char bytes[64];
};
/* A secret: wipe it with sign_pair_done. */
struct sign_pair {
    struct sign_public public;
    unsigned char secret[64]; /* the seed and the public key, as libsodium keeps them */
};

/* The same seed always gives the same pair; a seed is 32 bytes of random_bytes. */
void sign_pair_of_seed(const unsigned char seed[32], struct sign_pair *ret);
void sign_pair_done(struct sign_pair *pair);

struct signature sign_text(const struct sign_pair *pair, struct str text);
/* False for anything but a signature of exactly this text by this key; also for keys and signatures that RFC 8032
 * does not allow (small order, a second spelling of the same signature). */
bool sign_verify(const struct sign_public *key, struct str text, const struct signature *signature) must_check;

bool sign_public_equal(const struct sign_public *a, const struct sign_public *b);
/* Each returns target. */
const char *sign_public_hex(char target[SIGN_KEY_HEX_SIZE], const struct sign_public *key);
const char *signature_hex(char target[SIGN_SIGNATURE_HEX_SIZE], const struct signature *signature);
const char *sign_key_id(char target[SIGN_KEY_ID_SIZE], const struct sign_public *key);
/* Exactly 64 and exactly 128 lower-case digits. */
bool sign_public_parse(struct str text, struct sign_public *ret);
bool signature_parse(struct str text, struct signature *ret);

/* A receipt signs "crosschip-receipt-1\n" id "\n" received_at: the id and the time in the very characters of the
 * answer. */
struct signature receipt_sign(const struct sign_pair *pair, const char *id, const char *received_at);
bool receipt_verify(const struct sign_public *key, const char *id, const char *received_at,
                    const struct signature *signature) must_check;
/* A key vouches for the next one: it signs "crosschip-key-1\n" public_key "\n" created_at. */
struct signature key_sign(const struct sign_pair *pair, const struct sign_public *next, const char *created_at);
bool key_verify(const struct sign_public *key, const struct sign_public *next, const char *created_at,
                const struct signature *signature) must_check;

#endif
