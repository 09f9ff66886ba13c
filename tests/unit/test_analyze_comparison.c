/* Cells, figures, baselines and coverage from hand-made results; every expected figure is worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "analyze/data/baseline.h"
#include "analyze/data/comparison.h"
#include "analyze/data/coverage.h"
#include "analyze/report/columns.h"
#include "tests/unit/analyze_sample.h"
#include "schema/base/str.h"

#define BANDWIDTH .metric = "memory_bandwidth", .unit = "GB/s", .direction = DIRECTION_HIGHER
#define TIME .metric = "inference_time", .unit = "ms", .direction = DIRECTION_LOWER

static void close_to(double found, double expected)
{
    if (!(fabs(found - expected) <= 1e-12 * fmax(fabs(expected), 1)))
        fail_msg("found %.17g, expected %.17g", found, expected);
}

static void build(struct result_set *set, const char *named, struct comparison_set *comparisons)
{
    const struct baseline_rules rules = {.named = named};

    assert_int_equal(result_set_finish(set, NULL), 0);
    assert_int_equal(comparison_build(set, NULL, comparisons, NULL), 0);
    assert_int_equal(baseline_apply(comparisons, &rules, NULL), 0);
}

static const struct comparison_row *row_of(const struct comparison *comparison, const char *chip)
{
    for (size_t i = 0; i < comparison->row_count; i++)
        if (text_equal(comparison->rows[i].chip, chip))
            return &comparison->rows[i];
    fail_msg("no row of %s", chip);
    return NULL;
}

/* ---- figures */

/* A: one device with 10, 12, 50 (12) and one with 20: 16. B: 30. Two anonymous ones of equal facts: 40, 44 (42). */
static const struct sample nested_samples[] = {
    {.id = "s1", .contributor = "a", .board = "x", .chip = "Apple M1", .model = "m", .n = 5, BANDWIDTH, .value = 10},
    {.id = "s2", .contributor = "a", .board = "x", .chip = "Apple M1", .model = "m", .n = 5, BANDWIDTH, .value = 12},
    {.id = "s3", .contributor = "a", .board = "x", .chip = "Apple M1", .model = "m", .n = 5, BANDWIDTH, .value = 50},
    {.id = "s4", .contributor = "a", .board = "y", .chip = "Apple M1", .model = "m", .n = 5, BANDWIDTH, .value = 20},
    {.id = "s5", .contributor = "b", .board = "z", .chip = "Apple M1", .model = "m", .n = 5, BANDWIDTH, .value = 30},
    {.id = "s6", .board = "w", .chip = "Apple M1", .model = "m", .n = 5, BANDWIDTH, .value = 40},
    {.id = "s7", .board = "w", .chip = "Apple M1", .model = "m", .n = 5, BANDWIDTH, .value = 44},
    {.id = "s8",
     .board = "w",
     .chip = "Apple M1",
     .model = "m",
     .n = 5,
     .state = STATE_QUARANTINED,
     BANDWIDTH,
     .value = 9999},
};

static void medians_are_nested(void **state)
{
    autoset struct result_set set;
    autocomparisons struct comparison_set comparisons = {.count = 0};

    (void)state;
    result_set_init(&set);
    for (size_t i = 0; i < ARRAY_LENGTH(nested_samples); i++)
        sample_add(&set, &nested_samples[i]);
    build(&set, NULL, &comparisons);
    assert_int_equal(comparisons.count, 1);
    assert_int_equal(comparisons.items[0].row_count, 1);
    const struct figure *figure = &comparisons.items[0].rows[0].figures[0];

    close_to(figure->value, 30); /* of 16, 30, 42 */
    assert_int_equal(figure->submissions, 7);
    assert_int_equal(figure->devices, 4);
    assert_int_equal(figure->contributors, 3);
    assert_int_equal(figure->runs, 35);
    close_to(figure->least, 10);
    close_to(figure->greatest, 50);
    assert_true(isnan(figure->low)); /* three contributors are too few */
}

