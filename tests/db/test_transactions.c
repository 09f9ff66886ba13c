/* What a statement, a COMMIT, a COPY and a stream say when things go wrong. */
#include "tests/db/db_harness.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/clock.h"
#include "schema/base/mem.h"

static void test_commit_of_failed_transaction_is_an_error(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    harness_exec(db, "create table t (i int)");
    harness_ok(db_begin(db, DB_READ_COMMITTED, &err), &err);
    harness_exec(db, "insert into t values (1)");
    assert_true(db_query(db, "select 1 / 0", NULL, NULL, &err) < 0);
    assert_string_equal(err.sqlstate, "22012");
    harness_refused(db_commit(db, &err), ERR_INTERNAL, &err);
    assert_true(db_sqlstate_is(&err, "25P02"));
    assert_false(db_is_in_doubt(&err));
    assert_false(db_in_transaction(db));
    assert_int_equal(harness_number(db, "select count(*) from t"), 0);
}

static void test_commit_needs_a_transaction(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    harness_refused(db_commit(db, &err), ERR_INTERNAL, &err);
    harness_ok(db_begin(db, DB_READ_COMMITTED, &err), &err);
    harness_refused(db_begin(db, DB_READ_COMMITTED, &err), ERR_INTERNAL, &err);
    harness_ok(db_commit(db, &err), &err);
    db_rollback(db);
    harness_ok(db_begin(db, DB_READ_COMMITTED, &err), &err);
    db_rollback(db);
    assert_false(db_in_transaction(db));
}

static void test_deferred_failure_at_commit_is_no_doubt(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    harness_exec(db, "create table t (i int constraint t_key unique deferrable initially deferred)");
    harness_ok(db_begin(db, DB_READ_COMMITTED, &err), &err);
    harness_exec(db, "insert into t values (1), (1)");
    assert_true(db_commit(db, &err) < 0);
    assert_string_equal(err.sqlstate, "23505");
    assert_false(db_is_in_doubt(&err));
    assert_false(db_is_transient(&err));
}

static void kill_backend(struct db *victim, struct db *killer)
{
    char sql[100];
    (void)snprintf(sql, sizeof sql, "select pg_terminate_backend(%d, 5000)",
                   (int)harness_number(victim, "select pg_backend_pid()"));
    harness_exec(killer, sql);
}

static void test_lost_connection_in_commit_is_in_doubt(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    struct db *other autodb = harness_connect();
    harness_ok(db_begin(db, DB_READ_COMMITTED, &err), &err);
    kill_backend(db, other);
    harness_refused(db_commit(db, &err), ERR_RETRY, &err);
    assert_true(db_is_in_doubt(&err));
    assert_true(db_is_transient(&err));
    assert_true(db_connection_lost(db));
    /* Everything on a lost connection is an error, and one call brings it back. */
    harness_refused(db_exec(db, "select 1", &err), ERR_SERVICE, &err);
    assert_true(db_is_transient(&err));
    db_rollback(db);
    harness_ok(db_reconnect(db, &err), &err);
    assert_int_equal(harness_number(db, "select 1"), 1);
}

static void test_lost_connection_is_told(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    struct db *other autodb = harness_connect();
    kill_backend(db, other);
    harness_refused(db_query(db, "select 1", NULL, NULL, &err), ERR_SERVICE, &err);
    assert_true(db_is_transient(&err));
    assert_true(db_connection_lost(db));
}

static void test_time_limits_are_transient(void **state)
{
    (void)state;
    struct err err = {0};
    const struct db_options options = {.statement_timeout_ms = 100, .lock_timeout_ms = 50};
    struct db *db autodb = NULL;
    struct db *other autodb = harness_connect();
    harness_ok(db_connect(harness_conninfo(), &options, &db, &err), &err);
    assert_true(db_query(db, "select pg_sleep(5)", NULL, NULL, &err) < 0);
    assert_string_equal(err.sqlstate, "57014");
    assert_true(db_is_transient(&err));
    harness_exec(db, "create table t (i int)");
    harness_ok(db_begin(other, DB_READ_COMMITTED, &err), &err);
    harness_exec(other, "lock table t");
    assert_true(db_query(db, "insert into t values (1)", NULL, NULL, &err) < 0);
    assert_string_equal(err.sqlstate, "55P03");
    assert_true(db_is_transient(&err));
    assert_false(db_connection_lost(db));
}

