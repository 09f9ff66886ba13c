/* Storage, memory, asv, BMF, github-action-benchmark, Valgrind's counts, JavaScript, Julia, Luau and Ruby. Values of
 * corpus files are read off the files by eye; the small inputs are written here in the form that each tool prints. */
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

static void expect_near(double got, double wanted)
{
    if (isnan(got) || fabs(got - wanted) > 1e-9 * fabs(wanted))
        fail_msg("got %.17g, wanted %.17g", got, wanted);
}

/* ---------------------------------------------------------------- the corpus */

struct expected {
    const char *file, *format;
    size_t runs, run; /* the one that is checked */
    const char *task, *metric, *unit;
    double mean;
    enum direction direction;
};

static const struct expected files[] = {
    {"fio-json/FIO-tests__fio.json", "fio-json", 2, 0, "sequential_read", "io_operations", "IOPS", 7662.030309,
     DIRECTION_HIGHER},
    {"fio-json/FIO-tests__fio.json", "fio-json", 2, 1, "sequential_read", "latency", "ms", 0.902253681286,
     DIRECTION_LOWER},
    {"sysbench-text/sysbench_cpu_opi-zero_2runs.extract.txt", "sysbench-text", 2, 1, "cpu", "event_throughput",
     "events/s", 18.59, DIRECTION_HIGHER},
    {"sysbench-text/sysbench_fileio_crdb.txt", "sysbench-text", 4, 1, "fileio", "io_operations", "IOPS", 814.09,
     DIRECTION_HIGHER},
    {"stream-text/sbc-benchmarks__results-all_results-bboneb_stream.txt", "stream-text", 4, 3, "triad",
     "memory_bandwidth", "GB/s", 0.4827, DIRECTION_HIGHER},
    {"stream-text/sbc-benchmarks__results-all_results-raspi3_stream.txt", "stream-text", 4, 0, "copy", "time", "ns",
     73386000, DIRECTION_LOWER},
    {"asv-results/asv__test_example_results_cheetah_22b920c6-py2.7-Cython-numpy1.8.json", "asv-results", 21, 6,
     "time_units.mem_unit", "memory_used", "MiB", 344 / 1048576.0, DIRECTION_LOWER},
    {"asv-results/asv__test_example_results_cheetah_05d283b9-py2.7-Cython-numpy1.8.json", "asv-results", 12, 0,
     "time_coordinates.time_latitude", "time", "ns", 65947.2942352295, DIRECTION_LOWER},
    {"asv-console/bencher__lib_bencher_adapter_tool_output_python_asv_six.txt", "asv-console", 8, 1,
     "benchmarks.TimeSuite.time_iterkeys", "time", "ns", 11100, DIRECTION_LOWER},
    {"bencher-bmf/bencher__lib_bencher_adapter_tool_output_json_report_bmf_mixed.json", "bencher-bmf", 3, 2,
     "tests::benchmark_c", "latency", "", 3361, DIRECTION_UNKNOWN},
    {"gab-custom-json/github-action-benchmark__test_data_extract_customBiggerIsBetter_output.json", "gab-custom-json",
     2, 0, "My Custom Bigger Is Better Benchmark - Throughput", "request_throughput", "req/s", 70, DIRECTION_HIGHER},
    {"gab-custom-json/github-action-benchmark__test_data_extract_customSmallerIsBetter_output2.json", "gab-custom-json",
     4, 2, "No logging", "time", "ns", 1847.38, DIRECTION_LOWER},
    {"gab-data-js/github-action-benchmark__test_data_write_data-dir_original_data.js", "gab-data-js", 1, 0,
     "bench_fib_10", "time", "ns", 100, DIRECTION_LOWER},
    {"gungraun-text/bencher__lib_bencher_adapter_tool_output_rust_gungraun_ansi-escapes.txt", "gungraun-text", 2, 1,
     "rust_iai_callgrind::bench_fibonacci_group::bench_fibonacci long:30", "instructions", "count", 26214734,
     DIRECTION_LOWER},
    {"gungraun-text/bencher__lib_bencher_adapter_tool_output_rust_gungraun_name_on_multiple_lines.txt", "gungraun-text",
     2, 1, "rust_iai_callgrind::bench::multiple_lines id:string with multiple lines and one more", "ram_hits", "count",
     10, DIRECTION_LOWER},
    {"gungraun-text/bencher__lib_bencher_adapter_tool_output_rust_gungraun_drd.txt", "gungraun-text", 3, 2,
     "rust_iai_callgrind::custom_format::drd_format all_metrics", "suppressed_errors", "count", 3, DIRECTION_LOWER},
    {"gungraun-text/bencher__lib_bencher_adapter_tool_output_rust_gungraun_json_one_drd_all_metrics.txt",
     "gungraun-json", 1, 0, "play_game::bench_play_game_group::bench_play_game_100 some_id", "errors", "count", 1,
     DIRECTION_LOWER},
    {"gungraun-text/bencher__lib_bencher_adapter_tool_output_rust_gungraun_json_pretty_mixed_foreign_ndjson.txt",
     "gungraun-json", 1, 0, "play_game::bench_play_game_group::bench_play_game_100 some_id", "d1mr", "count", 6,
     DIRECTION_LOWER},
    {"iai-text/bencher__lib_bencher_adapter_tool_output_rust_iai_change.txt", "iai-text", 2, 1, "iai_benchmark_long",
     "estimated_cycles", "count", 23447295, DIRECTION_LOWER},
    {"benchmarkjs-text/bencher__lib_bencher_adapter_tool_output_js_benchmark_four.txt", "benchmarkjs-text", 4, 2,
     "benchmark with x 2 many things", "operation_throughput", "ops/s", 50, DIRECTION_HIGHER},
    {"js-console-time/bencher__lib_bencher_adapter_tool_output_js_time_four.txt", "js-console-time", 4, 3,
     "benchmark 3: The Third - timer/timerEnd", "time", "ns", 8827e6, DIRECTION_LOWER},
    {"julia-benchmarktools-json/github-action-benchmark__test_data_extract_julia_output.json",
     "julia-benchmarktools-json", 2, 1, "fib/10", "time", "ns", 246.03846153846155, DIRECTION_LOWER},
    {"luau-benchmark-text/github-action-benchmark__test_data_extract_benchmarkluau_output.txt", "luau-benchmark-text",
     3, 1, "chess", "time", "ns", 69560000, DIRECTION_LOWER},
    {"ruby-benchmark-text/bencher__lib_bencher_adapter_tool_output_ruby_benchmark_five.txt", "ruby-benchmark-text", 5,
     1, "times", "real_time", "ns", 984938000, DIRECTION_LOWER},
};

