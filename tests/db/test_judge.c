/* The judge and the places of followers against a real PostgreSQL. */
#include "tests/db/judge_sample.h"

static void test_a_later_one_of_the_same_original_changes_nothing(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    const struct sha256 first = store(db, &(struct thing){1, 1, 1, 1, "Apple M2", 20, false});
    follow(db);
    const struct sha256 same = store(db, &(struct thing){2, 1, 1, 2, "Apple M2", 20, false});
    const struct sha256 other = store(db, &(struct thing){3, 1, 1, 3, "Apple M3 Max", 20, false});
    const struct sha256 alone = store(db, &(struct thing){4, 2, 1, 3, "Apple M3 Max", 50, false});
    follow(db);
    expect(db, &first, "accepted", "");
    expect(db, &same, "accepted", "");
    expect(db, &other, "quarantined", "same_original_differs");
    expect(db, &alone, "accepted", "");
    /* The same original counts once, as the one that came first; when that is gone, the next. */
    assert_int_equal(harness_number(db, "select count(*) from observation"), 2);
    assert_int_equal(harness_number(db, "select count(*) from observation where contributor_key::text like '01%'"), 1);
    decide(db, &first, "withdraw");
    follow(db);
    assert_int_equal(harness_number(db, "select count(*) from observation where contributor_key::text like '02%'"), 1);
    decide(db, &first, "undo");
    follow(db);
    assert_int_equal(harness_number(db, "select count(*) from observation where contributor_key::text like '01%'"), 1);
    assert_int_equal(harness_number(db, "select count(*) from observation"), 2);
    /* What a moderator releases stays released, but does not count beside the first. */
    decide(db, &other, "accept");
    follow(db);
    expect(db, &other, "accepted", "");
    assert_int_equal(harness_number(db, "select count(*) from observation"), 2);
}

static void test_too_many_new_workloads(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    const struct sha256 most = store(db, &(struct thing){1, 1, JUDGE_WORKLOADS_MOST, 1, "Apple M2", 20, false});
    follow(db);
    const struct sha256 known = store(db, &(struct thing){2, 2, JUDGE_WORKLOADS_MOST + 1, 2, "Apple M2", 20, false});
    follow(db);
    harness_exec(db, "delete from workload");
    const struct sha256 flood = store(db, &(struct thing){3, 3, JUDGE_WORKLOADS_MOST + 1, 3, "Apple M2", 20, false});
    follow(db);
    expect(db, &most, "accepted", "");
    expect(db, &known, "accepted", ""); /* one of them is new */
    expect(db, &flood, "quarantined", "many_workloads");
}

/* A piece that was not committed is met again; nobody else works on it meanwhile. */
static void test_a_place_moves_with_its_work(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect(), *other = harness_connect();
    struct sealer sealer = {0};
    struct sealing sealing;
    struct piece mine, theirs, again;
    struct err err;
    (void)store(db, &(struct thing){1, 1, 1, 1, "Apple M2", 20, false});
    (void)store(db, &(struct thing){2, 2, 1, 2, "Apple M2", 20, false});
    harness_ok(log_seal(db, &sealer, NOW, &sealing, &err), &err);
    harness_ok(piece_begin(db, FOLLOWER_JUDGE, NULL, 1, &mine, &err), &err);
    assert_int_equal(mine.end - mine.first, 1);
    assert_int_equal(mine.behind, 1);
    harness_ok(piece_begin(other, FOLLOWER_JUDGE, NULL, 1, &theirs, &err), &err);
    assert_true(theirs.held);
    db_rollback(other);
    db_rollback(db);
    harness_ok(piece_begin(db, FOLLOWER_JUDGE, NULL, 5, &again, &err), &err);
    assert_true(again.first == mine.first && again.end == mine.first + 2);
    db_rollback(db);
    /* Nothing is observed that is not judged. */
    harness_ok(observe_round(db, &mine, &err), &err);
    assert_int_equal(mine.end, mine.first);
    assert_int_equal(harness_number(db, "select count(*) from observation"), 0);
    harness_ok(judge_round(db, NOW, &mine, &err), &err);
    harness_ok(observe_round(db, &mine, &err), &err);
    assert_int_equal(harness_number(db, "select count(*) from observation"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_place_moves_with_its_work, harness_begin, harness_end),
        cmocka_unit_test_setup_teardown(test_a_later_one_of_the_same_original_changes_nothing, harness_begin,
                                        harness_end),
        cmocka_unit_test_setup_teardown(test_too_many_new_workloads, harness_begin, harness_end),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
