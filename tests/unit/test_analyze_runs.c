/* What runs are, as hashes, and where those of a chip stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "analyze/data/run_lists.h"
#include "tests/unit/analyze_sample.h"

static void fill(struct result_set *set)
{
    static const char *const chips[] = {"Apple M1", "Apple M2", "Apple M1", "Apple M3", "Apple M2"};

    result_set_init(set);
    for (size_t i = 0; i < 5; i++) {
        const char id[] = {'s', 'h', 'a', ':', (char)('a' + (char)i), '\0'};

        sample_add(set, &(struct sample){.id = id,
                                         .chip = chips[i],
                                         .model = "some model",
                                         .metric = "memory_bandwidth",
                                         .unit = "GB/s",
                                         .direction = DIRECTION_HIGHER,
                                         .value = 60 + (double)i});
    }
    assert_int_equal(result_set_finish(set, NULL), 0);
}

/* ---- hashes */

static struct run_hashes hashes_of(const struct result_set *set)
{
    struct run_hashes hashes = {.items = NULL};

    assert_int_equal(run_hashes_find(set, &hashes, NULL), 0);
    assert_int_equal(hashes.count, 5);
    return hashes;
}

/* The hash of the first run differs from what it was, those of the others do not. */
static void expect_other(const struct result_set *set, const struct run_hashes *before, const char *what)
{
    autorunhashes struct run_hashes now = hashes_of(set);

    if (memcmp(&now.items[0], &before->items[0], sizeof(now.items[0])) == 0)
        fail_msg("another %s is not seen", what);
    for (size_t i = 1; i < now.count; i++)
        assert_memory_equal(&now.items[i], &before->items[i], sizeof(now.items[i]));
}