static void test_corpus(void **state)
{
    (void)state;
    if (!file_exists(CORPUS "formats"))
        skip();
    for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
        const struct expected *file = &files[i];
        char path[320];
        snprintf(path, sizeof path, CORPUS "formats/%s", file->file);
        autosample struct sample sample = {0};
        assert_true(sample_file(path, &sample));
        if (sample.result != 0 || sample.format == NULL)
            fail_msg("%s: %s", file->file, sample.err.text);
        assert_string_equal(sample.format->name, file->format);
        assert_int_equal(sample_run_count(&sample), file->runs);
        const struct run *run = sample_run(&sample, file->run);
        const struct measurement *measurement = sample_metric(run, file->metric);
        assert_string_equal(run->workload.task, file->task);
        assert_string_equal(measurement->unit, file->unit);
        assert_int_equal(measurement->direction, file->direction);
        expect_near(measurement->mean, file->mean);
        expect_same_after_redaction(&sample);
    }
}

/* ---------------------------------------------------------------- fio */

#define FIO_3                                                                                                          \
    "fio: terminating on signal 2\n\n{\"fio version\": \"fio-3.36\", \"timestamp\": 1684700613, \"global options\": "  \
    "{\"ioengine\": \"io_uring\", \"bs\": \"128k\"}, \"jobs\": [{\"jobname\": \"a\", \"error\": 0, \"job options\": "  \
    "{\"bs\": \"4k\", \"iodepth\": \"16\", \"directory\": \"/home/ada/x\", \"filename\": \"secret\"}, \"read\": "      \
    "{\"io_bytes\": 4096000, \"bw_bytes\": 2000000, \"bw\": 1953, \"iops\": 500.5, \"total_ios\": 1000, \"lat_ns\": "  \
    "{\"min\": 1000, \"max\": 9000, \"mean\": 2000.5, \"stddev\": 10.5, \"N\": 1000}, \"clat_ns\": {\"mean\": 1500, "  \
    "\"percentile\": {\"50.000000\": 1400, \"99.000000\": 8000, \"99.900000\": 8900}}}, \"write\": {\"io_bytes\": 0, " \
    "\"bw\": 0, \"iops\": 0.0, \"total_ios\": 0}}"

