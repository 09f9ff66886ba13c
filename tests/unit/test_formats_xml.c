/* XML of Catch2 and of the Phoronix Test Suite. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "schema/base/buf.h"
#include "schema/base/str.h"
#include "schema/bundle/redact.h"
#include "tests/unit/formats_sample.h"

#define BENCHMARK(name, mean)                                                                                          \
    "<BenchmarkResults name=\"" name "\" samples=\"50\" resamples=\"100000\" iterations=\"3\" "                        \
    "clockResolution=\"20.1\" estimatedDuration=\"4.5e+06\"><!-- All values in nano seconds --><mean value=\"" mean    \
    "\" lowerBound=\"1\" upperBound=\"2\" ci=\"0.95\"/><standardDeviation value=\"55.5\" lowerBound=\"50\" "           \
    "upperBound=\"60\" ci=\"0.95\"/><outliers variance=\"0.9\" lowMild=\"0\"/></BenchmarkResults>\n"

static void test_catch2_version_2(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "a log <line>\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Catch name=\"tests\"><Group name=\"tests\">\n"
        "<TestCase name=\"Fib &amp; co\" filename=\"/home/eve/src/fib.cpp\" line=\"12\">eve's output\n"
        "<Section name=\"small\" filename=\"/home/eve/src/fib.cpp\" line=\"20\">\n" BENCHMARK("fib 10", "1.2e+03")
            BENCHMARK("fib 10", "nan") "<BenchmarkResults name=\"bad\"><failed message=\"no /home/eve/data\"/>"
                                       "</BenchmarkResults></Section><OverallResult success=\"false\"/></TestCase>"
                                       "</Group></Catch>\nmore log\n");
    assert_string_equal(sample.format->name, "catch2-xml");
    assert_int_equal(sample.result, 0);
    assert_int_equal(sample_run_count(&sample), 2);
    const struct run *run = sample_run(&sample, 0);
    assert_string_equal(run->workload.task, "fib 10");
    assert_string_equal(run->workload.category, "Fib & co / small");
    assert_true(flags_has(&run->flags, "failed"));
    const struct measurement *time = sample_metric(run, "time");
    expect_number(time->mean, 1200);
    expect_number(time->stddev, 55.5);
    assert_int_equal(time->stddev_kind, STDDEV_POPULATION);
    assert_int_equal(time->n, 50);
    assert_string_equal(time->unit, "ns");
    expect_number(sample_number(&run->setup, "iterations"), 3);
    assert_true(flags_has(&sample_metric(sample_run(&sample, 1), "time")->flags, "not_finite"));
    assert_true(sample_has_problem(&sample, "the benchmark failed: no"));
    expect_same_after_redaction(&sample);
}

static void test_catch2_breaks_off(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("<Catch2TestRun name=\"t\" catch2-version=\"3.5.0\">\n<TestCase name=\"a\">\n" BENCHMARK("x", "7")
                        BENCHMARK("y", "8") "<BenchmarkResults name=\"z\" samples=\"1");
    assert_int_equal(sample.result, -ERR_SYNTAX);
    assert_int_equal(sample.err.line, 5);
    assert_int_equal(sample_run_count(&sample), 2);
    assert_string_equal(sample.readings.items[0]->tool_version, "3.5.0");
}

static void test_declared_type(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE Catch2TestRun [<!ENTITY l \"ha\"><!ENTITY m \"&l;&l;\">]>\n"
        "<Catch2TestRun name=\"&m;\"><TestCase name=\"a\">" BENCHMARK("x", "7") "</TestCase></Catch2TestRun>");
    assert_int_equal(sample.result, -ERR_SYNTAX);
    assert_int_equal(sample.err.line, 2);
    assert_non_null(strstr(sample.err.text, "document type"));
    assert_int_equal(sample_run_count(&sample), 0);
}

#define SYSTEM(identifier, processor)                                                                                  \
    "<System><Identifier>" identifier "</Identifier><Hardware>Processor: " processor                                   \
    ", Motherboard: ASUS PRIME, Rev 2 (F4 BIOS), Memory: 2 x 16GB DDR5-6000MT/s G Skill, Disk: 1000GB, Graphics: "     \
    "AMD Radeon RX 7900 XTX 24GB (2371/1249MHz)</Hardware><Software>OS: Ubuntu 24.04, Kernel: 6.8.0-31-generic "       \
    "(x86_64), Compiler: GCC 13.2.0, File-System: ext4</Software><User>eve</User><TimeStamp>2024-05-01 10:11:12"       \
    "</TimeStamp><TestClientVersion>10.8.4</TestClientVersion><Notes>at eve's</Notes></System>\n"
#define ENTRY(identifier, value, raw)                                                                                  \
    "<Entry><Identifier>" identifier "</Identifier><Value>" value "</Value><RawString>" raw                            \
    "</RawString><JSON>{\"compiler\":\"-I/home/eve\"}</JSON></Entry>"
#define RESULT(identifier, description, scale, proportion, entries)                                                    \
    "<Result><Identifier>" identifier "</Identifier><Title>T</Title><AppVersion>1.2</AppVersion><Arguments>-x 1"       \
    "</Arguments><Description>" description "</Description><Scale>" scale "</Scale><Proportion>" proportion            \
    "</Proportion><DisplayFormat>BAR_GRAPH</DisplayFormat><Data>" entries "</Data></Result>\n"

/* No name, note or path of hers is left in the original. */
static bool hides_eve(const struct sample *sample, const struct reading *reading)
{
    autobuf struct buf redacted = BUF(BUF_MIB);
    struct redact_counts counts;
    struct str original = str_slice(sample->text + reading->original_offset, reading->original_length);
    return redact_text(original, reading->privates, reading->private_count, NULL, 0, &redacted, &counts, NULL) == 0 &&
           strstr(buf_text(&redacted), "eve") == NULL;
}

