/* What client and collector say to each other: addresses, answers, times, tokens. No network. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/wire/answer.h"
#include "schema/wire/client.h"
#include "schema/wire/server.h"
#include "schema/wire/token.h"

#define SECOND INT64_C(1000000)
#define ID "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static void takes_addresses(void **state)
{
    static const struct {
        const char *text, *name, *socket;
        bool https;
    } cases[] = {
        {"https://Collector.Example/", "https://collector.example", "", true},
        {"https://collector.example:8443/sub/path//", "https://collector.example:8443/sub/path", "", true},
        {"HTTPS://a", "https://a", "", true},
        {"http://127.0.0.1:8080", "http://127.0.0.1:8080", "", false},
        {"http://127.255.0.9", "http://127.255.0.9", "", false},
        {"http://localhost:1", "http://localhost:1", "", false},
        {"http://[::1]:65535", "http://[::1]:65535", "", false},
        {"unix:/run/crosschip.sock", "unix:/run/crosschip.sock", "/run/crosschip.sock", false},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct server server;
        assert_int_equal(server_parse(cases[i].text, &server, NULL), 0);
        assert_string_equal(server.name, cases[i].name);
        assert_string_equal(server.socket, cases[i].socket);
        assert_int_equal(server.https, cases[i].https);
    }
}

/* Plain http must not leave the machine, however the address is dressed up. */
static void refuses_addresses(void **state)
{
    static const char *const cases[] = {"",
                                        "collector.example",
                                        "ftp://a",
                                        "http://",
                                        "https://",
                                        "http://example.com",
                                        "http://10.0.0.1",
                                        "http://128.0.0.1",
                                        "http://127.0.0.1.evil.example",
                                        "http://127.0.0.256",
                                        "http://127.1",
                                        "http://127.0.0.1@evil.example",
                                        "http://localhost.evil.example",
                                        "http://evil.example#127.0.0.1",
                                        "http://[::2]",
                                        "http://0x7f000001",
                                        "http://[::1",
                                        "https://a:0",
                                        "https://a:65536",
                                        "https://a:99999999",
                                        "https://a:x",
                                        "https://a b",
                                        "https://a/..",
                                        "https://a/?q=1",
                                        "https://user:secret@a",
                                        "unix:relative/path",
                                        "unix:",
                                        "https://a\nb",
                                        "https://a/%2e"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct server server;
        struct err err = {0};
        assert_int_equal(server_parse(cases[i], &server, &err), -ERR_USAGE);
        assert_true(err.hint[0] != '\0');
    }
}

static void socket_paths_have_a_limit(void **state)
{
    char text[200] = "unix:/";
    struct server server;
    struct err err;
    (void)state;
    memset(text + 6, 'a', 106);
    assert_int_equal(server_parse(text, &server, &err), 0); /* 107 bytes, as sockaddr_un takes on Linux */
    text[112] = 'a';
    assert_int_equal(server_parse(text, &server, &err), -ERR_USAGE);
}

static void reads_answers(void **state)
{
    struct wire_submission submission;
    (void)state;
    assert_int_equal(wire_submission_read(STR("{\"id\":\"" ID
                                              "\",\"state\":\"quarantined\",\"received_at\":\"2026-11-21T08:00:00Z\","
                                              "\"rules\":[\"bandwidth_time_bytes\",\"x\"]}"),
                                          &submission, NULL),
                     0);
    assert_string_equal(submission.id, ID);
    assert_string_equal(submission.state, "quarantined");
    assert_string_equal(submission.rule, "bandwidth_time_bytes");
    assert_string_equal(submission.received_at, "2026-11-21T08:00:00Z");
    assert_string_equal(submission.key_id, "");
    assert_string_equal(submission.signature, "");
    assert_int_equal(
        wire_submission_read(STR("{\"id\":\"" ID "\",\"state\":\"accepted\",\"received_at\":\"2026-11-21T08:00:00Z\","
                                 "\"receipt\":{\"key_id\":\"0123456789abcdef\",\"signature\":\"ab\"}}"),
                             &submission, NULL),
        0);
    assert_string_equal(submission.key_id, "0123456789abcdef");
    assert_string_equal(submission.signature, "ab");
    /* One of another kind or length counts as none. */
    assert_int_equal(wire_submission_read(STR("{\"id\":\"" ID "\",\"state\":\"accepted\",\"receipt\":{\"key_id\":"
                                              "\"0123456789abcdef0\",\"signature\":7}}"),
                                          &submission, NULL),
                     0);
    assert_string_equal(submission.key_id, "");
    assert_string_equal(submission.signature, "");
}

