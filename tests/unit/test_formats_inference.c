/* Benchmarks of inference that print their figures or list them: trtexec, onnxruntime_perf_test, MLX-LM, whisper.cpp,
 * Ollama, LocalScore, mac-llm-bench. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/formats_sample.h"

static bool is_private(const struct sample *sample, const char *secret)
{
    const struct reading *reading = sample->readings.items[0];
    size_t at = (size_t)(strstr(sample->text, secret) - sample->text);
    for (size_t i = 0; i < reading->private_count; i++)
        if (reading->privates[i].offset <= at &&
            at + strlen(secret) <= reading->privates[i].offset + reading->privates[i].length)
            return true;
    return false;
}

#define STAMP "[12/31/2025-23:59:58] [I] "
#define TRT(end)                                                                                                       \
    "&&&& RUNNING TensorRT.trtexec [TensorRT v101601] # trtexec --onnx=/home/ann/m.onnx\n" STAMP                       \
    "=== Model Options ===\n" STAMP "Model: /home/ann/model.onnx\n" STAMP "Precision: FP32+FP16\n" STAMP               \
    "Selected Device: NVIDIA H100 PCIe\n" STAMP "Selected Device UUID: GPU-31e9692b\n" STAMP                           \
    "TensorRT version: 10.16.1\n" STAMP "=== Performance summary ===\n" STAMP "Throughput: 15374.3 qps\n" STAMP        \
    "Latency: min = 0.0410156 ms, max = 0.14917 ms, mean = 0.0441053 ms, median = 0.0440674 ms, "                      \
    "percentile(90%) = 0.0450439 ms, percentile(99%) = 0.0512695 ms\n"                                                 \
    "[12/31/2025-23:59:58] [W] * GPU compute time is unstable, with coefficient of variance = 6.5%.\n"                 \
    "&&&& " end " TensorRT.trtexec # trtexec --onnx=/home/ann/m.onnx\n"

static void test_trtexec(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(TRT("PASSED"));
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "trtexec-log");
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(sample.readings.items[0]->device.chip, "NVIDIA H100 PCIe");
    assert_string_equal(sample.readings.items[0]->tool_version, "10.16.1");
    assert_string_equal(run->workload.model_as_given, "model.onnx");
    assert_string_equal(run->workload.quantization, "FP32+FP16");
    assert_string_equal(run->ran_at, "2025-12-31T23:59:58");
    assert_true(flags_has(&run->flags, "unstable"));
    expect_number(sample_metric(run, "request_throughput")->mean, 15374.3);
    const struct measurement *latency = sample_metric(run, "latency");
    expect_number(latency->mean, 0.0441053);
    expect_number(latency->min, 0.0410156);
    expect_number(latency->max, 0.14917);
    expect_number(latency->median, 0.0440674);
    expect_number(sample_metric(run, "latency_p99")->mean, 0.0512695);
    assert_true(is_private(&sample, "GPU-31e9692b"));
    assert_true(is_private(&sample, "--onnx=/home/ann/m.onnx"));
    expect_same_after_redaction(&sample);
    autosample struct sample failed = sample_text(TRT("FAILED"));
    assert_int_equal(sample_run_count(&failed), 1);
    assert_true(flags_has(&sample_run(&failed, 0)->flags, "failed"));
    assert_true(sample_has_problem(&failed, "FAILED"));
}

/* Written in the shape of exportJSONTrace, for inferences of 2.375 and 3.375 ms. */
static void test_trtexec_times(void **state)
{
    (void)state;
    autosample struct sample sample = sample_seed("trtexec-times/ten.json");
    assert_string_equal(sample.format->name, "trtexec-times");
    assert_int_equal(sample_run_count(&sample), 1);
    const struct run *run = sample_run(&sample, 0);
    const struct measurement *latency = sample_metric(run, "latency");
    assert_int_equal(latency->n, 2);
    assert_true(fabs(latency->mean - 2.875) < 1e-12 && fabs(latency->max - 3.375) < 1e-12);
    assert_true(fabs(sample_metric(run, "gpu_compute_time")->mean - 2.5) < 1e-12);
    assert_true(fabs(sample_metric(run, "enqueue_time")->mean - 0.375) < 1e-12);
    assert_true(fabs(sample_metric(run, "transfer_to_device_time")->mean - 0.25) < 1e-12);
    assert_int_equal(run->measurement_count, 5);
    expect_same_after_redaction(&sample);
    autosample struct sample seven = sample_seed("trtexec-times/seven.json");
    assert_true(fabs(sample_metric(sample_run(&seven, 0), "end_to_end_latency")->mean - 4.5) < 1e-12);
    assert_true(fabs(sample_metric(sample_run(&seven, 0), "transfer_to_host_time")->mean - 0.125) < 1e-12);
    /* What was complete of a file that breaks off is read, and the fault said. */
    autosample struct sample cut = sample_text("[ { \"startComputeMs\": 1, \"endComputeMs\": 2, \"computeMs\": 1, "
                                               "\"latencyMs\": 1.5 }, { \"startComputeMs\": 4, \"endCom");
    assert_int_equal(cut.result, -ERR_SYNTAX);
    assert_int_equal(sample_metric(sample_run(&cut, 0), "latency")->n, 1);
}

