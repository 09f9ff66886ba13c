/* ANEMLL-Bench as it prints: blocks, pasted rows, and the summary of two models. The dual figures are those of its
 * DUAL_MODEL_BENCHMARKING.md, the M4 Max rows those of its issue 1. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "schema/base/str.h"
#include "tests/unit/formats_sample.h"

static const double none = (double)NAN;

#define DUAL                                                                                                           \
    "=== Dual Model Benchmarking Results ===\n\nIndividual Performance:\n  - llama_lm_head: 19.35 ms, 54.25 GB/s\n"    \
    "  - DeepHermes_lm_head: 19.42 ms, 54.07 GB/s\n\nParallel Performance:\n  - llama_lm_head: 38.12 ms, 27.56 GB/s\n" \
    "  - DeepHermes_lm_head: 38.25 ms, 27.45 GB/s\n  - Combined: 38.25 ms, 54.85 GB/s (total throughput)\n\n"          \
    "Combined Analysis:\n  - Total Parallel Execution Time: 0.77 seconds\n  - Combined Throughput: 54.85 GB/s\n"       \
    "  - Sum of Individual Throughputs: 108.32 GB/s\n  - Bandwidth Utilization Factor: 0.51x\n  - Efficiency: "        \
    "50.64%\n"                                                                                                         \
    "\nReport saved to: /Users/ada/reports/x.html\n"

static void test_dual(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text("ada@mini ~ % python dual.py\n" DUAL);
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "anemll-bench-stdout");
    assert_int_equal(sample_run_count(&sample), 5);
    assert_null(sample_run(&sample, 0)->variant);
    expect_number(sample_metric(sample_run(&sample, 0), "inference_time")->mean, 19.35);
    const struct run *parallel = sample_run(&sample, 3);
    assert_string_equal(parallel->variant, "parallel");
    assert_string_equal(parallel->workload.model, "DeepHermes_lm_head");
    expect_number(sample_metric(parallel, "memory_bandwidth")->mean, 27.45);
    const struct run *both = sample_run(&sample, 4);
    assert_string_equal(both->variant, "combined");
    assert_string_equal(both->workload.model, "llama_lm_head + DeepHermes_lm_head");
    expect_number(sample_metric(both, "memory_bandwidth")->mean, 54.85);
    expect_number(sample_metric(both, "bandwidth_utilization")->mean, 0.51);
    expect_number(sample_metric(both, "duration")->mean, 0.77);
    assert_null(both->workload.backend);
    assert_true(sample_has_problem(&sample, "--set chip"));
    assert_true(sample_has_problem(&sample, "--set backend"));
    expect_same_after_redaction(&sample);
}

static void test_single(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "Completed 300 iterations in 4.91 seconds (0.0164s per iteration)\nModel weights size: 1050.67 MB\n\n"
        "FINAL BENCHMARK RESULTS for llama_lm_head on ANE:\n  - Inference time: 16.37 ms\n  - TFLOPs: 0.51\n"
        "  - Throughput: 64.18 GB/s\r\nLoaded /Users/ada/x\n> FINAL BENCHMARK RESULTS for stuck on the way on CPU:\n"
        "FINAL BENCHMARK RESULTS for last on GPU:\n  - Inference time: nan ms\n  - Throughput: 3.00 GB/s\n");
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.model, "llama_lm_head");
    assert_string_equal(run->workload.backend, "ANE");
    expect_number(run->workload.model_bytes, 1050670000);
    assert_int_equal(sample_metric(run, "inference_time")->n, 300);
    expect_number(sample_metric(run, "compute_throughput")->mean, 0.51);
    expect_number(sample_metric(run, "memory_bandwidth")->mean, 64.18);
    const struct run *last = sample_run(&sample, 1);
    assert_int_equal(sample_metric(last, "memory_bandwidth")->n, COUNT_UNKNOWN);
    expect_number(last->workload.model_bytes, none);
    assert_true(sample_has_problem(&sample, "stuck on the way"));
    assert_false(sample_has_problem(&sample, "--set backend"));
    expect_same_after_redaction(&sample);
}

static void test_rows(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("My results, greetings from "
                    "Ada\n\nllama_lm_head\tANE\t8.74\t120.24\t1050.67\r\nllama_lm_head_lut6\tANE\t4.03\t98.34\t"
                    "0.25\t396.06\nModel\tBackend\tANE\nx\tTPU\t1\t2\t3\nComb (a + b)\tCPU\tN/A\t3.5\t0.00\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "anemll-bench-tsv");
    assert_int_equal(sample_run_count(&sample), 3);
    const struct run *run = sample_run(&sample, 1);
    assert_string_equal(run->workload.quantization, "LUT6");
    expect_number(sample_metric(run, "inference_time")->mean, 4.03);
    expect_number(sample_metric(run, "compute_throughput")->mean, 0.25);
    expect_number(run->workload.model_bytes, 396060000);
    assert_int_equal(sample_run(&sample, 2)->measurement_count, 1);
    expect_same_after_redaction(&sample);
    autosample struct sample table =
        sample_text("| Model | Backend | Inference Time (ms) | Throughput (GB/s) | Model Size "
                    "(MB) |\n|---|---|---|---|---|\n| a\\|b | ANE | 1.5 | 2.5 | 3.5 |\n");
    assert_int_equal(table.result, 0);
    expect_number(sample_metric(sample_run(&table, 0), "memory_bandwidth")->mean, 2.5);
}

static void test_summary(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "{\"individual_results\": {\"a_lm_head\": {\"inference_time_ms\": 19.35, \"throughput_gb_s\": 54.25, "
        "\"model_size_mb\": 1050.673728}, \"b\": {\"inference_time_ms\": NaN, \"throughput_gb_s\": 54.07}}, "
        "\"parallel_results\": {\"a_lm_head\": {\"inference_time_ms\": 38.12, \"throughput_gb_s\": 27.56, "
        "\"slowdown_factor\": 1.97}, \"b\": {}, \"average\": {\"inference_time_ms\": 38.0}}, \"combined\": "
        "{\"total_parallel_time_s\": 0.77, \"combined_throughput_gb_s\": 54.85, \"bandwidth_utilization_factor\": "
        "0.5063}}");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "anemll-bench-summary-json");
    assert_int_equal(sample_run_count(&sample), 4);
    expect_number(sample_run(&sample, 0)->workload.model_bytes, 1050673728);
    assert_true(flags_has(&sample_metric(sample_run(&sample, 1), "inference_time")->flags, "not_finite"));
    assert_string_equal(sample_run(&sample, 2)->variant, "parallel");
    assert_true(sample_has_problem(&sample, "holds no figure"));
    const struct run *both = sample_run(&sample, 3);
    assert_string_equal(both->workload.model, "a_lm_head + b");
    expect_number(sample_metric(both, "bandwidth_utilization")->mean, 0.5063);
    assert_true(sample_has_problem(&sample, "--set chip"));
    expect_same_after_redaction(&sample);
    autosample struct sample wrong =
        sample_text("{\"individual_results\": {\"a\": {\"inference_time_ms\": \"fast\"}}}");
    assert_int_equal(wrong.result, -ERR_DATA);
    assert_string_equal(wrong.err.path, "individual_results.a.inference_time_ms");
}

static void test_published(void **state)
{
    (void)state;
    static const struct {
        const char *file, *format;
        size_t runs, at;
        double time;
    } files[] = {
        {"stdout_dual_seed.txt", "anemll-bench-stdout", 5, 4, 38.25},
        {"stdout_single_m4.txt", "anemll-bench-stdout", 2, 1, 6.45},
        {"issues/issue1_m4_max_128gb.tsv", "anemll-bench-tsv", 2, 0, 8.74},
        {"dual_performance_summary.json", "anemll-bench-summary-json", 5, 2, 38.12},
        {"issues/issue2_body.md", "anemll-bench-text", 2, 0, 17.035380204518635},
        {"batch_profile_summary.json", "anemll-bench-json", 3, 1, 41.9},
        {"profile_coreml_output.json", "anemll-bench-json", 1, 0, 16.371926466623943},
        {"dual_benchmark_report_seed.html", "anemll-bench-html", 5, 3, 38.25},
        {"report_cpu_vs_ane_m4.html", "anemll-bench-html", 3, 2, 41.9},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
        autofree char *path = mem_printf(CORPUS "seeds/anemll-bench/%s", files[i].file);
        autosample struct sample sample = {0};
        if (!sample_file(path, &sample))
            skip();
        assert_int_equal(sample.result, 0);
        assert_string_equal(sample.format->name, files[i].format);
        if (sample_run_count(&sample) != files[i].runs)
            fail_msg("%s: %zu runs", path, sample_run_count(&sample));
        expect_number(sample_metric(sample_run(&sample, files[i].at), "inference_time")->mean, files[i].time);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dual),    cmocka_unit_test(test_single),    cmocka_unit_test(test_rows),
        cmocka_unit_test(test_summary), cmocka_unit_test(test_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
