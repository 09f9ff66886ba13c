/* Random histories: submissions, repeats of bytes and of originals, withdrawals, claims, decisions, aliases, rows of
 * older readers and reparses, restarts, failures, lost connections and crashes of PostgreSQL in the middle of
 * transactions, clocks that do not agree; at first with followers at work in any order, one step after the other, so
 * that a seed gives the same history again; then with all at once in processes that are killed (storm.h). At the end,
 * and where it can be said, at each moment, everything that they wrote must follow from the log.
 *
 *   CROSSCHIP_HISTORIES   how many (3); make property-follow runs a thousand
 *   CROSSCHIP_SEED        the first of them (1), to have one again */
#include "tests/db/cells_sample.h"
#include "tests/db/log_checks.h"
#include "tests/db/storm.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "collector/people/change.h"
#include "collector/people/names.h"
#include "collector/take/reparse.h"
#include "schema/base/number.h"

enum { STEPS = 150, STORM_STEPS = 12, SUBMISSIONS_MOST = 256, HEADS_MOST = 8, CONTRIBUTORS = 3, CRASH_EACH = 5 };

/* Who shows the secret may withdraw and claim it. */
struct sent {
    struct sha256 id;
    unsigned char secret[32];
};

struct history {
    struct db *db, *other; /* two collectors */
    uint64_t seed;
    bool storming; /* others are at work: what a step wants may be locked */
    bool crashes;  /* PostgreSQL does, once, in the middle of the storm */
    struct sealer sealer;
    struct sent sent[SUBMISSIONS_MOST];
    int count;
    struct log_head heads[HEADS_MOST]; /* that somebody keeps */
    size_t head_count;
    int claims, withdrawals, decisions, kills;
};

static uint64_t draw(struct history *history, uint64_t below)
{
    return storm_draw(&history->seed, below);
}

/* Clocks that do not agree, and are put back. */
static int64_t draw_time(struct history *history)
{
    return NOW + (int64_t)draw(history, 1000000) - 500000;
}

/* ---------------------------------------------------------------- failures in the middle of the work */

/* Writes of a follower fail at a statement of its choice, or its connection ends there: while the setting names the
 * table. */
#define FAIL_AT(table)                                                                                                 \
    "create trigger fail_now after insert or update or delete on " table                                               \
    " for each statement execute function fail_now();"
#define FAILING                                                                                                        \
    "create function fail_now() returns trigger language plpgsql as $$ begin "                                         \
    "if current_setting('crosschip.fail', true) = tg_table_name then "                                                 \
    "if current_setting('crosschip.how', true) = 'kill' then "                                                         \
    "perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(1); end if; "                                    \
    "raise exception 'as planned' using errcode = 'CR999'; end if; return null; end $$;" FAIL_AT("observation")        \
        FAIL_AT("cell") FAIL_AT("device_figure") FAIL_AT("follower") FAIL_AT("pending_event") FAIL_AT("log_entry")     \
            FAIL_AT("log_head")

static void maybe_fail(struct history *history, struct db *db)
{
    static const char *const tables[] = {"observation",   "cell",      "device_figure", "follower",
                                         "pending_event", "log_entry", "log_head"};
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    struct err err;
    db_put_text(&values, draw(history, 4) == 0 ? tables[draw(history, ARRAY_LENGTH(tables))] : "");
    db_put_text(&values, draw(history, 2) == 0 ? "kill" : "");
    harness_ok(db_query(db,
                        "select set_config('crosschip.fail', $1::text, false), set_config('crosschip.how', $2::text, "
                        "false)",
                        &values, NULL, &err),
               &err);
}

