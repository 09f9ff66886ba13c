/* The intake core against a real PostgreSQL: exactly once, rows equal to the bundle, bad items alone. */
#include "tests/db/db_harness.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/intake/desk.h"
#include "collector/intake/intake.h"
#include "collector/intake/rows.h"
#include "collector/intake/statements.h"
#include "schema/base/clock.h"
#include "schema/base/mem.h"
#include "tests/unit/intake_sample.h"

#define NOW INT64_C(1763712000123456)

static const struct intake_policy policy = {.anonymous = INTAKE_ANONYMOUS_ACCEPT, .origin = "http"};

static struct prepared *prepare(int number)
{
    autobuf struct buf text = BUF(BUF_MIB);
    struct prepared *prepared = NULL;
    struct err err;
    sample_bundle(&text, number);
    harness_ok(intake_check(str_slice(text.data, text.len), NULL, &policy, &prepared, &err), &err);
    return prepared;
}

static void store(struct db *db, struct prepared **items, size_t count, struct outcome *outcomes)
{
    struct err err;
    harness_ok(intake_store(db, items, count, NOW, outcomes, &err), &err);
}

static void test_created_and_duplicate(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    autoprepared struct prepared *item = prepare(1);
    struct outcome outcome;
    store(db, &item, 1, &outcome);
    assert_int_equal(outcome.kind, OUTCOME_CREATED);
    assert_string_equal(outcome.state, "accepted");
    assert_true(outcome.received_at_us == NOW);
    struct err err;
    harness_ok(intake_store(db, &item, 1, NOW + 5, &outcome, &err), &err);
    assert_int_equal(outcome.kind, OUTCOME_DUPLICATE);
    assert_true(outcome.received_at_us == NOW);
    assert_int_equal(harness_number(db, "select count(*) from submission"), 1);
    assert_int_equal(harness_number(db, "select count(*) from run"), 2);
    assert_int_equal(harness_number(db, "select count(*) from measurement"), 3);
    assert_int_equal(harness_number(db, "select count(*) from pending_event where revision = 1 and kind = 'accepted'"),
                     1);
}

/* What PostgreSQL computes from the stored bytes must be what stands in the rows. */
static void test_rows_equal_bundle(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    autoprepared struct prepared *item = prepare(1);
    struct outcome outcome;
    store(db, &item, 1, &outcome);
    assert_int_equal(harness_number(db, "select count(*) from submission where sha256(raw) = content_hash"
                                        " and substr(content_hash, 1, 16) = uuid_send(submission_id)"),
                     1);
    assert_int_equal(
        harness_number(db,
                       "with bundle as (select submission_id, convert_from(raw, 'UTF8')::json as doc from submission),"
                       " given as (select submission_id, run_no - 1 as run_no, run from bundle,"
                       "   json_array_elements(doc -> 'runs') with ordinality as t (run, run_no))"
                       " select count(*) from given join run r using (submission_id, run_no)"
                       " where r.workload ->> 'model' = run -> 'workload' ->> 'model'"
                       " and r.workload ->> 'task' = run -> 'workload' ->> 'task'"
                       " and r.workload -> 'parameters' = (run -> 'workload' -> 'parameters')::jsonb"
                       " and r.variant = coalesce(run ->> 'variant', 'alone')"
                       " and r.chip_count = coalesce((run -> 'chip' ->> 'count')::int, 1)"
                       " and r.setup is not distinct from (run -> 'setup')::jsonb"
                       " and r.labels is not distinct from (run -> 'labels')::jsonb"
                       " and r.ran_at is not distinct from (run ->> 'ran_at')::timestamptz"),
        2);
    assert_int_equal(
        harness_number(db,
                       "with bundle as (select submission_id, convert_from(raw, 'UTF8')::json as doc from submission),"
                       " given as (select submission_id, row_number() over (order by r.run_no, m.no) - 1 as ordinal,"
                       "   r.run_no - 1 as run_no, stated from bundle,"
                       "   json_array_elements(doc -> 'runs') with ordinality as r (run, run_no),"
                       "   json_array_elements(run -> 'metrics') with ordinality as m (stated, no))"
                       " select count(*) from given join measurement m using (submission_id, ordinal, run_no)"
                       " where m.metric = stated ->> 'name' and m.unit = stated ->> 'unit'"
                       " and m.mean = (stated ->> 'mean')::float8"
                       " and m.n is not distinct from (stated ->> 'n')::int"
                       " and m.stddev is not distinct from (stated ->> 'stddev')::float8"
                       " and m.median is not distinct from (stated ->> 'median')::float8"
                       " and m.direction = stated ->> 'direction'"
                       " and m.value_given is not distinct from (stated ->> 'original_value')::float8"
                       " and to_json(m.samples)::text is not distinct from (stated -> 'samples')::text"),
        3);
    assert_int_equal(harness_number(db, "select count(*) from submission where original_hash = "
                                        "sha256('[removed:host] \\001 raw')"),
                     1);
}

