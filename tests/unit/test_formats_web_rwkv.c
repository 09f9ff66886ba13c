/* web-rwkv-gguf: its log, its output, its table and its comparisons. The layout of each is that of its examples;
 * hashes are recomputed here from their tokens as the program does it: acc * 31 + token in 64 bits. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/str.h"
#include "tests/unit/formats_sample.h"

static const double none = (double)NAN;

#define ENTRY(time, change, load, rate, hash, tokens)                                                                  \
    "### " time " - " change                                                                                           \
    "\n\n| Metric | Value |\n|--------|-------|\n| Model | 1b5-Q8_0.gguf |\n| Version | V6 |\n"                        \
    "| Layers | 24 |\n| Embedding | 2048 |\n| GPU | AMD Radeon Graphics |\n| **Load Time** | **" load " ms** |\n"      \
    "| **Prefill** | **80.50 tok/s** |\n| **Generation** | **" rate " tok/s** |\n| Quality Hash | `" hash "` |\n\n"    \
    "<details><summary>Quality tokens (first 16)</summary>\n\n```\n" tokens "\n```\n\n</details>\n\n"
#define HEAD "# Benchmark Results\n\nThis file is kept by ada@example.org\n\n---\n\n"

static uint64_t hash_of(const unsigned *tokens, size_t period)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < 32; i++)
        hash = hash * 31 + tokens[i % period];
    return hash;
}

static void test_log(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        HEAD "## Metal - a `try` | two\n\n" ENTRY("2026-02-03 04:05:06", "first - with | and `x`", "5242.61", "42.82",
                                                  "f091452164ed0fc", "[46, 332, 46, 332]")
            ENTRY("2026-02-03 05:00:00", "broken", "1.00", "96.96", "f8abdfcaacccd600", "[267, 267, 267, 267]")
                ENTRY("2026-02-04 00:00:00", "not a number", "NaN", "inf", "xyz", "[1, 2, 3, 4]"));
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "web-rwkv-gguf-md");
    assert_int_equal(sample_run_count(&sample), 3);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->ran_at, "2026-02-03T04:05:06Z");
    assert_false(run->ran_at_local);
    assert_string_equal(run->labels.items[0].text, "Metal - a `try` | two");
    assert_string_equal(run->labels.items[1].text, "first - with | and `x`");
    assert_string_equal(run->workload.model, "1b5-Q8_0");
    assert_string_equal(run->workload.quantization, "Q8_0");
    assert_string_equal(run->workload.task, "pp128 tg64");
    assert_null(run->workload.backend);
    assert_string_equal(run->chip_name, "AMD Radeon Graphics");
    expect_number(sample_number(&run->setup, "n_layer"), 24);
    assert_string_equal(sample_word(&run->setup, "quality_hash"), "1083419528153452796");
    expect_number(sample_metric(run, "load_time")->mean, 5242.61);
    expect_number(sample_metric(run, "load_time")->stddev, none);
    expect_number(sample_metric(run, "generation_throughput")->mean, 42.82);
    assert_int_equal(run->flags.count, 0);
    char text[32];
    snprintf(text, sizeof text, "%" PRIu64, hash_of((const unsigned[]){267}, 1));
    assert_string_equal(sample_word(&sample_run(&sample, 1)->setup, "quality_hash"), text);
    assert_true(flags_has(&sample_run(&sample, 1)->flags, "degenerate_output"));
    assert_true(flags_has(&sample_metric(sample_run(&sample, 2), "load_time")->flags, "not_finite"));
    assert_null(parameters_find(&sample_run(&sample, 2)->setup, "quality_hash"));
    assert_true(sample_has_problem(&sample, "no hash of 64 bits"));
    assert_null(strstr(sample.text + sample.readings.items[0]->original_offset, "ada@"));
    expect_same_after_redaction(&sample);
}

/* Entries cut short, other groups between, Windows line ends, a second GPU. */
static void test_odd_logs(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "## Plans of Ada\r\n\r\nnothing yet\r\n\r\n## Real\r\n\r\n### 2026-02-03 04:05:06 - a\r\n\r\n| Metric | Value "
        "|\r\n"
        "| GPU | NVIDIA GeForce RTX 4090 |\r\n| **Load Time** | **12.00 ms** |\r\n| **Generation** | **oops** |\r\n"
        "### 2026-02-03 04:06:06 - empty\r\n\r\n### 2026-02-03 04:07:06\r\n| GPU | Apple M1 |\r\n"
        "| **Generation** | **3.00 tok/s** |\r\nsecret words\r\n| Quality Hash | `1` |\r\n");
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample_run_count(&sample), 2);
    assert_int_equal(sample_run(&sample, 0)->measurement_count, 1);
    assert_true(sample_has_problem(&sample, "\"Generation\" is not known or has no value"));
    assert_true(sample_has_problem(&sample, "nothing was measured"));
    assert_int_equal(sample.readings.count, 2); /* whether both GPUs are of one machine is not told */
    assert_string_equal(sample.readings.items[0]->device.chips[0].name, "NVIDIA GeForce RTX 4090");
    assert_string_equal(sample_run(&sample, 1)->chip_name, "Apple M1");
    assert_string_equal(sample.readings.items[1]->device.chip, "Apple M1");
    assert_int_equal(sample.readings.items[1]->device.chip_count, 0);
    expect_same_after_redaction(&sample);
    autosample struct sample other = sample_text("# Benchmark Results\n\n| Metric | Value |\n| Prefill | 3 tok/s |\n");
    assert_null(other.format);
}

