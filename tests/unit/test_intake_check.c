/* The intake core without a database: bytes in, a prepared submission or a refusal out. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "collector/http/guard.h"
#include "collector/intake/intake.h"
#include "schema/base/file.h"
#include "schema/bundle/limits.h"
#include "tests/unit/intake_sample.h"

static const struct intake_policy accept_all = {.anonymous = INTAKE_ANONYMOUS_ACCEPT, .origin = "http"};

static int check_text(const char *text, const char *key, struct prepared **ret, struct err *err)
{
    return intake_check(str_of(text), key, &accept_all, ret, err);
}

static void test_good_bundle(void **state)
{
    (void)state;
    autobuf struct buf text = BUF(BUF_MIB);
    autoprepared struct prepared *prepared = NULL;
    struct err err = {0};
    sample_bundle(&text, 1);
    int code = intake_check(str_slice(text.data, text.len), NULL, &accept_all, &prepared, &err);
    if (code != 0) {
        fail_msg("%s: %s", err.path, err.text);
    }
    assert_string_equal(prepared->state, "accepted");
    assert_string_equal(prepared->format, "by-hand");
    assert_int_equal(prepared->run_rows.count, 2);
    assert_int_equal(prepared->measurement_rows.count, 3);
    assert_int_equal(prepared->raw_size, text.len);
    assert_memory_equal(prepared->raw, text.data, text.len);
    assert_true(prepared->has_original);
    assert_true(prepared->has_withdraw);
    assert_int_equal(prepared->withdraw_hash[1], 0x11);
    assert_int_equal(prepared->withdraw_hash[31], 0xff);
    assert_int_equal(prepared->flags.count, 0);
}

/* SHA-256 of the text "[removed:host] \x01 raw", by sha256sum. */
static void test_original_hash(void **state)
{
    (void)state;
    static const unsigned char expected[4] = {0x39, 0xa0, 0x1a, 0xc0};
    autobuf struct buf text = BUF(BUF_MIB);
    autoprepared struct prepared *prepared = NULL;
    sample_bundle(&text, 1);
    assert_int_equal(check_text(text.data, NULL, &prepared, NULL), 0);
    assert_memory_equal(prepared->original_hash, expected, sizeof expected);
}

static void test_key(void **state)
{
    (void)state;
    autobuf struct buf text = BUF(BUF_MIB);
    autoprepared struct prepared *prepared = NULL, *again = NULL;
    struct err err;
    sample_bundle(&text, 1);
    assert_int_equal(check_text(text.data, NULL, &prepared, &err), 0);
    assert_int_equal(check_text(text.data, prepared->id, &again, &err), 0);
    prepared_free(again);
    again = NULL;
    char other[INTAKE_ID_SIZE];
    memcpy(other, prepared->id, sizeof other);
    other[20] = other[20] == '0' ? '1' : '0';
    assert_int_equal(check_text(text.data, other, &again, &err), -ERR_HASH_MISMATCH);
    assert_string_equal(err.path, "Idempotency-Key");
    assert_int_equal(check_text(text.data, "../../x", &again, &err), -ERR_SYNTAX);
    assert_int_equal(check_text(text.data, "", &again, &err), -ERR_SYNTAX);
    assert_null(again);
}

static void test_policy(void **state)
{
    (void)state;
    autobuf struct buf text = BUF(BUF_MIB);
    autoprepared struct prepared *prepared = NULL;
    struct err err;
    struct intake_policy policy = {.anonymous = INTAKE_ANONYMOUS_QUARANTINE, .origin = "http"};
    sample_bundle(&text, 1);
    assert_int_equal(intake_check(str_of(text.data), NULL, &policy, &prepared, &err), 0);
    assert_string_equal(prepared->state, "quarantined");
    assert_int_equal(prepared->flags.count, 1);
    assert_string_equal(prepared->flags.items[0], INTAKE_RULE_ANONYMOUS);
    assert_non_null(strstr(buf_text(&prepared->findings), "\"rule\":\"anonymous\""));
    policy.anonymous = INTAKE_ANONYMOUS_REFUSE;
    autoprepared struct prepared *refused = NULL;
    assert_int_equal(intake_check(str_of(text.data), NULL, &policy, &refused, &err), -ERR_NOT_ALLOWED);
}