static void test_same_twice_in_a_batch(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct prepared *items[] = {prepare(1), prepare(2), prepare(1), prepare(2)};
    struct outcome outcomes[4];
    store(db, items, 4, outcomes);
    assert_int_equal(outcomes[0].kind, OUTCOME_CREATED);
    assert_int_equal(outcomes[1].kind, OUTCOME_CREATED);
    assert_int_equal(outcomes[2].kind, OUTCOME_DUPLICATE);
    assert_int_equal(outcomes[3].kind, OUTCOME_DUPLICATE);
    assert_string_equal(outcomes[2].state, "accepted");
    assert_int_equal(harness_number(db, "select count(*) from submission"), 2);
    assert_int_equal(harness_number(db, "select count(*) from measurement"), 6);
    for (size_t i = 0; i < 4; i++) {
        prepared_free(items[i]);
    }
}

static void test_collision_and_gone(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    autoprepared struct prepared *item = prepare(1);
    struct outcome outcome;
    store(db, &item, 1, &outcome);
    item->hash[31] ^= 1; /* the same 128 bits, another hash: 2^-128 in nature */
    store(db, &item, 1, &outcome);
    assert_int_equal(outcome.kind, OUTCOME_COLLISION);
    item->hash[31] ^= 1;
    harness_exec(db, "update submission set state = 'withdrawn', revision = 2");
    store(db, &item, 1, &outcome);
    assert_int_equal(outcome.kind, OUTCOME_GONE);
    assert_string_equal(outcome.state, "withdrawn");
    harness_exec(db, "update submission set state = 'rejected', revision = 3");
    store(db, &item, 1, &outcome);
    assert_int_equal(outcome.kind, OUTCOME_DUPLICATE);
    assert_string_equal(outcome.state, "rejected");
    assert_int_equal(harness_number(db, "select count(*) from measurement"), 3);
}

/* A full batch in which three items break a constraint of the tables: only those are refused. */
static void test_bad_items_stand_alone(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct prepared *items[INTAKE_BATCH_MAX];
    autofree struct outcome *outcomes = mem_zalloc(INTAKE_BATCH_MAX, sizeof *outcomes);
    assert_non_null(outcomes);
    for (int i = 0; i < INTAKE_BATCH_MAX; i++) {
        items[i] = prepare(100 + i);
    }
    items[0]->format = NULL; /* not null */
    items[77]->origin = items[0]->origin;
    items[77]->state = "imagined";                   /* check */
    items[127]->measurement_rows.bytes.data[6] ^= 1; /* a measurement of a submission that is not there */
    store(db, items, INTAKE_BATCH_MAX, outcomes);
    for (int i = 0; i < INTAKE_BATCH_MAX; i++) {
        bool bad = i == 0 || i == 77 || i == 127;
        assert_int_equal(outcomes[i].kind, bad ? OUTCOME_FAILED : OUTCOME_CREATED);
        if (bad) {
            assert_int_equal(outcomes[i].err.code, ERR_DATA);
        }
        prepared_free(items[i]);
    }
    assert_int_equal(harness_number(db, "select count(*) from submission"), INTAKE_BATCH_MAX - 3);
    assert_int_equal(harness_number(db, "select count(*) from measurement"), 3 * (INTAKE_BATCH_MAX - 3));
    assert_int_equal(harness_number(db, "select count(*) from pending_event"), INTAKE_BATCH_MAX - 3);
}

/* The server ends our session in the middle: the batch is repeated over a new one, and stored once. */
static void test_lost_connection(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect(), *other = harness_connect();
    autoprepared struct prepared *item = prepare(1);
    struct outcome outcome;
    harness_exec(db, "set application_name = 'victim'");
    harness_exec(other,
                 "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'victim'");
    store(db, &item, 1, &outcome);
    assert_int_equal(outcome.kind, OUTCOME_CREATED);
    assert_int_equal(harness_number(other, "select count(*) from submission"), 1);
}

