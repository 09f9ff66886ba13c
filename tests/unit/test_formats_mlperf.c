/* MLPerf Inference: summary, detail log, console and system description. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/formats_sample.h"

static void expect_near(double got, double wanted)
{
    assert_true(fabs(got - wanted) <= 1e-9 * fabs(wanted));
}

#define LINE "================================================\n"
#define SUMMARY(validity)                                                                                              \
    LINE "MLPerf Results Summary\n" LINE "SUT name : Ann's SUT\nScenario : Multi Stream\nMode     : PerformanceOnly\n" \
         "99th percentile latency (ns) : 5641860\nResult is : " validity "\n  Min duration satisfied : No\n\n" LINE    \
         "Additional Stats\n" LINE                                                                                     \
         "QPS w/ loadgen overhead         : 4.49\nMin latency (ns)                : 5201896\n"                         \
         "Max latency (ns)                : 12993432\nMean latency (ns)               : 5358716\n"                     \
         "50.00 percentile latency (ns)   : 5336476\n99.00 percentile latency (ns)   : 5641860\n"                      \
         "99.90 percentile latency (ns)   : 6000000\n\n" LINE "Test Parameters Used\n" LINE                            \
         "samples_per_query : 8\nprint_timestamps : false\n\nNo warnings encountered during test.\n"

static void test_summary(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(SUMMARY("VALID"));
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "mlperf-summary");
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.task, "MultiStream");
    assert_int_equal(run->flags.count, 0);
    const struct measurement *latency = sample_metric(run, "latency");
    assert_string_equal(latency->unit, "ms");
    assert_string_equal(latency->original_unit, "ns");
    expect_number(latency->original_value, 5358716);
    assert_true(latency->mean > 5.358715 && latency->mean < 5.358717);
    assert_true(latency->min > 5.201895 && latency->min < 5.201897);
    assert_true(latency->median > 5.336475 && latency->median < 5.336477);
    assert_true(sample_metric(run, "latency_p99")->mean > 5.64185);
    assert_true(sample_metric(run, "latency_p999")->mean > 5.99999);
    expect_number(sample_metric(run, "request_throughput")->mean, 4.49);
    expect_number(sample_number(&run->setup, "samples_per_query"), 8);
    expect_same_after_redaction(&sample);
}

static void test_invalid_is_flagged(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(SUMMARY("INVALID"));
    assert_true(flags_has(&sample_run(&sample, 0)->flags, "invalid"));
    assert_true(sample_has_problem(&sample, "INVALID"));
    assert_true(sample_has_problem(&sample, "Min duration satisfied: No"));
}

static void test_accuracy(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("\nNo warnings encountered during test.\r\n\nNo errors encountered during test.\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "mlperf-summary");
    assert_int_equal(sample_run_count(&sample), 0);
    assert_true(sample_has_problem(&sample, "accuracy run"));
}

static void test_console(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("benchmark : Benchmark.UNET3D\ndata_dir : /home/ann/data\n" SUMMARY("VALID") "bye Ann\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "mlperf-console");
    assert_string_equal(sample_run(&sample, 0)->workload.model_as_given, "UNET3D");
    expect_same_after_redaction(&sample);
}

#define ENTRY(key, value)                                                                                              \
    ":::MLLOG {\"key\": \"" key "\", \"value\": " value                                                                \
    ", \"time_ms\": 0.1, \"namespace\": \"mlperf::logging\", \"event_type\": \"POINT_IN_TIME\", \"metadata\": "        \
    "{\"is_error\": false, \"is_warning\": false, \"file\": \"/home/ann/loadgen.cc\", \"line_no\": 1}}\n"

static void test_detail(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        ENTRY("loadgen_version", "\"5.0.13 @ e618c314fc\"") ENTRY("loadgen_git_log_message", "\"a\nb\"")
            ENTRY("test_datetime", "\"2025-02-03T19:38:55Z\"") ENTRY("effective_scenario", "\"Server\"")
                ENTRY("effective_test_mode", "\"PerformanceOnly\"") ENTRY("result_completed_samples_per_sec", "16.2044")
                    ENTRY("result_mean_latency_ns", "10165896851") ENTRY("result_99.90_percentile_latency_ns", "5e9")
                        ENTRY("result_validity", "\"INVALID\"") ENTRY("effective_target_qps", "16.5"));
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "mlperf-detail");
    assert_string_equal(sample.readings.items[0]->tool_version, "5.0.13 @ e618c314fc");
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->ran_at, "2025-02-03T19:38:55Z");
    assert_string_equal(run->workload.task, "Server");
    assert_true(flags_has(&run->flags, "invalid"));
    expect_number(sample_metric(run, "sample_throughput")->mean, 16.2044);
    assert_true(sample_metric(run, "latency")->mean > 10165.89);
    expect_number(sample_number(&run->setup, "target_qps"), 16.5);
    expect_same_after_redaction(&sample);
    autosample struct sample wrong =
        sample_text(ENTRY("effective_scenario", "\"Server\"") ENTRY("result_mean_latency_ns", "\"fast\""));
    assert_true(wrong.result < 0);
    assert_int_equal(wrong.err.line, 2);
}

/* Keys of loadgen 5.0: of token latencies the statistic stands behind the name, those of a query are "per_query". */
static void test_detail_token_latencies(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        ENTRY("effective_scenario", "\"Server\"") ENTRY("result_mean_latency_ns", "4000000")
            ENTRY("result_first_token_mean_latency_ns", "2500000") ENTRY("result_first_token_min_latency_ns", "1500000")
                ENTRY("result_first_token_99.90_percentile_latency_ns", "3500000")
                    ENTRY("result_time_to_output_token_mean", "500000")
                        ENTRY("result_time_per_output_token_99.00_percentile_ns", "750000")
                            ENTRY("result_token_throughput", "1.5e-09")
                                ENTRY("result_completed_tokens_per_second", "1024.5")
                                    ENTRY("result_validity", "\"VALID\""));
    assert_int_equal(sample.result, 0);
    const struct run *run = sample_run(&sample, 0);
    expect_near(sample_metric(run, "time_to_first_token")->mean, 2.5);
    expect_near(sample_metric(run, "time_to_first_token")->min, 1.5);
    expect_near(sample_metric(run, "time_to_first_token_p999")->mean, 3.5);
    expect_near(sample_metric(run, "time_per_output_token")->mean, 0.5);
    expect_near(sample_metric(run, "time_per_output_token_p99")->mean, 0.75);
    expect_near(sample_metric(run, "generation_throughput")->mean, 1024.5);
    expect_near(sample_metric(run, "latency")->mean, 4);
    expect_same_after_redaction(&sample);
}