static void test_onnxruntime(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "using SpaceMITExecutionProvider \r\nSession creation time cost: 2 s\r\nTotal inference requests: 100\r\n"
        "Average inference time cost total: 62.2935 ms\r\nNumber of inferences per second: 16.0476 \r\n"
        "Peak working set size: 1048576 bytes\r\nMin Latency: 0.5 s\r\nP50 Latency: 0.25 s\r\nP999 Latency: 0.125 s\r\n"
        "Session creation time cost: 2 s\r\nTotal inference requests: 8\r\nAverage inference time cost: 1.5 ms\r\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "onnxruntime-perf-test");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *run = sample_run(&sample, 0);
    const struct measurement *time = sample_metric(run, "inference_time");
    expect_number(time->mean, 62.2935);
    assert_int_equal(time->n, 100);
    expect_number(time->min, 500);
    expect_number(time->median, 250);
    expect_number(sample_metric(run, "latency_p999")->mean, 125);
    expect_number(sample_metric(run, "load_time")->mean, 2000);
    expect_number(sample_metric(run, "peak_memory")->mean, 1);
    assert_string_equal(sample_word(&run->setup, "execution_provider"), "SpaceMIT");
    assert_int_equal(sample_metric(sample_run(&sample, 1), "inference_time")->n, 8);
    expect_same_after_redaction(&sample);
}

