/* Tables that tools export beside their JSON: hyperfine's CSV and Markdown, pytest-benchmark's CSV, BenchmarkDotNet's
 * CSV. Written here after what the programs write (export/csv.rs, export/markdown.rs; csv.py; CsvExporter.cs; stat.c).
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "tests/unit/formats_sample.h"

static void test_hyperfine_csv(void **state)
{
    (void)state;
    autosample struct sample sample = sample_seed("hyperfine-csv/scan.csv");
    assert_string_equal(sample.format->name, "hyperfine-csv");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *one = sample_run(&sample, 0), *four = sample_run(&sample, 1);
    assert_string_equal(one->workload.task, "sort --parallel=1 words");
    assert_string_equal(four->workload.task, "sort --parallel=4 \"a, b\"");
    expect_number(sample_number(&one->workload.parameters, "threads"), 1);
    assert_string_equal(sample_word(&four->workload.parameters, "file"), "words.txt");
    const struct measurement *time = sample_metric(one, "duration");
    expect_number(time->mean, 0.5125);
    expect_number(time->stddev, 0.0025);
    expect_number(time->max, 0.516);
    assert_int_equal(time->n, COUNT_UNKNOWN);
    assert_true(isnan(sample_metric(four, "duration")->stddev));
    expect_number(sample_metric(four, "user_time")->mean, 0.499);
    expect_same_after_redaction(&sample);
    autosample struct sample wrong = sample_text("\xEF\xBB\xBF"
                                                 "max,command,mean,user,system\r\n2,a,1,1,0\r\n2,b,fast,1,0\r\n");
    assert_int_equal(wrong.result, -ERR_DATA);
    assert_int_equal(wrong.err.line, 3);
    expect_number(sample_metric(sample_run(&wrong, 0), "duration")->max, 2);
}

static void test_hyperfine_md(void **state)
{
    (void)state;
    autosample struct sample sample = sample_seed("hyperfine-md/two.md");
    assert_string_equal(sample.format->name, "hyperfine-md");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *fast = sample_run(&sample, 0), *slow = sample_run(&sample, 1);
    assert_string_equal(fast->workload.task, "tool --fast x");
    assert_string_equal(slow->workload.task, "tool | sort");
    const struct measurement *time = sample_metric(fast, "duration");
    assert_true(fabs(time->mean - 0.1025) < 1e-12 && fabs(time->stddev - 0.0005) < 1e-12);
    assert_true(fabs(time->min - 0.1012) < 1e-12 && fabs(time->max - 0.1045) < 1e-12);
    assert_int_equal(time->stddev_kind, STDDEV_SAMPLE);
    assert_true(isnan(sample_metric(slow, "duration")->stddev));
    assert_int_equal(sample.readings.items[0]->private_count, 2);
    expect_same_after_redaction(&sample);
    autosample struct sample org = sample_seed("hyperfine-md/org.org"); /* --export-orgmode */
    assert_int_equal(sample_run_count(&org), 2);
    assert_string_equal(sample_run(&org, 0)->workload.task, "sleep 0.1");
    assert_string_equal(sample_run(&org, 1)->workload.task, "tool -x");
    assert_true(fabs(sample_metric(sample_run(&org, 1), "duration")->mean - 0.25) < 1e-12);
    expect_same_after_redaction(&org);
    autosample struct sample asciidoc = sample_seed("hyperfine-md/two.adoc"); /* --export-asciidoc of hyperfine 1.15 */
    assert_string_equal(asciidoc.format->name, "hyperfine-md");
    assert_int_equal(sample_run_count(&asciidoc), 2);
    assert_string_equal(sample_run(&asciidoc, 1)->workload.task, "true | cat");
    assert_true(fabs(sample_metric(sample_run(&asciidoc, 0), "duration")->mean - 0.0134) < 1e-12);
    assert_true(fabs(sample_metric(sample_run(&asciidoc, 1), "duration")->max - 0.0044) < 1e-12);
    assert_int_equal(asciidoc.readings.items[0]->private_count, 0);
    expect_same_after_redaction(&asciidoc);
    /* Words around a table, which breaks off in a row: that row is left out. */
    autosample struct sample broken =
        sample_text("On anna's box:\n[cols=\"<,>,>,>,>\"]\n|===\n| Command \n| Mean [s] \n"
                    "| Min [s] \n| Max [s] \n| Relative \n\n| `/home/anna/tool x` \n"
                    "| 1.500 \n| 1.500 \n| 1.500 \n| 1.00 \n\n| `y` \n| 2.0\n");
    assert_int_equal(sample_run_count(&broken), 1);
    assert_string_equal(sample_run(&broken, 0)->workload.task, "tool x");
    assert_true(isnan(sample_metric(sample_run(&broken, 0), "duration")->stddev));
    assert_int_equal(broken.readings.items[0]->private_count, 3);
    expect_same_after_redaction(&broken);
    /* An address that a bar follows without a blank: the backslash before the bar is no part of it. */
    autosample struct sample piped = sample_text("| Command | Mean [s] | Min [s] | Max [s] |\n|:---|---:|---:|---:|\n"
                                                 "| `curl http://box\\|jq .a /x/y\\|z` | 1.5 | 1.5 | 1.5 |\n");
    assert_string_equal(sample_run(&piped, 0)->workload.task, "curl |jq .a y|z");
    assert_int_equal(piped.readings.items[0]->private_count, 2);
    expect_same_after_redaction(&piped);
}