/* statement_timeout cannot help where the server is stuck: the client's own limit does. */
static void test_own_deadline_closes_the_connection(void **state)
{
    (void)state;
    struct err err = {0};
    const struct db_options options = {.statement_timeout_ms = -1, .answer_limit_ms = 1500}; /* connecting has it too */
    struct db *db autodb = NULL;
    harness_ok(db_connect(harness_conninfo(), &options, &db, &err), &err);
    const int64_t began_us = clock_monotonic_us();
    harness_refused(db_query(db, "select pg_sleep(30)", NULL, NULL, &err), ERR_SERVICE, &err);
    assert_true(clock_monotonic_us() - began_us < 15000000);
    assert_true(db_connection_lost(db));
    assert_true(db_is_transient(&err));
}

static void test_messages_hold_no_data(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    harness_exec(db, "create table t (s text, constraint t_pkey primary key (s), "
                     "constraint t_short check (length(s) < 20))");
    struct db_values value autovalues = DB_VALUES(DB_PARAMETERS);
    db_put_text(&value, "secret-word");
    static const char *const statements[] = {
        "select $1::int",
        "select $1::jsonb",
        "select $1::timestamptz",
        "insert into t values ($1), ($1)",
        "insert into t values ($1 || $1)",
    };
    for (size_t at = 0; at < ARRAY_LENGTH(statements); at++) {
        assert_true(db_query(db, statements[at], &value, NULL, &err) < 0);
        assert_null(strstr(err.text, "secret"));
        assert_null(strstr(err.detail, "secret"));
        assert_int_equal(strlen(err.sqlstate), 5);
    }
    harness_refused(db_connect("postgresql://u:secret-word@/%zz", NULL, &(struct db *){NULL}, &err), ERR_USAGE, &err);
    assert_null(strstr(err.text, "secret"));
    assert_null(strstr(err.detail, "secret"));
}

static void test_copy_fails_as_a_whole(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    harness_exec(db, "create table t (i int, constraint t_pkey primary key (i))");
    struct db_values rows autovalues = DB_VALUES(DB_COPY_ROWS);
    for (int32_t number = 0; number < 3; number++) {
        db_put_row(&rows, 1);
        db_put_int32(&rows, number % 2);
    }
    harness_ok(db_copy_begin(db, "t (i)", &err), &err);
    harness_refused(db_exec(db, "select 1", &err), ERR_INTERNAL, &err);
    harness_ok(db_copy_send(db, &rows, &err), &err);
    assert_true(db_copy_end(db, NULL, &err) < 0);
    assert_string_equal(err.sqlstate, "23505");
    assert_int_equal(harness_number(db, "select count(*) from t"), 0);
    harness_refused(db_copy_send(db, &rows, &err), ERR_INTERNAL, &err);
}

static void test_copy_can_be_given_up(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    harness_exec(db, "create table t (i int)");
    harness_ok(db_begin(db, DB_READ_COMMITTED, &err), &err);
    harness_ok(db_copy_begin(db, "t (i)", &err), &err);
    struct db_values rows autovalues = DB_VALUES(DB_COPY_ROWS);
    db_put_row(&rows, 1);
    db_put_int32(&rows, 1);
    harness_ok(db_copy_send(db, &rows, &err), &err);
    db_rollback(db);
    assert_false(db_connection_lost(db));
    assert_int_equal(harness_number(db, "select count(*) from t"), 0);
    /* COPY as an ordinary statement would leave the connection unusable. */
    harness_refused(db_exec(db, "copy t from stdin", &err), ERR_INTERNAL, &err);
    assert_true(db_connection_lost(db));
}

