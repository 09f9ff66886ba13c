/* Resampling, drift, change points and the additive model against closed forms and exhaustive search. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/stats/additive.h"
#include "schema/stats/adjust.h"
#include "schema/stats/change.h"
#include "schema/stats/dip.h"
#include "schema/stats/drift.h"
#include "schema/stats/figure.h"
#include "schema/stats/permutation.h"
#include "schema/stats/random.h"
#include "schema/stats/rank_test.h"
#include "schema/stats/resample.h"
#include "schema/stats/spread.h"

static void close_to(double found, double expected, double relative)
{
    if (!(fabs(found - expected) <= relative * fmax(fabs(expected), 1e-300)))
        fail_msg("found %.17g, expected %.17g", found, expected);
}

/* The first outputs of SplitMix64 and xoshiro256** from the state 1, 2, 3, 4 are published with the generator's
 * implementations: 11520, 0, 1509978240, 1215971899390074240. */
static void random_numbers_are_those_of_xoshiro(void **state)
{
    (void)state;
    struct random_stream stream = {{1, 2, 3, 4}};
    assert_true(random_next(&stream) == 11520);
    assert_true(random_next(&stream) == 0);
    assert_true(random_next(&stream) == 1509978240);
    assert_true(random_next(&stream) == UINT64_C(1215971899390074240));
}

/* Chi-square of 60,000 draws from six: 20.5 is exceeded once in a thousand seeds; this seed is fixed. */
static void draws_are_even_and_repeatable(void **state)
{
    (void)state;
    size_t seen[6] = {0};
    struct random_stream stream = random_stream_of(random_seed_of("cell", "median"), 0);
    for (size_t i = 0; i < 60000; i++)
        seen[random_below(&stream, 6)]++;
    double chi_square = 0;
    for (size_t i = 0; i < 6; i++)
        chi_square += ((double)seen[i] - 10000) * ((double)seen[i] - 10000) / 10000;
    assert_true(chi_square < 20.5);
    struct random_stream a = random_stream_of(1, 2), b = random_stream_of(1, 2), other = random_stream_of(2, 1);
    const uint64_t first = random_next(&a);
    assert_true(first == random_next(&b));
    assert_true(first != random_next(&other));
    assert_true(random_seed_of("a", "bc") != random_seed_of("ab", "c"));
    for (int i = 0; i < 1000; i++) {
        const double unit = random_unit(&a);
        assert_true(unit >= 0 && unit < 1);
    }
}

/* Nobody owns an interval by sending often: eight contributors, one of them with a thousand submissions. */
static void interval_weighs_contributors(void **state)
{
    (void)state;
    enum { OTHERS = 7, MANY = 1000 };
    static struct nested_value few[OTHERS + 1], many[OTHERS + MANY];
    const struct resampling how = {.seed = 5, .replicates = 500, .level = 0.95};
    struct interval a, b;
    for (size_t i = 0; i < OTHERS; i++)
        few[i] = many[i] = (struct nested_value){i, 0, 100 + (double)i};
    few[OTHERS] = (struct nested_value){OTHERS, 0, 500};
    for (size_t i = 0; i < MANY; i++)
        many[OTHERS + i] = (struct nested_value){OTHERS, 0, 500};
    assert_int_equal(stats_resampled_median(few, OTHERS + 1, &how, &a, NULL), 0);
    assert_int_equal(stats_resampled_median(many, OTHERS + MANY, &how, &b, NULL), 0);
    assert_true(a.high < 300 && b.high < 300);
    close_to(b.low, a.low, 0.02);
    struct err err;
    struct nested_value five[] = {{0, 0, 1}, {1, 1, 2}, {2, 2, 3}, {3, 3, 4}, {4, 4, 5}, {4, 4, 6}, {4, 4, 7}};
    assert_int_equal(stats_resampled_median(five, 7, &how, &a, &err), -(int)ERR_NOTHING);
}

