/* Keys of devices, workloads and series; names brought within the limits. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "schema/base/file.h"
#include "schema/base/str.h"
#include "schema/bundle/bundle.h"
#include "schema/bundle/fields.h"
#include "schema/bundle/keys.h"
#include "schema/json/json.h"

static const struct bundle_key nobody;

static void set_example(struct reading *reading)
{
    struct device *device = &reading->device;
    device->chip = "Apple M4";
    device->cores = 10;
    device->threads = 10;
    device->gpu_cores = 10;
    device->memory_bytes = 17179869184.0;
    device->board = "Mac16,1";
    device->architecture = "arm64";
    device->os_version = "15.3.1";
    struct run *run = reading_add_run(reading);
    run->workload.model = "Llama 2 7B";
    run->workload.model_as_given = "llama 7B mostly Q4_0";
    run->workload.quantization = "Q4_0";
    run->workload.backend = "Metal";
    run->workload.task = "tg128";
    run->workload.model_bytes = 3825065984.0;
    parameters_set_number(&reading->arena, &run->workload.parameters, "n_gen", 128);
    parameters_set_number(&reading->arena, &run->workload.parameters, "n_batch", 2048);
}

/* The hashes are those of coreutils' sha256sum over the texts that FORMAT.md prints. */
static void test_worked_example(void **state)
{
    (void)state;
    autoreading struct reading *reading = reading_new();
    set_example(reading);
    autobuf struct buf device = BUF(BUF_MIB), workload = BUF(BUF_MIB);
    bundle_device_facts(&reading->device, &device);
    bundle_workload_facts(&reading->runs[0].workload, &workload);
    assert_string_equal(buf_text(&device),
                        "{\"architecture\":\"arm64\",\"board\":\"Mac16,1\",\"chip\":\"Apple M4\",\"cores\":10,"
                        "\"gpu_cores\":10,\"memory_gib\":16,\"threads\":10}");
    assert_string_equal(buf_text(&workload),
                        "{\"backend\":\"Metal\",\"model\":\"Llama 2 7B\",\"parameters\":{\"n_batch\":2048,"
                        "\"n_gen\":128},\"quantization\":\"Q4_0\",\"task\":\"tg128\"}");
    struct err err = {0};
    struct bundle_key key, work, series;
    char text[BUNDLE_KEY_TEXT_SIZE];
    assert_int_equal(bundle_device_key(nobody, &reading->device, &key, &err), 0);
    assert_string_equal(bundle_key_text(text, key), "3921aec8-e5cf-e7b1-0d11-c71048f04e33");
    assert_int_equal(bundle_workload_key(&reading->runs[0].workload, &work, &err), 0);
    assert_string_equal(bundle_key_text(text, work), "f99c5321-61a8-9fc3-47d1-f14f703d3e88");
    assert_int_equal(bundle_series_key("Apple M4", 1, work, NULL, "generation_throughput", &series, &err), 0);
    assert_string_equal(bundle_key_text(text, series), "c8f6eca3-00d6-5506-fd2a-9b94b8eaee7b");
    struct bundle_key alone;
    assert_int_equal(bundle_series_key("Apple M4", 1, work, "alone", "generation_throughput", &alone, &err), 0);
    assert_memory_equal(&series, &alone, sizeof series);
}

/* What is printed for people who write bundles themselves agrees with the code. */
static void test_format_text(void **state)
{
    (void)state;
    autobuf struct buf text = BUF(BUF_MIB);
    struct err err = {0};
    assert_int_equal(file_read("schema/bundle/FORMAT.md", &text, &err), 0);
    const char *begin = strstr(buf_text(&text), "## Example");
    assert_non_null(begin);
    begin = strchr(begin, '{');
    const char *end = strstr(begin, "```");
    autobundle struct bundle bundle = {0};
    if (bundle_read(str_slice(begin, (size_t)(end - begin)), &bundle, &err) < 0)
        fail_msg("%s (%s) %d:%d", err.text, err.path, err.line, err.column);
    assert_string_equal(bundle.consent, bundle_consent);
    static const char *const keys[] = {
        "3921aec8-e5cf-e7b1-0d11-c71048f04e33",
        "f99c5321-61a8-9fc3-47d1-f14f703d3e88",
        "c8f6eca3-00d6-5506-fd2a-9b94b8eaee7b",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++)
        assert_non_null(strstr(buf_text(&text), keys[i]));
}

static void expect_properties(const struct json *object, const char *path, const struct field *fields)
{
    const struct json *properties = json_get(object, "properties");
    for (const struct field *field = fields; field->key != NULL; field++)
        if (!json_is(json_get(properties, field->key), JSON_OBJECT))
            fail_msg("the JSON Schema does not know %s of %s", field->key, path);
}

static void test_json_schema(void **state)
{
    (void)state;
    autobuf struct buf text = BUF(BUF_MIB);
    struct err err = {0};
    assert_int_equal(file_read("schema/bundle/bundle.schema.json", &text, &err), 0);
    autojson struct json_document *document = NULL;
    size_t offset = 0;
    assert_int_equal(json_read_tolerant(str_slice(text.data, text.len), &offset, &json_limits_tool, &document, &err),
                     1);
    const struct json *definitions = json_get(json_root(document), "$defs");
    const struct json *device = json_get(definitions, "device"), *members = json_get(device, "properties");
    expect_properties(device, "device", device_fields);
    expect_properties(json_get(json_get(members, "chips"), "items"), "chips", device_chip_fields);
    expect_properties(json_get(json_get(members, "core_kinds"), "items"), "core_kinds", core_kind_fields);
    const struct json *run = json_get(json_get(definitions, "run"), "properties");
    expect_properties(json_get(run, "workload"), "workload", workload_fields);
    expect_properties(json_get(definitions, "measurement"), "metrics", measurement_fields);
}