/* A round may fail as planned, and only so; nothing of it stays then. */
static void after_round(struct history *history, struct db *db, int code, const struct err *err)
{
    struct err again;
    if (code != 0 && !db_sqlstate_is(err, "CR999") && !db_sqlstate_is(err, "57P01")) {
        fail_msg("a round failed: %s (%s)", err->text, err->sqlstate);
    }
    if (db_connection_lost(db)) {
        assert_true(code != 0 && db_is_transient(err));
        history->kills++;
        harness_ok(db_reconnect(db, &again), &again);
    }
    assert_false(db_in_transaction(db));
    harness_exec(db, "select set_config('crosschip.fail', '', false)");
}

/* ---------------------------------------------------------------- steps */

/* Some changes are forbidden by the state, and while others are at work something may be locked too long. */
static void expect_allowed(const struct history *history, int code, const struct err *err, const char *what)
{
    if (code != 0 && !text_starts_with(err->sqlstate, "CR") && !(history->storming && db_is_transient(err))) {
        fail_msg("%s: %s (%s)", what, err->text, err->sqlstate);
    }
}

/* Two things of one contributor with one original have one secret. */
static void make_secret(const struct thing *thing, unsigned char ret[32])
{
    const int of[] = {thing->original, thing->contributor};
    const struct sha256 hash = sha256_of(of, sizeof of);
    memcpy(ret, hash.bytes, sizeof hash.bytes);
}

static void draw_thing(uint64_t *seed, struct thing *ret, unsigned char ret_secret[32])
{
    static const char *const chips[] = {"Apple M3 Ultra", "Apple M3 Ultra", "Apple M3 Max", "Apple M2 Ultra",
                                        "my desk"};
    *ret = (struct thing){
        (int)storm_draw(seed, 1000),  (int)storm_draw(seed, 12),
        1 + (int)storm_draw(seed, 2), (int)storm_draw(seed, 9),
        chips[storm_draw(seed, 5)],   storm_draw(seed, 12) == 0 ? 90 : 20 + (double)storm_draw(seed, 40) / 10,
        storm_draw(seed, 4) == 0};
    make_secret(ret, ret_secret);
}

static void make_in_storm(uint64_t seed, struct thing *ret, unsigned char ret_secret[32])
{
    uint64_t own = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15);
    draw_thing(&own, ret, ret_secret);
}

/* As the reader of a version before would have read it. */
static void read_worse(struct db *db, const struct sha256 *id)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    struct err err;
    db_put_uuid(&values, id->bytes);
    harness_ok(
        db_query(db, "update measurement set mean = mean + 0.5 where submission_id = $1::uuid", &values, NULL, &err),
        &err);
}

static void step_store(struct history *history, struct db *db)
{
    struct sent *sent = &history->sent[history->count];
    struct thing_own own = {.secret = sent->secret};
    struct thing thing;
    struct sha256 same;
    struct err err;
    if (history->count == SUBMISSIONS_MOST) {
        return;
    }
    draw_thing(&history->seed, &thing, sent->secret);
    own.model = draw(history, 6) == 0 ? "my llama" : NULL;
    harness_ok(store_own(db, &thing, &own, &sent->id, &err), &err);
    history->count++;
    if (draw(history, 10) == 0) {
        read_worse(db, &sent->id);
    }
    if (draw(history, 4) == 0) { /* the same bytes again */
        harness_ok(store_own(db, &thing, &own, &same, &err), &err);
    }
}

/* The contributor takes it back; nobody else can. */
static void step_withdraw(struct history *history, struct db *db, const struct sent *sent)
{
    const unsigned char wrong[32] = {1};
    struct change change;
    struct err err;
    int code = change_withdraw(db, &sent->id, wrong, NULL, draw_time(history), &change, &err);
    assert_int_not_equal(code, 0);
    expect_allowed(history, code, &err, "withdraw with a wrong secret");
    code = change_withdraw(db, &sent->id, sent->secret, NULL, draw_time(history), &change, &err);
    expect_allowed(history, code, &err, "withdraw");
    if (code == 0) {
        assert_string_equal(change.state, "withdrawn");
        history->withdrawals++;
    }
}

