/* Google Benchmark's console and CSV. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "schema/base/str.h"
#include "tests/unit/formats_sample.h"

#define RULE "----------------------------------------------------------\n"

static void test_console(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "eve@box:~$ ./bench\n2023-04-05T12:15:56+02:00\nRunning /home/eve/bench\nRun on (16 X 3400.12 MHz CPU s)\n"
        "CPU Caches:\n  L1 Data 32 KiB (x8)\nLoad Average: 1.00, 2.00, 3.00\n"
        "***WARNING*** Library was built as DEBUG. Timings may be affected.\n" RULE
        "Benchmark                   Time             CPU   Iterations UserCounters...\n" RULE
        "BM_copy<int, double>/8   0.54 ns         0.53 ns   1000000000 bytes_per_second=1.5Gi/s n=1.5k a label\n"
        "BM_rep                    100 us          101 us            7\n"
        "BM_rep                    300 us          301 us            7\n"
        "BM_rep_mean               200 us          201 us            2\n"
        "BM_rep_cv                9.09 %          9.01 %             2\n"
        "BM_agg_mean                 5 ms            5 ms           10\n"
        "BM_agg_stddev               1 ms            1 ms           10\n"
        "BM_the_mean                 2 s             2 s             1\n"
        "BM_c_BigO                0.25 N          0.25 N    \n"
        "BM_err                 ERROR OCCURRED: 'no /home/eve/x'\n");
    assert_string_equal(sample.format->name, "google-benchmark-console");
    assert_int_equal(sample_run_count(&sample), 4);
    const struct run *copy = sample_run(&sample, 0);
    assert_string_equal(copy->workload.task, "BM_copy<int, double>/8");
    assert_string_equal(copy->ran_at, "2023-04-05T10:15:56Z");
    assert_true(flags_has(&copy->flags, "debug_build"));
    expect_number(sample_metric(copy, "cpu_time")->mean, 0.53);
    expect_number(sample_metric(copy, "data_throughput")->mean, 1610.612736); /* 1.5 GiB/s in MB/s */
    expect_number(sample_metric(copy, "n")->mean, 1500);
    expect_number(sample_number(&copy->conditions, "load_15"), 3);
    const struct measurement *repeated = sample_metric(sample_run(&sample, 1), "real_time");
    expect_number(repeated->mean, 200000);
    assert_int_equal(repeated->n, 2);
    const struct measurement *aggregate = sample_metric(sample_run(&sample, 2), "real_time");
    expect_number(aggregate->stddev, 1e6);
    assert_int_equal(aggregate->n, 10);
    assert_string_equal(sample_run(&sample, 3)->workload.task, "BM_the_mean"); /* alone: a name */
    assert_int_equal(sample.readings.items[0]->device.threads, 16);
    assert_true(sample_has_problem(&sample, "the benchmark failed"));
    expect_same_after_redaction(&sample);
}

/* Counters in columns of their own; then the form of the first versions, with the unit in the header. */
static void test_console_columns(void **state)
{
    (void)state;
    autosample struct sample tabular =
        sample_text(RULE "Benchmark            Time             CPU   Iterations Bar Bat\n" RULE
                         "BM_x/threads:1    2248 ns         2247 ns       310000  10  40k/s\n");
    expect_number(sample_metric(sample_run(&tabular, 0), "Bat")->mean, 40000);
    autosample struct sample old = sample_text("Benchmark      Time(ns)    CPU(ns) Iterations\n" RULE
                                               "BM_y/1024        106371     105333       6654   9.5MB/s\n");
    expect_number(sample_metric(sample_run(&old, 0), "real_time")->mean, 106371);
    expect_number(sample_metric(sample_run(&old, 0), "data_throughput")->mean, 9.961472);
}

static void test_csv(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "Run on (16 X 3400 MHz CPU s)\n"
        "name,iterations,real_time,cpu_time,time_unit,bytes_per_second,items_per_second,label,error_occurred,"
        "error_message,\"Foo\"\r\n"
        "\"BM_x<int, double>/8\",1000,12.5,12.4,us,1.5e+09,,\"a, b\",,,12\r\n"
        "\"BM_x_BigO\",,0.25,0.25,N,,,,,,\r\n"
        "\"BM_err\",,,,,,,,true,\"bad \"\"thing\"\"\"\r\n");
    assert_string_equal(sample.format->name, "google-benchmark-csv");
    assert_int_equal(sample_run_count(&sample), 1);
    const struct run *run = sample_run(&sample, 0);
    expect_number(sample_metric(run, "real_time")->mean, 12500);
    expect_number(sample_metric(run, "data_throughput")->mean, 1500);
    expect_number(sample_metric(run, "Foo")->mean, 12);
    assert_true(sample_has_problem(&sample, "bad \"thing\""));
    expect_same_after_redaction(&sample);
}

static void test_csv_ragged(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text("name,iterations,real_time,cpu_time,time_unit\n"
                                                  "a,1,2,3,ns\nb,1,2,3\nc,1,2,3,ns\n");
    assert_int_equal(sample.result, -ERR_DATA);
    assert_int_equal(sample.err.line, 3);
    assert_int_equal(sample_run_count(&sample), 1);
}

static void test_corpus(void **state)
{
    (void)state;
    autosample struct sample sample = {0};
    if (!sample_file(CORPUS "formats/google-benchmark-console/github-action-benchmark__examples_cpp_README.md",
                     &sample))
        skip();
    assert_int_equal(sample_run_count(&sample), 2);
    expect_number(sample_metric(sample_run(&sample, 1), "cpu_time")->mean, 27786);
    expect_same_after_redaction(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_console),    cmocka_unit_test(test_console_columns), cmocka_unit_test(test_csv),
        cmocka_unit_test(test_csv_ragged), cmocka_unit_test(test_corpus),
    };
    return cmocka_run_group_tests_name("formats_google_text", tests, NULL, NULL);
}
