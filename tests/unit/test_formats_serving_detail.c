/* Serving benchmarks with every request's times, what SGLang's prints, and vLLM's throughput and latency. Written here
 * after the programs' own printing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "tests/unit/formats_sample.h"

#define DETAILED                                                                                                       \
    "{\"backend\": \"openai\", \"model_id\": \"/home/ada/models/tiny\", \"completed\": 2, \"failed\": 1, "             \
    "\"duration\": 2.5, \"mean_ttft_ms\": 150.0, \"median_ttft_ms\": 150.0, \"std_ttft_ms\": 50.0, "                   \
    "\"mean_itl_ms\": 25.0, \"median_itl_ms\": 20.0, \"std_itl_ms\": 8.16, \"ttfts\": [0.1, 0.2, 0.0], "               \
    "\"itls\": [[0.01, 0.02], [0.03], []], \"errors\": [\"\", \"\", \"no host ada.example\"], "

static void test_samples_of_requests(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(DETAILED "\"generated_texts\": [\"my secret\", \"b\", \"\"]}");
    assert_int_equal(sample.result, 0);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.model, "tiny");
    const struct measurement *first = sample_metric(run, "time_to_first_token");
    assert_int_equal(first->sample_count, 2); /* not the zero of the request that failed */
    expect_number(first->samples[1], 200);
    expect_number(first->mean, 150);
    assert_int_equal(first->stddev_kind, STDDEV_POPULATION);
    assert_int_equal(first->flags.count, 0);
    const struct measurement *between = sample_metric(run, "inter_token_latency");
    assert_int_equal(between->sample_count, 3);
    expect_number(between->max, 30);
    assert_string_equal(between->flags.items[0], "mean_differs"); /* 25 is stated, the samples' is 20 */
    assert_string_equal(run->flags.items[0], "requests_failed");
    expect_same_after_redaction(&sample);
}

static void test_broken_off(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(DETAILED "\"generated_texts\": [\"my sec");
    assert_int_equal(sample.result, -ERR_SYNTAX);
    assert_int_equal(sample.err.line, 1);
    assert_non_null(strstr(sample.err.detail, "still readable: runs: 1"));
    expect_number(sample_metric(sample_run(&sample, 0), "time_to_first_token")->mean, 150);
}

static void test_sglang_console(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("\n============ Serving Benchmark Result ============\nBackend:                sglang    \n"
                    "Traffic request rate:   inf       \nMax request concurrency:    not set   \n"
                    "Successful requests:    100       \nBenchmark duration (s):     20.00     \n"
                    "Total generated tokens (retokenized):    1998      \nInput token throughput (tok/s): 50.25\n"
                    "Concurrency:   11.78     \nAccept length:    2.50      \n"
                    "----------------End-to-End Latency----------------\nMean E2E Latency (ms):    2400.10   \n"
                    "Max ITL (ms):   200.10    \nMean ITL (ms):   20.10    \n"
                    "==================================================\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.readings.items[0]->tool, "SGLang");
    const struct run *run = sample_run(&sample, 0);
    assert_null(parameters_find(&run->workload.parameters, "max_concurrency"));
    expect_number(sample_number(&run->conditions, "accept_length"), 2.5);
    expect_number(sample_metric(run, "prompt_throughput")->mean, 50.25);
    expect_number(sample_metric(run, "inter_token_latency")->max, 200.10);
    expect_number(sample_metric(run, "end_to_end_latency")->mean, 2400.10);
    expect_same_after_redaction(&sample);
}

static void test_offline(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("{\"elapsed_time\": 10.5, \"num_requests\": 1000, \"total_num_tokens\": 413539, "
                    "\"requests_per_second\": 95.2, \"tokens_per_second\": 39384.6}\n"
                    "{\"avg_latency\": 2.0, \"latencies\": [1.0, 2.0, 3.0], \"percentiles\": {\"10\": 1.2, "
                    "\"50\": 2.0, \"99\": 2.98}}\n");
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample_run_count(&sample), 2);
    expect_number(sample_metric(sample_run(&sample, 0), "total_throughput")->mean, 39384.6);
    const struct measurement *latency = sample_metric(sample_run(&sample, 1), "latency");
    assert_int_equal(latency->sample_count, 3);
    expect_number(latency->mean, 2000);
    expect_number(latency->original_value, 2);
    expect_number(sample_metric(sample_run(&sample, 1), "latency_p10")->mean, 1200);
    assert_string_equal(sample_metric(sample_run(&sample, 1), "latency_p10")->unit, "ms");
    expect_same_after_redaction(&sample);
}

