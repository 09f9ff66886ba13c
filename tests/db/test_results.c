/* A page of results is found by keys, however much is stored and whatever the planner believes. */
#include "tests/db/db_harness.h"

#include <string.h>

#include "collector/intake/statements.h"
#include "schema/base/buf.h"

/* 2,000 submissions with 2 runs and 20 measurements each, made in the database. */
static void fill(struct db *db)
{
    harness_exec(db, "create temporary table made as select sha256(i::text::bytea) as hash, i "
                     "from generate_series(1, 2000) i");
    harness_exec(db, "insert into submission (submission_id, content_hash, received_at, origin, contributor_key, "
                     "format, reader_version, state, revision, flags, raw_size, raw) "
                     "select encode(substr(hash, 1, 16), 'hex')::uuid, hash, '2026-01-01Z', 'http', "
                     "'00000000-0000-0000-0000-000000000000', 'f', 1, "
                     "case when i % 10 = 0 then 'quarantined' else 'accepted' end, 1, '{}', 1, 'x' from made");
    harness_exec(db,
                 "insert into run (submission_id, run_no, device_key, chip_name, chip_count, workload_key, variant, "
                 "ran_at_local, workload, device, flags) select submission_id, n, submission_id, 'chip ' || n, 1, "
                 "submission_id, 'alone', false, '{\"model\":\"m\"}', '{}', '{}' "
                 "from submission, generate_series(0, 1) n");
    harness_exec(db, "insert into measurement (submission_id, ordinal, run_no, series_key, metric, unit, mean, flags) "
                     "select submission_id, n, n % 2, submission_id, 'metric_' || n % 4, 'ms', n, '{}' "
                     "from submission, generate_series(0, 19) n");
}

static void prepare_page(struct db *db)
{
    autobuf struct buf sql = BUF(BUF_MIB);
    buf_addf(&sql, "prepare page (uuid, int, uuid, int, text, text, text, text, text, text, int) as %s",
             statement("results_page"));
    harness_exec(db, buf_text(&sql));
}

static void explain(struct db *db, const char *arguments, struct buf *into)
{
    struct err err = {0};
    autobuf struct buf sql = BUF(BUF_MIB);
    autoresult struct db_result *plan = NULL;
    buf_addf(&sql, "explain (analyze, timing off, summary off) execute page (%s)", arguments);
    harness_ok(db_query(db, buf_text(&sql), NULL, &plan, &err), &err);
    for (size_t row = 0; row < db_rows(plan); row++) {
        buf_addf(into, "%s\n", db_text(plan, row, 0));
    }
}

static void test_a_page_is_found_by_keys(void **state)
{
    (void)state;
    static const char *const pages[] = {
        "'00000000-0000-0000-0000-000000000000', -1, 'ffffffff-ffff-ffff-ffff-ffffffffffff', 2147483647, null, null, "
        "null, null, null, null, 100",
        "'80000000-0000-0000-0000-000000000000', 3, 'a0000000-0000-0000-0000-000000000000', 0, 'no chip', null, null, "
        "null, null, null, 100",
        "'80000000-0000-0000-0000-000000000000', 3, '90000000-0000-0000-0000-000000000000', 0, null, 'm', "
        "null, null, null, 'metric_3', 1000",
    };
    struct db *db autodb = harness_connect();
    fill(db);
    prepare_page(db);
    /* Before and after the statistics are there. */
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < ARRAY_LENGTH(pages); i++) {
            autobuf struct buf plan = BUF(BUF_MIB);
            explain(db, pages[i], &plan);
            if (strstr(buf_text(&plan), "Seq Scan") != NULL || strstr(buf_text(&plan), "measurement_pkey") == NULL) {
                fail_msg("round %d, page %zu:\n%s", round, i, buf_text(&plan));
            }
        }
        harness_exec(db, "analyze");
    }
}

static void test_a_page_holds_what_matches(void **state)
{
    (void)state;
    struct db *db autodb = harness_connect();
    fill(db);
    prepare_page(db);
    /* Quarantined ones are left out; the order is that of the keys. */
    struct err err = {0};
    autoresult struct db_result *rows = NULL, *expected = NULL;
    harness_ok(db_query(db,
                        "execute page ('80000000-0000-0000-0000-000000000000', 3, "
                        "'81000000-0000-0000-0000-000000000000', 0, 'chip 1', 'm', null, null, null, 'metric_3', 1000)",
                        NULL, &rows, &err),
               &err);
    harness_ok(db_query(db,
                        "select m.submission_id, m.ordinal from measurement m join run r using (submission_id, run_no) "
                        "join submission s using (submission_id) where s.state = 'accepted' and chip_name = 'chip 1' "
                        "and metric = 'metric_3' and submission_id > '80000000-0000-0000-0000-000000000000' "
                        "and submission_id < '81000000-0000-0000-0000-000000000000' order by 1, 2",
                        NULL, &expected, &err),
               &err);
    assert_true(db_rows(expected) > 5);
    assert_int_equal(db_rows(rows), db_rows(expected));
    for (size_t row = 0; row < db_rows(rows); row++) {
        assert_memory_equal(db_uuid(rows, row, 0), db_uuid(expected, row, 0), 16);
        assert_int_equal(db_int64(rows, row, 1), db_int64(expected, row, 1));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, harness_begin, harness_end)
    const struct CMUnitTest tests[] = {
        TEST(test_a_page_is_found_by_keys),
        TEST(test_a_page_holds_what_matches),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
