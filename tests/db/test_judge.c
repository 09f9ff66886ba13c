/* The judge and the observations against a real PostgreSQL: each rule, exactly once, and the same again from nothing.
 */
#include "tests/db/judge_sample.h"

#include <stdlib.h>

#include "schema/base/number.h"

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

/* ---------------------------------------------------------------- random histories */

static uint64_t draw(uint64_t *seed, uint64_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed % below;
}

/* All that observe wrote, as one number. */
static int64_t fingerprint(struct db *db)
{
    return harness_number(
        db,
        "select ('x' || substr(md5(coalesce((select string_agg(o::text, ';' order by o::text) from observation o), '') "
        "|| coalesce((select string_agg(o::text, ';' order by o::text) from original o), '')), 1, 15))::bit(60)::int8");
}

static void random_step(struct db *db, uint64_t *seed, struct sha256 *ids, int *count)
{
    static const char *const chips[] = {"Apple M2", "Apple M2", "Apple M3 Max"};
    static const char *const actions[] = {"accept", "reject", "withdraw", "undo", "undo", "delete"};
    static struct sealer sealer;
    struct sealing sealing;
    struct piece piece;
    struct err err;
    const uint64_t what = draw(seed, 10);
    const struct sha256 *one = *count > 0 ? &ids[draw(seed, (uint64_t)*count)] : NULL;
    if (what < 4 || one == NULL) {
        const struct thing thing = {(int)draw(seed, 1000), (int)draw(seed, 8),   1 + (int)draw(seed, 2),
                                    (int)draw(seed, 5),    chips[draw(seed, 3)], 20 + (double)draw(seed, 4),
                                    draw(seed, 4) == 0};
        ids[(*count)++] = store(db, &thing);
        if (draw(seed, 4) == 0) {
            (void)store(db, &thing); /* the same bytes again */
        }
    } else if (what < 6) {
        decide(db, one, actions[draw(seed, 6)]);
    } else if (what < 8) {
        if (draw(seed, 3) == 0) {
            sealer = (struct sealer){0}; /* a restart */
        }
        harness_ok(log_seal(db, &sealer, NOW + (int64_t)draw(seed, 5000), &sealing, &err), &err);
    } else if (what == 8) {
        harness_ok(judge_round(db, NOW + 3000, &piece, &err), &err);
    } else {
        harness_ok(observe_round(db, &piece, &err), &err);
    }
}

static void run_history(struct db *db, uint64_t seed, int steps)
{
    struct sha256 ids[256];
    int count = 0;
    for (int step = 0; step < steps; step++) {
        random_step(db, &seed, ids, &count);
    }
    follow(db);
    /* The log has no gap and no repeat, every state is the fold of its events, … */
    expect_verified(db);
    /* … and the observations, made from nothing, are the same. */
    const int64_t before = fingerprint(db);
    harness_exec(db, "delete from observation; delete from original; delete from series; delete from workload; "
                     "delete from dirty_series; update follower set next_index = 0 where name = 'observe'");
    follow(db);
    assert_int_equal(fingerprint(db), before);
}

static void test_random_histories(void **state)
{
    (void)state;
    int64_t histories = 6;
    (void)number_parse_int64(str_of(getenv("CROSSCHIP_HISTORIES")), &histories);
    for (int64_t history = 1; history <= histories; history++) {
        autodb struct db *db = harness_connect();
        run_history(db, UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)history, 120);
        harness_exec(db, "alter table moderation disable trigger user; delete from measurement; delete from run; "
                         "delete from submission; delete from moderation; delete from log_entry; delete from log_node; "
                         "delete from follower; delete from observation; delete from original; delete from series; "
                         "delete from workload; delete from dirty_series; delete from held; delete from held_series; "
                         "update log_head set size = 0, "
                         "root = sha256('')");
    }
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
        cmocka_unit_test_setup_teardown(test_random_histories, harness_begin, harness_end),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
