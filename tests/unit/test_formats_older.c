/* Older versions and rearranged forms of outputs. Written here after what the tools print. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "tests/unit/formats_sample.h"

#define AT "[08/05/2020-10:12:20] [I] "
#define TRT7                                                                                                           \
    "&&&& RUNNING TensorRT.trtexec # ./trtexec --onnx=/home/ada/resnet50.onnx\n" AT                                    \
    "Model: /home/ada/resnet50.onnx\n" AT "Selected Device: GeForce RTX 2080 Ti\n" AT "Host Latency\n" AT              \
    "min: 2.25 ms (end to end 2.44 ms)\n" AT "mean: 2.5 ms (end to end 2.6 ms)\n" AT                                   \
    "percentile: 2.9 ms at 99% (end to end 3.0 ms at 99%)\n" AT "throughput: 380.1 qps\n" AT "walltime: 3.01 s\n" AT   \
    "GPU Compute\n" AT "mean: 2.2 ms\n" AT "median: 2.15 ms\n"                                                         \
    "&&&& PASSED TensorRT.trtexec # ./trtexec\n"

static void test_trtexec_seven(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(TRT7);
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample_run_count(&sample), 1);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->chip_name, "GeForce RTX 2080 Ti");
    expect_number(sample_metric(run, "latency")->mean, 2.5);
    expect_number(sample_metric(run, "latency")->min, 2.25);
    expect_number(sample_metric(run, "latency_p99")->mean, 2.9);
    expect_number(sample_metric(run, "request_throughput")->mean, 380.1);
    expect_number(sample_metric(run, "gpu_compute_time")->median, 2.15);
    expect_same_after_redaction(&sample);
}

static void test_trtexec_behind_a_failed_one(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text("&&&& RUNNING TensorRT.trtexec # a\n" AT
                                                  "Selected Device: Orin\n&&&& FAILED TensorRT.trtexec\n" TRT7);
    assert_int_equal(sample_run_count(&sample), 1);
    assert_string_equal(sample_run(&sample, 0)->chip_name, "GeForce RTX 2080 Ti");
    assert_true(sample_has_problem(&sample, "FAILED"));
}

static void test_whisper_devices(void **state)
{
    (void)state;
#define TIMINGS "whisper_print_timings:   encode time =   190.50 ms /     1 runs (  190.50 ms per run)\n"
    autosample struct sample gpu = sample_text("whisper_init_with_params_no_state: use gpu    = 1\n"
                                               "ggml_metal_init: found device: Apple M2\n" TIMINGS);
    assert_string_equal(sample_run(&gpu, 0)->chip_name, "Apple M2");
    expect_number(sample_metric(sample_run(&gpu, 0), "encode_time")->mean, 190.5);
    expect_same_after_redaction(&gpu);
    autosample struct sample cpu = sample_text("whisper_init_with_params_no_state: use gpu    = 0\n"
                                               "ggml_metal_init: found device: Apple M2\n" TIMINGS);
    assert_null(sample_run(&cpu, 0)->chip_name);
    autosample struct sample table =
        sample_text("| GPU | Config | Model | Th | FA | Enc. | Commit |\n| --- | --- | --- | --- | --- | --- | --- |\n"
                    "| RTX 4090 | AVX2 CUDA | large-v3-q5_0 | 1 | 1 | 32.5 | abcdef |\n");
    assert_string_equal(sample_run(&table, 0)->chip_name, "RTX 4090");
}

static void test_csv_in_another_order(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("Metric,Mode,Num Runs,Mean,Std,Min,Max,Median\nduration,original,5,2.345,0.5,2,3,2.5\n"
                    "Metric,Mode,Num Runs,Mean,Std,Min,Max,Median\nduration,run_onnx,5,1.5,0.5,1,2,1.25\n");
    assert_string_equal(sample.format->name, "vlm-partitioner-csv");
    assert_int_equal(sample_run_count(&sample), 2);
    expect_number(sample_metric(sample_run(&sample, 0), "duration")->mean, 2.345);
    assert_int_equal(sample_metric(sample_run(&sample, 0), "duration")->n, 5);
    expect_number(sample_metric(sample_run(&sample, 1), "duration")->median, 1.25);
    assert_false(sample_has_problem(&sample, "left out"));
}

static void test_figures_as_text(void **state)
{
    (void)state;
#define ANEMLL(time, bandwidth)                                                                                        \
    "{\"timestamp\": \"2025-03-09 18:59:02\", \"system_info\": {\"cpu\": {\"brand\": \"Apple M4\"}}, \"results\": "    \
    "[{\"model_name\": \"llama_lm_head\", \"backend\": \"ANE\", \"inference_time_ms\": " time                          \
    ", \"throughput_gb_s\": " bandwidth ", \"tflops\": \"Unknown\", \"model_size_mb\": 1050.67}]}"
    autosample struct sample sample = sample_text(ANEMLL("\"16.5\"", "\"NaN\""));
    assert_int_equal(sample.result, 0);
    expect_number(sample_metric(sample_run(&sample, 0), "inference_time")->mean, 16.5);
    assert_string_equal(sample_metric(sample_run(&sample, 0), "memory_bandwidth")->flags.items[0], "not_finite");
    autosample struct sample words = sample_text(ANEMLL("\"fast\"", "64.1"));
    assert_true(words.result < 0);
    assert_string_equal(words.err.path, "results[0].inference_time_ms");
}

/* The guide's own example: its values do not give its median. */
static void test_median_of_the_guide(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "{\"original\": {\"duration\": {\"mean\": 2.345, \"std\": 0.123, \"min\": 2.201, \"max\": 2.489, \"median\": "
        "2.34, \"values\": [2.201, 2.345, 2.34, 2.489, 2.35]}, \"num_runs\": 5}}");
    const struct measurement *duration = sample_metric(sample_run(&sample, 0), "duration");
    assert_true(flags_has(&duration->flags, "stddev_differs"));
    assert_true(flags_has(&duration->flags, "median_differs"));
    assert_false(flags_has(&duration->flags, "mean_differs"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trtexec_seven),   cmocka_unit_test(test_trtexec_behind_a_failed_one),
        cmocka_unit_test(test_whisper_devices), cmocka_unit_test(test_csv_in_another_order),
        cmocka_unit_test(test_figures_as_text), cmocka_unit_test(test_median_of_the_guide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
