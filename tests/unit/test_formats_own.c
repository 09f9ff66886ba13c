/* Our own formats, and what is said about tables of nobody's format. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/file.h"
#include "schema/base/str.h"
#include "tests/unit/formats_sample.h"

static const double none = (double)NAN;

static void test_json(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "{\"crosschip\": 1, \"tool\": {\"name\": \"my-script\", \"version\": \"3\"}, \"device\": {\"chip\": \"Apple "
        "M4\", "
        "\"cores\": 10, \"memory_bytes\": 17179869184},\n \"results\": [{\"model\": \"meta-llama/Llama-2-7b-hf\", "
        "\"quantization\": \"q4_0\", \"backend\": \"MTL\", \"task\": \"tg128\", \"metric\": \"generation_throughput\", "
        "\"unit\": \"tok/s\", \"samples\": [24, 26, 25], \"time\": \"2026-03-01T10:00:00+01:00\", \"parameters\": "
        "{\"n_gen\": 128, \"kv\": \"f16\"}, \"setup\": {\"threads\": 4, \"mmap\": true}, \"labels\": {\"title\": "
        "\"first\"}},\n {\"chip\": \"Apple M1\", \"task\": \"copy\", \"metrics\": [{\"metric\": \"memory_bandwidth\", "
        "\"unit\": \"MB/s\", \"value\": 60000, \"n\": 10, \"stddev\": 5, \"stddev_kind\": \"population\"}, "
        "{\"metric\": "
        "\"wobble\", \"unit\": \"m\", \"value\": 0.5, \"direction\": \"lower\"}]}]}\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "crosschip-json");
    const struct reading *reading = sample.readings.items[0];
    assert_string_equal(reading->tool, "my-script");
    assert_string_equal(reading->device.chip, "Apple M4");
    assert_int_equal(reading->device.cores, 10);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.model, "Llama 2 7B");
    assert_string_equal(run->workload.quantization, "Q4_0");
    assert_string_equal(run->workload.backend, "Metal");
    assert_string_equal(run->ran_at, "2026-03-01T09:00:00Z");
    expect_number(sample_number(&run->workload.parameters, "n_gen"), 128);
    assert_int_equal(parameters_find(&run->setup, "mmap")->type, PARAMETER_BOOLEAN);
    assert_string_equal(run->labels.items[0].text, "first");
    const struct measurement *rate = sample_metric(run, "generation_throughput");
    assert_int_equal(rate->n, 3);
    expect_number(rate->mean, 25);
    expect_number(rate->stddev, 1);
    const struct run *copy = sample_run(&sample, 1);
    assert_string_equal(copy->chip_name, "Apple M1");
    const struct measurement *bandwidth = sample_metric(copy, "memory_bandwidth");
    expect_number(bandwidth->mean, 60);
    assert_int_equal(bandwidth->stddev_kind, STDDEV_POPULATION);
    assert_string_equal(bandwidth->original_unit, "MB/s");
    assert_int_equal(sample_metric(copy, "wobble")->direction, DIRECTION_LOWER);
    expect_number(sample_metric(copy, "wobble")->stddev, none);
    expect_same_after_redaction(&sample);
}

static void test_csv(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("\xef\xbb\xbf"
                    "chip,model,task,metric,unit,value,samples,n,parameters.n_gen,labels.note,time\r\n"
                    "Apple M1,/home/ada/x.gguf,tg128,generation_throughput,tokens/s,,14.1 14.3;14.2,,128,\"a, b\","
                    "2026-03-01 10:00:00\r\n"
                    "Apple M2,\"Llama 2 7B\",load,load_time,s,1.5,,5,,,\r\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "crosschip-csv");
    const struct run *first = sample_run(&sample, 0), *second = sample_run(&sample, 1);
    assert_string_equal(first->workload.model_as_given, "x.gguf");
    assert_int_equal(sample_metric(first, "generation_throughput")->sample_count, 3);
    expect_number(sample_metric(first, "generation_throughput")->median, 14.2);
    assert_true(first->ran_at_local);
    assert_string_equal(first->labels.items[0].text, "a, b");
    expect_number(sample_metric(second, "load_time")->mean, 1500);
    assert_int_equal(sample_metric(second, "load_time")->n, 5);
    assert_int_equal(second->workload.parameters.count, 0);
    expect_same_after_redaction(&sample);
}

static void test_lines(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("{\"task\": \"a\", \"metric\": \"latency\", \"unit\": \"us\", \"value\": 1500}\n\n"
                    "{\"task\": \"b\", \"metric\": \"latency\", \"unit\": \"ms\", \"value\": NaN}\n"
                    "{\"task\": \"c\", \"metric\": \"latency\", \"unit\": \"ms\", \"vlaue\": 2}\n");
    assert_string_equal(sample.format->name, "crosschip-ndjson");
    assert_int_equal(sample.result, -ERR_DATA);
    assert_int_equal(sample.err.line, 4);
    assert_int_equal(sample.err.column, 59);
    assert_non_null(strstr(sample.err.text, "vlaue is not known"));
    assert_int_equal(sample_run_count(&sample), 2);
    expect_number(sample_metric(sample_run(&sample, 0), "latency")->mean, 1.5);
    assert_true(flags_has(&sample_metric(sample_run(&sample, 1), "latency")->flags, "not_finite"));
}

static void test_faults_have_places(void **state)
{
    (void)state;
    static const struct {
        const char *text, *part;
        int line, column;
    } cases[] = {
        {"metric,unit,value,wheels\na,s,1,4\n", "column 4, wheels, is not known", 1, 4},
        {"metric,unit,value,value\na,s,1,4\n", "there twice", 1, 4},
        {"metric,unit,value\na,s,1\na,s\n", "the row has 2 fields", 3, 0},
        {"metric,unit,value\na,s,fast\n", "value: expected a number", 2, 3},
        {"metric,unit,value,n\na,s,1,0\n", "n: expected a whole number above zero", 2, 4},
        {"metric,unit,value\nlatency,GB,1\n", "does not convert", 2, 2},
        {"metric,task,value\na,b,1\n", "unit is missing", 2, 1},
        {"metric,unit,value,time\na,s,1,yesterday\n", "expected a time", 2, 4},
        {"metric,unit,samples\na,s,1 2 x\n", "samples: expected numbers", 2, 3},
        {"{\"crosschip\": 2, \"results\": []}", "version 1", 1, 15},
        {"{\"crosschip\": 1,\n \"results\": [{\"metric\": \"a\", \"unit\": \"s\"}]}", "neither value nor samples", 2,
         14},
        {"{\"crosschip\": 1,\n \"device\": {\"serial\": \"X\"}, \"results\": []}", "serial is no fact", 2, 23},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        autosample struct sample sample = sample_text(cases[i].text);
        if (sample.result == 0 || strstr(sample.err.text, cases[i].part) == NULL || sample.err.line != cases[i].line ||
            sample.err.column != cases[i].column)
            fail_msg("%s: %s (%d:%d)", cases[i].text, sample.err.text, sample.err.line, sample.err.column);
    }
}

static void test_foreign(void **state)
{
    (void)state;
    autosample struct sample csv = sample_text("job_name,job_size,ops_sec\nsha2,100000,512.4\n");
    assert_null(csv.format);
    assert_non_null(strstr(csv.err.text, "job_name,job_size,ops_sec"));
    assert_non_null(strstr(csv.err.hint, "--map"));
    autosample struct sample json = sample_text("[{\"name\": \"execute\", \"hashfn\": \"N/A\", \"cycles\": 3}]");
    assert_null(json.format);
    assert_non_null(strstr(json.err.text, "name, hashfn, cycles"));
    autosample struct sample text = sample_text("just some words, nothing more\nand another line\n");
    assert_null(text.format);
    assert_null(strstr(text.err.text, "header"));
}

static void test_corpus(void **state)
{
    (void)state;
    static const char *const files[][2] = {
        {"custom-llm-csv/apple-silicon-llm-bench__results_tq_bench_20260405_225538.csv", "test_id,test_name,backend"},
        {"custom-multichip/ghpages__dev_benchmarks_Linux-cpu.csv", "name,size,speed,exec_duration"},
        {"custom-multichip/ghpages__dev_datasheet_macOS-apple_m2_pro.json", "name, hashfn, throughput"},
        {"custom-normalized-jsonl/willitrun__data_normalized_mlperf.jsonl", "benchmark_id, model, device"},
    };
    if (!file_exists(CORPUS "formats"))
        skip();
    for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
        char path[256];
        snprintf(path, sizeof path, CORPUS "formats/%s", files[i][0]);
        autosample struct sample sample = {0};
        assert_true(sample_file(path, &sample));
        assert_int_equal(sample.result, -ERR_DATA);
        if (strstr(sample.err.text, files[i][1]) == NULL)
            fail_msg("%s: %s", files[i][0], sample.err.text);
    }
}

static void test_device_that_is_a_list(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("{\"crosschip\": 1, \"device\": [\"Apple M4\"], \"results\": [{\"task\": \"a\", \"metric\": "
                    "\"latency\", \"unit\": \"us\", \"value\": 1}]}");
    assert_int_equal(sample.result, -ERR_DATA);
    assert_string_equal(sample.err.path, "device");
    assert_non_null(strstr(sample.err.text, "found an array"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_faults_have_places),
        cmocka_unit_test(test_foreign),
        cmocka_unit_test(test_corpus),
        cmocka_unit_test(test_device_that_is_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