static void test_fio(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(FIO_3 "]}\n");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "fio-json");
    assert_string_equal(sample.readings.items[0]->tool_version, "3.36");
    assert_int_equal(sample_run_count(&sample), 1);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.mode, "read");
    assert_string_equal(run->ran_at, "2023-05-21T20:23:33Z");
    assert_string_equal(sample_word(&run->workload.parameters, "bs"), "4k");
    assert_string_equal(sample_word(&run->workload.parameters, "ioengine"), "io_uring");
    expect_number(sample_number(&run->workload.parameters, "iodepth"), 16);
    assert_null(parameters_find(&run->setup, "filename"));
    const struct measurement *bandwidth = sample_metric(run, "io_bandwidth");
    expect_number(bandwidth->mean, 2);
    assert_string_equal(bandwidth->original_unit, "B/s");
    expect_number(bandwidth->original_value, 2000000);
    const struct measurement *latency = sample_metric(run, "latency");
    assert_int_equal(latency->n, 1000);
    assert_int_equal(latency->stddev_kind, STDDEV_SAMPLE);
    expect_near(latency->mean, 0.0020005);
    expect_near(latency->stddev, 0.0000105);
    expect_near(latency->max, 0.009);
    expect_near(sample_metric(run, "latency_p999")->mean, 0.0089);
    expect_same_after_redaction(&sample);
}

static void test_fio_broken_off(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(FIO_3 ", {\"jobname\": \"b\", \"read\": {\"io_by");
    assert_true(sample.result < 0);
    assert_int_equal(sample_run_count(&sample), 1);
    assert_int_equal(sample.err.line, 3);
    assert_non_null(strstr(sample.err.detail, "1"));
}

/* fio 2 knew microseconds and KiB/s alone. */
static void test_fio_2(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("{\"fio version\": \"fio-2.2.10\", \"jobs\": [{\"jobname\": \"w\", \"error\": 5, \"write\": "
                    "{\"io_bytes\": 4096, \"bw\": 1024, \"iops\": 256.0, \"lat\": {\"min\": 3, \"max\": 9, "
                    "\"mean\": 5.5, \"stddev\": 1.5}}}, {\"jobname\": \"none\", \"read\": {\"io_bytes\": 0}}]}");
    assert_int_equal(sample.result, 0);
    const struct run *run = sample_run(&sample, 0);
    expect_near(sample_metric(run, "io_bandwidth")->mean, 1.048576);
    expect_near(sample_metric(run, "latency")->mean, 0.0055);
    assert_int_equal(sample_metric(run, "latency")->n, COUNT_UNKNOWN);
    assert_true(flags_has(&run->flags, "failed"));
    assert_true(sample_has_problem(&sample, "ended with error 5"));
    assert_true(sample_has_problem(&sample, "neither read nor wrote"));
}