/* The sample with one stretch replaced. */
static void with(struct buf *into, const char *old, const char *fresh)
{
    autobuf struct buf text = BUF(BUF_MIB);
    sample_bundle(&text, 1);
    const char *at = strstr(text.data, old);
    if (at == NULL) {
        fail_msg("the sample has no %s", old);
        return;
    }
    buf_add(into, text.data, (size_t)(at - text.data));
    buf_adds(into, fresh);
    buf_adds(into, at + strlen(old));
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *old, *fresh;
        int code;
    } cases[] = {
        {"\"crosschip\":\"1.0\"", "\"crosschip\":\"9.0\"", -ERR_BUNDLE_VERSION},
        {"\"crosschip\":\"1.0\",", "", -ERR_DATA},
        {"\"mean\":530.06", "\"mean\":\"fast\"", -ERR_DATA},
        {"\"mean\":530.06", "\"mean\":NaN", -ERR_SYNTAX},
        {"\"mean\":530.06", "\"mean\":1e309", -ERR_DATA},
        {"\"mean\":530.06", "\"mean\":01", -ERR_SYNTAX},
        {"\"stddev\":0.1", "\"stddev\":-0.1", -ERR_DATA},
        {"\"n\":3", "\"n\":0", -ERR_DATA},
        {"\"n\":3", "\"n\":2.5", -ERR_DATA},
        {"\"n\":3", "\"n\":99999999999", -ERR_DATA},
        {"\"count\":2", "\"count\":0", -ERR_DATA},
        {"\"variant\":\"parallel\"", "\"variant\":\"sideways\"", -ERR_DATA},
        {"2023-11-22T10:20:30Z", "yesterday", -ERR_DATA},
        {"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", "0011", -ERR_DATA},
        {"Apple M1 Max", "Apple\\u0000M1", -ERR_DATA},
        {"Apple M1 Max", "Apple\\u202eM1", -ERR_DATA},
        {"\"name\":\"by-hand\"", "\"name\":\"by-hand\",\"name\":\"x\"", -ERR_DATA},
        {"\"power_source\":\"ac\"", "\"power_source\":\"/home/somebody\"", -ERR_DATA},
        {"\"runs\":[", "\"runs\":7,\"other\":[", -ERR_DATA},
        {"raw\"}}\n", "raw\"}} {}\n", -ERR_SYNTAX},
        {"raw\"}}\n", "raw\"}", -ERR_SYNTAX},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        autobuf struct buf text = BUF(BUF_MIB);
        autoprepared struct prepared *prepared = NULL;
        struct err err = {0};
        with(&text, cases[i].old, cases[i].fresh);
        int code = check_text(text.data, NULL, &prepared, &err);
        if (code != cases[i].code) {
            fail_msg("case %zu (%s): %d, expected %d: %s %s", i, cases[i].fresh, code, cases[i].code, err.path,
                     err.text);
        }
        assert_int_not_equal(err.text[0], 0);
    }
}

static void test_unknown_members_stay(void **state)
{
    (void)state;
    autobuf struct buf text = BUF(BUF_MIB);
    autoprepared struct prepared *prepared = NULL;
    with(&text, "\"note\":",
         "\"state\":\"accepted\",\"received_at\":\"1970-01-01T00:00:00Z\",\"later\":{\"x\":[1]},\"note\":");
    assert_int_equal(check_text(text.data, NULL, &prepared, NULL), 0);
    assert_non_null(strstr(prepared->raw, "\"later\""));
    assert_string_equal(prepared->state, "accepted");
}