static struct bundle_key device_key(const struct reading *reading)
{
    struct bundle_key key;
    struct err err = {0};
    assert_int_equal(bundle_device_key(nobody, &reading->device, &key, &err), 0);
    return key;
}

static void test_what_a_device_is(void **state)
{
    (void)state;
    autoreading struct reading *reading = reading_new();
    set_example(reading);
    struct bundle_key first = device_key(reading), other;
    reading->device.os_version = "16.0";
    reading->device.driver = "x";
    reading->device.usable_threads = 4;
    reading->device.memory_bytes = 17179869184.0 - 3e8; /* what one kernel leaves */
    other = device_key(reading);
    assert_memory_equal(&first, &other, sizeof first);
    struct device_chip chips[2] = {
        {.name = "B", .count = 1, .cores = COUNT_UNKNOWN, .memory_bytes = (double)NAN},
        {.name = "A", .count = 2, .cores = COUNT_UNKNOWN, .memory_bytes = (double)NAN},
    };
    reading->device.chips = chips;
    reading->device.chip_count = 2;
    struct bundle_key with_chips = device_key(reading);
    assert_memory_not_equal(&first, &with_chips, sizeof first);
    struct device_chip swap = chips[0];
    chips[0] = chips[1];
    chips[1] = swap;
    other = device_key(reading);
    assert_memory_equal(&with_chips, &other, sizeof other);
    struct bundle_key somebody = {{1}};
    struct err err = {0};
    assert_int_equal(bundle_device_key(somebody, &reading->device, &other, &err), 0);
    assert_memory_not_equal(&with_chips, &other, sizeof other);
}

static const char *fitted_model(struct reading *reading, const char *name)
{
    struct err err = {0};
    reading->runs[0].workload.model = name;
    assert_int_equal(bundle_fit(reading, &err), 0);
    struct bundle bundle = {.reading = reading};
    if (bundle_validate(&bundle, &err) < 0)
        fail_msg("%s: %s (%s)", name, err.text, err.path);
    return reading->runs[0].workload.model;
}

static void test_fit(void **state)
{
    (void)state;
    autoreading struct reading *reading = reading_new();
    reading->format = "test";
    reading_add_run(reading);
    const char *plain = "Llama 3.1 8B Instruct (\xC3\xBC)";
    assert_ptr_equal(fitted_model(reading, plain), plain);
    assert_string_equal(fitted_model(reading, "a\tb\nc\x1B[0m\xE2\x80\xAE"
                                              "d\xFF"),
                        "a b c[0md\xEF\xBF\xBD");
    const char *sixty_four = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    assert_ptr_equal(fitted_model(reading, sixty_four), sixty_four);
    /* printf %s aaa…a (65 times) | sha256sum begins 635361c4 */
    autofree char *long_a =
        mem_strdup(fitted_model(reading, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
    autofree char *long_b =
        mem_strdup(fitted_model(reading, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"));
    assert_string_equal(long_a, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xE2\x80\xA6"
                                "635361c4");
    assert_string_not_equal(long_a, long_b);
    assert_string_equal(fitted_model(reading, long_a), long_a); /* once is enough */
    autobuf struct buf wide = BUF(BUF_MIB);
    for (int i = 0; i < 40; i++)
        buf_adds(&wide, "\xF0\x9F\x98\x80"); /* 40 code points, 160 bytes */
    assert_true(strlen(fitted_model(reading, buf_text(&wide))) <= BUNDLE_NAME_BYTES_MAX);
    autobuf struct buf marks = BUF(BUF_MIB);
    buf_addc(&marks, 'z');
    for (int i = 0; i < 30; i++)
        buf_adds(&marks, "\xCC\x81");
    assert_int_equal(utf8_length(str_of(fitted_model(reading, buf_text(&marks)))), 9);
}

static void test_fit_labels(void **state)
{
    (void)state;
    autoreading struct reading *reading = reading_new();
    reading->format = "test";
    struct run *run = reading_add_run(reading);
    autobuf struct buf large = BUF(BUF_MIB);
    while (large.len < 5000)
        buf_adds(&large, "word \xE2\x82\xAC\n");
    labels_add(&reading->arena, &run->labels, "note", buf_text(&large));
    labels_add(&reading->arena, &run->labels, "note", "again");
    labels_add(&reading->arena, &run->labels, "", "no name");
    labels_add(&reading->arena, &run->labels, "title", "two\nlines");
    struct err err = {0};
    assert_int_equal(bundle_fit(reading, &err), 0);
    struct bundle bundle = {.reading = reading};
    assert_int_equal(bundle_validate(&bundle, &err), 0);
    assert_int_equal(run->labels.count, 2);
    assert_true(strlen(run->labels.items[0].text) <= BUNDLE_NOTE_BYTES_MAX);
    assert_true(strlen(run->labels.items[0].text) > BUNDLE_NOTE_BYTES_MAX - 20);
    assert_string_equal(run->labels.items[1].text, "two\nlines");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worked_example),   cmocka_unit_test(test_format_text), cmocka_unit_test(test_json_schema),
        cmocka_unit_test(test_what_a_device_is), cmocka_unit_test(test_fit),         cmocka_unit_test(test_fit_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
