/* vLLM and SGLang serving benchmarks. The figures of the first block are those that vLLM's documentation of
 * `vllm bench serve` has the shape of; the corpus files were read by eye. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/formats_sample.h"

#define RESULT                                                                                                         \
    "{\"date\": \"20250811-101112\", \"endpoint_type\": \"vllm\", \"label\": null, \"model_id\": "                     \
    "\"/home/ann/models/Llama-3.1-8B-Instruct\", \"tokenizer_id\": \"/home/ann/models/x\", \"num_prompts\": 10, "      \
    "\"request_rate\": \"inf\", \"max_concurrency\": null, \"duration\": 5.78, \"completed\": 10, "                    \
    "\"total_input_tokens\": 1369, \"total_output_tokens\": 2212, \"request_throughput\": 1.73, "                      \
    "\"output_throughput\": 382.89, \"total_token_throughput\": 619.85, \"mean_ttft_ms\": 71.54, "                     \
    "\"median_ttft_ms\": 73.88, \"std_ttft_ms\": 3.5, \"p99_ttft_ms\": 79.49, \"mean_itl_ms\": NaN, "                  \
    "\"p99.9_itl_ms\": 8.5, \"generated_texts\": [\"a secret\"], \"tensor_parallel\": 2, \"note\": \"by Ann B\"}"

static void test_vllm_json(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text("INFO start\n" RESULT "\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "vllm-serving-json");
    assert_int_equal(sample_run_count(&sample), 1);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.model_as_given, "Llama-3.1-8B-Instruct");
    assert_string_equal(run->workload.task, "serving");
    assert_string_equal(run->ran_at, "2025-08-11T10:11:12");
    assert_true(run->ran_at_local);
    assert_string_equal(sample_word(&run->workload.parameters, "request_rate"), "inf");
    assert_null(parameters_find(&run->workload.parameters, "max_concurrency"));
    expect_number(sample_number(&run->setup, "tensor_parallel"), 2);
    const struct measurement *first = sample_metric(run, "time_to_first_token");
    assert_string_equal(first->unit, "ms");
    assert_int_equal(first->direction, DIRECTION_LOWER);
    assert_int_equal(first->n, 10);
    expect_number(first->mean, 71.54);
    expect_number(first->stddev, 3.5);
    assert_int_equal(first->stddev_kind, STDDEV_POPULATION);
    expect_number(first->median, 73.88);
    expect_number(sample_metric(run, "time_to_first_token_p99")->mean, 79.49);
    expect_number(sample_metric(run, "inter_token_latency_p999")->mean, 8.5);
    expect_number(sample_metric(run, "request_throughput")->mean, 1.73);
    expect_number(sample_metric(run, "generation_throughput")->mean, 382.89);
    expect_number(sample_metric(run, "total_throughput")->mean, 619.85);
    const struct measurement *token = sample_metric(run, "inter_token_latency");
    expect_number(token->mean, (double)NAN);
    assert_true(flags_has(&token->flags, "not_finite"));
    assert_int_equal(token->n, COUNT_UNKNOWN);
    assert_true(sample_has_problem(&sample, "does not name the chip"));
    expect_same_after_redaction(&sample);
}

/* Every stretch that may name somebody is marked. */
static void test_private(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(RESULT);
    static const char *const secrets[] = {"a secret", "/home/ann", "by Ann B"};
    const struct reading *reading = sample.readings.items[0];
    for (size_t i = 0; i < 3; i++) {
        size_t at = (size_t)(strstr(sample.text, secrets[i]) - sample.text), covered = 0;
        for (size_t k = 0; k < reading->private_count; k++)
            covered += reading->privates[k].offset <= at &&
                       at + strlen(secrets[i]) <= reading->privates[k].offset + reading->privates[k].length;
        assert_int_equal(covered, 1);
    }
}

static void test_failed_and_broken(void **state)
{
    (void)state;
    autosample struct sample failed =
        sample_text("{\"backend\": \"vllm\", \"completed\": 0, \"failed\": 8, \"mean_ttft_ms\": 0.0}");
    assert_int_equal(failed.result, 0);
    assert_int_equal(sample_run_count(&failed), 0);
    assert_true(sample_has_problem(&failed, "no request was completed"));
    autosample struct sample wrong =
        sample_text("[{\"backend\": \"vllm\", \"mean_ttft_ms\": 1.5},\n {\"backend\": \"vllm\", "
                    "\"mean_ttft_ms\": \"fast\"}]");
    assert_true(wrong.result < 0);
    assert_string_equal(wrong.err.path, "[1].mean_ttft_ms");
    assert_int_equal(wrong.err.line, 2);
    assert_int_equal(sample_run_count(&wrong), 1);
    autosample struct sample broken = sample_text(RESULT "\n{\"backend\": \"vllm\", \"mean_ttft_ms\": 4, \"mean_itl");
    assert_true(broken.result < 0);
    assert_int_equal(broken.err.line, 2);
    assert_int_equal(sample_run_count(&broken), 2);
    assert_int_equal(sample_run(&broken, 0)->flags.count, 0);
    assert_string_equal(sample_run(&broken, 1)->flags.items[0], "cut_off");
}

