/* Tables of llama-batched-bench and llama-sweep-bench, and Markdown tables of llama-bench as people copy them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>

#include "tests/unit/formats_sample.h"

static void test_batched(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "ggml_cuda_init: found 1 CUDA devices:\n  Device 0: NVIDIA L4, compute capability 8.9, VMM: yes\n"
        "llama_model_loader: loaded from /home/ada/secret/m.gguf\n"
        "print_info: file type   = Q4_K - Medium\nprint_info: general.name     = Qwen3-235B-A22B\n\n"
        "|    PP |     TG |    B |   N_KV |   T_PP s | S_PP t/s |   T_TG s | S_TG t/s |      T s |    S t/s |\n"
        "|-------|--------|------|--------|----------|----------|----------|----------|----------|----------|\n"
        "|   128 |    128 |    2 |    512 |    2.265 |   113.01 |    7.968 |    32.13 |   10.233 |    50.03 |\n"
        "|   512 |      0 |    1 |    512 |    1.000 |   512.00 |    0.000 |     0.00 |    1.000 |   512.00 |\n"
        "|   512 |      0 |    1 |\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "llama-batched-bench-md");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->chip_name, "NVIDIA L4");
    assert_string_equal(run->workload.quantization, "Q4_K_M");
    assert_string_equal(run->workload.task, "pp128+tg128");
    expect_number(sample_number(&run->workload.parameters, "batch"), 2);
    expect_number(sample_metric(run, "prompt_throughput")->mean, 113.01);
    expect_number(sample_metric(run, "generation_throughput")->mean, 32.13);
    expect_number(sample_metric(run, "total_throughput")->mean, 50.03);
    expect_number(sample_metric(run, "generation_time")->mean, 7968);
    assert_string_equal(sample_metric(run, "generation_time")->original_unit, "s");
    assert_string_equal(sample_run(&sample, 1)->workload.task, "pp512");
    assert_int_equal(sample_run(&sample, 1)->measurement_count, 4); /* no zero of what did not run */
    assert_true(sample_has_problem(&sample, "3 cells"));
    expect_same_after_redaction(&sample);
}

static void test_gpus_and_settings(void **state)
{
    (void)state;
#define ROWS(layers)                                                                                                   \
    "ggml_cuda_init: found 2 CUDA devices:\n  Device 0: NVIDIA L4, compute capability 8.9\n  Device 1: NVIDIA L4, "    \
    "compute capability 8.9\nmain: n_kv_max = 8192, n_batch = 2048, n_gpu_layers = " layers ", n_threads = 8\n\n"      \
    "|    PP |     TG |   N_KV |   T_PP s | S_PP t/s |   T_TG s | S_TG t/s |\n"                                        \
    "|-------|--------|--------|----------|----------|----------|----------|\n"                                        \
    "|   512 |    128 |      0 |    1.100 |   465.51 |    2.311 |    55.38 |\n"
    autosample struct sample sample = sample_text(ROWS("99"));
    assert_string_equal(sample_run(&sample, 0)->chip_name, "NVIDIA L4");
    assert_int_equal(sample_run(&sample, 0)->chip_count, 2);
    expect_number(sample_number(&sample_run(&sample, 0)->setup, "n_threads"), 8);
    expect_same_after_redaction(&sample);
    autosample struct sample cpu = sample_text(ROWS("0"));
    assert_null(sample_run(&cpu, 0)->chip_name);
}

static void test_sweep(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("|    PP |     TG |   N_KV |   T_PP s | S_PP t/s |   T_TG s | S_TG t/s |\n"
                    "|-------|--------|--------|----------|----------|----------|----------|\n"
                    "|   512 |    128 |      0 |    1.100 |   465.51 |    2.311 |    55.38 |\n"
                    "|   512 |    128 |    512 |    1.183 |   432.97 |    1.895 |    67.55 |\n");
    assert_int_equal(sample_run_count(&sample), 2);
    assert_null(parameters_find(&sample_run(&sample, 0)->workload.parameters, "n_depth"));
    expect_number(sample_number(&sample_run(&sample, 1)->workload.parameters, "n_depth"), 512);
    expect_number(sample_metric(sample_run(&sample, 1), "generation_throughput")->mean, 67.55);
    assert_true(sample_has_problem(&sample, "names no model"));
}

