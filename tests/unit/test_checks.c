/* The rules: what they find, what they leave alone, and the numbers they state. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/str.h"
#include "schema/checks/checks.h"
#include "schema/formats/formats.h"

static struct reading *reading_of(const char *chip)
{
    struct reading *reading = reading_new();
    assert_non_null(reading);
    reading->format = "test";
    reading->device.chip = chip;
    return reading;
}

static struct measurement *add_to(struct reading *reading, struct run *run, const char *metric, const char *unit,
                                  double mean)
{
    struct measurement *measurement = run_add_measurement(reading, run, metric);
    assert_non_null(measurement);
    measurement->unit = unit;
    measurement->direction = DIRECTION_HIGHER;
    measurement->mean = mean;
    return measurement;
}

static struct run *add_run(struct reading *reading, const char *model)
{
    struct run *run = reading_add_run(reading);
    assert_non_null(run);
    run->workload.model = model;
    return run;
}

/* How often a rule fires; *ret_first is its first finding. */
static size_t count_rule(const struct reading *reading, const char *rule, struct findings *findings,
                         const struct finding **ret_first)
{
    struct err err = {0};
    size_t count = 0;
    findings_done(findings);
    assert_int_equal(checks_run(reading, NULL, findings, &err), 0);
    for (size_t i = 0; i < findings->count; i++) {
        if (strcmp(findings->items[i].rule->name, rule) != 0)
            continue;
        if (count++ == 0 && ret_first != NULL)
            *ret_first = &findings->items[i];
    }
    return count;
}

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < check_rule_count; i++) {
        assert_non_null(check_rules[i].name);
        assert_true(strlen(check_rules[i].words) > 20);
        assert_ptr_equal(check_rule_by_name(check_rules[i].name), &check_rules[i]);
    }
    assert_null(check_rule_by_name("no_such_rule"));
    assert_string_equal(check_severity_word(CHECK_FLAG), "flag");
    assert_string_equal(check_severity_word(CHECK_QUARANTINE), "quarantine");
}

/* ANEMLL-Bench issue 5 (M4): 64.1753 GB/s x 16.3719 ms = 1050.67 MB; the page put 6.45 ms of another model beside it.
 */
static void test_bandwidth_time(void **state)
{
    (void)state;
    autoreading struct reading *reading = reading_of("Apple M4");
    struct run *run = add_run(reading, "llama_lm_head");
    run->workload.model_bytes = 1050673728;
    struct measurement *bandwidth = add_to(reading, run, "memory_bandwidth", "GB/s", 64.17532659592135);
    struct measurement *time = add_to(reading, run, "inference_time", "ms", 16.371926466623943);
    autofindings struct findings findings = {0};
    const struct finding *found = NULL;
    assert_int_equal(count_rule(reading, "bandwidth_time_bytes", &findings, NULL), 0);
    assert_false(findings_quarantine(&findings));
    time->mean = 6.45;
    assert_int_equal(count_rule(reading, "bandwidth_time_bytes", &findings, &found), 1);
    assert_true(findings_quarantine(&findings));
    assert_true(fabs(found->found - 0.41393) < 1e-5); /* 64.1753 x 6.45 / 1000 */
    assert_true(fabs(found->expected - 1.050673728) < 1e-9);
    assert_true(fabs(found->deviation - -0.60603) < 1e-4);
    assert_int_equal(found->run, 0);
    assert_string_equal(found->metric, "memory_bandwidth");
    assert_non_null(strstr(found->message, "0.414 GB"));
    assert_non_null(strstr(found->message, "1.05 GB"));
    /* 3 percent and what lies behind. */
    time->mean = 16.371926 * 1.029;
    assert_int_equal(count_rule(reading, "bandwidth_time_bytes", &findings, NULL), 0);
    time->mean = 16.371926 * 1.031;
    assert_int_equal(count_rule(reading, "bandwidth_time_bytes", &findings, NULL), 1);
    /* A factor of 1000 is a unit. */
    time->mean = 16371.926;
    assert_int_equal(count_rule(reading, "bandwidth_time_bytes", &findings, NULL), 0);
    assert_int_equal(count_rule(reading, "unit_slip", &findings, &found), 1);
    time->mean = 16.371926;
    bandwidth->mean = 64.17532659592135 / 1.073741824; /* GiB/s under the name GB/s */
    assert_int_equal(count_rule(reading, "unit_slip", &findings, NULL), 1);
    time->mean = (double)NAN;
    assert_int_equal(count_rule(reading, "unit_slip", &findings, NULL), 0);
}