static void test_limits(void **state)
{
    (void)state;
    autoprepared struct prepared *prepared = NULL;
    struct err err;
    autobuf struct buf text = BUF(BUNDLE_BYTES_MAX + 1);
    while (text.len <= BUNDLE_BYTES_MAX) {
        buf_addc(&text, ' ');
    }
    assert_int_equal(intake_check(str_slice(text.data, text.len), NULL, &accept_all, &prepared, &err), -ERR_LIMIT);
    assert_int_equal(intake_check(STR(""), NULL, &accept_all, &prepared, &err), -ERR_SYNTAX);
    assert_int_equal(intake_check(STR("[]"), NULL, &accept_all, &prepared, &err), -ERR_DATA);
    assert_null(prepared);
}

/* Every hostile document is refused with a code of the 4xx class (or taken where the list allows it). */
static void check_file(const char *folder, const char *name, unsigned *refused)
{
    char path[512];
    autobuf struct buf text = BUF(BUNDLE_BYTES_MAX);
    autoprepared struct prepared *prepared = NULL;
    struct err err = {0};
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(file_read(path, &text, &err), 0);
    int code = intake_check(str_slice(buf_text(&text), text.len), NULL, &accept_all, &prepared, &err);
    /* None of these files is a bundle: whatever the parser thinks of it, nothing may be stored. */
    if (code == 0 || err_http_status(err.code) < 400 || err_http_status(err.code) >= 500) {
        fail_msg("%s: %d %s", name, code, err.text);
    }
    *refused += 1;
}

static void test_hostile_documents(void **state)
{
    (void)state;
    static const char *const folders[] = {"../shared/corpus/hostile/json/jsontestsuite",
                                          "../shared/corpus/hostile/json/generated",
                                          "../shared/corpus/hostile/json/transform"};
    unsigned refused = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(folders); i++) {
        DIR *folder = opendir(folders[i]);
        if (folder == NULL) {
            continue;
        }
        for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
            if (text_ends_with(entry->d_name, ".json")) {
                check_file(folders[i], entry->d_name, &refused);
            }
        }
        (void)closedir(folder);
    }
    if (refused == 0) {
        print_message("skipped: no hostile corpus beside the project\n");
        skip();
    }
    assert_true(refused > 200);
}

/* Each prefix of a good document is refused, and none reads behind its end. */
static void test_truncations(void **state)
{
    (void)state;
    autobuf struct buf text = BUF(BUF_MIB);
    sample_bundle(&text, 1);
    for (size_t length = 0; length + 2 < text.len; length++) {
        autofree char *copy = mem_strndup(text.data, length);
        struct prepared *prepared = NULL;
        assert_true(intake_check(str_slice(copy, length), NULL, &accept_all, &prepared, NULL) < 0);
    }
}

static void test_guard_fields(void **state)
{
    (void)state;
    assert_int_equal(guard_parse_length("0"), 0);
    assert_int_equal(guard_parse_length("8388608"), 8388608);
    static const char *const bad[] = {"", "+7", "-7", "0x7", "7, 7", " 7", "7 ", "9223372036854775807", "7.0"};
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        assert_int_equal(guard_parse_length(bad[i]), -1);
    }
    assert_true(guard_is_token("Content-Length", 14));
    assert_false(guard_is_token("Transfer-Encoding ", 18));
    assert_false(guard_is_token("a\0b", 3));
    assert_false(guard_is_token("", 0));
    assert_true(guard_is_field_value("application/json", 16));
    assert_false(guard_is_field_value("a\0b", 3));
    assert_false(guard_is_field_value("a\x01"
                                      "b",
                                      3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_bundle), cmocka_unit_test(test_original_hash),
        cmocka_unit_test(test_key),         cmocka_unit_test(test_policy),
        cmocka_unit_test(test_refusals),    cmocka_unit_test(test_unknown_members_stay),
        cmocka_unit_test(test_limits),      cmocka_unit_test(test_hostile_documents),
        cmocka_unit_test(test_truncations), cmocka_unit_test(test_guard_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