static void test_stream_gives_every_row(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    struct db_values limit autovalues = DB_VALUES(DB_PARAMETERS);
    db_put_int32(&limit, 100000);
    harness_ok(db_stream_begin(db, "select i, i * 0.5::float8 from generate_series(1, $1::int) as i", &limit, &err),
               &err);
    harness_refused(db_exec(db, "select 1", &err), ERR_INTERNAL, &err);
    const struct db_result *row = NULL;
    int64_t sum = 0;
    int code;
    while ((code = db_stream_next(db, &row, &err)) > 0) {
        sum += db_int64(row, 0, 0);
    }
    harness_ok(code, &err);
    assert_int_equal(sum, INT64_C(5000050000));
    assert_int_equal(harness_number(db, "select 1"), 1);
}

static void test_stream_can_end_early_or_fail(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    const struct db_result *row = NULL;
    harness_ok(db_stream_begin(db, "select generate_series(1, 100000000)", NULL, &err), &err);
    assert_int_equal(db_stream_next(db, &row, &err), 1);
    db_stream_end(db);
    assert_int_equal(harness_number(db, "select 1"), 1);
    harness_ok(db_stream_begin(db, "select 10 / (3 - i) from generate_series(1, 5) as i", NULL, &err), &err);
    int code;
    int rows = 0;
    while ((code = db_stream_next(db, &row, &err)) > 0) {
        rows++;
    }
    assert_true(code < 0);
    assert_int_equal(rows, 2);
    assert_string_equal(err.sqlstate, "22012");
    assert_int_equal(harness_number(db, "select 1"), 1);
    assert_true(db_stream_begin(db, "select nonsense", NULL, &err) == 0);
    assert_true(db_stream_next(db, &row, &err) < 0);
    assert_string_equal(err.sqlstate, "42703");
}

static int add_up(void *context, const struct db_result *row, struct err *err)
{
    int64_t *sum = context;
    *sum += db_int64(row, 0, 0);
    return *sum > 10 ? err_set(err, ERR_LIMIT, "more than ten") : 0;
}

static void test_each_row_is_given(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    int64_t sum = 0;
    harness_ok(db_each(db, "select generate_series(1, 4)", NULL, add_up, &sum, &err), &err);
    assert_int_equal(sum, 10);
    sum = 0;
    harness_refused(db_each(db, "select generate_series(1, 100000000)", NULL, add_up, &sum, &err), ERR_LIMIT, &err);
    assert_int_equal(sum, 15);
    assert_int_equal(harness_number(db, "select 1"), 1);
    assert_true(db_each(db, "select nonsense", NULL, add_up, &sum, &err) < 0);
    assert_int_equal(harness_number(db, "select 1"), 1);
}

static void test_copy_out_gives_every_row(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    harness_ok(db_copy_out_begin(db,
                                 "select i, -i::bigint, i * 0.5::float8, 'row ' || i, nullif(i, 2), "
                                 "'{\"a\": 1}'::jsonb, array[i, null, -0.5]::float8[], "
                                 "'00000000-0000-0000-0000-00000000000a'::uuid, timestamptz '2000-01-01 00:00:01Z' "
                                 "from generate_series(1, 50000) as i",
                                 &err),
               &err);
    harness_refused(db_exec(db, "select 1", &err), ERR_INTERNAL, &err);
    const struct db_row *row = NULL;
    int64_t sum = 0, nulls = 0;
    double halves = 0;
    int code;
    while ((code = db_copy_out_next(db, &row, &err)) > 0) {
        double items[3];
        char expected[32];
        assert_int_equal(row->count, 9);
        assert_int_equal(db_field_int64(row, 0), -db_field_int64(row, 1));
        sum += db_field_int64(row, 0);
        halves += db_field_float8(row, 2);
        (void)snprintf(expected, sizeof expected, "row %d", (int)db_field_int64(row, 0));
        assert_string_equal(row->fields[3].data, expected);
        nulls += row->fields[4].data == NULL ? 1 : 0;
        assert_string_equal(db_field_json(row, 5).data, "{\"a\": 1}");
        assert_int_equal(db_field_array_length(row, 6), 3);
        db_field_array_float8s(row, 6, items);
        assert_true(items[0] > 0 && isnan(items[1]) && items[2] < 0);
        assert_int_equal(db_field_uuid(row, 7)[15], 10);
        assert_int_equal(db_field_timestamptz(row, 8), INT64_C(946684801000000));
        assert_ptr_equal(row->bytes.data, row->fields[0].data - 4);
        assert_ptr_equal(row->bytes.data + row->bytes.len, row->fields[8].data + 8);
    }
    harness_ok(code, &err);
    assert_int_equal(sum, INT64_C(1250025000));
    assert_true(halves * 2 > 1250024999.5 && halves * 2 < 1250025000.5);
    assert_int_equal(nulls, 1);
    harness_ok(db_copy_out_begin(db, "select 1 where false", &err), &err);
    harness_ok(db_copy_out_next(db, &row, &err), &err);
    assert_int_equal(harness_number(db, "select 1"), 1);
}