static void unknown_run_counts_stay_unknown(void **state)
{
    autoset struct result_set set;
    autocomparisons struct comparison_set comparisons = {.count = 0};

    (void)state;
    result_set_init(&set);
    sample_add(&set, &(struct sample){.id = "s1", .chip = "Apple M1", .model = "m", .n = 5, BANDWIDTH, .value = 10});
    sample_add(&set, &(struct sample){.id = "s2", .chip = "Apple M1", .model = "m", BANDWIDTH, .value = 12});
    build(&set, NULL, &comparisons);
    assert_int_equal(comparisons.items[0].rows[0].figures[0].runs, COUNT_UNKNOWN);
}

static void the_samples_of_one_submission_give_an_interval(void **state)
{
    autoset struct result_set set;
    autocomparisons struct comparison_set comparisons = {.count = 0};
    const double samples[] = {14, 11, 13, 12, (double)NAN, 16, 15};

    (void)state;
    result_set_init(&set);
    sample_add(&set, &(struct sample){.id = "s1",
                                      .chip = "Apple M1",
                                      .model = "m",
                                      BANDWIDTH,
                                      .value = 99,
                                      .samples = samples,
                                      .sample_count = 7});
    build(&set, NULL, &comparisons);
    const struct figure *figure = &comparisons.items[0].rows[0].figures[0];

    close_to(figure->value, 13.5); /* of the six numbers, not the stated mean */
    assert_int_equal(figure->runs, 6);
    close_to(figure->low, 11); /* n = 6: smallest and greatest, 96.875 % */
    close_to(figure->high, 16);
    close_to(figure->coverage, 0.96875);
    assert_string_equal(figure->interval_of, "samples");
}

static void failed_runs_count_nowhere(void **state)
{
    static const char *const voids[] = {"failed", "invalid", "negative_tokens"};
    autoset struct result_set set;
    autocomparisons struct comparison_set comparisons = {.count = 0};

    (void)state;
    result_set_init(&set);
    sample_add(&set, &(struct sample){.id = "s0", .chip = "Apple M1", .model = "m", BANDWIDTH, .value = 10});
    sample_add(&set, &(struct sample){
                         .id = "s1", .chip = "Apple M1", .model = "m", BANDWIDTH, .value = 12, .flag = "on_battery"});
    for (size_t i = 0; i < 3; i++)
        sample_add(&set, &(struct sample){.id = i == 0   ? "s2"
                                                : i == 1 ? "s3"
                                                         : "s4",
                                          .chip = "Apple M1",
                                          .model = "m",
                                          BANDWIDTH,
                                          .value = 1000,
                                          .flag = voids[i]});
    sample_add(&set, &(struct sample){.id = "s5",
                                      .state = STATE_QUARANTINED,
                                      .chip = "Apple M1",
                                      .model = "m",
                                      BANDWIDTH,
                                      .value = 1000,
                                      .flag = "failed"});
    build(&set, NULL, &comparisons);
    assert_int_equal(comparisons.items[0].rows[0].figures[0].submissions, 2);
    close_to(comparisons.items[0].rows[0].figures[0].value, 11);
    assert_int_equal(comparisons.items[0].rows[0].figures[0].flagged, 1);
    assert_int_equal(result_set_failed_runs(&set), 3);
}

