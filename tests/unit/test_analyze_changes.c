/* What changed since the publication that a folder held: new, changed and gone figures, the test, the feed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/data/baseline.h"
#include "analyze/report/changes.h"
#include "analyze/report/data_tables.h"
#include "analyze/report/feed.h"
#include "analyze/report/publication.h"
#include "analyze/report/sections.h"
#include "schema/base/file.h"
#include "schema/base/str.h"
#include "tests/unit/analyze_sample.h"

#define BANDWIDTH .metric = "memory_bandwidth", .unit = "GB/s", .direction = DIRECTION_HIGHER

struct outcome {
    struct arena arena;
    struct previous previous;
    struct changes changes;
    bool any;
    struct buf section, feed;
};

static int set_up(void **state)
{
    char *folder = strdup("/tmp/crosschip-changes-XXXXXX");

    *state = folder;
    return folder != NULL && mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static int tear_down(void **state)
{
    nftw(*state, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return 0;
}

static void no_page(const struct submission *submission, struct buf *into)
{
    (void)submission;
    (void)into;
}

static int read_previous(const char *folder, struct str submissions, struct previous *ret, bool *ret_any,
                         struct err *err)
{
    autopreviousahead struct previous_ahead ahead = {.folder = folder};

    previous_look(&ahead);
    return previous_read(&ahead, submissions, ret, ret_any, err);
}

static void compare(const char *folder, struct report *report, struct outcome *outcome)
{
    autotable struct table submissions = {.caption = NULL};
    autobuf struct buf lines = BUF(1 << 20);

    assert_int_equal(data_submissions(report, &submissions, NULL), 0);
    table_print_ndjson(&submissions, &lines);
    assert_int_equal(
        read_previous(folder, str_slice(buf_text(&lines), lines.len), &outcome->previous, &outcome->any, NULL), 0);
    if (!outcome->any)
        return;
    assert_int_equal(changes_find(report, &outcome->previous, &outcome->arena, &outcome->changes, NULL), 0);
    report->changes = &outcome->changes;
}

static const char *feed_of(const struct publication *publication)
{
    assert_string_equal(publication->files[publication->count - 1].path, FEED_PATH);
    return publication->files[publication->count - 1].bytes;
}

/* Publishes what `fill` adds into the folder. */
static void publish(const char *folder, void (*fill)(struct result_set *), struct outcome *ret)
{
    static const struct baseline_rules none = {NULL, NULL, 0};
    autoset struct result_set results = {.file_count = 0};
    autocomparisons struct comparison_set set = {.count = 0};
    autocoverage struct coverage coverage = {.row_count = 0};
    autopublication struct publication publication = {.count = 0};
    struct publication_outcome written;

    memset(ret, 0, sizeof(*ret));
    ret->section = BUF(1 << 20);
    ret->feed = BUF(1 << 20);
    result_set_init(&results);
    fill(&results);
    assert_int_equal(result_set_finish(&results, NULL), 0);
    assert_int_equal(comparison_build(&results, NULL, &set, NULL), 0);
    assert_int_equal(baseline_apply(&set, &none, NULL), 0);
    assert_int_equal(coverage_compute(&set, result_set_newest(&results), &coverage, NULL), 0);
    struct report report = {.results = &results, .comparisons = &set, .coverage = &coverage};

    compare(folder, &report, ret);
    assert_int_equal(section_changes(&report, &ret->section, NULL), 0);
    assert_int_equal(publication_make(&report, folder, &publication, NULL), 0);
    assert_int_equal(feed_make(&report, no_page, &publication, NULL), 0);
    buf_adds(&ret->feed, feed_of(&publication));
    assert_int_equal(publication_write(&publication, folder, &written, NULL), 0);
}

static void outcome_done(struct outcome *outcome)
{
    arena_done(&outcome->arena);
    previous_done(&outcome->previous);
    buf_done(&outcome->section);
    buf_done(&outcome->feed);
}

static void has(const struct buf *text, const char *part)
{
    if (strstr(buf_text(text), part) == NULL)
        fail_msg("\"%s\" is not in:\n%s", part, buf_text(text));
}

static void add_one(struct result_set *set, const char *id, const char *chip, double value, enum submission_state state)
{
    sample_add(set, &(struct sample){
                        .id = id, .chip = chip, .model = "some_model", BANDWIDTH, .value = value, .state = state});
}

static void three(struct result_set *set)
{
    add_one(set, "sha256:aa", "Apple M1", 60, STATE_ACCEPTED);
    add_one(set, "sha256:bb", "Apple M2", 100, STATE_ACCEPTED);
    add_one(set, "sha256:cc", "Apple M3", 90, STATE_ACCEPTED);
}

/* One comes for a chip that was there, one for a new chip, one is withdrawn. */
static void four(struct result_set *set)
{
    add_one(set, "sha256:aa", "Apple M1", 60, STATE_ACCEPTED);
    add_one(set, "sha256:ab", "Apple M1", 66, STATE_ACCEPTED);
    add_one(set, "sha256:bb", "Apple M2", 100, STATE_WITHDRAWN);
    add_one(set, "sha256:cc", "Apple M3", 90, STATE_ACCEPTED);
    add_one(set, "sha256:dd", "Chip | <b>", 118, STATE_ACCEPTED);
}

