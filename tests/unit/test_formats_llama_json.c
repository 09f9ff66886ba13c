/* llama-bench JSON and JSON lines. The records are written here after the shapes of several years; figures of the
 * RTX 3090 Ti are those of llama.cpp's own README (build 1275), those of the M1 Max from discussion 4167. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/str.h"
#include "tests/unit/formats_sample.h"

static const double none = (double)NAN;

/* As llama-bench wrote it in September 2023: booleans for backends, f16_kv. */
#define RECORD_2023                                                                                                    \
    "{\"build_commit\": \"3469684\", \"build_number\": 1275, \"cuda\": true, \"metal\": false, \"gpu_blas\": true, "   \
    "\"blas\": true, \"cpu_info\": \"13th Gen Intel(R) Core(TM) i9-13900K\", \"gpu_info\": \"NVIDIA GeForce RTX "      \
    "3090 Ti\", \"model_filename\": \"models/7B/ggml-model-q4_0.gguf\", \"model_type\": \"llama 7B mostly Q4_0\", "    \
    "\"model_size\": 3825065984, \"model_n_params\": 6738415616, \"n_batch\": 512, \"n_threads\": 16, \"f16_kv\": "    \
    "true, \"n_gpu_layers\": 99, \"main_gpu\": 0, \"mul_mat_q\": true, \"tensor_split\": \"0.00\", \"n_prompt\": 0, "  \
    "\"n_gen\": 128, \"test_time\": \"2023-09-23T12:09:59Z\", \"avg_ns\": 977425219, \"stddev_ns\": 9268593, "         \
    "\"avg_ts\": 130.965708, \"stddev_ts\": 1.238924, \"samples_ns\": [ 984472709, 974901233, 989474741, 970729355, "  \
    "967548060 ], \"samples_ts\": [ 130.019, 131.295, 129.362, 131.86, 132.293 ]}"

static void test_record_of_2023(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text("[" RECORD_2023 "]\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "llama-bench-json");
    assert_int_equal(sample.readings.count, 1);
    const struct reading *reading = sample.readings.items[0];
    assert_string_equal(reading->tool, "llama-bench");
    assert_string_equal(reading->tool_version, "b1275 (3469684)");
    assert_string_equal(reading->device.chip, "13th Gen Intel(R) Core(TM) i9-13900K");
    assert_int_equal(reading->device.chip_count, 1);
    assert_string_equal(reading->device.chips[0].name, "NVIDIA GeForce RTX 3090 Ti");
    assert_int_equal(reading->problem_count, 0);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->chip_name, "NVIDIA GeForce RTX 3090 Ti");
    assert_int_equal(run->chip_count, 1);
    assert_string_equal(run->workload.model, "Llama 2 7B");
    assert_string_equal(run->workload.model_as_given, "llama 7B mostly Q4_0");
    assert_string_equal(run->workload.quantization, "Q4_0");
    assert_string_equal(run->workload.backend, "CUDA");
    assert_string_equal(run->workload.task, "tg128");
    expect_number(run->workload.model_bytes, 3825065984.0);
    expect_number(run->workload.model_parameters, 6738415616.0);
    assert_string_equal(run->ran_at, "2023-09-23T12:09:59Z");
    assert_false(run->ran_at_local);
    assert_int_equal(run->workload.parameters.count, 1);
    expect_number(sample_number(&run->workload.parameters, "n_gen"), 128);
    expect_number(sample_number(&run->setup, "threads"), 16);
    expect_number(sample_number(&run->setup, "n_gpu_layers"), 99);
    assert_string_equal(sample_word(&run->setup, "tensor_split"), "0.00");
    assert_string_equal(sample_word(&run->setup, "build"), "b1275 (3469684)");
}

static void test_figures(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text("[" RECORD_2023 "]");
    const struct measurement *rate = sample_metric(sample_run(&sample, 0), "generation_throughput");
    assert_string_equal(rate->unit, "tok/s");
    assert_int_equal(rate->direction, DIRECTION_HIGHER);
    assert_int_equal(rate->n, 5);
    expect_number(rate->mean, 130.965708);
    expect_number(rate->stddev, 1.238924);
    assert_int_equal(rate->stddev_kind, STDDEV_SAMPLE);
    expect_number(rate->min, 129.362);
    expect_number(rate->max, 132.293);
    expect_number(rate->median, 131.295);
    assert_int_equal(rate->sample_count, 5);
    expect_number(rate->samples[0], 130.019);
    expect_number(rate->samples[4], 132.293);
    assert_int_equal(rate->flags.count, 0);
    assert_int_equal(sample_run(&sample, 0)->measurement_count, 1);
}

