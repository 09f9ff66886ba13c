/* JSON of general harnesses: Google Benchmark, hyperfine, pytest-benchmark, Criterion.rs, JMH, BenchmarkDotNet. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/str.h"
#include "tests/unit/formats_sample.h"

static void test_google_repetitions(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "I am a log line {\n{\"context\": {\"date\": \"2024-01-02T03:04:05+01:00\", \"host_name\": \"box\", "
        "\"num_cpus\": 8, \"library_build_type\": \"debug\", \"library_version\": \"v1.8.3\"},\r\n"
        "\"benchmarks\": [{\"name\": \"BM_A/8\", \"run_name\": \"BM_A/8\", \"run_type\": \"iteration\", "
        "\"threads\": 2, \"iterations\": 10, \"real_time\": 1, \"cpu_time\": 2, \"time_unit\": \"us\", "
        "\"bytes_per_second\": 4e6, \"hits\": 7},"
        "{\"name\": \"BM_A/8\", \"run_name\": \"BM_A/8\", \"run_type\": \"iteration\", \"iterations\": 10, "
        "\"real_time\": 3, \"cpu_time\": 4, \"time_unit\": \"us\", \"bytes_per_second\": 2e6, \"hits\": 9},"
        "{\"name\": \"BM_A/8_mean\", \"run_name\": \"BM_A/8\", \"run_type\": \"aggregate\", "
        "\"aggregate_name\": \"mean\", \"iterations\": 2, \"real_time\": 99, \"cpu_time\": 99, "
        "\"time_unit\": \"us\"},"
        "{\"name\": \"BM_B\", \"run_name\": \"BM_B\", \"run_type\": \"iteration\", \"error_occurred\": true, "
        "\"error_message\": \"no file /home/eve/x\"}]}\n");
    assert_string_equal(sample.format->name, "google-benchmark-json");
    assert_int_equal(sample_run_count(&sample), 1);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.task, "BM_A/8");
    assert_string_equal(run->ran_at, "2024-01-02T02:04:05Z");
    assert_true(flags_has(&run->flags, "debug_build"));
    const struct measurement *time = sample_metric(run, "real_time");
    assert_string_equal(time->unit, "ns");
    assert_string_equal(time->original_unit, "us");
    expect_number(time->mean, 2000);
    expect_number(time->stddev, 1414.213562373095); /* 1000 * sqrt(2) */
    assert_int_equal(time->n, 2);
    expect_number(sample_metric(run, "data_throughput")->mean, 3);
    const struct measurement *hits = sample_metric(run, "hits");
    assert_string_equal(hits->unit, "");
    assert_int_equal(hits->direction, DIRECTION_UNKNOWN);
    assert_true(sample_has_problem(&sample, "failed"));
    assert_int_equal(sample.readings.items[0]->device.threads, 8);
    assert_string_equal(sample.readings.items[0]->tool_version, "v1.8.3");
    expect_same_after_redaction(&sample);
}

static void test_google_aggregates_only(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "{\"benchmarks\": [{\"name\": \"X_mean\", \"run_name\": \"X\", \"run_type\": \"aggregate\", "
        "\"aggregate_name\": "
        "\"mean\", \"iterations\": 5, \"real_time\": 10, \"cpu_time\": 11, \"time_unit\": \"ms\"},"
        "{\"name\": \"X_stddev\", \"run_name\": \"X\", \"run_type\": \"aggregate\", \"aggregate_name\": \"stddev\", "
        "\"iterations\": 5, \"real_time\": 0.5, \"cpu_time\": 0.25, \"time_unit\": \"ms\"},"
        "{\"name\": \"X_cv\", \"run_name\": \"X\", \"run_type\": \"aggregate\", \"aggregate_name\": \"cv\", "
        "\"iterations\": 5, \"real_time\": 0.05, \"cpu_time\": 0.02, \"time_unit\": \"ms\"}]}");
    const struct measurement *time = sample_metric(sample_run(&sample, 0), "real_time");
    assert_int_equal(sample_run_count(&sample), 1);
    expect_number(time->mean, 1e7);
    expect_number(time->stddev, 5e5);
    assert_int_equal(time->n, 5);
}

