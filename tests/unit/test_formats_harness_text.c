/* Harnesses in the forms that they print beside their JSON: go test -json, JMH's table and CSV, hyperfine's blocks, the
 * tables of BenchmarkDotNet and pytest-benchmark, fio's jobs, Criterion's raw.csv. The files are ours, written after
 * the programs' own printing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "tests/unit/formats_sample.h"

/* A line comes in two events, and those of another package stand between them. */
static void test_go_events(void **state)
{
    (void)state;
    autosample struct sample sample = sample_seed("go-bench-json/two_packages.json");
    assert_string_equal(sample.format->name, "go-bench-json");
    assert_string_equal(sample.readings.items[0]->device.chip, "AMD EPYC 7763 64-Core Processor");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.task, "BenchmarkSum");
    assert_string_equal(run->workload.category, "example.com/a");
    expect_number(sample_number(&run->setup, "gomaxprocs"), 8);
    expect_number(sample_metric(run, "time")->mean, 1250);
    expect_number(sample_metric(run, "allocations")->mean, 2);
    assert_string_equal(sample_run(&sample, 1)->workload.category, "example.com/b");
    expect_number(sample_metric(sample_run(&sample, 1), "time")->mean, 75.5);
    assert_int_equal(sample.readings.items[0]->private_count, 1); /* what the program said */
    expect_same_after_redaction(&sample);
}

static void test_jmh_table(void **state)
{
    (void)state;
    autosample struct sample sample = sample_seed("jmh-text/table.txt");
    assert_string_equal(sample.format->name, "jmh-text");
    assert_string_equal(sample.readings.items[0]->tool_version, "1.37");
    assert_int_equal(sample_run_count(&sample), 4);
    const struct run *fast = sample_run(&sample, 0), *slow = sample_run(&sample, 1);
    assert_string_equal(fast->workload.task, "Sums.fast");
    assert_string_equal(fast->workload.mode, "thrpt");
    assert_int_equal(fast->workload.parameters.count, 0); /* N/A is no size */
    expect_number(sample_metric(fast, "operation_throughput")->mean, 1946.5e6);
    expect_number(sample_metric(fast, "operation_throughput")->original_value, 1946.5);
    assert_int_equal(sample_metric(fast, "operation_throughput")->n, 5);
    assert_true(isnan(sample_metric(fast, "operation_throughput")->stddev)); /* the error is no deviation */
    expect_number(sample_number(&slow->workload.parameters, "size"), 128);
    expect_number(sample_metric(slow, "time")->mean, 3.142);
    expect_number(sample_metric(slow, "allocated_memory")->mean, 48);
    expect_number(sample_metric(sample_run(&sample, 2), "time")->mean, 100250000);
    assert_int_equal(sample_metric(sample_run(&sample, 2), "time")->n, 1);
    assert_true(sample_has_problem(&sample, "power of ten"));
    expect_number(sample_metric(sample_run(&sample, 3), "latency_p50")->mean, 0.011);
    expect_same_after_redaction(&sample);
}

static void test_jmh_csv(void **state)
{
    (void)state;
    autosample struct sample sample = sample_seed("jmh-csv/semicolons.csv");
    assert_string_equal(sample.format->name, "jmh-csv");
    assert_int_equal(sample_run_count(&sample), 1);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.task, "example.Sums.fast");
    expect_number(sample_number(&run->workload.parameters, "size"), 128);
    expect_number(sample_number(&run->setup, "threads"), 4);
    expect_number(sample_metric(run, "operation_throughput")->original_value, 528.857143);
    assert_int_equal(sample_metric(run, "operation_throughput")->n, 14);
    expect_number(sample_metric(run, "gc.count")->mean, 549);
    expect_same_after_redaction(&sample);
    autosample struct sample commas =
        sample_text("\"Benchmark\",\"Mode\",\"Threads\",\"Samples\",\"Score\",\"Score Error (99,9%)\",\"Unit\"\n"
                    "\"a.B\",\"avgt\",1,5,\"28,5\",NaN,\"us/op\"\n\"a.C\",\"avgt\",1,5,fast,NaN,\"us/op\"\n");
    assert_int_equal(commas.result, -ERR_DATA);
    assert_int_equal(commas.err.line, 3);
    expect_number(sample_metric(sample_run(&commas, 0), "time")->mean, 28500);
}

static void test_hyperfine_printed(void **state)
{
    (void)state;
    autosample struct sample sample = sample_seed("hyperfine-text/two.txt");
    assert_string_equal(sample.format->name, "hyperfine-text");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *fast = sample_run(&sample, 0), *slow = sample_run(&sample, 1);
    assert_string_equal(fast->workload.task, "tool --fast");
    assert_true(flags_has(&fast->flags, "failed"));
    const struct measurement *time = sample_metric(fast, "duration");
    assert_true(fabs(time->mean - 0.1025) < 1e-12 && fabs(time->max - 0.1045) < 1e-12);
    assert_true(fabs(time->stddev - 0.0005) < 1e-12);
    assert_int_equal(time->n, 28);
    assert_int_equal(time->stddev_kind, STDDEV_SAMPLE);
    expect_number(sample_metric(fast, "user_time")->mean, 0.0015);
    assert_int_equal(slow->flags.count, 0);
    expect_number(sample_metric(slow, "duration")->mean, 1.25);
    assert_int_equal(sample_metric(slow, "duration")->n, 1);
    expect_number(sample_metric(slow, "system_time")->mean, 0.125);
    expect_same_after_redaction(&sample);
}