static void intervals_do_not_depend_on_order(void **state)
{
    (void)state;
    const struct resampling how = {.seed = 11, .replicates = 300, .level = 0.95};
    struct nested_value one[12], two[12], base[8], again[8];
    struct interval a, b;
    for (size_t i = 0; i < 12; i++) {
        one[i] = (struct nested_value){i / 2, i / 2, 10 + (double)(i * 7 % 12)};
        two[11 - i] = one[i];
    }
    for (size_t i = 0; i < 8; i++)
        base[i] = again[7 - i] = (struct nested_value){0, 0, 3 + (double)i};
    assert_int_equal(stats_resampled_ratio(one, 12, base, 8, &how, &a, NULL), 0);
    assert_int_equal(stats_resampled_ratio(two, 12, again, 8, &how, &b, NULL), 0);
    assert_memory_equal(&a, &b, sizeof a);
    base[3].value = 0;
    assert_int_equal(stats_resampled_ratio(one, 12, base, 8, &how, &a, NULL), -(int)ERR_DATA);
    const double same[] = {4, 4, 4, 4, 4, 4};
    assert_int_equal(stats_resampled_mean(same, 6, &how, &a, NULL), 0);
    close_to(a.low, 4, 0);
    close_to(a.high, 4, 0);
}

static void drift_needs_step_and_chance(void **state)
{
    (void)state;
    double samples[18];
    struct drift drift;
    for (size_t i = 0; i < 18; i++)
        samples[i] = (i < 6 ? 100 : i < 12 ? 97 : 90) + (double)(i % 6) * 0.01;
    assert_int_equal(stats_drift(samples, 18, &drift, NULL), 0);
    close_to(drift.ratio, 90.025 / 100.025, 1e-15);
    close_to(drift.p, 2.0 / 924, 1e-12);
    assert_true(drift.drifts);
    for (size_t i = 12; i < 18; i++)
        samples[i] += 8; /* 2 % below: certain, and too small to count */
    assert_int_equal(stats_drift(samples, 18, &drift, NULL), 0);
    assert_true(drift.p < 0.05 && !drift.drifts);
    struct err err;
    assert_int_equal(stats_drift(samples, 17, &drift, &err), -(int)ERR_NOTHING);
    memset(samples, 0, sizeof samples);
    assert_int_equal(stats_drift(samples, 18, &drift, &err), -(int)ERR_NOTHING);
}

/* The cost of a partition from the definition. `cuts` has a bit for each place after which a segment ends. */
static double cost_of(const double *y, size_t count, unsigned cuts, size_t least, double penalty)
{
    double cost = -penalty;
    size_t from = 0;
    for (size_t to = 1; to <= count; to++) {
        if (to < count && !(cuts >> (to - 1) & 1))
            continue;
        if (to - from < least)
            return (double)INFINITY;
        double mean = 0;
        for (size_t i = from; i < to; i++)
            mean += y[i] / (double)(to - from);
        for (size_t i = from; i < to; i++)
            cost += (y[i] - mean) * (y[i] - mean);
        cost += penalty;
        from = to;
    }
    return cost;
}

/* Noise is so small that the floor decides the penalty, which the test then knows. */
static void changes_are_the_cheapest_of_all_partitions(void **state)
{
    (void)state;
    enum { COUNT = 16 };
    const struct change_rules rules = {2, 3, 0.03};
    const double penalty = 3 * log(COUNT) * pow(log1p(0.03) / 8, 2);
    for (uint64_t seed = 0; seed < 40; seed++) {
        struct random_stream stream = random_stream_of(seed, 0);
        double values[COUNT], y[COUNT], level = 100, best = (double)INFINITY;
        unsigned best_cuts = 0;
        for (size_t i = 0; i < COUNT; i++) {
            level *= random_below(&stream, 4) == 0 ? 1.1 + 0.2 * random_unit(&stream) : 1;
            values[i] = level;
            y[i] = log(values[i]);
        }
        for (unsigned cuts = 0; cuts < 1U << (COUNT - 1); cuts++) {
            const double cost = cost_of(y, COUNT, cuts, rules.least_segment, penalty);
            if (cost < best - 1e-12) {
                best = cost;
                best_cuts = cuts;
            }
        }
        size_t starts[COUNT], segments;
        unsigned found = 0;
        assert_int_equal(stats_changes(values, COUNT, &rules, starts, &segments, NULL), 0);
        for (size_t i = 1; i < segments; i++)
            found |= 1U << (starts[i] - 1);
        close_to(cost_of(y, COUNT, found, rules.least_segment, penalty), best, 1e-9);
        assert_true(found == best_cuts || fabs(cost_of(y, COUNT, found, 2, penalty) - best) < 1e-12);
    }
}