static void test_wrong_type_has_a_place(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text("{\"fio version\": \"fio-3.1\",\n \"jobs\": [{\"jobname\": \"w\",\n "
                                                  "\"read\": {\"io_bytes\": 1, \"iops\": []}}]}");
    assert_int_equal(sample.result, -ERR_DATA);
    assert_string_equal(sample.err.path, "jobs[0].read.iops");
    assert_int_equal(sample.err.line, 3);
}

/* ---------------------------------------------------------------- sysbench, STREAM */

static void test_sysbench(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "ada@tower:~$ sysbench oltp_read_write --mysql-host=db7 --mysql-password=hunter2 --tables=4 run\n"
        "sysbench 1.0.20 (using bundled LuaJIT 2.1.0-beta2)\n\nNumber of threads: 8\n\nSQL statistics:\n"
        "    transactions:                        2459   (245.60 per sec.)\n"
        "    queries:                             49180  (4912.02 per sec.)\n\nGeneral statistics:\n"
        "    total time:                          10.0119s\n    total number of events:              2459\n\n"
        "Latency (ms):\n         min:  3.10\n         avg:  4.07\n         max:  22.85\n"
        "         95th percentile:   5.09\n\nThreads fairness:\n    execution time (avg/stddev):   10.0094/0.00\n"
        "sysbench 1.0.20\nNumber of threads: 1\n  block size: 1KiB\n  total size: 102400MiB\n  operation: read\n"
        "Total operations: 1000 (4194304.00 per second)\n10240.00 MiB transferred (4096.00 MiB/sec)\n"
        "    total time: 2.5s\n    total number of events: 1000\n");
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *oltp = sample_run(&sample, 0), *memory = sample_run(&sample, 1);
    assert_string_equal(oltp->workload.task, "oltp_read_write");
    expect_number(sample_number(&oltp->workload.parameters, "threads"), 8);
    expect_number(sample_number(&oltp->workload.parameters, "tables"), 4);
    expect_number(sample_metric(oltp, "transaction_throughput")->mean, 245.60);
    assert_int_equal(sample_metric(oltp, "latency")->n, 2459);
    expect_number(sample_metric(oltp, "latency_p95")->mean, 5.09);
    assert_string_equal(memory->workload.task, "memory");
    assert_string_equal(sample_word(&memory->workload.parameters, "memory_block_size"), "1KiB");
    expect_near(sample_metric(memory, "memory_bandwidth")->mean, 4.294967296);
    const struct reading *reading = sample.readings.items[0];
    assert_int_equal(reading->private_count, 4);
    assert_memory_equal(sample.text + reading->privates[0].offset, "ada", 3);
    assert_memory_equal(sample.text + reading->privates[1].offset, "tower", 5);
    assert_memory_equal(sample.text + reading->privates[3].offset, "hunter2", 7);
    expect_same_after_redaction(&sample);
}

static void test_stream_that_failed(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("STREAM version $Revision: 5.10 $\r\nArray size = 80000000 (elements), Offset = 0 (elements)\r\n"
                    "Each kernel will be executed 20 times.\r\nNumber of Threads counted = 16\r\n"
                    "Function    Best Rate MB/s  Avg time     Min time     Max time\r\n"
                    "Copy:           45210.5     0.028500     0.028312     0.029001\r\n"
                    "somebody's line\r\n"
                    "Triad:          47000.0     0.041000     0.040851     0.042002\r\n"
                    "-----\r\nFailed Validation on array a[], AvgRelAbsErr > epsilon (1.000000e-13)\r\n");
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *triad = sample_run(&sample, 1);
    assert_string_equal(triad->workload.task, "triad");
    assert_true(flags_has(&triad->flags, "invalid"));
    assert_true(sample_has_problem(&sample, "Failed Validation"));
    expect_number(sample_metric(triad, "memory_bandwidth")->mean, 47);
    assert_int_equal(sample_metric(triad, "time")->n, 19);
    expect_number(sample_number(&triad->workload.parameters, "threads"), 16);
    assert_string_equal(sample.readings.items[0]->tool_version, "5.10");
    expect_same_after_redaction(&sample);
    autosample struct sample cut = sample_text("STREAM version $Revision: 5.10 $\nArray size = 10\n");
    assert_int_equal(cut.result, 0);
    assert_int_equal(sample_run_count(&cut), 0);
    assert_true(sample_has_problem(&cut, "before the table"));
}

