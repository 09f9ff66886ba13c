/* Printed benchmarks of Go, Rust and C++: go test -bench, cargo bench, Criterion.rs, Catch2. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/str.h"
#include "tests/unit/formats_sample.h"

static void test_go(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "eve@box:~$ go test -bench .\r\ngoos: linux\r\ngoarch: amd64\r\npkg: example.org/a\r\n"
        "cpu: AMD Ryzen 7 5800X 8-Core Processor\r\nBenchmarkX-16 \t 100\t 10.0 ns/op\t 2.5 MB/s\t 0 B/op\t 0 "
        "allocs/op\t 1.5 widgets/s\r\nBenchmarkX-16 \t 100\t 20.0 ns/op\t 1.5 MB/s\t 0 B/op\t 0 allocs/op\r\n"
        "BenchmarkX-8 \t 100\t 7 ns/op\r\n--- FAIL: BenchmarkY\r\npkg: example.org/b\r\n"
        "BenchmarkX-16 \t 5\t 1e3 ns/op\r\nPASS\r\n");
    assert_string_equal(sample.format->name, "go-bench-text");
    assert_int_equal(sample_run_count(&sample), 3);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.task, "BenchmarkX");
    assert_string_equal(run->workload.category, "example.org/a");
    expect_number(sample_number(&run->setup, "gomaxprocs"), 16);
    expect_number(sample_metric(run, "time")->mean, 15);
    expect_number(sample_metric(run, "time")->stddev, 7.0710678118654755);
    assert_int_equal(sample_metric(run, "time")->n, 2);
    expect_number(sample_metric(run, "data_throughput")->mean, 2);
    assert_int_equal(sample_metric(run, "allocations")->flags.count, 0);
    assert_int_equal(sample_metric(run, "widgets/s")->direction, DIRECTION_UNKNOWN);
    assert_string_equal(sample_run(&sample, 2)->workload.category, "example.org/b");
    expect_number(sample_metric(sample_run(&sample, 2), "time")->mean, 1000);
    assert_string_equal(sample.readings.items[0]->device.chip, "AMD Ryzen 7 5800X 8-Core Processor");
    assert_true(sample_has_problem(&sample, "failed"));
    expect_same_after_redaction(&sample);
}

/* Benchmarks are called by routes and by files: a row stays readable when a folder is taken from its name. */
static void test_go_names_with_paths(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text("BenchmarkRead//home/ada/a.txt-8 100 1 ns/op\n"
                                                  "BenchmarkRead//home/eve/b.txt-8 100 2 ns/op\n"
                                                  "BenchmarkRead/file=C:\\Users\\ada\\a.txt-8 100 3 ns/op\n"
                                                  "BenchmarkRouter/users/:id-8 100 4 ns/op\n"
                                                  "BenchmarkRouter//users/posts-8 100 5 ns/op\n");
    static const char *const tasks[] = {"BenchmarkRead/a.txt", "BenchmarkRead/b.txt", "BenchmarkRead/file=a.txt",
                                        "BenchmarkRouter/users/:id", "BenchmarkRouter//users/posts"};
    assert_int_equal(sample_run_count(&sample), 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(sample_run(&sample, i)->workload.task, tasks[i]);
        expect_number(sample_metric(sample_run(&sample, i), "time")->mean, (double)(i + 1));
    }
    assert_int_equal(sample.readings.items[0]->private_count, 3);
    expect_same_after_redaction(&sample);
    autosample struct sample events =
        sample_text("{\"Action\":\"output\",\"Package\":\"p\",\"Output\":\"BenchmarkRouter/users/:id-8 \\t\"}\n"
                    "{\"Action\":\"output\",\"Package\":\"p\",\"Output\":\" 100\\t 4 ns/op\\n\"}\n"
                    "{\"Action\":\"output\",\"Package\":\"p\",\"Output\":\"BenchmarkRead/C:\\\\Users\\\\ada\\\\t-8 "
                    "\\t 100\\t 3 ns/op\\n\"}\n");
    autosample struct sample notes = {0}; /* hidden as a whole, and so compared */
    assert_true(sample_file("tests/data/fuzz/formats/go-bench-text/found_key.txt", &notes));
    assert_int_equal(sample_run_count(&notes), 2);
    expect_same_after_redaction(&notes);
    autosample struct sample empty = sample_of("{\"Action\":\"output\",\"Output\":\"\"}", 31, "go-bench-json");
    assert_int_equal(sample_run_count(&empty), 0);
    assert_string_equal(events.format->name, "go-bench-json");
    assert_string_equal(sample_run(&events, 0)->workload.task, "BenchmarkRouter/users/:id");
    assert_string_equal(sample_run(&events, 1)->workload.task, "BenchmarkRead/t");
    assert_int_equal(events.readings.items[0]->private_count, 1);
    expect_same_after_redaction(&events);
}