/* Published tables rewritten as records hold next to nothing; nothing may be invented. */
static void test_bare_records(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text("[{\"gpu_info\": \"Apple M1 Max\", \"backends\": \"Metal\", "
                                                  "\"model_type\": \"LLaMA 7B v2 Q4_0\", \"n_prompt\": 512, "
                                                  "\"n_gen\": 0, \"avg_ts\": 530.06}]");
    assert_int_equal(sample.result, 0);
    const struct reading *reading = sample.readings.items[0];
    assert_null(reading->tool_version);
    assert_string_equal(reading->device.chip, "Apple M1 Max");
    assert_int_equal(reading->device.chip_count, 0);
    assert_int_equal(reading->device.cores, COUNT_UNKNOWN);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->chip_name, "Apple M1 Max");
    assert_string_equal(run->workload.model, "Llama 2 7B");
    assert_null(run->ran_at);
    expect_number(run->workload.model_bytes, none);
    assert_int_equal(run->setup.count, 0);
    const struct measurement *rate = sample_metric(run, "prompt_throughput");
    assert_int_equal(rate->n, COUNT_UNKNOWN);
    expect_number(rate->mean, 530.06);
    expect_number(rate->stddev, none);
    assert_int_equal(rate->stddev_kind, STDDEV_UNKNOWN);
    expect_number(rate->min, none);
    expect_number(rate->median, none);
}

static void test_one_repetition(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text("{\"build_commit\": \"1c1409e1\", \"gpu_info\": \"G\", \"n_prompt\": "
                                                  "512, \"n_gen\": 0, \"avg_ts\": 1472.012844, "
                                                  "\"stddev_ts\": 0.0, \"samples_ts\": [ 1472.01 ]}\n");
    assert_string_equal(sample.format->name, "llama-bench-jsonl");
    const struct measurement *rate = sample_metric(sample_run(&sample, 0), "prompt_throughput");
    assert_int_equal(rate->n, 1);
    expect_number(rate->stddev, none);
    expect_number(rate->mean, 1472.012844);
    expect_number(rate->median, 1472.01);
}

static void test_tests_and_depth(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "{\"gpu_info\":\"G\",\"n_prompt\":512,\"n_gen\":128,\"n_depth\":0,\"type_k\":\"f16\",\"type_v\":\"q8_0\",\"avg_"
        "ts\":400}\n"
        "{\"gpu_info\":\"G\",\"n_prompt\":2048,\"n_gen\":0,\"n_depth\":32768,\"flash_attn\":-1,\"avg_ts\":40}\n"
        "{\"gpu_info\":\"G\",\"test\":\"pp 64+tg 16 @ d128\",\"flash_attn\":1,\"f16_kv\":false,\"avg_ts\":4}\n"
        "{\"gpu_info\":\"G\",\"n_prompt\":0,\"n_gen\":0,\"avg_ts\":4}\n");
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample_run_count(&sample), 3);
    assert_true(sample_has_problem(&sample, "neither n_prompt nor n_gen"));
    const struct run *both = sample_run(&sample, 0);
    assert_string_equal(both->workload.task, "pp512+tg128");
    expect_number(sample_metric(both, "total_throughput")->mean, 400);
    assert_string_equal(sample_word(&both->workload.parameters, "type_v"), "q8_0");
    assert_null(parameters_find(&both->workload.parameters, "type_k"));
    assert_null(parameters_find(&both->workload.parameters, "n_depth"));
    const struct run *deep = sample_run(&sample, 1);
    assert_string_equal(deep->workload.task, "pp2048");
    expect_number(sample_number(&deep->workload.parameters, "n_depth"), 32768);
    assert_string_equal(sample_word(&deep->setup, "flash_attn"), "auto");
    const struct run *named = sample_run(&sample, 2);
    assert_string_equal(named->workload.task, "pp64+tg16");
    expect_number(sample_number(&named->workload.parameters, "n_depth"), 128);
    assert_string_equal(sample_word(&named->workload.parameters, "type_k"), "f32");
    assert_int_equal(parameters_find(&named->setup, "flash_attn")->type, PARAMETER_BOOLEAN);
}

