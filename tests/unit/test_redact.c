/* Redaction: what goes, what stays, and that JSON stays JSON. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "schema/bundle/redact.h"
#include "schema/json/json.h"
#include "tests/unit/patience.h"

static const struct identity machine[] = {
    {PRIVATE_HOST, "annas-mbp"},      {PRIVATE_HOST, "annas-mbp.example.net"},
    {PRIVATE_USER, "anna"},           {PRIVATE_USER, "Anna Müller"},
    {PRIVATE_PATH, "/home/anna"},     {PRIVATE_ADDRESS, "a4:83:e7:01:02:0f"},
    {PRIVATE_ADDRESS, "192.168.1.7"}, {PRIVATE_SERIAL, "C02XK1ABJGH5"},
    {PRIVATE_SERIAL, "87654321"},
};

static char *redacted(const char *text, const struct private_span *spans, size_t span_count,
                      const struct identity *identities, size_t identity_count, struct redact_counts *counts)
{
    autobuf struct buf out = BUF(BUF_MIB);
    struct err err = {0};
    assert_int_equal(redact_text(str_of(text), spans, span_count, identities, identity_count, &out, counts, &err), 0);
    return buf_take(&out);
}

static void expect(const char *text, const char *wanted)
{
    struct redact_counts counts;
    autofree char *got = redacted(text, NULL, 0, machine, ARRAY_LENGTH(machine), &counts);
    assert_string_equal(got, wanted);
}

static void test_identities(void **state)
{
    (void)state;
    expect("", "");
    expect("host annas-mbp, ANNAS-MBP.", "host [removed:host], [removed:host].");
    expect("annas-mbp.example.net annas-mbp.local", "[removed:host] [removed:host].local");
    expect("anna@annas-mbp ~ % ls", "[removed:user]@[removed:host] ~ % ls");
    expect("hannah annabel anna annaß anna_1", "hannah annabel [removed:user] annaß [removed:user]_1");
    expect("Anna Müller's Mac", "[removed:user]'s Mac");
    expect("{\"by\": \"Anna M\\u00fcller\"}", "{\"by\": \"[removed:user]\"}");
    expect("mac A4:83:E7:01:02:0F a4-83-e7-01-02-0f a4:83:e7:01:02:0f0",
           "mac [removed:address] [removed:address] a4:83:e7:01:02:0f0");
    expect("ip 192.168.1.7 192.168.1.70 1.192.168.1.7 192.168.1.7.2 192.168.1.7.",
           "ip [removed:address] [removed:address] 1.192.168.1.7 192.168.1.7.2 [removed:address].");
    expect("SN c02xk1abjgh5", "SN [removed:serial]");
    expect("{\"bytes\": 87654321, \"n\": [87654321], \"serial\": \"87654321\"}",
           "{\"bytes\": 87654321, \"n\": [87654321], \"serial\": \"[removed:serial]\"}");
    expect("line\\nanna\\tx", "line\\n[removed:user]\\tx");
    expect("\xE2\x80\x9C"
           "anna\xE2\x80\x9D",
           "\xE2\x80\x9C[removed:user]\xE2\x80\x9D");
}

static void test_paths(void **state)
{
    (void)state;
    expect("/home/anna/models/x.gguf", "[removed:path]/x.gguf");
    expect("-m /home/anna/x.gguf -p 5", "-m [removed:path]/x.gguf -p 5");
    expect("{\"f\":\"\\/home\\/anna\\/x.gguf\"}", "{\"f\":\"[removed:path]\\/x.gguf\"}");
    expect("/home/bob/m/x.gguf /Users/bob/x /root/a/b", "[removed:path]/x.gguf [removed:path]/x [removed:path]/b");
    expect("/home/bob /Users/bob, (/home/anna)", "[removed:path] [removed:path], ([removed:path])");
    expect("/mnt/c/Users/Bob/x.gguf", "[removed:path]/x.gguf");
    expect("C:\\Users\\bob\\x.gguf", "[removed:path]\\x.gguf");
    expect("{\"f\":\"C:\\\\Users\\\\bob\\\\m\\\\x.gguf\"}", "{\"f\":\"[removed:path]\\\\x.gguf\"}");
    expect("{\"f\":\"/home/bob/x.gguf\\nnext\"}", "{\"f\":\"[removed:path]/x.gguf\\nnext\"}");
    expect("{\"f\":\"\\\"/home/bob/x\\\"\"}", "{\"f\":\"\\\"[removed:path]/x\\\"\"}");
    expect("BenchmarkRouter/home/7-8 GET /homes", "BenchmarkRouter/home/7-8 GET /homes");
    expect("/opt/llama/bin", "/opt/llama/bin");
    expect("/home/anna/anna.gguf", "[removed:path]/[removed:user].gguf");
    expect("/home/annabel/x", "[removed:path]/x");
}

static void test_mail(void **state)
{
    (void)state;
    expect("From: Bob <bob.b+x@mail.example.org>", "From: Bob <[removed:user]>");
    expect("pp2048 @ d32768 gcc@12.2.0 x@y", "pp2048 @ d32768 gcc@12.2.0 x@y");
}

/* Identifiers of any machine go by their shape; figures, versions and bus addresses that resemble them stay. */
static void test_identifiers(void **state)
{
    (void)state;
    expect("GPU-f9ba66fc-a7f5-94c5-da19-019ef2f9c665,", "GPU-[removed:serial],");
    expect("{\"u\":\"F9BA66FC-A7F5-94C5-DA19-019EF2F9C665\"}", "{\"u\":\"[removed:serial]\"}");
    expect("{\"f9ba66fc-a7f5-94c5-da19-019ef2f9c665\": 1}", "{\"f9ba66fc-a7f5-94c5-da19-019ef2f9c665\": 1}");
    expect("f9ba66fc-a7f5-94c5-da19-019ef2f9c6655 xf9ba66fc-a7f5-94c5-da19-019ef2f9c665",
           "f9ba66fc-a7f5-94c5-da19-019ef2f9c6655 xf9ba66fc-a7f5-94c5-da19-019ef2f9c665");
    expect("00:1b:44:11:3a:b7 00-1B-44-11-3A-B7", "[removed:address] [removed:address]");
    expect("00:1b:44:11:3a:b7:01 00000000:01:00.0 12:30:45", "00:1b:44:11:3a:b7:01 00000000:01:00.0 12:30:45");
    expect("http://10.0.0.5:8000 172.16.3.4 172.32.3.4 169.254.1.1", "http://[removed:address]:8000 [removed:address] "
                                                                     "172.32.3.4 [removed:address]");
    expect("10.0.22000.1 1.2.3.4 10.1.243 v10.0.0.1.2 110.0.0.1",
           "10.0.22000.1 1.2.3.4 10.1.243 v10.0.0.1.2 110.0.0.1");
}