/* What a benchmark prints comes between its name and its figures. */
static void test_go_printing_benchmarks(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "goos: linux\nBenchmarkA-8   \t2024/01/02 10:11:12 ada's words\n12 more words\n    1000\t  123 ns/op\t 5 B/op\n"
        "BenchmarkB-8   \t\n\n  2000\t  7 ns/op\n 3000\t  8 ns/op\nBenchmarkC\nBenchmarkC-8 \t 10\t 9 ns/op\nPASS\n");
    assert_string_equal(sample.format->name, "go-bench-text");
    assert_int_equal(sample_run_count(&sample), 3);
    assert_string_equal(sample_run(&sample, 0)->workload.task, "BenchmarkA");
    expect_number(sample_metric(sample_run(&sample, 0), "time")->mean, 123);
    expect_number(sample_number(&sample_run(&sample, 0)->setup, "gomaxprocs"), 8);
    expect_number(sample_metric(sample_run(&sample, 0), "allocated_memory")->mean, 5);
    expect_number(sample_metric(sample_run(&sample, 1), "time")->mean, 7);
    expect_number(sample_metric(sample_run(&sample, 2), "time")->mean, 9);
    assert_int_equal(sample.readings.items[0]->private_count, 3); /* words twice, figures of nobody */
    expect_same_after_redaction(&sample);
}

static void test_cargo(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("running 2 tests\ntest a::b ... bench:   1,234,567.5 ns/iter (+/- 56) = 12 MB/s\n"
                    "test a::c ... FAILED\n\ntest result: FAILED. 0 passed; 1 failed; 0 ignored; 1 measured\n");
    assert_string_equal(sample.format->name, "cargo-bench-text");
    const struct run *run = sample_run(&sample, 0);
    expect_number(sample_metric(run, "time")->mean, 1234567.5);
    assert_true(isnan(sample_metric(run, "time")->stddev));
    expect_number(sample_number(&run->setup, "spread"), 56);
    expect_number(sample_metric(run, "data_throughput")->mean, 12);
    assert_true(sample_has_problem(&sample, "a::c"));
    expect_same_after_redaction(&sample);
}

static void test_criterion(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "Benchmarking a time: b\nBenchmarking a time: b: Collecting 50 samples in estimated 5.0 s (1k iterations)\n"
        "a time: b               time:   [1.0000 ms 2.0000 ms 3.0000 ms]\n"
        "                        thrpt:  [1.0 Melem/s 2.0 Melem/s 3.0 Melem/s]\n"
        "                 change:\n                        time:   [-2.0% -0.2% +1.6%] (p = 0.79 > 0.05)\n"
        "a very long name of a benchmark\n                        time:   [320.0 ps 323.5 ps 327.0 ps]\n"
        "                        thrpt:  [1.0 GiB/s 2.0 GiB/s 3.0 GiB/s]\nsecret words\n");
    assert_string_equal(sample.format->name, "criterion-text");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.task, "a time: b");
    expect_number(sample_metric(run, "time")->mean, 2e6);
    assert_int_equal(sample_metric(run, "time")->n, 50);
    expect_number(sample_metric(run, "throughput")->mean, 2e6);
    run = sample_run(&sample, 1);
    assert_string_equal(run->workload.task, "a very long name of a benchmark");
    expect_number(sample_metric(run, "time")->mean, 0.3235);
    assert_int_equal(sample_metric(run, "time")->n, COUNT_UNKNOWN);
    expect_number(sample_metric(run, "data_throughput")->mean, 2147.483648);
    assert_int_equal(sample.readings.items[0]->private_count, 1);
    expect_same_after_redaction(&sample);
}

