/* The VLM partitioner: JSON, CSV, summary, examples. The five durations are those of its guide; their mean, deviation
 * (divisor n) and median were computed with Python's statistics.fmean, pstdev and median. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "tests/unit/formats_sample.h"

static const double none = (double)NAN;

#define VALUES "[2.201, 2.345, 2.34, 2.489, 2.35]"
#define METRIC(name, mean, std, median, values)                                                                        \
    "\"" name "\": {\"mean\": " mean ", \"std\": " std ", \"min\": 2.201, \"max\": 2.489, \"median\": " median         \
    ", \"values\": " values "}"
#define DURATION METRIC("duration", "2.345", "0.09112848072913313", "2.345", VALUES)
#define DELTA                                                                                                          \
    "\"cpu_memory_delta_mb\": {\"mean\": -0.5, \"std\": 0.5, \"min\": -1.0, \"max\": 0, \"median\": -0.5, "            \
    "\"values\": "                                                                                                     \
    "[-1, 0]}"
#define DOCUMENT "{\"original\": {" DURATION ", " DELTA ", \"num_runs\": 5}, \"run_onnx\": {}}"

/* Reads a text as the file of that name. */
static struct sample named(const char *name, const char *text)
{
    struct sample sample = {0};
    sample.text = mem_strdup(text);
    sample.length = strlen(text);
    sample.result = formats_read(name, str_of(sample.text), NULL, &sample.format, &sample.readings, &sample.err);
    return sample;
}

static void test_document(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(DOCUMENT);
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "vlm-partitioner-json");
    assert_int_equal(sample_run_count(&sample), 1);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.mode, "original");
    assert_null(run->workload.backend);
    assert_null(run->workload.quantization);
    assert_null(run->workload.model);
    assert_null(run->ran_at);
    const struct measurement *duration = sample_metric(run, "duration");
    assert_int_equal(duration->n, 5);
    assert_int_equal(duration->sample_count, 5);
    expect_number(duration->samples[3], 2.489);
    expect_number(duration->stddev, 0.09112848072913313);
    assert_int_equal(duration->stddev_kind, STDDEV_POPULATION);
    assert_int_equal(duration->flags.count, 0);
    const struct measurement *delta = sample_metric(run, "memory_increase");
    expect_number(delta->mean, -0.5);
    assert_string_equal(delta->unit, "MiB");
    assert_int_equal(delta->flags.count, 0);
    assert_true(sample_has_problem(&sample, "every run of this mode failed"));
    assert_true(sample_has_problem(&sample, "--set backend"));
    assert_true(sample_has_problem(&sample, "--set quantization"));
    assert_true(sample_has_problem(&sample, "--set model"));
    expect_same_after_redaction(&sample);
}

/* The guide prints 0.123 and 2.340 for the same five values. */
static void test_differing_statistics(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "{\"original\": {" METRIC("duration", "2.345", "0.123", "2.310", VALUES) ", \"num_runs\": 5, " METRIC(
            "tokens_per_sec", "NaN", "null", "null", "[1, NaN, 3]") ", \"watts\": 3}}");
    assert_int_equal(sample.result, 0);
    const struct measurement *duration = sample_metric(sample_run(&sample, 0), "duration");
    assert_true(flags_has(&duration->flags, "stddev_differs"));
    assert_true(flags_has(&duration->flags, "median_differs"));
    assert_false(flags_has(&duration->flags, "mean_differs"));
    const struct measurement *rate = sample_metric(sample_run(&sample, 0), "generation_throughput");
    expect_number(rate->mean, none);
    assert_true(flags_has(&rate->flags, "not_finite"));
    assert_int_equal(rate->n, 2);
    assert_true(sample_has_problem(&sample, "no metric of this name"));
}

