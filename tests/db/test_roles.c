/* Each role may do what its work needs, and nothing else: roles × statements. */
#include "tests/db/db_harness.h"

#include <stdio.h>

#include "collector/database.h"
#include "schema/base/mem.h"

enum { INGEST = 1, FOLLOW = 2, AUTH = 4, READER = 8, MODERATOR = 16, ANSWER = 32 };

static const struct {
    const char *name;
    unsigned bit;
} roles[] = {
    {"crosschip_ingest", INGEST}, {"crosschip_follow", FOLLOW},       {"crosschip_auth", AUTH},
    {"crosschip_reader", READER}, {"crosschip_moderator", MODERATOR}, {"crosschip_answer", ANSWER},
};

#define NEW_ID "'11112233-4455-6677-8899-aabbccddeeff'"
#define NEW_HASH "'\\x11112233445566778899aabbccddeeff00000000000000000000000000000000'"
#define OLD_ID "'00112233-4455-6677-8899-aabbccddeeff'"
#define OLD_HASH "'\\x00112233445566778899aabbccddeeff00000000000000000000000000000000'"
#define SUBMISSION(id, hash)                                                                                           \
    "insert into submission (submission_id, content_hash, received_at, origin, contributor_key, format, "              \
    "reader_version, state, revision, flags, raw_size, raw) values (" id ", " hash                                     \
    ", '2026-01-01Z', 'http', '00000000-0000-0000-0000-000000000000', 'f', 1, 'quarantined', 1, '{}', 1, 'x')"
#define RUN                                                                                                            \
    "insert into run (submission_id, run_no, device_key, chip_name, chip_count, workload_key, variant, "               \
    "ran_at_local, workload, device, flags) values (" OLD_ID ", 5, " OLD_ID ", 'c', 1, " OLD_ID                        \
    ", 'alone', false, '{}', '{}', '{}')"
#define EVENT                                                                                                          \
    "insert into pending_event values (" OLD_ID ", 9, 'accepted', '2026-01-01Z', '\\x00') returning submission_id"

/* Statement, and who may run it; everybody else is refused with 42501. */
static const struct {
    const char *sql;
    unsigned allowed;
} matrix[] = {
    {SUBMISSION(NEW_ID, NEW_HASH) " on conflict (submission_id) do nothing returning submission_id", INGEST | FOLLOW},
    {RUN, INGEST | FOLLOW},
    {EVENT, INGEST | FOLLOW},
    {"select submission_id, content_hash, state, received_at, flags from submission",
     INGEST | FOLLOW | MODERATOR | ANSWER},
    {"select raw from submission", FOLLOW | ANSWER},
    {"select withdraw_hash from submission", FOLLOW},
    {"select findings, contributor_key from submission", FOLLOW | MODERATOR | ANSWER},
    {"select * from run", FOLLOW | MODERATOR | ANSWER},
    {"select * from measurement", FOLLOW | MODERATOR | ANSWER},
    {"update submission set state = 'accepted'", FOLLOW},
    {"update submission set raw = 'y'", FOLLOW},
    {"delete from submission where false", FOLLOW},
    {"delete from measurement", FOLLOW},
    {"truncate measurement", 0},
    {"truncate submission cascade", 0},
    {"delete from pending_event", FOLLOW},
    {"select * from log_head", FOLLOW | ANSWER},
    {"update log_head set size = size", FOLLOW},
    {"select * from signing_key", FOLLOW | ANSWER},
    {"delete from signing_key where false", FOLLOW},
    {"select * from held, original, observation", FOLLOW},
    {"select * from published", FOLLOW | READER | ANSWER},
    {"select * from verdict", FOLLOW | ANSWER},
    {"select token_id, secret_hash, scopes, expires_at from token", AUTH},
    {"select last_used from token", 0},
    {"insert into token values ('aaaaaaaa', '\\x00', " OLD_ID ", '{admin}', now(), now(), null, null)", 0},
    {"update token set revoked_at = null", 0},
    {"update token set scopes = '{admin}'", 0},
    {"select token_used(array['aaaaaaaa'], '2026-01-01Z')", AUTH},
    {"select contributor_rename(" OLD_ID ", 'x')", INGEST},
    {"update contributor set name = 'x' where false", FOLLOW},
    {"select * from moderation", FOLLOW | MODERATOR},
    {"insert into moderation values (" OLD_ID ", 2, 'rejected', 'a', null, '', 'accepted', 'rejected', '2026-01-01Z')",
     0},
    {"update moderation set reason = ''", 0},
    {"delete from moderation", 0},
    {"truncate moderation", 0},
    {"select * from contributor", FOLLOW | MODERATOR},
    {"select submission_moderate(" OLD_ID ", 'accept', 'moderator:x', null, 'r', '2026-01-01Z')", MODERATOR},
    {"select submission_withdraw(" OLD_ID ", " OLD_HASH ", sha256('s'), null, '2026-01-01Z')", AUTH},
    {"select submission_change(" OLD_ID ", 'reparsed', null, false, 'follower:x', null, '', '2026-01-01Z')", FOLLOW},
    {"select grant_roles()", 0},
    {"insert into schema_migration values (99, 'x', sha256('x'), now())", 0},
    {"create table public.mine (i int)", 0},
    {"create function public.mine() returns int language sql as 'select 1'", 0},
    {"drop table run", 0},
    {"alter table submission disable trigger all", 0},
};