static void test_view_and_raw(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    autoprepared struct prepared *item = prepare(1);
    struct outcome outcome;
    struct submission_view view;
    struct err err;
    harness_refused(intake_view(db, item->id, &view, &err), ERR_NOT_FOUND, &err);
    store(db, &item, 1, &outcome);
    harness_ok(intake_view(db, item->id, &view, &err), &err);
    assert_string_equal(view.id, item->id);
    assert_int_equal(view.runs, 2);
    assert_int_equal(view.measurements, 3);
    submission_view_done(&view);
    harness_refused(intake_view(db, "sha256:zz", &view, &err), ERR_SYNTAX, &err);
    /* The first half of an id is not enough to see it. */
    char id[INTAKE_ID_SIZE];
    memcpy(id, item->id, sizeof id);
    id[70] = id[70] == '0' ? '1' : '0';
    harness_refused(intake_view(db, id, &view, &err), ERR_NOT_FOUND, &err);
    autobuf struct buf raw = BUF(BUF_MIB);
    harness_ok(intake_raw(db, item->id, &raw, &err), &err);
    assert_int_equal(raw.len, item->raw_size);
    assert_memory_equal(raw.data, item->raw, raw.len);
    harness_exec(db, "update submission set state = 'quarantined', revision = 2");
    harness_refused(intake_raw(db, item->id, &raw, &err), ERR_NOT_FOUND, &err);
    harness_exec(db, "update submission set state = 'deleted', revision = 3, raw = null, erased_at = received_at");
    harness_refused(intake_raw(db, item->id, &raw, &err), ERR_GONE, &err);
}

/* Each SQL file plans against the migrated schema, with the parameters and columns that it names. */
static void test_statements(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int parameters, columns;
    } files[] = {
        {"submission_insert", 14, 1}, {"submission_known", 1, 5}, {"submission_view", 2, 9},
        {"submission_raw", 2, 2},     {"status_states", 0, 4},    {"status_rows", 0, 3},
        {"submission_export", 2, 5},  {"submission_count", 0, 1}, {"archive_figures", 0, 5},
        {"archive_damaged", 0, 1},    {"archive_objects", 0, 1},  {"doctor_settings", 0, 10},
        {"doctor_rows", 1, 5},        {"doctor_bytes", 2, 2},
    };
    autodb struct db *db = harness_connect();
    struct err err;
    for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
        int parameters = 0, columns = 0;
        harness_ok(db_check_statement(db, statement(files[i].name), &parameters, &columns, &err), &err);
        assert_int_equal(parameters, files[i].parameters);
        assert_int_equal(columns, files[i].columns);
    }
}

/* ---- the desk */

struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t done;
};

static void one_done(struct work *work)
{
    struct waiter *waiter = work->context;
    pthread_mutex_lock(&waiter->lock);
    waiter->done++;
    pthread_cond_broadcast(&waiter->changed);
    pthread_mutex_unlock(&waiter->lock);
}

static void wait_for(struct waiter *waiter, size_t count)
{
    pthread_mutex_lock(&waiter->lock);
    while (waiter->done < count) {
        pthread_cond_wait(&waiter->changed, &waiter->lock);
    }
    pthread_mutex_unlock(&waiter->lock);
}

/* Two committers, every submission twice: each is created once, the other time a duplicate. */
static void test_desk(void **state)
{
    (void)state;
    enum { SUBMISSIONS = 300, PIECES = 2 * SUBMISSIONS };
    struct waiter waiter = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
    const struct desk_options options = {.database = harness_conninfo(), .committers = 2};
    struct desk *desk = NULL;
    struct err err;
    struct work *work = mem_zalloc(PIECES, sizeof *work);
    assert_non_null(work);
    harness_ok(desk_open(&options, &desk, &err), &err);
    for (int i = 0; i < PIECES; i++) {
        work[i] = (struct work){.kind = WORK_STORE, .prepared = prepare(i / 2), .done = one_done, .context = &waiter};
        assert_true(desk_put(desk, &work[i]));
    }
    wait_for(&waiter, PIECES);
    size_t created = 0, duplicates = 0;
    for (int i = 0; i < PIECES; i++) {
        created += work[i].outcome.kind == OUTCOME_CREATED ? 1 : 0;
        duplicates += work[i].outcome.kind == OUTCOME_DUPLICATE ? 1 : 0;
    }
    assert_int_equal(created, SUBMISSIONS);
    assert_int_equal(duplicates, SUBMISSIONS);
    struct desk_figures figures = desk_figures(desk);
    assert_int_equal(figures.created, SUBMISSIONS);
    assert_true(figures.transactions < PIECES);
    struct submission_view view = {0};
    struct work question = {.kind = WORK_VIEW, .view = &view, .done = one_done, .context = &waiter};
    memcpy(question.id, work[0].prepared->id, sizeof question.id);
    assert_true(desk_put(desk, &question));
    wait_for(&waiter, PIECES + 1);
    assert_int_equal(question.outcome.err.code, ERR_NONE);
    assert_int_equal(view.runs, 2);
    submission_view_done(&view);
    desk_close(desk, 1000000);
    assert_false(desk_put(desk, &work[0]));
    desk_free(desk);
    for (int i = 0; i < PIECES; i++) {
        prepared_free(work[i].prepared);
    }
    free(work);
}

