/* llama-bench CSV and Markdown. CSV rows are those of llama.cpp's README, with as many values as names; Markdown
 * tables are written here after what the tool and people print. */
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

#define CSV_HEADER                                                                                                     \
    "build_commit,build_number,cuda,metal,gpu_blas,blas,cpu_info,gpu_info,model_filename,model_type,model_size,"       \
    "model_n_params,n_batch,n_threads,f16_kv,n_gpu_layers,main_gpu,mul_mat_q,tensor_split,n_prompt,n_gen,test_time,"   \
    "avg_ns,stddev_ns,avg_ts,stddev_ts\n"
#define CSV_ROW(prompt, generated, rate)                                                                               \
    "\"3469684\",\"1275\",\"1\",\"0\",\"1\",\"1\",\"13th Gen Intel(R) Core(TM) i9-13900K\",\"NVIDIA GeForce RTX 3090 " \
    "Ti\",\"/srv/models/7B/ggml-model-q4_0.gguf\",\"llama 7B mostly "                                                  \
    "Q4_0\",\"3825065984\",\"6738415616\",\"512\",\"16\","                                                             \
    "\"1\",\"99\",\"0\",\"1\",\"0.00\",\"" prompt "\",\"" generated "\",\"2023-09-23T12:09:01Z\",\"212155977\","       \
    "\"732372\",\"" rate "\",\"8.305961\"\n"

static void test_csv(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text(CSV_HEADER CSV_ROW("512", "0", "2413.341687") CSV_ROW("0", "128", "132.052051"));
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "llama-bench-csv");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct reading *reading = sample.readings.items[0];
    assert_string_equal(reading->tool_version, "b1275 (3469684)");
    assert_string_equal(reading->device.chip, "13th Gen Intel(R) Core(TM) i9-13900K");
    assert_int_equal(reading->problem_count, 0);
    assert_int_equal(reading->private_count, 2);
    assert_memory_equal(sample.text + reading->privates[0].offset, "/srv/models/7B", reading->privates[0].length);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.task, "pp512");
    assert_string_equal(run->workload.backend, "CUDA");
    assert_string_equal(run->chip_name, "NVIDIA GeForce RTX 3090 Ti");
    assert_string_equal(sample_word(&run->setup, "tensor_split"), "0.00");
    expect_number(sample_number(&run->setup, "threads"), 16);
    assert_int_equal(parameters_find(&run->setup, "mul_mat_q")->type, PARAMETER_BOOLEAN);
    const struct measurement *rate = sample_metric(run, "prompt_throughput");
    expect_number(rate->mean, 2413.341687);
    expect_number(rate->stddev, 8.305961);
    assert_int_equal(rate->n, COUNT_UNKNOWN);
    assert_int_equal(rate->sample_count, 0);
    expect_number(rate->median, none);
    expect_same_after_redaction(&sample);
}

static void test_csv_surroundings(void **state)
{
    (void)state;
    /* Log lines, CRLF, a second run appended with other columns, a fence. */
    autosample struct sample sample = sample_text(
        "```csv\r\nggml_cuda_init: found 1 CUDA devices:\r\nmodel_type,gpu_info,n_prompt,n_gen,avg_ts\r\n"
        "\"a \"\"7B\"\" x\",\"G\",\"512\",\"0\",\"10.5\"\r\nllama_load: loaded from /home/ada/x\r\n"
        "gpu_info,n_prompt,n_gen,avg_ts,stddev_ts\r\nG,0,64,20.25,nan\r\n```\r\nand, more, prose, with, commas\r\n");
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample.readings.count, 1);
    assert_int_equal(sample_run_count(&sample), 2);
    assert_string_equal(sample_run(&sample, 0)->workload.model_as_given, "a \"7B\" x");
    expect_number(sample_metric(sample_run(&sample, 1), "generation_throughput")->mean, 20.25);
    expect_number(sample_metric(sample_run(&sample, 1), "generation_throughput")->stddev, none);
    const struct reading *reading = sample.readings.items[0];
    assert_int_equal(reading->private_count, 1);
    assert_int_equal(reading->privates[0].kind, PRIVATE_TEXT);
    expect_same_after_redaction(&sample);
}