static void reads_keys(void **state)
{
    struct arena arena cleanup(arena_done) = {0};
    struct wire_key *keys;
    size_t count;
    (void)state;
    assert_int_equal(wire_keys_read(STR("{\"keys\":[{\"key_id\":\"a\",\"public_key\":\"b\",\"created_at\":\"c\","
                                        "\"retired_at\":\"d\",\"signed_by\":null,\"signature\":null},{}]}"),
                                    &arena, &keys, &count, NULL),
                     0);
    assert_int_equal(count, 2);
    assert_string_equal(keys[0].public_key, "b");
    assert_string_equal(keys[0].retired_at, "d");
    assert_null(keys[0].signature);
    assert_null(keys[1].public_key);
    static const char *const bodies[] = {"", "<html>", "{}", "{\"keys\":[]}", "{\"keys\":{}}", "[]"};
    for (size_t i = 0; i < ARRAY_LENGTH(bodies); i++)
        assert_int_equal(wire_keys_read(str_of(bodies[i]), &arena, &keys, &count, NULL), -ERR_DATA);
}

static void doubts_answers(void **state)
{
    static const char *const bodies[] = {
        "",
        "<html>",
        "[]",
        "{}",
        "{\"id\":\"" ID "\"}",
        "{\"state\":\"accepted\"}",
        "{\"id\":1,\"state\":\"accepted\"}",
        "{\"id\":\"" ID "0\",\"state\":\"accepted\"}",
        "{\"id\":\"" ID "\",\"state\":\"fine\"}",
        "{\"id\":\"SHA256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\",\"state\":\"accepted\"}",
        "{\"id\":\"" ID "\",\"state\":\"accepted\"} trailing"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(bodies); i++) {
        struct wire_submission submission;
        assert_int_equal(wire_submission_read(str_of(bodies[i]), &submission, NULL), -ERR_DATA);
    }
}

