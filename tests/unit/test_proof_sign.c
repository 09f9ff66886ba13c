/* Ed25519 against the vectors of RFC 8032 section 7.1; the texts of receipts and of keys. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "schema/base/mem.h"
#include "schema/proof/hash.h"
#include "schema/proof/sign.h"

static const struct vector {
    const char *seed, *key, *message, *signature;
} vectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe"
     "24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302ae"
     "eb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28"
     "dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e"
     "2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad"
     "9bef1177331a704"},
};

static void pair_of(const char *seed_hex, struct sign_pair *ret)
{
    unsigned char seed[32];
    assert_true(hex_decode(str_of(seed_hex), seed, sizeof(seed)));
    sign_pair_of_seed(seed, ret);
}

static void signs_as_rfc_8032(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(vectors); i++) {
        struct sign_pair pair cleanup(sign_pair_done);
        unsigned char message[64];
        char hex[SIGN_SIGNATURE_HEX_SIZE], key[SIGN_KEY_HEX_SIZE];
        size_t length = strlen(vectors[i].message) / 2;
        assert_true(hex_decode(str_of(vectors[i].message), message, length));
        const struct str text = {(const char *)message, length};
        pair_of(vectors[i].seed, &pair);
        assert_string_equal(sign_public_hex(key, &pair.public), vectors[i].key);
        const struct signature made = sign_text(&pair, text);
        assert_string_equal(signature_hex(hex, &made), vectors[i].signature);

        struct sign_public public;
        struct signature read;
        assert_true(sign_public_parse(str_of(vectors[i].key), &public));
        assert_true(signature_parse(str_of(vectors[i].signature), &read));
        assert_true(sign_verify(&public, text, &read));
    }
}

static void refuses_every_changed_bit(void **state)
{
    (void)state;
    struct sign_pair pair cleanup(sign_pair_done);
    char text[] = "crosschip";
    pair_of(vectors[0].seed, &pair);
    const struct signature good = sign_text(&pair, str_of(text));
    assert_true(sign_verify(&pair.public, str_of(text), &good));
    for (size_t bit = 0; bit < 8 * sizeof(good.bytes); bit++) {
        struct signature bad = good;
        bad.bytes[bit / 8] ^= (unsigned char)(1U << (bit % 8));
        assert_false(sign_verify(&pair.public, str_of(text), &bad));
    }
    for (size_t bit = 0; bit < 8 * sizeof(pair.public.bytes); bit++) {
        struct sign_public other = pair.public;
        other.bytes[bit / 8] ^= (unsigned char)(1U << (bit % 8));
        assert_false(sign_verify(&other, str_of(text), &good));
    }
    text[0] = 'C';
    assert_false(sign_verify(&pair.public, str_of(text), &good));
}

/* S + L is a second spelling of the same signature (RFC 8032 section 5.1.7 refuses it), and a key of order one
 * would be right for anything. */
static void refuses_what_the_rfc_does_not_allow(void **state)
{
    (void)state;
    static const unsigned char order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                            0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                            0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
    struct sign_pair pair cleanup(sign_pair_done);
    pair_of(vectors[0].seed, &pair);
    struct signature signature = sign_text(&pair, STR(""));
    unsigned carry = 0;
    for (size_t i = 0; i < sizeof(order); i++) {
        carry += (unsigned)signature.bytes[32 + i] + order[i];
        signature.bytes[32 + i] = (unsigned char)(carry & 0xff);
        carry >>= 8;
    }
    assert_false(sign_verify(&pair.public, STR(""), &signature));

    const struct sign_public one = {{1}};
    const struct signature anything = {{1}};
    assert_false(sign_verify(&one, STR("any text"), &anything));
}

static const char id[] = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
static const char at[] = "2026-03-04T05:06:07.000008Z";

static void receipts_are_over_id_and_time(void **state)
{
    (void)state;
    struct sign_pair pair cleanup(sign_pair_done), other cleanup(sign_pair_done);
    autofree char *text = mem_printf("crosschip-receipt-1\n%s\n%s", id, at);
    pair_of(vectors[0].seed, &pair);
    pair_of(vectors[1].seed, &other);
    const struct signature signature = receipt_sign(&pair, id, at);
    const struct signature by_hand = sign_text(&pair, str_of(text));
    assert_memory_equal(signature.bytes, by_hand.bytes, sizeof(signature.bytes));
    assert_true(receipt_verify(&pair.public, id, at, &signature));
    assert_false(receipt_verify(&other.public, id, at, &signature));
    assert_false(receipt_verify(&pair.public, id, "2026-03-04T05:06:07.000009Z", &signature));
    assert_false(receipt_verify(&pair.public, at, id, &signature));

    /* What does not fit is never right, not even beside a signature of nothing. */
    char endless[600];
    memset(endless, '7', sizeof(endless) - 1);
    endless[sizeof(endless) - 1] = '\0';
    const struct signature of_nothing = sign_text(&pair, STR(""));
    assert_false(receipt_verify(&pair.public, id, endless, &of_nothing));
}

static void keys_vouch_for_the_next(void **state)
{
    (void)state;
    struct sign_pair first cleanup(sign_pair_done), next cleanup(sign_pair_done);
    autofree char *text = mem_printf("crosschip-key-1\n%s\n%s", vectors[1].key, at);
    pair_of(vectors[0].seed, &first);
    pair_of(vectors[1].seed, &next);
    const struct signature signature = key_sign(&first, &next.public, at);
    assert_true(sign_verify(&first.public, str_of(text), &signature));
    assert_true(key_verify(&first.public, &next.public, at, &signature));
    assert_false(key_verify(&next.public, &first.public, at, &signature));
    assert_false(key_verify(&first.public, &next.public, "2026-03-04T05:06:08Z", &signature));
}

static void reads_only_its_own_spelling(void **state)
{
    (void)state;
    struct sign_public key;
    struct signature signature;
    char name[SIGN_KEY_ID_SIZE], upper[] = "D75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    assert_false(sign_public_parse(str_of(upper), &key));
    assert_false(sign_public_parse(str_slice(vectors[0].key, 63), &key));
    assert_false(signature_parse(str_of(vectors[0].key), &signature));
    assert_false(signature_parse(STR(""), &signature));
    assert_true(sign_public_parse(str_of(vectors[0].key), &key));
    /* printf d75a…511a | xxd -r -p | sha256sum */
    assert_string_equal(sign_key_id(name, &key), "21fe31dfa154a261");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_as_rfc_8032),
        cmocka_unit_test(refuses_every_changed_bit),
        cmocka_unit_test(refuses_what_the_rfc_does_not_allow),
        cmocka_unit_test(receipts_are_over_id_and_time),
        cmocka_unit_test(keys_vouch_for_the_next),
        cmocka_unit_test(reads_only_its_own_spelling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