static void test_file_name(void **state)
{
    (void)state;
    static const struct {
        const char *name, *backend, *quantization, *time;
    } names[] = {
        {"benchmark_cuda_20260117_081530.json", "CUDA", NULL, "2026-01-17T08:15:30"},
        {"benchmark_cpu_20260117_082244.json", "CPU", NULL, "2026-01-17T08:22:44"},
        {"benchmark_quantized_20260117_083417.json", NULL, "quantized", "2026-01-17T08:34:17"},
        {"benchmark_non_quantized_20260117_083001.json", NULL, "none", "2026-01-17T08:30:01"},
        {"benchmark_results_20260117_083001.json", NULL, NULL, "2026-01-17T08:30:01"},
        {"benchmark_results_99999999_999999.json", NULL, NULL, NULL},
        {"my_cpu.json", NULL, NULL, NULL},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        autosample struct sample sample = named(names[i].name, DOCUMENT);
        const struct run *run = sample_run(&sample, 0);
        assert_true(text_equal(run->workload.backend, names[i].backend));
        assert_true(text_equal(run->workload.quantization, names[i].quantization));
        assert_true(text_equal(run->ran_at, names[i].time));
        assert_int_equal(run->ran_at_local, names[i].time != NULL);
        assert_int_equal(sample_has_problem(&sample, "--set backend"), names[i].backend == NULL);
    }
}

/* numpy integers stop the tool's own writer at tokens_generated.min. */
static void test_truncated(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("{\n  \"original\": {\n    " DURATION
                    ",\n    \"tokens_generated\": {\n      \"mean\": 128.0,\n      \"min\": ");
    assert_int_equal(sample.result, -ERR_SYNTAX);
    assert_int_equal(sample.err.line, 6);
    assert_string_equal(sample.err.path, "original.tokens_generated.min");
    assert_non_null(strstr(sample.err.detail, "still readable: 1 run with 2 metrics"));
    expect_number(sample_metric(sample_run(&sample, 0), "duration")->mean, 2.345);
    autosample struct sample wrong =
        sample_text("{\"original\": {" DURATION ", \"tokens_per_sec\": {\"mean\": \"x\"}}}");
    assert_int_equal(wrong.result, -ERR_DATA);
    assert_string_equal(wrong.err.path, "original.tokens_per_sec.mean");
    assert_int_equal(sample_run_count(&wrong), 1);
    autosample struct sample value =
        sample_text("{\"original\": {" METRIC("duration", "1", "1", "1", "[1, true]") ", \"num_runs\": 2}}");
    assert_string_equal(value.err.path, "original.duration.values[1]");
}

static void test_csv(void **state)
{
    (void)state;
    static const char header[] = "Mode,Metric,Mean,Std,Min,Max,Median,Num Runs\r\n";
    autobuf struct buf text = BUF(BUF_MIB);
    buf_addf(&text, "CSV of yesterday:\r\n%soriginal,duration,2.3450,0.0911,2.2010,2.4890,2.3450,5\r\n", header);
    buf_adds(&text,
             "original,cpu_memory_delta_mb,-0.9000,0.7348,-1.5000,0.0000,-1.5000,5\r\n"
             "run_onnx,vision_inference_time,0.2150,0.0042,0.2087,0.2194,0.2175,5\r\nrun_onnx,volts,1,1,1,1,1,5\r\n");
    autosample struct sample sample = sample_text(buf_text(&text));
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "vlm-partitioner-csv");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct measurement *duration = sample_metric(sample_run(&sample, 0), "duration");
    expect_number(duration->stddev, 0.0911);
    expect_number(duration->median, 2.345);
    assert_int_equal(duration->n, 5);
    expect_number(sample_metric(sample_run(&sample, 1), "vision_inference_time")->mean, 215);
    assert_true(sample_has_problem(&sample, "volts"));
    expect_same_after_redaction(&sample);
    buf_adds(&text, "run_onnx,duration,1,1,1\r\n");
    autosample struct sample ragged = sample_text(buf_text(&text));
    assert_int_equal(ragged.result, -ERR_DATA);
    assert_int_equal(ragged.err.line, 7);
    assert_int_equal(sample_run_count(&ragged), 2);
    autosample struct sample words =
        sample_text("Mode,Metric,Mean,Std,Min,Max,Median,Num Runs\noriginal,duration,fast,1,1,1,1,5\n");
    assert_int_equal(words.result, -ERR_DATA);
    assert_string_equal(words.err.path, "Mean");
}

