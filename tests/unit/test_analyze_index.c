/* Submissions and runs of a database by their keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "analyze/data/database_index.h"

enum { SUBMISSIONS = 700, RUNS = 7, ALL = SUBMISSIONS * RUNS, STEP = 1999, BESIDE = 20 };
/* STEP is a prime: it meets every run once. The first few lie in one piece of the arena. */

/* Numbers of the last one have a gap, as if a run were missing. */
static uint32_t number_of(size_t submission, size_t run)
{
    return (uint32_t)(submission == SUBMISSIONS - 1 ? 3 * run : run);
}

static void fill(struct result_set *set, struct database_index *index)
{
    uint8_t key[DATABASE_KEY_SIZE] = {0};
    size_t last = SIZE_MAX;

    for (size_t i = 0; i < SUBMISSIONS; i++) {
        memcpy(key, &(size_t){i * 0x9e3779b97f4a7c15U}, sizeof(size_t));
        assert_non_null(result_set_add_submission(set));
        assert_true(database_index_add(index, key));
        assert_int_equal(database_index_find(index, key, &last), i);
    }
    key[DATABASE_KEY_SIZE - 1] = 1;
    assert_int_equal(database_index_find(index, key, &last), SIZE_MAX);
    for (size_t i = 0; i < ALL; i++) {
        const size_t at = i * STEP % ALL;
        struct set_run *run = result_set_add_run(set, at / RUNS);

        assert_non_null(run);
        run->number = number_of(at / RUNS, at % RUNS);
        run->ran_us = (int64_t)at;
    }
}

static void runs_of_any_order_are_found_and_stand_together(void **state)
{
    autoset struct result_set set;
    struct database_index index cleanup(database_index_done) = {.count = 0};

    (void)state;
    result_set_init(&set);
    fill(&set, &index);
    assert_int_equal(database_index_runs(&index, &set, NULL), 0);
    for (size_t i = 0; i < ALL; i++) {
        const struct set_run *run = set.runs[i];

        assert_int_equal(run->submission, i / RUNS);
        assert_int_equal(run->ran_us, i);
        assert_ptr_equal(database_index_run_of(&index, &set, i / RUNS, number_of(i / RUNS, i % RUNS)), run);
        assert_true(i == 0 || i >= BESIDE || run == set.runs[i - 1] + 1);
    }
    assert_null(database_index_run_of(&index, &set, SUBMISSIONS - 1, 1));
    assert_null(database_index_run_of(&index, &set, 0, RUNS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(runs_of_any_order_are_found_and_stand_together)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