/* ---------------------------------------------------------------- gungraun */

static void test_counts_after_redaction(void **state)
{
    (void)state;
    /* An indented line of somebody that looks like a folder ends no name. */
    autosample struct sample between =
        sample_text("bench_short\n  Instructions:  17\n  L1 Accesses:   3\n  es/\n  RAM Accesses:  4\n");
    assert_string_equal(between.format->name, "iai-text");
    assert_int_equal(sample_run_count(&between), 1);
    assert_int_equal(sample_run(&between, 0)->measurement_count, 3);
    expect_same_after_redaction(&between);
    /* What is left of a line in quotes is no name. */
    autosample struct sample quoted =
        sample_text("bench::a\n  Instructions:  12|1 (*)\n\"somebody's own words\"\n  Instructions:  13|1 (*)\n");
    assert_int_equal(sample_run_count(&quoted), 1);
    expect_same_after_redaction(&quoted);
    /* The folder that is removed holds what makes the line a name. */
    autosample struct sample path =
        sample_text("bench::group::n    s: x/Users/ada|N/A  (1)\n  Instructions:  12|1 (*)\n");
    assert_string_equal(path.format->name, "gungraun-text");
    assert_int_equal(sample_run_count(&path), 1);
    expect_same_after_redaction(&path);
    /* What a redacted text has elsewhere may stand within a name. */
    autosample struct sample placeholder = sample_text("/home/ada/b::a [text:1]\n  Instructions:  12|1 (*)\n");
    assert_int_equal(sample_run_count(&placeholder), 1);
    expect_same_after_redaction(&placeholder);
}

/* ---------------------------------------------------------------- asv */

static void test_asv_columns(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "{\"commit_hash\": \"abc\", \"env_name\": \"virtualenv-py3.11\", \"date\": 1700000000000, \"params\": "
        "{\"cpu\": "
        "\"AMD Ryzen 7 5800X\", \"machine\": \"tower\", \"os\": \"Linux 6.1\", \"ram\": \"32780\", \"python\": "
        "\"3.11\"}, \"result_columns\": [\"result\", \"params\", \"version\", \"started_at\", \"duration\", "
        "\"stats_ci_99_a\", \"samples\"], \"results\": {\"a.time_x\": [[0.002, null], [[\"10\", \"'many'\"]], \"v\", "
        "1684700613000, 1.5, [0.1, 0.2], [[0.001, 0.002, 0.004], null]], \"a.track_y\": [[7], [], \"v\"]}, "
        "\"version\": "
        "2}");
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample_run_count(&sample), 2);
    assert_string_equal(sample.readings.items[0]->device.chip, "AMD Ryzen 7 5800X");
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->ran_at, "2023-05-21T20:23:33Z");
    expect_number(sample_number(&run->workload.parameters, "param_1"), 10);
    const struct measurement *time = sample_metric(run, "time");
    assert_int_equal(time->n, 3);
    expect_near(time->median, 2e6);
    expect_near(time->mean, 7e6 / 3);
    assert_string_equal(time->original_unit, "s");
    assert_true(sample_has_problem(&sample, "failed"));
    assert_string_equal(sample_metric(sample_run(&sample, 1), "value")->unit, "");
    assert_int_equal(sample.readings.items[0]->private_count, 1);
    expect_same_after_redaction(&sample);
}

