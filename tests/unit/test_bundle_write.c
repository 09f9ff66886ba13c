/* The bundle: exact bytes, reading back, what is refused, and what does not fit. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/bundle/bundle.h"
#include "schema/json/json.h"

static const char commitment[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

static struct reading *small_reading(void)
{
    struct reading *reading = reading_new();
    assert_non_null(reading);
    struct arena *arena = &reading->arena;
    reading->format = "llama-bench-json";
    reading->reader_version = 3;
    reading->tool = "llama-bench";
    reading->tool_version = "b6918";
    reading->device.chip = "Apple M4";
    reading->device.cores = 10;
    reading->device.memory_bytes = 17179869184.0;
    struct run *run = reading_add_run(reading);
    run->workload.model = "Llama 2 7B";
    run->workload.task = "tg128";
    parameters_set_number(arena, &run->workload.parameters, "n_gen", 128);
    parameters_set_boolean(arena, &run->workload.parameters, "flash_attention", true);
    parameters_set_word(arena, &run->workload.parameters, "kv_type", "q8_0");
    run->ran_at = "2026-11-21T07:48:00Z";
    labels_add(arena, &run->labels, "note", "two\nlines");
    struct measurement *measurement = run_add_measurement(reading, run, "generation_throughput");
    measurement->unit = "tok/s";
    measurement->direction = DIRECTION_HIGHER;
    measurement->n = 3;
    measurement->mean = 0.1 + 0.2;
    measurement->stddev = 1e-9;
    measurement->stddev_kind = STDDEV_SAMPLE;
    measurement->samples = arena_alloc(arena, 3, sizeof(double));
    measurement->samples[0] = 24.5;
    measurement->samples[1] = (double)NAN;
    measurement->samples[2] = -0.0;
    measurement->sample_count = 3;
    flags_add(arena, &measurement->flags, "not_finite");
    return reading;
}

static const char small_bytes[] =
    "{\"crosschip\":\"1.1\",\n"
    "\"consent\":{\"licence\":\"CC0-1.0\",\"text\":\"I measured these results or may share them. They may be stored, "
    "checked, "
    "published and reused by anybody under the licence named here.\"},\n"
    "\"withdraw\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\","
    "\"format\":{\"name\":\"llama-bench-json\",\"reader\":3},\n"
    "\"tool\":{\"name\":\"llama-bench\",\"version\":\"b6918\"},\"cooling\":\"fan\",\n"
    "\"device\":{\"chip\":\"Apple M4\",\"cores\":10,\"memory_bytes\":17179869184},\n"
    "\"runs\":[\n"
    "{\"workload\":{\"model\":\"Llama 2 "
    "7B\",\"task\":\"tg128\",\"parameters\":{\"flash_attention\":true,\"kv_type\":\"q8_0\","
    "\"n_gen\":128}},\"ran_at\":\"2026-11-21T07:48:00Z\",\"labels\":{\"note\":\"two\\nlines\"},\"metrics\":["
    "{\"name\":\"generation_throughput\",\"unit\":\"tok/s\",\"n\":3,\"mean\":0.30000000000000004,\"stddev\":1e-09,"
    "\"direction\":\"higher\",\"stddev_kind\":\"sample\",\"samples\":[24.5,null,-0],\"flags\":[\"not_finite\"]}]}],\n"
    "\"original\":{\"removed\":{\"host\":1,\"text\":2},\"encoding\":\"utf-8\",\"text\":\"a \\\"b\\\"\\t[text:1]\"}\n"
    "}\n";

static struct bundle small_bundle(struct reading *reading)
{
    struct bundle bundle = {
        .withdraw = commitment,
        .cooling = "fan",
        .reading = reading,
        .original.text = STR("a \"b\"\t[text:1]"),
    };
    bundle.original.removed.of[PRIVATE_HOST] = 1;
    bundle.original.removed.of[PRIVATE_TEXT] = 2;
    return bundle;
}

static void test_exact_bytes(void **state)
{
    (void)state;
    autoreading struct reading *reading = small_reading();
    struct bundle bundle = small_bundle(reading);
    struct err err = {0};
    autobuf struct buf bytes = BUF(BUNDLE_BYTES_MAX), again = BUF(BUNDLE_BYTES_MAX);
    if (bundle_write(&bundle, &bytes, &err) < 0)
        fail_msg("%s (%s)", err.text, err.path);
    assert_string_equal(buf_text(&bytes), small_bytes);
    assert_int_equal(bundle_write(&bundle, &again, &err), 0);
    assert_string_equal(buf_text(&bytes), buf_text(&again));
}

/* Of small_bytes with 64 zeros for the digits of `withdraw`, by Python's hashlib. */
#define SMALL_SUBJECT "d2117b75179824d6c1222554f081d8a1835563b97946e5e30ccc312b6fb1e8e3"

