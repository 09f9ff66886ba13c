/* Facets, evidence, verdicts and sides from hand-made results; expected figures are worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analyze/data/sides.h"
#include "schema/base/str.h"
#include "tests/unit/analyze_sample.h"

#define BANDWIDTH .metric = "memory_bandwidth", .unit = "GB/s", .direction = DIRECTION_HIGHER
#define TIME .metric = "inference_time", .unit = "ms", .direction = DIRECTION_LOWER

static void close_to(double found, double expected)
{
    if (!(fabs(found - expected) <= 1e-12 * fmax(fabs(expected), 1)))
        fail_msg("found %.17g, expected %.17g", found, expected);
}

/* `count` contributors, one device and submission each, values first, first + step, … */
static void add_many(struct result_set *set, const char *chip, const char *tool, size_t count, double first,
                     double step, struct sample sample)
{
    for (size_t i = 0; i < count; i++) {
        char id[64], contributor[32], board[32];

        (void)snprintf(id, sizeof(id), "sha256:%s-%s-%zu", chip, tool, i);
        (void)snprintf(contributor, sizeof(contributor), "%s-%zu", chip, i);
        (void)snprintf(board, sizeof(board), "%s-%zu", tool, i);
        sample.id = id;
        sample.contributor = contributor;
        sample.board = board;
        sample.chip = chip;
        sample.tool = tool;
        sample.model = "m";
        sample.value = first + step * (double)i;
        sample_add(set, &sample);
    }
}

static void compare(struct result_set *set, const char *a, const char *b, struct arena *arena, struct side_rows *ret)
{
    const char *const arguments[] = {a, b};
    struct side_list sides;
    struct err err = {0};

    assert_int_equal(sides_parse(arguments, 2, arena, &sides, &err), 0);
    if (sides_resolve(set, &sides, arena, &err) < 0 || sides_compare(set, &sides, arena, ret, &err) < 0)
        fail_msg("%s (%s)", err.text, err.hint);
}

static void better_needs_evidence_on_both_sides(void **state)
{
    autoset struct result_set set;
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct side_rows rows;

    (void)state;
    result_set_init(&set);
    add_many(&set, "Apple M1", "bench", 8, 100, 1, (struct sample){BANDWIDTH});
    add_many(&set, "Apple M2", "bench", 8, 200, 1, (struct sample){BANDWIDTH});
    add_many(&set, "Apple M3", "bench", 5, 400, 1, (struct sample){BANDWIDTH});
    add_many(&set, "Apple M4", "bench", 8, 101, 1, (struct sample){BANDWIDTH});
    assert_int_equal(result_set_finish(&set, NULL), 0);
    compare(&set, "M1", "M2", &arena, &rows);
    assert_int_equal(rows.row_count, 1);
    const struct verdict *verdict = &rows.rows[0].verdicts[1];
    assert_int_equal(verdict->kind, VERDICT_BETTER);
    close_to(verdict->ratio, 203.5 / 103.5);
    close_to(verdict->p, 2.0 / 12870); /* 1 of C(16, 8) orders, two-sided */
    assert_true(verdict->low < verdict->ratio && verdict->ratio < verdict->high && verdict->low > 1.8);
    assert_false(verdict->one_device);
    assert_string_equal(rows.compared[0], "chip");
    assert_string_equal(rows.rows[0].evidence[0].basis, "contributors");
    compare(&set, "M1", "M3", &arena, &rows);
    assert_int_equal(rows.rows[0].verdicts[1].kind, VERDICT_UNTESTED);
    assert_string_equal(rows.rows[0].verdicts[1].why, "fewer than 6 values on a side");
    assert_true(isnan(rows.rows[0].verdicts[1].p));
    compare(&set, "M1", "M4", &arena, &rows);
    assert_int_equal(rows.rows[0].verdicts[1].kind, VERDICT_SAME);
}

static void lower_is_turned_round(void **state)
{
    autoset struct result_set set;
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct side_rows rows;

    (void)state;
    result_set_init(&set);
    add_many(&set, "Apple M1", "bench", 7, 10, 0.01, (struct sample){TIME});
    add_many(&set, "Apple M2", "bench", 7, 20, 0.01, (struct sample){TIME});
    assert_int_equal(result_set_finish(&set, NULL), 0);
    compare(&set, "chip=M1", "chip=M2", &arena, &rows);
    assert_int_equal(rows.rows[0].verdicts[1].kind, VERDICT_WORSE);
    close_to(rows.rows[0].verdicts[1].ratio, 10.03 / 20.03);
    assert_true(rows.rows[0].verdicts[1].high < 0.6);
}

