/* Statistics against figures that R computed: tests/reference/stats.csv, which says how. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/read/csv.h"
#include "schema/stats/adjust.h"
#include "schema/stats/change.h"
#include "schema/stats/dip.h"
#include "schema/stats/normal.h"
#include "schema/stats/order.h"
#include "schema/stats/permutation.h"
#include "schema/stats/rank_test.h"
#include "schema/stats/resample.h"
#include "schema/stats/spread.h"

#define REFERENCE "tests/reference/stats.csv"
#define FIGURES_MOST 64

struct sample {
    double *values;
    size_t count;
};

static void sample_done(struct sample *sample)
{
    free(sample->values);
}

static struct sample generated(struct str text, double offset)
{
    struct str seed, count;
    assert_true(str_next_field(&text, ' ', &seed) && str_next_field(&text, ' ', &count));
    double state = strtod(seed.data, NULL);
    struct sample sample = {.count = (size_t)strtoul(count.data, NULL, 10)};
    sample.values = mem_zalloc(sample.count, sizeof(double));
    assert_non_null(sample.values);
    for (size_t i = 0; i < sample.count; i++) {
        state = fmod(16807 * state, 2147483647);
        sample.values[i] = offset + state / 2147483647;
    }
    return sample;
}

static struct sample sample_of(struct str text)
{
    struct str rest = text, number;
    if (str_starts_with(text, STR("lcg1 ")))
        return generated(str_slice(text.data + 5, text.len - 5), 1);
    if (str_starts_with(text, STR("lcg ")))
        return generated(str_slice(text.data + 4, text.len - 4), 0);
    struct sample sample = {.values = mem_zalloc(text.len + 1, sizeof(double))};
    assert_non_null(sample.values);
    while (text.len > 0 && str_next_field(&rest, ' ', &number))
        sample.values[sample.count++] = strtod(number.data, NULL);
    return sample;
}

struct reference {
    struct sample a, b, expected;
    double tolerance;
    int line;
};

struct found {
    double figures[FIGURES_MOST];
    size_t count;
};

static void add(struct found *found, double figure)
{
    assert_true(found->count < FIGURES_MOST);
    found->figures[found->count++] = figure;
}

static void sort_both(struct reference *reference)
{
    stats_sort(reference->a.values, reference->a.count);
    stats_sort(reference->b.values, reference->b.count);
}

static void run_rank_test(struct reference *reference, struct found *found)
{
    struct rank_test test;
    sort_both(reference);
    assert_int_equal(
        stats_rank_test(reference->a.values, reference->a.count, reference->b.values, reference->b.count, &test, NULL),
        0);
    add(found, test.u);
    add(found, test.p);
}

static void run_dip(struct reference *reference, struct found *found)
{
    double dip;
    sort_both(reference);
    assert_int_equal(stats_dip(reference->a.values, reference->a.count, &dip, NULL), 0);
    add(found, dip);
}

/* A chance is compared by distance, not by ratio. */
static void run_dip_p(struct reference *reference, struct found *found)
{
    struct dip_test test;
    sort_both(reference);
    assert_int_equal(stats_dip_test(reference->a.values, reference->a.count, 1, &test, NULL), 0);
    add(found,
        fabs(test.p - reference->expected.values[0]) <= reference->tolerance ? reference->expected.values[0] : test.p);
}

static void run_adjust(struct reference *reference, struct found *found)
{
    assert_int_equal(stats_adjust(reference->a.values, reference->a.count, NULL), 0);
    for (size_t i = 0; i < reference->a.count; i++)
        add(found, reference->a.values[i]);
}

static void run_normal(struct reference *reference, struct found *found)
{
    add(found, stats_normal_quantile(reference->a.values[0]));
}

static void run_spread(struct reference *reference, struct found *found)
{
    struct spread spread;
    sort_both(reference);
    assert_int_equal(stats_spread(reference->a.values, reference->a.count, &spread, NULL), 0);
    add(found, spread.quartile_1);
    add(found, spread.median);
    add(found, spread.quartile_3);
    add(found, spread.mad);
    add(found, spread.variation);
    add(found, (double)spread.beyond_fences);
}

static void permute(struct reference *reference, struct found *found, bool exact)
{
    struct permutation_test test;
    assert_int_equal(stats_permutation_test(reference->a.values, reference->a.count, reference->b.values,
                                            reference->b.count, 7, &test, NULL),
                     0);
    assert_int_equal(test.exact, exact);
    add(found, test.ratio);
    add(found, test.p);
}

static void run_permutation(struct reference *reference, struct found *found)
{
    permute(reference, found, true);
}