/* reliability.md 2.4: which status is final. */
static void judges_statuses(void **state)
{
    static const struct {
        int status;
        const char *body;
        enum wire_verdict verdict;
        enum err_code code;
    } cases[] = {{400, "{\"error\":\"syntax\"}", WIRE_REFUSED, ERR_DATA},
                 {411, "{\"error\":\"syntax\"}", WIRE_REFUSED, ERR_LENGTH_REQUIRED},
                 {413, "{\"error\":\"syntax\"}", WIRE_REFUSED, ERR_LIMIT},
                 {415, "{\"error\":\"syntax\"}", WIRE_REFUSED, ERR_MEDIA_TYPE},
                 {409, "{\"error\":\"syntax\"}", WIRE_REFUSED, ERR_COLLISION},
                 {410, "{\"error\":\"syntax\"}", WIRE_REFUSED, ERR_GONE},
                 {422, "{\"error\":\"data\"}", WIRE_REFUSED, ERR_DATA},
                 {422, "{\"error\":\"bundle_version\"}", WIRE_KEEP, ERR_BUNDLE_VERSION},
                 /* Nothing that a collector says: a proxy in front, or another server. */
                 {400, "<html>", WIRE_KEEP, ERR_RETRY},
                 {409, "{}", WIRE_KEEP, ERR_RETRY},
                 {413, "", WIRE_KEEP, ERR_RETRY},
                 {422, "{\"error\":{\"code\":1}}", WIRE_KEEP, ERR_RETRY},
                 {401, "", WIRE_KEEP, ERR_NOT_ALLOWED},
                 {403, "", WIRE_KEEP, ERR_NOT_ALLOWED},
                 {404, "", WIRE_KEEP, ERR_RETRY},
                 {301, "", WIRE_KEEP, ERR_RETRY},
                 {408, "", WIRE_RETRY, ERR_RETRY},
                 {425, "", WIRE_RETRY, ERR_RETRY},
                 {429, "", WIRE_RETRY, ERR_RETRY},
                 {500, "", WIRE_RETRY, ERR_RETRY},
                 {503, "<html>", WIRE_RETRY, ERR_RETRY},
                 {202, "", WIRE_RETRY, ERR_RETRY}};
    (void)state;
    assert_int_equal(wire_verdict(200, STR("")), WIRE_STORED);
    assert_int_equal(wire_verdict(201, STR("")), WIRE_STORED);
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct err err = {0};
        assert_int_equal(wire_verdict(cases[i].status, str_of(cases[i].body)), cases[i].verdict);
        assert_int_equal(wire_refusal(cases[i].status, str_of(cases[i].body), &err), -(int)cases[i].code);
        assert_true(err.text[0] != '\0');
    }
}

static void repeats_the_collectors_words(void **state)
{
    struct err err = {0};
    (void)state;
    assert_int_equal(
        wire_refusal(422, STR("{\"error\":\"data\",\"path\":\"runs[3].model\",\"detail\":\"too long\"}"), &err),
        -ERR_DATA);
    assert_string_equal(err.path, "runs[3].model");
    assert_string_equal(err.detail, "too long");
    assert_int_equal(wire_refusal(503, STR("{\"error\":\"retry\",\"detail\":\"the disk is full\"}"), &err), -ERR_RETRY);
    assert_string_equal(err.detail, "the disk is full");
    assert_non_null(strstr(err.hint, "queue flush"));
}

static void reads_retry_after(void **state)
{
    const char *date = "Sat, 21 Nov 2026 08:00:00 GMT";
    (void)state;
    assert_int_equal(wire_retry_after_us(STR("7"), NULL), 7 * SECOND);
    assert_int_equal(wire_retry_after_us(STR(" 0 "), NULL), 1 * SECOND);
    assert_int_equal(wire_retry_after_us(STR("86400"), NULL), 3600 * SECOND);
    assert_int_equal(wire_retry_after_us(STR("99999999999999999999999"), NULL), 3600 * SECOND);
    assert_int_equal(wire_retry_after_us(STR("Sat, 21 Nov 2026 08:02:00 GMT"), date), 120 * SECOND);
    /* A server whose clock is years off still means two minutes. */
    assert_int_equal(wire_retry_after_us(STR("Thu, 21 Nov 2002 08:02:00 GMT"), "Thu, 21 Nov 2002 08:00:00 GMT"),
                     120 * SECOND);
    assert_int_equal(wire_retry_after_us(STR("Sat, 21 Nov 2026 07:00:00 GMT"), date), 1 * SECOND);
    assert_int_equal(wire_retry_after_us(STR("Sat, 21 Nov 2026 08:02:00 GMT"), NULL), 0);
    assert_int_equal(wire_retry_after_us(STR("-3"), NULL), 0);
    assert_int_equal(wire_retry_after_us(STR("soon"), date), 0);
    assert_int_equal(wire_retry_after_us(STR(""), date), 0);
}