/* Closing a desk whose database hangs on a lock: nobody waits for ever, nothing is called stored. */
static void test_desk_closes_in_time(void **state)
{
    (void)state;
    struct waiter waiter = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
    const struct desk_options options = {.database = harness_conninfo(), .committers = 1};
    struct desk *desk = NULL;
    struct err err;
    autodb struct db *db = harness_connect();
    harness_exec(db, "begin; lock table submission in access exclusive mode");
    harness_ok(desk_open(&options, &desk, &err), &err);
    struct work work = {.kind = WORK_STORE, .prepared = prepare(1), .done = one_done, .context = &waiter};
    assert_true(desk_put(desk, &work));
    int64_t begun = clock_monotonic_us();
    desk_close(desk, 500000);
    assert_true(clock_monotonic_us() - begun < 9000000);
    assert_int_equal(waiter.done, 1);
    assert_int_equal(work.outcome.kind, OUTCOME_FAILED);
    desk_free(desk);
    prepared_free(work.prepared);
    harness_exec(db, "rollback");
    assert_int_equal(harness_number(db, "select count(*) from submission"), 0);
}

static void fill_body(struct work *work, const struct buf *text)
{
    work->body = BUF(BUF_MIB);
    buf_add(&work->body, text->data, text->len);
    work->policy = policy;
    work->refused = false;
}

/* A document that finds the budget used up is refused for now, and holds nothing afterwards. */
static void test_desk_budget(void **state)
{
    (void)state;
    const struct desk_options options = {.database = harness_conninfo(), .committers = 1};
    struct desk *desk = NULL;
    struct err err;
    autobuf struct buf text = BUF(BUF_MIB);
    sample_bundle(&text, 7);
    harness_ok(desk_open(&options, &desk, &err), &err);
    struct work other = {0}, work = {.kind = WORK_CHECK};
    assert_true(desk_charge(desk, &other, DESK_BUDGET - text.len));
    assert_false(desk_charge(desk, &work, text.len + 1));
    assert_int_equal(work.charged, 0);
    fill_body(&work, &text);
    assert_true(desk_charge(desk, &work, text.len));
    assert_int_equal(desk_check(desk, &work), -ERR_RETRY);
    assert_true(work.refused);
    assert_int_equal(work.outcome.err.code, ERR_RETRY);
    assert_int_equal(work.charged, 0);
    assert_null(work.body.data);
    desk_release(desk, &other, 0);
    fill_body(&work, &text);
    assert_int_equal(desk_check(desk, &work), 0);
    /* What its rows and its bytes take stays charged until they are stored and answered. */
    assert_true(work.charged > text.len);
    assert_true(work.charged < DESK_CHECK_FACTOR * text.len);
    desk_release(desk, &work, 0);
    assert_true(desk_charge(desk, &other, DESK_BUDGET));
    prepared_free(work.prepared);
    desk_free(desk);
}

/* The desk reads a document in a thread of its own and stores it; what is no document comes back refused. */
static void test_desk_checks(void **state)
{
    (void)state;
    const struct desk_options options = {.database = harness_conninfo()};
    autodb struct db *db = harness_connect();
    struct desk *desk = NULL;
    struct err err;
    struct waiter waiter = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    autobuf struct buf text = BUF(BUF_MIB), broken = BUF(BUF_MIB);
    sample_bundle(&text, 8);
    buf_add(&broken, text.data, text.len / 2);
    harness_ok(desk_open(&options, &desk, &err), &err);
    struct work good = {.kind = WORK_CHECK, .done = one_done, .context = &waiter};
    struct work bad = {.kind = WORK_CHECK, .done = one_done, .context = &waiter};
    fill_body(&good, &text);
    fill_body(&bad, &broken);
    assert_true(desk_put(desk, &good));
    assert_true(desk_put(desk, &bad));
    desk_close(desk, 20000000);
    assert_int_equal(waiter.done, 2);
    assert_false(good.refused);
    assert_int_equal(good.outcome.kind, OUTCOME_CREATED);
    assert_true(bad.refused);
    assert_int_equal(bad.outcome.err.code, ERR_SYNTAX);
    assert_int_equal(harness_number(db, "select count(*) from submission"), 1);
    prepared_free(good.prepared);
    desk_free(desk);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, harness_begin, harness_end)
    const struct CMUnitTest tests[] = {
        TEST(test_created_and_duplicate),
        TEST(test_rows_equal_bundle),
        TEST(test_same_twice_in_a_batch),
        TEST(test_collision_and_gone),
        TEST(test_bad_items_stand_alone),
        TEST(test_lost_connection),
        TEST(test_view_and_raw),
        TEST(test_statements),
        TEST(test_desk),
        TEST(test_desk_closes_in_time),
        TEST(test_desk_budget),
        TEST(test_desk_checks),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