/* ---------------------------------------------------------------- surroundings */

static void test_noise_and_wrappers(void **state)
{
    (void)state;
    autosample struct sample log = sample_text(
        "ggml_cuda_init: found 1 CUDA devices:\n  Device 0: NVIDIA GeForce RTX 3090 Ti, VMM: yes {x}\n[\n" RECORD_2023
        "\n]\nllama_perf: done {ok}\n[" RECORD_2023 "]");
    assert_int_equal(log.result, 0);
    assert_int_equal(sample_run_count(&log), 2);
    autosample struct sample wrapped = sample_text("{\"mode\": \"tg\", \"host\": \"tower\", \"bench_raw\": " RECORD_2023
                                                   ", \"avg_power_w\": 19.0275}\n");
    assert_int_equal(wrapped.result, 0);
    assert_int_equal(sample_run_count(&wrapped), 1);
    const struct reading *reading = wrapped.readings.items[0];
    assert_int_equal(reading->original_offset, 0);
    assert_int_equal(reading->original_length, wrapped.length - 1);
    assert_int_equal(reading->private_count, 1);
    assert_int_equal(reading->privates[0].kind, PRIVATE_HOST);
    assert_memory_equal(wrapped.text + reading->privates[0].offset, "tower", 5);
    expect_same_after_redaction(&wrapped);
}

