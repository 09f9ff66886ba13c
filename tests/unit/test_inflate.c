/* The bounded reader of compressed bytes, on files that gzip, zstd and zip wrote, and on the hostile files. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/file.h"
#include "schema/base/str.h"
#include "schema/read/inflate.h"

#define SEEDS "tests/data/fuzz/inflate/"
#define HOSTILE "../shared/corpus/hostile/compressed/"
#define CONTENT "name,value\nabc,1.5\nabc,1.5\nabc,1.5\n" /* what all seeds with one file hold */

static const struct read_limits usual = {
    .bytes_in_max = BUF_MIB, .bytes_out_max = 8 * BUF_MIB, .ratio_max = 100, .ratio_after = (size_t)64 << 10};

static void load(const char *folder, const char *name, struct buf *into)
{
    char path[200];
    struct err err;
    (void)snprintf(path, sizeof path, "%s%s", folder, name);
    if (file_read(path, into, &err) < 0)
        fail_msg("%s: %s", path, err.text);
}

static int inflate_buf(const struct buf *bytes, const struct read_limits *limits, struct buf *out, struct err *err)
{
    enum read_coding coding = read_coding_of(bytes->data, bytes->len);
    return read_inflate(coding, bytes->data, bytes->len, limits, out, err);
}

static void expect_content(const char *name, enum read_coding coding)
{
    autobuf struct buf bytes = BUF(BUF_MIB), out = BUF(BUF_MIB);
    struct err err = {0};
    load(SEEDS, name, &bytes);
    assert_int_equal(read_coding_of(bytes.data, bytes.len), coding);
    if (inflate_buf(&bytes, &usual, &out, &err) < 0)
        fail_msg("%s: %s", name, err.text);
    assert_string_equal(buf_text(&out), CONTENT);
}

static void expect_refusal(const char *folder, const char *name, enum err_code code, const char *part)
{
    autobuf struct buf bytes = BUF(BUF_MIB), out = BUF(16 * BUF_MIB);
    struct err err = {0};
    load(folder, name, &bytes);
    int r = inflate_buf(&bytes, &usual, &out, &err);
    if (r != -(int)code || strstr(err.text, part) == NULL)
        fail_msg("%s: %d %s", name, r, err.text);
}

static void test_reads(void **state)
{
    (void)state;
    expect_content("one.gz", READ_GZIP);
    expect_content("one.zst", READ_ZSTD);
    expect_content("stored.zip", READ_ZIP);
    expect_content("deflated.zip", READ_ZIP);
    expect_content("streamed.zip", READ_ZIP);
    assert_int_equal(read_coding_of("name,value", 10), READ_PLAIN);
    assert_int_equal(read_coding_of("", 0), READ_PLAIN);
}

static void test_names(void **state)
{
    (void)state;
    autobuf struct buf bytes = BUF(BUF_MIB), gzip = BUF(BUF_MIB);
    load(SEEDS, "deflated.zip", &bytes);
    assert_true(str_equal(read_zip_name(bytes.data, bytes.len), STR("folder/t.csv")));
    load(SEEDS, "one.gz", &gzip);
    assert_int_equal(read_zip_name(gzip.data, gzip.len).len, 0);
}

static void test_archives(void **state)
{
    (void)state;
    expect_refusal(SEEDS, "two_files.zip", ERR_SYNTAX, "exactly one file");
    expect_refusal(SEEDS, "no_file.zip", ERR_SYNTAX, "exactly one file");
    expect_refusal(SEEDS, "folder.zip", ERR_SYNTAX, "exactly one file");
    expect_refusal(SEEDS, "encrypted.zip", ERR_SYNTAX, "encrypted");
}

/* Every shorter file is refused, and so is one with a byte, or itself, behind it. */
static void test_ends(void **state)
{
    (void)state;
    static const char *const names[] = {"one.gz", "one.zst", "stored.zip", "deflated.zip", "streamed.zip"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        autobuf struct buf bytes = BUF(BUF_MIB), out = BUF(BUF_MIB);
        load(SEEDS, names[i], &bytes);
        enum read_coding coding = read_coding_of(bytes.data, bytes.len);
        for (size_t length = 0; length < bytes.len; length++) {
            struct err err = {0};
            buf_reset(&out);
            assert_int_equal(read_inflate(coding, bytes.data, length, &usual, &out, &err), -ERR_SYNTAX);
            assert_true(err.text[0] != '\0');
        }
        size_t length = bytes.len;
        buf_addc(&bytes, 'x');
        assert_int_equal(inflate_buf(&bytes, &usual, &out, NULL), -ERR_SYNTAX);
        bytes.len = length;
        autobuf struct buf twice = BUF(BUF_MIB);
        buf_add(&twice, bytes.data, length);
        buf_add(&twice, bytes.data, length);
        assert_int_equal(inflate_buf(&twice, &usual, &out, NULL), -ERR_SYNTAX);
    }
}