static void test_hyperfine(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "{\"results\": [{\"command\": \"tool --in=/home/eve/data/a.bin ssh eve@host "
        "\\\"C:\\\\\\\\Users\\\\\\\\eve\\\\\\\\b.exe\\\"\", "
        "\"mean\": 2.0, \"stddev\": null, \"median\": 2.0, \"user\": 1.5, \"system\": 0.25, \"min\": 2.0, \"max\": "
        "2.0, "
        "\"times\": [2.0], \"exit_codes\": [3], \"memory_usage_byte\": [2097152], \"parameters\": {\"threads\": \"4\", "
        "\"kind\": \"fast\"}}]}");
    assert_string_equal(sample.format->name, "hyperfine-json");
    const struct run *run = sample_run(&sample, 0);
    assert_null(strstr(run->workload.task, "eve"));
    assert_non_null(strstr(run->workload.task, "a.bin"));
    expect_number(sample_number(&run->workload.parameters, "threads"), 4);
    assert_string_equal(sample_word(&run->workload.parameters, "kind"), "fast");
    assert_true(flags_has(&run->flags, "failed"));
    const struct measurement *duration = sample_metric(run, "duration");
    expect_number(duration->mean, 2);
    assert_true(isnan(duration->stddev));
    assert_int_equal(duration->n, 1);
    expect_number(sample_metric(run, "peak_memory")->mean, 2);
    expect_same_after_redaction(&sample);
}

static void test_truncated(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("{\"results\": [{\"command\": \"a\", \"mean\": 1, \"user\": 1, \"system\": 0, \"times\": [1, 1]},\n"
                    " {\"command\": \"b\", \"mean\": 2, \"user\": 1, \"sys");
    assert_true(sample.result < 0);
    assert_int_equal(sample.err.line, 2);
    assert_true(sample_run_count(&sample) >= 1);
    assert_string_equal(sample_run(&sample, 0)->workload.task, "a");
    autosample struct sample wrong = sample_text(
        "{\"results\": [{\"command\": \"a\", \"mean\": 1, \"user\": 1, \"system\": 0, \"times\": [1, \"two\"]}]}");
    assert_true(wrong.result < 0);
    assert_string_equal(wrong.err.path, "results[0].times[1]");
}

static void test_pytest(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "{\"machine_info\": {\"node\": \"box\", \"machine\": \"arm64\", \"system\": \"Darwin\", \"release\": \"24.1\", "
        "\"cpu\": \"Apple M1\"}, \"benchmarks\": [{\"name\": \"t[1]\", \"fullname\": \"/home/eve/t.py::t[1]\", "
        "\"params\": {\"n\": 3, \"o\": \"UNSERIALIZABLE[/home/eve]\"}, \"stats\": {\"mean\": 0.002, \"stddev\": 0.001, "
        "\"rounds\": 3, \"data\": [0.001, 0.002, 0.003], \"ops\": 500}}, {\"name\": \"u\", \"stats\": null}], "
        "\"datetime\": \"2026-01-02T03:04:05+00:00\", \"version\": \"4.0.0\"}");
    assert_string_equal(sample.format->name, "pytest-benchmark-json");
    assert_string_equal(sample.readings.items[0]->device.chip, "Apple M1");
    assert_int_equal(sample_run_count(&sample), 1);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.task, "t.py::t[1]");
    assert_int_equal(run->workload.parameters.count, 1);
    expect_number(sample_metric(run, "time")->mean, 2e6);
    assert_int_equal(sample_metric(run, "time")->sample_count, 3);
    expect_number(sample_metric(run, "operation_throughput")->mean, 500);
    assert_true(sample_has_problem(&sample, "no times"));
    expect_same_after_redaction(&sample);
}

static void test_criterion_samples(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("{\"sampling_mode\":\"Linear\",\"iters\":[10.0,20.0,30.0],\"times\":[100.0,240.0,330.0]}");
    const struct measurement *time = sample_metric(sample_run(&sample, 0), "time");
    expect_number(time->mean, 11);
    expect_number(time->stddev, 1);
    autosample struct sample ragged =
        sample_text("{\"sampling_mode\":\"Linear\",\"iters\":[10.0],\"times\":[100.0,240.0]}");
    assert_true(ragged.result < 0);
}