static void test_paths_are_private(void **state)
{
    (void)state;
    static const struct {
        const char *json, *private_part, *file;
    } cases[] = {
        {"/home/ada/models/llama-2-7b.Q4_0.gguf", "/home/ada/models", "llama-2-7b.Q4_0.gguf"},
        {"\\/models\\/llama-2-7b.Q4_0.gguf", "\\/models", "llama-2-7b.Q4_0.gguf"},
        {"C:\\\\Users\\\\ada\\\\x.gguf", "C:\\\\Users\\\\ada", "x.gguf"},
        {"~/x.gguf", "~", "x.gguf"},
        {"../ada/x.gguf", "../ada", "x.gguf"},
        {"/home/ada/m\\u00e4r.gguf", "/home/ada", "m\xc3\xa4r.gguf"},
        {"models/7B/x.gguf", "", "x.gguf"},
        {"[removed:path]/x.gguf", "", "x.gguf"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        char text[400];
        snprintf(text, sizeof text, "{\"model_filename\": \"%s\", \"n_prompt\": 1, \"n_gen\": 0, \"avg_ts\": 2}",
                 cases[i].json);
        autosample struct sample sample = sample_text(text);
        assert_int_equal(sample.result, 0);
        const struct reading *reading = sample.readings.items[0];
        size_t length = strlen(cases[i].private_part);
        assert_int_equal(reading->private_count, length > 0);
        if (length > 0) {
            assert_int_equal(reading->privates[0].length, length);
            assert_memory_equal(sample.text + reading->original_offset + reading->privates[0].offset,
                                cases[i].private_part, length);
        }
        assert_string_equal(reading->runs[0].labels.items[0].text, cases[i].file);
        expect_same_after_redaction(&sample);
    }
}

static void test_unknown_fields(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("[{\"n_prompt\": 1, \"n_gen\": 0, \"avg_ts\": 2, \"mla_attn\": 3, \"ser\": \"-1,0\", \"lora\": "
                    "\"/home/ada/l.bin\", "
                    "\"hostname\": \"tower\", \"remark\": \"mail ada@example.org\", \"list\": [1], \"samples_x_ns\": "
                    "[1], \"n\": null},"
                    "{\"n_prompt\": 1, \"n_gen\": 0, \"avg_ts\": 2, \"hostname\": \"tower\"}]");
    assert_int_equal(sample.result, 0);
    const struct run *run = sample_run(&sample, 0);
    expect_number(sample_number(&run->setup, "mla_attn"), 3);
    assert_string_equal(sample_word(&run->setup, "ser"), "-1,0");
    assert_int_equal(run->setup.count, 2);
    /* Five names once each, and that no chip is named. */
    assert_int_equal(sample.readings.items[0]->problem_count, 6);
    expect_same_after_redaction(&sample);
}

/* ---------------------------------------------------------------- odd figures */

static void test_odd_figures(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("{\"n_prompt\":1,\"n_gen\":0,\"avg_ts\":NaN,\"stddev_ts\":NaN,\"samples_ts\":[1,2]}\n"
                    "{\"n_prompt\":1,\"n_gen\":0,\"avg_ts\":2,\"samples_ts\":[1,NaN,3]}\n"
                    "{\"n_prompt\":1,\"n_gen\":0,\"avg_ts\":2.1,\"samples_ts\":[1,2,3]}\n"
                    "{\"n_prompt\":1,\"n_gen\":0,\"avg_ts\":0}\n"
                    "{\"n_prompt\":1,\"n_gen\":0,\"samples_ts\":[1,2,3]}\n"
                    "{\"n_prompt\":1,\"n_gen\":0,\"build_commit\":\"x\"}\n"
                    "{\"n_prompt\":1,\"n_gen\":0,\"avg_ts\":2.0009,\"samples_ts\":[1,2,3]}\n");
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample_run_count(&sample), 6);
    const struct measurement *rate = sample_metric(sample_run(&sample, 0), "prompt_throughput");
    expect_number(rate->mean, none);
    assert_true(flags_has(&rate->flags, "not_finite"));
    rate = sample_metric(sample_run(&sample, 1), "prompt_throughput");
    assert_int_equal(rate->n, 2);
    assert_int_equal(rate->sample_count, 3);
    expect_number(rate->samples[1], none);
    assert_true(flags_has(&rate->flags, "not_finite"));
    rate = sample_metric(sample_run(&sample, 2), "prompt_throughput");
    assert_true(flags_has(&rate->flags, "mean_differs"));
    expect_number(rate->mean, 2.1);
    assert_true(flags_has(&sample_metric(sample_run(&sample, 3), "prompt_throughput")->flags, "not_positive"));
    rate = sample_metric(sample_run(&sample, 4), "prompt_throughput");
    expect_number(rate->mean, 2);
    expect_number(rate->stddev, 1);
    assert_int_equal(sample_metric(sample_run(&sample, 5), "prompt_throughput")->flags.count, 0);
    assert_true(sample_has_problem(&sample, "no tokens per second"));
}

struct fault {
    const char *text;
    int code, line, column;
    const char *path;
    size_t runs;
};

static void test_faults(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        {"[{\"n_prompt\": 512,\n \"avg_ts\": \"fast\"}]", ERR_DATA, 2, 12, "[0].avg_ts", 0},
        {"[{\"n_prompt\": 1, \"n_gen\": 0, \"avg_ts\": 1},\n{\"n_prompt\": 1, \"avg_ts\": [1]}]", ERR_DATA, 2, 27,
         "[1].avg_ts", 1},
        {"[{\"n_prompt\": 1,\n\"avg_ts\": 1, \"samples_ts\": [1, true]}]", ERR_DATA, 2, 32, "[0].samples_ts[1]", 0},
        {"[{\"n_prompt\": 1, \"avg_ts\": 1,\n\"samples_ts\": 5}]", ERR_DATA, 2, 15, "[0].samples_ts", 0},
        {"{\"n_prompt\": 1, \"avg_ts\": 1, \"gpu_info\": 7}", ERR_DATA, 1, 42, "gpu_info", 0},
        {"[{\"n_prompt\": 1, \"avg_ts\": 1},\n {\"n_prompt\": 2, \"avg_t", ERR_SYNTAX, 2, 0, NULL, 1},
        {"[{\"n_prompt\": 1, \"avg_ts\": 1},\n {\"n_prompt\": 2, \"avg_ts\": oops}]", ERR_SYNTAX, 2, 28, "[1].avg_ts",
         1},
        {"[{\"n_prompt\": 1, \"avg_ts\": 1},\n", ERR_SYNTAX, 2, 1, NULL, 1},
        {"[{\"n_prompt\": 1, \"avg_ts\": 1},\n{x\"n_prompt\": 1, \"avg_ts\": 1}]", ERR_SYNTAX, 2, 18, NULL, 1},
        {"{\"n_prompt\": 1, \"avg_ts\": 1}\n{\"n_prompt\": 2, ", ERR_SYNTAX, 2, 0, NULL, 1},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(faults); i++) {
        autosample struct sample sample = sample_text(faults[i].text);
        assert_int_equal(sample.result, -(int)faults[i].code);
        assert_int_equal(sample.err.line, faults[i].line);
        if (faults[i].column > 0)
            assert_int_equal(sample.err.column, faults[i].column);
        if (faults[i].path != NULL)
            assert_string_equal(sample.err.path, faults[i].path);
        assert_int_equal(sample_run_count(&sample), faults[i].runs);
    }
}

