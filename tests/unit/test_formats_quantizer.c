/* Model Quantizer: its JSON and its summary. Layouts as benchmark_model.py writes them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "schema/base/str.h"
#include "tests/unit/formats_sample.h"

static const double none = (double)NAN;

#define PROMPT(name, category, tokens, rate)                                                                           \
    "{\"prompt\": \"Tell ada a secret\", \"prompt_tokens\": 7, \"generated_text\": \"no \\\"way\\\"\", "               \
    "\"generated_tokens\": " tokens                                                                                    \
    ", \"tokenize_time\": 0.002, \"generation_time\": 10.5, \"tokens_per_second\": " rate ", \"prompt_name\": \"" name \
    "\", \"prompt_category\": \"" category "\"}"
#define STATS(average, rate)                                                                                           \
    "\"stats\": {\"memory\": {\"min_memory\": 3.5, \"max_memory\": 4.25, \"avg_memory\": " average                     \
    ", \"std_memory\": 0.5, \"current_memory\": 4.0, \"initial_memory\": 0.5, \"memory_increase\": -0.25}, "           \
    "\"performance\": {\"total_duration\": 188.5, \"load_duration\": 18.75, \"prompt_eval_count\": 5318, "             \
    "\"prompt_eval_duration\": 0.02, \"prompt_eval_rate\": 265900.0, \"eval_count\": 543, \"eval_duration\": 169.5, "  \
    "\"eval_rate\": " rate ", \"min_generation_rate\": 2.0, \"max_generation_rate\": 4.5}}"
#define CONFIG(original, quantized)                                                                                    \
    "\"timestamp\": \"2025-03-15T14:22:07.418233\", \"config\": {\"original_model\": \"" original                      \
    "\", \"quantized_model\": \"" quantized "\", \"device\": \"cuda\", \"max_new_tokens\": 50}, "
#define DOCUMENT                                                                                                       \
    "{" CONFIG("microsoft/Phi-4-mini-instruct",                                                                        \
               "/home/ada/phi4-mini-gptq-4bit") "\"original\": {\"results\": "                                         \
                                                "[" PROMPT("short_factual", "short", "51", "4.5") "], " STATS(         \
                                                    "4.0",                                                             \
                                                    "3.2064") "}, "                                                    \
                                                              "\"quantized\": "                                        \
                                                              "{\"results\": "                                         \
                                                              "[" PROMPT(                                              \
                                                                  "short_factual", "short", "-3",                      \
                                                                  "-0.25") ","                                         \
                                                                           " " PROMPT(                                 \
                                                                               "long_creative", "long", "50",          \
                                                                               "Infinity") "], " STATS("NaN",          \
                                                                                                       "4.5") "}}"

static void test_document(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text("Benchmark results:\n" DOCUMENT "\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "model-quantizer-json");
    assert_int_equal(sample_run_count(&sample), 5);
    const struct run *overall = sample_run(&sample, 0);
    assert_string_equal(overall->workload.mode, "original");
    assert_string_equal(overall->workload.model_as_given, "Phi-4-mini-instruct");
    assert_string_equal(overall->workload.backend, "CUDA");
    assert_null(overall->workload.category);
    assert_string_equal(overall->ran_at, "2025-03-15T14:22:07.418233");
    assert_true(overall->ran_at_local);
    const struct measurement *memory = sample_metric(overall, "peak_memory");
    expect_number(memory->mean, 4352);
    assert_string_equal(memory->original_unit, "GiB");
    expect_number(memory->original_value, 4.25);
    assert_int_equal(sample_metric(overall, "memory_used")->stddev_kind, STDDEV_POPULATION);
    expect_number(sample_metric(overall, "memory_increase")->mean, -256);
    expect_number(sample_metric(overall, "load_time")->mean, 18750);
    expect_number(sample_metric(overall, "tokenization_throughput")->mean, 265900);
    expect_number(sample_metric(overall, "generation_throughput")->mean, 3.2064);
    expect_number(sample_metric(overall, "generation_throughput")->max, 4.5);
    const struct run *prompt = sample_run(&sample, 1);
    assert_string_equal(prompt->workload.category, "short");
    assert_string_equal(sample_word(&prompt->workload.parameters, "prompt"), "short_factual");
    expect_number(sample_number(&prompt->workload.parameters, "max_new_tokens"), 50);
    expect_number(sample_metric(prompt, "generation_time")->mean, 10500);
}

static void test_odd_figures(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(DOCUMENT);
    const struct run *overall = sample_run(&sample, 2), *negative = sample_run(&sample, 3);
    assert_string_equal(overall->workload.mode, "quantized");
    assert_string_equal(overall->workload.model_as_given, "phi4-mini-gptq-4bit");
    assert_non_null(overall->workload.quantization);
    expect_number(sample_metric(overall, "memory_used")->mean, none);
    assert_true(flags_has(&sample_metric(overall, "memory_used")->flags, "not_finite"));
    assert_true(flags_has(&negative->flags, "negative_tokens"));
    expect_number(sample_metric(negative, "tokens_generated")->mean, -3);
    assert_true(flags_has(&sample_metric(sample_run(&sample, 4), "generation_throughput")->flags, "not_finite"));
    assert_true(sample_has_problem(&sample, "is negative"));
    assert_true(sample_has_problem(&sample, "--set chip"));
    assert_int_equal(sample.readings.items[0]->private_count, 7); /* three prompts, three texts, a folder */
    expect_same_after_redaction(&sample);
}

