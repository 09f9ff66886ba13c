/* Forms that tools print in forks, other versions and with other options. Written here after the programs' printing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "schema/base/mem.h"
#include "tests/unit/formats_sample.h"

/* ik_llama.cpp generates behind a prompt and counts only what it generated: its n_prompt is the depth. */
static void test_generation_behind_a_prompt(void **state)
{
    (void)state;
    autosample struct sample json = sample_text(
        "[{\"build_commit\": \"abcd123\", \"build_number\": 3702, \"cuda\": true, \"gpu_info\": \"NVIDIA L4\", "
        "\"model_type\": \"llama 8B Q4_0\", \"n_prompt\": 512, \"n_gen\": 64, \"test\": \"tg64@pp512\", "
        "\"avg_ts\": 100.0, \"stddev_ts\": 0.5, \"samples_ts\": [99.5, 100.5]}]");
    assert_int_equal(json.result, 0);
    autosample struct sample table =
        sample_text("| model                | threads | mla | fmoe |       test |           t/s |\n"
                    "| -------------------- | ------: | --: | ---: | ---------: | ------------: |\n"
                    "| llama 8B Q4_0        |       8 |   1 |    1 | tg64@pp512 | 100.00 ± 0.50 |\n"
                    "| ==== Repacked 9 |         |     |      |            |               |\n"
                    "| llama 8B Q4_0        |       8 |   1 |    1 |      pp512 |   9.00 ± 0.50 |\n");
    assert_string_equal(table.format->name, "llama-bench-md"); /* though size, params and backend were left out */
    assert_int_equal(sample_run_count(&table), 2);
    assert_false(sample_has_problem(&table, "left out"));
    const struct run *runs[] = {sample_run(&json, 0), sample_run(&table, 0)};
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(runs[i]->workload.task, "tg64");
        assert_int_equal(runs[i]->workload.parameters.count, 2);
        expect_number(sample_number(&runs[i]->workload.parameters, "n_depth"), 512);
        expect_number(sample_metric(runs[i], "generation_throughput")->mean, 100);
    }
    assert_string_equal(sample_run(&table, 1)->workload.task, "pp512");
    expect_same_after_redaction(&json);
    expect_same_after_redaction(&table);
}

static void test_arguments_of_offline(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("INFO of ada's host\nNamespace(subparser='bench', input_len=32, output_len=128, batch_size=8, "
                    "model='/home/ada/m/tiny', tokenizer='/home/ada/t', max_model_len=None)\n"
                    "Avg latency: 1.5 seconds\n50% percentile latency: 1.25 seconds\n");
    assert_string_equal(sample.format->name, "vllm-offline-console");
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.model_as_given, "tiny");
    expect_number(sample_number(&run->workload.parameters, "input_len"), 32);
    expect_number(sample_number(&run->workload.parameters, "output_len"), 128);
    expect_number(sample_number(&run->workload.parameters, "batch_size"), 8);
    expect_number(sample_metric(run, "latency")->mean, 1500);
    expect_same_after_redaction(&sample);
}

static void test_console_inside_a_string(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "{\"raw_output\": \"a\\n============ Serving Benchmark Result ============\\nSuccessful requests:   8\\n\"}");
    assert_null(sample.format);
    assert_non_null(strstr(sample.err.text, "raw_output"));
}

