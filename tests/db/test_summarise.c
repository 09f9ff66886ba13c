/* Figures of devices and finished cells against a real PostgreSQL: what analyze computes, and the same made anew. */
#include "tests/db/cells_sample.h"
#include "tests/db/judge_sample.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "collector/follow/rebuild.h"
#include "collector/intake/statements.h"

static void test_real_results_are_what_analyze_computes(void **state)
{
    (void)state;
    static const char *const files[] = {"tests/data/samples/llama.cpp-apple/m1-max-24c.json",
                                        "tests/data/samples/llama.cpp-apple/m1-8c.json",
                                        "tests/data/samples/llama.cpp-apple/m4-max-40c.json",
                                        "tests/data/samples/llama.cpp-gpu/amd-rx-6800-xt-rocm.json",
                                        "tests/data/samples/anemll-bench/m4.json",
                                        "tests/data/samples/anemll-bench/issue-5-m4.json"};
    autodb struct db *db = harness_connect();
    for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
        store_file(db, files[i], (int)i);
        store_file(db, files[i], 9);
    }
    follow(db);
    assert_true(expect_cells_of_analyze(db) > 10);
    expect_same_anew(db);
}

/* One result: its samples are all there is, also when the bundle states no median of them. */
static void test_a_single_result_has_its_samples(void **state)
{
    (void)state;
    static const char bundle[] =
        "{\"crosschip\":\"1.0\",\"consent\":{\"licence\":\"CC0-1.0\",\"text\":\"I may share these results.\"},"
        "\"format\":{\"name\":\"manual\",\"reader\":1},\"device\":{\"chip\":\"Apple M3 Ultra\"},\"runs\":["
        "{\"workload\":{\"model\":\"Llama 2 "
        "7B\",\"quantization\":\"Q4_0\",\"task\":\"tg128\"},\"flags\":[\"on_battery\"],"
        "\"metrics\":[{\"name\":\"generation_throughput\",\"unit\":\"tok/s\",\"direction\":\"higher\","
        "\"mean\":40.25,\"stddev\":0.2121320343559639,\"stddev_kind\":\"sample\","
        "\"samples\":[40.1,40.2,40.5,null,40.4,40.3,40,40.1,40.4]}]},"
        "{\"workload\":{\"model\":\"Llama 2 7B\",\"quantization\":\"Q4_0\",\"task\":\"pp512\"},\"flags\":[\"failed\"],"
        "\"metrics\":[{\"name\":\"prompt_throughput\",\"unit\":\"tok/s\",\"mean\":400}]}]}\n";
    autodb struct db *db = harness_connect();
    autobuf struct buf bytes = BUF(BUF_MIB);
    buf_adds(&bytes, bundle);
    (void)store_bytes(db, &bytes, INTAKE_ANONYMOUS_ACCEPT);
    harness_exec(db, "update submission set state = 'accepted'; update pending_event set kind = 'accepted'");
    follow(db);
    assert_int_equal(expect_cells_of_analyze(db), 1); /* the failed one counts nowhere */
    assert_int_equal(harness_number(db, "select count(*) from cell where interval_of = 'samples' and runs = 8 and "
                                        "stddev > 0.2 and flagged = 1 and value = 40.25"),
                     1);
}

/* Six contributors give an interval, and the levels below it where there are fewer. */
static void test_levels_of_intervals(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    for (int i = 0; i < 7; i++) {
        (void)store(db, &(struct thing){1 + i, 1 + i, 1, 1 + i % 6, "Apple M3 Ultra", 40 + i, false});
        (void)store(db, &(struct thing){20 + i, 20 + i, 1, 1, "Apple M2 Ultra", 30 + i / 7.0, false});
        (void)store(db, &(struct thing){40 + i, 40 + i, 2, 0, "Apple M1 Ultra", 20 + i / 3.0, false});
        follow(db);
        (void)expect_cells_of_analyze(db);
    }
    assert_int_equal(harness_number(db, "select count(*) from cell where interval_of = 'contributors'"), 1);
    assert_int_equal(harness_number(db, "select count(*) from cell where interval_of = 'submissions'"), 3);
    assert_int_equal(harness_number(db, "select count(*) from cell where chip = 'Apple M3 Ultra' and contributors = 6 "
                                        "and submissions = 7 and value > low and value < high"),
                     1);
    expect_same_anew(db);
}

/* What is withdrawn leaves its figures, and the last one its cell. */
static void test_what_goes_leaves_no_cell(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    const struct sha256 one = store(db, &(struct thing){1, 1, 1, 1, "Apple M2", 20, false});
    const struct sha256 two = store(db, &(struct thing){2, 2, 1, 2, "Apple M2", 21, false});
    follow(db);
    assert_int_equal(harness_number(db, "select count(*) from cell where value = 20.5 and contributors = 2"), 1);
    decide(db, &one, "withdraw");
    follow(db);
    assert_int_equal(harness_number(db, "select count(*) from cell where value = 21 and contributors = 1"), 1);
    decide(db, &two, "delete");
    follow(db);
    assert_int_equal(harness_number(db, "select (select count(*) from cell) + (select count(*) from device_figure)"),
                     0);
    decide(db, &one, "undo");
    follow(db);
    assert_int_equal(expect_cells_of_analyze(db), 1);
    expect_same_anew(db);
}