static void test_bandwidth_time_in_two_runs(void **state)
{
    (void)state;
    autoreading struct reading *reading = reading_of("Apple M4");
    struct run *first = add_run(reading, "llama_lm_head");
    add_to(reading, first, "memory_bandwidth", "GB/s", 64.17);
    struct run *other = add_run(reading, "llama_lm_head_lut6");
    add_to(reading, other, "inference_time", "ms", 6.45);
    autofindings struct findings findings = {0};
    assert_int_equal(count_rule(reading, "bandwidth_time_bytes", &findings, NULL), 0);
    struct run *second = add_run(reading, "llama_lm_head");
    add_to(reading, second, "inference_time", "ms", 6.45);
    assert_int_equal(count_rule(reading, "bandwidth_time_bytes", &findings, NULL), 1); /* bytes from the catalogue */
    reading->runs[2].workload.backend = "GPU";
    assert_int_equal(count_rule(reading, "bandwidth_time_bytes", &findings, NULL), 0);
}

static void test_rated_bandwidth(void **state)
{
    (void)state;
    autoreading struct reading *reading = reading_of("Apple M1"); /* rated 68.25 GB/s (Apple) */
    struct run *run = add_run(reading, NULL);
    struct measurement *bandwidth = add_to(reading, run, "memory_bandwidth", "GB/s", 60.87);
    autofindings struct findings findings = {0};
    const struct finding *found = NULL;
    assert_int_equal(count_rule(reading, "above_rated_bandwidth", &findings, NULL), 0);
    bandwidth->mean = 90;
    assert_int_equal(count_rule(reading, "above_rated_bandwidth", &findings, &found), 1);
    assert_true(found->expected > 66 && found->expected < 69);
    reading->runs[0].chip_count = 2;
    assert_int_equal(count_rule(reading, "above_rated_bandwidth", &findings, NULL), 0);
    reading->runs[0].chip_count = 1;
    reading->device.chip = "A chip that nobody knows";
    assert_int_equal(count_rule(reading, "above_rated_bandwidth", &findings, NULL), 0);
}

/* 7B Q4_0 is 3.825 GB: at 400 GB/s (M1 Max) no more than 104.6 tok/s can be generated. */
static void test_decode_rate(void **state)
{
    (void)state;
    autoreading struct reading *reading = reading_of("Apple M1 Max");
    struct run *run = add_run(reading, "Llama 2 7B");
    run->workload.quantization = "Q4_0";
    struct measurement *decode = add_to(reading, run, "generation_throughput", "tok/s", 61.19);
    autofindings struct findings findings = {0};
    const struct finding *found = NULL;
    assert_int_equal(count_rule(reading, "decode_above_bandwidth", &findings, NULL), 0);
    decode->mean = 1133; /* a real published value of a run that failed for memory */
    assert_int_equal(count_rule(reading, "decode_above_bandwidth", &findings, &found), 1);
    assert_true(fabs(found->expected - 400) < 1e-9);
    parameters_set_number(&reading->arena, &reading->runs[0].workload.parameters, "max_concurrency", 64);
    assert_int_equal(count_rule(reading, "decode_above_bandwidth", &findings, NULL), 0);
    struct run *mixture = add_run(reading, "gpt-oss 20B");
    mixture->workload.quantization = "F16";
    struct measurement *sparse = add_to(reading, mixture, "generation_throughput", "tok/s", 60);
    assert_int_equal(count_rule(reading, "decode_above_bandwidth", &findings, NULL), 0);
    /* 13.8 GB stated; 3.6 of 20.9 billion parameters work on a token: 2.37 GB, which 400 GB/s bring 168 times. */
    mixture->workload.model_bytes = 13.8e9;
    sparse->mean = 150;
    assert_int_equal(count_rule(reading, "decode_above_bandwidth", &findings, NULL), 0);
    sparse->mean = 230;
    assert_int_equal(count_rule(reading, "decode_above_bandwidth", &findings, &found), 1);
    assert_true(found->found > 480 && found->found < 600);
}