static void test_localscore_console(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "llamafile version:   0.9.3\n\n===== GPU information =====\n\nGPU Name:   NVIDIA L4\n"
        "Kernel Type:         Linux\nVersion:             #53 ada's build\nCPU:                 AMD EPYC 9575F\n"
        "RAM:                 64.0 GiB\n+----------------------+\n|       NVIDIA L4 - 22.5 GiB     |\n"
        "|   Llama 3.2 1B Instruct - Q4_K - Medium  |\n+----------------------+\n"
        "|          test | run number |   avg time | tokens processed |     pp t/s |     tg t/s |       ttft |\n"
        "| ------------- | ---------- | ---------- | ---------------- | ---------- | ---------- | ---------- |\n"
        "|   pp1024+tg16 |        1/4 |    0.00 ms |         0 / 4160 |       0.00 |       0.00 |    0.00 ms |\n"
        "|   pp1024+tg16 |        4/4 |   77.00 ms |      4100 / 4160 |    2000.00 |      90.00 |   50.00 ms |\n"
        "|   pp1024+tg16 |        4/4 |   77.00 ms |      4160 / 4160 |    2048.50 |      99.25 |     1.02 s |\n"
        "|  pp4096+tg256 |        2/4 |   77.00 ms |      4160 / 9160 |    1048.50 |      79.25 |   51.25 ms |\n"
        "+----------------------+\n\nLocalScore: \t\t 345\nToken Generation: \t 98.50 tok/s\n"
        "Time to First Token:\t 512.40 ms\n\nDo you want to submit, Ada? (y/n): n\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "localscore-console");
    assert_int_equal(sample_run_count(&sample), 2); /* not the test that broke off */
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->chip_name, "NVIDIA L4");
    assert_string_equal(run->workload.quantization, "Q4_K_M");
    assert_string_equal(run->workload.task, "pp1024+tg16");
    expect_number(sample_number(&run->workload.parameters, "n_gen"), 16);
    expect_number(sample_metric(run, "prompt_throughput")->mean, 2048.5);
    assert_int_equal(sample_metric(run, "generation_throughput")->n, 4);
    expect_number(sample_metric(run, "time_to_first_token")->mean, 1020);
    expect_number(sample_metric(sample_run(&sample, 1), "score")->mean, 345);
    expect_number(sample_metric(sample_run(&sample, 1), "time_to_first_token")->mean, 512.4);
    assert_string_equal(sample.readings.items[0]->device.chip, "AMD EPYC 9575F");
    expect_same_after_redaction(&sample);
}

static void test_ollama_api(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("{\"model\":\"tiny:1b\",\"created_at\":\"2025-08-04T19:22:44Z\",\"response\":\"my "
                    "\\\"eval_count\\\": 5\",\"done\":false}\n"
                    "{\"model\":\"tiny:1b\",\"created_at\":\"2025-08-04T19:22:45Z\",\"response\":\"\",\"done\":true,"
                    "\"context\":[128006,882],"
                    "\"total_duration\":2500000000,\"load_duration\":1000000,\"prompt_eval_count\":10,"
                    "\"prompt_eval_duration\":100000000,\"eval_count\":50,\"eval_duration\":2000000000}\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "ollama-api-json");
    assert_int_equal(sample_run_count(&sample), 1);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.model_as_given, "tiny:1b");
    assert_string_equal(run->ran_at, "2025-08-04T19:22:45Z");
    expect_number(sample_metric(run, "prompt_throughput")->mean, 100);
    expect_number(sample_metric(run, "generation_throughput")->mean, 25);
    expect_number(sample_metric(run, "duration")->mean, 2.5);
    expect_number(sample_metric(run, "load_time")->mean, 1);
    const struct reading *reading = sample.readings.items[0];
    size_t tokens = (size_t)(strstr(sample.text, "128006") - sample.text), hidden = 0;
    for (size_t i = 0; i < reading->private_count; i++)
        hidden += tokens >= reading->privates[i].offset &&
                  tokens + 10 <= reading->privates[i].offset + reading->privates[i].length;
    assert_int_equal(hidden, 1); /* the question, as tokens */
    expect_same_after_redaction(&sample);
}

/* Both tables may be of one device; each tool's reading keeps its own lines. */
static void test_two_tools_in_one_text(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "# My notes\n  Device 0: NVIDIA L4, compute capability 8.9, VMM: yes\n\n"
        "| model | size | params | backend | ngl | test | t/s |\n| --- | ---: | ---: | --- | --: | ---: | ---: |\n"
        "| llama 8B Q4_0 | 4.33 GiB | 8.03 B | CUDA | 99 | pp512 | 3001.25 ± 2.50 |\n"
        "| llama 8B Q4_0 | 4.33 GiB | 8.03 B | CUDA | 99 | tg128 | 61.75 ± 0.25 |\n\nserved it then:\n\n"
        "============ Serving Benchmark Result ============\nSuccessful requests:     100\n"
        "Output token throughput (tok/s):    987.50\nMean TTFT (ms):      12.50\n"
        "==================================================\n");
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample.readings.count, 2);
    assert_string_equal(sample.readings.items[0]->format, "vllm-serving-console");
    assert_string_equal(sample.readings.items[1]->format, "llama-bench-md");
    assert_string_equal(sample.readings.items[1]->tool, "llama-bench");
    assert_int_equal(sample_run_count(&sample), 3);
    expect_number(sample_metric(sample_run(&sample, 0), "generation_throughput")->mean, 987.5);
    expect_number(sample_metric(sample_run(&sample, 1), "prompt_throughput")->mean, 3001.25);
    expect_same_after_redaction(&sample);
    autosample struct sample one = sample_of(sample.text, sample.length, "llama-bench-md");
    assert_int_equal(one.readings.count, 1); /* a format that was named is the only one */
}