/* Names that are words of the data must not shred it. */
static void test_common_names(void **state)
{
    (void)state;
    const struct identity identities[] = {
        {PRIVATE_HOST, "mac"},
        {PRIVATE_HOST, "ubuntu"},
        {PRIVATE_HOST, "localhost"},
        {PRIVATE_USER, "m1"},
        {PRIVATE_USER, "max"},
        {PRIVATE_USER, "root"},
        {PRIVATE_USER, "jo"},
        {PRIVATE_USER, "2024"},
        {PRIVATE_USER, "null"},
        {PRIVATE_PATH, "/"},
        {PRIVATE_SERIAL, "Not Specified"},
        {PRIVATE_ADDRESS, "127.0.0.1"},
        {PRIVATE_USER, ""},
        {PRIVATE_USER, NULL},
        {PRIVATE_USER, "ngram"},
    };
    const char *text =
        "{\"chip\": \"Apple M1 Max\", \"max\": 2024, \"jo\": null, \"os\": \"ubuntu mac root localhost 127.0.0.1 "
        "Not Specified / jo\", \"ngram\": 3, \"ngram\" : 4}";
    struct redact_counts counts;
    autofree char *got = redacted(text, NULL, 0, identities, ARRAY_LENGTH(identities), &counts);
    assert_string_equal(got, text);
    for (int kind = 0; kind < REDACT_KINDS; kind++)
        assert_int_equal(counts.of[kind], 0);
    autofree char *value = redacted("{\"by\": \"ngram\"}", NULL, 0, identities, ARRAY_LENGTH(identities), &counts);
    assert_string_equal(value, "{\"by\": \"[removed:user]\"}");
}

