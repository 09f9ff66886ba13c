/* Key observations: which pairs are candidates, which become claims, and how they are worded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analyze/data/baseline.h"
#include "analyze/data/observations.h"
#include "analyze/report/sections.h"
#include "schema/base/str.h"
#include "tests/unit/analyze_sample.h"

static const struct sample bandwidth = {.metric = "memory_bandwidth", .unit = "GB/s", .direction = DIRECTION_HIGHER};
static const struct sample duration = {.metric = "inference_time", .unit = "ms", .direction = DIRECTION_LOWER};

/* `count` contributors with a device each: first, first + 1, … */
static void add_people(struct result_set *set, const char *chip, size_t count, double first, struct sample sample)
{
    for (size_t i = 0; i < count; i++) {
        char id[96], contributor[64], board[64];

        (void)snprintf(id, sizeof(id), "sha256:%s-%s-%zu", chip, sample.metric, i);
        (void)snprintf(contributor, sizeof(contributor), "%s-%zu", chip, i);
        (void)snprintf(board, sizeof(board), "board-%zu", i);
        sample.id = id;
        sample.contributor = contributor;
        sample.board = board;
        sample.chip = chip;
        sample.model = sample.metric;
        sample.n = 3;
        sample.value = first + (double)i;
        sample_add(set, &sample);
    }
}

/* The block of RESULTS.md. */
static void write_notes(struct result_set *set, struct buf *into)
{
    static const struct baseline_rules rules = {.named = NULL};
    autocomparisons struct comparison_set comparisons = {.count = 0};
    const struct report report = {.results = set, .comparisons = &comparisons};

    assert_int_equal(result_set_finish(set, NULL), 0);
    assert_int_equal(comparison_build(set, NULL, &comparisons, NULL), 0);
    assert_int_equal(baseline_apply(&comparisons, &rules, NULL), 0);
    assert_int_equal(section_notes(&report, into, NULL), 0);
}

static void has(const struct buf *text, const char *part)
{
    if (strstr(buf_text(text), part) == NULL)
        fail_msg("\"%s\" is not in:\n%s", part, buf_text(text));
}

static void has_not(const struct buf *text, const char *part)
{
    if (strstr(buf_text(text), part) != NULL)
        fail_msg("\"%s\" is in:\n%s", part, buf_text(text));
}

/* M1 100…107 (median 103.5), M4 200…207 (203.5): 1.966; every value of one side is above the other: p = 2 ÷ C(16, 8).
 */
static void a_claim_carries_its_evidence(void **state)
{
    autoset struct result_set set;
    autobuf struct buf text = BUF(1 << 16);

    (void)state;
    result_set_init(&set);
    add_people(&set, "Apple M1", 8, 100, bandwidth);
    add_people(&set, "Apple M4", 8, 200, bandwidth);
    write_notes(&set, &text);
    has(&text, "## Key observations\n");
    has(&text, "- Memory bandwidth of **M4** is 2.0× that of **M1** (95 %: 1.9");
    has(&text, "[^o1]. [Rows](data/table-");
    has(&text, "[^o1]: Rank test of Mann and Whitney: p = 0.00016, adjusted over 1 tested pair 0.00016. n: M4 8 "
               "contributors from 8 devices of 8 contributors; M1 8 contributors from 8 devices of 8 contributors.\n");
    has_not(&text, "Not established");
    has_not(&text, "Descriptive notes");
    has_not(&text, "on these devices");
}

/* The slower chip has the greater time, and the sentence says which way is better. */
static void where_lower_is_better_the_sentence_turns(void **state)
{
    autoset struct result_set set;
    autobuf struct buf text = BUF(1 << 16);

    (void)state;
    result_set_init(&set);
    add_people(&set, "Apple M1", 6, 30, duration);
    add_people(&set, "Apple M4", 6, 10, duration);
    write_notes(&set, &text);
    has(&text, "- Inference time of **M1** is 2.6× that of **M4** (95 %: ");
    has(&text, ", lower is better, in ");
}