/* A changed bit is found by a checksum or changes nothing: other content never comes out. */
static void test_bits(void **state)
{
    (void)state;
    static const char *const names[] = {"one.gz", "one.zst", "stored.zip", "deflated.zip", "streamed.zip"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        autobuf struct buf bytes = BUF(BUF_MIB), out = BUF(BUF_MIB);
        load(SEEDS, names[i], &bytes);
        enum read_coding coding = read_coding_of(bytes.data, bytes.len);
        for (size_t bit = 0; bit < 8 * bytes.len; bit++) {
            bytes.data[bit / 8] = (char)(bytes.data[bit / 8] ^ 1 << bit % 8);
            buf_reset(&out);
            if (read_inflate(coding, bytes.data, bytes.len, &usual, &out, NULL) == 0)
                assert_string_equal(buf_text(&out), CONTENT);
            bytes.data[bit / 8] = (char)(bytes.data[bit / 8] ^ 1 << bit % 8);
        }
    }
}

/* Each limit holds at the limit and refuses beyond it. */
static void test_limits(void **state)
{
    (void)state;
    static const char *const names[] = {"one.gz", "one.zst", "stored.zip", "deflated.zip"};
    const size_t length = strlen(CONTENT);
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        autobuf struct buf bytes = BUF(BUF_MIB), out = BUF(BUF_MIB), small = BUF(length - 1);
        load(SEEDS, names[i], &bytes);
        struct read_limits limits = {.bytes_in_max = bytes.len, .bytes_out_max = length, .ratio_max = 100};
        assert_int_equal(inflate_buf(&bytes, &limits, &out, NULL), 0);
        limits.bytes_out_max = length - 1;
        assert_int_equal(inflate_buf(&bytes, &limits, &out, NULL), -ERR_LIMIT);
        limits = (struct read_limits){.bytes_in_max = bytes.len - 1, .bytes_out_max = length, .ratio_max = 100};
        assert_int_equal(inflate_buf(&bytes, &limits, &out, NULL), -ERR_LIMIT);
        assert_int_equal(inflate_buf(&bytes, &usual, &small, NULL), -ERR_LIMIT);
    }
    autobuf struct buf out = BUF(BUF_MIB);
    const struct read_limits plain = {.bytes_in_max = 0, .bytes_out_max = 3, .ratio_max = 1};
    assert_int_equal(read_inflate(READ_PLAIN, "abc", 3, &plain, &out, NULL), 0);
    assert_string_equal(buf_text(&out), "abc");
    assert_int_equal(read_inflate(READ_PLAIN, "abcd", 4, &plain, &out, NULL), -ERR_LIMIT);
}

static void test_hostile(void **state)
{
    (void)state;
    if (!file_exists(HOSTILE))
        skip();
    static const struct {
        const char *name, *part;
        enum err_code code;
    } refused[] = {
        {"bad_crc.gz", "damaged", ERR_SYNTAX},
        {"bad_isize.gz", "damaged", ERR_SYNTAX},
        {"deep_json.gz", "attack", ERR_LIMIT},
        {"empty_members_20k.gz", "second member", ERR_SYNTAX},
        {"fcs_lie.zst", "window", ERR_LIMIT},
        {"skippable_2000.zst", "skippable", ERR_SYNTAX},
        {"nested_gz2.gz", "attack", ERR_LIMIT},
        {"spaces_json_64M.gz", "attack", ERR_LIMIT},
        {"trailing_garbage.gz", "behind the end", ERR_SYNTAX},
        {"truncated.gz", "too early", ERR_SYNTAX},
        {"truncated.zst", "too early", ERR_SYNTAX},
        {"two_members.gz", "second member", ERR_SYNTAX},
        {"window_2g.zst", "window", ERR_LIMIT},
        {"zeros_100M.gz", "larger than the limit", ERR_LIMIT},
        {"zeros_1G.zst", "attack", ERR_LIMIT},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(refused); i++)
        expect_refusal(HOSTILE, refused[i].name, refused[i].code, refused[i].part);
    static const char *const read[] = {"ok.json.gz", "ok.json.zst", "long_fname.gz"};
    for (size_t i = 0; i < ARRAY_LENGTH(read); i++) {
        autobuf struct buf bytes = BUF(BUF_MIB), out = BUF(16 * BUF_MIB);
        load(HOSTILE, read[i], &bytes);
        assert_int_equal(inflate_buf(&bytes, &usual, &out, NULL), 0);
        assert_true(out.len > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads),   cmocka_unit_test(test_names), cmocka_unit_test(test_archives),
        cmocka_unit_test(test_ends),    cmocka_unit_test(test_bits),  cmocka_unit_test(test_limits),
        cmocka_unit_test(test_hostile),
    };
    return cmocka_run_group_tests_name("inflate", tests, NULL, NULL);
}
