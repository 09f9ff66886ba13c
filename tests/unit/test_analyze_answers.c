/* The first screen: which chip is fast, and how far to trust that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "analyze/data/baseline.h"
#include "analyze/report/answers.h"
#include "schema/base/str.h"
#include "tests/unit/analyze_sample.h"

#define MOST 8
#define RATE .metric = "generation_throughput", .unit = "tok/s", .direction = DIRECTION_HIGHER
#define TIME .metric = "inference_time", .unit = "ms", .direction = DIRECTION_LOWER

static const double seven[] = {98, 99, 99.5, 100, 100.5, 101, 102};

struct fixture {
    struct result_set results;
    struct comparison_set comparisons;
    struct report report;
};

static void finish(struct fixture *fixture)
{
    static const struct baseline_rules none = {NULL, NULL, 0};

    assert_int_equal(result_set_finish(&fixture->results, NULL), 0);
    assert_int_equal(comparison_build(&fixture->results, NULL, &fixture->comparisons, NULL), 0);
    assert_int_equal(baseline_apply(&fixture->comparisons, &none, NULL), 0);
    fixture->report = (struct report){.results = &fixture->results, .comparisons = &fixture->comparisons};
}

static void done(struct fixture *fixture)
{
    comparison_set_done(&fixture->comparisons);
    result_set_done(&fixture->results);
}

static void assert_trust(const struct fixture *fixture, const char *expected)
{
    autobuf struct buf text = BUF(4096);

    answers_trust(&fixture->report, &text);
    assert_string_equal(buf_text(&text), expected);
}

static void without_runs_nothing_is_claimed(void **state)
{
    struct fixture fixture = {.comparisons = {.count = 0}};

    (void)state;
    result_set_init(&fixture.results);
    sample_add(
        &fixture.results,
        &(struct sample){.id = "sha256:aa", .tool = "b", .chip = "Apple M1", .model = "m", RATE, .value = 10, .n = -1});
    sample_add(&fixture.results, &(struct sample){.id = "sha256:bb",
                                                  .tool = "b",
                                                  .chip = "Apple M2",
                                                  .model = "m",
                                                  RATE,
                                                  .value = 25,
                                                  .n = -1,
                                                  .state = STATE_QUARANTINED});
    finish(&fixture);
    assert_trust(&fixture,
                 "No source says how many runs stand behind its figures: none has an interval. 1 submission that "
                 "failed a check or waits for a look is left out.");
    done(&fixture);
}

static void a_factor_without_runs_has_an_unknown_margin(void **state)
{
    struct fixture fixture = {.comparisons = {.count = 0}};

    (void)state;
    result_set_init(&fixture.results);
    for (int i = 0; i < 2; i++)
        sample_add(&fixture.results, &(struct sample){.id = i == 0 ? "sha256:aa" : "sha256:bb",
                                                      .chip = i == 0 ? "Apple M1" : "Apple M2",
                                                      .model = "m",
                                                      RATE,
                                                      .value = 20 + i,
                                                      .n = -1});
    finish(&fixture);
    assert_trust(&fixture, "No source says how many runs stand behind its figures: none has an interval, no difference "
                           "was tested, and every factor carries an unknown margin.");
    done(&fixture);
}

static void some_runs_are_counted(void **state)
{
    struct fixture fixture = {.comparisons = {.count = 0}};

    (void)state;
    result_set_init(&fixture.results);
    sample_add(
        &fixture.results,
        &(struct sample){.id = "sha256:aa", .tool = "b", .chip = "Apple M1", .model = "m", RATE, .value = 10, .n = -1});
    sample_add(
        &fixture.results,
        &(struct sample){.id = "sha256:bb", .tool = "b", .chip = "Apple M2", .model = "m", RATE, .value = 20, .n = 3});
    finish(&fixture);
    assert_trust(&fixture,
                 "1 figure of 2 says how many runs stand behind it; none has the 6 values that an interval takes.");
    done(&fixture);
}

static void intervals_are_counted(void **state)
{
    struct fixture fixture = {.comparisons = {.count = 0}};

    (void)state;
    result_set_init(&fixture.results);
    sample_add(
        &fixture.results,
        &(struct sample){.id = "sha256:aa", .tool = "b", .chip = "Apple M1", .model = "m", RATE, .value = 50, .n = 3});
    sample_add(&fixture.results, &(struct sample){.id = "sha256:bb",
                                                  .tool = "b",
                                                  .chip = "Apple M2",
                                                  .model = "m",
                                                  RATE,
                                                  .value = 100,
                                                  .n = 7,
                                                  .samples = seven,
                                                  .sample_count = 7});
    finish(&fixture);
    assert_trust(&fixture, "2 figures of 2 say how many runs stand behind them; 1 has an interval. A chip is called "
                           "faster only where a test "
                           "supports it.");
    done(&fixture);
}

/* The tool of the headline chart first; lower is better for times; a baseline that is best has no factor. */
static void the_best_of_each_tool_is_named(void **state)
{
    struct fixture fixture = {.comparisons = {.count = 0}};
    size_t order[MOST];
    autobuf struct buf first = BUF(4096), second = BUF(4096);

    (void)state;
    result_set_init(&fixture.results);
    sample_add(
        &fixture.results,
        &(struct sample){.id = "sha256:aa", .tool = "a", .chip = "Apple M1", .model = "m", TIME, .value = 4, .n = -1});
    sample_add(
        &fixture.results,
        &(struct sample){.id = "sha256:bb", .tool = "z", .chip = "Apple M1", .model = "n", RATE, .value = 10, .n = -1});
    sample_add(
        &fixture.results,
        &(struct sample){.id = "sha256:cc", .tool = "z", .chip = "Apple M2", .model = "n", RATE, .value = 25, .n = -1});
    finish(&fixture);
    assert_int_equal(answers_headlines(&fixture.report, order), 2);
    answers_best(&fixture.comparisons.items[order[0]], &first);
    answers_best(&fixture.comparisons.items[order[1]], &second);
    assert_string_equal(buf_text(&first), "n (z): M2 with 25.0 tok/s, 2.5× the M1");
    assert_string_equal(buf_text(&second), "m (a): M1 with 4.00 ms");
    done(&fixture);
}