static void test_detail_of_queries(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        ENTRY("effective_scenario", "\"MultiStream\"") ENTRY("result_mean_query_latency_ns", "8000000")
            ENTRY("result_99.00_percentile_per_query_latency_ns", "9000000") ENTRY("result_mean_latency_ns", "5000000")
                ENTRY("result_99.00_percentile_latency_ns", "6000000") ENTRY("result_validity", "\"VALID\""));
    const struct run *run = sample_run(&sample, 0);
    expect_near(sample_metric(run, "latency")->mean, 8);
    expect_near(sample_metric(run, "latency_p99")->mean, 9);
    expect_near(sample_metric(run, "sample_latency")->mean, 5);
    expect_near(sample_metric(run, "sample_latency_p99")->mean, 6);
}

/* MultiStream until 1.0 was judged by the samples per query that it kept up with; its queries had percentiles only. */
static void test_multistream_of_old(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        LINE "MLPerf Results Summary\n" LINE "SUT name : s\nScenario : Multi Stream\nMode     : "
             "Performance\nSamples per query : 96\nResult is : INVALID\n  Performance constraints satisfied "
             ": NO\n\nPer-query latency:  \"target_ns\" : 50000000, \"target_ms\" : 50\n"
             "50.00 percentile latency (ns)   : 44000000\n99.00 percentile latency (ns)   : 49000000\n\n"
             "Per-sample latency:\nMin latency (ns)                : 18000000\n"
             "Mean latency (ns)               : 35000000\n50.00 percentile latency (ns)   : 31000000\n"
             "99.00 percentile latency (ns)   : 48000000\n");
    const struct run *run = sample_run(&sample, 0);
    expect_near(sample_metric(run, "samples_per_query")->mean, 96);
    expect_near(sample_metric(run, "latency_p50")->mean, 44);
    expect_near(sample_metric(run, "latency_p99")->mean, 49);
    expect_near(sample_metric(run, "sample_latency")->mean, 35);
    expect_near(sample_metric(run, "sample_latency")->median, 31);
    expect_near(sample_metric(run, "sample_latency_p99")->mean, 48);
    assert_true(sample_has_problem(&sample, "Performance constraints satisfied: No"));
    expect_same_after_redaction(&sample);
}