/* llama.cpp discussion 4167: M1, Llama 2 7B F16, pp512 107.81 tok/s = 1.45 TFLOPS of 2.6. */
static void test_prompt_rate(void **state)
{
    (void)state;
    autoreading struct reading *reading = reading_of("Apple M1");
    struct run *run = add_run(reading, "Llama 2 7B");
    run->workload.backend = "Metal";
    struct measurement *prompt = add_to(reading, run, "prompt_throughput", "tok/s", 107.81);
    autofindings struct findings findings = {0};
    const struct finding *found = NULL;
    assert_int_equal(count_rule(reading, "prompt_above_peak", &findings, NULL), 0);
    prompt->mean = 1078.1; /* a slip of the decimal point: 2 x 0.7 x 6.74e9 x 1078.1 = 10.2e12 */
    assert_int_equal(count_rule(reading, "prompt_above_peak", &findings, &found), 1);
    assert_true(fabs(found->expected - 2.6) < 1e-9);
    assert_true(found->found > 10.1 && found->found < 10.3);
    assert_true(findings_quarantine(&findings));
    /* Nobody states what this chip computes on that backend; four chips compute four times as much; a cache explains
     * it.
     */
    reading->runs[0].workload.backend = "CPU";
    assert_int_equal(count_rule(reading, "prompt_above_peak", &findings, NULL), 0);
    reading->runs[0].workload.backend = "Metal";
    reading->runs[0].chip_count = 4;
    assert_int_equal(count_rule(reading, "prompt_above_peak", &findings, NULL), 0);
    reading->runs[0].chip_count = 1;
    parameters_set_word(&reading->arena, &reading->runs[0].setup, "cache_type_k", "q8_0");
    assert_int_equal(count_rule(reading, "prompt_above_peak", &findings, NULL), 1);
    parameters_set_boolean(&reading->arena, &reading->runs[0].setup, "prefix_cache", true);
    assert_int_equal(count_rule(reading, "prompt_above_peak", &findings, NULL), 0);
}

static void test_contradictions(void **state)
{
    (void)state;
    autoreading struct reading *reading = reading_of("Apple M1");
    struct run *run = add_run(reading, "Llama 2 7B");
    run->workload.task = "tg128";
    parameters_set_number(&reading->arena, &run->workload.parameters, "n_gen", 128);
    autofindings struct findings findings = {0};
    const struct finding *found = NULL;
    assert_int_equal(count_rule(reading, "contradictory_fields", &findings, NULL), 0);
    run->workload.task = "tg256";
    assert_int_equal(count_rule(reading, "contradictory_fields", &findings, &found), 1);
    assert_string_equal(found->message, "the task is tg256, but n_gen is 128");
    assert_true(findings_quarantine(&findings));
    run->workload.task = "tg128 of a chat"; /* a name that is no length */
    assert_int_equal(count_rule(reading, "contradictory_fields", &findings, NULL), 0);
    reading->device.cores = 8;
    reading->device.threads = 8;
    reading->device.usable_threads = COUNT_UNKNOWN;
    assert_int_equal(count_rule(reading, "contradictory_fields", &findings, NULL), 0);
    reading->device.cores = 16;
    assert_int_equal(count_rule(reading, "contradictory_fields", &findings, NULL), 1);
    /* 14.15 tok/s x 9046 ms = 128 tokens. */
    add_to(reading, run, "generation_throughput", "tok/s", 14.15);
    struct measurement *time = add_to(reading, run, "generation_time", "ms", 9046);
    assert_int_equal(count_rule(reading, "tokens_time_rate", &findings, NULL), 0);
    time->mean = 904.6;
    assert_int_equal(count_rule(reading, "tokens_time_rate", &findings, &found), 1);
    assert_true(fabs(found->found - 12.8) < 0.01);
}

static void set_samples(struct reading *reading, struct measurement *measurement, const double *samples, size_t count)
{
    measurement->samples = arena_alloc(&reading->arena, count, sizeof *samples);
    memcpy(measurement->samples, samples, count * sizeof *samples);
    measurement->sample_count = count;
    measurement->n = (int64_t)count;
}

/* 2, 4, 4, 4, 5, 5, 7, 9: mean 5, population deviation 2, sample deviation 2.13809 (a textbook example); here in
 * thousands. */
static void test_statistics(void **state)
{
    (void)state;
    static const double samples[] = {9000, 2000, 4000, 5000, 4000, 4000, 5000, 7000};
    autoreading struct reading *reading = reading_of(NULL);
    struct measurement *m = add_to(reading, add_run(reading, NULL), "throughput", "/s", 5000);
    set_samples(reading, m, samples, 8);
    m->stddev = 2138.0899;
    m->min = 2000;
    m->max = 9000;
    m->median = 4500;
    autofindings struct findings findings = {0};
    assert_int_equal(count_rule(reading, "stated_statistics", &findings, NULL), 0);
    m->stddev = 2138;
    assert_int_equal(count_rule(reading, "stated_statistics", &findings, NULL), 0);
    m->stddev = 2000;
    assert_int_equal(count_rule(reading, "stated_statistics", &findings, NULL),
                     0); /* kind unknown: population passes */
    m->stddev_kind = STDDEV_SAMPLE;
    assert_int_equal(count_rule(reading, "stated_statistics", &findings, NULL), 1);
    m->stddev_kind = STDDEV_POPULATION;
    assert_int_equal(count_rule(reading, "stated_statistics", &findings, NULL), 0);
    m->mean = 5002;
    assert_int_equal(count_rule(reading, "stated_statistics", &findings, NULL), 1);
    m->mean = 5000;
    m->min = 2001;
    m->max = 8999;
    m->median = 4500.4;
    assert_int_equal(count_rule(reading, "stated_statistics", &findings, NULL), 3);
    m->n = 9;
    assert_int_equal(count_rule(reading, "sample_count", &findings, NULL), 1);
}

