/* A server that may lose what it said it has, and a database that does not fit, are refused; one that has no roles
 * is used without them. */
#include "tests/db/db_harness.h"

#include <stdio.h>
#include <string.h>

#include "collector/database.h"
#include "schema/base/clock.h"
#include "schema/base/mem.h"
#include "schema/db/migrate.h"

static struct db *connect_admin(const char *database)
{
    struct err err = {0};
    struct db *db = NULL;
    autofree char *conninfo = cluster_conninfo_of(harness_cluster(), "crosschip_admin", database);
    assert_non_null(conninfo);
    harness_ok(db_connect(conninfo, NULL, &db, &err), &err);
    return db;
}

/* Changes a setting of the running server and waits until new sessions have it. */
static void set(struct db *admin, const char *name, const char *value)
{
    char sql[160];
    (void)snprintf(sql, sizeof sql, "alter system set %s = %s", name, value);
    harness_exec(admin, sql);
    harness_exec(admin, "select pg_reload_conf()");
    (void)snprintf(sql, sizeof sql, "select (current_setting('%s') = '%s')::int", name, value);
    for (int i = 0; i < 400; i++) {
        struct db *db autodb = harness_connect();
        if (harness_number(db, sql) == 1) {
            return;
        }
        clock_sleep_us(25000);
    }
    fail_msg("%s does not become %s", name, value);
}

static int check(struct err *err)
{
    struct db *db autodb = harness_connect();
    struct db_durability durability;
    return db_check_server(db, &durability, err);
}

static void test_what_may_be_lost_is_refused(void **state)
{
    (void)state;
    static const char *const settings[] = {"fsync", "full_page_writes", "synchronous_commit"};
    struct err err = {0};
    struct db *admin autodb = connect_admin("postgres");
    for (size_t i = 0; i < ARRAY_LENGTH(settings); i++) {
        set(admin, settings[i], "on");
    }
    harness_ok(check(&err), &err);
    for (size_t i = 0; i < ARRAY_LENGTH(settings); i++) {
        set(admin, settings[i], "off");
        harness_refused(check(&err), ERR_SERVICE, &err);
        assert_non_null(strstr(err.text, settings[i]));
        assert_non_null(strstr(err.hint, settings[i]));
        set(admin, settings[i], "on");
    }
    set(admin, "synchronous_commit", "remote_write");
    harness_refused(check(&err), ERR_SERVICE, &err);
    set(admin, "synchronous_commit", "remote_apply");
    harness_ok(check(&err), &err);
    for (size_t i = 0; i < ARRAY_LENGTH(settings); i++) {
        set(admin, settings[i], "off");
    }
    harness_exec(admin, "alter system reset all");
    harness_exec(admin, "select pg_reload_conf()");
}

static void test_another_encoding_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    struct db_durability durability;
    struct db *admin autodb = connect_admin("postgres");
    harness_exec(admin, "create database latin template template0 encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'");
    {
        struct db *db autodb = connect_admin("latin");
        harness_refused(db_check_server(db, &durability, &err), ERR_SERVICE, &err);
        assert_non_null(strstr(err.text, "LATIN1"));
        assert_non_null(strstr(err.hint, "UTF8"));
    }
    harness_exec(admin, "drop database latin");
}

static void test_older_and_newer_schemas_are_refused(void **state)
{
    (void)state;
    struct err err = {0};
    char sql[120];
    struct db *db autodb = harness_connect();
    harness_ok(db_schema_check(db, &err), &err);
    (void)snprintf(sql, sizeof sql, "insert into schema_migration values (%d, 'later', sha256('x'), now())",
                   db_schema_version() + 1);
    harness_exec(db, sql);
    harness_refused(db_schema_check(db, &err), ERR_SERVICE, &err);
    assert_non_null(strstr(err.hint, "newer"));
    (void)snprintf(sql, sizeof sql, "delete from schema_migration where version >= %d", db_schema_version());
    harness_exec(db, sql);
    harness_refused(db_schema_check(db, &err), ERR_SERVICE, &err);
    assert_non_null(strstr(err.hint, "migrate"));
}

/* As on a server where this account may make no roles. */
static void test_roles_that_may_not_be_made_are_told(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    struct db *admin autodb = connect_admin("postgres");
    bool usable = true;
    autoresult struct db_result *databases = NULL;
    harness_ok(db_query(admin, "select datname from pg_database where datallowconn and datname not like 'template%'",
                        NULL, &databases, &err),
               &err);
    for (size_t row = 0; row < db_rows(databases); row++) {
        struct db *other autodb = connect_admin(db_text(databases, row, 0));
        harness_exec(other, "drop owned by crosschip_ingest");
    }
    harness_exec(admin, "drop role crosschip_ingest");
    harness_ok(database_roles_usable(db, &usable, &err), &err);
    assert_false(usable);
    assert_int_equal(harness_number(db, "select (grant_roles() = '{crosschip_ingest}')::int"), 1);
    harness_ok(database_grant_roles(db, &err), &err);
    /* With the right to make roles they are made. */
    harness_exec(admin, "alter role crosschip createrole");
    assert_int_equal(harness_number(db, "select (grant_roles() = '{}')::int"), 1);
    harness_ok(database_roles_usable(db, &usable, &err), &err);
    assert_true(usable);
    harness_exec(admin, "alter role crosschip nocreaterole");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, harness_begin, harness_end)
    const struct CMUnitTest tests[] = {
        TEST(test_what_may_be_lost_is_refused),
        TEST(test_another_encoding_is_refused),
        TEST(test_older_and_newer_schemas_are_refused),
        TEST(test_roles_that_may_not_be_made_are_told),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