static void additive_model_restores_what_multiplies(void **state)
{
    (void)state;
    enum { ROWS = 6, COLUMNS = 5 };
    double value[ROWS * COLUMNS], estimate;
    const struct additive_table table = {ROWS, COLUMNS, value};
    struct additive_model model;
    for (size_t i = 0; i < ROWS * COLUMNS; i++)
        value[i] = (1 + (double)(i / COLUMNS)) * pow(3, (double)(i % COLUMNS));
    value[7] = value[13] = value[26] = (double)NAN;
    value[20] *= 40; /* one wild figure moves neither its row nor its column */
    assert_int_equal(stats_additive(&table, &model, NULL), 0);
    assert_int_equal(model.checked, ROWS * COLUMNS - 3);
    assert_true(model.error < 1e-9);
    assert_true(additive_estimate(&model, 1, 2, &estimate));
    close_to(estimate, 18, 1e-9);
    assert_true(additive_estimate(&model, 5, 1, &estimate));
    close_to(estimate, 18, 1e-9);
    additive_done(&model);
    value[3] = -1;
    assert_int_equal(stats_additive(&table, &model, NULL), -(int)ERR_DATA);
}

static void additive_model_says_when_it_cannot_tell(void **state)
{
    (void)state;
    const double none = (double)NAN,
                 apart[] = {1, 2, none, none, 2, 4, none, none, none, none, 5, 10, none, none, 10, 20};
    const double wild[] = {1, 9, 1, 1, 70, 1, 12, 1, 300};
    struct additive_model model;
    double estimate;
    assert_int_equal(stats_additive(&(struct additive_table){4, 4, apart}, &model, NULL), 0);
    assert_true(additive_estimate(&model, 0, 1, &estimate));
    assert_false(additive_estimate(&model, 0, 2, &estimate)); /* nothing links the two halves */
    additive_done(&model);
    assert_int_equal(stats_additive(&(struct additive_table){3, 3, wild}, &model, NULL), 0);
    assert_true(model.error > ADDITIVE_ERROR_MOST);
    assert_false(additive_estimate(&model, 0, 0, &estimate));
    additive_done(&model);
    const double example[] = {10, 30, 20, none}; /* two chips, two workloads: nothing can be left out */
    assert_int_equal(stats_additive(&(struct additive_table){2, 2, example}, &model, NULL), 0);
    assert_int_equal(model.checked, 0);
    assert_true(isnan(model.error) && isnan(model.wide_error));
    assert_false(additive_estimate(&model, 1, 1, &estimate));
    close_to(exp(model.row[1] + model.column[1]), 60, 1e-9);
    additive_done(&model);
    assert_int_equal(stats_additive(&(struct additive_table){1, 1, &none}, &model, NULL), -(int)ERR_NOTHING);
}

/* Chip i at i, in one workload; one of them at 50 in another too. Leaving that out, the other workload has no relation
 * to the first: what the fit remembers of it is no measure of its error. */
static void additive_model_does_not_check_its_only_link(void **state)
{
    (void)state;
    const double none = (double)NAN, linked[] = {1, none, 2, 50, 3, none, 4, none, 5, none, 6, none, 7, none, 8, none};
    struct additive_model model;
    assert_int_equal(stats_additive(&(struct additive_table){8, 2, linked}, &model, NULL), 0);
    assert_int_equal(model.checked, 0);
    assert_true(isnan(model.error));
    additive_done(&model);
}

/* Three workloads that multiply, but for the third chip, which is twice as fast as it should be in the last. The others
 * give half of that figure (error 0.5); its other two are estimated from one that is right and one that is twice as
 * much, the median of which in logarithms is the root of 2 (error 0.414). The other nine are exact; nine tenths of
 * twelve lie at 0.9 × 11 = 9.9, between two of 0.414. */
static void additive_model_tells_how_wide_it_misses(void **state)
{
    (void)state;
    const double value[] = {1, 10, 100, 2, 20, 200, 3, 30, 600, 4, 40, 400};
    struct additive_model model;
    assert_int_equal(stats_additive(&(struct additive_table){4, 3, value}, &model, NULL), 0);
    assert_int_equal(model.checked, 12);
    assert_true(model.error < 1e-9);
    close_to(model.wide_error, sqrt(2) - 1, 1e-6);
    additive_done(&model);
}