/* A browser copies runs of blanks as blanks and no-break spaces. */
static void test_no_break_spaces(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "| model \u00a0 \u00a0 | size | params | backend | ngl | test | t/s |\n"
        "| --- | ---: | ---: | --- | --: | --- | ---: |\n"
        "| llama 7B Q4_0\u00a0 \u00a0 | 3.56 GiB | 6.74 B | CUDA \u00a0 | 99 | \u00a0 pp512 | 12.50 \u00b1 0.25 |\n");
    assert_int_equal(sample_run_count(&sample), 1);
    assert_string_equal(sample_run(&sample, 0)->workload.model, "Llama 2 7B");
    assert_string_equal(sample_run(&sample, 0)->workload.task, "pp512");
    expect_number(sample_metric(sample_run(&sample, 0), "prompt_throughput")->mean, 12.5);
    expect_number(sample_metric(sample_run(&sample, 0), "prompt_throughput")->stddev, 0.25);
    expect_same_after_redaction(&sample);
}

static void test_comparison_of_builds(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("| model | size | test | t/s | t/s | Speedup |\n| --- | ---: | ---: | ---: | ---: | ---: |\n"
                    "| llama 8B IQ1_S | 2.07 GiB | pp512 | 264.36 \u00b1 0.32 | 308.67 \u00b1 3.45 | 1.168 |\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "llama-bench-md");
    assert_int_equal(sample_run_count(&sample), 0);
    assert_true(sample_has_problem(&sample, "one name"));
}

/* People part the models of a table with a rule. */
static void test_rule_within_a_table(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("> | model | size | test | t/s |\n> | --- | ---: | ---: | ---: |\n"
                    "> | Q2_K_R4 | 238.69 GiB | pp512 | 112.21 \u00b1 0.74 |\n"
                    "> | Q2_K_R4 | 238.69 GiB | pp1024 | 97.59 \u00b1 1.21 |\n> | ------- | ---: | ---: |\n"
                    "> | IQ2_K_R4 | 226.00 GiB | pp512 | 105.33 \u00b1 0.46 |\n\n"
                    "| name | other |\n| --- | --- |\n| x | 5 |\n");
    assert_int_equal(sample_run_count(&sample), 3);
    expect_number(sample_metric(sample_run(&sample, 1), "prompt_throughput")->mean, 97.59);
    expect_number(sample_metric(sample_run(&sample, 2), "prompt_throughput")->mean, 105.33);
    expect_same_after_redaction(&sample);
}

static void test_speeds_that_are_none(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("| model | size | test | t/s |\n| --- | ---: | ---: | ---: |\n| llama 7B Q4_0 | 3.56 GiB | tg128 | "
                    "nan \u00b1 nan |\n| llama 7B Q4_0 | 3.56 GiB | tg128 | 20,5 \u00b1 0,1 |\n"
                    "| llama 7B Q4_0 | 3.56 GiB | tg128 | 20.5 \u00c2\u00b1 0.1 |\n");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct measurement *none = sample_metric(sample_run(&sample, 0), "generation_throughput");
    assert_string_equal(none->flags.items[0], "not_finite");
    expect_number(none->mean, (double)NAN);
    assert_true(sample_has_problem(&sample, "20,5"));
    expect_number(sample_metric(sample_run(&sample, 1), "generation_throughput")->mean, 20.5);
    expect_number(sample_metric(sample_run(&sample, 1), "generation_throughput")->stddev, 0.1);
    expect_same_after_redaction(&sample);
}

static void test_cells_without_a_length(void **state)
{
    (void)state;
    static const char text[] = "|PP|TG|B|N_KV|S_TG t/s|\n|--|--|--|--|--|\n| | | | | 4.5|\n|1|2|1|3|5|\n";
    autosample struct sample sample = sample_of(text, sizeof text - 1, "llama-batched-bench-md");
    assert_int_equal(sample_run_count(&sample), 2);
    assert_null(sample_run(&sample, 0)->workload.task);
    assert_string_equal(sample_run(&sample, 1)->workload.task, "pp1+tg2");
    expect_same_after_redaction(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batched),
        cmocka_unit_test(test_sweep),
        cmocka_unit_test(test_gpus_and_settings),
        cmocka_unit_test(test_no_break_spaces),
        cmocka_unit_test(test_comparison_of_builds),
        cmocka_unit_test(test_rule_within_a_table),
        cmocka_unit_test(test_speeds_that_are_none),
        cmocka_unit_test(test_cells_without_a_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
