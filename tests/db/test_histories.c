/* Random histories of submissions, decisions, restarts and failures, with followers at work in any order: at the end,
 * and where it can be said, at each moment, everything that they wrote must follow from the log.
 *
 *   CROSSCHIP_HISTORIES   how many (3); make property-follow runs a thousand
 *   CROSSCHIP_SEED        the first of them (1), to have one again */
#include "tests/db/cells_sample.h"
#include "tests/db/judge_sample.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "collector/people/change.h"
#include "schema/base/number.h"

enum { STEPS = 150, SUBMISSIONS_MOST = 256, HEADS_MOST = 8 };

struct history {
    struct db *db, *other; /* two collectors */
    uint64_t seed;
    struct sealer sealer;
    struct sha256 ids[SUBMISSIONS_MOST];
    int count;
    struct log_head heads[HEADS_MOST]; /* that somebody keeps */
    size_t head_count;
};

static uint64_t draw(struct history *history, uint64_t below)
{
    uint64_t *seed = &history->seed;
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed % below;
}

/* Clocks that do not agree, and are put back. */
static int64_t draw_time(struct history *history)
{
    return NOW + (int64_t)draw(history, 1000000) - 500000;
}

/* ---------------------------------------------------------------- failures in the middle of the work */

/* Writes of a follower fail at a statement of its choice: while the setting names the table. */
#define FAILING                                                                                                        \
    "create function fail_now() returns trigger language plpgsql as $$ begin if current_setting('crosschip.fail', "    \
    "true) = tg_table_name then raise exception 'as planned' using errcode = 'CR999'; end if; return null; end $$;"    \
    "create trigger fail_now after insert or update or delete on observation for each statement execute function "     \
    "fail_now();"                                                                                                      \
    "create trigger fail_now after insert or update or delete on cell for each statement execute function fail_now();" \
    "create trigger fail_now after insert or update or delete on follower for each statement execute function "        \
    "fail_now();"                                                                                                      \
    "create trigger fail_now after insert or update or delete on log_head for each statement execute function "        \
    "fail_now();"

static void maybe_fail(struct history *history, struct db *db)
{
    static const char *const tables[] = {"observation", "cell", "follower", "log_head"};
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    struct err err;
    db_put_text(&values, draw(history, 4) == 0 ? tables[draw(history, ARRAY_LENGTH(tables))] : "");
    harness_ok(db_query(db, "select set_config('crosschip.fail', $1::text, false)", &values, NULL, &err), &err);
}

/* A round may fail as planned, and only so; nothing of it stays then. */
static void after_round(struct db *db, int code, const struct err *err)
{
    if (code != 0 && !db_sqlstate_is(err, "CR999")) {
        fail_msg("a round failed: %s (%s)", err->text, err->sqlstate);
    }
    assert_false(db_in_transaction(db));
    harness_exec(db, "select set_config('crosschip.fail', '', false)");
}

/* ---------------------------------------------------------------- steps */

static void step_store(struct history *history, struct db *db)
{
    static const char *const chips[] = {"Apple M3 Ultra", "Apple M3 Ultra", "Apple M3 Max", "Apple M2 Ultra"};
    const struct thing thing = {
        (int)draw(history, 1000),  (int)draw(history, 12),
        1 + (int)draw(history, 2), (int)draw(history, 9),
        chips[draw(history, 4)],   draw(history, 12) == 0 ? 90 : 20 + (double)draw(history, 40) / 10,
        draw(history, 4) == 0};
    if (history->count == SUBMISSIONS_MOST) {
        return;
    }
    history->ids[history->count++] = store(db, &thing);
    if (draw(history, 4) == 0) {
        (void)store(db, &thing); /* the same bytes again */
    }
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
    if (change_moderate(db, id, &decision, draw_time(history), &change, &err) != 0 &&
        !text_starts_with(err.sqlstate, "CR")) {
        fail_msg("%s: %s", decision.action, err.text);
    }
}