/* asv takes the kind from the name of the function, also below a folder. */
static void test_asv_kinds(void **state)
{
    (void)state;
    static const char *const metrics[] = {"time", "peak_memory", "memory_used", "value", "time"};
    autosample struct sample sample =
        sample_text("{\"commit_hash\": \"abc\", \"params\": {\"machine\": \"m\"}, \"results\": "
                    "{\"mem_suite.track_these.time_x\": 1, \"time_suite.peakmem_y\": 2, \"a.Mem_z\": 3, "
                    "\"a.Timer.track_t\": 4, \"/home/ada/a.mem_x/b.time_x\": 5}, \"version\": 1}");
    assert_int_equal(sample_run_count(&sample), 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(sample_run(&sample, i)->measurements[0].metric, metrics[i]);
    expect_same_after_redaction(&sample);
}

static void test_asv_table(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("[ 50.00%] \xc2\xb7\xc2\xb7 Benchmarking conda-py3.12\n"
                    "[ 75.00%] \xc2\xb7\xc2\xb7\xc2\xb7 a.Suite.time_x                ok\n"
                    "[ 75.00%] \xc2\xb7\xc2\xb7\xc2\xb7 ======= =============\n"
                    "                n                 \n              ------- -------------\n"
                    "                10    1.51\xc2\xb1"
                    "0.01\xce\xbcs \n               100       failed    \n              ======= =============\n"
                    "[100.00%] \xc2\xb7\xc2\xb7\xc2\xb7 a.Suite.peakmem_x            64.5M\n");
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *row = sample_run(&sample, 0);
    expect_number(sample_number(&row->workload.parameters, "param_1"), 10);
    expect_near(sample_metric(row, "time")->mean, 1510);
    assert_string_equal(sample_word(&row->setup, "environment"), "conda-py3.12");
    expect_near(sample_metric(sample_run(&sample, 1), "peak_memory")->mean, 64.5e6 / 1048576);
    assert_true(sample_has_problem(&sample, "failed"));
    autosample struct sample path =
        sample_text("[100.00%] \xc2\xb7\xc2\xb7\xc2\xb7 a.peakmem_/home/ada/x            64.5ms\n");
    assert_int_equal(sample_run_count(&path), 1);
    expect_same_after_redaction(&path);
}

/* ---------------------------------------------------------------- values and counts */

static void test_history_hides_people(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "window.BENCHMARK_DATA = {\"lastUpdate\": 1, \"entries\": {\"S\": [{\"commit\": {\"author\": {\"email\": "
        "\"ada@example.org\", \"name\": \"Ada\", \"username\": \"ada\"}, \"id\": \"f00\", \"message\": \"by Ada\"}, "
        "\"date\": 1684700613000, \"tool\": \"customBiggerIsBetter\", \"benches\": [{\"name\": \"x\", \"value\": 2, "
        "\"unit\": \"Wibbles\", \"range\": \"\xc2\xb1 5%\"}]}]}}\n");
    assert_int_equal(sample.result, 0);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->ran_at, "2023-05-21T20:23:33Z");
    assert_string_equal(run->workload.mode, "S");
    assert_int_equal(sample_metric(run, "value")->direction, DIRECTION_HIGHER);
    assert_string_equal(sample_metric(run, "value")->unit, "Wibbles");
    assert_int_equal(sample.readings.items[0]->private_count, 4);
    expect_same_after_redaction(&sample);
}

static void test_bmf_states_no_unit(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("{\"/home/ada/bench\": {\"latency\": {\"value\": 0}, \"size\": {\"value\": NaN}}}");
    assert_int_equal(sample.result, 0);
    assert_string_equal(sample.format->name, "bencher-bmf");
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.task, "bench");
    assert_string_equal(sample_metric(run, "latency")->unit, "");
    expect_number(sample_metric(run, "latency")->mean, 0);
    assert_true(flags_has(&sample_metric(run, "size")->flags, "not_finite"));
    expect_same_after_redaction(&sample);
    autosample struct sample wrong = sample_text("{\"a\": {\"latency\": {\"value\": 1}}, \"b\": {\"x\": 3}}");
    assert_int_equal(wrong.result, -ERR_DATA);
    assert_string_equal(wrong.err.path, "b.x");
}