static void test_broken(void **state)
{
    (void)state;
    const char *text = DOCUMENT;
    const char *cut = strstr(text, "\"quantized\": {");
    autosample struct sample half = sample_of(text, (size_t)(cut - text) + 40, NULL);
    assert_int_equal(half.result, -ERR_SYNTAX);
    assert_int_equal(sample_run_count(&half), 2);
    assert_non_null(strstr(half.err.detail, "still readable: 2 runs"));
    autosample struct sample wrong =
        sample_text("{\"quantized\": {}, \"original\": {\"stats\": {\"performance\": {\"eval_rate\": \"fast\"}}}}");
    assert_int_equal(wrong.result, -ERR_DATA);
    assert_string_equal(wrong.err.path, "original.stats.performance.eval_rate");
    assert_int_equal(wrong.err.line, 1);
    assert_int_equal(wrong.err.column, 71);
    autosample struct sample list = sample_text("{\"quantized\": {\"results\": [3]}, \"original\": {\"stats\": "
                                                "{\"performance\": {\"eval_rate\": 5}}}}");
    assert_string_equal(list.err.path, "quantized.results[0]");
    assert_int_equal(sample_run_count(&list), 1);
    autosample struct sample empty =
        sample_text("{\"config\": {}, \"original\": {}, \"quantized\": {\"stats\": {\"memory\": "
                    "{\"memory_increase\": null}}}}");
    assert_int_equal(empty.result, 0);
    assert_int_equal(sample_run_count(&empty), 0);
    assert_true(sample_has_problem(&empty, "has no summary"));
    autosample struct sample folder = sample_text("{" CONFIG("/home/ada/", "models/x-8bit/") "\"original\": {" STATS(
        "4.0", "3.5") "}, \"quantized\": {" STATS("4.0", "3.5") "}}");
    assert_null(sample_run(&folder, 0)->workload.model);
    assert_string_equal(sample_run(&folder, 1)->workload.model_as_given, "x-8bit");
    assert_true(sample_has_problem(&folder, "--set model"));
    expect_same_after_redaction(&folder);
}

