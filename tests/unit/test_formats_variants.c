/* Forms that tools print in forks, other versions and with other options. Written here after the programs' printing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "tests/unit/formats_sample.h"

/* ik_llama.cpp generates behind a prompt and counts only what it generated: its n_prompt is the depth. */
static void test_generation_behind_a_prompt(void **state)
{
    (void)state;
    autosample struct sample json = sample_text(
        "[{\"build_commit\": \"abcd123\", \"build_number\": 3702, \"cuda\": true, \"gpu_info\": \"NVIDIA L4\", "
        "\"model_type\": \"llama 8B Q4_0\", \"n_prompt\": 512, \"n_gen\": 64, \"test\": \"tg64@pp512\", "
        "\"avg_ts\": 100.0, \"stddev_ts\": 0.5, \"samples_ts\": [99.5, 100.5]}]");
    assert_int_equal(json.result, 0);
    autosample struct sample table =
        sample_text("| model                | threads | mla | fmoe |       test |           t/s |\n"
                    "| -------------------- | ------: | --: | ---: | ---------: | ------------: |\n"
                    "| llama 8B Q4_0        |       8 |   1 |    1 | tg64@pp512 | 100.00 ± 0.50 |\n"
                    "| ==== Repacked 9 |         |     |      |            |               |\n"
                    "| llama 8B Q4_0        |       8 |   1 |    1 |      pp512 |   9.00 ± 0.50 |\n");
    assert_string_equal(table.format->name, "llama-bench-md"); /* though size, params and backend were left out */
    assert_int_equal(sample_run_count(&table), 2);
    assert_false(sample_has_problem(&table, "left out"));
    const struct run *runs[] = {sample_run(&json, 0), sample_run(&table, 0)};
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(runs[i]->workload.task, "tg64");
        assert_int_equal(runs[i]->workload.parameters.count, 2);
        expect_number(sample_number(&runs[i]->workload.parameters, "n_depth"), 512);
        expect_number(sample_metric(runs[i], "generation_throughput")->mean, 100);
    }
    assert_string_equal(sample_run(&table, 1)->workload.task, "pp512");
    expect_same_after_redaction(&json);
    expect_same_after_redaction(&table);
}

static void test_arguments_of_offline(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("INFO of ada's host\nNamespace(subparser='bench', input_len=32, output_len=128, batch_size=8, "
                    "model='/home/ada/m/tiny', tokenizer='/home/ada/t', max_model_len=None)\n"
                    "Avg latency: 1.5 seconds\n50% percentile latency: 1.25 seconds\n");
    assert_string_equal(sample.format->name, "vllm-offline-console");
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.model_as_given, "tiny");
    expect_number(sample_number(&run->workload.parameters, "input_len"), 32);
    expect_number(sample_number(&run->workload.parameters, "output_len"), 128);
    expect_number(sample_number(&run->workload.parameters, "batch_size"), 8);
    expect_number(sample_metric(run, "latency")->mean, 1500);
    expect_same_after_redaction(&sample);
}

static void test_console_inside_a_string(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "{\"raw_output\": \"a\\n============ Serving Benchmark Result ============\\nSuccessful requests:   8\\n\"}");
    assert_null(sample.format);
    assert_non_null(strstr(sample.err.text, "raw_output"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_generation_behind_a_prompt),
        cmocka_unit_test(test_arguments_of_offline),
        cmocka_unit_test(test_console_inside_a_string),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