/* ---------------------------------------------------------------- printed */

#define OUTPUT                                                                                                         \
    "ada@host7:~$ ./benchmark.sh\n\nRunning benchmark...\n  Model: /home/ada/models/3b-Q4_K_M.gguf\n  File:  b.md\n"   \
    "  Title: base\n\xf0\x9f\x93\xa6 Model: 3b-Q4_K_M.gguf\n\xf0\x9f\x93\x9d Title: base\n\xf0\x9f\x94\x84 Change: "   \
    "none\n"                                                                                                           \
    "\n   Version: V7\n   Layers: 32\n   Embedding: 2560\n   Vocab: 65536\n\n? GPU: Intel(R) Arc(tm) A770\n\n"         \
    "   Run 1: 100.00 ms\n   Run 2: 110.00 ms\n   Run 3: 120.00 ms\n   Average: 110.00 ms\n"                           \
    "   Prefill benchmark (256 tokens)...\n   Prefill: 152.34 tok/s\n   Generation benchmark (32 tokens)...\n"         \
    "   Generation: 44.17 tok/s\n   Quality hash: 3895ad4add71cff0\n   First 8 tokens: [33, 3319, 153, 129]\n"
#define BOX                                                                                                            \
    "\xe2\x95\x91  Load Time:      110.00 ms        \xe2\x95\x91\n\xe2\x95\x91  Prefill:        152.34 tok/s   "       \
    "\xe2\x95\x91\n\xe2\x95\x91  Generation:      44.17 tok/s \xe2\x95\x91\n"                                          \
    "\xe2\x95\x91  Quality Hash: 3895ad4add71cff0   \xe2\x95\x91\n"

static void test_output(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(OUTPUT BOX "Results written to: b.md\n" OUTPUT);
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "web-rwkv-gguf-text");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.model, "3b-Q4_K_M");
    assert_string_equal(run->workload.task, "pp256 tg32");
    assert_string_equal(run->chip_name, "Intel(R) Arc(tm) A770");
    const struct measurement *load = sample_metric(run, "load_time");
    assert_int_equal(load->n, 3);
    expect_number(load->mean, 110);
    expect_number(load->stddev, 10);
    assert_int_equal(load->stddev_kind, STDDEV_SAMPLE);
    char text[32];
    snprintf(text, sizeof text, "%" PRIu64, hash_of((const unsigned[]){33, 3319, 153, 129}, 4));
    assert_string_equal(sample_word(&run->setup, "quality_hash"), text);
    expect_same_after_redaction(&sample);
    autosample struct sample box = sample_text(BOX);
    assert_int_equal(box.result, 0);
    expect_number(sample_metric(sample_run(&box, 0), "load_time")->mean, 110);
    assert_int_equal(sample_metric(sample_run(&box, 0), "load_time")->n, COUNT_UNKNOWN);
    autosample struct sample failed =
        sample_text("Comprehensive Benchmark Tool\nModel: a.gguf\nBenchmarking model loading...\npanicked at x\n");
    assert_int_equal(failed.result, 0);
    assert_int_equal(sample_run_count(&failed), 0);
    assert_true(sample_has_problem(&failed, "nothing was measured"));
}