static void test_pytest_csv(void **state)
{
    (void)state;
    autosample struct sample sample = sample_seed("pytest-benchmark-csv/three.csv");
    assert_string_equal(sample.format->name, "pytest-benchmark-csv");
    assert_int_equal(sample_run_count(&sample), 3);
    const struct run *first = sample_run(&sample, 0), *last = sample_run(&sample, 2);
    assert_string_equal(first->workload.task, "tests/test_sum.py::test_sum[10]");
    assert_string_equal(last->workload.task, "test_x.py::test_y[\"a, b\"]");
    expect_number(sample_number(&first->workload.parameters, "n"), 10);
    expect_number(sample_number(&first->setup, "iterations"), 10);
    const struct measurement *time = sample_metric(first, "time");
    assert_true(fabs(time->mean - 1500) < 1e-9 && fabs(time->stddev - 250) < 1e-9);
    assert_int_equal(time->n, 1000);
    expect_number(sample_metric(first, "operation_throughput")->mean, 666666.6666666666);
    assert_true(isnan(sample_metric(last, "time")->stddev)); /* of one round */
    assert_int_equal(sample.readings.items[0]->private_count, 2);
    expect_same_after_redaction(&sample);
    autosample struct sample few = sample_text("name,median,ops\na,0.5,2\n"); /* --benchmark-columns */
    expect_number(sample_metric(sample_run(&few, 0), "time")->median, 5e8);
    expect_same_after_redaction(&few);
}

static void test_fio_terse(void **state)
{
    (void)state;
    autosample struct sample sample = sample_seed("fio-terse/three.txt");
    assert_string_equal(sample.format->name, "fio-terse");
    assert_string_equal(sample.readings.items[0]->tool_version, "3.28");
    assert_int_equal(sample_run_count(&sample), 4);
    const struct run *read = sample_run(&sample, 0), *write = sample_run(&sample, 1), *broken = sample_run(&sample, 2);
    assert_string_equal(read->workload.task, "mixed");
    assert_string_equal(read->workload.mode, "read");
    assert_string_equal(write->workload.mode, "write");
    expect_number(sample_metric(read, "io_operations")->mean, 251221);
    expect_number(sample_metric(read, "io_bandwidth")->original_value, 1004885);
    expect_number(sample_metric(read, "completion_latency")->original_value, 124.5);
    expect_number(sample_metric(read, "latency")->original_value, 127.125);
    expect_number(sample_metric(read, "submission_latency")->max, 0.5);
    expect_number(sample_metric(read, "latency_p50")->original_value, 160);
    expect_number(sample_metric(read, "latency_p999")->original_value, 240);
    expect_number(sample_metric(write, "latency_p99")->original_value, 320);
    assert_string_equal(broken->workload.task, "broken");
    assert_true(flags_has(&broken->flags, "failed"));
    assert_true(sample_has_problem(&sample, "error 5"));
    assert_string_equal(sample_run(&sample, 3)->workload.task, "job"); /* version 5, with counts behind the bandwidth */
    expect_number(sample_metric(sample_run(&sample, 3), "latency_p50")->original_value, 110);
    assert_int_equal(sample.readings.items[0]->private_count, 3); /* the shell, what was written, a folder */
    expect_same_after_redaction(&sample);
}