/* A table is one of its locale: without a point in any time nobody can tell what a comma is. */
static void test_benchmarkdotnet_table(void **state)
{
    (void)state;
    autosample struct sample sample = sample_seed("benchmarkdotnet-md/table.md");
    assert_string_equal(sample.format->name, "benchmarkdotnet-md");
    assert_string_equal(sample.readings.items[0]->tool_version, "0.13.6");
    assert_string_equal(sample.readings.items[0]->device.chip, "Apple M1 Max");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *run = sample_run(&sample, 0), *other = sample_run(&sample, 1);
    assert_string_equal(run->workload.task, "Sum");
    assert_string_equal(sample_word(&run->setup, "Runtime"), ".NET 8.0");
    expect_number(sample_number(&run->workload.parameters, "N"), 1000);
    expect_number(sample_metric(run, "time")->mean, 7500);
    expect_number(sample_metric(run, "time")->stddev, 25);
    expect_number(sample_metric(run, "time")->median, 7250);
    expect_number(sample_metric(run, "allocated_memory")->mean, 1536);
    expect_number(sample_metric(other, "time")->mean, 1234500);
    expect_number(sample_metric(other, "allocated_memory")->mean, 0);
    assert_int_equal(other->workload.parameters.count, 1); /* the path stays */
    assert_true(sample_has_problem(&sample, "row left out"));
    expect_same_after_redaction(&sample);
    autosample struct sample commas =
        sample_text("BenchmarkDotNet v0.13.6, Windows 11\n\n| Method | Mean |\n|--- |---:|\n| A | 1,000 ns |\n");
    assert_int_equal(sample_run_count(&commas), 0);
    assert_true(sample_has_problem(&commas, "commas"));
}

static void test_fio_printed(void **state)
{
    (void)state;
    autosample struct sample sample = sample_seed("fio-text/two_jobs.txt");
    assert_string_equal(sample.format->name, "fio-text");
    assert_string_equal(sample.readings.items[0]->tool_version, "3.28");
    assert_int_equal(sample_run_count(&sample), 3);
    const struct run *read = sample_run(&sample, 0), *write = sample_run(&sample, 1), *old = sample_run(&sample, 2);
    assert_string_equal(read->workload.task, "mixed");
    assert_string_equal(read->workload.mode, "read");
    assert_string_equal(sample_word(&read->workload.parameters, "rw"), "randrw");
    assert_string_equal(sample_word(&read->workload.parameters, "bs"), "4k");
    expect_number(sample_number(&read->workload.parameters, "iodepth"), 32);
    expect_number(sample_number(&read->workload.parameters, "numjobs"), 4);
    expect_number(sample_metric(read, "io_operations")->mean, 251e3);
    assert_string_equal(sample_metric(read, "io_bandwidth")->original_unit, "MiB/s");
    expect_number(sample_metric(read, "io_bandwidth")->original_value, 982);
    expect_number(sample_metric(read, "submission_latency")->max, 0.5);
    expect_number(sample_metric(read, "completion_latency")->original_value, 124.5);
    expect_number(sample_metric(read, "latency_p999")->original_value, 400);
    assert_string_equal(write->workload.mode, "write");
    expect_number(sample_metric(write, "io_operations")->mean, 12500);
    assert_true(flags_has(&old->flags, "failed"));
    assert_string_equal(sample_metric(old, "io_bandwidth")->original_unit, "KiB/s"); /* version 2 writes KB */
    expect_number(sample_metric(old, "io_operations")->mean, 1000);
    assert_true(sample_has_problem(&sample, "error 5"));
    expect_same_after_redaction(&sample);
}

static void test_pytest_table(void **state)
{
    (void)state;
    autosample struct sample sample = sample_seed("pytest-benchmark-text/two.txt");
    assert_string_equal(sample.format->name, "pytest-benchmark-text");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *fast = sample_run(&sample, 0), *slow = sample_run(&sample, 1);
    assert_string_equal(fast->workload.task, "test_fast[two words]");
    const struct measurement *time = sample_metric(fast, "time");
    expect_number(time->mean, 1250);
    expect_number(time->stddev, 125);
    expect_number(time->median, 1200);
    assert_int_equal(time->n, 5000);
    expect_number(sample_metric(fast, "operation_throughput")->mean, 800000);
    assert_string_equal(slow->workload.task, "test_slow (NOW)");
    expect_number(sample_metric(slow, "time")->max, 1099000);
    assert_true(isnan(sample_metric(slow, "time")->stddev)); /* of one round there is none */
    expect_number(sample_number(&slow->setup, "iterations"), 10);
    expect_same_after_redaction(&sample);
}

/* A row is the time of all iterations of a sample. */
static void test_criterion_csv(void **state)
{
    (void)state;
    autosample struct sample sample = sample_seed("criterion-csv/raw.csv");
    assert_string_equal(sample.format->name, "criterion-csv");
    assert_int_equal(sample_run_count(&sample), 2);
    assert_string_equal(sample_run(&sample, 0)->workload.task, "parse/fast/10");
    const struct measurement *time = sample_metric(sample_run(&sample, 0), "time");
    assert_int_equal(time->sample_count, 2);
    expect_number(time->samples[0], 1250);
    expect_number(time->samples[1], 1500);
    expect_number(time->mean, 1375);
    assert_string_equal(sample_run(&sample, 1)->workload.task, "parse/words.txt");
    expect_same_after_redaction(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_go_events),
        cmocka_unit_test(test_jmh_table),
        cmocka_unit_test(test_jmh_csv),
        cmocka_unit_test(test_hyperfine_printed),
        cmocka_unit_test(test_benchmarkdotnet_table),
        cmocka_unit_test(test_fio_printed),
        cmocka_unit_test(test_pytest_table),
        cmocka_unit_test(test_criterion_csv),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