/* The place says what is summarised, and moves with it; more figures than one transaction takes come in several. */
static void test_the_place_and_its_work(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect(), *other = harness_connect();
    struct sealer sealer = {0};
    struct sealing sealing;
    struct piece piece, held;
    struct err err;
    (void)store(db, &(struct thing){1, 1, SUMMARISE_MOST + 10, 1, "Apple M2", 20, false});
    harness_exec(db, "insert into workload select distinct workload_key, '{}'::jsonb from run"); /* they are known */
    harness_ok(log_seal(db, &sealer, NOW, &sealing, &err), &err);
    harness_ok(summarise_round(db, &piece, &err), &err);
    assert_true(piece.first == piece.end);
    harness_ok(judge_round(db, NOW, &piece, &err), &err);
    harness_ok(observe_round(db, &piece, &err), &err);
    /* Nobody else is at it, and not while observe is. */
    harness_ok(db_begin(other, DB_READ_COMMITTED, &err), &err);
    harness_ok(piece_hold(other, FOLLOWER_OBSERVE, &held, &err), &err);
    harness_ok(summarise_round(db, &piece, &err), &err);
    assert_true(piece.held);
    db_rollback(other);
    harness_ok(summarise_round(db, &piece, &err), &err);
    assert_true(piece.behind > 0);
    assert_int_equal(harness_number(db, "select next_index from follower where name = 'summarise'"), 0);
    assert_int_equal(harness_number(db, "select count(*) from dirty_figure"), 10);
    harness_ok(summarise_round(db, &piece, &err), &err);
    assert_true(piece.behind == 0);
    assert_int_equal(harness_number(db, "select next_index from follower where name = 'summarise'"), 1);
    assert_int_equal(expect_cells_of_analyze(db), SUMMARISE_MOST + 10);
}

static void decide_name(struct db *db, const char *kind, const char *name, const char *target)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *row = NULL;
    struct err err;
    db_put_text(&values, kind);
    db_put_text(&values, name);
    db_put_text(&values, target);
    db_put_text(&values, "");
    db_put_text(&values, "moderator:test");
    db_put_text(&values, "because");
    db_put_timestamptz(&values, NOW);
    harness_ok(db_query(db, statement("alias_decide"), &values, &row, &err), &err);
    assert_true(db_int64(row, 0, 0) > 0);
}

/* A name that means something else now: the submissions that hold it are observed again, and no other. */
static void test_what_is_named_anew(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    (void)store(db, &(struct thing){1, 1, 1, 1, "Apple M2", 20, false});
    (void)store(db, &(struct thing){2, 2, 1, 2, "my desk", 21, false});
    follow(db);
    assert_int_equal(expect_cells_of_analyze(db), 2);
    decide_name(db, "chip", "my desk", "Apple M2");
    follow(db);
    assert_int_equal(harness_number(db, "select count(*) from cell where chip = 'Apple M2' and contributors = 2"), 1);
    assert_int_equal(expect_cells_of_analyze(db), 1);
    expect_same_anew(db);
    assert_int_equal(
        harness_number(db, "select (select count(*) from dirty_series) + (select count(*) from dirty_submission)"), 0);
    decide_name(db, "chip", "my desk", NULL);
    follow(db);
    assert_int_equal(expect_cells_of_analyze(db), 2);
    expect_same_anew(db);
}

/* The same of a model, and of a chip and a model that one submission names: each step gives what analyze computes. */
static void test_models_named_anew(void **state)
{
    static const struct {
        const char *kind, *name, *target;
        int cells;
    } steps[] = {
        {"model", "my llama", "Llama 2 7B", 2}, {"chip", "my desk", "Apple M2", 1}, {"model", "my llama", NULL, 2},
        {"model", "my llama", "Llama 2 7B", 1}, {"chip", "my desk", NULL, 2},       {"model", "my llama", NULL, 3},
    };
    const struct thing_own own = {.model = "my llama"};
    struct sha256 id;
    struct err err;
    (void)state;
    autodb struct db *db = harness_connect();
    (void)store(db, &(struct thing){1, 1, 1, 1, "Apple M2", 20, false});
    harness_ok(store_own(db, &(struct thing){2, 2, 1, 2, "Apple M2", 21, false}, &own, &id, &err), &err);
    harness_ok(store_own(db, &(struct thing){3, 3, 1, 3, "my desk", 23, false}, &own, &id, &err), &err);
    follow(db);
    assert_int_equal(expect_cells_of_analyze(db), 3);
    for (size_t i = 0; i < ARRAY_LENGTH(steps); i++) {
        decide_name(db, steps[i].kind, steps[i].name, steps[i].target);
        follow(db);
        assert_int_equal(expect_cells_of_analyze(db), steps[i].cells);
        expect_same_anew(db);
    }
}