/* Real rows: llama-bench states avg_ts with more digits than its samples. */
static void test_printed_digits(void **state)
{
    (void)state;
    static const double samples[] = {24.1234, 24.1311, 24.1299};
    autoreading struct reading *reading = reading_of(NULL);
    struct measurement *m = add_to(reading, add_run(reading, NULL), "generation_throughput", "tok/s", 24.128134);
    set_samples(reading, m, samples, 3);
    m->stddev = 0.004146;
    autofindings struct findings findings = {0};
    assert_int_equal(count_rule(reading, "stated_statistics", &findings, NULL), 0);
    m->mean = 24.13;
    assert_int_equal(count_rule(reading, "stated_statistics", &findings, NULL), 0);
    m->mean = 24.15;
    assert_int_equal(count_rule(reading, "stated_statistics", &findings, NULL), 1);
    /* A published row: five samples of 1091.81 ± 0.005. */
    static const double prompt[] = {1091.81, 1091.82, 1091.8, 1091.81, 1091.82};
    set_samples(reading, m, prompt, 5);
    m->stddev = (double)NAN;
    m->mean = 1091.814871;
    assert_int_equal(count_rule(reading, "stated_statistics", &findings, NULL), 0);
}

static void test_impossible(void **state)
{
    (void)state;
    autoreading struct reading *reading = reading_of(NULL);
    struct measurement *m = add_to(reading, add_run(reading, NULL), "latency", "ms", 10);
    m->min = 9;
    m->max = 12;
    m->median = 10;
    m->stddev = 1;
    autofindings struct findings findings = {0};
    assert_int_equal(count_rule(reading, "impossible_statistics", &findings, NULL), 0);
    m->mean = 14;
    assert_int_equal(count_rule(reading, "impossible_statistics", &findings, NULL), 1);
    m->mean = 10;
    m->median = 7;
    assert_int_equal(count_rule(reading, "impossible_statistics", &findings, NULL), 1);
    m->median = 10;
    m->stddev = 5;
    assert_int_equal(count_rule(reading, "impossible_statistics", &findings, NULL), 1);
    m->stddev = -1;
    assert_int_equal(count_rule(reading, "impossible_statistics", &findings, NULL), 1);
}

static void test_values(void **state)
{
    (void)state;
    static const double samples[] = {1.5, (double)INFINITY, 1.5};
    autoreading struct reading *reading = reading_of(NULL);
    struct run *run = add_run(reading, NULL);
    struct measurement *m = add_to(reading, run, "latency", "ms", 1.5);
    set_samples(reading, m, samples, 3);
    add_to(reading, run, "inference_time", "ms", 0);
    add_to(reading, run, "failed_requests", "", 0)->direction = DIRECTION_LOWER;
    add_to(reading, run, "memory_bandwidth", "GB/s", -3);
    add_to(reading, run, "user_time", "s", 0); /* less than a tick */
    add_to(reading, run, "gc_time", "ns", 0);
    autofindings struct findings findings = {0};
    assert_int_equal(count_rule(reading, "not_finite", &findings, NULL), 1);
    assert_int_equal(count_rule(reading, "not_positive", &findings, NULL), 2);
}

static void test_variation(void **state)
{
    (void)state;
    autoreading struct reading *reading = reading_of(NULL);
    static const double means[] = {10, 25, 40, 80};
    for (size_t i = 0; i < ARRAY_LENGTH(means); i++) {
        struct measurement *m = add_to(reading, add_run(reading, NULL), "generation_throughput", "tok/s", means[i]);
        m->stddev = means[i] * 0.015;
        m->n = 5;
    }
    autofindings struct findings findings = {0};
    const struct finding *found = NULL;
    assert_int_equal(count_rule(reading, "constant_variation", &findings, &found), 1);
    assert_true(found->run == CHECK_NO_RUN);
    assert_false(findings_quarantine(&findings));
    reading->runs[2].measurements[0].stddev = 40 * 0.016;
    assert_int_equal(count_rule(reading, "constant_variation", &findings, NULL), 0);
    assert_int_equal(count_rule(reading, "high_variance", &findings, NULL), 0);
    reading->runs[2].measurements[0].stddev = 40 * 0.11;
    assert_int_equal(count_rule(reading, "high_variance", &findings, NULL), 1);
}