/* It becomes that of the contributor who shows the secret. */
static void step_claim(struct history *history, struct db *db, const struct sent *sent)
{
    const int contributor = 1 + (int)draw(history, CONTRIBUTORS);
    struct token_facts token = {.id = "token000", .scopes = TOKEN_MAY_SUBMIT};
    char name[CHANGE_NAME_SIZE];
    struct err err;
    token.id[7] = (char)('0' + contributor);
    token.contributor_key[0] = (uint8_t)contributor;
    const int code = change_claim(db, &sent->id, sent->secret, &token, draw_time(history), name, &err);
    expect_allowed(history, code, &err, "claim");
    history->claims += code == 0;
}

static void step_name(struct history *history, struct db *db)
{
    static const char *const chips[] = {"Apple M3 Ultra", "Apple M2 Ultra", NULL}, *const models[] = {"Llama 2 7B",
                                                                                                      NULL};
    const bool chip = draw(history, 2) == 0;
    autobuf struct buf told = BUF(BUF_MIB);
    const struct naming naming = {.named = chip ? NAMED_CHIP : NAMED_MODEL,
                                  .name = chip ? "my desk" : "my llama",
                                  .target = chip ? chips[draw(history, 3)] : models[draw(history, 2)],
                                  .actor = "moderator:test",
                                  .reason = "because"};
    struct err err;
    const int code = names_decide(db, &naming, draw_time(history), &told, &err);
    if (code != -ERR_NOT_FOUND) { /* nothing to take back */
        expect_allowed(history, code, &err, "alias");
    }
}

static void step_reparse(struct history *history, struct db *db)
{
    const struct reparse_options options = {0};
    struct reparse_figures figures = {0};
    struct err err;
    expect_allowed(history, reparse_all(db, &options, &figures, &err), &err, "reparse");
}

/* Collectors end and start. */
static void step_restart(struct history *history)
{
    struct err err;
    history->sealer = (struct sealer){0};
    harness_ok(db_reconnect(history->db, &err), &err);
    harness_ok(db_reconnect(history->other, &err), &err);
}

#define READ_AGAIN                                                                                                     \
    "select submission_change($1::uuid, 'reparsed', null, false, 'collector', null, '', '2025-11-21T08:00:00Z')"

/* What somebody else does at the same moment. */
struct changing {
    struct db *db;
    const struct sha256 *id;
    int code;
    struct err err;
};

static void *change_beside(void *argument)
{
    struct changing *changing = argument;
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    db_put_uuid(&values, changing->id->bytes);
    changing->code = db_query(changing->db, READ_AGAIN, &values, NULL, &changing->err);
    return NULL;
}

/* One begins and the other comes before it ends: each change has a revision of its own. */
static void step_two_at_once(struct history *history, const struct sha256 *id)
{
    struct changing beside = {.db = history->other, .id = id};
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    pthread_t thread;
    struct err err;
    harness_ok(db_begin(history->db, DB_READ_COMMITTED, &err), &err);
    db_put_uuid(&values, id->bytes);
    const int code = db_query(history->db, READ_AGAIN, &values, NULL, &err);
    assert_int_equal(pthread_create(&thread, NULL, change_beside, &beside), 0);
    if (code == 0) {
        harness_exec(history->db, "select pg_sleep(0.03)");
        harness_ok(db_commit(history->db, &err), &err);
    } else {
        db_rollback(history->db);
    }
    assert_int_equal(pthread_join(thread, NULL), 0);
    if (beside.code != 0 && !text_starts_with(beside.err.sqlstate, "CR")) {
        fail_msg("two at once: %s (%s)", beside.err.text, beside.err.sqlstate);
    }
}