static void test_table(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("| model  | quant_int8 | quant_float4 |    test |   t/s |\n|----|---:|---:|----:|-----:|\n"
                    "| C:\\m\\x-Q4_K_M.gguf | 0 | 0 | pp512 | 403.12 |\n| x-Q4_K_M.gguf | 31 | 2 | tg128 | 44.63 |\n"
                    "| x-Q4_K_M.gguf | 0 | 0 | zz1 | 44.63 |\n| x | 0 |\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "web-rwkv-gguf-table");
    assert_int_equal(sample_run_count(&sample), 2);
    assert_string_equal(sample_run(&sample, 0)->workload.task, "pp512");
    expect_number(sample_metric(sample_run(&sample, 0), "prompt_throughput")->mean, 403.12);
    assert_int_equal(sample_run(&sample, 0)->workload.parameters.count, 1);
    expect_number(sample_metric(sample_run(&sample, 1), "generation_throughput")->mean, 44.63);
    expect_number(sample_number(&sample_run(&sample, 1)->workload.parameters, "quant_int8"), 31);
    assert_true(sample_has_problem(&sample, "cells"));
    expect_same_after_redaction(&sample);
}

#define BAR " \xe2\x95\x91 "
static void test_comparison(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "\xf0\x9f\x94\x84 Benchmarking SafeTensors: /Users/ada/rwkv/3b.st\n\xf0\x9f\x94\x84 Benchmarking GGUF: "
        "3b-Q4_K_M.gguf\n\xe2\x95\x91  Prefill length:  256 tokens    Generation length:  100 tokens    \xe2\x95\x91\n"
        "\xe2\x95\x91    Format    \xe2\x95\x91 File (MB) \xe2\x95\x91  Load (ms)    \xe2\x95\x91  RAM \xce\x94 (MB)   "
        "\xe2\x95\x91  Prefill t/s  \xe2\x95\x91  Generation t/s       \xe2\x95\x91\n"
        "\xe2\x95\x91 SafeTensors" BAR "5622.4" BAR "9000.0" BAR "-3.5" BAR "150.0" BAR "20.5" BAR "\n"
        "\xe2\x95\x91 GGUF" BAR "1700.1" BAR "4000.5" BAR "3100.0" BAR "140.0" BAR "44.5" BAR "\n"
        "   Load time:   -55.5% (faster)\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "web-rwkv-gguf-formats-text");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *run = sample_run(&sample, 1);
    assert_string_equal(run->workload.mode, "GGUF");
    assert_string_equal(run->workload.model_as_given, "3b-Q4_K_M.gguf");
    assert_string_equal(run->workload.task, "pp256 tg100");
    expect_number(sample_metric(run, "model_size")->mean, 1700.1);
    expect_number(sample_metric(run, "load_time")->mean, 4000.5);
    expect_number(sample_metric(run, "generation_throughput")->mean, 44.5);
    const struct measurement *memory = sample_metric(sample_run(&sample, 0), "memory_increase");
    expect_number(memory->mean, -3.5);
    assert_int_equal(memory->flags.count, 0);
    expect_same_after_redaction(&sample);
}

static void test_kernels(void **state)
{
    (void)state;
    autosample struct sample shaders = sample_text(
        "\xf0\x9f\x96\xa5  Adapter: Apple M2 Max\n\xf0\x9f\x8f\x83 Running benchmarks (10 warmup, 100 runs each)...\n"
        "\xe2\x95\x91  Matrix: K=2560   M=10240   (vec-mat multiply, single token)  \xe2\x95\x91\n"
        "\xe2\x95\x91  Shader  \xe2\x95\x91  Avg (\xce\xbcs)  \xe2\x95\x91 Min/Max (\xce\xbcs) \xe2\x95\x91 GFLOP/s "
        "\xe2\x95\x91\n"
        "\xe2\x95\x91 matmul_vec_q4k (original)" BAR "421.5" BAR "  400/510   " BAR "124.4" BAR "\n");
    assert_int_equal(shaders.result, 0);
    const struct run *run = sample_run(&shaders, 0);
    assert_string_equal(run->workload.mode, "matmul_vec_q4k (original)");
    assert_string_equal(run->chip_name, "Apple M2 Max");
    expect_number(sample_number(&run->workload.parameters, "m"), 10240);
    const struct measurement *time = sample_metric(run, "time");
    assert_true(fabs(time->mean - 421500) < 1e-6 && fabs(time->max - 510000) < 1e-6);
    assert_string_equal(time->original_unit, "us");
    expect_number(time->original_value, 421.5);
    assert_int_equal(time->n, 100);
    assert_true(fabs(sample_metric(run, "compute_throughput")->mean - 0.1244) < 1e-12);
    expect_same_after_redaction(&shaders);
    autosample struct sample metal =
        sample_text("Embedding/Attention:    307.0 \xc2\xb5s |   42.7 GFLOPS (sync)\nBatched 192 matmuls/token:\n"
                    "  Average matmul:     24.7 \xc2\xb5s |  530.7 GFLOPS\n  Time per token:     4.74 ms\n  "
                    "Throughput:        211.1 "
                    "tok/s\nWebGPU baseline: 44.2 tok/s\nMetal batched:   211.1 tok/s\n");
    assert_int_equal(metal.result, 0);
    assert_int_equal(sample_run_count(&metal), 2);
    expect_number(sample_metric(sample_run(&metal, 1), "generation_throughput")->mean, 211.1);
    expect_number(sample_metric(sample_run(&metal, 1), "time_per_output_token")->mean, 4.74);
    assert_string_equal(sample_run(&metal, 1)->workload.backend, "Metal");
    assert_true(sample_has_problem(&metal, "44.2"));
    assert_true(sample_has_problem(&metal, "--set chip"));
    expect_same_after_redaction(&metal);
}

/* ---------------------------------------------------------------- published files */

static void test_published(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        size_t runs, at;
        double load, generation;
    } logs[] = {
        {"feature_command-buffer-batching__benchmarks_arch_optimizations.md", 5, SIZE_MAX, 0, 0},
        {"feature_command-buffer-batching__benchmarks_benchmarks.md", 27, SIZE_MAX, 0, 0},
        {"feature_command-buffer-batching__benchmarks_cleanup_baseline.md", 4, 1, 17418.61, 44.37},
        {"feature_command-buffer-batching__benchmarks_fusor_optimizations.md", 7, SIZE_MAX, 0, 0},
        {"feature_command-buffer-batching__benchmarks_memory_layout_optimization.md", 5, SIZE_MAX, 0, 0},
        {"performance-1_batched-gpu-uploads__optimization_plan_benchmarks.md", 19, SIZE_MAX, 0, 0},
        {"performance-1_batched-gpu-uploads_no-copy-traits-test__optimization_plan_benchmarks.md", 12, SIZE_MAX, 0, 0},
        {"performance-1_state-embedding__optimization_plan_benchmarks-v1.md", 21, SIZE_MAX, 0, 0},
        {"performance-2_05_architecture_changes__benchmarks_benchmarks.md", 2, 1, 4284.98, 44.08},
        {"performance-2_05_architecture_changes__optimization_plan_benchmarks.md", 1, 0, 5158.55, 44.63},
        {"performance-3_metal__benchmarks_benchmarks.md", 7, SIZE_MAX, 0, 0},
        {"performance-3_metal__benchmarks_phase4_metal.md", 1, 0, 4367.84, 44.20},
        {"performance-3_pure-metal__benchmarks_benchmarks.md", 23, SIZE_MAX, 0, 0},
        {"performance-4_base__benchmarks_benchmarks.md", 62, 0, 5242.61, 42.82},
        {"stdout_benchmark_hash15.txt", 1, 0, 4524.61, 39.00},
        {"stdout_benchmark_baseline.txt", 1, 0, 4641.46, 44.17},
        {"stdout_benchmark_metal_hash_changed.txt", 1, 0, 3631.35, 96.96},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(logs); i++) {
        char path[240];
        snprintf(path, sizeof path, CORPUS "seeds/web-rwkv-gguf/%s", logs[i].file);
        autosample struct sample sample = {0};
        if (!sample_file(path, &sample))
            skip();
        assert_int_equal(sample.result, 0);
        if (sample_run_count(&sample) != logs[i].runs)
            fail_msg("%s: %zu runs", path, sample_run_count(&sample));
        assert_string_equal(sample.readings.items[0]->device.chip, "Apple M2 Max");
        if (logs[i].at == SIZE_MAX)
            continue;
        const struct run *run = sample_run(&sample, logs[i].at);
        expect_number(sample_metric(run, "load_time")->mean, logs[i].load);
        expect_number(sample_metric(run, "generation_throughput")->mean, logs[i].generation);
    }
    autosample struct sample notes = {0};
    assert_true(sample_file(
        CORPUS "seeds/web-rwkv-gguf/performance-1_state-embedding__optimization_plan_benchmarks-v2.md", &notes));
    assert_null(notes.format);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log),       cmocka_unit_test(test_odd_logs),   cmocka_unit_test(test_output),
        cmocka_unit_test(test_table),     cmocka_unit_test(test_comparison), cmocka_unit_test(test_kernels),
        cmocka_unit_test(test_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
