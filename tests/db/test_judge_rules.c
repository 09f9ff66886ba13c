/* The judge's rules that look at the original and at what others have shown. */
#include "tests/db/judge_sample.h"

#include <string.h>

#include "collector/people/look.h"

/* ---------------------------------------------------------------- the original beside the runs */

#define SAMPLE "tests/data/samples/llama.cpp-apple/m1-max-24c.json"

/* With the first number behind `name` replaced. */
static void replace_number(struct buf *bundle, const char *name, const char *number)
{
    autobuf struct buf other = BUF(BUF_MIB);
    const char *at = strstr(buf_text(bundle), name);
    assert_non_null(at);
    at += strlen(name);
    buf_add(&other, bundle->data, (size_t)(at - bundle->data));
    buf_adds(&other, number);
    buf_adds(&other, at + strcspn(at, ",}"));
    buf_reset(bundle);
    buf_add(bundle, other.data, other.len);
}

static void test_invented_runs_beside_a_true_original(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    autobuf struct buf honest = BUF(BUF_MIB), invented = BUF(BUF_MIB), held = BUF(BUF_MIB);
    pack_file(&honest, SAMPLE, 1);
    pack_file(&invented, SAMPLE, 1);
    pack_file(&held, SAMPLE, 1);
    replace_number(&invented, "\"mean\":", "460");
    replace_number(&held, "\"mean\":", "461");
    const struct sha256 good = store_bytes(db, &honest, INTAKE_ANONYMOUS_ACCEPT);
    const struct sha256 bad = store_bytes(db, &invented, INTAKE_ANONYMOUS_ACCEPT);
    /* One that is held already gets the reason as well. */
    const struct sha256 third = store_bytes(db, &held, INTAKE_ANONYMOUS_QUARANTINE);
    follow(db);
    expect(db, &good, "accepted", "");
    expect(db, &bad, "quarantined", "reader_differs");
    expect_reason(db, &bad, "mean is 460, ");
    expect(db, &third, "quarantined", "reader_differs");
    expect_reason(db, &third, "mean is 461, ");
    assert_int_equal(harness_number(db, "select count(*) from observation where value between 460 and 461"), 0);
    /* A moderator may see it otherwise; nothing is judged a second time. */
    decide(db, &bad, "accept");
    follow(db);
    expect(db, &bad, "accepted", "");
    expect_verified(db);
}

/* Runs that an older reader made: what today's finds takes their place, so inventing them gains nothing. */
static void test_an_older_reader_is_read_anew(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    autobuf struct buf old = BUF(BUF_MIB);
    pack_file(&old, SAMPLE, 1);
    replace_number(&old, "\"reader\":", "0");
    replace_number(&old, "\"mean\":", "460");
    const struct sha256 id = store_bytes(db, &old, INTAKE_ANONYMOUS_ACCEPT);
    assert_int_equal(harness_number(db, "select count(*) from measurement where mean = 460"), 1);
    follow(db);
    expect(db, &id, "accepted", "reader_differs");
    expect_reason(db, &id, "read again from the original: ");
    assert_int_equal(harness_number(db, "select count(*) from measurement where mean = 460"), 0);
    assert_int_equal(harness_number(db, "select reader_version from submission"), 1);
    assert_true(harness_number(db, "select count(*) from observation") > 0);
    expect_verified(db);
}