static void step_decide(struct history *history, struct db *db, const struct sha256 *id)
{
    static const char *const actions[] = {"accept", "reject", "withdraw", "undo", "undo", "delete"};
    const struct decision decision = {
        .action = actions[draw(history, ARRAY_LENGTH(actions))], .actor = "moderator:test", .reason = "because"};
    struct change change;
    struct err err;
    const int code = change_moderate(db, id, &decision, draw_time(history), &change, &err);
    expect_allowed(history, code, &err, decision.action);
    history->decisions += code == 0;
}

static void step_seal(struct history *history, struct db *db)
{
    struct sealer nothing = {0};
    struct sealing sealing = {0};
    struct err err;
    maybe_fail(history, db);
    const int code = log_seal(db, db == history->db ? &history->sealer : &nothing, draw_time(history), &sealing, &err);
    after_round(history, db, code, &err);
    if (code == 0 && sealing.head.size > 0 && history->head_count < HEADS_MOST && draw(history, 3) == 0) {
        history->heads[history->head_count++] = sealing.head;
    }
}

static void step_follow(struct history *history, struct db *db)
{
    struct piece piece;
    struct err err;
    int code = 0;
    maybe_fail(history, db);
    switch (draw(history, 3)) {
    case 0:
        code = judge_round(db, draw_time(history), &piece, &err);
        break;
    case 1:
        code = observe_round(db, &piece, &err);
        break;
    default:
        code = summarise_round(db, &piece, &err);
        break;
    }
    after_round(history, db, code, &err);
}

/* Nothing is counted that the judge has not gone through, and no cell stands on what was not observed. */
static void expect_behind_the_judge(struct db *db)
{
    assert_int_equal(
        harness_number(db, "select count(*) from observation o where not exists (select 1 from log_entry e, follower f "
                           "where f.name = 'judge' and e.epoch = f.epoch and e.submission_id = o.submission_id and "
                           "e.revision = 1 and e.log_index < f.next_index)"),
        0);
    assert_int_equal(harness_number(db, "select count(*) from follower s, follower o, follower j where s.name = "
                                        "'summarise' and o.name = 'observe' and j.name = 'judge' and (s.next_index > "
                                        "o.next_index or o.next_index > j.next_index)"),
                     0);
}

/* What people do, on one of the collectors. */
static void step_people(struct history *history, struct db *db, const struct sent *sent)
{
    switch (draw(history, 8)) {
    case 0:
        step_withdraw(history, db, sent);
        break;
    case 1:
        step_claim(history, db, sent);
        break;
    case 2:
        step_name(history, db);
        break;
    case 3:
        step_reparse(history, db);
        break;
    default:
        step_decide(history, db, &sent->id);
        break;
    }
}

static void step_beside(struct history *history, struct db *db, const struct sent *sent)
{
    switch (draw(history, 4)) {
    case 0:
        step_two_at_once(history, &sent->id);
        break;
    case 1:
        step_restart(history);
        break;
    default:
        harness_exec(db, "insert into dirty_submission select submission_id from observation order by submission_id "
                         "limit 1 on conflict do nothing");
        break;
    }
}

static void random_step(struct history *history)
{
    struct db *db = draw(history, 3) == 0 ? history->other : history->db;
    const uint64_t what = draw(history, 16);
    const struct sent *one = history->count > 0 ? &history->sent[draw(history, (uint64_t)history->count)] : NULL;
    if (what < 5 || one == NULL) {
        step_store(history, db);
    } else if (what < 8) {
        step_people(history, db, one);
    } else if (what == 8) {
        step_beside(history, db, one);
    } else if (what < 12) {
        step_seal(history, db);
    } else {
        step_follow(history, db);
        expect_behind_the_judge(db);
    }
}

