/* Foreign CSV and JSON whose columns a person names. Every table is written here. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "schema/formats/mapping.h"
#include "tests/unit/formats_sample.h"

static int add_all(struct mapping *mapping, const char *const *words, struct err *err)
{
    int result = 0;
    for (size_t i = 0; result == 0 && words[i] != NULL; i++)
        result = words[i][0] == '=' ? mapping_set(mapping, words[i] + 1, err) : mapping_add(mapping, words[i], err);
    return result;
}

/* Words with a leading '=' are --set, the others --map. */
static struct sample read_mapped(const char *text, const char *const *words)
{
    struct mapping mapping = {0};
    automapped struct mapped mapped = {0};
    struct sample failed = {0};
    failed.result = add_all(&mapping, words, &failed.err);
    if (failed.result == 0)
        failed.result = mapping_convert(&mapping, str_of(text), &mapped, &failed.err);
    if (failed.result < 0)
        return failed;
    return sample_of(mapped.document.data, mapped.document.len, MAPPING_FORMAT);
}

static void test_wide_csv(void **state)
{
    (void)state;
    static const char *const words[] = {"model=name",
                                        "time_to_first_token=ttft_ms",
                                        "peak_memory=mem_gb",
                                        "generation_throughput:tok/s=speed",
                                        "parameters.n_prompt=in",
                                        "=chip=Apple M9",
                                        "=batch=4",
                                        "=tool=probe",
                                        NULL};
    autosample struct sample sample = read_mapped("run started by ada\r\nname,secret,ttft_ms,speed,in,mem_gb\r\n"
                                                  "\"a, b\",hush,290.5,63.8,512,2\r\n"
                                                  "c,hush,N/A,64,1024,\r\n"
                                                  "d,hush,,-,1024,\r\n",
                                                  words);
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(sample.readings.items[0]->tool, "probe");
    assert_string_equal(run->workload.model, "a, b");
    assert_string_equal(run->chip_name, "Apple M9");
    expect_number(sample_number(&run->workload.parameters, "n_prompt"), 512);
    expect_number(sample_number(&run->workload.parameters, "batch"), 4);
    expect_number(sample_metric(run, "time_to_first_token")->mean, 290.5);
    expect_number(sample_metric(run, "generation_throughput")->mean, 63.8);
    expect_number(sample_metric(run, "peak_memory")->original_value, 2);
    assert_string_equal(sample_metric(run, "peak_memory")->original_unit, "GB");
    assert_int_equal(sample_run(&sample, 1)->measurement_count, 1); /* missing is not zero */
    assert_null(strstr(sample.text, "hush"));
    assert_null(strstr(sample.text, "ada"));
}

static void test_json(void **state)
{
    (void)state;
    static const char *const words[] = {"task=t", "duration:s=v", "chip=machine.soc", "setup.threads=cfg.threads",
                                        NULL};
    autosample struct sample sample =
        read_mapped("noise {\"machine\": {\"soc\": \"M9\"}, \"runs\": [{\"t\": \"a\", \"v\": [1, 2, 3], \"cfg\": "
                    "{\"threads\": 8}}, {\"t\": \"b\", \"v\": null}, {\"t\": \"c\", \"v\": 1.5}]}",
                    words);
    /* Words in front make it no JSON to begin with: then it is looked at as CSV, and no header has the columns. */
    assert_int_equal(sample.result, -ERR_DATA);
    autosample struct sample clean =
        read_mapped("{\"machine\": {\"soc\": \"M9\"}, \"runs\": [{\"t\": \"a\", \"v\": [1, 2, 3], \"cfg\": "
                    "{\"threads\": 8}}, {\"t\": \"b\", \"v\": null}, {\"t\": \"c\", \"v\": 1.5}]}",
                    words);
    assert_int_equal(clean.result, 0);
    assert_int_equal(sample_run_count(&clean), 2);
    const struct measurement *duration = sample_metric(sample_run(&clean, 0), "duration");
    assert_int_equal(duration->sample_count, 3);
    expect_number(duration->mean, 2);
    assert_string_equal(sample_run(&clean, 1)->chip_name, "M9");
    expect_number(sample_number(&sample_run(&clean, 0)->setup, "threads"), 8);
    autosample struct sample lines =
        read_mapped("{\"t\": \"a\", \"v\": 1}\n{\"t\": \"b\", \"v\": NaN, \"machine\": {\"soc\": \"X\"}, \"cfg\": "
                    "{\"threads\": 1}}\n",
                    words);
    assert_int_equal(sample_run_count(&lines), 2);
    assert_string_equal(sample_metric(sample_run(&lines, 1), "duration")->flags.items[0], "not_finite");
}

static void test_long_csv(void **state)
{
    (void)state;
    static const char *const words[] = {"value=v", "unit=u", "samples=all", "=metric=latency", NULL};
    autosample struct sample sample = read_mapped("v;u;all\n2000;ns;1000 3000\n", words);
    assert_int_equal(sample.result, 0);
    const struct measurement *latency = sample_metric(sample_run(&sample, 0), "latency");
    expect_number(latency->mean, 0.002);
    assert_int_equal(latency->sample_count, 2);
}

static const struct fault {
    const char *text, *words[4], *part;
    int line, column;
} faults[] = {
    {"a,b\n1,2\n", {"task=a", "latency=b"}, "does not tell its unit", 0, 0},
    {"a,b\n1,2\n", {"task=a", "latency:kg=b"}, "does not convert", 0, 0},
    {"a,b\n1,2\n", {"speed=b"}, "neither a field of a row nor a metric", 0, 0},
    {"a,b\n1,2\n", {"task"}, "is not FIELD=COLUMN", 0, 0},
    {"a,b\n1,2\n", {"value=b"}, "its metric is not", 0, 0},
    {"a,b\n1,2\n", {"value=b", "=metric=latency"}, "its unit is not", 0, 0},
    {"a,b\n1,2\n", {"task=a"}, "no column is mapped to a value", 0, 0},
    {"a,b\n1,2\n", {"latency:ms=c"}, "no column is named c; those there are: a,b", 1, 0},
    {"[{\"a\": 1}]", {"latency:ms=c"}, "no column is named c; those there are: a", 0, 0},
    {"a,b\n1,2\n3\n", {"latency:ms=b"}, "the row has 1 fields, its header has 2", 3, 0},
    {"a,b\n1,x\n", {"latency:ms=b"}, "expected a number, found \"x\"", 2, 2},
    {"b,b\n1,2\n", {"latency:ms=b"}, "two columns are named b", 1, 1},
    {"a,b\n1,\n", {"latency:ms=b"}, "no row has a value", 0, 0},
    {"a,b\n1,\"2\n", {"latency:ms=b"}, "quote", 2, 3},
    {"[{\"b\": 1}, {\"b\": ", {"latency:ms=b"}, "ends", 1, 0},
    {"[{\"b\": {}}]", {"latency:ms=b"}, "expected a number", 1, 0},
};

static void test_faults(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const struct fault *fault = &faults[i];
        const char *const words[] = {fault->words[0], fault->words[1], fault->words[2], NULL};
        autosample struct sample sample = read_mapped(fault->text, words);
        assert_true(sample.result < 0);
        if (strstr(sample.err.text, fault->part) == NULL)
            fail_msg("case %zu: \"%s\" does not say \"%s\"", i, sample.err.text, fault->part);
        if (fault->line > 0)
            assert_int_equal(sample.err.line, fault->line);
        if (fault->column > 0)
            assert_int_equal(sample.err.column, fault->column);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wide_csv),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_long_csv),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
