/* Reading a database on two connections and on one gives the same results. */
#include "tests/db/db_harness.h"

#include <math.h>
#include <string.h>

#include "analyze/data/from_database.h"
#include "schema/base/str.h"

/* Enough submissions for a second connection; runs and measurements that lie in another order than their submissions,
 * with flags of both, with and without a median. */
static void fill(struct db *db)
{
    harness_exec(db, "create temporary table made as select sha256(i::text::bytea) as hash, i "
                     "from generate_series(1, 1200) i");
    harness_exec(db,
                 "insert into submission (submission_id, content_hash, received_at, origin, contributor_key, "
                 "format, reader_version, state, revision, flags, raw_size, raw) "
                 "select encode(substr(hash, 1, 16), 'hex')::uuid, hash, '2026-01-01Z', 'http', "
                 "md5((i % 7)::text)::uuid, 'f', 1, case when i % 10 = 0 then 'quarantined' else 'accepted' end, 1, "
                 "'{}', 1, 'x' from made");
    harness_exec(db,
                 "insert into run (submission_id, run_no, device_key, chip_name, chip_count, workload_key, variant, "
                 "ran_at_local, tool, tool_version, workload, device, setup, labels, flags) "
                 "select submission_id, n, md5('device ' || n)::uuid, 'chip ' || n % 2, 1 + n % 2, "
                 "md5((n % 3)::text)::uuid, 'alone', false, 'tool', 'v' || n, "
                 "jsonb_build_object('model', 'm' || n % 3), jsonb_build_object('os_name', 'os ' || n % 2), "
                 "case when n < 3 then jsonb_build_object('threads', n) end, "
                 "case when n = 1 then jsonb_build_object('title', 'a run') end, "
                 "case when n = 2 then '{on_battery}'::text[] else '{}' end "
                 "from submission, generate_series(0, 3) n order by md5(submission_id::text || n)");
    harness_exec(db,
                 "insert into measurement (submission_id, ordinal, run_no, series_key, metric, unit, n, mean, "
                 "stddev, stddev_kind, min, max, median, samples, flags) "
                 "select submission_id, n, n % 4, submission_id, 'metric_' || n % 2, 'ms', 3, n, 1, 'sample', n - 1, "
                 "n + 1, case when n < 4 then n + 0.5 end, case when n < 6 then array[n, n + 1.5, n - 1] end, "
                 "case when n % 3 = 0 then '{failed}'::text[] else '{}' end "
                 "from submission, generate_series(0, 7) n order by md5(n || submission_id::text)");
}

static void load(bool values_only, struct result_set *ret)
{
    const struct database_source source = {.uri = harness_conninfo(), .values_only = values_only};
    struct err err = {0};
    result_set_init(ret);
    harness_ok(from_database(ret, &source, &err), &err);
}

static void expect_same_number(double a, double b)
{
    assert_true(isnan(a) ? isnan(b) : !(a < b || a > b));
}

static void expect_same_detail(const struct result_detail *a, const struct result_detail *b)
{
    assert_string_equal(a->flags, b->flags);
    expect_same_number(a->mean, b->mean);
    expect_same_number(a->stddev, b->stddev);
    expect_same_number(a->min, b->min);
    expect_same_number(a->max, b->max);
    expect_same_number(a->median, b->median);
    assert_int_equal(a->stddev_kind, b->stddev_kind);
    assert_int_equal(a->sample_count, b->sample_count);
    for (size_t i = 0; i < a->sample_count; i++) {
        expect_same_number(a->samples[i], b->samples[i]);
    }
}

static void expect_same_run(const struct set_run *a, const struct set_run *b)
{
    assert_int_equal(a->submission, b->submission);
    assert_int_equal(a->number, b->number);
    assert_string_equal(a->device, b->device);
    assert_string_equal(a->machine->chip, b->machine->chip);
    assert_string_equal(a->machine->os, b->machine->os);
    assert_int_equal(a->machine->chip_count, b->machine->chip_count);
    assert_string_equal(a->workload->model, b->workload->model);
    assert_string_equal(a->setup->text, b->setup->text);
    assert_int_equal(a->labels->count, b->labels->count);
    assert_string_equal(a->tool_version, b->tool_version);
    assert_string_equal(a->flags, b->flags);
    assert_int_equal(a->contributor_rank, b->contributor_rank);
    assert_int_equal(a->device_rank, b->device_rank);
}