/* The folder of a name stays behind, the number of samples beside it does not. */
static void test_criterion_of_a_path(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("Benchmarking /home/ada/b: Collecting 50 samples in estimated 5.0 s (1k iterations)\n"
                    "/home/ada/b             time:   [1.0000 ms 2.0000 ms 3.0000 ms]\n");
    assert_int_equal(sample_run_count(&sample), 1);
    assert_string_equal(sample_run(&sample, 0)->workload.task, "b");
    assert_int_equal(sample_metric(sample_run(&sample, 0), "time")->n, 50);
    expect_same_after_redaction(&sample);
}

static void test_catch2(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "--------------------------------------------\nCase A\n--------------------------------------------\n"
        "src/a.cpp:5\n............................................\n\n"
        "benchmark name        samples       iterations    est run time\n"
        "                      mean          low mean      high mean\n"
        "                      std dev       low std dev   high std dev\n"
        "--------------------------------------------\n"
        "a name that\nwraps                      100        20     7.48 ms\n"
        "                       1.5 ms     1.4 ms    1.6 ms\n"
        "                       250 us     200 us    300 us\n\n"
        "broken                     100        20     7.48 ms\n");
    assert_string_equal(sample.format->name, "catch2-text");
    assert_int_equal(sample_run_count(&sample), 1);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.task, "a name that wraps");
    assert_string_equal(run->workload.category, "Case A");
    expect_number(sample_metric(run, "time")->mean, 1.5e6);
    expect_number(sample_metric(run, "time")->stddev, 2.5e5);
    assert_int_equal(sample_metric(run, "time")->stddev_kind, STDDEV_POPULATION);
    expect_same_after_redaction(&sample);
}

struct file_case {
    const char *path, *format;
    size_t runs, run;
    const char *task, *metric;
    double mean;
};