/* What the secret is made from is all the rest of the bytes: one original with another note has another. */
static void test_subject(void **state)
{
    (void)state;
    autoreading struct reading *reading = small_reading();
    struct bundle bundle = small_bundle(reading);
    struct err err = {0};
    char subject[BUNDLE_SUBJECT_SIZE], other[BUNDLE_SUBJECT_SIZE];
    autobuf struct buf bytes = BUF(BUNDLE_BYTES_MAX);
    assert_string_equal(bundle_subject(&bundle, str_of(small_bytes), subject), SMALL_SUBJECT);
    /* as it is before the commitment is known */
    bundle.withdraw = bundle_no_commitment;
    assert_int_equal(bundle_write(&bundle, &bytes, &err), 0);
    assert_string_equal(bundle_subject(&bundle, str_slice(bytes.data, bytes.len), subject), SMALL_SUBJECT);
    assert_true(bundle_commit(&bytes, commitment));
    assert_string_equal(buf_text(&bytes), small_bytes);
    buf_reset(&bytes);
    bundle.note = "the same, sent again";
    assert_int_equal(bundle_write(&bundle, &bytes, &err), 0);
    assert_string_not_equal(bundle_subject(&bundle, str_slice(bytes.data, bytes.len), other), SMALL_SUBJECT);
    assert_int_equal(strlen(other), strlen(SMALL_SUBJECT));
    bundle.withdraw = NULL;
    assert_string_equal(bundle_subject(&bundle, str_of(small_bytes), subject), "");
    buf_reset(&bytes);
    assert_int_equal(bundle_write(&bundle, &bytes, &err), 0);
    assert_false(bundle_commit(&bytes, commitment));
}

#define OLDER                                                                                                          \
    "{\"crosschip\":\"1.0\",\"consent\":{\"licence\":\"CC0-1.0\",\"text\":\"yes\"},\"withdraw\":"                      \
    "\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\",%s\"format\":{\"name\":\"x\",\"reader\":1}," \
    "\"device\":{},\"runs\":[{\"workload\":{},\"metrics\":[]}]%s}"

static void assert_older_subject(const char *head, const char *tail, const char *expected)
{
    autobundle struct bundle bundle = {0};
    struct err err = {0};
    char subject[BUNDLE_SUBJECT_SIZE];
    autobuf struct buf bytes = BUF(BUNDLE_BYTES_MAX);
    buf_addf(&bytes, OLDER, head, tail);
    if (bundle_read(str_slice(bytes.data, bytes.len), &bundle, &err) < 0)
        fail_msg("%s (%s)", err.text, err.path);
    assert_string_equal(bundle_subject(&bundle, str_slice(bytes.data, bytes.len), subject), expected);
}

