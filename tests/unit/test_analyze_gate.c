/* The regression gate: thresholds in the metric's own direction, effect and significance, outputs, exit statuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analyze/data/gate.h"
#include "analyze/data/targets.h"
#include "analyze/report/gate_report.h"
#include "schema/base/file.h"
#include "schema/base/str.h"

#define MOST 8

/* Two sides of single values or of eight samples. */
struct made {
    struct result_set set; /* of no results: the rows are made by hand */
    struct side_row rows[MOST];
    struct side_rows all;
    double members[MOST][2][8];
    struct nested_value values[MOST][2][8];
};

/* One at a time: too large for a stack. */
static struct made *start(void)
{
    static struct made made;

    memset(&made, 0, sizeof(made));
    return &made;
}

static void add(struct made *made, const char *metric, enum direction direction, double before, double now,
                double spread)
{
    const size_t at = made->all.row_count++;
    struct side_row *row = &made->rows[at];

    *row = (struct side_row){.metric = metric, .unit = "u", .direction = direction};
    for (size_t side = 0; side < 2; side++) {
        struct evidence *evidence = &row->evidence[side];
        const double value = side == 0 ? before : now;

        *evidence = (struct evidence){.value = value, .output = "", .devices = 1};
        for (size_t i = 0; i < 8; i++) {
            made->members[at][side][i] = value + spread * ((double)i - 3.5);
            made->values[at][side][i] = (struct nested_value){0, 0, made->members[at][side][i]};
        }
        if (spread > 0) {
            evidence->basis = "samples";
            evidence->members = made->members[at][side];
            evidence->values = made->values[at][side];
            evidence->member_count = evidence->value_count = 8;
        }
    }
    made->all.rows = made->rows;
}

static struct gate judge(struct made *made, const struct gate_rules *rules, struct arena *arena)
{
    struct verdict *all[MOST];
    struct gate gate;

    for (size_t i = 0; i < made->all.row_count; i++) {
        struct side_row *row = &made->rows[i];

        all[i] = &row->verdicts[1];
        assert_int_equal(verdict_of(&row->evidence[0], &row->evidence[1], row->direction, row->metric, all[i], NULL),
                         0);
    }
    assert_int_equal(verdicts_settle(all, made->all.row_count, NULL), 0);
    assert_int_equal(gate_run(&made->all, rules, arena, &gate, NULL), 0);
    return gate;
}

static const struct gate_threshold five = {NULL, 0.05};

static void single_values_are_judged_by_size_alone(void **state)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct made *const made = start();
    const struct gate_threshold thresholds[] = {five, {"load_time", 0.2}};
    const struct gate_rules rules = {.thresholds = thresholds, .threshold_count = 2};
    static const enum gate_outcome wanted[] = {GATE_REGRESSED, GATE_HELD, GATE_IMPROVED,   GATE_REGRESSED,
                                               GATE_HELD,      GATE_HELD, GATE_NOT_JUDGED, GATE_NOT_JUDGED};

    (void)state;
    add(made, "speed", DIRECTION_HIGHER, 44, 41.7, 0); /* 44 × 0.95 = 41.8 */
    add(made, "speed2", DIRECTION_HIGHER, 44, 41.9, 0);
    add(made, "speed3", DIRECTION_HIGHER, 44, 50, 0);
    add(made, "time", DIRECTION_LOWER, 100, 106, 0);
    add(made, "time2", DIRECTION_LOWER, 100, 104, 0);
    add(made, "load_time", DIRECTION_LOWER, 100, 115, 0);
    add(made, "words", DIRECTION_UNKNOWN, 100, 1, 0);
    add(made, "broken", DIRECTION_HIGHER, -108, 108, 0); /* no improvement of 200 % */
    const struct gate gate = judge(made, &rules, &arena);
    for (size_t i = 0; i < ARRAY_LENGTH(wanted); i++)
        if (gate.rows[i].outcome != wanted[i])
            fail_msg("%s: %s", made->rows[i].metric, gate_word(gate.rows[i].outcome));
    assert_int_equal(gate_exit_status(&gate), 1);
}

static void samples_need_effect_and_significance(void **state)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct made *const made = start();
    const struct gate_rules rules = {.thresholds = &five, .threshold_count = 1};

    (void)state;
    add(made, "certain", DIRECTION_HIGHER, 100, 90, 0.1);
    add(made, "noisy", DIRECTION_HIGHER, 100, 90, 12);
    add(made, "small", DIRECTION_HIGHER, 100, 97, 0.1);
    const struct gate gate = judge(made, &rules, &arena);
    assert_int_equal(gate.rows[0].outcome, GATE_REGRESSED);
    assert_true(gate.rows[0].tested);
    assert_int_equal(gate.rows[1].outcome, GATE_UNCERTAIN);
    assert_int_equal(gate.rows[2].outcome, GATE_HELD);
}