static void test_mlx_lm(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("My secret answer\n> ==========\n> Prompt: 41 tokens, 193.201 tokens-per-sec  \n"
                    "> Generation: 100 tokens, 90.310 tokens-per-sec\n> Peak memory: 2.5 GB\n"
                    "Prompt: 4 tokens, 2.5 tokens-per-sec\nGeneration: 1 tokens, nan tokens-per-sec\nPeak memory: 3\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "mlx-lm-console");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *run = sample_run(&sample, 0);
    expect_number(sample_metric(run, "prompt_throughput")->mean, 193.201);
    expect_number(sample_metric(run, "generation_throughput")->mean, 90.310);
    expect_number(sample_number(&run->workload.parameters, "n_gen"), 100);
    assert_string_equal(sample_metric(run, "peak_memory")->original_unit, "GB");
    assert_true(sample_has_problem(&sample, "no unit"));
    assert_true(flags_has(&sample_metric(sample_run(&sample, 1), "generation_throughput")->flags, "not_finite"));
    assert_true(is_private(&sample, "secret"));
    expect_same_after_redaction(&sample);
}

static void test_whisper(void **state)
{
    (void)state;
    autosample struct sample table =
        sample_text("| CPU | OS | Config | Model | Th | Load | Enc. | Commit |\n"
                    "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
                    "| Apple M1 Pro | macOS | NEON | medium.en | 8 | 141 | ms | 206fc93 |\n"
                    "| Apple M1 Pro | macOS | NEON | tiny | 8 | 38 | 190 | 206fc93 |\n");
    assert_int_equal(table.result, 0);
    assert_string_equal(table.format->name, "whisper-bench");
    assert_int_equal(sample_run_count(&table), 2);
    assert_string_equal(sample_run(&table, 1)->chip_name, "Apple M1 Pro");
    assert_string_equal(sample_run(&table, 1)->workload.model_as_given, "tiny");
    expect_number(sample_metric(sample_run(&table, 1), "encode_time")->mean, 190);
    assert_int_equal(sample_run(&table, 0)->measurement_count, 1);
    assert_true(sample_has_problem(&table, "no figure"));
    expect_same_after_redaction(&table);
    autosample struct sample log = sample_text(
        "whisper_init: loading model from '/mnt/ann/ggml-tiny.bin'\nwhisper_model_load: type          = 1 (tiny)\n"
        "system_info: n_threads = 4 / 8 | AVX = 1\n"
        "whisper_print_timings:   encode time =   994.60 ms /     2 runs (  497.30 ms per run)\n"
        "whisper_print_timings:    total time =  7823.30 ms\n");
    const struct run *run = sample_run(&log, 0);
    expect_number(sample_metric(run, "encode_time")->mean, 497.30);
    assert_int_equal(sample_metric(run, "encode_time")->n, 2);
    expect_number(sample_number(&run->setup, "threads"), 4);
    assert_true(is_private(&log, "/mnt/ann"));
    expect_same_after_redaction(&log);
    autosample struct sample ragged = sample_text("| Model | Th | Enc. |\n| --- | --- | --- |\n| tiny | 4 |\n");
    assert_true(ragged.result < 0);
    assert_int_equal(ragged.err.line, 3);
}

static void test_ollama(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("cpu_info: AMD Ryzen 9 5950X 16-Core Processor\ngpu_info: NVIDIA GeForce RTX 3060\n"
                    "ollama_version: 0.5.7\nmodel_name =    mistral:7b\nprompt = my secret\n"
                    "eval rate:            67.11 tokens/s\neval rate:            66.61 tokens/s\n"
                    "Average of eval rate:  66.86  tokens/s\nYour machine UUID : 995fa904\n"
                    "model_name =    phi4:14b\neval rate:            7 tokens/s\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "ollama-llm_benchmark-console");
    assert_string_equal(sample.readings.items[0]->tool_version, "0.5.7");
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->chip_name, "NVIDIA GeForce RTX 3060");
    const struct measurement *rate = sample_metric(run, "generation_throughput");
    expect_number(rate->mean, 66.86);
    assert_int_equal(rate->n, 2);
    expect_number(rate->samples[1], 66.61);
    assert_int_equal(sample_metric(sample_run(&sample, 1), "generation_throughput")->n, 1);
    assert_true(is_private(&sample, "my secret"));
    assert_true(is_private(&sample, "995fa904"));
    expect_same_after_redaction(&sample);
}

#define COLUMNS "test_date\tgen_tps\tttft\tttft_unit\tlocalscore\tmodel_name\tmodel_quant\taccel_name\tremark\n"

static void test_localscore(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        COLUMNS "2025.03.19 21:50:00\t103.0\t2\ts\t1008\tMeta Llama 3.1 8B Instruct\tQ4_K - Medium\tApple M1 Pro "
                "8P+2E+16GPU\tof Ann\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "localscore-tsv");
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->chip_name, "Apple M1 Pro 8P+2E+16GPU");
    assert_string_equal(run->workload.quantization, "Q4_K_M");
    assert_string_equal(run->ran_at, "2025-03-19T21:50:00");
    expect_number(sample_metric(run, "time_to_first_token")->mean, 2000);
    expect_number(sample_metric(run, "score")->mean, 1008);
    assert_true(is_private(&sample, "of Ann"));
    expect_same_after_redaction(&sample);
    autosample struct sample ragged = sample_text(COLUMNS "2025.03.19 21:50:00\t103.0\n");
    assert_true(ragged.result < 0);
    assert_int_equal(ragged.err.line, 2);
    autosample struct sample wrong = sample_text(COLUMNS "x\t1\t2\ts\t3\tm\tq\tc\tr\nx\tfast\t2\ts\t3\tm\tq\tc\tr\n");
    assert_true(wrong.result < 0);
    assert_string_equal(wrong.err.path, "gen_tps");
    assert_int_equal(sample_run_count(&wrong), 1);
}

