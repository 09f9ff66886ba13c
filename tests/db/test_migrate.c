/* The migration runner: once, in order, unchanged, and never backwards. */
#include "tests/db/db_harness.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/db/migrate.h"

#define FILE_OF(name, text)                                                                                            \
    {                                                                                                                  \
        name, (const unsigned char *)(text), sizeof(text) - 1                                                          \
    }

static const struct embedded_file one[] = {
    FILE_OF("0001_first.sql", "create table a (i int); insert into a values (1);"),
    {NULL, NULL, 0},
};
static const struct embedded_file one_changed[] = {
    FILE_OF("0001_first.sql", "create table a (i int); insert into a values (2);"),
    {NULL, NULL, 0},
};
static const struct embedded_file two[] = {
    FILE_OF("0001_first.sql", "create table a (i int); insert into a values (1);"),
    FILE_OF("0002_second.sql", "alter table a add column j int; update a set j = i + 1;"),
    {NULL, NULL, 0},
};
static const struct embedded_file two_broken[] = {
    FILE_OF("0001_first.sql", "create table a (i int); insert into a values (1);"),
    FILE_OF("0002_second.sql", "create table b (i int); select nonsense;"),
    {NULL, NULL, 0},
};
static const struct embedded_file gap[] = {
    FILE_OF("0001_first.sql", "create table a (i int);"),
    FILE_OF("0003_third.sql", "create table c (i int);"),
    {NULL, NULL, 0},
};

static void assert_version(struct db *db, int expected)
{
    struct err err = {0};
    int version = -1;
    harness_ok(db_schema_version_of(db, &version, &err), &err);
    assert_int_equal(version, expected);
}

static void migrate(struct db *db, const struct embedded_file *files, int expected)
{
    struct err err = {0};
    int applied = -1;
    harness_ok(db_migrate_files(db, files, &applied, &err), &err);
    assert_int_equal(applied, expected);
}

static void test_empty_to_head_and_again(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    assert_version(db, 0);
    harness_refused(db_schema_check(db, &err), ERR_SERVICE, &err);
    assert_non_null(strstr(err.hint, "crosschip-collector migrate"));
    int applied = -1;
    harness_ok(db_migrate(db, &applied, &err), &err);
    assert_int_equal(applied, db_schema_version());
    assert_version(db, db_schema_version());
    harness_ok(db_schema_check(db, &err), &err);
    harness_ok(db_migrate(db, &applied, &err), &err);
    assert_int_equal(applied, 0);
    assert_int_equal(harness_number(db, "select count(*) from schema_migration"), db_schema_version());
}

static void test_step_by_step_keeps_data(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    migrate(db, one, 1);
    harness_exec(db, "insert into a values (10)");
    harness_refused(db_schema_check_files(db, two, &err), ERR_SERVICE, &err);
    assert_non_null(strstr(err.text, "version 1, this program needs 2"));
    migrate(db, two, 1);
    harness_ok(db_schema_check_files(db, two, &err), &err);
    assert_int_equal(harness_number(db, "select sum(j) from a"), 13);
    assert_int_equal(harness_number(db, "select count(*) from schema_migration where octet_length(sha256) = 32 "
                                        "and applied_at <= clock_timestamp()"),
                     2);
}

static void test_changed_file_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    migrate(db, one, 1);
    int applied = -1;
    harness_refused(db_migrate_files(db, one_changed, &applied, &err), ERR_SERVICE, &err);
    assert_non_null(strstr(err.text, "0001_first.sql was changed"));
    assert_int_equal(applied, -1);
    harness_refused(db_schema_check_files(db, one_changed, &err), ERR_SERVICE, &err);
    assert_int_equal(harness_number(db, "select sum(i) from a"), 1);
}

static void test_newer_database_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    migrate(db, two, 2);
    int applied = -1;
    harness_refused(db_migrate_files(db, one, &applied, &err), ERR_SERVICE, &err);
    assert_non_null(strstr(err.text, "schema version 2, this program knows up to 1"));
    harness_refused(db_schema_check_files(db, one, &err), ERR_SERVICE, &err);
    assert_non_null(strstr(err.text, "schema version 2, this program knows up to 1"));
}

static void test_broken_migration_leaves_nothing(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    int applied = -1;
    assert_true(db_migrate_files(db, two_broken, &applied, &err) < 0);
    assert_non_null(strstr(err.text, "0002_second.sql"));
    assert_false(db_in_transaction(db));
    assert_version(db, 1);
    assert_int_equal(harness_number(db, "select (to_regclass('public.b') is null)::int"), 1);
    migrate(db, two, 1);
}

static void test_gap_in_the_numbers_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    struct db *db autodb = harness_connect();
    int applied = -1;
    harness_refused(db_migrate_files(db, gap, &applied, &err), ERR_INTERNAL, &err);
    assert_version(db, 0);
}

static void *migrate_here(void *context)
{
    struct err err = {0};
    struct db *db autodb = NULL;
    int *applied = context;
    if (db_connect(harness_conninfo(), NULL, &db, &err) < 0 || db_migrate(db, applied, &err) < 0) {
        *applied = -1000;
    }
    return NULL;
}

static void test_two_at_once_apply_each_once(void **state)
{
    (void)state;
    pthread_t threads[4];
    int applied[4] = {0};
    for (size_t at = 0; at < ARRAY_LENGTH(threads); at++) {
        assert_int_equal(pthread_create(&threads[at], NULL, migrate_here, &applied[at]), 0);
    }
    int sum = 0;
    for (size_t at = 0; at < ARRAY_LENGTH(threads); at++) {
        assert_int_equal(pthread_join(threads[at], NULL), 0);
        sum += applied[at];
    }
    assert_int_equal(sum, db_schema_version());
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, harness_begin_empty, harness_end)
    const struct CMUnitTest tests[] = {
        TEST(test_empty_to_head_and_again),         TEST(test_step_by_step_keeps_data),
        TEST(test_changed_file_is_refused),         TEST(test_newer_database_is_refused),
        TEST(test_broken_migration_leaves_nothing), TEST(test_gap_in_the_numbers_is_refused),
        TEST(test_two_at_once_apply_each_once),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
