/* Hashes against published vectors: FIPS 180-4 (examples of NIST), RFC 4231. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/proof/hash.h"

static void expect_hex(struct sha256 hash, const char *wanted)
{
    char hex[SHA256_HEX_SIZE];
    assert_string_equal(sha256_hex(hex, &hash), wanted);
}

static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

static void hashes_as_fips_180_4(void **state)
{
    (void)state;
    expect_hex(sha256_of("", 0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect_hex(sha256_of(NULL, 0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect_hex(sha256_of("abc", 3), abc);
    expect_hex(sha256_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56),
               "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    autofree char *million = mem_zalloc(1000000, 1);
    assert_non_null(million);
    memset(million, 'a', 1000000);
    expect_hex(sha256_of(million, 1000000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void hashes_parts_and_files(void **state)
{
    (void)state;
    const struct str parts[] = {STR("a"), STR(""), STR("bc")};
    expect_hex(sha256_of_parts(parts, 3), abc);
    char path[] = "/tmp/crosschip-hash-XXXXXX";
    autoclose int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(file_write_all(descriptor, "abc", 3, NULL), 0);
    struct sha256 hash;
    struct err err = {0};
    assert_int_equal(sha256_of_file(path, &hash, &err), 0);
    expect_hex(hash, abc);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(sha256_of_file(path, &hash, &err), -(int)ERR_NOT_FOUND);
    assert_string_equal(err.path, path);
    assert_int_equal(sha256_of_file("/tmp", &hash, &err), -(int)ERR_IO);
}

/* Files are hashed by libsodium; bytes, where the processor can, by its own instructions. Every length of the last two
 * blocks, in one piece and cut into two. */
static void hashes_the_same_whatever_hashes(void **state)
{
    (void)state;
    char bytes[300], path[] = "/tmp/crosschip-hash-XXXXXX";
    autoclose int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * i + 7 * i);
    assert_int_equal(file_write_all(descriptor, bytes, sizeof bytes, NULL), 0);
    for (size_t length = sizeof bytes; length > 0; length--) {
        const size_t cut = length * 37 % 64 < length ? length * 37 % 64 : length / 2;
        const struct str parts[] = {{bytes, cut}, {bytes + cut, length - cut}};
        struct sha256 wanted, whole = sha256_of(bytes, length), cut_up = sha256_of_parts(parts, 2);
        assert_int_equal(ftruncate(descriptor, (off_t)length), 0);
        assert_int_equal(sha256_of_file(path, &wanted, NULL), 0);
        assert_memory_equal(whole.bytes, wanted.bytes, sizeof wanted.bytes);
        assert_memory_equal(cut_up.bytes, wanted.bytes, sizeof wanted.bytes);
    }
    assert_int_equal(unlink(path), 0);
}

/* Test cases 1 to 4, 6 and 7 of RFC 4231 (5 is about truncation). */
static void authenticates_as_rfc_4231(void **state)
{
    (void)state;
    unsigned char key[131], data[50];
    memset(key, 0x0b, 20);
    expect_hex(hmac_sha256(key, 20, "Hi There", 8), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    expect_hex(hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28),
               "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof key);
    memset(data, 0xdd, sizeof data);
    expect_hex(hmac_sha256(key, 20, data, 50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    unsigned char counting[25];
    for (unsigned char i = 0; i < sizeof counting; i++)
        counting[i] = (unsigned char)(i + 1);
    memset(data, 0xcd, sizeof data);
    expect_hex(hmac_sha256(counting, 25, data, 50), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
    const struct str long_key = STR("Test Using Larger Than Block-Size Key - Hash Key First");
    expect_hex(hmac_sha256(key, 131, long_key.data, long_key.len),
               "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    const struct str long_data =
        STR("This is a test using a larger than block-size key and a larger than block-size data. "
            "The key needs to be hashed before being used by the HMAC algorithm.");
    expect_hex(hmac_sha256(key, 131, long_data.data, long_data.len),
               "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

static void writes_ids_and_keys(void **state)
{
    (void)state;
    struct sha256 hash = sha256_of("abc", 3), back = {{0}};
    char id[SHA256_ID_SIZE], uuid[SHA256_UUID_SIZE];
    assert_string_equal(sha256_id(id, &hash),
                        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(sha256_uuid(uuid, &hash), "ba7816bf-8f01-cfea-4141-40de5dae2223");
    assert_true(sha256_parse_id(str_of(id), &back));
    assert_true(sha256_equal(&hash, &back));
    assert_true(sha256_parse_hex(STR(abc), &back));
}

static void refuses_other_spellings(void **state)
{
    (void)state;
    struct sha256 hash = {{42}};
    static const char *const bad[] = {
        "",
        "sha256:",
        abc,
        "SHA256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha256:BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a",
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0",
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ag",
        "sha256: a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        if (sha256_parse_id(str_of(bad[i]), &hash))
            fail_msg("\"%s\" counts as an id", bad[i]);
    assert_int_equal(hash.bytes[0], 42);
    unsigned char bytes[2] = {0};
    char hex[5];
    assert_true(hex_decode(STR("00ff"), bytes, 2));
    assert_int_equal(bytes[1], 255);
    assert_string_equal(hex_encode(hex, bytes, 2), "00ff");
    assert_false(hex_decode(STR("00f"), bytes, 1));
    assert_false(hex_decode(STR("00FF"), bytes, 2));
}

static void compares_secrets(void **state)
{
    (void)state;
    assert_true(proof_equal("secret", 6, "secret", 6));
    assert_false(proof_equal("secret", 6, "secreT", 6));
    assert_false(proof_equal("secret", 6, "secret", 5));
    assert_true(proof_equal("", 0, NULL, 0));
    struct sha256 a = sha256_of("a", 1), b = sha256_of("b", 1);
    assert_false(sha256_equal(&a, &b));
}

static void makes_random_bytes(void **state)
{
    (void)state;
    unsigned char a[32] = {0}, b[32] = {0};
    assert_int_equal(random_bytes(a, sizeof a, NULL), 0);
    assert_int_equal(random_bytes(b, sizeof b, NULL), 0);
    assert_memory_not_equal(a, b, sizeof a);
    proof_wipe(a, sizeof a);
    for (size_t i = 0; i < sizeof a; i++)
        assert_int_equal(a[i], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_as_fips_180_4),
        cmocka_unit_test(hashes_parts_and_files),
        cmocka_unit_test(hashes_the_same_whatever_hashes),
        cmocka_unit_test(authenticates_as_rfc_4231),
        cmocka_unit_test(writes_ids_and_keys),
        cmocka_unit_test(refuses_other_spellings),
        cmocka_unit_test(compares_secrets),
        cmocka_unit_test(makes_random_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