/* Percentiles without their names are none. */
static void test_offline_percentiles_in_a_list(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("{\"avg_latency\": 2.0, \"latencies\": [1.0, 2.0, 3.0], \"percentiles\": [1.0, 2.0, 3.0]}\n");
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample_run(&sample, 0)->measurement_count, 1);
    expect_number(sample_metric(sample_run(&sample, 0), "latency")->mean, 2000);
}

static void test_offline_console(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("INFO loading /home/ada/model\nAvg latency: 2.0 seconds\nStd latency: 0.5 seconds\n"
                    "50% percentile latency: 1.5 seconds\n99% percentile latency: 2.98 seconds\n"
                    "Throughput: 5.01 requests/s, 2062.31 total tokens/s, 993.01 output tokens/s\n"
                    "Throughput: 1.25 requests/s, 300.5 tokens/s\n");
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample_run_count(&sample), 3);
    const struct measurement *latency = sample_metric(sample_run(&sample, 0), "latency");
    expect_number(latency->stddev, 500);
    expect_number(latency->median, 1500);
    expect_number(sample_metric(sample_run(&sample, 1), "generation_throughput")->mean, 993.01);
    expect_number(sample_metric(sample_run(&sample, 2), "total_throughput")->mean, 300.5);
    expect_same_after_redaction(&sample);
}

/* summary.csv of a sweep, with columns of the person's own. */
static void test_sweep_csv(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "date,model_id,num_prompts,request_rate,completed,failed,request_throughput,output_throughput,mean_ttft_ms,"
        "std_ttft_ms,note,hostname,max_num_seqs\n"
        "20260818-021333,/home/ada/models/tiny,8,inf,8,0,6.5,409.5,25.5,1.5,\"ada's first, of two\",box7,4\n"
        "20260818-021433,/home/ada/models/tiny,8,inf,7,1,5.5,358.5,26.5,,,box7,4\n"
        "20260818-021533,/home/ada/models/tiny,8,inf,0,8,0,0,0,0,,box7,4\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "vllm-serving-csv");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.model_as_given, "tiny");
    assert_string_equal(run->ran_at, "2026-08-18T02:13:33");
    assert_string_equal(sample_word(&run->workload.parameters, "request_rate"), "inf");
    expect_number(sample_number(&run->setup, "max_num_seqs"), 4);
    expect_number(sample_metric(run, "generation_throughput")->mean, 409.5);
    expect_number(sample_metric(run, "time_to_first_token")->stddev, 1.5);
    assert_true(flags_has(&sample_run(&sample, 1)->flags, "requests_failed"));
    assert_true(sample_has_problem(&sample, "no request was completed"));
    assert_int_equal(sample.readings.items[0]->private_count, 3 + 1 + 3); /* folders, the note, the host */
    expect_same_after_redaction(&sample);
    autosample struct sample wrong =
        sample_text("completed,request_throughput,mean_ttft_ms\n8,6.5,25.5\n8,fast,25.5\n");
    assert_int_equal(wrong.result, -ERR_DATA);
    assert_int_equal(wrong.err.line, 3);
    assert_int_equal(sample_run_count(&wrong), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sweep_csv),
        cmocka_unit_test(test_samples_of_requests),
        cmocka_unit_test(test_broken_off),
        cmocka_unit_test(test_sglang_console),
        cmocka_unit_test(test_offline),
        cmocka_unit_test(test_offline_console),
        cmocka_unit_test(test_offline_percentiles_in_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