static void test_csv_faults(void **state)
{
    (void)state;
    /* The README's own sample has one value more than names; a row before the ragged one is kept, nothing is shifted.
     */
    autosample struct sample ragged =
        sample_text(CSV_HEADER CSV_ROW("512", "0", "2413.341687") "\"3469684\",\"1275\",\"1\"\n");
    assert_int_equal(ragged.result, -ERR_DATA);
    assert_int_equal(ragged.err.line, 3);
    assert_non_null(strstr(ragged.err.text, "3 fields, its header has 26"));
    assert_int_equal(sample_run_count(&ragged), 1);
    autosample struct sample word = sample_text(CSV_HEADER CSV_ROW("512", "0", "fast"));
    assert_int_equal(word.result, -ERR_DATA);
    assert_int_equal(word.err.line, 2);
    assert_string_equal(word.err.path, "avg_ts");
    autosample struct sample open_quote = sample_text(CSV_HEADER "\"3469684\",\"12");
    assert_int_equal(open_quote.result, -ERR_SYNTAX);
    assert_int_equal(open_quote.err.line, 2);
    autosample struct sample empty = sample_text(CSV_HEADER);
    assert_int_equal(empty.result, 0);
    assert_int_equal(sample_run_count(&empty), 0);
    assert_true(sample_has_problem(&empty, "no result"));
    autosample struct sample other = sample_of("a,b\n1,2\n", 8, "llama-bench-csv");
    assert_int_equal(other.result, -ERR_DATA);
}

/* ---------------------------------------------------------------- Markdown */

#define MD_HEADER                                                                                                      \
    "| model                          |       size |     params | backend    | ngl | fa |            test |          " \
    "        t/s |\n"                                                                                                  \
    "| ------------------------------ | ---------: | ---------: | ---------- | --: | -: | --------------: | "          \
    "-------------------: |\n"

static void test_markdown(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text("ggml_vulkan: Found 1 Vulkan devices:\n"
                                                  "ggml_vulkan: 0 = AMD Radeon 8060S Graphics (RADV GFX1151) (radv) | "
                                                  "uma: 1 | fp16: 1 | matrix cores: KHR_coopmat\n" MD_HEADER
                                                  "| llama 7B Q4_0                  |   3.56 GiB |     6.74 B | Vulkan "
                                                  "    |  99 |  1 | pp2048 @ d32768 |        216.79 ± 1.07 |\n"
                                                  "| llama 7B Q4_0                  |   3.56 GiB |     6.74 B | Vulkan "
                                                  "    |  99 |  1 |     pp512+tg128 |         18.47 ± 0.00 |\n"
                                                  "\nbuild: 0253fb21f (9187)\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "llama-bench-md");
    const struct reading *reading = sample.readings.items[0];
    assert_string_equal(reading->tool_version, "b9187 (0253fb21f)");
    assert_null(reading->device.chip);
    assert_string_equal(reading->device.driver, "radv");
    assert_string_equal(reading->device.chips[0].name, "AMD Radeon 8060S Graphics (RADV GFX1151)");
    assert_int_equal(reading->original_offset, 0);
    assert_int_equal(reading->original_length, sample.length - 1);
    assert_int_equal(reading->private_count, 0);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->chip_name, "AMD Radeon 8060S Graphics (RADV GFX1151)");
    assert_string_equal(run->workload.model, "Llama 2 7B");
    assert_string_equal(run->workload.backend, "Vulkan");
    assert_string_equal(run->workload.task, "pp2048");
    expect_number(sample_number(&run->workload.parameters, "n_depth"), 32768);
    expect_number(run->workload.model_bytes, 3822520893.0); /* round(3.56 * 2^30) */
    expect_number(run->workload.model_parameters, 6.74e9);
    expect_number(sample_number(&run->setup, "n_gpu_layers"), 99);
    expect_number(sample_number(&run->setup, "flash_attn"), 1);
    const struct measurement *rate = sample_metric(run, "prompt_throughput");
    expect_number(rate->mean, 216.79);
    expect_number(rate->stddev, 1.07);
    assert_int_equal(rate->n, COUNT_UNKNOWN);
    rate = sample_metric(sample_run(&sample, 1), "total_throughput");
    expect_number(rate->stddev, 0);
    expect_same_after_redaction(&sample);
}

static const char *chip_of(const char *log, int64_t *ret_count)
{
    static char name[200];
    char text[1000];
    snprintf(text, sizeof text,
             "%s" MD_HEADER "| llama 7B Q4_0 | 3.56 GiB | 6.74 B | CUDA | 99 | 1 | pp512 | 1.00 ± 0.01 |\n", log);
    autosample struct sample sample = sample_text(text);
    const struct run *run = sample_run(&sample, 0);
    text_copy(name, sizeof name, run->chip_name != NULL ? run->chip_name : "");
    *ret_count = run->chip_count;
    return name;
}

static void expect_chip(const char *log, const char *name, int64_t count)
{
    int64_t got = 0;
    assert_string_equal(chip_of(log, &got), name);
    assert_int_equal(got, count);
}