static void another_output_is_not_comparable_until_accepted(void **state)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct made *const made = start();
    const struct gate_pair pair = {"aaa", "bbb"};
    struct gate_rules rules = {.thresholds = &five, .threshold_count = 1};

    (void)state;
    add(made, "speed", DIRECTION_HIGHER, 44, 97, 0);
    made->rows[0].evidence[0].output = "aaa";
    made->rows[0].evidence[1].output = "bbb";
    struct gate gate = judge(made, &rules, &arena);
    assert_int_equal(gate.rows[0].outcome, GATE_OTHER_OUTPUT);
    assert_int_equal(gate_exit_status(&gate), 2);
    rules.accepted = &pair;
    rules.accepted_count = 1;
    gate = judge(made, &rules, &arena);
    assert_int_equal(gate.rows[0].outcome, GATE_IMPROVED);
    assert_int_equal(gate_exit_status(&gate), 0);
    made->rows[0].evidence[1].output = NULL; /* several outputs at once */
    gate = judge(made, &rules, &arena);
    assert_int_equal(gate.rows[0].outcome, GATE_OTHER_OUTPUT);
}

static void ignored_rows_do_not_count(void **state)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct made *const made = start();
    const char *const ignored[] = {"noise", "task=tg128"};
    const struct gate_rules rules = {.thresholds = &five, .threshold_count = 1, .ignored = ignored, .ignored_count = 2};

    (void)state;
    made->all.facets[0] = "task";
    made->all.facet_count = 1;
    add(made, "noise", DIRECTION_HIGHER, 100, 10, 0);
    add(made, "speed", DIRECTION_HIGHER, 100, 10, 0);
    made->rows[0].facets[0] = "pp512";
    made->rows[1].facets[0] = "tg128";
    struct gate gate = judge(made, &rules, &arena);
    assert_int_equal(gate.outcomes[GATE_IGNORED], 2);
    assert_int_equal(gate_exit_status(&gate), 2); /* nothing is left that could hold */
    made->rows[1].facets[0] = "tg64";
    gate = judge(made, &rules, &arena);
    assert_int_equal(gate_exit_status(&gate), 1);
    autobuf struct buf xml = BUF(BUF_MIB);
    gate_junit(&made->all, &gate, &xml);
    assert_non_null(strstr(buf_text(&xml), "tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"1\""));
}

static void differences_are_judged_only_when_named(void **state)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct made *const made = start();
    const struct gate_threshold thresholds[] = {five, {"memory_increase", 0.2}};
    struct gate_rules rules = {.thresholds = thresholds, .threshold_count = 1};
    autobuf struct buf headline = BUF(1024), xml = BUF(BUF_MIB);

    (void)state;
    add(made, "memory_increase", DIRECTION_LOWER, 0.0117, 17.247, 0); /* +147,000 % of nearly nothing */
    add(made, "peak_memory", DIRECTION_LOWER, 3846, 3857, 0);
    add(made, "duration", DIRECTION_LOWER, 100, 50, 0);
    struct gate gate = judge(made, &rules, &arena);
    assert_int_equal(gate.rows[0].outcome, GATE_NOT_JUDGED);
    assert_string_equal(gate_word(gate.rows[0].outcome), "not judged");
    assert_non_null(strstr(gate.rows[0].why, "a difference may be near 0"));
    assert_string_equal(gate.rows[1].why, "not tested: a side has one value and no samples");
    assert_int_equal(gate_exit_status(&gate), 0);
    gate_headline(&gate, &headline);
    assert_string_equal(buf_text(&headline), "Held: 1 figure; 1 improved; 1 not judged");
    gate_junit(&made->all, &gate, &xml);
    assert_non_null(strstr(buf_text(&xml), "tests=\"3\" failures=\"0\" errors=\"0\" skipped=\"1\""));
    rules.threshold_count = 2;
    gate = judge(made, &rules, &arena);
    assert_int_equal(gate.rows[0].outcome, GATE_REGRESSED);
    buf_reset(&headline);
    gate_headline(&gate, &headline);
    assert_string_equal(buf_text(&headline), "Regressed: 1 of 3 figures; 1 held; 1 improved");
    made->all.row_count = 1;
    rules.threshold_count = 1;
    gate = judge(made, &rules, &arena);
    buf_reset(&headline);
    gate_headline(&gate, &headline);
    assert_string_equal(buf_text(&headline), "Not comparable: no figure could be judged; 1 not judged");
    assert_int_equal(gate_exit_status(&gate), 2);
}