/* Pairs that are tested and differ little, pairs with too few values, and a comparison that nobody tested. */
static void what_does_not_pass_is_no_claim(void **state)
{
    autoset struct result_set set;
    autobuf struct buf text = BUF(1 << 16);

    (void)state;
    result_set_init(&set);
    add_people(&set, "Apple M1", 6, 100, bandwidth);
    add_people(&set, "Apple M2", 6, 100.5, bandwidth);
    add_people(&set, "Apple M3", 2, 300, bandwidth);
    add_people(&set, "Apple M1", 2, 30, duration);
    add_people(&set, "Apple M2", 2, 20, duration);
    write_notes(&set, &text);
    has(&text, "None of the pairs that were tested differs");
    has(&text, "### Not established\n\n- Memory bandwidth of M2 against M1 in memory_bandwidth");
    has(&text, ": no difference shown (factor 1.0×, 95 %: ");
    has(&text, "not tested: fewer than 6 values on a side");
    has(&text, "### Descriptive notes");
    has(&text, "- Inference time of inference_time");
    has_not(&text, "- Memory bandwidth of memory");
}

/* Best against next, against the baseline, up the generation, over the generations; each pair once. */
static void candidates_are_each_pair_once(void **state)
{
    static const struct baseline_rules rules = {.named = NULL};
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct observation_list list;
    autocomparisons struct comparison_set comparisons = {.count = 0};
    autoset struct result_set set;
    size_t kinds[4] = {0};

    (void)state;
    result_set_init(&set);
    add_people(&set, "Apple M1", 1, 60, bandwidth);
    add_people(&set, "Apple M1 Max", 1, 300, bandwidth);
    add_people(&set, "Apple M2", 1, 90, bandwidth);
    add_people(&set, "Apple M2 Max", 1, 350, bandwidth);
    assert_int_equal(result_set_finish(&set, NULL), 0);
    assert_int_equal(comparison_build(&set, NULL, &comparisons, NULL), 0);
    assert_int_equal(baseline_apply(&comparisons, &rules, NULL), 0);
    assert_int_equal(observations_of(&comparisons, NULL, &arena, &list, NULL), 0);
    for (size_t i = 0; i < list.count; i++)
        kinds[list.items[i].kind]++;
    /* M2 Max–M1 Max · M2 Max–M1 · M1 Max–M1, M2 Max–M2 · M2–M1 (M2 Max–M1 Max was told) */
    assert_int_equal(kinds[OBSERVED_NEXT], 1);
    assert_int_equal(kinds[OBSERVED_BASELINE], 1);
    assert_int_equal(kinds[OBSERVED_SCALING], 2);
    assert_int_equal(kinds[OBSERVED_GENERATION], 1);
    assert_int_equal(list.tested, 0);
    assert_false(observations_tested(&list, &comparisons.items[0]));
}

/* Samples of one machine: a claim about it, not about its kind; a name of a stranger stays text. */
static void one_device_is_told(void **state)
{
    static const double slow[] = {10, 11, 12, 13, 14, 15}, fast[] = {20, 21, 22, 23, 24, 25};
    autoset struct result_set set;
    autobuf struct buf text = BUF(1 << 16);
    struct sample one = bandwidth;

    (void)state;
    result_set_init(&set);
    one.model = "a|b <script>";
    one.id = "sha256:1";
    one.chip = "Apple M1";
    one.samples = slow;
    one.sample_count = ARRAY_LENGTH(slow);
    one.value = 12.5;
    one.n = 6;
    sample_add(&set, &one);
    one.id = "sha256:2";
    one.chip = "Chip [x](http://evil)";
    one.samples = fast;
    one.value = 22.5;
    sample_add(&set, &one);
    write_notes(&set, &text);
    has(&text, ", on these devices[^o1]");
    has(&text, "A side is one device: the claim is about it, not about others of its kind.");
    has_not(&text, "<script>");
    has_not(&text, "[x](http");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_claim_carries_its_evidence),
        cmocka_unit_test(where_lower_is_better_the_sentence_turns),
        cmocka_unit_test(what_does_not_pass_is_no_claim),
        cmocka_unit_test(candidates_are_each_pair_once),
        cmocka_unit_test(one_device_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
