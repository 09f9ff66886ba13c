/* Checks over many submissions, and what a publication says of all that checks found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "analyze/data/set_checks.h"
#include "analyze/report/sections.h"
#include "schema/base/str.h"
#include "tests/unit/analyze_sample.h"

/* One run that gives bandwidth (GB/s) and time (ms) of a model that nobody knows the size of. */
static void add_run(struct result_set *set, size_t number, const char *model, double bandwidth, double time)
{
    char id[64];

    (void)snprintf(id, sizeof(id), "sha256:%s-%zu", model, number);
    sample_add(set, &(struct sample){.id = id,
                                     .chip = "Apple M1",
                                     .model = model,
                                     .metric = "memory_bandwidth",
                                     .unit = "GB/s",
                                     .direction = DIRECTION_HIGHER,
                                     .value = bandwidth});
    struct result *second = result_set_add_result(set, set->results[set->result_count - 1].run);

    second->measure = result_set_measure(set, "inference_time", "ms", DIRECTION_LOWER);
    second->ordinal = 1;
    second->value = time;
}

static size_t count_rule(const struct result_set *set, const char *rule, const char **message)
{
    size_t count = 0;

    for (size_t i = 0; i < set->finding_count; i++)
        if (text_equal(set->findings[i].rule, rule)) {
            count++;
            *message = set->findings[i].message;
        }
    return count;
}

/* 100 × 10, 200 × 5, 50 × 20.4 are 1.00, 1.00, 1.02 GB; 100 × 11 is 1.10: 8.9 % above the median of 1.01. */
static void one_of_four_moves_other_bytes(void **state)
{
    autocomparisons struct comparison_set comparisons = {.count = 0};
    const char *message = NULL;
    autoset struct result_set set;

    (void)state;
    result_set_init(&set);
    add_run(&set, 1, "unheard-of", 100, 10);
    add_run(&set, 2, "unheard-of", 200, 5);
    add_run(&set, 3, "unheard-of", 50, 20.4);
    add_run(&set, 4, "unheard-of", 100, 11);
    /* Two runs are too few to say which one is wrong. */
    add_run(&set, 1, "rarely-seen", 100, 10);
    add_run(&set, 2, "rarely-seen", 100, 20);
    assert_int_equal(result_set_finish(&set, NULL), 0);
    assert_int_equal(comparison_build(&set, NULL, &comparisons, NULL), 0);
    assert_int_equal(set_checks(&set, &comparisons, NULL), 0);
    assert_int_equal(count_rule(&set, "bandwidth_time_constant", &message), 1);
    assert_string_equal(message, "bandwidth x time = 1.1 GB, but the median of 4 runs is 1.01 GB (+8.9 %)");
    assert_int_equal(count_rule(&set, "mixed_versions", &message), 0);
    assert_int_equal(count_rule(&set, "repeated_original", &message), 0);
}

/* One finding a run, however many figures it has, and only for that flag. */
static void a_broken_output_is_found(void **state)
{
    autocomparisons struct comparison_set comparisons = {.count = 0};
    struct sample sample = {.id = "sha256:1",
                            .chip = "Apple M1",
                            .model = "m",
                            .metric = "generation_throughput",
                            .unit = "tok/s",
                            .direction = DIRECTION_HIGHER,
                            .value = 9,
                            .flag = "degenerate_output"};
    const char *message = NULL;
    autoset struct result_set set;

    (void)state;
    result_set_init(&set);
    sample_add(&set, &sample);
    struct result *second = result_set_add_result(&set, set.results[0].run);

    second->measure = result_set_measure(&set, "prompt_throughput", "tok/s", DIRECTION_HIGHER);
    second->ordinal = 1;
    second->detail = set.results[0].detail;
    sample.id = "sha256:2";
    sample.flag = "on_battery";
    sample_add(&set, &sample);
    assert_int_equal(result_set_finish(&set, NULL), 0);
    assert_int_equal(comparison_build(&set, NULL, &comparisons, NULL), 0);
    assert_int_equal(set_checks(&set, &comparisons, NULL), 0);
    assert_int_equal(count_rule(&set, "degenerate_output", &message), 1);
    assert_string_equal(message, "every token that the check of its output shows is the same");
    assert_int_equal(set.finding_count, 1);
    assert_string_equal(set.findings[0].severity, "flag");
}