static void the_same_original_counts_once(void **state)
{
    autoset struct result_set set;
    autocomparisons struct comparison_set comparisons = {.count = 0};

    (void)state;
    result_set_init(&set);
    sample_add(&set, &(struct sample){.id = "s2",
                                      .contributor = "b",
                                      .original = "aa",
                                      .chip = "Apple M1",
                                      .model = "m",
                                      BANDWIDTH,
                                      .value = 10});
    sample_add(&set, &(struct sample){.id = "s1",
                                      .contributor = "a",
                                      .original = "aa",
                                      .chip = "Apple M1",
                                      .model = "m",
                                      BANDWIDTH,
                                      .value = 10});
    sample_add(&set, &(struct sample){.id = "s0",
                                      .contributor = "c",
                                      .original = "aa",
                                      .chip = "Apple M1",
                                      .model = "m",
                                      BANDWIDTH,
                                      .value = 77,
                                      .state = STATE_WITHDRAWN});
    set.submissions[0].received_us = 1;
    set.submissions[1].received_us = 2;
    build(&set, NULL, &comparisons);
    assert_int_equal(comparisons.items[0].rows[0].figures[0].submissions, 1);
    assert_int_equal(result_set_repeats(&set), 1);
    assert_true(set.submissions[1].repeats); /* the one that came later */
}

/* ---- what is one table, what is one row */

static void models_and_quantizations_never_mix(void **state)
{
    autoset struct result_set set;
    autocomparisons struct comparison_set comparisons = {.count = 0};

    (void)state;
    result_set_init(&set);
    sample_add(&set, &(struct sample){
                         .id = "s1", .chip = "Apple M1", .model = "m", .quantization = "Q4_0", BANDWIDTH, .value = 1});
    sample_add(&set, &(struct sample){
                         .id = "s2", .chip = "Apple M1", .model = "m", .quantization = "Q8_0", BANDWIDTH, .value = 2});
    sample_add(&set, &(struct sample){
                         .id = "s3", .chip = "Apple M1", .model = "m2", .quantization = "Q8_0", BANDWIDTH, .value = 3});
    sample_add(&set,
               &(struct sample){
                   .id = "s4", .chip = "Apple M1", .model = "m10", .quantization = "Q8_0", BANDWIDTH, .value = 4});
    sample_add(&set, &(struct sample){.id = "s5",
                                      .chip = "Apple M1",
                                      .model = "m",
                                      .quantization = "Q8_0",
                                      .tool = "other",
                                      BANDWIDTH,
                                      .value = 5});
    build(&set, NULL, &comparisons);
    assert_int_equal(comparisons.count, 5);
    assert_string_equal(comparisons.items[2].model, "m2"); /* natural order: m2 before m10 */
    assert_string_equal(comparisons.items[3].model, "m10");
    assert_string_equal(comparisons.items[4].tool, "other");
}

static void backends_are_rows_and_setups_are_counted(void **state)
{
    autoset struct result_set set;
    autocomparisons struct comparison_set comparisons = {.count = 0};

    (void)state;
    result_set_init(&set);
    sample_add(
        &set,
        &(struct sample){
            .id = "s1", .chip = "Apple M1", .model = "m", .backend = "Metal", .threads = 4, BANDWIDTH, .value = 1});
    sample_add(
        &set,
        &(struct sample){
            .id = "s2", .chip = "Apple M1", .model = "m", .backend = "Metal", .threads = 8, BANDWIDTH, .value = 2});
    sample_add(&set,
               &(struct sample){.id = "s3", .chip = "Apple M1", .model = "m", .backend = "CPU", BANDWIDTH, .value = 3});
    build(&set, NULL, &comparisons);
    assert_int_equal(comparisons.count, 1);
    assert_true(comparisons.items[0].backends_differ);
    assert_int_equal(comparisons.items[0].row_count, 2);
    assert_int_equal(comparisons.items[0].rows[1].setups, 2);
    assert_int_equal(comparisons.items[0].rows[0].setups, 1);
}