#define EXPECT_SEEN(member, other)                                                                                     \
    do {                                                                                                               \
        __typeof__(member) saved = (member);                                                                           \
        (member) = (other);                                                                                            \
        expect_other(&set, &before, #member);                                                                          \
        (member) = saved;                                                                                              \
    } while (0)

static void every_fact_of_a_submission_and_its_run_is_seen(void **state)
{
    autoset struct result_set set = {.file_count = 0};
    struct set_problem problem = {"results[3]", "no figure"};
    struct label label = {"title", "a title"};
    struct label_list labels = {&label, 1, 1};

    (void)state;
    fill(&set);
    struct submission *submission = &set.submissions[set.results[0].run->submission];
    struct set_run run = *set.results[0].run;

    set.results[0].run = &run;
    autorunhashes struct run_hashes before = hashes_of(&set);

    EXPECT_SEEN(submission->id, "sha:z");
    EXPECT_SEEN(submission->state, STATE_QUARANTINED);
    EXPECT_SEEN(submission->contributor, "someone");
    EXPECT_SEEN(submission->format, "another");
    EXPECT_SEEN(submission->file, "a.json");
    EXPECT_SEEN(submission->original, "");
    EXPECT_SEEN(submission->received_us, 12);
    EXPECT_SEEN(submission->log_epoch, 12);
    EXPECT_SEEN(submission->log_index, 12);
    EXPECT_SEEN(submission->repeats, true);
    submission->problems = &problem;
    EXPECT_SEEN(submission->problem_count, 1);
    EXPECT_SEEN(run.number, 12);
    EXPECT_SEEN(run.device, "another");
    EXPECT_SEEN(run.labels, &labels);
    EXPECT_SEEN(run.tool, "another");
    EXPECT_SEEN(run.tool_version, "another");
    EXPECT_SEEN(run.variant, "another");
    EXPECT_SEEN(run.ran_us, 12);
    EXPECT_SEEN(run.flags, "on_battery");
    EXPECT_SEEN(run.quarantined, true);
}

static void every_fact_that_runs_share_is_seen(void **state)
{
    autoset struct result_set set = {.file_count = 0};
    struct parameter parameter = {"depth", PARAMETER_NUMBER, 512, NULL};
    const struct parameter_list parameters = {&parameter, 1, 1};

    (void)state;
    fill(&set);
    struct set_run run = *set.results[0].run;
    struct set_machine machine = *run.machine;
    struct set_workload workload = *run.workload;
    struct set_setup setup = *run.setup;

    set.results[0].run = &run;
    run.machine = &machine;
    run.workload = &workload;
    run.setup = &setup;
    autorunhashes struct run_hashes before = hashes_of(&set);

    EXPECT_SEEN(machine.chip_given, "another");
    EXPECT_SEEN(machine.chip, "another");
    EXPECT_SEEN(machine.chip_variant, "another");
    EXPECT_SEEN(machine.chip_known, !machine.chip_known);
    EXPECT_SEEN(machine.chip_count, 12);
    EXPECT_SEEN(machine.os, "another");
    EXPECT_SEEN(machine.driver, "another");
    EXPECT_SEEN(workload.model, "another");
    EXPECT_SEEN(workload.quantization, "another");
    EXPECT_SEEN(workload.backend, "another");
    EXPECT_SEEN(workload.mode, "another");
    EXPECT_SEEN(workload.task, "another");
    EXPECT_SEEN(workload.category, "another");
    EXPECT_SEEN(workload.parameters, "another");
    EXPECT_SEEN(workload.parameter_items, parameters);
    EXPECT_SEEN(workload.model_bytes, 12);
    EXPECT_SEEN(setup.text, "another");
    EXPECT_SEEN(setup.items, parameters);
}

static void every_figure_is_seen(void **state)
{
    autoset struct result_set set = {.file_count = 0};
    const double samples[] = {1, 2};

    (void)state;
    fill(&set);
    struct result *result = &set.results[0];
    struct set_measure measure = *result->measure;
    struct result_detail detail = *result->detail;

    result->measure = &measure;
    result->detail = &detail;
    detail.samples = samples;
    autorunhashes struct run_hashes before = hashes_of(&set);

    EXPECT_SEEN(measure.metric, "another");
    EXPECT_SEEN(measure.unit, "another");
    EXPECT_SEEN(measure.direction, DIRECTION_LOWER);
    EXPECT_SEEN(detail.mean, 12);
    EXPECT_SEEN(detail.stddev, 12);
    EXPECT_SEEN(detail.min, 12);
    EXPECT_SEEN(detail.max, 12);
    EXPECT_SEEN(detail.median, 12);
    EXPECT_SEEN(detail.sample_count, 2);
    EXPECT_SEEN(detail.stddev_kind, STDDEV_POPULATION);
    EXPECT_SEEN(detail.flags, "another");
    EXPECT_SEEN(result->value, 12);
    EXPECT_SEEN(result->n, 12);
    const struct result saved = *result; /* bit fields have no type of their own */
    result->ordinal = 12;
    expect_other(&set, &before, "ordinal");
    *result = saved;
    result->failed = true;
    expect_other(&set, &before, "failure");
    *result = saved;
    result->flagged = true;
    expect_other(&set, &before, "flag");
    *result = saved;
    set.counted = STATE_QUARANTINED;
    autorunhashes struct run_hashes counted = hashes_of(&set);
    assert_memory_not_equal(&counted.items[4], &before.items[4], sizeof(counted.items[4]));
}

/* ---- lists */

static void expect_runs(const struct run_lists *lists, const char *name, const char *runs)
{
    const size_t list = run_lists_find(lists, name);
    size_t count = 0;
    const uint32_t *first = run_lists_runs(lists, list, &count);

    assert_int_equal(count, strlen(runs));
    for (size_t i = 0; i < count; i++)
        assert_int_equal(first[i], runs[i] - '0');
}

static void lists_are_in_the_order_of_the_set(void **state)
{
    autoset struct result_set set = {.file_count = 0};
    autorunlists struct run_lists lists = {.set = NULL};

    (void)state;
    fill(&set);
    assert_int_equal(run_lists_make(&set, NULL, run_list_chip, &lists, NULL), 0);
    expect_runs(&lists, "Apple M1", "02");
    expect_runs(&lists, "Apple M2", "14");
    expect_runs(&lists, "Apple M3", "3");
    assert_int_equal(run_lists_find(&lists, "Apple M9"), NAMES_NONE);
}

static void a_list_changes_with_its_runs_only(void **state)
{
    autoset struct result_set set = {.file_count = 0};
    autorunlists struct run_lists lists = {.set = NULL}, others = {.set = NULL}, none = {.set = NULL};
    static const struct sha256 zeros;
    struct sha256 before, after;

    (void)state;
    fill(&set);
    autorunhashes struct run_hashes hashes = hashes_of(&set);
    assert_int_equal(run_lists_make(&set, &hashes, run_list_chip, &lists, NULL), 0);
    set.results[3].value = 12;
    autorunhashes struct run_hashes changed = hashes_of(&set);
    assert_int_equal(run_lists_make(&set, &changed, run_list_chip, &others, NULL), 0);
    for (int i = 1; i <= 3; i++) {
        const char name[] = {'A', 'p', 'p', 'l', 'e', ' ', 'M', (char)('0' + (char)i), '\0'};

        assert_true(run_lists_hash(&lists, name, &before));
        assert_true(run_lists_hash(&others, name, &after));
        assert_int_equal(sha256_equal(&before, &after), i != 3);
        assert_false(sha256_equal(&before, &zeros));
    }
    assert_true(run_lists_hash(&lists, "Apple M9", &before));
    assert_true(sha256_equal(&before, &zeros));
    assert_int_equal(run_lists_make(&set, NULL, run_list_version, &none, NULL), 0);
    assert_false(run_lists_hash(&none, "Apple M1", &before));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fact_of_a_submission_and_its_run_is_seen),
        cmocka_unit_test(every_fact_that_runs_share_is_seen),
        cmocka_unit_test(every_figure_is_seen),
        cmocka_unit_test(lists_are_in_the_order_of_the_set),
        cmocka_unit_test(a_list_changes_with_its_runs_only),
    };

    return cmocka_run_group_tests_name("analyze: runs", tests, NULL, NULL);
}