/* A factor between two backends names both. */
static void the_best_says_its_backend_and_its_runs(void **state)
{
    struct fixture fixture = {.comparisons = {.count = 0}};
    autobuf struct buf best = BUF(4096);

    (void)state;
    result_set_init(&fixture.results);
    for (int i = 0; i < 2; i++)
        sample_add(&fixture.results, &(struct sample){.id = i == 0 ? "sha256:aa" : "sha256:bb",
                                                      .tool = "z",
                                                      .chip = i == 0 ? "Apple M1" : "NVIDIA GeForce RTX 4090",
                                                      .model = "n",
                                                      .backend = i == 0 ? "Metal" : "CUDA",
                                                      RATE,
                                                      .value = i == 0 ? 10 : 25,
                                                      .n = 3});
    finish(&fixture);
    answers_best(&fixture.comparisons.items[0], &best);
    assert_string_equal(buf_text(&best),
                        "n (z): RTX 4090, CUDA, with 25.0 tok/s (3 runs, 1 device), 2.5× the M1, Metal");
    done(&fixture);
}

static void no_data_has_no_answer(void **state)
{
    struct fixture fixture = {.comparisons = {.count = 0}};
    size_t order[MOST];

    (void)state;
    fixture.report = (struct report){.results = &fixture.results, .comparisons = &fixture.comparisons};
    assert_int_equal(answers_headlines(&fixture.report, order), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_runs_nothing_is_claimed),
        cmocka_unit_test(a_factor_without_runs_has_an_unknown_margin),
        cmocka_unit_test(some_runs_are_counted),
        cmocka_unit_test(intervals_are_counted),
        cmocka_unit_test(the_best_of_each_tool_is_named),
        cmocka_unit_test(the_best_says_its_backend_and_its_runs),
        cmocka_unit_test(no_data_has_no_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