/* The file tells more than its type; whisper.cpp of 2022 tells no name of the type. */
static void test_whisper_model_of_file(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "whisper_init_from_file_with_params_no_state: loading model from '/home/ada/ggml-base.en-q5_1.bin'\n"
        "whisper_model_load: type          = 2 (base)\n"
        "whisper_print_timings:   encode time =    16.50 ms /     2 runs (     8.25 ms per run)\n"
        "whisper_print_timings:    total time =    46.50 ms\n"
        "whisper_model_load: loading model from './models/ggml-small.en.bin'\n"
        "whisper_model_load: type          = 3\n"
        "whisper_print_timings:   encode time =  1062.25 ms / 88.50 ms per layer\n");
    assert_int_equal(sample_run_count(&sample), 2);
    assert_string_equal(sample_run(&sample, 0)->workload.model_as_given, "base.en-q5_1");
    assert_string_equal(sample_run(&sample, 0)->workload.quantization, "Q5_1");
    expect_number(sample_metric(sample_run(&sample, 0), "encode_time")->mean, 8.25);
    assert_string_equal(sample_run(&sample, 1)->workload.model_as_given, "small.en");
    expect_number(sample_metric(sample_run(&sample, 1), "encode_time")->mean, 1062.25);
    expect_same_after_redaction(&sample);
}

static void test_trtexec_shapes(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "[01/15/2025-10:11:43] [I] Batch: Explicit\n[01/15/2025-10:11:43] [I] Input inference shape : ids=8x128\n"
        "[01/15/2025-10:11:43] [I] Input inference shape : mask=8x128\n"
        "[01/15/2025-10:11:43] [I] === Performance summary ===\n[01/15/2025-10:11:43] [I] Throughput: 507.25 qps\n"
        "[01/15/2025-10:11:43] [I] Latency: min = 1.75 ms, max = 2.5 ms, mean = 2.25 ms, median = 2.0 ms, "
        "percentile(99%) = 2.25 ms\n&&&& PASSED TensorRT.trtexec # trtexec\n");
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(sample_word(&run->workload.parameters, "input_shapes"), "ids=8x128+mask=8x128");
    expect_number(sample_metric(run, "request_throughput")->mean, 507.25);
    expect_same_after_redaction(&sample);
}

/* Of the time of a step SGLang tells the median only. */
/* What spreadsheets make of two decimals is as clear as they are. */
static void test_decimals_of_spreadsheets(void **state)
{
    (void)state;
    static const struct {
        const char *speed;
        double mean, stddev;
    } cells[] = {{"1,234.56 \xC2\xB1 12.30", 1234.56, 12.3},
                 {"1.234,56 \xC2\xB1 12,30", 1234.56, 12.3},
                 {"123,45 \xC2\xB1 1,20", 123.45, 1.2},
                 {"1,234,567.25 \xC2\xB1 1,234.50", 1234567.25, 1234.5},
                 {"20,5 \xC2\xB1 0,1", (double)NAN, (double)NAN},
                 {"1,23,45.00 \xC2\xB1 0.10", (double)NAN, (double)NAN},
                 {",234.56 \xC2\xB1 0.10", (double)NAN, (double)NAN},
                 {"1,234,56 \xC2\xB1 0.10", (double)NAN, (double)NAN}};
    for (size_t i = 0; i < ARRAY_LENGTH(cells); i++) {
        autofree char *text =
            mem_printf("| model | size | params | backend | test | t/s |\n| --- | ---: | ---: | --- | ---: | "
                       "---: |\n| llama 7B Q4_0 | 3,56 GiB | 6,74 B | CPU | pp512 | %s |\n",
                       cells[i].speed);
        autosample struct sample sample = sample_text(text);
        assert_int_equal(sample_run_count(&sample), isnan(cells[i].mean) ? 0 : 1);
        if (isnan(cells[i].mean))
            continue;
        const struct measurement *speed = sample_metric(sample_run(&sample, 0), "prompt_throughput");
        expect_number(speed->mean, cells[i].mean);
        expect_number(speed->stddev, cells[i].stddev);
        expect_number(sample_run(&sample, 0)->workload.model_parameters, 6.74e9);
        expect_same_after_redaction(&sample);
    }
}