static void step_seal(struct history *history, struct db *db)
{
    struct sealer nothing = {0};
    struct sealing sealing = {0};
    struct err err;
    if (draw(history, 3) == 0) {
        history->sealer = nothing; /* a restart */
    }
    maybe_fail(history, db);
    const int code = log_seal(db, db == history->db ? &history->sealer : &nothing, draw_time(history), &sealing, &err);
    after_round(db, code, &err);
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
    after_round(db, code, &err);
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

static void random_step(struct history *history)
{
    struct db *db = draw(history, 3) == 0 ? history->other : history->db;
    const uint64_t what = draw(history, 16);
    const struct sha256 *one = history->count > 0 ? &history->ids[draw(history, (uint64_t)history->count)] : NULL;
    if (what < 5 || one == NULL) {
        step_store(history, db);
    } else if (what < 7) {
        step_decide(history, db, one);
    } else if (what == 7) {
        if (draw(history, 3) == 0) {
            step_two_at_once(history, one);
        } else {
            harness_exec(db, "insert into dirty_submission select submission_id from observation order by "
                             "submission_id limit 1 on conflict do nothing");
        }
    } else if (what < 11) {
        step_seal(history, db);
    } else {
        step_follow(history, db);
        expect_behind_the_judge(db);
    }
}

/* ---------------------------------------------------------------- what must hold at the end */

/* The log of today begins with that of each kept head, and a proof of that is no proof of anything else. */
static void expect_heads_continued(struct history *history)
{
    struct log_head now;
    struct err err;
    harness_ok(log_read_head(history->db, &now, &err), &err);
    struct log_tree tree = {history->db, now.epoch};
    const struct merkle_nodes nodes = log_nodes(&tree);
    for (size_t i = 0; i < history->head_count; i++) {
        const struct log_head *head = &history->heads[i];
        struct sha256 other = head->root;
        struct merkle_proof proof;
        harness_ok(merkle_consistency(&nodes, head->size, now.size, &proof, &err), &err);
        assert_true(merkle_consistency_holds(head->size, &head->root, now.size, &now.root, proof.hashes, proof.count));
        other.bytes[draw(history, sizeof other.bytes)] ^= 1;
        assert_false(merkle_consistency_holds(head->size, &other, now.size, &now.root, proof.hashes, proof.count));
    }
}

static void run_history(uint64_t number)
{
    autodb struct db *db = harness_connect(), *other = harness_connect();
    struct history history = {.db = db, .other = other, .seed = UINT64_C(0x9e3779b97f4a7c15) * number};
    for (int step = 0; step < STEPS; step++) {
        random_step(&history);
    }
    follow(db);
    /* The log has no gap and no repeat, each submission's events stand in it in their order, every state is their fold.
     */
    expect_verified(db);
    expect_heads_continued(&history);
    expect_behind_the_judge(db);
    /* Each cell is what analyze computes; observations, figures and cells made from nothing are the same. */
    (void)expect_cells_of_analyze(db);
    expect_same_anew(db);
    assert_int_equal(harness_number(db, "select count(*) from follower f, log_head h where f.next_index <> h.size"), 0);
}

static void test_random_histories(void **state)
{
    (void)state;
    int64_t histories = 3, first = 1;
    (void)number_parse_int64(str_of(getenv("CROSSCHIP_HISTORIES")), &histories);
    (void)number_parse_int64(str_of(getenv("CROSSCHIP_SEED")), &first);
    autodb struct db *db = harness_connect();
    harness_exec(db, FAILING);
    for (int64_t history = first; history < first + histories; history++) {
        print_message("history %lld\n", (long long)history);
        run_history((uint64_t)history);
        harness_exec(
            db, "truncate submission, run, measurement, pending_event, log_entry, log_node, follower, observation, "
                "original, series, workload, dirty_submission, dirty_figure, device_figure, cell, held, "
                "held_series; alter table moderation disable trigger user; truncate moderation; alter table "
                "moderation enable trigger user; update log_head set size = 0, root = sha256('')");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_random_histories, harness_begin, harness_end),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
