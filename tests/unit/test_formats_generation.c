/* Ollama's and MLX-LM's printing, LocalScore's JSON. Written here after what the programs print. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "tests/unit/formats_sample.h"

#define FOOTER(rate)                                                                                                   \
    "total duration:       1m8.5s\nload duration:        54.25ms\nprompt eval count:    15 token(s)\n"                 \
    "prompt eval duration: 250\u00b5s\nprompt eval rate:     68.72 tokens/s\neval count:           341 token(s)\n"     \
    "eval duration:        2s\neval rate:            " rate " tokens/s\n"

static void test_ollama_verbose(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("ada@box:~$ ollama run --verbose llama3.1:8b my question\nThe answer: 42 tokens/s\n\n" FOOTER(
            "40.16") ">>> another\nfine\n" FOOTER("41.5"));
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "ollama-verbose");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.model_as_given, "llama3.1:8b");
    expect_number(sample_metric(run, "duration")->mean, 68.5);
    expect_number(sample_metric(run, "load_time")->mean, 54.25);
    expect_number(sample_metric(run, "prompt_time")->mean, 0.25);
    expect_number(sample_metric(run, "generation_time")->mean, 2000);
    expect_number(sample_metric(run, "prompt_throughput")->mean, 68.72);
    expect_number(sample_metric(run, "generation_throughput")->mean, 40.16);
    expect_number(sample_metric(sample_run(&sample, 1), "generation_throughput")->mean, 41.5);
    expect_number(sample_number(&run->workload.parameters, "n_gen"), 341);
    expect_same_after_redaction(&sample);
}

static void test_mlx_benchmark(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("Running warmup..\nTiming with prompt_tokens=512, generation_tokens=1024, batch_size=4.\n"
                    "Trial 1:  prompt_tps=4012.000, generation_tps=120.000, peak_memory=5.000, total_time=9.500\n"
                    "Trial 2:  prompt_tps=4000.000, generation_tps=122.000, peak_memory=5.000, total_time=9.700\n"
                    "Averages: prompt_tps=4006.000, generation_tps=150.000, peak_memory=5.000\n");
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample_run_count(&sample), 1);
    const struct run *run = sample_run(&sample, 0);
    expect_number(sample_number(&run->workload.parameters, "batch"), 4);
    assert_int_equal(sample_metric(run, "prompt_throughput")->sample_count, 2);
    expect_number(sample_metric(run, "prompt_throughput")->mean, 4006);
    assert_string_equal(sample_metric(run, "generation_throughput")->flags.items[0], "mean_differs");
    assert_string_equal(sample_metric(run, "peak_memory")->original_unit, "GB");
    expect_number(sample_metric(run, "duration")->mean, 9.6);
    expect_same_after_redaction(&sample);
}

static void test_localscore_json(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "Loading model...\n{\"runtime_info\": {\"name\": \"llamafile\", \"version\": \"0.9.2\", \"commit\": \"abc\"},\n"
        "\"system_info\": {\"cpu_name\": \"AMD EPYC 7352\", \"cpu_arch\": \"x86_64\", \"ram_gb\": 125.5, "
        "\"kernel_type\": \"Linux\", \"version\": \"#1 SMP on adas-box\"},\n\"accelerator_info\": {\"name\": "
        "\"NVIDIA GeForce RTX 3090\", \"memory_gb\": 24.0, \"type\": \"GPU\"},\n\"results\": [{\"name\": "
        "\"pp1024+tg16\", \"model_name\": \"Meta Llama 3.1 8B Instruct\", \"model_quant_str\": \"Q4_K - Medium\", "
        "\"n_prompt\": 1024, \"n_gen\": 16, \"power_watts\": 0.0, \"prompt_tps\": 3552.5, \"gen_tps\": 103.1, "
        "\"ttft_ms\": 300.25, \"samples_ns\": [400000000, 401000000]}],\n\"results_summary\": {\"avg_gen_tps\": 103.1, "
        "\"performance_score\": 1008}}");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "localscore-json");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->chip_name, "NVIDIA GeForce RTX 3090");
    assert_string_equal(run->workload.quantization, "Q4_K_M");
    expect_number(sample_metric(run, "time_to_first_token")->mean, 300.25);
    assert_int_equal(sample_metric(run, "duration")->sample_count, 2);
    expect_number(sample_metric(run, "duration")->max, 0.401);
    assert_int_equal(run->measurement_count, 4); /* no power where there is no meter */
    expect_number(sample_metric(sample_run(&sample, 1), "score")->mean, 1008);
    assert_string_equal(sample.readings.items[0]->device.chip, "AMD EPYC 7352");
    expect_same_after_redaction(&sample);
}

#define SEEDS "tests/data/fuzz/formats/ollama-bench/"

/* Its three forms (cmd/bench/bench.go). */
static void test_ollama_bench(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        double prompt, generation, load, duration;
        int64_t n;
    } files[] = {{SEEDS "epochs.md", (4132.44 + 4274.44) / 2, (75.56 + 75.76) / 2, (121.674208 + 111.674208) / 2,
                  (2.861047625 + 62.861047625) / 2, 2},
                 {SEEDS "table.csv", 12800, 51200, 1500, 2.5, 1},
                 {SEEDS "lines.txt", 666666.67, 101.01, 121.345, 2.121345, 1}};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        autosample struct sample sample = {0};
        assert_true(sample_file(files[i].path, &sample));
        assert_int_equal(sample.result, 0);
        assert_string_equal(sample.format->name, "ollama-bench");
        const struct run *run = sample_run(&sample, 0);
        assert_true(fabs(sample_metric(run, "prompt_throughput")->mean - files[i].prompt) < 1e-6);
        assert_true(fabs(sample_metric(run, "generation_throughput")->mean - files[i].generation) < 1e-6);
        assert_true(fabs(sample_metric(run, "load_time")->mean - files[i].load) < 1e-6);
        assert_true(fabs(sample_metric(run, "duration")->mean - files[i].duration) < 1e-6);
        assert_int_equal(sample_metric(run, "duration")->n, files[i].n);
        expect_same_after_redaction(&sample);
    }
    autosample struct sample epochs = {0}, lines = {0};
    assert_true(sample_file(SEEDS "epochs.md", &epochs) && sample_file(SEEDS "lines.txt", &lines));
    expect_number(sample_number(&sample_run(&epochs, 0)->workload.parameters, "n_prompt"), 124);
    assert_null(parameters_find(&sample_run(&epochs, 0)->workload.parameters, "n_gen")); /* 200 and 198 */
    assert_int_equal(sample_run_count(&lines), 2);
    assert_string_equal(sample_run(&lines, 1)->workload.model_as_given, "qwen3:8b");
    assert_int_equal(sample_run(&lines, 1)->measurement_count, 1);
    assert_true(sample_has_problem(&lines, "no token was counted"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ollama_verbose),
        cmocka_unit_test(test_ollama_bench),
        cmocka_unit_test(test_mlx_benchmark),
        cmocka_unit_test(test_localscore_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
