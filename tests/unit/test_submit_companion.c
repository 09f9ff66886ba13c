/* MLPerf files of one call: the system's facts go to the logs of its folder, and a run is told once. Texts written
 * here. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "submit/companion.h"
#include "tests/unit/formats_sample.h"

#define SUMMARY                                                                                                        \
    "================================================\nMLPerf Results Summary\n"                                       \
    "================================================\nSUT name : PySUT\nScenario : Server\nMode     : "               \
    "PerformanceOnly\nCompleted samples per second    : 16.20\nResult is : VALID\nMin latency (ns)                : "  \
    "100\nMax latency (ns)                : 300\nMean latency (ns)               : 200\n"
#define ENTRY(key, value) ":::MLLOG {\"key\": \"" key "\", \"value\": " value ", \"time_ms\": 1.5}\n"
#define DETAIL                                                                                                         \
    ENTRY("effective_scenario", "\"Server\"")                                                                          \
    ENTRY("result_completed_samples_per_sec", "16.2044")                                                               \
    ENTRY("result_validity", "\"VALID\"")                                                                              \
    ENTRY("result_min_latency_ns", "100") ENTRY("result_max_latency_ns", "300") ENTRY("result_mean_latency_ns", "200")
#define SYSTEM(name, count)                                                                                            \
    "{\"submitter\": \"ada\", \"accelerator_model_name\": \"" name "\", \"accelerators_per_node\": \"" count           \
    "\", \"host_processor_model_name\": \"Some CPU\"}"

static char folder[] = "/tmp/crosschip-companion-XXXXXX";

static char files[8][256];
static size_t file_count;

static const char *put(const char *name, const char *text)
{
    assert_true(file_count < 8);
    char *path = files[file_count++];
    (void)snprintf(path, 256, "%s/%s", folder, name);
    assert_int_equal(file_replace(path, 0600, text, strlen(text), NULL), 0);
    return path;
}

static void test_joined(void **state)
{
    (void)state;
    struct companions companions cleanup(companions_done) = {0};
    const char *big = put("big.json", SYSTEM("Chip 9000", "8")), *small = put("small.json", SYSTEM("Chip 1", "1"));
    const char *detail = put("big_bert-99_Server_performance_run_1_mlperf_log_detail.txt", DETAIL);
    const char *summary = put("mlperf_log_summary.txt", SUMMARY);
    const char *const paths[] = {big, detail, summary};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(companions_look(&companions, paths[i], NULL), 0);
    assert_true(companions_used(&companions, big));
    assert_false(companions_used(&companions, detail));
    assert_string_equal(companions_twin(&companions, summary), detail);
    assert_null(companions_twin(&companions, detail));
    autosample struct sample sample = sample_text(DETAIL);
    struct reading *reading = sample.readings.items[0];
    assert_true(sample_has_problem(&sample, "does not name the chip"));
    assert_true(companions_complete(&companions, detail, reading));
    assert_string_equal(reading->runs[0].chip_name, "Chip 9000");
    assert_int_equal(reading->runs[0].chip_count, 8);
    assert_string_equal(reading->device.chip, "Some CPU");
    assert_false(sample_has_problem(&sample, "does not name the chip"));
    /* With two systems the folder decides; where it does not, none is taken. */
    assert_int_equal(companions_look(&companions, small, NULL), 0);
    autosample struct sample other = sample_text(SUMMARY);
    assert_false(companions_complete(&companions, summary, other.readings.items[0]));
    autosample struct sample placed = sample_text(SUMMARY);
    assert_true(companions_complete(&companions, "results/small/bert-99/Offline/performance/run_1/x.txt",
                                    placed.readings.items[0]));
    assert_string_equal(placed.readings.items[0]->runs[0].chip_name, "Chip 1");
}

static void test_place(void **state)
{
    (void)state;
    const struct format *format = NULL;
    autoreadings struct reading_list list = {0};
    assert_int_equal(formats_read("closed/X/results/box/llama2-70b-99.9/Interactive/performance/run_1/s.txt",
                                  str_of(SUMMARY), NULL, &format, &list, NULL),
                     0);
    const struct run *run = &list.items[0]->runs[0];
    assert_string_equal(run->workload.model_as_given, "llama2-70b-99.9");
    expect_number(sample_number(&run->workload.parameters, "accuracy_target"), 99.9);
    assert_string_equal(run->workload.task, "Interactive");
    assert_string_equal(sample_word(&run->setup, "scenario"), "Server");
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    for (size_t i = 0; i < file_count; i++)
        (void)unlink(files[i]);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_joined), cmocka_unit_test(test_place)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