/* One that is erased, and observed again before the log says so: the next of its original counts all the same. */
static void test_an_erased_one_that_is_observed_again(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct piece piece;
    struct err err;
    const struct sha256 first = store(db, &(struct thing){1, 1, 1, 1, "Apple M2", 20, false});
    follow(db);
    (void)store(db, &(struct thing){2, 1, 1, 2, "Apple M2", 20, false});
    follow(db);
    assert_int_equal(harness_number(db, "select count(*) from observation where contributor_key::text like '01%'"), 1);
    decide(db, &first, "delete");
    harness_exec(db, "insert into dirty_submission select submission_id from observation");
    harness_ok(observe_round(db, &piece, &err), &err);
    follow(db);
    assert_int_equal(harness_number(db, "select count(*) from observation where contributor_key::text like '02%'"), 1);
    assert_int_equal(expect_cells_of_analyze(db), 1);
    expect_same_anew(db);
}

/* What somebody changed in the tables is found, and put right. */
static void test_rebuilding_puts_right(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    const struct rebuild_options look = {.only_look = true}, change = {.only_look = false};
    struct rebuild_figures figures;
    struct err err;
    for (int i = 0; i < 5; i++) {
        (void)store(db, &(struct thing){1 + i, 1 + i, 1, 1 + i, "Apple M2", 20 + i / 10.0, false});
    }
    follow(db);
    harness_exec(db, "update cell set value = value * (1 + 1e-15)");
    harness_exec(db, "delete from observation where ctid = (select min(ctid) from observation)");
    harness_ok(rebuild_all(db, &look, &figures, &err), &err);
    assert_int_equal(figures.differing, 3); /* a row that is missing; a cell as it was and as it should be */
    harness_ok(rebuild_all(db, &change, &figures, &err), &err);
    assert_int_equal(figures.differing, 3);
    harness_ok(rebuild_all(db, &look, &figures, &err), &err);
    assert_int_equal(figures.differing, 0);
    assert_int_equal(figures.observations, 5);
    assert_int_equal(expect_cells_of_analyze(db), 1);
}

static long most_memory_kib(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
#ifdef __APPLE__
    return usage.ru_maxrss / 1024;
#else
    return usage.ru_maxrss;
#endif
}

/* What a device has sent is not held in memory all at once: 200,000 rows are 50 MB. */
static void test_a_device_that_sent_very_often(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct piece piece;
    struct err err;
    (void)store(db, &(struct thing){1, 1, 1, 1, "Apple M2", 20, false});
    follow(db);
    harness_exec(db, "insert into observation (series_key, contributor_key, device_key, submission_id, ordinal, "
                     "cell_key, ran_at, n, value, flagged) select series_key, contributor_key, device_key, "
                     "lpad(to_hex(i), 32, '0')::uuid, 0, cell_key, ran_at, 1, 20 + i / 1048576.0, false "
                     "from observation, generate_series(1, 200000) as i");
    harness_exec(db, "insert into dirty_figure select cell_key, contributor_key, device_key from device_figure");
    const long before = most_memory_kib();
    harness_ok(summarise_round(db, &piece, &err), &err);
    const long grown = most_memory_kib() - before;
#ifndef __SANITIZE_ADDRESS__ /* keeps what is freed */
    assert_true(grown < 16384);
#endif
    (void)grown;
    assert_int_equal(harness_number(db, "select count(*) from device_figure where submissions = 200001 and results = "
                                        "200001 and least = 20 and (value - 20) * 1048576 = 100000"),
                     1);
    /* The binomial distribution with p = 1/2: 100,000.5 more or less 1.96 times 223.6. */
    assert_int_equal(
        harness_number(db, "select count(*) from cell where interval_of = 'submissions' and "
                           "abs((low - 20) * 1048576 - 99562) < 5 and abs((high - 20) * 1048576 - 100438) < 5"),
        1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, harness_begin, harness_end)
    const struct CMUnitTest tests[] = {
        TEST(test_real_results_are_what_analyze_computes),
        TEST(test_a_single_result_has_its_samples),
        TEST(test_levels_of_intervals),
        TEST(test_what_goes_leaves_no_cell),
        TEST(test_the_place_and_its_work),
        TEST(test_what_is_named_anew),
        TEST(test_models_named_anew),
        TEST(test_an_erased_one_that_is_observed_again),
        TEST(test_rebuilding_puts_right),
        TEST(test_a_device_that_sent_very_often),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