/* Pages look for the findings of a submission behind those of the one before it. */
static void findings_stay_in_the_order_of_submissions(void **state)
{
    autocomparisons struct comparison_set comparisons = {.count = 0};
    autoset struct result_set set;

    (void)state;
    result_set_init(&set);
    for (size_t i = 1; i <= 4; i++)
        add_run(&set, i, "unheard-of", 100, i == 2 ? 11 : 10);
    assert_int_equal(result_set_finish(&set, NULL), 0);
    for (size_t i = 0; i < set.submission_count; i++) {
        struct set_finding *finding = result_set_add_finding(&set);

        *finding =
            (struct set_finding){.submission = i, .run = 0, .rule = "high_variance", .severity = "flag", .message = ""};
    }
    assert_int_equal(comparison_build(&set, NULL, &comparisons, NULL), 0);
    assert_int_equal(set_checks(&set, &comparisons, NULL), 0);
    assert_int_equal(set.finding_count, 5);
    for (size_t i = 1; i < set.finding_count; i++)
        assert_true(strcmp(set.submissions[set.findings[i - 1].submission].id,
                           set.submissions[set.findings[i].submission].id) <= 0);
    assert_non_null(strstr(set_rule_words("high_variance"), "standard deviation"));
    assert_non_null(strstr(set_rule_words("mixed_versions"), "one version"));
    assert_null(set_rule_words("no such rule"));
}

static void versions_are_told_in_their_order(void **state)
{
    static const char *const versions[] = {"b10", "b9", "b100", "b10"};
    autocomparisons struct comparison_set comparisons = {.count = 0};
    const char *message = NULL;
    autoset struct result_set set;

    (void)state;
    result_set_init(&set);
    for (size_t i = 0; i < ARRAY_LENGTH(versions); i++) {
        char id[64];

        (void)snprintf(id, sizeof(id), "sha256:%zu", i);
        sample_add(&set, &(struct sample){.id = id,
                                          .tool = "bench",
                                          .tool_version = versions[i],
                                          .chip = "Apple M1",
                                          .model = "m",
                                          .metric = "x",
                                          .unit = "s",
                                          .value = 1});
    }
    assert_int_equal(result_set_finish(&set, NULL), 0);
    assert_int_equal(comparison_build(&set, NULL, &comparisons, NULL), 0);
    assert_int_equal(set_checks(&set, &comparisons, NULL), 0);
    assert_int_equal(count_rule(&set, "mixed_versions", &message), 1);
    assert_string_equal(message, "3 versions of bench in one cell of 4 results, from b9 to b100");
}

/* What holds results back stands first and in full; of what is only worth knowing a few of each kind. */
static void failed_checks_stand_before_notes(void **state)
{
    autocomparisons struct comparison_set comparisons = {.count = 0};
    autocoverage struct coverage coverage = {.row_count = 0};
    autoset struct result_set set;
    autobuf struct buf text = BUF(1 << 20);
    const char *at = NULL;
    size_t rows = 0;

    (void)state;
    result_set_init(&set);
    for (int i = 0; i < 8; i++) {
        autobuf struct buf id = BUF(64);

        buf_addf(&id, "sha256:%d", i);
        sample_add(&set,
                   &(struct sample){
                       .id = buf_text(&id), .chip = "Apple M1", .model = "m", .metric = "x", .unit = "s", .value = 1});
        struct set_finding *finding = result_set_add_finding(&set);

        *finding = (struct set_finding){.submission = (size_t)i,
                                        .run = -1,
                                        .rule = i == 7 ? "unit_slip" : "mixed_versions",
                                        .severity = i == 7 ? "quarantine" : "note",
                                        .message = "words of it"};
    }
    assert_int_equal(result_set_finish(&set, NULL), 0);
    assert_int_equal(comparison_build(&set, NULL, &comparisons, NULL), 0);
    assert_int_equal(coverage_compute(&comparisons, TIME_UNKNOWN, &coverage, NULL), 0);
    const struct report report = {.results = &set, .comparisons = &comparisons, .coverage = &coverage};

    assert_int_equal(section_quality(&report, &text, NULL), 0);
    assert_non_null(strstr(buf_text(&text), "- ✗ `unit_slip`, 1 time: Two figures"));
    assert_non_null(strstr(buf_text(&text), "- Note: `mixed_versions`, 7 times: A cell should hold"));
    assert_non_null(strstr(buf_text(&text), "6 of 8 findings; all are in the data file."));
    for (at = buf_text(&text); (at = strstr(at, "words of it")) != NULL; at++)
        rows++;
    assert_int_equal(rows, 6);
    assert_true(strstr(buf_text(&text), "| unit_slip |") < strstr(buf_text(&text), "| mixed_versions |"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_of_four_moves_other_bytes), cmocka_unit_test(a_broken_output_is_found),
        cmocka_unit_test(findings_stay_in_the_order_of_submissions), cmocka_unit_test(failed_checks_stand_before_notes),
        cmocka_unit_test(versions_are_told_in_their_order)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