static void test_device_lines(void **state)
{
    (void)state;
    expect_chip("", "", 1);
    expect_chip("I ran this on my GeForce RTX 4090.\n", "", 1);
    expect_chip("  Device 0: NVIDIA GeForce RTX 3090, compute capability 8.6, VMM: yes\n", "NVIDIA GeForce RTX 3090",
                1);
    expect_chip("ggml_cuda_init: found 2 CUDA devices:\n  Device 0: NVIDIA A, compute capability 8.6\n  Device 1: "
                "NVIDIA A, compute "
                "capability 8.6\n",
                "NVIDIA A", 2);
    /* A start that failed, then another: the devices are listed twice and are still two. */
    expect_chip(
        "ggml_cuda_init: found 1 CUDA devices:\n  Device 0: NVIDIA A, x\nerror\nggml_cuda_init: found 1 CUDA devices:\n"
        "  Device 0: NVIDIA A, x\n",
        "NVIDIA A", 1);
    expect_chip("  Device 0: AMD Radeon 8060S Graphics, gfx1151 (0x1151), VMM: no, Wave Size: 32\n",
                "AMD Radeon 8060S Graphics", 1);
    expect_chip("Vulkan0: NVIDIA GeForce RTX 3090 (NVIDIA) | uma: 0 | fp16: 1 | warp size: 32\n",
                "NVIDIA GeForce RTX 3090", 1);
    expect_chip("ggml_vulkan: 0 = AMD Radeon 8060S Graphics (AMD open-source driver) | uma: 1\n",
                "AMD Radeon 8060S Graphics", 1);
    expect_chip("ggml_metal_init: found device: Apple M1\nggml_metal_init: picking default device: Apple "
                "M1\nggml_metal_init: GPU name:  "
                " Apple M1\n",
                "Apple M1", 1);
    expect_chip("| 0| [level_zero:gpu:0]| Intel Arc A770 Graphics| 12.55| 512|\n", "Intel Arc A770 Graphics", 1);
    expect_chip("ggml_opencl: selected device: 'QUALCOMM Adreno(TM) 750 (OpenCL 3.0 Adreno)'\n",
                "QUALCOMM Adreno(TM) 750", 1);
    /* What stands above a line or a heading belongs to somebody else. */
    expect_chip("  Device 0: NVIDIA A, x\n\n---\n", "", 1);
    expect_chip("  Device 0: NVIDIA A, x\nbuild: abc123 (7)\n", "", 1);
}

/* A thread: two people's tables, quoted, marked, broken, with other tables between. */
static const char thread[] =
    "# Results\n\n**ada** wrote:\n\n> ggml_cuda_init: found 1 CUDA devices:\n>   Device 0: NVIDIA GeForce RTX 3090, "
    "compute capability 8.6\n"
    "> | model | size | params | backend | test | t/s |\n> | --- | ---: | --- | --- | --- | --- |\n"
    "> | a \\| b 8B Q8_0 | 500.00 MiB | 600.00 M | CUDA | pp 512 | **28.36 +/- 0.03** |\n"
    ">\n> build: 1ea1df4b (3659)\n\nThanks ada! Mine from /home/grace:\n\n"
    "| PP | TG | S_PP t/s |\n|---|---|---|\n| 512 | 128 | 258.43 |\n\n"
    "| model | size | params | backend | threads | test | t/s |\n|---|---|---|---|---|---|---|\n"
    "============ Repacked 337 tensors\n"
    "| llama 7B mostly Q4_0 | 3.56 GiB | 6.74 B | CPU | 4 | tg 16 | 12.22 \xc3\x82\xc2\xb1 0.07 ||\n"
    "| llama 7B mostly Q4_0 | 3.56 GiB |\n"
    "| llama 7B mostly Q4_0 | 3.56 GiB | 6.74 B | CPU | 8 | tg 16 | out of memory |\n"
    "| llama 7B mostly Q4_0 | 3.56 GiB | 6.74 B | CPU | 8 | tg 16 | 16.71 |\n";

static void test_thread(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(thread);
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample.readings.count, 2);
    assert_int_equal(sample_run_count(&sample), 3);
    const struct run *first = sample_run(&sample, 0);
    assert_string_equal(first->chip_name, "NVIDIA GeForce RTX 3090");
    assert_string_equal(first->workload.model_as_given, "a | b 8B Q8_0");
    assert_string_equal(first->workload.task, "pp512");
    expect_number(first->workload.model_bytes, 524288000);
    expect_number(first->workload.model_parameters, 6e8);
    expect_number(sample_metric(first, "prompt_throughput")->mean, 28.36);
    expect_number(sample_metric(first, "prompt_throughput")->stddev, 0.03);
    assert_string_equal(sample.readings.items[0]->tool_version, "b3659 (1ea1df4b)");
    const struct run *second = sample_run(&sample, 1);
    assert_null(second->chip_name);
    assert_null(sample.readings.items[1]->tool_version);
    assert_string_equal(second->workload.backend, "CPU");
    expect_number(sample_metric(second, "generation_throughput")->mean, 12.22);
    expect_number(sample_metric(second, "generation_throughput")->stddev, 0.07);
    expect_number(sample_metric(sample_run(&sample, 2), "generation_throughput")->stddev, none);
    assert_true(sample_has_problem(&sample, "it has 2 cells, its header has 7"));
    assert_true(sample_has_problem(&sample, "\"out of memory\" is no speed"));
    assert_true(sample_has_problem(&sample, "does not name the chip"));
    expect_same_after_redaction(&sample);
}