/* A certain difference of 2 % is none; a large one that the test does not see is none either. */
static void small_or_uncertain_is_no_difference(void **state)
{
    static const double steady[] = {100, 100.1, 100.2, 100.3, 100.4, 100.5, 100.6, 100.7};
    static const double near[] = {102, 102.1, 102.2, 102.3, 102.4, 102.5, 102.6, 102.7};
    static const double wild[] = {60, 70, 80, 99, 125, 150, 170, 190};
    const double *const others[] = {near, wild};
    struct verdict verdicts[2], *all[] = {&verdicts[0], &verdicts[1]};
    struct nested_value values[2][8];
    struct evidence base = {
        .value = 100.35, .basis = "samples", .members = steady, .member_count = 8, .devices = 1, .output = ""};

    (void)state;
    for (size_t i = 0; i < 8; i++)
        values[0][i] = (struct nested_value){0, 0, steady[i]};
    base.values = values[0];
    base.value_count = 8;
    for (size_t i = 0; i < 2; i++) {
        struct evidence other = base;

        for (size_t j = 0; j < 8; j++)
            values[1][j] = (struct nested_value){0, 0, others[i][j]};
        other.members = others[i];
        other.values = values[1];
        other.value = (others[i][3] + others[i][4]) / 2;
        assert_int_equal(verdict_of(&base, &other, DIRECTION_HIGHER, "cell", &verdicts[i], NULL), 0);
    }
    assert_int_equal(verdicts_settle(all, 2, NULL), 0);
    assert_int_equal(verdicts[0].kind, VERDICT_SAME);
    assert_string_equal(verdicts[0].why, "the difference is below 5 %");
    assert_int_equal(verdicts[1].kind, VERDICT_SAME);
    assert_string_equal(verdicts[1].why, "the test shows no difference");
    assert_true(verdicts[0].one_device);
    close_to(verdicts[0].q, 2 * verdicts[0].p); /* of two tests, the smaller p counts double */
}

static void samples_stand_for_a_single_submission(void **state)
{
    autoset struct result_set set;
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    static const double samples[] = {4, 1, (double)NAN, 3, 2};
    const struct sample one = {
        .id = "s", .chip = "Apple M1", .sample_count = 5, .samples = samples, BANDWIDTH, .value = 9};
    struct evidence evidence;

    (void)state;
    result_set_init(&set);
    sample_add(&set, &one);
    assert_int_equal(result_set_finish(&set, NULL), 0);
    const struct result *const results[] = {&set.results[0]};
    assert_int_equal(evidence_of(results, 1, &arena, &evidence, NULL), 0);
    close_to(evidence.value, 2.5);
    assert_string_equal(evidence.basis, "samples");
    assert_int_equal(evidence.member_count, 4);
    close_to(evidence.stddev, sqrt(5.0 / 3));
    close_to(evidence.least, 1);
    close_to(evidence.greatest, 4);
    assert_int_equal(evidence_of(results, 0, &arena, &evidence, NULL), 0);
    assert_true(isnan(evidence.value) && evidence.basis == NULL);
}

static void facets_know_canonical_names(void **state)
{
    autoset struct result_set set;
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    const struct sample one = {.id = "sha256:abcdef",
                               .chip = "Apple M1 Max",
                               .model = "Llama 2 7B",
                               .quantization = "Q4_0",
                               .ran_at = "2025-03-09T10:00:00Z",
                               .threads = 8,
                               BANDWIDTH,
                               .value = 9};
    const struct {
        const char *facet, *value;
        bool is;
    } cases[] = {{"chip", "m1 max", true},       {"chip", "M1", false},          {"vendor", "apple", true},
                 {"family", "M", true},          {"generation", "M1", true},     {"tier", "Max", true},
                 {"model", "LLaMA 7B v2", true}, {"quantization", "q4_0", true}, {"date", "2025-03-09", true},
                 {"setup.threads", "8", true},   {"submission", "abcd", true},   {"submission", "abc", false},
                 {"submission", "bcde", false},  {"mode", "original", false},    {"count", "1", true},
                 {"label.title", "x", false}};
    struct err err;

    (void)state;
    result_set_init(&set);
    sample_add(&set, &one);
    assert_int_equal(result_set_finish(&set, NULL), 0);
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const struct facet_choice choice = facet_choose(cases[i].facet, cases[i].value);

        if (facet_is(&set, &set.results[0], &choice, &arena) != cases[i].is)
            fail_msg("%s %s", cases[i].facet, cases[i].value);
    }
    assert_int_equal(facet_check("setup.x", &err), 0);
    assert_int_equal(facet_check("setup.", &err), -(int)ERR_USAGE);
    assert_int_equal(facet_check("colour", &err), -(int)ERR_USAGE);
}

