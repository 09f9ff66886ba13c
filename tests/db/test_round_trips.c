/* A transaction whose BEGIN goes with its first statement, and COPY of several tables in one statement. */
#include "tests/db/db_harness.h"

#include <stdio.h>

static struct db *connect_writer(void)
{
    struct err err = {0};
    struct db *db = NULL;
    const struct db_options options = {.writes = true};
    harness_ok(db_connect(harness_conninfo(), &options, &db, &err), &err);
    return db;
}

static void test_begin_goes_with_the_next_statement(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = connect_writer();
    struct db *other autodb = harness_connect();
    struct db_result *rows autoresult = NULL;
    harness_exec(db, "create table t (i int)");
    harness_exec(db, "set synchronous_commit = off; set search_path = pg_catalog; set statement_timeout = 0");
    harness_ok(db_begin_with_next(db, &err), &err);
    assert_true(db_in_transaction(db));
    harness_refused(db_begin(db, DB_READ_COMMITTED, &err), ERR_INTERNAL, &err);
    harness_refused(db_begin_with_next(db, &err), ERR_INTERNAL, &err);
    harness_ok(db_query(db, "insert into t values (1), (2) returning i", NULL, &rows, &err), &err);
    assert_int_equal(db_rows(rows), 2);
    assert_int_equal(db_affected(db), 2);
    assert_true(db_in_transaction(db));
    assert_int_equal(harness_number(other, "select count(*) from t"), 0);
    assert_int_equal(harness_number(db, "select (current_setting('synchronous_commit') = 'on')::int"), 1);
    assert_int_equal(harness_number(db, "select (current_setting('search_path') = 'public, pg_temp')::int"), 1);
    assert_int_equal(harness_number(db, "select (current_setting('statement_timeout') = '1min')::int"), 1);
    assert_int_equal(harness_number(db, "select (current_setting('lock_timeout') = '2s')::int"), 1);
    harness_ok(db_commit(db, &err), &err);
    assert_false(db_in_transaction(db));
    assert_int_equal(harness_number(other, "select count(*) from t"), 2);
    assert_int_equal(harness_number(db, "select (current_setting('synchronous_commit') = 'off')::int"), 1);
}

static void insert_twice(struct db *db, const char *sql)
{
    struct err err = {0};
    for (int32_t number = 1; number <= 2; number++) {
        struct db_values values autovalues = DB_VALUES(DB_PARAMETERS);
        struct db_result *rows autoresult = NULL;
        db_put_int32(&values, number);
        harness_ok(db_begin_with_next(db, &err), &err);
        harness_ok(db_query_kept(db, sql, &values, &rows, &err), &err);
        assert_int_equal(db_int64(rows, 0, 0), number);
        harness_ok(db_commit(db, &err), &err);
    }
}

static void test_a_direct_session_keeps_plans(void **state)
{
    (void)state;
    static const char insert[] = "insert into t values ($1) returning i", plans[] = "select count(*) from "
                                                                                    "pg_prepared_statements";
    struct err err = {0};
    struct db *through autodb = connect_writer();
    struct db *db autodb = NULL;
    const struct db_options options = {.writes = true, .direct = true};
    harness_ok(db_connect(harness_conninfo(), &options, &db, &err), &err);
    harness_exec(db, "create table t (i int)");
    insert_twice(through, insert);
    assert_int_equal(harness_number(through, plans), 0);
    insert_twice(db, insert);
    assert_int_equal(harness_number(db, plans), 1);
    harness_ok(db_reconnect(db, &err), &err);
    assert_int_equal(harness_number(db, plans), 0);
    insert_twice(db, insert);
    assert_int_equal(harness_number(db, plans), 1);
    assert_int_equal(harness_number(db, "select count(*) from t"), 6);
    assert_int_equal(harness_number(db, "select (current_setting('synchronous_commit') = 'on')::int"), 1);
}

static void test_more_statements_than_are_kept_still_run(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = NULL;
    const struct db_options options = {.direct = true};
    char sql[40][40];
    harness_ok(db_connect(harness_conninfo(), &options, &db, &err), &err);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 40; i++) {
            struct db_result *rows autoresult = NULL;
            (void)snprintf(sql[i], sizeof sql[i], "select %d", i);
            harness_ok(db_query_kept(db, sql[i], NULL, &rows, &err), &err);
            assert_int_equal(db_int64(rows, 0, 0), i);
        }
    }
    assert_true(db_query_kept(db, "select nothing from nowhere", NULL, NULL, &err) < 0);
    assert_string_equal(err.sqlstate, "42P01");
    assert_int_equal(harness_number(db, "select 1"), 1);
}