#define SUMMARY                                                                                                        \
    "BENCHMARK SUMMARY\n\nMEMORY USAGE (GB):\nMetric          Original        Quantized       Difference      Ratio\n" \
    "-----\ninitial_memory  0.50            0.66            0.15            1.29\n"                                    \
    "max_memory      16.00           4.32            -11.59          0.27\n\nLOADING PERFORMANCE:\n"                   \
    "Load time (s)   18.73           9.28            -9.45           0.50\n\n"                                         \
    "GENERATION PERFORMANCE BY PROMPT CATEGORY:\n\nVERY_LONG PROMPTS:\n"                                               \
    "Generation time (s)  24.31           17.33           -6.99           0.71\n"                                      \
    "Tokens per second    0.00            2.87            2.87            inf\n\nOVERALL GENERATION PERFORMANCE:\n"    \
    "Prompt tokens        5318.00         5318.00         0.00            1.00\n"                                      \
    "Prompt tokens/sec    293194.30       nan             nan             nan\n"                                       \
    "Generation tokens/sec 3.21            4.37            1.16            1.36\n\nSUMMARY:\nMemory reduction: "       \
    "72.86%\n"

static void test_summary(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("BENCHMARKING ORIGINAL MODEL: microsoft/Phi-4-mini-instruct\nGenerating: my secret is 42\n"
                    "BENCHMARKING QUANTIZED MODEL: /home/ada/phi4-8bit\r\n" SUMMARY);
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "model-quantizer-text");
    assert_int_equal(sample_run_count(&sample), 4);
    const struct run *overall = sample_run(&sample, 0);
    assert_string_equal(overall->workload.model_as_given, "Phi-4-mini-instruct");
    expect_number(sample_metric(overall, "peak_memory")->mean, 16384);
    expect_number(sample_metric(overall, "prompt_tokens")->mean, 5318);
    expect_number(sample_metric(overall, "generation_throughput")->mean, 3.21);
    assert_true(flags_has(&sample_metric(sample_run(&sample, 1), "tokenization_throughput")->flags, "not_finite"));
    const struct run *category = sample_run(&sample, 2);
    assert_string_equal(category->workload.category, "very_long");
    assert_true(flags_has(&sample_metric(category, "generation_throughput")->flags, "not_positive"));
    expect_number(sample_metric(sample_run(&sample, 3), "generation_time")->mean, 17330);
    expect_same_after_redaction(&sample);
    autosample struct sample alone = sample_text(SUMMARY);
    assert_true(sample_has_problem(&alone, "names neither the models"));
}

static void test_published(void **state)
{
    (void)state;
    autosample struct sample whole = {0}, odd = {0}, negative = {0}, other = {0}, printed = {0};
    if (!sample_file(CORPUS "seeds/model-quantizer/benchmark_results_20250315_142207.json", &whole))
        skip();
    assert_int_equal(whole.result, 0);
    assert_int_equal(sample_run_count(&whole), 24);
    expect_number(sample_metric(sample_run(&whole, 0), "generation_throughput")->mean, 3.2064231389420206);
    expect_number(sample_metric(sample_run(&whole, 12), "generation_throughput")->mean, 4.367114249413435);
    assert_true(sample_file(CORPUS "seeds/model-quantizer/benchmark_results_nan_infinity.json", &odd));
    assert_int_equal(odd.result, 0);
    assert_true(sample_has_problem(&odd, "eval_rate is NaN or infinite"));
    assert_true(sample_has_problem(&odd, "avg_memory is NaN or infinite"));
    assert_true(sample_file(CORPUS "seeds/model-quantizer/benchmark_results_negative_tokens.json", &negative));
    assert_true(sample_has_problem(&negative, "is negative"));
    assert_true(sample_file(CORPUS "seeds/model-quantizer/gptq_comparison.json", &other));
    assert_string_equal(sample_run(&other, 0)->workload.model_as_given, "phi4-mini-gptq-8bit");
    assert_true(sample_file(CORPUS "seeds/model-quantizer/stdout_summary.txt", &printed));
    assert_int_equal(sample_run_count(&printed), 10);
    expect_number(sample_metric(sample_run(&printed, 0), "generation_throughput")->mean, 3.21);
    assert_string_equal(sample_run(&printed, 2)->workload.category, "short");
    expect_number(sample_metric(sample_run(&printed, 2), "generation_throughput")->mean, 4.14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_document), cmocka_unit_test(test_odd_figures), cmocka_unit_test(test_broken),
        cmocka_unit_test(test_summary),  cmocka_unit_test(test_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