/* ---------------------------------------------------------------- published files */

/* Extracted with Python's json module: records, first, last and sum of avg_ts, samples and their sum, sum of
 * stddev_ts over records of more than one sample. */
static const struct published {
    const char *path;
    size_t records;
    double first, last, sum;
    size_t samples;
    double sample_sum, stddev_sum;
} published[] = {
    {"formats/llama-bench-json/brayniac_llama-bench.json", 2, 3024.404345, 85.498819, 3109.903164, 10, 15549.5141,
     2.677717},
    {"formats/llama-bench-json/ik_llama_pr273_xeon-e5-2690v3_1.extract.json", 2, 8.204253, 2.967723, 11.171976, 10,
     55.85988, 0.140374},
    {"formats/llama-bench-json/llama-bench_rtx3090ti_b1275_readme0.extract.json", 2, 2410.974041, 130.965708,
     2541.939749, 10, 12709.689, 12.40269},
    {"formats/llama-bench-jsonl/"
     "amd-strix-halo-toolboxes__92_DeepSeek-V4-Flash-0731-UD-IQ2_XXS-00001-of-00003__llama-rocm-7.14-pr26592__curve-"
     "prefill__fa1__ub2048.jsonl",
     9, 219.704273, 68.686185, 1058.051918, 27, 3174.1551, 2.787747},
    {"formats/llama-bench-jsonl/"
     "amd-strix-halo-toolboxes__efault-profile_Qwen3.5-122B-A10B-UD-Q4_K_XL-00001-of-00003__llama-rocm-7.2.4__curve-"
     "prefill__fa1__ub2048.jsonl",
     9, 487.265894, 174.729238, 2564.756757, 27, 7694.271, 13.357447},
    {"formats/llama-bench-jsonl/"
     "amd-strix-halo-toolboxes__hmark_toolbox_performance_rocm-7.2.4_Qwen3.6-27B-UD-Q8_K_XL__llama-rocm-7.2.4__curve-"
     "prefill__fa1__ub512.jsonl",
     9, 366.802474, 162.22402, 2162.078055, 27, 6486.236, 2.930075},
    {"formats/llama-bench-jsonl/"
     "amd-strix-halo-toolboxes__oolbox_performance_vulkan-radv_Qwen3.6-35B-A3B-UD-Q8_K_XL__llama-vulkan-radv__curve-"
     "prefill__fa1__ub1024.jsonl",
     9, 1176.605831, 445.835762, 6811.478373, 27, 20434.427, 18.381819},
    {"formats/llama-bench-jsonl/llama-bench_s390x-fork_ttft_id40715897341.extract.jsonl", 2, 81.427806, 23.288635,
     104.716441, 10, 523.5822, 0.890638},
    {"formats/llama-bench-jsonl/strix-halo-testing__llama-cpp-fix-wmma_gpt-oss-20b.default-hip.jsonl", 10, 1472.012844,
     34.758679, 5253.276965, 10, 5253.2766, 0},
    {"formats/llama-bench-jsonl/strix-halo-testing__llama-cpp-fix-wmma_llama32-1b.lhl-tune-tile.jsonl", 10, 4970.136855,
     64.551146, 16854.748299, 10, 16854.7511, 0},
    {"formats/llama-bench-jsonl/strix-halo-testing__llama-cpp-fix-wmma_shisa-v2-unphi4-14b.lhl-tune-tile.jsonl", 8,
     694.387297, 17.71906, 2242.225419, 8, 2242.2247, 0},
};