static void test_corpus(void **state)
{
    (void)state;
    static const struct file_case cases[] = {
        {"go-bench-text/bencher__lib_bencher_adapter_tool_output_go_bench_five.txt", "go-bench-text", 5, 1,
         "BenchmarkFib20", "time", 40537.123},
        {"go-bench-text/github-action-benchmark__test_data_extract_go_fiber_duplicate_names_output.txt",
         "go-bench-text", 4, 3, "BenchmarkUnmarshalitem", "data_throughput", 229.35},
        {"go-bench-text/github-action-benchmark__test_data_extract_go_fiber_output.txt", "go-bench-text", 6, 3, NULL,
         "allocated_memory", 48},
        {"go-bench-text/perf__cmd_benchstat_testdata_issue19634.txt", "go-bench-text", 2, 1, "BenchmarkFloatSub/100",
         "time", 78.8},
        {"cargo-bench-text/bencher__lib_bencher_adapter_tool_output_rust_bench_failed.txt", "cargo-bench-text", 2, 1,
         "tests::benchmark_c", "time", 3215},
        {"cargo-bench-text/bencher__lib_bencher_adapter_tool_output_rust_bench_issue_390.txt", "cargo-bench-text", 4, 0,
         NULL, "time", 13967756.3},
        {"cargo-bench-text/bencher__lib_bencher_adapter_tool_output_rust_bench_many.txt", "cargo-bench-text", 6, 5,
         "tests::three_digit", "time", 333e9},
        {"cargo-bench-text/bencher__lib_bencher_adapter_tool_output_rust_bench_zero.txt", "cargo-bench-text", 0, 0,
         NULL, NULL, 0},
        {"criterion-text/bencher__lib_bencher_adapter_tool_output_rust_criterion_dogfood.txt", "criterion-text", 4, 2,
         "Adapter::Magic (Rust)", "time", 14726},
        {"criterion-text/bencher__lib_bencher_adapter_tool_output_rust_criterion_many.txt", "criterion-text", 5, 4,
         "benchmark: name with spaces", "time", 20.93},
        {"criterion-text/github-action-benchmark__test_data_extract_criterion_output.txt", "criterion-text", 4, 3,
         "Fibonacci (Execution)", "time", 1672496},
        {"catch2-text/bencher__lib_bencher_adapter_tool_output_cpp_catch2_four.txt", "catch2-text", 4, 1,
         "Fibonacci 20", "time", 41731},
        {"catch2-text/bencher__lib_bencher_adapter_tool_output_cpp_catch2_two.txt", "catch2-text", 2, 1, "Fibonacci 20",
         "time", 1},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        char path[300];
        snprintf(path, sizeof path, CORPUS "formats/%s", cases[i].path);
        autosample struct sample sample = {0};
        if (!sample_file(path, &sample))
            skip();
        assert_non_null(sample.format);
        assert_string_equal(sample.format->name, cases[i].format);
        assert_int_equal(sample_run_count(&sample), cases[i].runs);
        if (cases[i].runs == 0) {
            assert_true(sample.readings.items[0]->problem_count > 0);
            continue;
        }
        const struct run *run = sample_run(&sample, cases[i].run);
        if (cases[i].task != NULL)
            assert_string_equal(run->workload.task, cases[i].task);
        expect_number(sample_metric(run, cases[i].metric)->mean, cases[i].mean);
    }
}

/* BabelStream's main.cpp: the first repetition counts in none of its figures. */
static void test_babelstream(void **state)
{
    (void)state;
    autosample struct sample text = {0}, csv = {0};
    assert_true(sample_file("tests/data/fuzz/formats/babelstream-text/cuda.txt", &text));
    assert_true(sample_file("tests/data/fuzz/formats/babelstream-text/rates.csv", &csv));
    assert_int_equal(text.result, 0);
    assert_string_equal(text.format->name, "babelstream-text");
    assert_string_equal(csv.format->name, "babelstream-text");
    assert_int_equal(sample_run_count(&text), 5);
    assert_int_equal(sample_run_count(&csv), 2);
    const struct run *copy = sample_run(&text, 0), *again = sample_run(&csv, 0);
    assert_string_equal(copy->chip_name, "NVIDIA A100-SXM4-40GB");
    assert_string_equal(copy->workload.backend, "CUDA");
    assert_string_equal(sample_run(&text, 1)->workload.task, "mul");
    assert_true(fabs(sample_metric(copy, "memory_bandwidth")->mean - 1394.051292) < 1e-9);
    assert_true(fabs(sample_metric(again, "memory_bandwidth")->mean - 1329376.5 * 1048576 / 1e9) < 1e-9);
    assert_int_equal(sample_metric(copy, "time")->n, 99);
    assert_true(fabs(sample_metric(again, "time")->min - 385120) < 1e-6);
    expect_number(sample_number(&copy->workload.parameters, "array_size_mb"), 268.4);
    expect_number(sample_number(&again->workload.parameters, "array_size_mb"), 268.4);
    expect_same_after_redaction(&text);
    expect_same_after_redaction(&csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_babelstream),
        cmocka_unit_test(test_go),
        cmocka_unit_test(test_go_names_with_paths),
        cmocka_unit_test(test_go_printing_benchmarks),
        cmocka_unit_test(test_cargo),
        cmocka_unit_test(test_criterion),
        cmocka_unit_test(test_criterion_of_a_path),
        cmocka_unit_test(test_catch2),
        cmocka_unit_test(test_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