static void test_newer_labels(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text(LINE "MLPerf Results Summary\n" LINE "SUT name : s\nScenario : SingleStream\nMode     : "
                         "PerformanceOnly\n90.0th percentile latency (ns) : 7000000\nResult is : VALID\n"
                         "TPS w/ loadgen overhead         : 88.5\nMean latency (ns)               : 6000000\n"
                         "Mean Time per Output Token (ns)               : 250000\n");
    const struct run *run = sample_run(&sample, 0);
    expect_near(sample_metric(run, "generation_throughput")->mean, 88.5);
    expect_near(sample_metric(run, "time_per_output_token")->mean, 0.25);
    expect_near(sample_metric(run, "latency_p90")->mean, 7);
}

static void test_detail_of_old(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("\"pid\": 17, \"tid\": 17, \"ts\": 14730ns : LoadgenVersionInfo:\n"
                    "\"pid\": 17, \"tid\": 17, \"ts\": 14730ns : version : .5a1 @ 0123456789\n"
                    "\"pid\": 17, \"tid\": 17, \"ts\": 36792ns : Scenario : Server\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "mlperf-detail");
    assert_int_equal(sample_run_count(&sample), 0);
    assert_true(sample_has_problem(&sample, "mlperf_log_summary.txt"));
}

static void test_system(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "{\"submitter\": \"Ann Inc\", \"accelerator_model_name\": \"NVIDIA T4\", \"accelerators_per_node\": \"4\", "
        "\"host_processor_model_name\": \"AMD EPYC 9575F\", \"host_memory_capacity\": \"2GiB\"}");
    assert_int_equal(sample.result, 0);
    const struct device *device = &sample.readings.items[0]->device;
    assert_string_equal(device->chip, "AMD EPYC 9575F");
    assert_int_equal(device->chips[0].count, 4);
    expect_number(device->memory_bytes, 2147483648.0);
    assert_int_equal(sample_run_count(&sample), 0);
    assert_true(sample_has_problem(&sample, "without results"));
}

static void test_corpus(void **state)
{
    (void)state;
    static const struct {
        const char *path, *format;
        size_t runs;
        const char *metric;
        double value;
    } files[] = {
        {"mlperf-summary/mlperf_v0.5_T4x20_resnet_offline_summary.txt", "mlperf-summary", 1, "sample_throughput",
         113251},
        {"mlperf-summary/inference__s_GB200-NVL72_GB200-186GB_aarch64x72_Dynamo_llama3.1-405b_Interactive_performance_"
         "run_1_mlperf_log_summary.txt",
         "mlperf-summary", 1, "generation_throughput", 9897.52},
        {"mlperf-summary/mlperf_inference_test_submis__results_default-mlcommons_cpp-cpu-onnxruntime-default_config_"
         "retinanet_offline_accuracy_mlperf_log_summary.txt",
         "mlperf-summary", 0, NULL, 0},
        {"mlperf-summary/MlPerfLogExample__mlperf_log_summary.txt", "mlperf-summary", 1, "sample_throughput", 0.165037},
        {"mlperf-console/mlperf_inference_unofficial___Commons_measurements_RTX4090x1-nvidia-gpu-TensorRT-default_"
         "config_3d-unet-99.9_offline_performance_console.out",
         "mlperf-console", 1, "sample_throughput", 4.1695},
        {"mlperf-detail/mlperf_inference_unofficial___ults_RTX4090x1-nvidia-gpu-TensorRT-default_config_bert-99_"
         "singlestream_performance_run_1_mlperf_log_detail.txt",
         "mlperf-detail", 1, "request_throughput", 1074.56},
        {"mlperf-detail/inference__automotive_3d-object-detection_output_mlperf_log_detail.txt", "mlperf-detail", 0,
         NULL, 0},
        {"mlperf-system/MlPerfLogExample__system_meta.json", "mlperf-system", 0, NULL, 0},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[400];
        (void)snprintf(path, sizeof path, CORPUS "formats/%s", files[i].path);
        autosample struct sample sample = {0};
        if (!sample_file(path, &sample))
            skip();
        assert_int_equal(sample.result, 0);
        assert_string_equal(sample.format->name, files[i].format);
        assert_int_equal(sample_run_count(&sample), files[i].runs);
        if (files[i].metric != NULL)
            expect_number(sample_metric(sample_run(&sample, 0), files[i].metric)->mean, files[i].value);
        expect_same_after_redaction(&sample);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_summary),
        cmocka_unit_test(test_invalid_is_flagged),
        cmocka_unit_test(test_accuracy),
        cmocka_unit_test(test_console),
        cmocka_unit_test(test_detail),
        cmocka_unit_test(test_detail_token_latencies),
        cmocka_unit_test(test_detail_of_queries),
        cmocka_unit_test(test_multistream_of_old),
        cmocka_unit_test(test_newer_labels),
        cmocka_unit_test(test_detail_of_old),
        cmocka_unit_test(test_system),
        cmocka_unit_test(test_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
