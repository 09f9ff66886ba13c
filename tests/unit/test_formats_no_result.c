/* What people send beside results or in their place, and outputs of runs that broke: each is refused with what it is.
 * All texts are written here after what the tools print. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "tests/unit/formats_sample.h"

static void expect_refusal(const char *bytes, size_t length, const char *part)
{
    autosample struct sample sample = sample_of(bytes, length, NULL);
    assert_int_equal(sample.result, -ERR_DATA);
    assert_null(sample.format);
    if (strstr(sample.err.text, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", sample.err.text, part);
    assert_true(sample.err.hint[0] != '\0');
}

static void test_named_for_what_it_is(void **state)
{
    (void)state;
    static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", jpeg[] = "\xff\xd8\xff\xe0\0\x10JFIF";
    static const char *const texts[][2] = {
        {"# ANEMLL-Bench Results\n\n| Chip | Memory Bandwidth (GB/s) | Inference Time (ms) | Bandwidth Factor |\n"
         "|---|---|---|---|\n| M9 | 70.11 | 7.02 | 1.0x |\n",
         "published results"},
        {"{\"os\": {\"name\": \"Darwin\"}, \"ram\": {\"total_gb\": 16.0}, \"python_version\": \"3.9\", "
         "\"neural_engine\": {\"available\": true}}",
         "facts of a machine"},
        {"{\"cells\": [{\"cell_type\": \"code\", \"source\": [\"1\"]}], \"nbformat\": 4}", "notebook"},
        {"llama_print_timings: prompt eval time = 100.2 ms / 14 tokens\nllama_print_timings: eval time = 1 ms\n",
         "one conversation"},
        {"Scenario: Offline\nMode: AccuracyOnly\nstarting benchmark\n", "accuracy run"},
        {"{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"type\": \"object\"}", "JSON Schema"},
        {"{\"systems\": {\"a\": {}}, \"results\": {\"x\": {\"proportion\": \"HIB\", \"display_format\": "
         "\"BAR_GRAPH\"}}}",
         "export of the Phoronix"},
        {"mine\n,,\"a\"\n\"Stream - Type: Copy (MB/s)\",HIB,51234.5\n", "export of the Phoronix"},
        {"mine\n----\n    Stream\n    MB/s > Higher Is Better\n    a . 512.5 |=====\n", "export of the Phoronix"},
        {"%PDF-1.7\n1 0 obj\n", "picture"},
        {" \n", "empty"},
    };
    expect_refusal(png, sizeof png - 1, "picture");
    expect_refusal(jpeg, sizeof jpeg - 1, "picture");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect_refusal(texts[i][0], strlen(texts[i][0]), texts[i][1]);
}

static void test_run_that_broke(void **state)
{
    (void)state;
    /* The devices were found, then the driver was lost: no table was begun. */
    autosample struct sample sample =
        sample_text("ggml_vulkan: Found 1 Vulkan devices:\nggml_vulkan: 0 = AMD Radeon 8060S Graphics (radv) | uma: 1\n"
                    "/usr/sbin/llama-bench() [0x4066fb]\nterminate called after throwing an instance of "
                    "'vk::DeviceLostError'\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "llama-bench-md");
    assert_int_equal(sample_run_count(&sample), 0);
    assert_true(sample_has_problem(&sample, "no test was finished"));
    autosample struct sample model =
        sample_text("$ llama-bench -m x.gguf\nmain: error: failed to load model 'x.gguf'\n");
    assert_string_equal(model.format->name, "llama-bench-md");
    assert_int_equal(sample_run_count(&model), 0);
}

/* Test runners and CI systems keep what a program printed in a string: where it stands, and how to take it out. */
static void test_output_in_a_string(void **state)
{
    (void)state;
    autosample struct sample member = sample_text(
        "{\"host\": \"box\", \"steps\": [{\"st-dout\": \"cpu: X\\nBenchmarkFib-8 \\t 300 \\t 4123 ns/op\\n\"}]}");
    assert_int_equal(member.result, -ERR_DATA);
    assert_non_null(strstr(member.err.text, "go-bench-text"));
    assert_non_null(strstr(member.err.hint, "jq -r '.steps[0][\"st-dout\"]' FILE"));
    autosample struct sample alone = sample_text("\"cpu: X\\nBenchmarkFib-8 300 4123 ns/op\\n\"\n");
    assert_int_equal(alone.result, -ERR_DATA);
    assert_non_null(strstr(alone.err.hint, "jq -r '.' FILE"));
    autosample struct sample seen = sample_text(
        "{\"log\": \"| model | size | params | backend | ngl | test | t/s |\\n| --- | --- | --- | --- | --- | --- "
        "| --- |\\n| llama 7B Q4_0 | 3.56 GiB | 6.74 B | CUDA | 99 | pp512 | 5120.12 ± 10.20 |\\n\"}");
    assert_int_equal(seen.result, 0);
    assert_int_equal(sample_run_count(&seen), 0);
    assert_true(sample_has_problem(&seen, "jq -r '.log' FILE"));
    autosample struct sample other = sample_text("{\"log\": \"one\\ntwo\\n\", \"n\": 1}");
    assert_non_null(strstr(other.err.text, "the members of this JSON are"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_named_for_what_it_is),
        cmocka_unit_test(test_run_that_broke),
        cmocka_unit_test(test_output_in_a_string),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