static void assert_may(struct db *db, const char *role, const char *sql, bool allowed)
{
    struct err err = {0};
    char set[80];
    (void)snprintf(set, sizeof set, "set local role %s", role);
    harness_exec(db, "begin");
    harness_exec(db, set);
    int code = db_exec(db, sql, &err);
    bool denied = code != 0 && db_sqlstate_is(&err, "42501");
    if (allowed ? code != 0 : !denied) {
        fail_msg("%s %s: %s\n%s (%s)", role, allowed ? "must be allowed" : "must be refused", sql, err.text,
                 err.sqlstate);
    }
    db_rollback(db);
}

static void test_matrix(void **state)
{
    (void)state;
    struct db *db autodb = harness_connect();
    harness_exec(db, SUBMISSION(OLD_ID, OLD_HASH));
    harness_exec(db, "update submission set withdraw_hash = sha256('s')");
    for (size_t i = 0; i < ARRAY_LENGTH(matrix); i++) {
        for (size_t j = 0; j < ARRAY_LENGTH(roles); j++) {
            assert_may(db, roles[j].name, matrix[i].sql, (matrix[i].allowed & roles[j].bit) != 0);
        }
    }
}

/* Without any role: nothing at all. */
static void test_strangers_see_nothing(void **state)
{
    (void)state;
    struct db *db autodb = harness_connect();
    autofree char *conninfo = cluster_conninfo_of(harness_cluster(), "crosschip_admin", "postgres");
    assert_non_null(conninfo);
    struct err err = {0};
    struct db *admin autodb = NULL;
    harness_ok(db_connect(conninfo, NULL, &admin, &err), &err);
    harness_exec(admin, "create role stranger nologin; grant stranger to crosschip");
    static const char *const refused[] = {"select * from submission", "select * from published", "select * from token",
                                          "select submission_moderate(" OLD_ID ", 'accept', 'moderator:x', null, 'r', "
                                          "'2026-01-01Z')"};
    for (size_t i = 0; i < ARRAY_LENGTH(refused); i++) {
        assert_may(db, "stranger", refused[i], false);
    }
    harness_exec(admin, "drop role stranger");
}

static void test_roles_are_usable(void **state)
{
    (void)state;
    struct db *db autodb = harness_connect();
    struct err err = {0};
    bool usable = false;
    harness_ok(database_roles_usable(db, &usable, &err), &err);
    assert_true(usable);
    harness_ok(database_grant_roles(db, &err), &err);
    harness_exec(db, "revoke insert on submission from crosschip_ingest");
    harness_ok(database_roles_usable(db, &usable, &err), &err);
    assert_false(usable);
    harness_ok(database_grant_roles(db, &err), &err);
    harness_ok(database_roles_usable(db, &usable, &err), &err);
    assert_true(usable);
    /* A table that comes later is covered by the next call. */
    harness_exec(db, "create table later (i int)");
    assert_may(db, "crosschip_follow", "select * from later", false);
    harness_ok(database_grant_roles(db, &err), &err);
    assert_may(db, "crosschip_follow", "select * from later", true);
    assert_may(db, "crosschip_ingest", "select * from later", false);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, harness_begin, harness_end)
    const struct CMUnitTest tests[] = {
        TEST(test_matrix),
        TEST(test_strangers_see_nothing),
        TEST(test_roles_are_usable),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