static void test_copy_out_can_end_early_or_fail(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    const struct db_row *row = NULL;
    assert_true(db_copy_out_begin(db, "select nonsense", &err) < 0);
    assert_string_equal(err.sqlstate, "42703");
    /* PostgreSQL may fail before the first row or behind it. */
    int code = db_copy_out_begin(db, "select 10 / (3 - i) from generate_series(1, 5) as i", &err);
    int rows = 0;
    while (code >= 0 && (code = db_copy_out_next(db, &row, &err)) > 0) {
        rows++;
    }
    assert_true(code < 0);
    assert_int_equal(rows, 2);
    assert_string_equal(err.sqlstate, "22012");
    assert_int_equal(harness_number(db, "select 1"), 1);
    assert_true(db_copy_out_begin(db, "select 1 / (2 - i) from generate_series(2, 5) as i", &err) < 0);
    assert_string_equal(err.sqlstate, "22012");
    harness_ok(db_copy_out_begin(db, "select generate_series(1, 1000000)", &err), &err);
    assert_int_equal(db_copy_out_next(db, &row, &err), 1);
    db_copy_out_end(db);
    assert_true(db_connection_lost(db));
    harness_ok(db_reconnect(db, &err), &err);
    assert_int_equal(harness_number(db, "select 1"), 1);
}

static void test_session_is_as_promised(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = NULL;
    const struct db_options options = {.writes = true, .application_name = "crosschip-test"};
    harness_ok(db_connect(harness_conninfo(), &options, &db, &err), &err);
    harness_exec(db, "create schema evil; create table evil.t (i int); create table t (i int)");
    assert_int_equal(harness_number(db, "select (current_setting('search_path') = 'public, pg_temp')::int"), 1);
    /* The test cluster has synchronous_commit = off: who writes gets on all the same. */
    assert_int_equal(harness_number(db, "select (current_setting('synchronous_commit') = 'on')::int"), 1);
    assert_int_equal(harness_number(db, "select (current_setting('application_name') = 'crosschip-test')::int"), 1);
    harness_exec(db, "set synchronous_commit = off; set search_path = evil; set statement_timeout = 0");
    harness_ok(db_begin(db, DB_READ_COMMITTED, &err), &err);
    assert_int_equal(harness_number(db, "select (current_setting('synchronous_commit') = 'on')::int"), 1);
    assert_int_equal(harness_number(db, "select ('t'::regclass = 'public.t'::regclass)::int"), 1);
    assert_int_equal(harness_number(db, "select (current_setting('statement_timeout') = '1min')::int"), 1);
    harness_ok(db_commit(db, &err), &err);
    struct db_durability durability;
    harness_refused(db_check_server(db, &durability, &err), ERR_SERVICE, &err);
    assert_non_null(strstr(err.text, "fsync is off"));
}

static void test_session_reads_by_key_where_told(void **state)
{
    (void)state;
    for (int by_key = 0; by_key < 2; by_key++) {
        struct err err = {0};
        struct db *db autodb = NULL;
        const struct db_options options = {.writes = true, .by_key = by_key == 1};
        harness_ok(db_connect(harness_conninfo(), &options, &db, &err), &err);
        static const char whole[] = "select (current_setting('enable_seqscan') = 'on')::int";
        assert_int_equal(harness_number(db, whole), 1 - by_key);
        harness_exec(db, by_key == 1 ? "set enable_seqscan = on" : "set enable_seqscan = off");
        harness_ok(db_begin(db, DB_READ_COMMITTED, &err), &err);
        assert_int_equal(harness_number(db, whole), 1 - by_key);
        harness_ok(db_commit(db, &err), &err);
    }
}