/* Everybody at once, while people decide. */
static void weather_storm(struct history *history)
{
    struct storm storm = {.seed = history->seed, .make = make_in_storm};
    storm_begin(&storm);
    history->storming = true;
    for (int step = 0; step < STORM_STEPS; step++) {
        const struct sent *one = &history->sent[draw(history, (uint64_t)history->count)];
        step_people(history, step % 2 == 0 ? history->db : history->other, one);
        storm_kill_one(&storm, history->db);
        if (history->crashes && step == STORM_STEPS / 2) {
            storm_crash(&storm, history->db, history->other);
        }
    }
    history->storming = false;
    history->sealer = (struct sealer){0};
    storm_end(&storm, history->db);
    print_message("  storm: %d killed, %d terminated, %d crashed, %llu rounds of work, %zu entries read as they came\n",
                  storm.killed, storm.terminated, storm.crashed, (unsigned long long)storm.book->rounds,
                  storm.book->read);
    storm_close(&storm);
}

/* ---------------------------------------------------------------- the whole */

static void run_history(uint64_t number)
{
    autodb struct db *db = harness_connect(), *other = harness_connect();
    static struct history history;
    history = (struct history){
        .db = db, .other = other, .seed = UINT64_C(0x9e3779b97f4a7c15) * number, .crashes = number % CRASH_EACH == 2};
    for (int step = 0; step < STEPS; step++) {
        random_step(&history);
    }
    weather_storm(&history);
    step_reparse(&history, db);
    follow(db);
    /* The log has no gap and no repeat, each submission's events stand in it in their order, every state is their fold.
     */
    expect_verified(db);
    expect_log_whole(db);
    expect_proofs(db, history.heads, history.head_count, draw(&history, UINT32_MAX));
    expect_behind_the_judge(db);
    /* Each cell is what analyze computes; observations, figures and cells made from nothing are the same. */
    (void)expect_cells_of_analyze(db);
    expect_same_anew(db);
    assert_int_equal(harness_number(db, "select count(*) from follower f, log_head h where f.next_index <> h.size"), 0);
    /* Otherwise it would be no history of withdrawals and moderation. */
    assert_true(history.count > 0 && history.withdrawals + history.decisions > 0);
    print_message("  %d submissions, %d claims, %d withdrawals, %d decisions, %d connections lost in a transaction\n",
                  history.count, history.claims, history.withdrawals, history.decisions, history.kills);
}

#define CONTRIBUTORS_AND_TOKENS                                                                                        \
    "insert into contributor select ('0' || n || '000000-0000-0000-0000-000000000000')::uuid, 'contributor ' || n, "   \
    "false, '2025-01-01T00:00:00Z' from generate_series(1, 3) n; insert into token select 'token00' || n, "            \
    "sha256('secret'), ('0' || n || '000000-0000-0000-0000-000000000000')::uuid, '{submit}', "                         \
    "'2025-11-01T00:00:00Z', '2026-10-01T00:00:00Z' from generate_series(1, 3) n"

/* Back to an empty database, a new one for each history would take longer. */
#define EMPTY                                                                                                          \
    "truncate submission, run, measurement, pending_event, log_entry, log_node, follower, observation, original, "     \
    "series, workload, dirty_series, dirty_submission, dirty_figure, device_figure, cell, held, held_series, "         \
    "withdrawal_proof; "                                                                                               \
    "alter table moderation disable trigger user; truncate moderation; alter table moderation enable trigger user; "   \
    "alter table alias_decision disable trigger user; truncate alias_decision; alter table alias_decision enable "     \
    "trigger user; update log_head set size = 0, root = sha256('')"

static void test_random_histories(void **state)
{
    (void)state;
    int64_t histories = 3, first = 1;
    (void)number_parse_int64(str_of(getenv("CROSSCHIP_HISTORIES")), &histories);
    (void)number_parse_int64(str_of(getenv("CROSSCHIP_SEED")), &first);
    for (int64_t history = first; history < first + histories; history++) {
        autodb struct db *db = harness_connect();
        harness_exec(db, history == first ? FAILING CONTRIBUTORS_AND_TOKENS : EMPTY);
        print_message("history %lld\n", (long long)history);
        run_history((uint64_t)history);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_random_histories, harness_begin, harness_end),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