static void test_jmh(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "[{\"jmhVersion\": \"1.37\", \"benchmark\": \"a.B.c\", \"mode\": \"thrpt\", \"threads\": 4, \"forks\": 1, "
        "\"jvm\": \"/home/eve/jdk/bin/java\", \"jvmArgs\": [\"-Dout=/srv/eve/logs\"], \"params\": {\"size\": \"100\"}, "
        "\"primaryMetric\": {\"score\": 2, \"scoreError\": \"NaN\", \"scoreUnit\": \"ops/us\", \"rawData\": [[1, 3]]}, "
        "\"secondaryMetrics\": {\"\\u00b7gc.count\": {\"score\": 0, \"scoreError\": \"NaN\", \"scoreUnit\": "
        "\"counts\", "
        "\"rawData\": [[0]]}}},"
        "{\"benchmark\": \"a.B.d\", \"mode\": \"sample\", \"primaryMetric\": {\"score\": 5, \"scoreUnit\": \"ms/op\", "
        "\"scorePercentiles\": {\"0.0\": 1, \"50.0\": 4, \"99.0\": 9, \"100.0\": 12}, "
        "\"rawDataHistogram\": [[[[1, 2], [4, 3]]]]}},"
        "{\"benchmark\": \"a.B.e\", \"mode\": \"avgt\", \"primaryMetric\": {\"score\": \"NaN\", \"scoreUnit\": "
        "\"ns/op\"}}]");
    assert_string_equal(sample.format->name, "jmh-json");
    assert_int_equal(sample_run_count(&sample), 3);
    const struct run *run = sample_run(&sample, 0);
    const struct measurement *rate = sample_metric(run, "operation_throughput");
    expect_number(rate->mean, 2e6);
    assert_string_equal(rate->original_unit, "ops/us");
    expect_number(rate->original_value, 2);
    assert_int_equal(rate->direction, DIRECTION_HIGHER);
    expect_number(sample_metric(run, "gc.count")->mean, 0);
    expect_number(sample_number(&run->workload.parameters, "size"), 100);
    const struct measurement *time = sample_metric(sample_run(&sample, 1), "time");
    expect_number(time->mean, 5e6);
    expect_number(time->max, 12e6);
    assert_int_equal(time->n, 5);
    expect_number(sample_metric(sample_run(&sample, 1), "latency_p99")->mean, 9);
    const struct measurement *missing = sample_metric(sample_run(&sample, 2), "time");
    assert_true(isnan(missing->mean) && flags_has(&missing->flags, "not_finite"));
    expect_same_after_redaction(&sample);
}

static void test_benchmarkdotnet(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "{\"Title\": \"T\", \"HostEnvironmentInfo\": {\"BenchmarkDotNetVersion\": \"0.13.1\", \"ProcessorName\": "
        "\"Apple M1\", \"PhysicalCoreCount\": 8, \"LogicalCoreCount\": 8}, \"Benchmarks\": [{\"FullName\": \"A.B(N: "
        "10)\", "
        "\"Parameters\": \"N=10&Kind=fast\", \"Statistics\": {\"OriginalValues\": [1.0, 3.0], \"N\": 2, \"Mean\": 2.0, "
        "\"ConfidenceInterval\": {\"Margin\": \"NaN\"}}, \"Memory\": {\"BytesAllocatedPerOperation\": 0}}, "
        "{\"FullName\": \"A.C\", \"Statistics\": null}]}");
    assert_string_equal(sample.format->name, "benchmarkdotnet-json");
    assert_int_equal(sample_run_count(&sample), 1);
    const struct run *run = sample_run(&sample, 0);
    expect_number(sample_number(&run->workload.parameters, "N"), 10);
    assert_string_equal(sample_word(&run->workload.parameters, "Kind"), "fast");
    expect_number(sample_metric(run, "time")->stddev, 1.4142135623730951);
    assert_int_equal(sample_metric(run, "allocated_memory")->flags.count, 0);
    assert_true(sample_has_problem(&sample, "failed"));
}

struct file_case {
    const char *path, *format;
    size_t runs, run;
    const char *task, *metric;
    double mean;
};

