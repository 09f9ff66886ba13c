/* Tables that people keep: Ollama's eval rates by system, mlx-benchmark's times of operations. The numbers of runs
 * of the corpus files were counted with a Python script, their first figures read by eye. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "tests/unit/formats_sample.h"

static void test_ollama(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "Words of Ann\n### gpt-oss 20b\n\n| System | CPU/GPU | Eval Rate | Power (Peak) |\n"
        "| :--- | :--- | :--- | :--- |\n"
        "| [Pi CM5 - 16GB (Nvidia RTX 4090<sup>1</sup>)](https://x.org/1) | GPU | 189.09 Tokens/s | 322.1W |\n"
        "| [Mac Studio (M3 Ultra 512GB)](https://x.org/2) | GPU | 115.29 Tokens/s | N/A |\n"
        "| Pi 5 - 16GB | CPU | failed | N/A |\n\n| System | Eval Rate |\n| --- |\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "ollama-summary-md");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->chip_name, "Nvidia RTX 4090");
    assert_string_equal(run->workload.model_as_given, "gpt-oss 20b");
    expect_number(sample_metric(run, "generation_throughput")->mean, 189.09);
    expect_number(sample_metric(run, "peak_power")->mean, 322.1);
    assert_int_equal(sample_run(&sample, 1)->measurement_count, 1);
    assert_true(sample_has_problem(&sample, "no rate"));
    expect_same_after_redaction(&sample);
    autosample struct sample ragged = sample_text("| System | Eval Rate |\n| --- | --- |\n| a | 1 Tokens/s | 2 |\n");
    assert_true(ragged.result < 0);
    assert_int_equal(ragged.err.line, 3);
}

#define UNIT "measured in `milliseconds`.\n"
#define TABLE                                                                                                          \
    "**M1 Pro (2E+8P+16GPU+16GB) - mlx: 0.5.0**\n\n| Operation | mlx_gpu | cpu | mlx_gpu/cpu speedup |\n"              \
    "|---|---|---|---|\n| Argmax | 1.75 | 8.19 | +58% |\n| Sort | N/A | nan | +1% |\n"

static void test_mlx(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(UNIT TABLE);
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "mlx-benchmark-md");
    assert_int_equal(sample_run_count(&sample), 3);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->chip_name, "M1 Pro (2E+8P+16GPU+16GB)");
    assert_string_equal(run->workload.task, "Argmax");
    assert_string_equal(run->workload.backend, "mlx_gpu");
    assert_string_equal(sample_word(&run->setup, "mlx"), "0.5.0");
    expect_number(sample_metric(run, "latency")->mean, 1.75);
    assert_true(sample_has_problem(&sample, "no figure"));
    assert_true(flags_has(&sample_metric(sample_run(&sample, 2), "latency")->flags, "not_finite"));
    expect_same_after_redaction(&sample);
    /* A line of somebody ends the table, and so does what redaction leaves of it. */
    autosample struct sample cut = sample_text(UNIT TABLE "somebody's line\n| these `milliseconds` | are none |\n");
    assert_int_equal(cut.result, 0);
    assert_int_equal(sample_run_count(&cut), 3);
    expect_same_after_redaction(&cut);
    autosample struct sample without = sample_text(TABLE);
    assert_true(without.result < 0);
    assert_string_equal(without.err.text, "the tables state no unit of time");
}

static void test_corpus(void **state)
{
    (void)state;
    autosample struct sample ollama = {0}, mlx = {0};
    if (!sample_file(CORPUS "formats/ollama-summary-md/ai-benchmarks__README.md", &ollama) ||
        !sample_file(CORPUS "formats/mlx-benchmark-md/mlx-benchmark__benchmarks_average_benchmark.md", &mlx))
        skip();
    assert_string_equal(ollama.format->name, "ollama-summary-md");
    assert_int_equal(sample_run_count(&ollama), 102);
    expect_number(sample_metric(sample_run(&ollama, 0), "generation_throughput")->mean, 92.49);
    expect_number(sample_metric(sample_run(&ollama, 0), "peak_power")->mean, 464.2);
    expect_same_after_redaction(&ollama);
    assert_string_equal(mlx.format->name, "mlx-benchmark-md");
    assert_int_equal(sample_run_count(&mlx), 1835);
    expect_number(sample_metric(sample_run(&mlx, 1), "latency")->mean, 10.63);
    expect_same_after_redaction(&mlx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ollama),
        cmocka_unit_test(test_mlx),
        cmocka_unit_test(test_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
