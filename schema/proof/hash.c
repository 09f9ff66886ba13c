#include "schema/proof/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/proof/sha256_ni.h"

_Static_assert(sizeof(struct sha256) == crypto_hash_sha256_BYTES, "a hash is 32 bytes");

struct sha256 sha256_of(const void *bytes, size_t length)
{
    const struct str whole = {bytes, length};
    return sha256_of_parts(&whole, 1);
}

/* FIPS 180-4, section 5: what does not fill a block waits; at the end a 1, zeros, and the length in bits. */
struct blocks {
    uint32_t state[8];
    unsigned char waiting[64];
    uint64_t length;
};

static void blocks_add(struct blocks *blocks, const unsigned char *bytes, size_t length)
{
    const size_t held = blocks->length % 64, room = 64 - held;
    blocks->length += length;
    if (held + length < 64) {
        memcpy(blocks->waiting + held, bytes, length);
        return;
    }
    if (held > 0) {
        memcpy(blocks->waiting + held, bytes, room);
        sha256_ni_blocks(blocks->state, blocks->waiting, 1);
        bytes += room;
        length -= room;
    }
    sha256_ni_blocks(blocks->state, bytes, length / 64);
    memcpy(blocks->waiting, bytes + length / 64 * 64, length % 64);
}

static void blocks_end(struct blocks *blocks, struct sha256 *ret)
{
    static const unsigned char padding[64] = {0x80};
    const uint64_t bits = blocks->length * 8;
    unsigned char length[8];
    for (size_t i = 0; i < 8; i++)
        length[i] = (unsigned char)(bits >> (56 - 8 * i));
    blocks_add(blocks, padding, (119 - blocks->length % 64) % 64 + 1);
    blocks_add(blocks, length, sizeof length);
    for (size_t i = 0; i < 32; i++)
        ret->bytes[i] = (unsigned char)(blocks->state[i / 4] >> (24 - 8 * (i % 4)));
}

static struct sha256 hash_blocks(const struct str *parts, size_t count)
{
    struct blocks blocks = {
        .state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
    struct sha256 hash;
    for (size_t i = 0; i < count; i++)
        if (parts[i].len > 0)
            blocks_add(&blocks, (const unsigned char *)parts[i].data, parts[i].len);
    blocks_end(&blocks, &hash);
    sodium_memzero(&blocks, sizeof blocks); /* it may have been a secret */
    return hash;
}

/* The hash functions of libsodium cannot fail; their int is always 0. */
struct sha256 sha256_of_parts(const struct str *parts, size_t count)
{
    if (sha256_ni_usable())
        return hash_blocks(parts, count);
    struct sha256 hash;
    crypto_hash_sha256_state state;
    (void)crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < count; i++)
        if (parts[i].len > 0)
            (void)crypto_hash_sha256_update(&state, (const unsigned char *)parts[i].data, parts[i].len);
    (void)crypto_hash_sha256_final(&state, hash.bytes);
    return hash;
}

static int read_chunk(int descriptor, void *chunk, size_t size, struct err *err)
{
    ssize_t count;
    do
        count = read(descriptor, chunk, size);
    while (count < 0 && errno == EINTR);
    return count < 0 ? err_set_errno(err, ERR_IO, errno, "cannot be read") : (int)count;
}

int sha256_of_file(const char *path, struct sha256 *ret, struct err *err)
{
    unsigned char chunk[8192];
    crypto_hash_sha256_state state;
    autoclose int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    int count =
        descriptor < 0 ? err_set_errno(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, errno, "cannot be opened") : 1;
    (void)crypto_hash_sha256_init(&state);
    while (count > 0) {
        count = read_chunk(descriptor, chunk, sizeof chunk, err);
        if (count > 0)
            (void)crypto_hash_sha256_update(&state, chunk, (unsigned long long)count);
    }
    if (count < 0)
        return err ? err_path(err, "%s", path) : count;
    (void)crypto_hash_sha256_final(&state, ret->bytes);
    return 0;
}

struct sha256 hmac_sha256(const void *key, size_t key_length, const void *message, size_t length)
{
    struct sha256 hash;
    crypto_auth_hmacsha256_state state;
    (void)crypto_auth_hmacsha256_init(&state, key, key_length);
    if (length > 0)
        (void)crypto_auth_hmacsha256_update(&state, message, length);
    (void)crypto_auth_hmacsha256_final(&state, hash.bytes);
    sodium_memzero(&state, sizeof state);
    return hash;
}

bool proof_equal(const void *a, size_t length_a, const void *b, size_t length_b)
{
    return length_a == length_b && (length_a == 0 || sodium_memcmp(a, b, length_a) == 0);
}

bool sha256_equal(const struct sha256 *a, const struct sha256 *b)
{
    return proof_equal(a->bytes, sizeof a->bytes, b->bytes, sizeof b->bytes);
}

const char *hex_encode(char *target, const void *bytes, size_t length)
{
    return sodium_bin2hex(target, 2 * length + 1, bytes, length);
}

static int digit_of(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

bool hex_decode(struct str text, void *target, size_t length)
{
    unsigned char *bytes = target;
    if (text.len / 2 != length || text.len % 2 != 0)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (digit_of(text.data[i]) < 0)
            return false;
    for (size_t i = 0; i < length; i++)
        bytes[i] = (unsigned char)(digit_of(text.data[2 * i]) * 16 + digit_of(text.data[2 * i + 1]));
    return true;
}

const char *sha256_hex(char target[SHA256_HEX_SIZE], const struct sha256 *hash)
{
    return hex_encode(target, hash->bytes, sizeof hash->bytes);
}

static const char id_prefix[] = "sha256:";

const char *sha256_id(char target[SHA256_ID_SIZE], const struct sha256 *hash)
{
    memcpy(target, id_prefix, sizeof id_prefix - 1);
    (void)hex_encode(target + sizeof id_prefix - 1, hash->bytes, sizeof hash->bytes);
    return target;
}

const char *sha256_source(char target[SHA256_SOURCE_SIZE], const struct sha256 *hash)
{
    memcpy(target, "sha256-", 7);
    (void)sodium_bin2base64(target + 7, SHA256_SOURCE_SIZE - 7, hash->bytes, sizeof hash->bytes,
                            sodium_base64_VARIANT_ORIGINAL);
    return target;
}

const char *sha256_uuid(char target[SHA256_UUID_SIZE], const struct sha256 *hash)
{
    static const size_t groups[] = {4, 2, 2, 2, 6};
    const unsigned char *from = hash->bytes;
    char *at = target;
    for (size_t i = 0; i < ARRAY_LENGTH(groups); i++) {
        (void)hex_encode(at, from, groups[i]);
        at += 2 * groups[i];
        *at++ = '-';
        from += groups[i];
    }
    at[-1] = '\0';
    return target;
}

bool sha256_parse_hex(struct str text, struct sha256 *ret)
{
    return hex_decode(text, ret->bytes, sizeof ret->bytes);
}

bool sha256_parse_id(struct str text, struct sha256 *ret)
{
    const size_t prefix = sizeof id_prefix - 1;
    return str_starts_with(text, STR(id_prefix)) &&
           sha256_parse_hex(str_slice(text.data + prefix, text.len - prefix), ret);
}

int random_bytes(void *target, size_t length, struct err *err)
{
    /* sodium_init may be called often and by several threads; 1 = done before. */
    if (sodium_init() < 0)
        return err_set(err, ERR_INTERNAL, "the system has no source of random bytes");
    randombytes_buf(target, length);
    return 0;
}

void proof_wipe(void *bytes, size_t length)
{
    sodium_memzero(bytes, length);
}