static void test_begin_goes_before_other_work_too(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = connect_writer();
    harness_exec(db, "create table t (i int)");
    harness_ok(db_begin_with_next(db, &err), &err);
    harness_exec(db, "insert into t values (1)");
    db_rollback(db);
    assert_int_equal(harness_number(db, "select count(*) from t"), 0);
    harness_ok(db_begin_with_next(db, &err), &err);
    harness_ok(db_commit(db, &err), &err);
    harness_ok(db_begin_with_next(db, &err), &err);
    db_rollback(db);
    assert_false(db_in_transaction(db));
}

static void test_a_failing_first_statement_is_told(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = connect_writer();
    struct db *other autodb = harness_connect();
    harness_exec(db, "create table t (i int primary key)");
    harness_ok(db_begin_with_next(db, &err), &err);
    assert_true(db_query(db, "insert into t values (1), (1)", NULL, NULL, &err) < 0);
    assert_string_equal(err.sqlstate, "23505");
    assert_false(db_connection_lost(db));
    harness_refused(db_commit(db, &err), ERR_INTERNAL, &err);
    harness_ok(db_begin_with_next(db, &err), &err);
    assert_true(db_query(db, "select nothing from nowhere", NULL, NULL, &err) < 0);
    assert_string_equal(err.sqlstate, "42P01");
    db_rollback(db);
    assert_int_equal(harness_number(db, "select count(*) from t"), 0);
    char sql[100];
    (void)snprintf(sql, sizeof sql, "select pg_terminate_backend(%d, 5000)",
                   (int)harness_number(db, "select pg_backend_pid()"));
    harness_ok(db_begin_with_next(db, &err), &err);
    harness_exec(other, sql);
    assert_true(db_query(db, "insert into t values (1)", NULL, NULL, &err) < 0);
    assert_true(db_connection_lost(db));
    assert_true(db_is_transient(&err));
    harness_ok(db_reconnect(db, &err), &err);
    assert_false(db_in_transaction(db));
    assert_int_equal(harness_number(db, "select count(*) from t"), 0);
}

static void put_numbers(struct db_values *rows, int32_t from, int32_t to)
{
    for (int32_t number = from; number < to; number++) {
        db_put_row(rows, 1);
        db_put_int32(rows, number);
    }
}

static const char *const tables[] = {"a (i)", "b (i)"};

static void test_several_tables_are_copied_at_once(void **state)
{
    (void)state;
    struct err err = {0};
    int64_t count = 0;
    struct db *db autodb = connect_writer();
    struct db_values rows autovalues = DB_VALUES(DB_COPY_ROWS);
    harness_exec(db, "create table a (i int primary key); create table b (i int primary key)");
    harness_ok(db_copy_begin_all(db, tables, 2, &err), &err);
    put_numbers(&rows, 0, 3);
    harness_ok(db_copy_send(db, &rows, &err), &err);
    harness_ok(db_copy_next(db, &err), &err);
    put_numbers(&rows, 0, 20000);
    harness_ok(db_copy_send(db, &rows, &err), &err);
    harness_ok(db_copy_end(db, &count, &err), &err);
    assert_int_equal(count, 20000);
    assert_int_equal(harness_number(db, "select count(*) from a"), 3);
    assert_int_equal(harness_number(db, "select count(*) from b"), 20000);
}

static void test_a_table_that_fails_ends_them_all(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = connect_writer();
    struct db_values rows autovalues = DB_VALUES(DB_COPY_ROWS);
    harness_exec(db, "create table a (i int primary key); create table b (i int primary key)");
    harness_ok(db_copy_begin_all(db, tables, 2, &err), &err);
    put_numbers(&rows, 0, 3);
    put_numbers(&rows, 0, 3);
    harness_ok(db_copy_send(db, &rows, &err), &err);
    assert_true(db_copy_next(db, &err) < 0);
    assert_string_equal(err.sqlstate, "23505");
    assert_false(db_connection_lost(db));
    harness_refused(db_copy_send(db, &rows, &err), ERR_INTERNAL, &err);
    assert_int_equal(harness_number(db, "select count(*) from a"), 0);
    harness_ok(db_begin_with_next(db, &err), &err);
    harness_ok(db_copy_begin_all(db, tables, 2, &err), &err);
    harness_ok(db_copy_next(db, &err), &err);
    db_rollback(db);
    assert_int_equal(harness_number(db, "select count(*) from b"), 0);
    harness_ok(db_copy_begin_all(db, tables, 2, &err), &err);
    harness_refused(db_copy_end(db, NULL, &err), ERR_INTERNAL, &err);
    assert_true(db_connection_lost(db));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, harness_begin_empty, harness_end)
    const struct CMUnitTest tests[] = {
        TEST(test_begin_goes_with_the_next_statement),      TEST(test_a_direct_session_keeps_plans),
        TEST(test_more_statements_than_are_kept_still_run), TEST(test_begin_goes_before_other_work_too),
        TEST(test_a_failing_first_statement_is_told),       TEST(test_several_tables_are_copied_at_once),
        TEST(test_a_table_that_fails_ends_them_all),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