static void expect_same(const struct result_set *a, const struct result_set *b)
{
    assert_int_equal(a->result_count, b->result_count);
    assert_int_equal(a->run_count, b->run_count);
    for (size_t i = 0; i < a->result_count; i++) {
        const struct result *left = &a->results[i], *right = &b->results[i];
        expect_same_run(left->run, right->run);
        assert_string_equal(left->measure->metric, right->measure->metric);
        assert_int_equal(left->ordinal, right->ordinal);
        expect_same_number(left->value, right->value);
        assert_int_equal(left->n, right->n);
        assert_int_equal(left->failed, right->failed);
        assert_int_equal(left->flagged, right->flagged);
        expect_same_detail(left->detail, right->detail);
    }
}

/* The role may open no second connection to the database then. */
static void test_one_connection_reads_the_same(void **state)
{
    (void)state;
    struct db *db autodb = harness_connect();
    fill(db);
    for (int values_only = 0; values_only < 2; values_only++) {
        autoset struct result_set two, one;
        load(values_only != 0, &two);
        assert_int_equal(two.result_count, 1200 * 8);
        harness_exec(db, "do $$ begin " /* the two of before may still be ending */
                         "while (select count(*) > 1 from pg_stat_activity where datname = current_database()) loop "
                         "perform pg_sleep(0.01), pg_stat_clear_snapshot(); end loop; "
                         "execute 'alter database ' || current_database() || ' connection limit 2'; end $$");
        load(values_only != 0, &one);
        harness_exec(db,
                     "do $$ begin execute 'alter database ' || current_database() || ' connection limit -1'; end $$");
        expect_same(&two, &one);
    }
}

static void test_results_are_those_of_the_rows(void **state)
{
    (void)state;
    struct db *db autodb = harness_connect();
    autoset struct result_set set;
    size_t failed = 0;
    fill(db);
    load(false, &set);
    for (size_t i = 0; i < set.result_count; i++) {
        const struct result *result = &set.results[i];
        const uint32_t n = result->ordinal;
        assert_int_equal(result->run->number, n % 4);
        expect_same_number(result->value, n < 4 ? n + 0.5 : n);
        assert_string_equal(result->detail->flags, n % 4 == 2   ? n == 6 ? "on_battery, failed" : "on_battery"
                                                   : n % 3 == 0 ? "failed"
                                                                : "");
        assert_true(result->flagged == (n % 4 == 2 || n % 3 == 0));
        failed += result->failed ? 1 : 0;
        assert_string_equal(result->run->setup->text, n % 4 == 0   ? "threads=0"
                                                      : n % 4 == 1 ? "threads=1"
                                                      : n % 4 == 2 ? "threads=2"
                                                                   : "");
        assert_string_equal(result->run->workload->model, n % 4 == 0 || n % 4 == 3 ? "m0" : n % 4 == 1 ? "m1" : "m2");
    }
    assert_int_equal(failed, 1200 * 3);
}

static void test_a_measurement_needs_its_run(void **state)
{
    (void)state;
    struct db *db autodb = harness_connect();
    autoset struct result_set set;
    const struct database_source source = {.uri = harness_conninfo()};
    struct err err = {0};
    fill(db);
    harness_exec(db, "update measurement set run_no = 9 where ordinal = 3 and submission_id = "
                     "(select min(submission_id::text)::uuid from submission)");
    result_set_init(&set);
    harness_refused(from_database(&set, &source, &err), ERR_INTERNAL, &err);
    assert_non_null(strstr(err.text, "a measurement without its run"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, harness_begin, harness_end)
    const struct CMUnitTest tests[] = {
        TEST(test_one_connection_reads_the_same),
        TEST(test_results_are_those_of_the_rows),
        TEST(test_a_measurement_needs_its_run),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
