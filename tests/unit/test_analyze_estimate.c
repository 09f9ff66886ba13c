/* Estimates of missing cells: from a table that multiplies exactly, where they are not made, how they are marked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analyze/data/estimate.h"
#include "analyze/report/coverage_tables.h"
#include "schema/base/str.h"
#include "tests/unit/analyze_sample.h"

static void add_one(struct result_set *set, const char *chip, const char *backend, const char *task, double value)
{
    char id[96];

    (void)snprintf(id, sizeof(id), "sha256:%s-%s", chip, task);
    sample_add(set, &(struct sample){.id = id,
                                     .chip = chip,
                                     .model = "m",
                                     .backend = backend,
                                     .task = task,
                                     .metric = "generation_throughput",
                                     .unit = "tok/s",
                                     .direction = DIRECTION_HIGHER,
                                     .value = value});
}

static void estimate(struct result_set *set, struct comparison_set *comparisons, struct arena *arena,
                     struct estimates *ret)
{
    assert_int_equal(result_set_finish(set, NULL), 0);
    assert_int_equal(comparison_build(set, NULL, comparisons, NULL), 0);
    assert_int_equal(estimates_of(comparisons, arena, ret, NULL), 0);
}

static bool is_noted(const struct table *table, const char *part)
{
    for (size_t i = 0; i < table->note_count; i++)
        if (strstr(table->notes[i], part) != NULL)
            return true;
    return false;
}

static const char *const apple[] = {"Apple M1", "Apple M2", "Apple M3"};

/* Chip i at i + 1, tasks at 10, 30 and 50: M3 in the third is 150, and nobody has a card of NVIDIA there. */
static void what_multiplies_is_restored(void **state)
{
    static const char *const tasks[] = {"tg1", "tg2", "tg3"};
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autocomparisons struct comparison_set comparisons = {.count = 0};
    autotables struct table_list list = {.count = 0};
    struct estimates found;
    autoset struct result_set set;

    (void)state;
    result_set_init(&set);
    for (size_t i = 0; i < 3; i++)
        for (size_t task = 0; task < 3; task++)
            if (i + task < 4)
                add_one(&set, apple[i], "Metal", tasks[task], (double)(i + 1) * (10 + 20 * (double)task));
    add_one(&set, "NVIDIA GeForce RTX 4090", "CUDA", "tg1", 100);
    estimate(&set, &comparisons, &arena, &found);
    assert_int_equal(found.count, 1);
    assert_true(found.models[0].shown);
    assert_true(found.models[0].error < 1e-6);
    assert_int_equal(found.models[0].figures, 9);
    assert_int_equal(found.models[0].count, 1);
    assert_int_equal(found.models[0].unlike, 2);
    assert_string_equal(found.models[0].items[0].row->chip, "Apple M3");
    assert_string_equal(found.models[0].items[0].comparison->task, "tg3");
    assert_true(fabs(found.models[0].items[0].value - 150) < 1e-6);
    /* The comparison itself holds nothing of it. */
    assert_int_equal(found.models[0].items[0].comparison->row_count, 2);
    assert_int_equal(estimate_tables(&found, &list, NULL), 0);
    assert_string_equal(table_at(&list.items[0], 0, 3)->text, "≈ 150");
    assert_string_equal(table_at(&list.items[0], 0, 6)->text, "150–150");
    assert_true(is_noted(&list.items[0], "not measurements"));
    assert_true(is_noted(&list.items[0], "2 more missing cells are not estimated"));
}

/* Chips that swap places from task to task: the model misses by far more than 15 %. */
static void a_poor_model_shows_nothing(void **state)
{
    static const double values[3][3] = {{10, 90, 20}, {80, 10, 70}, {15, 60, (double)NAN}};
    static const char *const tasks[] = {"tg1", "tg2", "tg3"};
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autocomparisons struct comparison_set comparisons = {.count = 0};
    autotables struct table_list list = {.count = 0};
    struct estimates found;
    autoset struct result_set set;

    (void)state;
    result_set_init(&set);
    for (size_t i = 0; i < 3; i++)
        for (size_t task = 0; task < 3; task++)
            if (isfinite(values[i][task]))
                add_one(&set, apple[i], "Metal", tasks[task], values[i][task]);
    estimate(&set, &comparisons, &arena, &found);
    assert_int_equal(found.count, 1);
    assert_true(found.models[0].error > 0.15);
    assert_false(found.models[0].shown);
    assert_int_equal(found.models[0].count, 0);
    assert_int_equal(estimate_tables(&found, &list, NULL), 0);
    assert_int_equal(list.items[0].row_count, 0);
    assert_true(is_noted(&list.items[0], "No estimates: when one of"));
}

/* One workload, or none missing: there is nothing to say. */
static void a_full_table_has_no_estimates(void **state)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autocomparisons struct comparison_set comparisons = {.count = 0};
    struct estimates found;
    autoset struct result_set set;

    (void)state;
    result_set_init(&set);
    for (size_t i = 0; i < 3; i++)
        add_one(&set, apple[i], "Metal", "tg1", 10);
    estimate(&set, &comparisons, &arena, &found);
    assert_int_equal(found.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_multiplies_is_restored),
        cmocka_unit_test(a_poor_model_shows_nothing),
        cmocka_unit_test(a_full_table_has_no_estimates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