/* json+ has every bucket of the histogram beside the percentiles. */
static void test_fio_json_plus(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "{\"fio version\": \"fio-3.28\", \"timestamp\": 1700000000, \"jobs\": [{\"jobname\": \"j\", \"error\": 0, "
        "\"read\": {\"io_bytes\": 4096, \"bw_bytes\": 2048, \"iops\": 0.5, \"total_ios\": 1, \"clat_ns\": {\"min\": "
        "100, \"max\": 300, \"mean\": 200.5, \"stddev\": 10.5, \"N\": 2, \"percentile\": {\"99.000000\": 290}, "
        "\"bins\": {\"100\": 1, \"300\": 1}}, \"lat_ns\": {\"min\": 110, \"max\": 310, \"mean\": 210.5, \"N\": 2, "
        "\"bins\": {}}}}]}");
    assert_string_equal(sample.format->name, "fio-json");
    assert_int_equal(sample_run_count(&sample), 1);
    expect_number(sample_metric(sample_run(&sample, 0), "completion_latency")->original_value, 200.5);
    expect_number(sample_metric(sample_run(&sample, 0), "latency_p99")->original_value, 290);
    expect_same_after_redaction(&sample);
}

/* A table stands in a log or an issue, several in one file; a ragged row is no noise. */
static void test_lines_around_csv(void **state)
{
    (void)state;
    static const char *const tables[] = {
        "command,mean,stddev,median,user,system,min,max\n\"a\n,b\",1,0.5,1,0.5,0.25,1,2\n",
        "name,min,max,mean,rounds\na,1,2,1.5,3\n",
        "Method;Job;Mean\nA;x;1,50 us\n",
        ("group,function,value,throughput_num,throughput_type,sample_measured_value,unit,iteration_count\n"
         "g,f,1,,,10,ns,2\n"),
        "mean_ttft_ms,request_throughput,completed,duration\n1.5,2.5,10,4\n",
        "\"Benchmark\",\"Mode\",\"Threads\",\"Samples\",\"Score\",\"Unit\"\n\"a.B\",\"avgt\",1,5,28.5,\"us/op\"\n",
        "name,iterations,real_time,cpu_time,time_unit\n\"BM_a\",10,1.5,1.25,ns\n"};
    for (size_t i = 0; i < ARRAY_LENGTH(tables); i++) {
        autosample struct sample alone = sample_text(tables[i]);
        autofree char *text =
            mem_printf("Hello,\n\n```\n$ cat it\n%s\n%s{\"log\": 1, \"b\": [2, 3]}\nreal\t0m1.2s\n```\n"
                       "Thanks, and greetings, Ada\n",
                       tables[i], tables[i]);
        autosample struct sample sample = sample_text(text);
        assert_int_equal(sample.result, 0);
        assert_string_equal(sample.format->name, alone.format->name);
        assert_int_equal(sample_run_count(&alone), 1);
        assert_true(sample_run_count(&sample) >= 1); /* the same name again is a repetition to some tools */
        assert_string_equal(sample_run(&sample, 0)->measurements[0].metric,
                            sample_run(&alone, 0)->measurements[0].metric);
        expect_same_after_redaction(&sample);
        autofree char *ragged = mem_printf("%s1,2;3,4;5;6,7\n", tables[i]);
        autosample struct sample refused = sample_text(ragged);
        assert_int_equal(refused.result, -ERR_DATA);
    }
}