static void test_mac_llm_bench(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "{\"version\": \"2.0\", \"timestamp\": \"2026-04-07T09:12:05Z\", \"hardware\": {\"chip\": \"Apple M1\", "
        "\"total_ram_gb\": 16, \"cpu_cores\": 8, \"performance_cores\": 4, \"efficiency_cores\": 4, \"gpu_cores\": "
        "\"7\", \"power_source\": \"ac_power\"}, \"model\": {\"name\": \"Llama 3.2 3B Instruct\", \"quant\": "
        "\"Q4_K_M\"}, \"runtime\": {\"name\": \"llama.cpp\", \"version\": \"unknown\"}, \"notes\": \"by Ann\", "
        "\"speed\": {\"pp128\": 266.02, \"tg128\": NaN}}");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "mac-llm-bench-json");
    const struct device *device = &sample.readings.items[0]->device;
    assert_int_equal(device->gpu_cores, 7);
    expect_number(device->memory_bytes, 17179869184.0);
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.task, "pp128");
    assert_string_equal(run->ran_at, "2026-04-07T09:12:05Z");
    expect_number(sample_metric(run, "prompt_throughput")->mean, 266.02);
    assert_true(flags_has(&sample_metric(sample_run(&sample, 1), "generation_throughput")->flags, "not_finite"));
    assert_true(is_private(&sample, "by Ann"));
    expect_same_after_redaction(&sample);
}

static void test_corpus(void **state)
{
    (void)state;
    static const struct {
        const char *path, *format;
        size_t runs;
        const char *metric;
        double value;
    } files[] = {
        {"trtexec-log/trt-samples-for-hackathon-cn__cookbook_07-Tool_trtexec_result-01.log", "trtexec-log", 1,
         "latency_p99", 0.0512695},
        {"trtexec-log/trt-samples-for-hackathon-cn__cookbook_07-Tool_trtexec_result-05.log", "trtexec-log", 0, NULL, 0},
        {"onnxruntime-perf-test/ort_cobalt100_squeezenet.extract.txt", "onnxruntime-perf-test", 1, "inference_time",
         1.85739},
        {"mlx-lm-console/mlx_lm_generate_id62601808843.extract.txt", "mlx-lm-console", 1, "generation_throughput",
         84.512},
        {"whisper-bench/whisper_models-table_x86-cpu.log", "whisper-bench", 12, "encode_time", 549.26},
        {"whisper-bench/whisper-bench_tiny_x86-low-perf.log", "whisper-bench", 1, "decode_time", 2.62},
        {"ollama-llm_benchmark-console/ollama-benchmark__results_macbook_air_m2_24GB.md",
         "ollama-llm_benchmark-console", 7, "generation_throughput", 19.17},
        {"localscore-tsv/localscore-insights__assets_localscore_results.tsv", "localscore-tsv", 1218, "score", 1008},
        {"mac-llm-bench-json/mac-llm-bench__results_m5_base_raw_m5_10c-10g_32gb_gguf_mistral-nemo-12b_Q4_K_M_ngl99."
         "json",
         "mac-llm-bench-json", 8, "prompt_throughput", 117.57},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[400];
        (void)snprintf(path, sizeof path, CORPUS "formats/%s", files[i].path);
        autosample struct sample sample = {0};
        if (!sample_file(path, &sample))
            skip();
        assert_int_equal(sample.result, 0);
        assert_string_equal(sample.format->name, files[i].format);
        assert_int_equal(sample_run_count(&sample), files[i].runs);
        if (files[i].metric != NULL)
            expect_number(sample_metric(sample_run(&sample, 0), files[i].metric)->mean, files[i].value);
        expect_same_after_redaction(&sample);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trtexec),    cmocka_unit_test(test_trtexec_times), cmocka_unit_test(test_onnxruntime),
        cmocka_unit_test(test_mlx_lm),     cmocka_unit_test(test_whisper),       cmocka_unit_test(test_ollama),
        cmocka_unit_test(test_localscore), cmocka_unit_test(test_mac_llm_bench), cmocka_unit_test(test_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
