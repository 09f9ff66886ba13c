/* Reading stored bytes again, and what export gives, against a real PostgreSQL. */
#include "tests/db/db_harness.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "collector/intake/intake.h"
#include "collector/intake/statements.h"
#include "collector/take/reparse.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "schema/formats/pack.h"
#include "tests/unit/intake_sample.h"

#define NOW INT64_C(1763712000123456)
#define ROWS_SUM                                                                                                       \
    "select hashtextextended(coalesce(string_agg(t::text, ',' order by t::text), ''), 0) from (select r::text as t "   \
    "from run r union all select m::text from measurement m) x"

static const struct intake_policy policy = {.anonymous = INTAKE_ANONYMOUS_ACCEPT, .origin = "import"};
static const struct reparse_options quietly;

static void store_bytes(struct db *db, struct str bytes)
{
    autoprepared struct prepared *item = NULL;
    struct outcome outcome;
    struct err err;
    harness_ok(intake_check(bytes, NULL, &policy, &item, &err), &err);
    harness_ok(intake_store(db, &item, 1, NOW, &outcome, &err), &err);
    assert_int_equal(outcome.kind, OUTCOME_CREATED);
}

static void store_samples(struct db *db, int count)
{
    for (int i = 0; i < count; i++) {
        autobuf struct buf text = BUF(BUF_MIB);
        sample_bundle(&text, i);
        store_bytes(db, str_slice(text.data, text.len));
    }
}

static struct reparse_figures reparse(struct db *db, const struct reparse_options *options)
{
    struct reparse_figures figures;
    struct err err;
    harness_ok(reparse_all(db, options, &figures, &err), &err);
    return figures;
}

/* More than two batches: what is as the bytes say stays untouched; what is not becomes so again, with one event. */
static void test_reparse_restores_rows(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    store_samples(db, 150);
    const int64_t sum = harness_number(db, ROWS_SUM);
    struct reparse_figures figures = reparse(db, &quietly);
    assert_int_equal(figures.seen, 150);
    assert_int_equal(figures.changed, 0);
    assert_int_equal(harness_number(db, "select count(*) from submission where revision = 1"), 150);
    harness_exec(db,
                 "update measurement set mean = mean + 1 where submission_id = (select min(submission_id::text)::uuid "
                 "from submission) and ordinal = 1");
    harness_exec(db, "delete from measurement where submission_id = (select max(submission_id::text)::uuid from "
                     "submission)");
    harness_exec(db, "update run set workload = workload || '{\"model\": \"other\"}' where submission_id = (select "
                     "submission_id from submission order by submission_id offset 70 limit 1)");
    assert_true(harness_number(db, ROWS_SUM) != sum);
    const struct reparse_options look = {.only_look = true};
    figures = reparse(db, &look);
    assert_int_equal(figures.changed, 3);
    assert_true(harness_number(db, ROWS_SUM) != sum);
    figures = reparse(db, &quietly);
    assert_int_equal(figures.changed, 3);
    assert_int_equal(figures.unreadable, 0);
    assert_true(harness_number(db, ROWS_SUM) == sum);
    assert_int_equal(harness_number(db,
                                    "select count(*) from pending_event p join submission s using (submission_id, "
                                    "revision) where p.kind = 'reparsed' and s.revision = 2 and s.state = 'accepted'"),
                     3);
    assert_int_equal(reparse(db, &quietly).changed, 0);
    assert_int_equal(harness_number(db, "select count(*) from pending_event where kind = 'reparsed'"), 3);
}

/* Stopped after the first batch: what was done is done, the next call does the rest. */
static volatile sig_atomic_t stop;

static void stop_now(void *context, const struct reparse_figures *figures)
{
    (void)context;
    (void)figures;
    stop = 1;
}

static void test_reparse_resumes(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    store_samples(db, 150);
    const int64_t sum = harness_number(db, ROWS_SUM);
    harness_exec(db, "update measurement set mean = 1 where ordinal = 0");
    const struct reparse_options options = {.progress = stop_now, .stop = &stop};
    struct reparse_figures figures;
    struct err err;
    stop = 0;
    (void)!reparse_all(db, &options, &figures, &err);
    const int64_t done = harness_number(db, "select count(*) from submission where revision = 2");
    assert_true(done > 0 && done < 150);
    assert_int_equal(reparse(db, &quietly).changed, 150 - done);
    assert_true(harness_number(db, ROWS_SUM) == sum);
}