/* Which mark parts the fraction is told by the times of the whole table. */
static void test_benchmarkdotnet_csv(void **state)
{
    (void)state;
    autosample struct sample sample = sample_seed("benchmarkdotnet-csv/semicolon.csv");
    assert_string_equal(sample.format->name, "benchmarkdotnet-csv");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *sum = sample_run(&sample, 0), *md5 = sample_run(&sample, 1);
    assert_string_equal(sum->workload.task, "Sum");
    expect_number(sample_metric(sum, "time")->mean, 1234500);
    expect_number(sample_metric(sum, "time")->stddev, 1900);
    expect_number(sample_metric(sum, "allocated_memory")->mean, 1536);
    expect_number(sample_metric(md5, "time")->mean, 7500);
    expect_number(sample_metric(md5, "allocated_memory")->mean, 0);
    assert_string_equal(sample_word(&sum->setup, "Runtime"), ".NET 8.0");
    assert_null(parameters_find(&sum->setup, "Toolchain")); /* Default */
    expect_number(sample_number(&md5->setup, "IterationCount"), 20);
    expect_number(sample_number(&sum->workload.parameters, "N"), 1000);
    assert_int_equal(sum->workload.parameters.count, 1);
    assert_int_equal(sample.readings.items[0]->private_count, 2);
    assert_true(sample_has_problem(&sample, "row left out"));
    expect_same_after_redaction(&sample);
    autosample struct sample head = sample_seed("benchmarkdotnet-csv/units_in_head.csv");
    assert_int_equal(sample_run_count(&head), 2);
    assert_true(fabs(sample_metric(sample_run(&head, 0), "time")->mean - 37647600) < 1e-6);
    expect_number(sample_metric(sample_run(&head, 0), "allocated_memory")->mean, 1536);
    expect_number(sample_metric(sample_run(&head, 1), "time")->min, 1200);
    expect_same_after_redaction(&head);
}

static void test_benchmarkdotnet_locales(void **state)
{
    (void)state;
    static const char *const tables[] = {"| A | 1.234,5 us |\n| B | 7,500 us |\n",
                                         "| A | 1,234.5 us |\n| B | 7.500 us |\n",
                                         "| A | 1 234,5 us |\n| B | 7,500 us |\n",
                                         ("| A | 1\xE2\x80\xAF"
                                          "234,5 us |\n| B | 7,500 us |\n"),
                                         "| A | 1'234.5 us |\n| B | 7.500 us |\n",
                                         "| A | 1234,5 us |\n| B | 7,500 us |\n"};
    for (size_t i = 0; i < ARRAY_LENGTH(tables); i++) {
        autofree char *text =
            mem_printf("BenchmarkDotNet v0.14.0, Windows 11\n\n| Method | Mean |\n|--- |---:|\n%s", tables[i]);
        autosample struct sample sample = sample_text(text);
        assert_int_equal(sample_run_count(&sample), 2);
        expect_number(sample_metric(sample_run(&sample, 0), "time")->mean, 1234500);
        expect_number(sample_metric(sample_run(&sample, 1), "time")->mean, 7500);
        expect_same_after_redaction(&sample);
    }
}

/* A row behind a broken one belongs to no table: it goes, and what its marks would have told with it. */
/* Its rows as CsvMeasurementsExporter.cs writes them, since the stage has a column of its own and before. */
static void test_benchmarkdotnet_measurements(void **state)
{
    (void)state;
    autosample struct sample sample = sample_seed("benchmarkdotnet-measurements/stages.csv");
    assert_string_equal(sample.format->name, "benchmarkdotnet-measurements");
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *ten = sample_run(&sample, 0), *hundred = sample_run(&sample, 1);
    assert_string_equal(ten->workload.task, "Demo.Bench.Sums.Loop");
    expect_number(sample_number(&ten->workload.parameters, "N"), 10);
    expect_number(sample_number(&hundred->workload.parameters, "N"), 100);
    assert_string_equal(sample_word(&ten->setup, "job"), "Job-ABCDEF");
    assert_string_equal(sample_word(&ten->setup, "Runtime"), ".NET 8.0");
    assert_null(parameters_find(&ten->setup, "LaunchCount")); /* "Default" */
    const struct measurement *time = sample_metric(ten, "time");
    assert_int_equal(time->n, 3);
    assert_int_equal(time->sample_count, 3);
    expect_number(time->samples[0], 500.125); /* not the 500.13 of Measurement_Value */
    assert_true(fabs(time->mean - 500.0416666666667) < 1e-9);
    expect_number(time->max, 510);
    expect_number(sample_metric(ten, "allocated_memory")->mean, 40);
    expect_number(sample_metric(hundred, "time")->mean, 5000);
    assert_true(sample_has_problem(&sample, "a benchmark has no result"));
    expect_same_after_redaction(&sample);
    autosample struct sample older = sample_seed("benchmarkdotnet-measurements/modes.csv");
    assert_int_equal(sample_run_count(&older), 1);
    assert_string_equal(sample_run(&older, 0)->workload.task, "Demo.Md5VsSha256.Md5");
    expect_number(sample_metric(sample_run(&older, 0), "time")->mean, 30500);
    expect_same_after_redaction(&older);
    autosample struct sample spelled = sample_seed("benchmarkdotnet-measurements/found_1.csv"); /* "MeAsurement_" */
    expect_number(sample_metric(sample_run(&spelled, 0), "time")->mean, 30000);
    expect_same_after_redaction(&spelled);
}