static void test_nothing_measured(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(MD_HEADER "main: error: failed to load model '/home/ada/x.gguf'\n");
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample.readings.count, 1);
    assert_int_equal(sample_run_count(&sample), 0);
    assert_true(sample_has_problem(&sample, "no result"));
}

/* ---------------------------------------------------------------- published files */

/* Extracted with Python: rows, sum of the means, sum of the deviations, readings. */
static const struct published {
    const char *name;
    size_t rows;
    double sum, deviations;
    size_t readings;
} published[] = {
    {"amd-strix-halo-toolboxes__benchmark_results_gemma-4-31B-it-UD-Q4_K_XL__rocm6_4_4__fa1.log", 2, 327.69, 0.94, 1},
    {"amd-strix-halo-toolboxes__benchmark_results_gpt-oss-20b-mxfp4__vulkan_amdvlk__fa1__longctx32768.log", 2, 440.41,
     0.15, 1},
    {"amd-strix-halo-toolboxes__benchmark_results_llama-2-7b.Q4_0__vulkan_radv__fa1__longctx32768.log", 2, 225.26, 1.08,
     1},
    {"amd-strix-halo-toolboxes__enchmark_results-rpc_20-12-2025_MiniMax-M2-UD-Q6_K_XL-00001-of-00004__rocm6_4_4-"
     "rocwmma__longctx32768__rpc.log",
     2, 23.92, 0, 1},
    {"ik_llama.cpp__examples_llama-bench_README.md", 40, 18739.09, 203.47, 1},
    {"ik_llama.cpp__github-data_issues_255_-_Feature_Request__dynamic_layer_by_layer_offloading_during_prompt_proces."
     "md",
     28, 13347.3, 32.61, 1},
    {"ik_llama.cpp__github-data_issues_476_-_Research__performance_divergence.md", 20, 1331.69, 35.9, 2},
};

static bool expect_published(const struct published *file)
{
    char path[400];
    snprintf(path, sizeof path, CORPUS "formats/llama-bench-md/%s", file->name);
    autosample struct sample whole = {0};
    if (!sample_file(path, &whole))
        return false;
    autosample struct sample sample = sample_of(whole.text, whole.length, "llama-bench-md");
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample.readings.count, file->readings);
    assert_int_equal(sample_run_count(&sample), file->rows);
    double sum = 0, deviations = 0;
    for (size_t i = 0; i < file->rows; i++) {
        sum += sample_run(&sample, i)->measurements[0].mean;
        deviations += sample_run(&sample, i)->measurements[0].stddev;
    }
    assert_true(fabs(sum - file->sum) < 1e-6);
    assert_true(fabs(deviations - file->deviations) < 1e-6);
    return true;
}

static void test_published(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(published); i++)
        if (!expect_published(&published[i]))
            skip();
    autosample struct sample csv = {0};
    if (!sample_file(CORPUS "formats/llama-bench-csv/llama-bench_rtx3090ti_b1275_readme0.extract.csv", &csv))
        skip();
    assert_int_equal(csv.result, -ERR_DATA);
    assert_int_equal(csv.err.line, 2);
    assert_int_equal(sample_run_count(&csv), 0);
}

/* A row that begins with a path is a row, also when its folder was removed. */
static void test_csv_begins_with_a_path(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "model_filename,gpu_info,n_prompt,n_gen,avg_ts\n\"/home/ada/x.gguf\",\"G\",\"512\",\"0\",\"10.5\"\n");
    assert_string_equal(sample.format->name, "llama-bench-csv");
    assert_int_equal(sample_run_count(&sample), 1);
    expect_same_after_redaction(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_csv_surroundings),
        cmocka_unit_test(test_csv_faults),
        cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_device_lines),
        cmocka_unit_test(test_thread),
        cmocka_unit_test(test_csv_begins_with_a_path),
        cmocka_unit_test(test_nothing_measured),
        cmocka_unit_test(test_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