static void test_secrets(void **state)
{
    (void)state;
    expect("serve --token=abc123def --password hunter22 -x 3", "serve --token=[removed:serial] --password "
                                                               "[removed:serial] -x 3");
    expect("API_KEY=sk-proj-0123456789abcdefghij make", "API_KEY=[removed:serial] make");
    expect("{\"api_key\": \"k-12345678\", \"n\": 1}", "{\"api_key\": \"[removed:serial]\", \"n\": 1}");
    expect("{\"cmd\": \"x --env \\\"HF_TOKEN=hf_abcdefghijklmnopqrstuvwxyz\\\"\"}",
           "{\"cmd\": \"x --env \\\"HF_TOKEN=[removed:serial]\\\"\"}");
    expect("clone https://ghp_0123456789012345678901234567890123@x", "clone https://[removed:serial]@x");
    expect("AKIAIOSFODNN7EXAMPLE Authorization: Bearer abcdefgh.ijk",
           "[removed:serial] Authorization: Bearer [removed:serial]");
    /* What is measured, and names of benchmarks. */
    static const char *const kept[] = {"max_tokens=128000 tokens: 1234567 --tokens 1000000 num-tokens 123456",
                                       "password hashing/argon2id 12.5 ms",
                                       "password: 1234567 ns/iter",
                                       "BM_password_hash/1024 100 ns",
                                       "sk-small",
                                       "task-force-of-twenty-letters",
                                       "{\"password\": 1234567}"};
    for (size_t i = 0; i < ARRAY_LENGTH(kept); i++)
        expect(kept[i], kept[i]);
}

static void test_more_homes_and_addresses(void **state)
{
    (void)state;
    expect("C:\\Users\\Bob Smith\\bench.exe -n 1", "[removed:path]\\bench.exe -n 1");
    expect("run ~carol/foo now, ~ 5 ms, ~5/s", "run [removed:path]/foo now, ~ 5 ms, ~5/s");
    expect("from fe80::1ff:fe23:4567:890a port", "from [removed:address] port");
    expect("fd12:3456:789a::1 std::fd::x fe80 fdab::", "[removed:address] std::fd::x fe80 fdab::");
}

static struct private_span span_of(const char *text, const char *part, enum private_kind kind)
{
    const char *found = strstr(text, part);
    assert_non_null(found);
    return (struct private_span){(size_t)(found - text), strlen(part), kind};
}

/* A marked host goes wherever it stands, unless it may be a word of the benchmark. */
static void test_marked_host_elsewhere(void **state)
{
    (void)state;
    const char *text = "{\"host_name\":\"alices-mbp\",\"label\":\"on alices-mbp by night\"}";
    const struct private_span span = span_of(text, "alices-mbp", PRIVATE_HOST);
    struct redact_counts counts;
    autofree char *got = redacted(text, &span, 1, NULL, 0, &counts);
    assert_string_equal(got, "{\"host_name\":\"[removed:host]\",\"label\":\"on [removed:host] by night\"}");
    assert_int_equal(counts.of[PRIVATE_HOST], 2);
    const char *plain = "{\"host_name\":\"matrix\",\"name\":\"matrix multiply\"}";
    const struct private_span word = span_of(plain, "matrix", PRIVATE_HOST);
    autofree char *kept = redacted(plain, &word, 1, NULL, 0, &counts);
    assert_string_equal(kept, "{\"host_name\":\"[removed:host]\",\"name\":\"matrix multiply\"}");
}

static void test_spans(void **state)
{
    (void)state;
    const char *text = "{\"p\":[\"say \\\"hi\\\"\",\"bye\",\"say "
                       "\\\"hi\\\"\"],\"host\":\"box\",\"m\":\"/srv/m/y.gguf\",\"o\":\"z.gguf\"}";
    struct private_span spans[] = {
        span_of(text, "box", PRIVATE_HOST),
        span_of(text, "say \\\"hi\\\"\",\"bye", PRIVATE_PROMPT),
        span_of(text, "bye", PRIVATE_TEXT),
        {0, 0, PRIVATE_TEXT},
        {10000, 5, PRIVATE_TEXT},
        span_of(text, "/srv/m/y.gguf", PRIVATE_PATH),
        span_of(text, "z.gguf", PRIVATE_PATH),
        span_of(text, "\"box\"", PRIVATE_HOST),
    };
    spans[1].length = strlen("say \\\"hi\\\"");
    struct private_span all[9];
    memcpy(all, spans, sizeof spans);
    all[8] = spans[1];
    all[8].offset = (size_t)(strstr(text + spans[1].offset + 1, "say") - text);
    struct redact_counts counts;
    autofree char *got = redacted(text, all, 9, NULL, 0, &counts);
    assert_string_equal(got, "{\"p\":[\"[text:1]\",\"[text:2]\",\"[text:1]\"],\"host\":\"[removed:host]\","
                             "\"m\":\"[removed:path]/y.gguf\",\"o\":\"z.gguf\"}");
    assert_int_equal(counts.of[PRIVATE_PROMPT], 2);
    assert_int_equal(counts.of[PRIVATE_TEXT], 1);
    assert_int_equal(counts.of[PRIVATE_HOST], 1);
    assert_int_equal(counts.of[PRIVATE_PATH], 1);
    /* Redacting again changes nothing. */
    autofree char *twice = redacted(got, NULL, 0, machine, ARRAY_LENGTH(machine), &counts);
    assert_string_equal(twice, got);
}