static void test_benchmarkdotnet_broken(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("BenchmarkDotNet v0.14.0, Windows 11\n\n| Method | Mean | Median |\n|--- |---:|---:|\n"
                    "| A | 7.500 us | 7.250 us |\n| broken |\n| B | 7.500 us | 0,234 us |\n");
    assert_int_equal(sample_run_count(&sample), 1);
    expect_number(sample_metric(sample_run(&sample, 0), "time")->mean, 7500);
    expect_same_after_redaction(&sample);
}

/* The names of the columns are those of files; a figure without a partner is placed by where it stands. */
static void test_benchstat(void **state)
{
    (void)state;
    autosample struct sample sample = sample_seed("go-benchstat-text/two.txt");
    assert_string_equal(sample.format->name, "go-benchstat-text");
    assert_int_equal(sample_run_count(&sample), 6);
    const struct run *old = sample_run(&sample, 0), *new = sample_run(&sample, 1), *fresh = sample_run(&sample, 3);
    assert_string_equal(old->workload.task, "Create");
    assert_string_equal(old->workload.category, "example.com/todo/store");
    assert_string_equal(old->labels.items[0].text, "old.txt");
    assert_string_equal(new->labels.items[0].text, "new.txt");
    expect_number(sample_number(&old->setup, "gomaxprocs"), 4);
    const struct measurement *time = sample_metric(old, "time");
    assert_true(isnan(time->mean) && fabs(time->median - 69380) < 1e-6);
    assert_int_equal(time->n, 10);
    expect_number(sample_metric(new, "allocated_memory")->median, 680);
    assert_string_equal(sample_run(&sample, 2)->workload.task, "Gone");
    assert_string_equal(sample_run(&sample, 2)->labels.items[0].text, "old.txt");
    assert_string_equal(fresh->workload.task, "Fresh");
    assert_string_equal(fresh->labels.items[0].text, "new.txt");
    assert_int_equal(sample_metric(sample_run(&sample, 4), "time")->n, 4);
    assert_int_equal(sample_metric(sample_run(&sample, 5), "time")->n, 5);
    expect_number(sample_metric(sample_run(&sample, 5), "allocated_memory")->median, 1536);
    assert_string_equal(sample.readings.items[0]->device.chip, "AMD EPYC 7763 64-Core Processor");
    expect_same_after_redaction(&sample);
    autosample struct sample moved = sample_seed("go-benchstat-text/found_1.txt");
    assert_true(sample_has_problem(&moved, "not clear whose"));
    expect_same_after_redaction(&moved);
    autosample struct sample one = sample_seed("go-benchstat-text/one.txt");
    assert_int_equal(sample_run_count(&one), 2);
    expect_number(sample_metric(sample_run(&one, 0), "frames/op")->median, 12);
    assert_int_equal(sample_metric(sample_run(&one, 1), "time")->n, COUNT_UNKNOWN);
    expect_same_after_redaction(&one);
    autosample struct sample older = sample_seed("go-benchstat-text/older.txt");
    assert_int_equal(sample_run_count(&older), 4);
    expect_number(sample_metric(sample_run(&older, 0), "time")->mean, 13600000);
    expect_number(sample_metric(sample_run(&older, 1), "data_throughput")->mean, 65.1);
    assert_string_equal(sample_run(&older, 1)->labels.items[0].text, "new");
    expect_same_after_redaction(&older);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hyperfine_csv),
        cmocka_unit_test(test_hyperfine_md),
        cmocka_unit_test(test_pytest_csv),
        cmocka_unit_test(test_fio_terse),
        cmocka_unit_test(test_fio_json_plus),
        cmocka_unit_test(test_lines_around_csv),
        cmocka_unit_test(test_benchmarkdotnet_csv),
        cmocka_unit_test(test_benchmarkdotnet_locales),
        cmocka_unit_test(test_benchmarkdotnet_measurements),
        cmocka_unit_test(test_benchmarkdotnet_broken),
        cmocka_unit_test(test_benchstat),
    };
    return cmocka_run_group_tests_name("formats_tables", tests, NULL, NULL);
}