static void test_phoronix(void **state)
{
    (void)state;
    autosample struct sample sample = sample_text(
        "<?xml version=\"1.0\"?>\n<PhoronixTestSuite><Generated><Title>of eve</Title><TestClient>Phoronix Test Suite "
        "v10.8.4 (Nesseby)</TestClient></Generated>\n" SYSTEM(
            "one", "2 x AMD EPYC 9654, Pro @ 3.70GHz (192 Cores / 384 Threads)")
            SYSTEM("two", "Intel Core i9-14900K @ 6.00GHz (24 Cores / 32 Threads)")
                RESULT("pts/gzip-1.0.0", "2GB", "Seconds", "LIB",
                       ENTRY("one", "29.85", "30.27:29.61:29.66") ENTRY("two", "10.00", "10:10"))
                    RESULT("pts/rps-1.0.0", "", "Requests Per Second", "HIB",
                           ENTRY("one", "100", "90:95:100") ENTRY("two", "", ""))
                        RESULT("pts/odd-1.0.0", "", "Bogus Units", "", ENTRY("one", "5", "")) "</PhoronixTestSuite>\n");
    assert_string_equal(sample.format->name, "phoronix-composite");
    assert_int_equal(sample.readings.count, 2);
    const struct reading *first = sample.readings.items[0], *second = sample.readings.items[1];
    assert_string_equal(first->tool_version, "10.8.4");
    assert_string_equal(first->device.chip, "AMD EPYC 9654, Pro");
    assert_int_equal(first->device.cpu_count, 2);
    assert_int_equal(first->device.cores, 192);
    assert_int_equal(first->device.threads, 384);
    assert_string_equal(first->device.board, "ASUS PRIME, Rev 2");
    assert_string_equal(first->device.memory_type, "DDR5-6000MT/s");
    expect_number(first->device.memory_bytes, 34359738368.0);
    assert_string_equal(first->device.chips[0].name, "AMD Radeon RX 7900 XTX 24GB");
    assert_string_equal(first->device.os_version, "24.04");
    assert_string_equal(first->device.architecture, "x86_64");
    assert_int_equal(first->run_count, 3);
    const struct measurement *time = sample_metric(&first->runs[0], "time");
    expect_number(time->mean, (30.27e9 + 29.61e9 + 29.66e9) / 3); /* 29.85 is this, rounded */
    assert_string_equal(time->original_unit, "Seconds");
    expect_number(time->original_value, 29.85);
    assert_int_equal(time->n, 3);
    assert_int_equal(time->flags.count, 0);
    assert_string_equal(first->runs[0].ran_at, "2024-05-01T10:11:12");
    const struct measurement *rate = sample_metric(&first->runs[1], "request_throughput");
    assert_string_equal(rate->unit, "req/s");
    assert_true(flags_has(&rate->flags, "mean_differs")); /* 95 */
    assert_int_equal(sample_metric(&first->runs[2], "value")->direction, DIRECTION_UNKNOWN);
    assert_string_equal(second->device.chip, "Intel Core i9-14900K");
    assert_int_equal(second->run_count, 1);
    assert_true(sample_has_problem(&sample, "no value"));
    expect_same_after_redaction(&sample);
    for (size_t i = 0; i < 2; i++)
        assert_true(hides_eve(&sample, sample.readings.items[i]));
}

/* A test profile has the same root and no result. */
static void test_phoronix_profile(void **state)
{
    (void)state;
    autosample struct sample sample =
        sample_text("<PhoronixTestSuite><TestInformation><Title>x</Title></TestInformation></PhoronixTestSuite>");
    assert_null(sample.format);
}

static void test_corpus(void **state)
{
    (void)state;
    autosample struct sample catch2 = {0}, gzip = {0};
    if (!sample_file(CORPUS "formats/catch2-xml/catch2_v3.1_thor_hesai.extract.xml", &catch2))
        skip();
    assert_int_equal(sample_run_count(&catch2), 2);
    expect_number(sample_metric(sample_run(&catch2, 1), "time")->mean, 1856890);
    assert_true(sample_file(
        CORPUS "formats/phoronix-composite/aws-ec2-phoronix-benchmark__micro-ec2_gzip_composite.xml", &gzip));
    assert_int_equal(sample_run_count(&gzip), 10);
    expect_number(sample_metric(sample_run(&gzip, 8), "time")->original_value, 29.85);
    expect_same_after_redaction(&gzip);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_catch2_version_2), cmocka_unit_test(test_catch2_breaks_off),
        cmocka_unit_test(test_declared_type),    cmocka_unit_test(test_phoronix),
        cmocka_unit_test(test_phoronix_profile), cmocka_unit_test(test_corpus),
    };
    return cmocka_run_group_tests_name("formats_xml", tests, NULL, NULL);
}