/* A page that shows a table copies it with tabs; bars at the ends of rows may be left out. */
static void test_tables_without_bars(void **state)
{
    (void)state;
    static const char *const tables[] = {
        "Ada's run\n\nmodel\tsize\tparams\tbackend\ttest\tt/s\nllama 7B Q4_0\t3.56 GiB\t6.74 B\tCUDA\tpp512\t123.45 "
        "\xC2\xB1 1.20\n"
        "llama 7B Q4_0\t3.56 GiB\t6.74 B\tCUDA\ttg128\t23.50 \xC2\xB1 0.25\n\nbuild: 2f68ce7cf (6918)\nwhat\tI\tsay\n",
        "model | size | params | backend | test | t/s\n--- | ---: | ---: | --- | ---: | ---:\n"
        "llama 7B Q4_0 | 3.56 GiB | 6.74 B | CUDA | pp512 | 123.45 \xC2\xB1 1.20\n"
        "llama 7B Q4_0 | 3.56 GiB | 6.74 B | CUDA | tg128 | 23.50 \xC2\xB1 0.25\nI say | this\n"};
    for (size_t i = 0; i < 2; i++) {
        autosample struct sample sample = sample_text(tables[i]);
        assert_string_equal(sample.format->name, "llama-bench-md");
        assert_int_equal(sample_run_count(&sample), 2);
        expect_number(sample_metric(sample_run(&sample, 0), "prompt_throughput")->mean, 123.45);
        expect_number(sample_metric(sample_run(&sample, 1), "generation_throughput")->stddev, 0.25);
        expect_same_after_redaction(&sample);
    }
}

/* `jq -s . *.json`, and a script's own object around a result. */
static void test_documents_within_others(void **state)
{
    (void)state;
    static const char result[] =
        "{\"results\": [{\"command\": \"tool [x] {\\\"\", \"mean\": 2, \"user\": 1, \"system\": 1}]}";
    static const char jmh[] =
        "[{\"benchmark\": \"a.B.c\", \"mode\": \"avgt\", \"primaryMetric\": {\"score\": 2, \"scoreUnit\": "
        "\"ms/op\"}}]";
    autofree char *listed = mem_printf("[%s,\n %s]", result, result);
    autofree char *wrapped =
        mem_printf("{\"host\": \"ada's {box\", \"steps\": [1, [], {\"json\": %s}], \"end\": {}}", result);
    autofree char *array = mem_printf("{\"jmhVersion\": \"1.37\", \"all\": {\"jmh\": %s}}", jmh);
    autosample struct sample first = sample_text(listed), second = sample_text(wrapped), third = sample_text(array);
    assert_int_equal(first.readings.count, 2);
    assert_int_equal(sample_run_count(&first), 2);
    assert_int_equal(sample_run_count(&second), 1);
    assert_string_equal(sample_run(&second, 0)->workload.task, "tool [x] {\"");
    const struct reading *reading = second.readings.items[0]; /* what the script says of the host stays */
    assert_int_equal(reading->original_length, strlen(result));
    assert_memory_equal(second.text + reading->original_offset, result, strlen(result));
    assert_string_equal(third.format->name, "jmh-json");
    assert_int_equal(sample_run_count(&third), 1);
    expect_same_after_redaction(&first);
    expect_same_after_redaction(&second);
    expect_same_after_redaction(&third);
}