static void test_corpus(void **state)
{
    (void)state;
    static const struct file_case cases[] = {
        {"google-benchmark/bencher__lib_bencher_adapter_tool_output_cpp_google_two.txt", "google-benchmark-json", 2, 0,
         "fib_10", "real_time", 214.98980114547953},
        {"google-benchmark/benchmark__tools_gbench_Inputs_test1_run2.json", "google-benchmark-json", 14, 0, NULL,
         "real_time", 10},
        {"google-benchmark/benchmark__tools_gbench_Inputs_test2_run.json", "google-benchmark-json", 10, 0, "BM_Hi",
         "cpu_time", 24e6},
        {"google-benchmark/benchmark__tools_gbench_Inputs_test3_run1.json", "google-benchmark-json", 4, 2, "short",
         "real_time", 800},
        {"google-benchmark/benchmark__tools_gbench_Inputs_test4_run.json", "google-benchmark-json", 0, 0, NULL, NULL,
         0},
        {"google-benchmark/benchmark__tools_gbench_Inputs_test4_run1.json", "google-benchmark-json", 0, 0, NULL, NULL,
         0},
        {"google-benchmark/benchmark__tools_gbench_Inputs_test5_run0.json", "google-benchmark-json", 1, 0,
         "BM_ManyRepetitions", "cpu_time", 1e12},
        {"hyperfine-json/hyperfine_1brc.json", "hyperfine-json", 2, 0, NULL, "duration", 11.61481411152},
        {"hyperfine-json/hyperfine_delta_error.json", "hyperfine-json", 1, 0, NULL, "duration", 3.0220133333329403e-6},
        {"pytest-benchmark/bencher__lib_bencher_adapter_tool_output_python_pytest_four.json", "pytest-benchmark-json",
         4, 2, "bench.py::test_fib_20", "operation_throughput", 276.8613383807958},
        {"criterion-estimates/Doice__target_criterion_basic_dice_new_estimates.json", "criterion-estimates", 1, 0, NULL,
         "time", 1147.687412044038},
        {"criterion-estimates/Doice__target_criterion_fib_20_new_benchmark.json", "criterion-estimates", 0, 0, NULL,
         NULL, 0},
        {"jmh-json/bencher__lib_bencher_adapter_tool_output_java_jmh_latency.json", "jmh-json", 1, 0, NULL, "score",
         3.3762388731228185e9},
        {"jmh-json/jmh-visualizer__src_provided.js", "jmh-json", 1, 0, NULL, "operation_throughput",
         3467631.2300505415},
        {"benchmarkdotnet-json/bencher__lib_bencher_adapter_tool_output_c_sharp_dot_net_two.json",
         "benchmarkdotnet-json", 2, 1, "BenchmarkDotNet.Samples.Intro.IntroJsonExport.Sleep20", "time",
         20360791.931687497},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        char path[300];
        snprintf(path, sizeof path, CORPUS "formats/%s", cases[i].path);
        autosample struct sample sample = {0};
        if (!sample_file(path, &sample))
            skip();
        assert_non_null(sample.format);
        assert_string_equal(sample.format->name, cases[i].format);
        assert_int_equal(sample.result, 0);
        assert_int_equal(sample_run_count(&sample), cases[i].runs);
        if (cases[i].runs == 0) {
            assert_true(sample.readings.items[0]->problem_count > 0);
            continue;
        }
        const struct run *run = sample_run(&sample, cases[i].run);
        if (cases[i].task != NULL)
            assert_string_equal(run->workload.task, cases[i].task);
        expect_number(sample_metric(run, cases[i].metric)->mean, cases[i].mean);
    }
}

static void test_cargo_criterion(void **state)
{
    (void)state;
    autosample struct sample sample = {0};
    assert_true(sample_file("tests/data/fuzz/formats/cargo-criterion-json/messages.json", &sample));
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "cargo-criterion-json");
    assert_int_equal(sample_run_count(&sample), 1);
    const struct run *run = sample_run(&sample, 0);
    const struct measurement *time = sample_metric(run, "time");
    assert_string_equal(run->workload.task, "sum/100");
    expect_number(sample_number(&run->workload.parameters, "elements"), 100);
    expect_number(time->samples[1], 110); /* 2200 in 20 iterations */
    expect_number(time->median, 100);
    assert_int_equal(time->n, 3);
    expect_same_after_redaction(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_google_repetitions),
        cmocka_unit_test(test_google_aggregates_only),
        cmocka_unit_test(test_hyperfine),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_pytest),
        cmocka_unit_test(test_criterion_samples),
        cmocka_unit_test(test_jmh),
        cmocka_unit_test(test_benchmarkdotnet),
        cmocka_unit_test(test_cargo_criterion),
        cmocka_unit_test(test_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