static void test_summary(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "ada@host:~$ python benchmark.py --prompt 'my secret'\nBENCHMARK RESULTS SUMMARY\n=====\n"
        "Mode            Metric                    Mean         Std          Min          Max         \n-----\n"
        "original        Duration (s)              2.345        0.091        2.201        2.489       \n"
        "original        Tokens/sec                54.667       2.132        51.426       58.155      \n"
        "                CPU Mem Delta (MB)        -0.052       0.099        0.000        0.250       \n\n"
        "split_native    No data\n"
        "run_onnx        Duration (s)              1.878        0.044        1.837        1.959       \n"
        "Fastest Mode: run_onnx (1.878s)\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "vlm-partitioner-text");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *run = sample_run(&sample, 0);
    assert_int_equal(run->measurement_count, 3);
    expect_number(sample_metric(run, "generation_throughput")->mean, 54.667);
    expect_number(sample_metric(run, "duration")->stddev, 0.091);
    assert_int_equal(sample_metric(run, "duration")->stddev_kind, STDDEV_POPULATION);
    assert_int_equal(sample_metric(run, "duration")->n, COUNT_UNKNOWN);
    expect_number(sample_metric(sample_run(&sample, 1), "duration")->max, 1.959);
    assert_true(sample_has_problem(&sample, "every run of this mode failed"));
    assert_null(strstr(sample.text + sample.readings.items[0]->original_offset, "secret"));
    expect_same_after_redaction(&sample);
}

static void test_examples(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "{\"original\": {\"success\": true, \"duration\": 41.273, \"output\": \"=====\\nMy secret\\n"
        "\\ud83d\\udcbe CPU Memory: 150.25 MB\\n\\ud83c\\udfae GPU Peak: 3890.5 MB\\nOutput: 'a \\\"cat\\\"'\\n\", "
        "\"error\": \"\", \"timestamp\": \"2026-01-17T08:10:02.113421\"}, \"run_onnx\": {\"success\": false, "
        "\"error\": \"Command /home/ada/x failed\", \"timestamp\": \"2026-01-17T08:16:40\"}}");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "vlm-partitioner-examples-json");
    assert_int_equal(sample_run_count(&sample), 1);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->ran_at, "2026-01-17T08:10:02.113421");
    expect_number(sample_metric(run, "duration")->mean, 41.273);
    expect_number(sample_metric(run, "memory_increase")->mean, 150.25);
    expect_number(sample_metric(run, "gpu_peak_memory")->mean, 3890.5);
    assert_true(sample_has_problem(&sample, "this mode failed"));
    assert_int_equal(sample.readings.items[0]->private_count, 3);
    expect_same_after_redaction(&sample);
}

static void test_published(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        size_t runs;
        double duration;
    } files[] = {
        {"benchmark_cpu_20260117_082244.json", 2, 0},
        {"benchmark_cuda_20260117_081530.json", 2, 2.3466070334434734},
        {"benchmark_non_quantized_20260117_083001.json", 1, 0},
        {"benchmark_quantized_20260117_083417.json", 1, 0},
        {"benchmark_results_failed_mode.json", 1, 2.301726510013211},
        {"example_results_20260117_081702.json", 4, 41.273},
        {"my_benchmark_results.csv", 3, 2.345},
        {"my_benchmark_results.json", 3, 2.3449999999999998},
        {"stdout_summary.txt", 3, 2.345},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
        autofree char *path = mem_printf(CORPUS "seeds/vlm-partitioner/%s", files[i].file);
        autosample struct sample sample = {0};
        if (!sample_file(path, &sample))
            skip();
        assert_int_equal(sample.result, 0);
        if (sample_run_count(&sample) != files[i].runs)
            fail_msg("%s: %zu runs", path, sample_run_count(&sample));
        if (files[i].duration > 0)
            expect_number(sample_metric(sample_run(&sample, 0), "duration")->mean, files[i].duration);
    }
    autosample struct sample broken = {0};
    assert_true(sample_file(CORPUS "seeds/vlm-partitioner/benchmark_results_AS_WRITTEN_TRUNCATED.json", &broken));
    assert_int_equal(broken.result, -ERR_SYNTAX);
    assert_int_equal(broken.err.line, 20);
    assert_int_equal(sample_metric(sample_run(&broken, 0), "duration")->n, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_document),  cmocka_unit_test(test_differing_statistics),
        cmocka_unit_test(test_file_name), cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_csv),       cmocka_unit_test(test_summary),
        cmocka_unit_test(test_examples),  cmocka_unit_test(test_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