/* A reader may mark a path whole or its folder only. */
static void test_folder_spans(void **state)
{
    (void)state;
    const char *text = "{\"a\":\"/srv/m/y.gguf\",\"b\":\"D:\\\\m\\\\z.gguf\",\"c\":\"/opt/x\"}";
    const struct private_span spans[] = {
        span_of(text, "/srv/m", PRIVATE_PATH),
        span_of(text, "D:\\\\m", PRIVATE_PATH),
        span_of(text, "/opt", PRIVATE_PATH),
    };
    struct redact_counts counts;
    autofree char *got = redacted(text, spans, 3, NULL, 0, &counts);
    assert_string_equal(
        got, "{\"a\":\"[removed:path]/y.gguf\",\"b\":\"[removed:path]\\\\z.gguf\",\"c\":\"[removed:path]/x\"}");
}

static void test_overlaps(void **state)
{
    (void)state;
    const char *text = "prompt: my name is anna and /home/anna/x is mine; rest";
    struct private_span span = {8, strlen("my name is anna and /home/anna/x is mine"), PRIVATE_PROMPT};
    struct redact_counts counts;
    autofree char *got = redacted(text, &span, 1, machine, ARRAY_LENGTH(machine), &counts);
    assert_string_equal(got, "prompt: [text:1]; rest");
    assert_int_equal(counts.of[PRIVATE_USER], 0);
}

/* Whatever is an identity, JSON stays JSON with the same shape. */
static void test_json_survives(void **state)
{
    (void)state;
    const char *text =
        "{\"host\":\"annas-mbp\",\"cmd\":\"C:\\\\Users\\\\anna\\\\b.exe --m \\\"/home/anna/m\\\"\",\"n\":[1,87654321],"
        "\"u\":\"M\\u00fcller\",\"annas-mbp\":true}";
    struct redact_counts counts;
    autofree char *got = redacted(text, NULL, 0, machine, ARRAY_LENGTH(machine), &counts);
    autojson struct json_document *document = NULL;
    struct err err = {0};
    assert_int_equal(json_read_strict(str_of(got), &json_limits_bundle, &document, &err), 0);
    assert_string_equal(json_string(json_get(json_root(document), "cmd")),
                        "[removed:path]\\b.exe --m \"[removed:path]/m\"");
    assert_true(json_boolean(json_get(json_root(document), "[removed:host]"), false));
    assert_int_equal(json_count(json_root(document)), 5);
}

static void test_large(void **state)
{
    (void)state;
    autobuf struct buf text = BUF(16 * BUF_MIB), out = BUF(32 * BUF_MIB);
    while (text.len < 4 * BUF_MIB)
        buf_adds(&text, "/home/home/ anna@x@y /// aaaa anna-annas-mbp \\\\\\\\ \"k\": 87654321, ");
    clock_t begin = clock();
    struct redact_counts counts;
    struct err err = {0};
    assert_int_equal(
        redact_text(str_slice(text.data, text.len), NULL, 0, machine, ARRAY_LENGTH(machine), &out, &counts, &err), 0);
    assert_true(took_less_than(begin, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secrets),
        cmocka_unit_test(test_more_homes_and_addresses),
        cmocka_unit_test(test_identities),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_mail),
        cmocka_unit_test(test_identifiers),
        cmocka_unit_test(test_common_names),
        cmocka_unit_test(test_spans),
        cmocka_unit_test(test_marked_host_elsewhere),
        cmocka_unit_test(test_folder_spans),
        cmocka_unit_test(test_overlaps),
        cmocka_unit_test(test_json_survives),
        cmocka_unit_test(test_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
