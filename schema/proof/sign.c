#include "schema/proof/sign.h"

#include <sodium.h>
#include <string.h>

#include "schema/proof/hash.h"

_Static_assert(sizeof(struct sign_public) == crypto_sign_PUBLICKEYBYTES, "a public key is 32 bytes");
_Static_assert(sizeof(struct signature) == crypto_sign_BYTES, "a signature is 64 bytes");
_Static_assert(sizeof(((struct sign_pair *)0)->secret) == crypto_sign_SECRETKEYBYTES, "a secret key is 64 bytes");
_Static_assert(crypto_sign_SEEDBYTES == 32, "a seed is 32 bytes");

/* Longer than "crosschip-receipt-1\n", an id and any time that a collector writes. */
#define TEXT_SIZE 256

/* These functions of libsodium cannot fail; their int is always 0. */
void sign_pair_of_seed(const unsigned char seed[32], struct sign_pair *ret)
{
    (void)crypto_sign_seed_keypair(ret->public.bytes, ret->secret, seed);
}

void sign_pair_done(struct sign_pair *pair)
{
    proof_wipe(pair, sizeof(*pair));
}

struct signature sign_text(const struct sign_pair *pair, struct str text)
{
    struct signature signature;
    (void)crypto_sign_detached(signature.bytes, NULL, (const unsigned char *)text.data, text.len, pair->secret);
    return signature;
}

bool sign_verify(const struct sign_public *key, struct str text, const struct signature *signature)
{
    return crypto_sign_verify_detached(signature->bytes, (const unsigned char *)text.data, text.len, key->bytes) == 0;
}

bool sign_public_equal(const struct sign_public *a, const struct sign_public *b)
{
    return proof_equal(a->bytes, sizeof(a->bytes), b->bytes, sizeof(b->bytes));
}

const char *sign_public_hex(char target[SIGN_KEY_HEX_SIZE], const struct sign_public *key)
{
    return hex_encode(target, key->bytes, sizeof(key->bytes));
}

const char *signature_hex(char target[SIGN_SIGNATURE_HEX_SIZE], const struct signature *signature)
{
    return hex_encode(target, signature->bytes, sizeof(signature->bytes));
}

const char *sign_key_id(char target[SIGN_KEY_ID_SIZE], const struct sign_public *key)
{
    const struct sha256 hash = sha256_of(key->bytes, sizeof(key->bytes));
    return hex_encode(target, hash.bytes, (SIGN_KEY_ID_SIZE - 1) / 2);
}

bool sign_public_parse(struct str text, struct sign_public *ret)
{
    return hex_decode(text, ret->bytes, sizeof(ret->bytes));
}

bool signature_parse(struct str text, struct signature *ret)
{
    return hex_decode(text, ret->bytes, sizeof(ret->bytes));
}

/* `first` ends with a line feed; empty when the parts do not fit, which no signature then matches. */
static struct str text_of(char target[TEXT_SIZE], const char *first, const char *second, const char *third)
{
    size_t at = 0;
    const char *const parts[] = {first, second, "\n", third};
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
        size_t length = strlen(parts[i]);
        if (length > TEXT_SIZE - at)
            return (struct str){target, 0};
        memcpy(target + at, parts[i], length);
        at += length;
    }
    return (struct str){target, at};
}

struct signature receipt_sign(const struct sign_pair *pair, const char *id, const char *received_at)
{
    char text[TEXT_SIZE];
    return sign_text(pair, text_of(text, "crosschip-receipt-1\n", id, received_at));
}

bool receipt_verify(const struct sign_public *key, const char *id, const char *received_at,
                    const struct signature *signature)
{
    char text[TEXT_SIZE];
    const struct str whole = text_of(text, "crosschip-receipt-1\n", id, received_at);
    return whole.len > 0 && sign_verify(key, whole, signature);
}

struct signature key_sign(const struct sign_pair *pair, const struct sign_public *next, const char *created_at)
{
    char text[TEXT_SIZE], hex[SIGN_KEY_HEX_SIZE];
    return sign_text(pair, text_of(text, "crosschip-key-1\n", sign_public_hex(hex, next), created_at));
}

bool key_verify(const struct sign_public *key, const struct sign_public *next, const char *created_at,
                const struct signature *signature)
{
    char text[TEXT_SIZE], hex[SIGN_KEY_HEX_SIZE];
    const struct str whole = text_of(text, "crosschip-key-1\n", sign_public_hex(hex, next), created_at);
    return whole.len > 0 && sign_verify(key, whole, signature);
}