static void expect_close(double got, double wanted)
{
    if (!(fabs(got - wanted) <= 1e-9 * (1 + fabs(wanted))))
        fail_msg("got %.17g, wanted %.17g", got, wanted);
}

static const struct measurement *throughput(const struct run *run)
{
    assert_true(run->measurement_count >= 1);
    return &run->measurements[0];
}

static bool expect_published(const struct published *file)
{
    char path[400];
    snprintf(path, sizeof path, CORPUS "%s", file->path);
    autosample struct sample sample = {0};
    if (!sample_file(path, &sample))
        return false;
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample.readings.count, 1);
    assert_int_equal(sample_run_count(&sample), file->records);
    expect_number(throughput(sample_run(&sample, 0))->mean, file->first);
    expect_number(throughput(sample_run(&sample, file->records - 1))->mean, file->last);
    double sum = 0, sample_sum = 0, stddev_sum = 0;
    size_t samples = 0;
    for (size_t i = 0; i < file->records; i++) {
        const struct measurement *rate = throughput(sample_run(&sample, i));
        sum += rate->mean;
        stddev_sum += isnan(rate->stddev) ? 0 : rate->stddev;
        samples += rate->sample_count;
        for (size_t k = 0; k < rate->sample_count; k++)
            sample_sum += rate->samples[k];
        assert_int_equal(rate->flags.count, 0);
    }
    expect_close(sum, file->sum);
    assert_int_equal(samples, file->samples);
    expect_close(sample_sum, file->sample_sum);
    expect_close(stddev_sum, file->stddev_sum);
    return true;
}

static void test_published(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(published); i++)
        if (!expect_published(&published[i]))
            skip();
}

/* Lengths stand in the name of a test, not in somebody's folders. */
static void test_path_as_test(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("{\"build_commit\": \"a\", \"model_type\": \"llama 7B Q4_0\", \"n_batch\": 512, \"avg_ts\": 81.4, "
                    "\"test\": \"file:/home/ada/pp512/tg128\"}\n"
                    "{\"build_commit\": \"a\", \"model_type\": \"llama 7B Q4_0\", \"n_batch\": 512, \"avg_ts\": 80, "
                    "\"test\": \"pp512+tg128\"}\n");
    assert_int_equal(sample_run_count(&sample), 1);
    assert_true(sample_has_problem(&sample, "left out"));
    expect_number(throughput(sample_run(&sample, 0))->mean, 80);
    expect_same_after_redaction(&sample);
}

/* The fork's first-token and inter-token times; 0 in the prompt test means that there were none. */
static void test_token_times_of_a_fork(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("{\"n_prompt\": 512, \"n_gen\": 0, \"avg_ts\": 81.4, \"avg_ttft_ms\": 0.0, \"avg_itl_ms\": 0.0, "
                    "\"samples_ttft_ns\": [  ]}\n"
                    "{\"n_prompt\": 0, \"n_gen\": 128, \"avg_ts\": 23.2, \"avg_ttft_ms\": 43.5, \"stddev_ttft_ms\": "
                    "1.6, \"avg_itl_ms\": 42.9}\n");
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample_run(&sample, 0)->measurement_count, 1);
    const struct measurement *first = sample_metric(sample_run(&sample, 1), "time_to_first_token");
    expect_number(first->mean, 43.5);
    expect_number(first->stddev, 1.6);
    assert_int_equal(first->direction, DIRECTION_LOWER);
    expect_number(sample_metric(sample_run(&sample, 1), "inter_token_latency")->mean, 42.9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_record_of_2023),
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_bare_records),
        cmocka_unit_test(test_one_repetition),
        cmocka_unit_test(test_tests_and_depth),
        cmocka_unit_test(test_noise_and_wrappers),
        cmocka_unit_test(test_paths_are_private),
        cmocka_unit_test(test_unknown_fields),
        cmocka_unit_test(test_odd_figures),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_published),
        cmocka_unit_test(test_path_as_test),
        cmocka_unit_test(test_token_times_of_a_fork),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