static void test_times(void **state)
{
    (void)state;
    int64_t now = 0;
    assert_true(clock_parse(STR("2026-11-21T12:00:00Z"), &now));
    static const struct {
        const char *ran_at;
        bool local;
        const char *rule;
    } cases[] = {
        {"2026-11-21T12:09:00Z", false, NULL},
        {"2026-11-21T12:11:00Z", false, "time_in_future"},
        {"2026-11-21T15:00:00+02:00", false, "time_in_future"},
        {"2026-11-21T13:00:00+02:00", false, NULL},
        {"2026-11-22T01:00:00", true, NULL},
        {"2026-11-22T03:00:00", true, "time_in_future"},
        {"1970-01-01T00:00:00Z", false, "time_implausible"},
        {"2099-01-01T00:00:00Z", false, "time_in_future"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        autoreading struct reading *reading = reading_of(NULL);
        struct run *run = add_run(reading, NULL);
        run->ran_at = cases[i].ran_at;
        run->ran_at_local = cases[i].local;
        autofindings struct findings findings = {0};
        const struct check_options options = {now};
        struct err err = {0};
        assert_int_equal(checks_run(reading, &options, &findings, &err), 0);
        assert_int_equal(findings.count, cases[i].rule != NULL ? 1 : 0);
        if (cases[i].rule != NULL)
            assert_string_equal(findings.items[0].rule->name, cases[i].rule);
    }
}

static int read_sample(const char *path, struct reading_list *list)
{
    autobuf struct buf bytes = BUF(BUF_MIB);
    struct err err = {0};
    const struct format *format = NULL;
    assert_int_equal(file_read(path, &bytes, &err), 0);
    int result = formats_read(file_base_name(path), str_slice(bytes.data, bytes.len), NULL, &format, list, &err);
    if (result < 0)
        fail_msg("%s: %s", path, err.text);
    return result;
}

/* The page put bandwidth of one model beside time of another: 13 chips, 0.41 to 0.52 GB where the model has 1.05 GB. */
static void test_published_page(void **state)
{
    (void)state;
    const char *path = "tests/data/samples/anemll-bench/page-as-published.json";
    if (!file_exists(path))
        skip();
    autoreadings struct reading_list list = {0};
    assert_int_equal(read_sample(path, &list), 0);
    assert_int_equal(list.count, 13);
    for (size_t i = 0; i < list.count; i++) {
        autofindings struct findings findings = {0};
        const struct finding *found = NULL;
        assert_int_equal(count_rule(list.items[i], "bandwidth_time_bytes", &findings, &found), 1);
        assert_true(findings_quarantine(&findings));
        assert_true(found->found > 0.405 && found->found < 0.525);
        assert_true(fabs(found->expected - 1.0507) < 1e-3);
    }
}

static void test_good_samples(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "tests/data/samples/anemll-bench/issue-5-m4.json",
        "tests/data/samples/anemll-bench/m1-max.json",
        "tests/data/samples/anemll-bench/m5.json",
        "tests/data/samples/llama.cpp-apple/m1-7c.json",
        "tests/data/samples/llama.cpp-apple/m1-ultra-64c.json",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(paths); i++) {
        if (!file_exists(paths[i]))
            continue;
        autoreadings struct reading_list list = {0};
        assert_int_equal(read_sample(paths[i], &list), 0);
        for (size_t k = 0; k < list.count; k++) {
            autofindings struct findings findings = {0};
            struct err err = {0};
            assert_int_equal(checks_run(list.items[k], NULL, &findings, &err), 0);
            if (findings.count > 0)
                fail_msg("%s: %s: %s", paths[i], findings.items[0].rule->name, findings.items[0].message);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_bandwidth_time),
        cmocka_unit_test(test_bandwidth_time_in_two_runs),
        cmocka_unit_test(test_rated_bandwidth),
        cmocka_unit_test(test_decode_rate),
        cmocka_unit_test(test_prompt_rate),
        cmocka_unit_test(test_contradictions),
        cmocka_unit_test(test_statistics),
        cmocka_unit_test(test_printed_digits),
        cmocka_unit_test(test_impossible),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_variation),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_published_page),
        cmocka_unit_test(test_good_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