static void unknown_chips_are_kept_as_given(void **state)
{
    autoset struct result_set set;
    autocomparisons struct comparison_set comparisons = {.count = 0};

    (void)state;
    result_set_init(&set);
    sample_add(&set, &(struct sample){.id = "s1", .chip = "Frobnicator 9000", .model = "m", BANDWIDTH, .value = 1});
    sample_add(&set, &(struct sample){.id = "s2", .chip = "Apple M10", .model = "m", BANDWIDTH, .value = 1});
    build(&set, NULL, &comparisons);
    assert_int_equal(comparisons.items[0].row_count, 2);
    assert_false(row_of(&comparisons.items[0], "Frobnicator 9000")->chip_known);
    assert_false(row_of(&comparisons.items[0], "Apple M10")->chip_known);
}

/* ---- baselines and factors */

static void add_three(struct result_set *set)
{
    result_set_init(set);
    sample_add(set, &(struct sample){.id = "s1", .chip = "Apple M4 Max", .model = "m", BANDWIDTH, .value = 120});
    sample_add(set, &(struct sample){.id = "s2", .chip = "Apple M2", .model = "m", BANDWIDTH, .value = 60});
    sample_add(set, &(struct sample){.id = "s3", .chip = "Apple M1 Max", .model = "m", BANDWIDTH, .value = 50});
    sample_add(set, &(struct sample){.id = "s4", .chip = "Apple M1 Max", .model = "m", TIME, .value = 8});
    sample_add(set, &(struct sample){.id = "s5", .chip = "Apple M2", .model = "m", TIME, .value = 10});
    sample_add(set, &(struct sample){.id = "s6", .chip = "Apple M4 Max", .model = "m", TIME, .value = 4});
}

static void the_oldest_base_chip_is_the_baseline(void **state)
{
    autoset struct result_set set;
    autocomparisons struct comparison_set comparisons = {.count = 0};

    (void)state;
    add_three(&set);
    build(&set, NULL, &comparisons);
    const struct comparison *comparison = &comparisons.items[0];

    /* M1 Max is older, but no base chip. */
    assert_string_equal(comparison->baseline_name, "M2");
    assert_int_equal(comparison->metric_count, 2);
    assert_string_equal(comparison->metrics[0].name, "memory_bandwidth");
    close_to(row_of(comparison, "Apple M4 Max")->figures[0].factor, 2);   /* 120 / 60 */
    close_to(row_of(comparison, "Apple M4 Max")->figures[1].factor, 2.5); /* 10 / 4 */
    close_to(row_of(comparison, "Apple M1 Max")->figures[0].factor, 50.0 / 60);
    assert_string_equal(comparison->rows[comparison->by_value[0]].chip, "Apple M4 Max");
    assert_string_equal(comparison->rows[comparison->by_value[2]].chip, "Apple M1 Max");
    assert_string_equal(comparison->rows[0].chip, "Apple M1 Max"); /* natural order */
}

static void a_named_baseline_wins(void **state)
{
    autoset struct result_set set;
    autocomparisons struct comparison_set comparisons = {.count = 0};

    (void)state;
    add_three(&set);
    build(&set, "m1 max", &comparisons);
    assert_string_equal(comparisons.items[0].baseline_name, "M1 Max");
    close_to(row_of(&comparisons.items[0], "Apple M2")->figures[1].factor, 0.8);
}

static void an_unknown_baseline_lists_the_chips(void **state)
{
    const struct baseline_rules rules = {.named = "Apple M7"};
    autoset struct result_set set;
    autocomparisons struct comparison_set comparisons = {.count = 0};
    struct err err;

    (void)state;
    add_three(&set);
    assert_int_equal(result_set_finish(&set, NULL), 0);
    assert_int_equal(comparison_build(&set, NULL, &comparisons, NULL), 0);
    assert_int_equal(baseline_apply(&comparisons, &rules, &err), -ERR_USAGE);
    assert_non_null(strstr(err.hint, "Apple M1 Max, Apple M2, Apple M4 Max"));
}