#define BLOCK                                                                                                          \
    "============ Serving Benchmark Result ============\r\n"                                                           \
    "Successful requests:                     10        \r\n"                                                          \
    "Benchmark duration (s):                  5.78      \r\n"                                                          \
    "Total input tokens:                      1369      \r\n"                                                          \
    "Total Token throughput (tok/s):          619.85    \r\n"                                                          \
    "---------------Time to First Token----------------\r\n"                                                           \
    "Mean TTFT (ms):                          71.54     \r\n"                                                          \
    "P99 TTFT (ms):                           nan       \r\n"                                                          \
    "==================================================\r\n"

static void test_console(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("# for Ann\r\nNamespace(host='10.0.0.9', model='/srv/ann/llama-2-7b.Q4_0.gguf', seed=0)\r\n" BLOCK
                    "$ vllm bench again\r\n" BLOCK);
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "vllm-serving-console");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.model, "Llama 2 7B");
    assert_string_equal(run->workload.quantization, "Q4_0");
    expect_number(sample_number(&run->workload.parameters, "total_input_tokens"), 1369);
    expect_number(sample_metric(run, "time_to_first_token")->mean, 71.54);
    assert_true(flags_has(&sample_metric(run, "time_to_first_token_p99")->flags, "not_finite"));
    assert_null(sample_run(&sample, 1)->workload.model);
    expect_same_after_redaction(&sample);
    const struct reading *reading = sample.readings.items[0];
    size_t at = (size_t)(strstr(sample.text, "10.0.0.9") - sample.text), covered = 0;
    for (size_t k = 0; k < reading->private_count; k++)
        covered += reading->privates[k].offset <= at && at < reading->privates[k].offset + reading->privates[k].length;
    assert_int_equal(covered, 1);
}

static void test_corpus(void **state)
{
    (void)state;
    static const struct {
        const char *path, *format;
        size_t runs;
        const char *metric;
        double value; /* of the first run */
    } files[] = {
        {"vllm-serving-json/vllm_serving_llama8B_tp1_1.json", "vllm-serving-json", 1, "time_to_first_token_p99",
         165.47399744391114},
        {"vllm-serving-json/vllm_serving_llama8B_tp1_2.json", "vllm-serving-json", 1, "time_to_first_token",
         105.95179930329323},
        {"vllm-serving-json/vllm-benchmarking___api_tests_fixtures_vllm_sweep_v0.25.1_SERVE--max_num_seqs_4-BENCH--max_"
         "concurrency_2-num_prompts_8_run_0.json",
         "vllm-serving-json", 1, "request_throughput", 5.859229976904171},
        {"vllm-serving-json/vllm-benchmarking__packages_protocol_tests_fixtures_bench_serve_all_requests_failed_v0.25."
         "1.json",
         "vllm-serving-json", 0, NULL, 0},
        {"sglang-bench-serving/sglang_bench_serving_sharegpt.extract.json", "sglang-bench-serving", 1,
         "end_to_end_latency", 2409.499004891637},
        {"vllm-serving-console/strix-halo-testing__vllm_README.md", "vllm-serving-console", 11, "time_to_first_token",
         121.23},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[400];
        (void)snprintf(path, sizeof path, CORPUS "formats/%s", files[i].path);
        autosample struct sample sample = {0};
        if (!sample_file(path, &sample))
            skip();
        assert_int_equal(sample.result, 0);
        assert_string_equal(sample.format->name, files[i].format);
        assert_int_equal(sample.readings.items[0]->run_count, files[i].runs); /* other tools may have theirs behind */
        if (files[i].metric != NULL)
            expect_number(sample_metric(sample_run(&sample, 0), files[i].metric)->mean, files[i].value);
        expect_same_after_redaction(&sample);
    }
}

/* Since 2025 the server says which model it serves; of what else it says only the set-up is taken. */
static void test_sglang_server(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "{\"tag\": null, \"backend\": \"sglang\", \"request_throughput\": 3.5, \"completed\": 256, \"mean_ttft_ms\": "
        "1201.25, \"mean_e2e_latency_ms\": 18312.5, \"total_output_tokens_retokenized\": 262011, \"server_info\": "
        "{\"model_path\": \"/srv/ada/Llama-3.1-8B-Instruct\", \"tp_size\": 2, \"version\": \"0.5.4\", \"api_key\": "
        "\"sk-ada\", \"host\": \"10.0.0.4\", \"internal_states\": [{\"note\": \"ada's\"}]}}\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "sglang-bench-serving");
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.model, "Llama 3.1 8B Instruct");
    assert_string_equal(sample.readings.items[0]->tool_version, "0.5.4");
    expect_number(sample_number(&run->setup, "tp_size"), 2);
    assert_null(parameters_find(&run->setup, "host"));
    assert_int_equal(sample.readings.items[0]->private_count, 4); /* folder, key, address, note */
    expect_same_after_redaction(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vllm_json),         cmocka_unit_test(test_sglang_server), cmocka_unit_test(test_private),
        cmocka_unit_test(test_failed_and_broken), cmocka_unit_test(test_console),       cmocka_unit_test(test_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