static void a_first_publication_has_nothing_to_compare(void **state)
{
    struct outcome outcome;

    publish(*state, three, &outcome);
    assert_false(outcome.any);
    has(&outcome.section, "This is the first publication here");
    outcome_done(&outcome);
    publish(*state, three, &outcome);
    assert_false(outcome.any);
    outcome_done(&outcome);
}

static void what_came_and_went_is_listed(void **state)
{
    struct outcome outcome, again;

    publish(*state, three, &outcome);
    outcome_done(&outcome);
    publish(*state, four, &outcome);
    assert_true(outcome.any);
    assert_int_equal(outcome.changes.of_kind[CHANGE_NEW], 1);
    assert_int_equal(outcome.changes.of_kind[CHANGE_VALUE], 1);
    assert_int_equal(outcome.changes.of_kind[CHANGE_GONE], 1);
    assert_int_equal(outcome.changes.unchanged, 1);
    has(&outcome.section, "Since the publication of 3 accepted submissions: 2 submissions came, 1 no longer counts; 1 "
                          "figure is new, 1 changed, 1 is gone, 1 is the same.");
    has(&outcome.section, "| M1 | some_model (bench) | Memory bandwidth, GB/s | 60.0 | 63.0 | +5.0\u202f% | n/a | not "
                          "tested: a side has one value and no samples |");
    has(&outcome.section, "| M2 | some_model (bench) | Memory bandwidth, GB/s | 100 | withdrawn |");
    has(&outcome.section, "| Chip ");
    assert_null(strstr(buf_text(&outcome.section), "<b>"));
    /* Untested: no news. */
    assert_null(strstr(buf_text(&outcome.feed), "than before"));
    publish(*state, four, &again);
    assert_string_equal(buf_text(&outcome.section), buf_text(&again.section));
    outcome_done(&again);
    outcome_done(&outcome);
}

static void add_people(struct result_set *set, char from, size_t count, double first)
{
    for (size_t i = 0; i < count; i++) {
        char id[32], contributor[32];

        (void)snprintf(id, sizeof(id), "sha256:%c%zu", from, i);
        (void)snprintf(contributor, sizeof(contributor), "%c%zu", from, i);
        sample_add(set, &(struct sample){.id = id,
                                         .contributor = contributor,
                                         .chip = "Apple M1",
                                         .model = "some_model",
                                         BANDWIDTH,
                                         .n = 3,
                                         .value = first + 0.2 * (double)i});
    }
}

static void eight(struct result_set *set)
{
    add_people(set, 'a', 8, 60);
}

static void sixteen(struct result_set *set)
{
    eight(set);
    add_people(set, 'b', 8, 90);
}

/* Eight contributors against eight others, all of them faster: p of the exact test is 2 ÷ (16 over 8) = 0.00016. */
static void a_tested_change_is_news(void **state)
{
    struct outcome outcome, again;

    publish(*state, eight, &outcome);
    outcome_done(&outcome);
    publish(*state, sixteen, &outcome);
    assert_int_equal(outcome.changes.of_kind[CHANGE_VALUE], 1);
    assert_int_equal(outcome.changes.tested, 1);
    assert_true(fabs(outcome.changes.items[0].verdict.p - 2.0 / 12870) < 1e-9);
    assert_int_equal(outcome.changes.items[0].verdict.kind, VERDICT_BETTER);
    has(&outcome.section, "| outside | better: 1.5× (");
    has(&outcome.section, "adjusted over 1 tested figure here");
    has(&outcome.feed,
        "M1: some_model (bench), Memory bandwidth better than before: 75.7, was 60.7 GB/s</title>\n<link "
        "href=\"RESULTS.md#changes\"/>");
    has(&outcome.feed, "The 8 contributors that came against the 8 before: 1.5×");
    publish(*state, sixteen, &again);
    assert_string_equal(buf_text(&outcome.feed), buf_text(&again.feed));
    outcome_done(&again);
    outcome_done(&outcome);
}

static void what_a_hand_broke_is_told_with_its_line(void **state)
{
    struct previous previous = {.figure_count = 0};
    autofree char *path = mem_printf("%s/data/figures.ndjson", (const char *)*state);
    struct outcome outcome;
    struct err err;
    bool any = false;

    publish(*state, three, &outcome);
    outcome_done(&outcome);
    assert_int_equal(file_replace(path, 0644, "{\"value\":1}\n{\"value\":\"x\"}\n", 27, NULL), 0);
    assert_int_equal(read_previous(*state, STR("other"), &previous, &any, &err), -ERR_DATA);
    assert_int_equal(err.line, 2);
    assert_non_null(strstr(err.path, "data/figures.ndjson"));
    assert_true(err.hint[0] != '\0');
    /* The same data need no comparison: nothing is read. */
    autofree char *lines = mem_printf("%s/data/submissions.ndjson", (const char *)*state);
    autobuf struct buf same = BUF(1 << 16);

    assert_int_equal(file_read(lines, &same, NULL), 0);
    assert_int_equal(read_previous(*state, str_slice(buf_text(&same), same.len), &previous, &any, &err), 0);
    assert_false(any);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_first_publication_has_nothing_to_compare, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_came_and_went_is_listed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_tested_change_is_news, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_hand_broke_is_told_with_its_line, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("analyze_changes", tests, NULL, NULL);
}