static void nothing_found_says_what_there_is(void **state)
{
    autoset struct result_set set;
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct selection selection;
    struct err err;

    (void)state;
    result_set_init(&set);
    add_many(&set, "Apple M1", "alpha", 2, 1, 1, (struct sample){BANDWIDTH});
    add_many(&set, "Apple M2", "beta", 2, 1, 1, (struct sample){BANDWIDTH});
    assert_int_equal(result_set_finish(&set, NULL), 0);
    assert_int_equal(selection_parse("tool=alpha,chip=M9", &arena, &selection, &err), 0);
    assert_int_equal(selection_explain(&set, &selection, &err), -(int)ERR_NOTHING);
    assert_string_equal(err.text, "no result has chip \"M9\"");
    assert_non_null(strstr(err.hint, "Apple M1, Apple M2"));
    assert_int_equal(selection_parse("tool=alpha,chip=M2", &arena, &selection, &err), 0);
    assert_int_equal(selection_explain(&set, &selection, &err), -(int)ERR_NOTHING);
    assert_string_equal(err.text, "no result passes all selections at once");
    assert_int_equal(selection_parse("tool=", &arena, &selection, &err), 0); /* which does not state it */
    assert_int_equal(selection_explain(&set, &selection, &err), -(int)ERR_NOTHING);
    assert_string_equal(err.text, "every result states its tool");
    const char *const wrong[] = {"tool", "=x", "colour=red", "tool=a,,chip=b"};
    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++)
        assert_int_equal(selection_parse(wrong[i], &arena, &selection, &err), -(int)ERR_USAGE);
    const char *const sides[] = {"M1", "M9"};
    struct side_list list;
    assert_int_equal(sides_parse(sides, 2, &arena, &list, &err), 0);
    assert_int_equal(sides_resolve(&set, &list, &arena, &err), -(int)ERR_NOTHING);
    const char *const files[] = {"/no/such.json", "M1"};
    assert_int_equal(sides_parse(files, 2, &arena, &list, &err), -(int)ERR_DATA);
}

static void sides_without_common_work_say_why(void **state)
{
    autoset struct result_set set;
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    const char *const arguments[] = {"M1", "M2"};
    struct side_list sides;
    struct side_rows rows;
    struct err err;

    (void)state;
    result_set_init(&set);
    add_many(&set, "Apple M1", "bench", 2, 1, 1, (struct sample){.task = "pp512", BANDWIDTH});
    add_many(&set, "Apple M1", "bench", 2, 1, 1, (struct sample){.task = "pp1024", BANDWIDTH});
    add_many(&set, "Apple M2", "bench", 2, 1, 1, (struct sample){.task = "tg128", BANDWIDTH});
    add_many(&set, "Apple M2", "bench", 2, 1, 1, (struct sample){.task = "tg64", BANDWIDTH});
    assert_int_equal(result_set_finish(&set, NULL), 0);
    assert_int_equal(sides_parse(arguments, 2, &arena, &sides, &err), 0);
    assert_int_equal(sides_resolve(&set, &sides, &arena, &err), 0);
    assert_int_equal(sides_compare(&set, &sides, &arena, &rows, &err), -(int)ERR_NOTHING);
    assert_non_null(strstr(err.hint, "they share no task"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(better_needs_evidence_on_both_sides), cmocka_unit_test(lower_is_turned_round),
        cmocka_unit_test(small_or_uncertain_is_no_difference), cmocka_unit_test(samples_stand_for_a_single_submission),
        cmocka_unit_test(facets_know_canonical_names),         cmocka_unit_test(nothing_found_says_what_there_is),
        cmocka_unit_test(sides_without_common_work_say_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
