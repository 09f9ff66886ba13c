/* Decisions about names: kept for good, the newest one holds, and the figures of the name's series are made anew. */
#include "tests/db/db_harness.h"

#include <string.h>

#include "collector/follow/observe.h"
#include "collector/people/names.h"

#define NOW INT64_C(1763712000123456)

static int decide(struct db *db, enum named named, const char *name, const char *target, struct err *err)
{
    autobuf struct buf out = BUF(BUF_MIB);
    const struct naming naming = {named, name, target, NULL, "moderator:test", "because"};
    return names_decide(db, &naming, NOW, &out, err);
}

static void add_series(struct db *db)
{
    harness_exec(db, "insert into workload values ('00000000-0000-0000-0000-000000000001', '{\"model\": \"mine\"}'), "
                     "('00000000-0000-0000-0000-000000000002', '{\"model_as_given\": \"mine\"}'), "
                     "('00000000-0000-0000-0000-000000000003', '{\"model\": \"Mine\"}')");
    harness_exec(db,
                 "insert into series select ('00000000-0000-0000-0000-00000000001' || i)::uuid, case when i = 1 then "
                 "'Desk' else 'desk' end, 1, ('00000000-0000-0000-0000-00000000000' || i)::uuid, 'alone', 'm', 'u' "
                 "from generate_series(1, 3) i");
}

static void test_the_newest_decision_holds(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct err err;
    add_series(db);
    harness_ok(decide(db, NAMED_CHIP, "Desk", "Apple M1 Max", &err), &err);
    assert_int_equal(harness_number(db, "select count(*) from dirty_series"), 1);
    harness_ok(decide(db, NAMED_CHIP, "Desk", "Apple M1 Max", &err), &err);
    assert_int_equal(harness_number(db, "select count(*) from alias_decision"), 1);
    harness_ok(decide(db, NAMED_CHIP, "Desk", "Apple M2", &err), &err);
    assert_int_equal(harness_number(db, "select count(*) from alias where target = 'Apple M2'"), 1);
    harness_exec(db, "delete from dirty_series");
    harness_ok(decide(db, NAMED_CHIP, "Desk", NULL, &err), &err);
    assert_int_equal(harness_number(db, "select count(*) from alias"), 0);
    assert_int_equal(harness_number(db, "select count(*) from alias_decision"), 3);
    assert_int_equal(harness_number(db, "select count(*) from dirty_series"), 1);
    harness_refused(decide(db, NAMED_CHIP, "Desk", NULL, &err), ERR_NOT_FOUND, &err);
    harness_ok(decide(db, NAMED_CHIP, "Desk", "Apple M1 Max", &err), &err);
    assert_int_equal(harness_number(db, "select count(*) from alias where target = 'Apple M1 Max'"), 1);
}

/* Whatever was measured in it was withdrawn before: nothing is left to be observed again, the note goes all the same.
 */
static void test_a_series_without_observations_is_done_at_once(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct err err;
    struct piece piece;
    add_series(db);
    harness_ok(decide(db, NAMED_CHIP, "Desk", "Apple M1 Max", &err), &err);
    assert_int_equal(harness_number(db, "select count(*) from dirty_series"), 1);
    harness_ok(observe_round(db, &piece, &err), &err);
    assert_int_equal(harness_number(db, "select count(*) from dirty_series"), 0);
}

static void test_models_are_named_as_they_were_given(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct err err;
    add_series(db);
    harness_ok(decide(db, NAMED_MODEL, "mine", "Llama 2 7B", &err), &err);
    assert_int_equal(harness_number(db, "select count(*) from dirty_series"), 2);
    assert_int_equal(harness_number(db, "select count(*) from alias where kind = 'model' and name = 'mine'"), 1);
    harness_refused(decide(db, NAMED_MODEL, "mine too", "a model that nobody knows", &err), ERR_DATA, &err);
    harness_refused(decide(db, NAMED_CHIP, "", "Apple M1 Max", &err), ERR_USAGE, &err);
}

static void test_decisions_are_append_only(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct err err;
    harness_ok(decide(db, NAMED_CHIP, "Desk", "Apple M1 Max", &err), &err);
    static const char *const refused[] = {"update alias_decision set reason = 'x'", "delete from alias_decision",
                                          "truncate alias_decision"};
    for (size_t i = 0; i < ARRAY_LENGTH(refused); i++) {
        harness_refused(db_exec(db, refused[i], &err), ERR_NOT_ALLOWED, &err);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, harness_begin, harness_end)
    const struct CMUnitTest tests[] = {
        TEST(test_the_newest_decision_holds),
        TEST(test_a_series_without_observations_is_done_at_once),
        TEST(test_models_are_named_as_they_were_given),
        TEST(test_decisions_are_append_only),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