/* Versions 5 and 6 print an average every ten runs, and no summary. */
static void test_averages_of_trtexec(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "&&&& RUNNING TensorRT.trtexec # ./trtexec --deploy=/home/ada/resnet50.prototxt --output=prob --batch=16\n"
        "deploy: /home/ada/resnet50.prototxt\noutput: prob\nbatch: 16\niterations: 2\n"
        "Input \"data\": 3x224x224\nname=data, bindingIndex=0, buffers.size()=2\n"
        "Average over 10 runs is 2.5 ms (host walltime is 2.75 ms, 99% percentile time is 2.6).\n"
        "[11/05/2019-10:00:00] [I] Average over 10 runs is 3.5 ms (host walltime is 3.75 ms, 99% percentile time is "
        "3.6).\n"
        "&&&& PASSED TensorRT.trtexec # ./trtexec --deploy=/home/ada/resnet50.prototxt\n");
    assert_string_equal(sample.format->name, "trtexec-log");
    const struct run *run = sample_run(&sample, 0);
    assert_int_equal(sample_run_count(&sample), 1);
    expect_number(sample_metric(run, "gpu_compute_time")->mean, 3);
    assert_int_equal(sample_metric(run, "gpu_compute_time")->sample_count, 2);
    expect_number(sample_metric(run, "latency")->mean, 3.25);
    expect_number(sample_number(&run->setup, "runs_per_sample"), 10);
    expect_number(sample_number(&run->workload.parameters, "batch"), 16);
    assert_string_equal(run->workload.model_as_given, "resnet50.prototxt");
    expect_same_after_redaction(&sample);
    autosample struct sample alone =
        sample_text("Average over 100 runs is 1.5 ms (host walltime is 1.75 ms, 99% percentile time is 1.6).\n");
    expect_number(sample_metric(sample_run(&alone, 0), "gpu_compute_time")->mean, 1.5);
    expect_same_after_redaction(&alone);
}

static void test_sglang_without_server(void **state)
{
    (void)state;
    autosample struct sample sample = {0};
    assert_true(sample_file("tests/data/fuzz/formats/sglang-offline-json/runs.jsonl", &sample));
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "sglang-offline-json");
    assert_int_equal(sample_run_count(&sample), 3);
    const struct run *offline = sample_run(&sample, 0), *batch = sample_run(&sample, 1);
    assert_string_equal(offline->workload.task, "throughput");
    expect_number(sample_metric(offline, "generation_throughput")->mean, 616.5);
    expect_number(sample_metric(offline, "duration")->mean, 4.5);
    expect_number(sample_number(&batch->workload.parameters, "batch_size"), 4);
    expect_number(sample_metric(batch, "prompt_time")->mean, 62.5);
    assert_true(isnan(sample_metric(batch, "inter_token_latency")->mean));
    expect_number(sample_metric(batch, "inter_token_latency")->median, 8);
    expect_number(sample_metric(batch, "generation_throughput")->median, 500.5);
    expect_number(sample_metric(sample_run(&sample, 2), "total_throughput")->mean, 16748.5);
    expect_same_after_redaction(&sample);
    autosample struct sample printed =
        sample_text("====== Offline Throughput Benchmark Result =======\nBackend:             engine    \n"
                    "Successful requests:    10        \nBenchmark duration (s):    4.50      \nOutput token "
                    "throughput (tok/s):  616.50\n"
                    "==================================================\n");
    assert_string_equal(printed.readings.items[0]->tool, "SGLang");
    assert_string_equal(sample_run(&printed, 0)->workload.task, "throughput");
    expect_number(sample_metric(sample_run(&printed, 0), "generation_throughput")->mean, 616.5);
}

static void test_rates_of_early_mlx(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "==========\nmy words\n==========\nPrompt: 14.25 tokens-per-sec\nGeneration: 21.75 tokens-per-sec\n");
    const struct run *run = sample_run(&sample, 0);
    expect_number(sample_metric(run, "prompt_throughput")->mean, 14.25);
    expect_number(sample_metric(run, "generation_throughput")->mean, 21.75);
    assert_int_equal(run->workload.parameters.count, 0);
    expect_same_after_redaction(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_generation_behind_a_prompt),
        cmocka_unit_test(test_arguments_of_offline),
        cmocka_unit_test(test_console_inside_a_string),
        cmocka_unit_test(test_localscore_console),
        cmocka_unit_test(test_ollama_api),
        cmocka_unit_test(test_two_tools_in_one_text),
        cmocka_unit_test(test_whisper_model_of_file),
        cmocka_unit_test(test_trtexec_shapes),
        cmocka_unit_test(test_tables_without_bars),
        cmocka_unit_test(test_decimals_of_spreadsheets),
        cmocka_unit_test(test_documents_within_others),
        cmocka_unit_test(test_averages_of_trtexec),
        cmocka_unit_test(test_sglang_without_server),
        cmocka_unit_test(test_rates_of_early_mlx),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