static void test_julia_trial(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "[{\"Julia\": \"1.10.4\", \"BenchmarkTools\": \"1.5.0\"}, [[\"Trial\", {\"allocs\": 2, \"times\": [10.0, 30.0, "
        "20.0], \"gctimes\": [0.0, 0.0, 0.0], \"memory\": 112, \"params\": [\"Parameters\", {\"evals\": 100}]}]]]");
    assert_int_equal(sample.result, 0);
    const struct measurement *time = sample_metric(sample_run(&sample, 0), "time");
    assert_int_equal(time->n, 3);
    expect_number(time->mean, 20);
    expect_number(time->stddev, 10);
    expect_number(sample_number(&sample_run(&sample, 0)->setup, "evals"), 100);
    assert_int_equal(sample_metric(sample_run(&sample, 0), "gc_time")->flags.count, 0);
}

static void test_console_time_of_node(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text("sort: 12.5ms\nparse: 1.234s\nbig: 1:02.500 (m:ss.mmm)\n");
    assert_string_equal(sample.format->name, "js-console-time");
    expect_number(sample_metric(sample_run(&sample, 0), "time")->mean, 12500000);
    expect_number(sample_metric(sample_run(&sample, 1), "time")->mean, 1234000000);
    expect_number(sample_metric(sample_run(&sample, 2), "time")->mean, 62500000000);
    autosample struct sample log = sample_text("started\nrequest: 12ms\n");
    assert_null(log.format);
}

static void test_ruby_rehearsal(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("Rehearsal ---------------------------\nsort!   1.440937   0.016127   1.457064 (  1.457382)\n"
                    "------------------ total: 1.457064sec\n\n            user     system      total        real\n"
                    "sort!   1.490000   0.000000   1.490000 (  1.490520)\n");
    assert_string_equal(sample.format->name, "ruby-benchmark-text");
    assert_int_equal(sample_run_count(&sample), 1);
    expect_near(sample_metric(sample_run(&sample, 0), "real_time")->mean, 1490520000);
    assert_int_equal(sample_metric(sample_run(&sample, 0), "system_time")->flags.count, 0);
}

static void test_luau_spread(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("Test | Min | Average | StdDev% | Driver\n---+---\n"
                    "life | 84.5ms | 85ms | 2.0% | luau\nTotal | 1ms | 2ms | --- | luau\n");
    assert_string_equal(sample.format->name, "luau-benchmark-text");
    assert_int_equal(sample_run_count(&sample), 1);
    const struct measurement *time = sample_metric(sample_run(&sample, 0), "time");
    expect_near(time->stddev, 1.7e6);
    assert_int_equal(time->stddev_kind, STDDEV_UNKNOWN);
    expect_near(time->min, 84.5e6);
    expect_number(time->median, none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_corpus),
        cmocka_unit_test(test_fio),
        cmocka_unit_test(test_fio_broken_off),
        cmocka_unit_test(test_fio_2),
        cmocka_unit_test(test_wrong_type_has_a_place),
        cmocka_unit_test(test_sysbench),
        cmocka_unit_test(test_stream_that_failed),
        cmocka_unit_test(test_counts_after_redaction),
        cmocka_unit_test(test_asv_columns),
        cmocka_unit_test(test_asv_kinds),
        cmocka_unit_test(test_asv_table),
        cmocka_unit_test(test_history_hides_people),
        cmocka_unit_test(test_bmf_states_no_unit),
        cmocka_unit_test(test_julia_trial),
        cmocka_unit_test(test_console_time_of_node),
        cmocka_unit_test(test_ruby_rehearsal),
        cmocka_unit_test(test_luau_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