static void configured_baselines(void **state)
{
    const struct baseline_rule items[] = {{"bench", "M4 Max"}, {"bench.m", "M1 Max"}, {"elsewhere", "M2"}};
    const struct baseline_rules rules = {.items = items, .count = 3};
    autoset struct result_set set;
    autocomparisons struct comparison_set comparisons = {.count = 0};

    (void)state;
    add_three(&set);
    sample_add(&set, &(struct sample){.id = "t1", .chip = "Apple M4 Max", .model = "n", BANDWIDTH, .value = 1});
    sample_add(&set, &(struct sample){.id = "t2", .chip = "Apple M1 Max", .model = "n", BANDWIDTH, .value = 1});
    assert_int_equal(result_set_finish(&set, NULL), 0);
    assert_int_equal(comparison_build(&set, NULL, &comparisons, NULL), 0);
    assert_int_equal(baseline_apply(&comparisons, &rules, NULL), 0);
    assert_string_equal(comparisons.items[0].baseline_name, "M1 Max"); /* the model's rule */
    assert_string_equal(comparisons.items[1].baseline_name, "M4 Max"); /* the tool's rule */
}

static void one_chip_keeps_the_factors_of_the_table(void **state)
{
    autoset struct result_set set;
    autocomparisons struct comparison_set comparisons = {.count = 0};
    struct err err;

    (void)state;
    add_three(&set);
    build(&set, NULL, &comparisons);
    assert_int_equal(comparison_keep_chip(&comparisons, "M4 Max", &err), 0);
    assert_int_equal(comparisons.items[0].row_count, 1);
    close_to(comparisons.items[0].rows[0].figures[0].factor, 2);
    assert_string_equal(comparisons.items[0].baseline_name, "M2");
    assert_int_equal(comparison_keep_chip(&comparisons, "M3", &err), -ERR_NOTHING);
}

static void filters(void **state)
{
    autoset struct result_set set;
    autocomparisons struct comparison_set comparisons = {.count = 0}, none = {.count = 0};

    (void)state;
    add_three(&set);
    assert_int_equal(result_set_finish(&set, NULL), 0);
    assert_int_equal(
        comparison_build(&set, &(struct comparison_filter){.metric = "INFERENCE_time"}, &comparisons, NULL), 0);
    assert_int_equal(comparisons.count, 1);
    assert_int_equal(comparisons.items[0].metric_count, 1);
    assert_int_equal(comparison_build(&set, &(struct comparison_filter){.model = "other"}, &none, NULL), 0);
    assert_int_equal(none.count, 0);
}

/* ---- as a table */

static void a_missing_metric_is_missing(void **state)
{
    autoset struct result_set set;
    autocomparisons struct comparison_set comparisons = {.count = 0};
    autotable struct table table = {.caption = NULL};
    autobuf struct buf csv = BUF(1 << 16);

    (void)state;
    result_set_init(&set);
    sample_add(&set, &(struct sample){.id = "s1", .chip = "Apple M1", .model = "m", BANDWIDTH, .value = 0.25});
    sample_add(&set, &(struct sample){.id = "s2", .chip = "Apple M2", .model = "m", BANDWIDTH, .value = 0.5});
    sample_add(&set, &(struct sample){.id = "s3", .chip = "Apple M2", .model = "m", TIME, .value = 0.5});
    build(&set, NULL, &comparisons);
    assert_int_equal(columns_table(&comparisons.items[0], ORDER_VALUE, &table, NULL), 0);
    table_print_csv(&table, &csv);
    assert_string_equal(buf_text(&csv), "rank,chip,variant,chip_count,backend,memory_bandwidth_gb_s,memory_bandwidth_"
                                        "gb_s_low,memory_bandwidth_gb_s_high,"
                                        "memory_bandwidth_gb_s_factor,inference_time_ms,inference_time_ms_low,"
                                        "inference_time_ms_high,inference_time_ms_factor,"
                                        "rated_bandwidth_gb_s,runs,devices,contributors,newest_run,set_ups,flagged\n"
                                        "1,\"Apple M2\",,1,,0.5,,,1,0.5,,,1,,,1,1,,1,0\n"
                                        "2,\"Apple M1\",,1,,0.25,,,0.5,,,,,,,1,1,,1,0\n");
    buf_reset(&csv);
    table_print_markdown(&table, &csv);
    /* M1 is older, but has no time, which half of the rows have. Below 1 the unit is a finer one. */
    assert_non_null(strstr(buf_text(&csv), "Memory bandwidth, MB/s"));
    assert_non_null(strstr(buf_text(&csv), "| 2 | M1 | 250 | n/a | 0.50× | – | – | – |"));
}