static void run_permutation_drawn(struct reference *reference, struct found *found)
{
    const double p = reference->expected.values[1];
    permute(reference, found, false);
    if (fabs(found->figures[1] - p) <= reference->tolerance)
        found->figures[1] = p;
}

static struct nested_value *one_device(const struct sample *sample)
{
    struct nested_value *values = mem_zalloc(sample->count, sizeof *values);
    assert_non_null(values);
    for (size_t i = 0; i < sample->count; i++)
        values[i] = (struct nested_value){0, 0, sample->values[i]};
    return values;
}

static void run_ratio(struct reference *reference, struct found *found)
{
    const struct resampling how = {.seed = 3, .replicates = 20000, .level = 0.95};
    struct interval interval;
    autofree struct nested_value *a = one_device(&reference->a), *b = one_device(&reference->b);
    assert_int_equal(stats_resampled_ratio(a, reference->a.count, b, reference->b.count, &how, &interval, NULL), 0);
    add(found, interval.low);
    add(found, interval.high);
}

static void run_bca(struct reference *reference, struct found *found)
{
    const struct resampling how = {.seed = 3, .replicates = 20000, .level = 0.95};
    struct interval interval;
    assert_int_equal(stats_resampled_mean(reference->a.values, reference->a.count, &how, &interval, NULL), 0);
    add(found, interval.low);
    add(found, interval.high);
}

static void run_changes(struct reference *reference, struct found *found)
{
    const struct change_rules rules = CHANGE_RULES;
    size_t starts[FIGURES_MOST + 512], segments;
    assert_true(reference->a.count / rules.least_segment < ARRAY_LENGTH(starts));
    assert_int_equal(stats_changes(reference->a.values, reference->a.count, &rules, starts, &segments, NULL), 0);
    for (size_t i = 0; i < segments; i++)
        add(found, (double)starts[i]);
}

static const struct {
    const char *name;
    void (*run)(struct reference *reference, struct found *found);
} functions[] = {
    {"rank_test", run_rank_test},
    {"dip", run_dip},
    {"dip_p", run_dip_p},
    {"adjust", run_adjust},
    {"normal", run_normal},
    {"spread", run_spread},
    {"permutation", run_permutation},
    {"permutation_drawn", run_permutation_drawn},
    {"ratio", run_ratio},
    {"bca", run_bca},
    {"changes", run_changes},
};

static void compare(const char *name, const struct reference *reference, const struct found *found, double *worst)
{
    if (found->count != reference->expected.count)
        fail_msg(REFERENCE ":%d: %zu figures of %s, expected %zu", reference->line, found->count, name,
                 reference->expected.count);
    for (size_t i = 0; i < found->count; i++) {
        const double wanted = reference->expected.values[i], is = found->figures[i];
        if (isnan(wanted) && isnan(is))
            continue;
        const double off = fabs(is - wanted) / fmax(fabs(wanted), 1e-300);
        if (!(off <= reference->tolerance))
            fail_msg(REFERENCE ":%d: %s gives %.17g, R %.17g", reference->line, name, is, wanted);
        *worst = fmax(*worst, off);
    }
}

static size_t run_all(const char *name, void (*run)(struct reference *, struct found *), struct str text, double *worst)
{
    struct arena arena cleanup(arena_done) = {0};
    struct csv_reader reader = csv_reader(text);
    struct csv_record record;
    size_t cases = 0;
    while (csv_next(&reader, &arena, &record, NULL) == 1) {
        if (record.count != 5 || !str_equal(record.fields[0], str_of(name)))
            continue;
        struct sample a cleanup(sample_done) = sample_of(record.fields[1]),
                        b cleanup(sample_done) = sample_of(record.fields[2]),
                        expected cleanup(sample_done) = sample_of(record.fields[3]);
        struct reference reference = {a, b, expected, strtod(record.fields[4].data, NULL), record.line};
        struct found found = {.count = 0};
        run(&reference, &found);
        compare(name, &reference, &found, worst);
        cases++;
    }
    return cases;
}

static void statistics_are_those_of_r(void **state)
{
    (void)state;
    struct buf text autobuf = BUF(BUF_MIB);
    struct err err = {0};
    if (file_read(REFERENCE, &text, &err) < 0)
        fail_msg("%s: %s", REFERENCE, err.text);
    for (size_t i = 0; i < ARRAY_LENGTH(functions); i++) {
        double worst = 0;
        const size_t cases = run_all(functions[i].name, functions[i].run, str_slice(text.data, text.len), &worst);
        assert_true(cases >= 2);
        print_message("# %s: %zu cases, off by %.2g at most\n", functions[i].name, cases, worst);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(statistics_are_those_of_r)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