static void test_three_contributors_release_what_they_confirm(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    (void)store(db, &(struct thing){1, 1, 1, 1, "Apple M3 Ultra", 20.0, false});
    (void)store(db, &(struct thing){2, 2, 1, 2, "Apple M3 Ultra", 20.5, false});
    follow(db);
    const struct sha256 early = store(db, &(struct thing){3, 3, 1, 0, "Apple M3 Ultra", 20.2, true});
    const struct sha256 early_far = store(db, &(struct thing){8, 8, 1, 0, "Apple M3 Ultra", 30.0, true});
    const struct sha256 early_rejected = store(db, &(struct thing){9, 9, 1, 0, "Apple M3 Ultra", 20.3, true});
    follow(db);
    expect(db, &early, "quarantined", "");
    decide(db, &early_rejected, "reject");
    follow(db);
    assert_int_equal(harness_number(db, "select count(*) from held"), 2);
    /* One contributor is one, however often it sends. */
    for (int i = 20; i < 30; i++) {
        (void)store(db, &(struct thing){i, i, 1, 1, "Apple M3 Ultra", 30.0, false});
    }
    follow(db);
    expect(db, &early, "quarantined", "");
    expect(db, &early_far, "quarantined", "");
    /* The third one comes later. */
    (void)store(db, &(struct thing){4, 4, 1, 3, "Apple M3 Ultra", 19.5, false});
    follow(db);
    expect(db, &early, "accepted", "confirmed");
    expect(db, &early_far, "quarantined", "");
    expect(db, &early_rejected, "rejected", "");
    const struct sha256 good = store(db, &(struct thing){5, 5, 1, 0, "Apple M3 Ultra", 20.9, true});
    const struct sha256 far = store(db, &(struct thing){6, 6, 1, 0, "Apple M3 Ultra", 40.0, true});
    const struct sha256 unknown = store(db, &(struct thing){7, 7, 2, 0, "Apple M3 Ultra", 20.0, true});
    follow(db);
    expect(db, &good, "accepted", "confirmed");
    expect(db, &far, "quarantined", "");
    expect(db, &unknown, "quarantined", ""); /* nobody has seen one of its two workloads */
    assert_int_equal(harness_number(db, "select count(*) from held"), 3);
    assert_int_equal(harness_number(db, "select count(*) from held where again"), 0);
    expect_verified(db);
}

static void test_what_lies_far_from_all_others(void **state)
{
    (void)state;
    static const double shown[] = {19, 19.5, 20, 20.5, 21};
    autodb struct db *db = harness_connect();
    const struct sha256 early = store(db, &(struct thing){1, 1, 1, 9, "Apple M3 Ultra", 150, false});
    for (int i = 0; i < 4; i++) {
        (void)store(db, &(struct thing){10 + i, 10 + i, 1, 1 + i, "Apple M3 Ultra", shown[i], false});
    }
    follow(db);
    /* Four besides itself: too few to say so. */
    const struct sha256 few = store(db, &(struct thing){2, 2, 1, 9, "Apple M3 Ultra", 45, false});
    follow(db);
    expect(db, &early, "accepted", "");
    expect(db, &few, "accepted", "");
    (void)store(db, &(struct thing){14, 14, 1, 5, "Apple M3 Ultra", shown[4], false});
    follow(db);
    const struct sha256 double_it = store(db, &(struct thing){3, 3, 1, 9, "Apple M3 Ultra", 45, false});
    const struct sha256 near = store(db, &(struct thing){4, 4, 1, 9, "Apple M3 Ultra", 38, false});
    const struct sha256 half = store(db, &(struct thing){5, 5, 1, 9, "Apple M3 Ultra", 9, false});
    const struct sha256 another = store(db, &(struct thing){6, 6, 1, 9, "Apple M4 Max", 80, false});
    follow(db);
    expect(db, &double_it, "quarantined", "outlier");
    expect_reason(db, &double_it,
                  "45 tok/s is 2.25 times what 5 contributors have shown: 20, and 2 times is the limit");
    expect(db, &near, "accepted", "");
    expect(db, &half, "quarantined", "outlier");
    expect(db, &another, "accepted", "");
    /* What a moderator let through stays, and its other figures are judged as before. */
    decide(db, &double_it, "accept");
    follow(db);
    expect(db, &double_it, "accepted", "");
    expect_verified(db);
}