static void wild_input_is_refused_or_stays_apart(void **state)
{
    (void)state;
    struct err err;
    struct rank_test rank;
    struct permutation_test permutation;
    struct spread spread;
    const double one[] = {1}, zero[] = {0};
    double p[] = {0.01, (double)NAN, 0.04};
    double dip = 1;
    assert_int_equal(stats_rank_test(one, 0, one, 1, &rank, &err), -(int)ERR_NOTHING);
    assert_int_equal(stats_permutation_test(one, 1, zero, 1, 1, &permutation, &err), -(int)ERR_DATA);
    assert_int_equal(stats_adjust(p, 3, NULL), 0);
    close_to(p[0], 0.02, 1e-15);
    assert_true(isnan(p[1]));
    assert_int_equal(stats_spread(one, 0, &spread, NULL), 0);
    assert_true(isnan(spread.median) && isnan(spread.mad) && spread.beyond_fences == 0);
    assert_int_equal(stats_spread(one, 1, &spread, NULL), 0);
    assert_true(isnan(spread.variation));
    assert_true(stats_robust_z(&spread, 2) > 1e300 && stats_robust_z(&spread, 1) <= 0);
    assert_int_equal(stats_dip(one, 0, &dip, NULL), 0);
    assert_true(dip <= 0);
}

static void robust_z_of_the_example(void **state)
{
    (void)state;
    const double values[] = {1, 2, 3, 4, 100};
    struct spread spread;
    assert_int_equal(stats_spread(values, 5, &spread, NULL), 0);
    close_to(stats_robust_z(&spread, 100), 97 / 1.482602218505602, 1e-14);
    assert_int_equal(spread.beyond_fences, 1);
}

/* 10, 20, 80: in logarithms of 2 from the middle −1, 0, 2, so the mad is ln 2. */
static void ratios_of_the_example(void **state)
{
    (void)state;
    double values[] = {80, 10, 20};
    struct log_spread spread;
    assert_int_equal(stats_log_spread(values, 3, &spread, NULL), 0);
    assert_true(fabs(spread.centre - 20) < 1e-12);
    assert_true(fabs(spread.scale - 1.482602218505602 * log(2)) < 1e-12);
    assert_true(fabs(stats_log_distance(&spread, 40) - log(2)) < 1e-12);
    assert_true(fabs(stats_log_distance(&spread, 10) - log(2)) < 1e-12);
    assert_true(isnan(stats_log_distance(&spread, -1)));
    assert_int_equal(stats_log_spread(values, 0, &spread, NULL), 0);
    assert_true(spread.n == 0 && isnan(spread.centre) && isnan(stats_log_distance(&spread, 1)));
}

/* One device is the nested figure of its submissions, bit for bit. */
static void one_device_is_nested(void **state)
{
    enum { MOST = 300 };
    struct nested_value nested[MOST];
    double plain[MOST];
    uint64_t seed = 7;
    (void)state;
    for (size_t count = 1; count <= MOST; count += count < 20 ? 1 : 40) {
        for (size_t i = 0; i < count; i++) {
            seed = seed * 6364136223846793005U + 1442695040888963407U;
            plain[i] = (double)(seed >> 60) + (double)(seed >> 40 & 1) / 3;
            nested[i] = (struct nested_value){5, 9, plain[i]};
        }
        struct nested_figure expected;
        assert_int_equal(stats_nested_figure(nested, count, &expected, NULL), 0);
        const struct nested_figure figure = stats_device_figure(plain, count);
        assert_memory_equal(&figure.value, &expected.value, sizeof figure.value);
        assert_int_equal(figure.has_interval, expected.has_interval);
        assert_int_equal(figure.level, expected.level);
        assert_int_equal(figure.submissions, count);
        assert_int_equal(figure.devices, 1);
        assert_int_equal(figure.contributors, 1);
        if (figure.has_interval) {
            assert_memory_equal(&figure.interval, &expected.interval, sizeof figure.interval);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_numbers_are_those_of_xoshiro),
        cmocka_unit_test(draws_are_even_and_repeatable),
        cmocka_unit_test(interval_weighs_contributors),
        cmocka_unit_test(intervals_do_not_depend_on_order),
        cmocka_unit_test(drift_needs_step_and_chance),
        cmocka_unit_test(changes_are_the_cheapest_of_all_partitions),
        cmocka_unit_test(additive_model_restores_what_multiplies),
        cmocka_unit_test(additive_model_says_when_it_cannot_tell),
        cmocka_unit_test(additive_model_does_not_check_its_only_link),
        cmocka_unit_test(additive_model_tells_how_wide_it_misses),
        cmocka_unit_test(wild_input_is_refused_or_stays_apart),
        cmocka_unit_test(robust_z_of_the_example),
        cmocka_unit_test(ratios_of_the_example),
        cmocka_unit_test(one_device_is_nested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
