/* COMMIT that waits for a standby which is not there (scale.md, section 4): an answer
 * without the standby's is no answer. */
#include "tests/db/db_harness.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/clock.h"
#include "schema/base/mem.h"

static struct db *connect_admin(void)
{
    struct err err = {0};
    autofree char *conninfo = cluster_conninfo_of(harness_cluster(), "crosschip_admin", "postgres");
    struct db *db = NULL;
    harness_ok(db_connect(conninfo, NULL, &db, &err), &err);
    return db;
}

static void set_standby(const char *setting)
{
    struct db *db autodb = connect_admin();
    autofree char *sql = mem_printf("alter system set synchronous_standby_names = '%s'", setting);
    harness_exec(db, sql);
    harness_exec(db, "select pg_reload_conf()");
    const int64_t began_us = clock_monotonic_us();
    while (clock_monotonic_us() - began_us < 5000000) {
        struct db *fresh autodb = connect_admin();
        autofree char *question =
            mem_printf("select (current_setting('synchronous_standby_names') = '%s')::int", setting);
        if (harness_number(fresh, question) == 1) {
            break;
        }
    }
    clock_sleep_us(100000); /* the checkpointer publishes the setting to the backends */
}

static int set_absent_standby(void **state)
{
    const int code = harness_begin_empty(state);
    struct db *db autodb = harness_connect();
    harness_exec(db, "create table t (i int)");
    set_standby("nobody");
    return code;
}

static int set_no_standby(void **state)
{
    set_standby("");
    return harness_end(state);
}

/* Cancels the wait, as an administrator would. */
static void *cancel_waiting(void *context)
{
    struct db *db = context;
    for (int tries = 0; tries < 200; tries++) {
        clock_sleep_us(20000);
        if (db_query(db, "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'", NULL, NULL,
                     NULL) == 0 &&
            db_affected(db) > 0) {
            break;
        }
    }
    return NULL;
}

static void begin_work(struct db *db)
{
    struct err err = {0};
    harness_ok(db_begin(db, DB_READ_COMMITTED, &err), &err);
    harness_exec(db, "insert into t values (1)");
}

static void test_cancelled_wait_is_in_doubt(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *admin autodb = connect_admin();
    struct db *db autodb = NULL;
    const struct db_options options = {.writes = true};
    harness_ok(db_connect(harness_conninfo(), &options, &db, &err), &err);
    begin_work(db);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, cancel_waiting, admin), 0);
    const int code = db_commit(db, &err);
    assert_int_equal(pthread_join(thread, NULL), 0);
    harness_refused(code, ERR_RETRY, &err);
    assert_true(db_is_in_doubt(&err));
}

static void test_deadline_in_commit_is_in_doubt(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = NULL;
    const struct db_options options = {.writes = true, .statement_timeout_ms = 100, .answer_limit_ms = 400};
    harness_ok(db_connect(harness_conninfo(), &options, &db, &err), &err);
    begin_work(db);
    harness_refused(db_commit(db, &err), ERR_RETRY, &err);
    assert_true(db_is_in_doubt(&err));
    assert_true(db_connection_lost(db));
    /* In doubt means just that: here the row is there. */
    struct db *other autodb = harness_connect();
    set_standby("");
    for (int tries = 0; tries < 100 && harness_number(other, "select count(*) from t") == 0; tries++) {
        clock_sleep_us(20000);
    }
    assert_int_equal(harness_number(other, "select count(*) from t"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_cancelled_wait_is_in_doubt, set_absent_standby, set_no_standby),
        cmocka_unit_test_setup_teardown(test_deadline_in_commit_is_in_doubt, set_absent_standby, set_no_standby),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