static void test_reading_session_changes_nothing(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *writer autodb = harness_connect();
    harness_exec(writer, "create table t (i int)");
    const struct db_options options = {.reads_only = true};
    struct db *db autodb = NULL;
    harness_ok(db_connect(harness_conninfo(), &options, &db, &err), &err);
    assert_int_equal(harness_number(db, "select count(*) from t"), 0);
    assert_true(db_exec(db, "insert into t values (1)", &err) < 0);
    assert_string_equal(err.sqlstate, "25006");
    /* As from a standby: the connection is given up, and the next one is the same. */
    assert_true(db_connection_lost(db));
    harness_ok(db_reconnect(db, &err), &err);
    harness_ok(db_begin(db, DB_READ_COMMITTED, &err), &err);
    assert_true(db_exec(db, "insert into t values (1)", &err) < 0);
    assert_string_equal(err.sqlstate, "25006");
    assert_int_equal(harness_number(writer, "select count(*) from t"), 0);
}

static void test_snapshot_reads_one_moment(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    struct db *other autodb = harness_connect();
    harness_exec(other, "create table t (i int)");
    harness_ok(db_begin(db, DB_SNAPSHOT, &err), &err);
    assert_int_equal(harness_number(db, "select count(*) from t"), 0);
    harness_exec(other, "insert into t values (1)");
    assert_int_equal(harness_number(db, "select count(*) from t"), 0);
    assert_true(db_query(db, "insert into t values (2)", NULL, NULL, &err) < 0);
    assert_string_equal(err.sqlstate, "25006");
    db_rollback(db);
}

static void test_a_second_connection_sees_the_same_moment(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    struct db *writer autodb = harness_connect();
    struct db *beside autodb = NULL;
    harness_exec(writer, "create table t (i int)");
    harness_ok(db_begin(db, DB_SNAPSHOT, &err), &err);
    assert_int_equal(harness_number(db, "select count(*) from t"), 0);
    harness_exec(writer, "insert into t values (1)");
    harness_ok(db_begin_beside(db, &beside, &err), &err);
    assert_non_null(beside);
    assert_int_equal(harness_number(beside, "select count(*) from t"), 0);
    assert_true(db_query(beside, "insert into t values (2)", NULL, NULL, &err) < 0);
    assert_string_equal(err.sqlstate, "25006");
}

static void test_no_second_connection_is_no_error(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    struct db *beside autodb = NULL;
    harness_exec(db, "create table t (i int)");
    harness_exec(db, "do $$ begin execute 'alter database ' || current_database() || ' connection limit 1'; end $$");
    harness_ok(db_begin(db, DB_SNAPSHOT, &err), &err);
    harness_ok(db_begin_beside(db, &beside, &err), &err);
    assert_null(beside);
    assert_int_equal(harness_number(db, "select count(*) from t"), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, harness_begin_empty, harness_end)
    const struct CMUnitTest tests[] = {
        TEST(test_commit_of_failed_transaction_is_an_error),
        TEST(test_commit_needs_a_transaction),
        TEST(test_deferred_failure_at_commit_is_no_doubt),
        TEST(test_lost_connection_in_commit_is_in_doubt),
        TEST(test_lost_connection_is_told),
        TEST(test_time_limits_are_transient),
        TEST(test_own_deadline_closes_the_connection),
        TEST(test_messages_hold_no_data),
        TEST(test_copy_fails_as_a_whole),
        TEST(test_copy_can_be_given_up),
        TEST(test_stream_gives_every_row),
        TEST(test_stream_can_end_early_or_fail),
        TEST(test_each_row_is_given),
        TEST(test_copy_out_gives_every_row),
        TEST(test_copy_out_can_end_early_or_fail),
        TEST(test_session_is_as_promised),
        TEST(test_session_reads_by_key_where_told),
        TEST(test_reading_session_changes_nothing),
        TEST(test_snapshot_reads_one_moment),
        TEST(test_a_second_connection_sees_the_same_moment),
        TEST(test_no_second_connection_is_no_error),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