/* Fluent Bit's form: uniform between the base and base × 2^n, never above the cap. */
static void backs_off_within_bounds(void **state)
{
    (void)state;
    assert_int_equal(wire_backoff_us(0, 12345678901234567u), 2 * SECOND);
    assert_int_equal(wire_backoff_us(3, 0), 2 * SECOND);
    assert_int_equal(wire_backoff_us(3, 14 * (uint64_t)SECOND), 16 * SECOND);
    for (int attempt = 0; attempt < 100; attempt++) {
        for (uint64_t random = 1; random != 0; random <<= 1) {
            int64_t pause = wire_backoff_us(attempt, random * 2654435761u);
            assert_in_range(pause, 2 * SECOND, 900 * SECOND);
        }
    }
}

static void encodes_names(void **state)
{
    char target[64], back[64];
    (void)state;
    assert_true(wire_percent_encode(STR("Ann O'Neil \xc3\xa9\r\n"), target, sizeof(target)));
    assert_string_equal(target, "Ann%20O%27Neil%20%C3%A9%0D%0A");
    assert_true(wire_percent_decode(str_of(target), back, sizeof(back)));
    assert_string_equal(back, "Ann O'Neil \xc3\xa9\r\n");
    assert_false(wire_percent_encode(STR("abc"), target, 3));
    assert_true(wire_percent_encode(STR("abc"), target, 4));
    static const char *const malformed[] = {"%", "%4", "%zz", "a%00", "a b", "%4%"};
    for (size_t i = 0; i < ARRAY_LENGTH(malformed); i++)
        assert_false(wire_percent_decode(str_of(malformed[i]), back, sizeof(back)));
}

static void knows_ids(void **state)
{
    (void)state;
    assert_true(wire_id_is_valid(ID));
    assert_false(wire_id_is_valid(NULL));
    assert_false(wire_id_is_valid("sha256:"));
    assert_false(wire_id_is_valid(ID "0"));
    assert_false(wire_id_is_valid("sha256:BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

static void reads_tokens(void **state)
{
    static const char token[] = "cc1_abcdEFGH_0123456789abcdefghijklmnopqrstuvwxyzABC-_01";
    char path[] = "/tmp/crosschip-token-XXXXXX", got[TOKEN_SIZE];
    struct err err = {0};
    (void)state;
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, token, strlen(token)), (ssize_t)strlen(token));
    assert_int_equal(write(file, "\n", 1), 1);
    (void)close(file);
    assert_int_equal(token_read(path, got, &err), 0);
    assert_string_equal(got, token);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(token_read(path, got, &err), -ERR_NOT_ALLOWED);
    /* The secret itself never stands in a message. */
    assert_null(strstr(err.text, "0123456789"));
    (void)unlink(path);
    assert_int_equal(token_read(path, got, &err), -ERR_NOT_FOUND);
}

static void says_when_nobody_answers(void **state)
{
    struct server server;
    autoclient struct wire_client *client = NULL;
    struct wire_answer answer cleanup(wire_answer_done) = {0};
    struct wire_options options = {.agent = "test"};
    struct err err = {0};
    (void)state;
    assert_int_equal(server_parse("unix:/nonexistent/socket", &server, NULL), 0);
    assert_int_equal(wire_client_open(&server, &options, &client, NULL), 0);
    assert_int_equal(wire_get(client, "/healthz", &answer, &err), -ERR_RETRY);
    assert_non_null(strstr(err.text, "unix:/nonexistent/socket"));
    assert_true(err.hint[0] != '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_addresses),
        cmocka_unit_test(refuses_addresses),
        cmocka_unit_test(socket_paths_have_a_limit),
        cmocka_unit_test(reads_answers),
        cmocka_unit_test(reads_keys),
        cmocka_unit_test(doubts_answers),
        cmocka_unit_test(judges_statuses),
        cmocka_unit_test(repeats_the_collectors_words),
        cmocka_unit_test(reads_retry_after),
        cmocka_unit_test(backs_off_within_bounds),
        cmocka_unit_test(encodes_names),
        cmocka_unit_test(knows_ids),
        cmocka_unit_test(reads_tokens),
        cmocka_unit_test(says_when_nobody_answers),
    };
    return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
