/* The texts of the log as FORMAT.md prints them, and their signatures. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "schema/proof/log.h"
#include "schema/proof/merkle.h"

static const struct log_entry entry = {.kind = "accepted",
                                       .submission = {{0xab, 0xcd}},
                                       .revision = 2,
                                       .at_us = INT64_C(1763712000123456),
                                       .detail = {{1}}};

#define ZEROS "000000000000000000000000000000000000000000000000000000000000"

static void entry_has_one_spelling(void **state)
{
    (void)state;
    static const char wanted[] = "crosschip-entry-1\naccepted\nsha256:abcd" ZEROS "\n2\n2025-11-21T08:00:00.123456Z\n"
                                 "0100" ZEROS "\n";
    autobuf struct buf text = BUF(1024);
    log_entry_text(&text, &entry);
    assert_string_equal(buf_text(&text), wanted);
    const struct sha256 leaf = log_entry_leaf(&entry), same = merkle_leaf(wanted, sizeof wanted - 1);
    assert_memory_equal(&leaf, &same, sizeof leaf);
}

static void epoch_names_the_head_before(void **state)
{
    (void)state;
    const struct log_head before = {.epoch = 1, .size = 7, .root = {{9}}, .at_us = INT64_C(1763712000000000)};
    const struct log_entry first = {.kind = LOG_KIND_EPOCH, .at_us = before.at_us, .detail = log_head_hash(&before)};
    autobuf struct buf text = BUF(1024), head = BUF(1024);
    char hex[SHA256_HEX_SIZE];
    log_head_text(&head, &before);
    assert_string_equal(buf_text(&head), "crosschip-head-1\n1\n7\n0900" ZEROS "\n2025-11-21T08:00:00Z\n");
    const struct sha256 hash = sha256_of(head.data, head.len);
    buf_addf(&text, "crosschip-entry-1\nepoch\n-\n0\n2025-11-21T08:00:00Z\n%s\n", sha256_hex(hex, &hash));
    autobuf struct buf found = BUF(1024);
    log_entry_text(&found, &first);
    assert_string_equal(buf_text(&found), buf_text(&text));
}

static void signature_binds_every_part(void **state)
{
    (void)state;
    static const unsigned char seed[32] = {42};
    struct sign_pair pair;
    sign_pair_of_seed(seed, &pair);
    const struct log_head head = {.epoch = 1, .size = 7, .root = {{9}}, .at_us = 1};
    const struct signature signature = log_head_sign(&pair, &head);
    assert_true(log_head_verify(&pair.public, &head, &signature));
    struct log_head others[] = {head, head, head, head};
    others[0].epoch = 2;
    others[1].size = 8;
    others[2].root.bytes[31] = 1;
    others[3].at_us = 2;
    for (size_t i = 0; i < ARRAY_LENGTH(others); i++)
        assert_false(log_head_verify(&pair.public, &others[i], &signature));
    sign_pair_done(&pair);
}

static void head_reads_back_and_has_one_spelling(void **state)
{
    (void)state;
    const struct log_head head = {.epoch = 3, .size = 12, .root = {{9}}, .at_us = INT64_C(1763712000120000)};
    struct log_head found;
    autobuf struct buf text = BUF(1024);
    log_head_text(&text, &head);
    const size_t length = text.len;
    buf_adds(&text, "more\n");
    struct str rest = str_slice(text.data, text.len);
    assert_true(log_head_parse(&rest, &found));
    assert_memory_equal(&found.root, &head.root, sizeof head.root);
    assert_true(found.epoch == 3 && found.size == 12 && found.at_us == head.at_us);
    assert_int_equal(rest.len, text.len - length);
    for (size_t cut = 0; cut < length; cut++) {
        rest = str_slice(text.data, cut);
        assert_false(log_head_parse(&rest, &found));
    }
    static const char *const others[] = {
        "crosschip-head-2\n3\n12\n0900" ZEROS "\n2025-11-21T08:00:00.12Z\n",
        "crosschip-head-1\n03\n12\n0900" ZEROS "\n2025-11-21T08:00:00.12Z\n",
        "crosschip-head-1\n0\n12\n0900" ZEROS "\n2025-11-21T08:00:00.12Z\n",
        "crosschip-head-1\n3\n-12\n0900" ZEROS "\n2025-11-21T08:00:00.12Z\n",
        "crosschip-head-1\n3\n12\n0900" ZEROS "0\n2025-11-21T08:00:00.12Z\n",
        "crosschip-head-1\n3\n12\n0900" ZEROS "\n2025-11-21T08:00:00.120Z\n",
        "crosschip-head-1\n3\n12\n0900" ZEROS "\n2025-11-21T09:00:00.12+01:00\n",
        "crosschip-head-1\r\n3\n12\n0900" ZEROS "\n2025-11-21T08:00:00.12Z\n",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
        rest = str_of(others[i]);
        assert_false(log_head_parse(&rest, &found));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entry_has_one_spelling),
        cmocka_unit_test(epoch_names_the_head_before),
        cmocka_unit_test(head_reads_back_and_has_one_spelling),
        cmocka_unit_test(signature_binds_every_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