/* What was sent as 1.0 is withdrawn as then. printf 'a "b"\t[text:1]' | sha256sum */
static void test_subject_of_older_bundles(void **state)
{
    (void)state;
    static const char original[] = ",\"original\":{\"encoding\":\"utf-8\",\"text\":\"a \\\"b\\\"\\t[text:1]\"}";
    static const char run_id[] = "\"run_id\":\"00112233445566778899aabbccddeeff\",";
    static const char replaces[] =
        "\"replaces\":\"sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\",";
    assert_older_subject("", original, "b9566eff4a56f34645c7139a3ce470a0c18fd8ddc861df1c3c5f848089e123aa");
    assert_older_subject(run_id, original, "b9566eff4a56f34645c7139a3ce470a0c18fd8ddc861df1c3c5f848089e123aa");
    assert_older_subject(replaces, original,
                         "b9566eff4a56f34645c7139a3ce470a0c18fd8ddc861df1c3c5f848089e123aa"
                         "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
    assert_older_subject(run_id, "", "00112233445566778899aabbccddeeff");
    assert_older_subject(replaces, "", "");
}

static void test_replaces(void **state)
{
    (void)state;
    static const char id[] = "sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    autoreading struct reading *reading = small_reading();
    struct bundle bundle = small_bundle(reading);
    struct err err = {0};
    autobundle struct bundle back = {0};
    autobuf struct buf bytes = BUF(BUNDLE_BYTES_MAX);
    bundle.replaces = id;
    assert_int_equal(bundle_write(&bundle, &bytes, &err), 0);
    assert_non_null(strstr(buf_text(&bytes), "\",\"replaces\":\"sha256:00112233"));
    assert_int_equal(bundle_read(str_slice(bytes.data, bytes.len), &back, &err), 0);
    assert_string_equal(back.replaces, id);
    bundle.replaces = "sha256:00";
    assert_int_equal(bundle_write(&bundle, &bytes, &err), -ERR_DATA);
    assert_string_equal(err.path, "replaces");
}

static void test_read_back(void **state)
{
    (void)state;
    struct err err = {0};
    autobundle struct bundle bundle = {0};
    if (bundle_read(STR(small_bytes), &bundle, &err) < 0)
        fail_msg("%s (%s)", err.text, err.path);
    const struct reading *reading = bundle.reading;
    assert_string_equal(bundle.withdraw, commitment);
    assert_null(bundle.run_id);
    assert_string_equal(bundle.cooling, "fan");
    assert_string_equal(reading->tool_version, "b6918");
    assert_int_equal(reading->reader_version, 3);
    assert_int_equal(reading->device.cores, 10);
    assert_true(reading->device.threads == COUNT_UNKNOWN);
    assert_int_equal(reading->run_count, 1);
    const struct run *run = &reading->runs[0];
    assert_int_equal(run->chip_count, 1);
    assert_false(run->ran_at_local);
    assert_int_equal(run->workload.parameters.count, 3);
    assert_int_equal(parameters_find(&run->workload.parameters, "flash_attention")->type, PARAMETER_BOOLEAN);
    const struct measurement *measurement = &run->measurements[0];
    double third = 0.1 + 0.2;
    assert_memory_equal(&measurement->mean, &third, sizeof third);
    assert_true(isnan(measurement->min));
    assert_int_equal(measurement->sample_count, 3);
    assert_true(isnan(measurement->samples[1]));
    assert_true(signbit(measurement->samples[2]));
    assert_true(flags_has(&measurement->flags, "not_finite"));
    assert_true(str_equal(bundle.original.text, STR("a \"b\"\t[text:1]")));
    assert_int_equal(bundle.original.removed.of[PRIVATE_TEXT], 2);
    autobuf struct buf bytes = BUF(BUNDLE_BYTES_MAX);
    assert_int_equal(bundle_write(&bundle, &bytes, &err), 0);
    assert_string_equal(buf_text(&bytes), small_bytes);
}

/* From coreutils: printf %s "$bytes" | sha256sum, and of the original alone. */
static void test_hashes(void **state)
{
    (void)state;
    char id[BUNDLE_ID_SIZE];
    assert_string_equal(bundle_id(STR("abc"), id),
                        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    struct bundle bundle = {0};
    uint8_t hash[BUNDLE_HASH_SIZE];
    assert_false(bundle_original_hash(&bundle, hash));
    bundle.original.text = STR("abc");
    assert_true(bundle_original_hash(&bundle, hash));
    assert_int_equal(hash[0], 0xBA);
    assert_int_equal(hash[31], 0xAD);
}

static void round_trip_original(struct str text, const char *encoding)
{
    autoreading struct reading *reading = small_reading();
    struct bundle bundle = {.reading = reading, .original.text = text};
    struct err err = {0};
    autobuf struct buf bytes = BUF(BUNDLE_BYTES_MAX);
    if (bundle_write(&bundle, &bytes, &err) < 0)
        fail_msg("%s", err.text);
    assert_non_null(strstr(buf_text(&bytes), encoding));
    autobundle struct bundle back = {0};
    assert_int_equal(bundle_read(str_slice(bytes.data, bytes.len), &back, &err), 0);
    assert_true(str_equal(back.original.text, text));
}

static void test_original_encodings(void **state)
{
    (void)state;
    round_trip_original(STR(""), "\"encoding\":\"utf-8\"");
    round_trip_original(STR("\x01\x1B[31m\xE2\x80\xAE\xEF\xBB\xBF\x7F \\ \" \r\n"), "\"encoding\":\"utf-8\"");
    round_trip_original(STR("NUL \0 inside"), "\"encoding\":\"base64\",\"text\":\"TlVMIAAgaW5zaWRl\"");
    round_trip_original(STR("\xFF"), "\"text\":\"/w==\"");
    round_trip_original(STR("\xFF\xFE"), "\"text\":\"//4=\"");
}

/* Numbers of the JSON text are escaped to six bytes each: 2 MiB of controls do not fit 8 MiB. */
static void test_original_too_large(void **state)
{
    (void)state;
    autoreading struct reading *reading = small_reading();
    autobuf struct buf large = BUF(16 * BUF_MIB), bytes = BUF(BUNDLE_BYTES_MAX);
    while (large.len < 2 * BUF_MIB)
        buf_adds(&large, "\x01\x02\x03\x04\x05\x06\x07\x08");
    struct bundle bundle = {.reading = reading, .original.text = str_slice(large.data, large.len)};
    bundle.original.removed.of[PRIVATE_PATH] = 7;
    struct err err = {0};
    assert_int_equal(bundle_write(&bundle, &bytes, &err), 0);
    assert_true(bytes.len < 4096);
    assert_non_null(strstr(buf_text(&bytes), "\"original\":{\"omitted\":\"size\",\"removed\":{\"path\":7}}"));
    autobundle struct bundle back = {0};
    assert_int_equal(bundle_read(str_slice(bytes.data, bytes.len), &back, &err), 0);
    assert_string_equal(back.original.omitted, "size");
    assert_null(back.original.text.data);
}

static void test_too_many(void **state)
{
    (void)state;
    autoreading struct reading *reading = small_reading();
    struct measurement *measurement = &reading->runs[0].measurements[0];
    measurement->samples = arena_alloc(&reading->arena, 250000, sizeof(double));
    measurement->sample_count = 250000;
    struct bundle bundle = {.reading = reading};
    struct err err = {0};
    autobuf struct buf bytes = BUF(BUNDLE_BYTES_MAX);
    assert_int_equal(bundle_write(&bundle, &bytes, &err), -ERR_LIMIT);
    assert_true(err.hint[0] != '\0');
    assert_int_equal(bytes.len, 0);
    measurement->sample_count = 3;
    for (size_t i = 0; i < BUNDLE_RUNS_MAX; i++)
        assert_non_null(reading_add_run(reading));
    assert_int_equal(bundle_write(&bundle, &bytes, &err), -ERR_LIMIT);
    assert_string_equal(err.path, "runs");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_bytes),
        cmocka_unit_test(test_subject),
        cmocka_unit_test(test_subject_of_older_bundles),
        cmocka_unit_test(test_replaces),
        cmocka_unit_test(test_read_back),
        cmocka_unit_test(test_hashes),
        cmocka_unit_test(test_original_encodings),
        cmocka_unit_test(test_original_too_large),
        cmocka_unit_test(test_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
