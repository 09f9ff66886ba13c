/* llama-bench's tables in notebooks. The table is one of llama.cpp's discussion 4167 (M1 Max), the notebook around it
 * as nbformat 4 writes them: lists of lines, or one string. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/unit/formats_sample.h"

#define HEAD                                                                                                           \
    "{\n \"cells\": [\n  {\n   \"cell_type\": \"code\",\n   \"execution_count\": 3,\n   \"metadata\": {\"user\": "     \
    "\"ann\"},\n   \"outputs\": [\n    {\n     \"name\": \"stdout\",\n     \"output_type\": \"stream\",\n     "        \
    "\"text\": "
#define TAIL                                                                                                           \
    "\n    }\n   ],\n   \"source\": [\n    \"!./llama-bench -m /home/ann/m.gguf\"\n   ]\n  }\n ],\n \"nbformat\": "    \
    "4,\n "                                                                                                            \
    "\"nbformat_minor\": 2\n}\n"
#define LINES                                                                                                          \
    "[\n      \"/home/ann/llama.cpp\\n\",\n"                                                                           \
    "      \"| model | size | params | backend | ngl | test | t/s |\\n\",\n"                                           \
    "      \"| --- | ---: | ---: | --- | ---: | --- | ---: |\\n\",\n"                                                  \
    "      \"| llama 7B mostly Q4_0 | 3.56 GiB | 6.74 B | Metal | 99 | pp 512 | 530.06 ± 0.24 |\\n\",\n"              \
    "      \"a secret\\n\",\n"                                                                                         \
    "      \"| llama 7B mostly Q4_0 | 3.56 GiB | 6.74 B | Metal | 99 | tg 128 | 61.19 ± 0.10 |\\n\",\n"               \
    "      \"\\n\",\n      \"build: 795cd5a (1493)\\n\"\n     ]"
#define BLOCK                                                                                                          \
    "\"hello\\n| model | size | params | backend | ngl | test | t/s |\\n| --- | ---: | ---: | --- | ---: | --- | "     \
    "---: |\\n| llama 7B mostly Q4_0 | 3.56 GiB | 6.74 B | Metal | 99 | pp 512 | 530.06 \\u00b1 0.24 |\\n\\nbuild: "   \
    "795cd5a (1493)\\nbye\""

static bool is_private(const struct sample *sample, const char *secret)
{
    const struct reading *reading = sample->readings.items[0];
    size_t at = (size_t)(strstr(sample->text, secret) - sample->text), end = at + strlen(secret);
    if (end <= reading->original_offset || at >= reading->original_offset + reading->original_length)
        return true;
    at -= reading->original_offset;
    for (size_t i = 0; i < reading->private_count; i++)
        if (reading->privates[i].offset <= at &&
            at + strlen(secret) <= reading->privates[i].offset + reading->privates[i].length)
            return true;
    return false;
}

static void test_lines(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(HEAD LINES TAIL);
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "llama-bench-ipynb");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.model, "Llama 2 7B");
    assert_string_equal(run->workload.task, "pp512");
    expect_number(sample_metric(run, "prompt_throughput")->mean, 530.06);
    expect_number(sample_metric(run, "prompt_throughput")->stddev, 0.24);
    assert_string_equal(sample.readings.items[0]->tool_version, "b1493 (795cd5a)");
    assert_true(is_private(&sample, "/home/ann/llama.cpp"));
    assert_true(is_private(&sample, "a secret"));
    assert_true(is_private(&sample, "/home/ann/m.gguf"));
    expect_same_after_redaction(&sample);
}

static void test_one_string(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(HEAD BLOCK TAIL);
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "llama-bench-ipynb");
    assert_int_equal(sample_run_count(&sample), 1);
    expect_number(sample_metric(sample_run(&sample, 0), "prompt_throughput")->mean, 530.06);
    assert_true(is_private(&sample, "hello"));
    assert_true(is_private(&sample, "bye"));
    expect_same_after_redaction(&sample);
}

static void test_two_cells(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(HEAD LINES ", \"x\": " LINES TAIL);
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample_run_count(&sample), 4);
    expect_same_after_redaction(&sample);
}

static void test_no_result(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text(HEAD "[\"| model | test | t/s |\\n\", \"| --- | --- | --- |\\n\", \"error: out of memory\"]" TAIL);
    assert_string_equal(sample.format->name, "llama-bench-ipynb");
    assert_int_equal(sample_run_count(&sample), 0);
    assert_true(sample.result < 0 || sample_has_problem(&sample, "no result"));
}

static void test_corpus(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        size_t runs;
        const char *chip;
        double first;
    } files[] = {
        {"LLaMA_3_Gaming_GPUs_3070_v3.ipynb", 8, "NVIDIA GeForce RTX 3070", 2402.51},
        {"LLaMA_3_Mac_M1_8GB.ipynb", 10, NULL, 94.48},
        {"LLaMA_3_Mac_M3max_64GB.ipynb", 30, NULL, 693.32},
        {"LLaMA_3_Professional_GPUs_H100_PCIe_v3.ipynb", 27, "NVIDIA H100 PCIe", 8125.45},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[400];
        (void)snprintf(path, sizeof path, CORPUS "formats/llama-bench-in-ipynb/GPU-Benchmarks-on-LLM-Infere__%s",
                       files[i].path);
        autosample struct sample sample = {0};
        if (!sample_file(path, &sample))
            skip();
        assert_int_equal(sample.result, 0);
        assert_int_equal(sample_run_count(&sample), files[i].runs);
        const struct run *run = sample_run(&sample, 0);
        if (files[i].chip != NULL)
            assert_string_equal(run->chip_name, files[i].chip);
        expect_number(sample_metric(run, "prompt_throughput")->mean, files[i].first);
        expect_same_after_redaction(&sample);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),     cmocka_unit_test(test_one_string), cmocka_unit_test(test_two_cells),
        cmocka_unit_test(test_no_result), cmocka_unit_test(test_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