/* ---- coverage */

static void gaps_are_ranked(void **state)
{
    autoset struct result_set set;
    autocomparisons struct comparison_set comparisons = {.count = 0};
    autocoverage struct coverage coverage = {.row_count = 0};
    static const char *const chips[] = {"Apple M1",     "Apple M1 Pro", "Apple M1 Max",   "Apple M1 Ultra",
                                        "Apple M2",     "Apple M2 Max", "Apple M2 Ultra", "Apple M4",
                                        "Apple M4 Pro", "Apple M4 Max"};

    (void)state;
    result_set_init(&set);
    for (size_t i = 0; i < ARRAY_LENGTH(chips); i++)
        sample_add(&set, &(struct sample){.id = chips[i],
                                          .chip = chips[i],
                                          .model = "m",
                                          BANDWIDTH,
                                          .value = 1 + (double)i,
                                          .n = i == 0 ? 100 : 0});
    build(&set, NULL, &comparisons);
    assert_int_equal(coverage_compute(&comparisons, TIME_UNKNOWN, &coverage, NULL), 0);
    assert_int_equal(coverage.column_count, 1);
    /* The generation that nobody measured comes before the single chip, that before the uncounted. */
    size_t m3 = SIZE_MAX, m2_pro = SIZE_MAX, m1 = SIZE_MAX, m2 = SIZE_MAX;

    for (size_t i = 0; i < coverage.gap_count; i++) {
        const struct coverage_gap *gap = &coverage.gaps[i];

        m3 = gap->kind == GAP_GENERATION && text_equal(gap->what, "M3") ? i : m3;
        m2_pro = gap->kind == GAP_CHIP && text_equal(gap->what, "Apple M2 Pro") ? i : m2_pro;
        m1 = gap->kind == GAP_DEVICES && text_equal(gap->what, "Apple M1") ? i : m1;
        m2 = gap->kind == GAP_RUNS && text_equal(gap->what, "Apple M2") ? i : m2;
    }
    assert_true(m3 < m2_pro && m2_pro < m2 && m2 < m1 && m1 < SIZE_MAX);
    assert_non_null(strstr(coverage.gaps[m3].examples, "M3 Max"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(medians_are_nested),
        cmocka_unit_test(unknown_run_counts_stay_unknown),
        cmocka_unit_test(the_samples_of_one_submission_give_an_interval),
        cmocka_unit_test(failed_runs_count_nowhere),
        cmocka_unit_test(the_same_original_counts_once),
        cmocka_unit_test(models_and_quantizations_never_mix),
        cmocka_unit_test(backends_are_rows_and_setups_are_counted),
        cmocka_unit_test(unknown_chips_are_kept_as_given),
        cmocka_unit_test(the_oldest_base_chip_is_the_baseline),
        cmocka_unit_test(a_named_baseline_wins),
        cmocka_unit_test(an_unknown_baseline_lists_the_chips),
        cmocka_unit_test(configured_baselines),
        cmocka_unit_test(one_chip_keeps_the_factors_of_the_table),
        cmocka_unit_test(filters),
        cmocka_unit_test(a_missing_metric_is_missing),
        cmocka_unit_test(gaps_are_ranked),
    };

    return cmocka_run_group_tests_name("analyze_comparison", tests, NULL, NULL);
}