/* A bundle whose client read the file with an older reader, and wrongly: the original counts. */
static void test_newer_reader(void **state)
{
    (void)state;
    static const char file[] = "tests/data/samples/llama.cpp-apple/m1-max-24c.json";
    autodb struct db *db = harness_connect();
    autobuf struct buf text = BUF(BUF_MIB), old = BUF(BUF_MIB);
    autofree char *decoded = NULL;
    autoreadings struct reading_list list = {0};
    autopack struct pack pack = {0};
    struct client_key key = {{1}};
    const struct pack_settings settings = {.key = &key};
    struct pack_source source = {.name = "m1.json"};
    struct err err;
    harness_ok(file_read(file, &text, &err), &err);
    harness_ok(formats_decode(str_slice(text.data, text.len), &decoded, &source.decoded.len, &err), &err);
    source.decoded.data = decoded;
    harness_ok(formats_read(source.name, source.decoded, NULL, &source.format, &list, &err), &err);
    harness_ok(pack_bundle(&settings, &source, list.items[0], &pack, &err), &err);
    const double mean = pack.reading->runs[0].measurements[0].mean;
    /* The same bundle, as a reader of version 0 would have made it: another mean, no model. */
    const char *reader = strstr(pack.bytes.data, "\"reader\":"), *number = strstr(pack.bytes.data, "\"mean\":");
    assert_non_null(reader);
    assert_non_null(number);
    assert_true(reader < number);
    buf_add(&old, pack.bytes.data, (size_t)(reader - pack.bytes.data));
    buf_adds(&old, "\"reader\":0");
    reader += strcspn(reader, ",}");
    buf_add(&old, reader, (size_t)(number - reader));
    buf_adds(&old, "\"mean\":1.5");
    number += strcspn(number, ",}");
    buf_adds(&old, number);
    store_bytes(db, str_slice(old.data, old.len));
    assert_int_equal(harness_number(db, "select count(*) from measurement where mean = 1.5"), 1);
    assert_int_equal(reparse(db, &quietly).changed, 1);
    assert_int_equal(harness_number(db, "select count(*) from measurement where mean = 1.5"), 0);
    autoresult struct db_result *result = NULL;
    harness_ok(db_query(db, "select mean from measurement where ordinal = 0", NULL, &result, &err), &err);
    assert_true(db_float8(result, 0, 0) >= mean && db_float8(result, 0, 0) <= mean);
    assert_int_equal(harness_number(db, "select reader_version from submission"), source.format->version);
    assert_int_equal(reparse(db, &quietly).changed, 0);
}

/* Bytes that were erased or withdrawn do not leave; those of the others are exact. */
static void test_export_rows(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    autoresult struct db_result *result = NULL;
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    struct err err;
    store_samples(db, 4);
    harness_exec(db, "update submission set state = 'withdrawn', revision = 2 where submission_id = (select "
                     "min(submission_id::text)::uuid from submission)");
    harness_exec(db, "update submission set state = 'deleted', revision = 2, raw = null, erased_at = received_at where "
                     "submission_id = (select max(submission_id::text)::uuid from submission)");
    db_put_text_array(&values, NULL, 0);
    db_put_null(&values, DB_TIMESTAMPTZ);
    harness_ok(db_query(db, statement("submission_export"), &values, &result, &err), &err);
    assert_int_equal(db_rows(result), 4);
    for (size_t row = 0; row < 4; row++) {
        const bool accepted = strcmp(db_text(result, row, 1), "accepted") == 0;
        assert_int_equal(db_is_null(result, row, 4), !accepted);
    }
    assert_int_equal(
        harness_number(db, "select count(*) from submission where state = 'withdrawn' and raw is not null"), 1);
}

static void test_statements(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int parameters, columns;
    } files[] = {
        {"reparse_batch", 2, 3},       {"reparse_changed", 1, 1},     {"reparse_delete_measurements", 1, 0},
        {"reparse_delete_runs", 1, 0}, {"reparse_insert_runs", 1, 0}, {"reparse_insert_measurements", 1, 0},
        {"reparse_event", 3, 1},       {"reparse_reader", 2, 0},
    };
    autodb struct db *db = harness_connect();
    struct err err;
    harness_exec(db, statement("reparse_tables"));
    for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
        int parameters = 0, columns = 0;
        harness_ok(db_check_statement(db, statement(files[i].name), &parameters, &columns, &err), &err);
        assert_int_equal(parameters, files[i].parameters);
        assert_int_equal(columns, files[i].columns);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, harness_begin, harness_end)
    const struct CMUnitTest tests[] = {
        TEST(test_reparse_restores_rows), TEST(test_reparse_resumes), TEST(test_newer_reader),
        TEST(test_export_rows),           TEST(test_statements),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