/* Documents of more than 4 MiB together are judged one group after the other. */
static void test_outliers_among_large_ones(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    for (int i = 0; i < 5; i++) {
        (void)store(db, &(struct thing){1 + i, 1 + i, 1, 1 + i, "Apple M3 Ultra", 20, false});
    }
    follow(db);
    const struct sha256 first = store(db, &(struct thing){10, 10, 1, 9, "Apple M3 Ultra", 45, false});
    const struct sha256 second = store(db, &(struct thing){11, 11, 1, 9, "Apple M3 Ultra", 46, false});
    const struct sha256 usual = store(db, &(struct thing){12, 12, 1, 9, "Apple M3 Ultra", 21, false});
    harness_exec(
        db, "update submission set raw = raw || decode(repeat('20', 3000000), 'hex'), raw_size = raw_size + 3000000 "
            "where submission_id in (select submission_id from pending_event)");
    follow(db);
    expect(db, &first, "quarantined", "outlier");
    expect(db, &second, "quarantined", "outlier");
    expect(db, &usual, "accepted", "");
}

/* Fifty submissions of one contributor are one value: they neither make their own figure usual nor others' unusual. */
static void test_a_flood_moves_nothing(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    for (int i = 0; i < 5; i++) {
        (void)store(db, &(struct thing){1 + i, 1 + i, 1, 1 + i, "Apple M3 Ultra", 20 + i / 10.0, false});
    }
    follow(db);
    /* The flood stays below the limit of two. */
    for (int i = 0; i < 50; i++) {
        (void)store(db, &(struct thing){100 + i, 100 + i, 1, 9, "Apple M3 Ultra", 39, false});
    }
    follow(db);
    assert_int_equal(harness_number(db, "select count(*) from observation"), 55);
    const struct sha256 honest = store(db, &(struct thing){201, 201, 1, 6, "Apple M3 Ultra", 19, false});
    const struct sha256 more = store(db, &(struct thing){202, 202, 1, 9, "Apple M3 Ultra", 44, false});
    follow(db);
    expect(db, &honest, "accepted", "");
    expect(db, &more, "quarantined", "outlier");
}

/* A device that sent 20, 22 and 21, beside four others. */
static void test_a_moderator_sees_the_noise(void **state)
{
    (void)state;
    static const double mine[] = {20, 22, 21}, others[] = {30, 31, 32, 33};
    autodb struct db *db = harness_connect();
    autobuf struct buf out = BUF(BUF_MIB);
    struct err err;
    for (int i = 0; i < 3; i++) {
        (void)store(db, &(struct thing){1 + i, 1 + i, 1, 1, "Apple M3 Ultra", mine[i], false});
    }
    for (int i = 0; i < 4; i++) {
        (void)store(db, &(struct thing){10 + i, 10 + i, 1, 2 + i, "Apple M3 Ultra", others[i], false});
    }
    const struct sha256 id = store(db, &(struct thing){20, 20, 1, 1, "Apple M3 Ultra", 63, false});
    follow(db);
    harness_ok(look_show(db, &id, true, &out, &err), &err);
    /* In logarithms: median ln 21, mad ln 21 − ln 20 or ln 22 − ln 21, the smaller; and the middle of four. */
    static const char *const words[] = {
        "\"others\": 3,",       "\"other_median\": 21,",          "\"other_spread_percent\": 6.897",
        "\"contributors\": 4,", "\"contributor_median\": 31.496", "\"times\": 2.000"};
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
        if (strstr(buf_text(&out), words[i]) == NULL) {
            fail_msg("%s is not in %s", words[i], buf_text(&out));
        }
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, harness_begin, harness_end)
    const struct CMUnitTest tests[] = {
        TEST(test_invented_runs_beside_a_true_original),
        TEST(test_an_older_reader_is_read_anew),
        TEST(test_three_contributors_release_what_they_confirm),
        TEST(test_what_lies_far_from_all_others),
        TEST(test_outliers_among_large_ones),
        TEST(test_a_flood_moves_nothing),
        TEST(test_a_moderator_sees_the_noise),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