static void the_report_says_what_differs_and_why(void **state)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autotable struct table table = {.caption = NULL};
    autobuf struct buf text = BUF(BUF_MIB), xml = BUF(BUF_MIB);
    struct made *const made = start();
    const struct gate_rules rules = {.thresholds = &five, .threshold_count = 1};
    const struct side_list sides = {.items = {{.name = "old"}, {.name = "new"}}, .count = 2};

    (void)state;
    add(made, "certain", DIRECTION_HIGHER, 100, 90, 0.1);
    add(made, "words", DIRECTION_UNKNOWN, 100, 90, 0);
    add(made, "memory_delta", DIRECTION_LOWER, 100, 90, 0);
    made->all.compared[0] = "chip";
    made->all.compared_values[0][0] = "NVIDIA GeForce RTX 5090";
    made->all.compared_values[0][1] = "";
    made->all.compared_count = 1;
    made->all.only_on[0] = 1;
    made->all.only_on[1] = 8;
    struct gate gate = judge(made, &rules, &arena);
    made->rows[0].verdicts[1].q = 0.00001;
    assert_int_equal(gate_table(&made->set, &made->all, &gate, &sides, &table, NULL), 0);
    table_print_text(&table, &text);
    static const char *const wanted[] = {
        "\nThe sides differ in chip: NVIDIA GeForce RTX 5090, not stated.\n",
        "  <0.0001  ",
        "a difference may be near 0 or below, so its ratio says nothing; --threshold-for judges it\n",
        "nothing says which way is better\n",
        "\n1 figure is only in the baseline and was not compared.\n",
        "\n8 figures are only in the new results and were not compared.\n"};
    for (size_t i = 0; i < ARRAY_LENGTH(wanted); i++)
        if (strstr(buf_text(&text), wanted[i]) == NULL)
            fail_msg("no \"%s\" in %s", wanted[i], buf_text(&text));
    gate_junit(&made->all, &gate, &xml);
    assert_non_null(strstr(buf_text(&xml), "<property name=\"The sides differ in chip\" "
                                           "value=\"NVIDIA GeForce RTX 5090, not stated\"/>"));
}

static int read_targets(const char *text, struct arena *arena, struct target_list *ret, struct err *err)
{
    char path[] = "/tmp/crosschip-targets-XXXXXX";
    autoclose int descriptor = mkstemp(path);

    assert_true(descriptor >= 0);
    assert_int_equal(file_write_all(descriptor, text, strlen(text), NULL), 0);
    const int status = targets_read(path, arena, ret, err);
    assert_int_equal(unlink(path), 0);
    return status;
}

static void targets_are_met_missed_or_not_measured(void **state)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    struct made *const made = start();
    struct target_list targets;
    struct err err;
    double value;

    (void)state;
    assert_int_equal(read_targets("level,metric,bound,limit,unit\na,speed,at least,90,u\nb,speed,at most,95,u\n"
                                  "c,other,at least,1,u\n",
                                  &arena, &targets, &err),
                     0);
    assert_int_equal(targets.count, 3);
    add(made, "speed", DIRECTION_HIGHER, 1, 100, 0);
    add(made, "speed", DIRECTION_HIGHER, 1, 92, 0);
    assert_int_equal(target_check(&targets.items[0], &made->all, 1, &value), TARGET_MET);
    assert_true(value >= 92 && value <= 92); /* the worst for "at least" */
    assert_int_equal(target_check(&targets.items[1], &made->all, 1, &value), TARGET_MISSED);
    assert_true(value >= 100);
    assert_int_equal(target_check(&targets.items[2], &made->all, 1, &value), TARGET_NOT_MEASURED);
    static const char *const wrong[] = {"",
                                        "metric,limit\n",
                                        "level,metric,bound,limit,unit\na,speed,over,90,u\n",
                                        "level,metric,bound,limit,unit\na,speed,at least,fast,u\n",
                                        "level,metric,bound,limit,unit\na,speed,at least\n",
                                        "level,metric,bound,limit,unit\na,duration,at most,90,ms\n"};
    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++)
        assert_true(read_targets(wrong[i], &arena, &targets, &err) < 0);
    assert_int_equal(targets_read("analyze/doc/targets/vlm-partitioner.csv", &arena, &targets, &err), 0);
    assert_int_equal(targets.count, 9);
    assert_int_equal(targets_read("analyze/doc/targets/web-rwkv-gguf.csv", &arena, &targets, &err), 0);
    assert_int_equal(targets.count, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_values_are_judged_by_size_alone),
        cmocka_unit_test(samples_need_effect_and_significance),
        cmocka_unit_test(another_output_is_not_comparable_until_accepted),
        cmocka_unit_test(ignored_rows_do_not_count),
        cmocka_unit_test(differences_are_judged_only_when_named),
        cmocka_unit_test(the_report_says_what_differs_and_why),
        cmocka_unit_test(targets_are_met_missed_or_not_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
