/* The judge and the observations against a real PostgreSQL: each rule, exactly once, and the same again from nothing.
 */
#include "tests/db/db_harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/follow/judge.h"
#include "collector/follow/verify.h"
#include "collector/intake/intake.h"
#include "collector/people/change.h"
#include "schema/base/file.h"
#include "schema/base/number.h"
#include "schema/formats/pack.h"

#define NOW INT64_C(1763712000123456)

struct thing {
    int number, original, workloads, contributor;
    const char *chip;
    double value;
    bool quarantined; /* the policy holds what nobody proved */
};

static void write_bundle(struct buf *into, const struct thing *thing)
{
    buf_addf(into,
             "{\"crosschip\":\"1.0\",\"consent\":{\"licence\":\"CC0-1.0\",\"text\":\"I may share these results.\"},"
             "\"format\":{\"name\":\"manual\",\"reader\":1},\"tool\":{\"name\":\"llama-bench\",\"version\":"
             "\"b%d\"},\"device\":{\"chip\":\"%s\",\"memory_bytes\":34359738368},\"runs\":[",
             thing->number, thing->chip);
    for (int i = 0; i < thing->workloads; i++) {
        buf_addf(into,
                 "%s{\"workload\":{\"model\":\"Llama 2 7B\",\"quantization\":\"Q4_0\",\"backend\":\"Metal\",\"task\":"
                 "\"tg%d\",\"parameters\":{\"generated_tokens\":%d}},\"metrics\":[{\"name\":\"generation_throughput\","
                 "\"unit\":\"tok/s\",\"direction\":\"higher\",\"mean\":%.3f}]}",
                 i > 0 ? "," : "", 128 + i, 128 + i, thing->value);
    }
    buf_addf(into, "],\"original\":{\"removed\":{},\"encoding\":\"utf-8\",\"text\":\"original %d\"}}\n",
             thing->original);
}

static struct sha256 store(struct db *db, const struct thing *thing)
{
    autobuf struct buf text = BUF(BUF_MIB);
    autoprepared struct prepared *item = NULL;
    struct outcome outcome;
    struct err err;
    struct intake_policy policy = {.anonymous =
                                       thing->quarantined ? INTAKE_ANONYMOUS_QUARANTINE : INTAKE_ANONYMOUS_ACCEPT,
                                   .proved = thing->contributor > 0,
                                   .origin = "http"};
    policy.contributor_key[0] = (uint8_t)thing->contributor;
    write_bundle(&text, thing);
    harness_ok(intake_check(str_slice(text.data, text.len), NULL, &policy, &item, &err), &err);
    harness_ok(intake_store(db, &item, 1, NOW + thing->number, &outcome, &err), &err);
    return sha256_of(text.data, text.len);
}

static void decide(struct db *db, const struct sha256 *id, const char *action)
{
    const struct decision decision = {.action = action, .actor = "moderator:test", .reason = "because"};
    struct change change;
    struct err err;
    /* A state that forbids it: nothing happens. */
    if (change_moderate(db, id, &decision, NOW + 1000, &change, &err) != 0 && !text_starts_with(err.sqlstate, "CR")) {
        fail_msg("%s: %s", action, err.text);
    }
}

/* Until nothing waits: verdicts are events that have to be sealed as well. */
static void follow(struct db *db)
{
    struct sealer sealer = {0};
    struct sealing sealing;
    struct piece judged, observed;
    struct err err;
    do {
        harness_ok(log_seal(db, &sealer, NOW + 2000, &sealing, &err), &err);
        harness_ok(judge_round(db, NOW + 3000, &judged, &err), &err);
        harness_ok(observe_round(db, &observed, &err), &err);
    } while (sealing.entries > 0 || judged.end > judged.first || observed.end > observed.first);
}

/* "accepted", and the rule of the last decision. */
static void expect(struct db *db, const struct sha256 *id, const char *state, const char *rule)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *row = NULL;
    struct err err;
    db_put_uuid(&values, id->bytes);
    harness_ok(db_query(db,
                        "select s.state, (select m.rule from moderation m where m.submission_id = s.submission_id "
                        "order by m.revision desc limit 1) from submission s where s.submission_id = $1::uuid",
                        &values, &row, &err),
               &err);
    assert_string_equal(db_text(row, 0, 0), state);
    assert_string_equal(db_text(row, 0, 1) != NULL ? db_text(row, 0, 1) : "", rule);
}

static void note(void *context, const char *what, const char *why)
{
    (void)context;
    print_error("%s: %s\n", what, why);
}

static void expect_verified(struct db *db)
{
    const struct verify_options options = {.differs = note};
    struct verify_figures figures;
    struct err err;
    harness_ok(verify_all(db, &options, &figures, &err), &err);
    assert_int_equal(figures.differences, 0);
}

static void test_a_later_one_of_the_same_original_changes_nothing(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    const struct sha256 first = store(db, &(struct thing){1, 1, 1, 1, "Apple M2", 20, false});
    follow(db);
    const struct sha256 same = store(db, &(struct thing){2, 1, 1, 2, "Apple M2", 20, false});
    const struct sha256 other = store(db, &(struct thing){3, 1, 1, 3, "Apple M3 Max", 20, false});
    const struct sha256 alone = store(db, &(struct thing){4, 2, 1, 3, "Apple M3 Max", 50, false});
    follow(db);
    expect(db, &first, "accepted", "");
    expect(db, &same, "accepted", "");
    expect(db, &other, "quarantined", "same_original_differs");
    expect(db, &alone, "accepted", "");
    /* The same original counts once, as the one that came first; when that is gone, the next. */
    assert_int_equal(harness_number(db, "select count(*) from observation"), 2);
    assert_int_equal(harness_number(db, "select count(*) from observation where contributor_key::text like '01%'"), 1);
    decide(db, &first, "withdraw");
    follow(db);
    assert_int_equal(harness_number(db, "select count(*) from observation where contributor_key::text like '02%'"), 1);
    decide(db, &first, "undo");
    follow(db);
    assert_int_equal(harness_number(db, "select count(*) from observation where contributor_key::text like '01%'"), 1);
    assert_int_equal(harness_number(db, "select count(*) from observation"), 2);
    /* What a moderator releases stays released, but does not count beside the first. */
    decide(db, &other, "accept");
    follow(db);
    expect(db, &other, "accepted", "");
    assert_int_equal(harness_number(db, "select count(*) from observation"), 2);
}

/* ---------------------------------------------------------------- the original beside the runs */

#define SAMPLE "tests/data/samples/llama.cpp-apple/m1-max-24c.json"

/* The bundle that crosschip-submit makes of a real output. */
static void pack_sample(struct buf *into)
{
    autobuf struct buf text = BUF(BUF_MIB);
    autofree char *decoded = NULL;
    autoreadings struct reading_list list = {0};
    autopack struct pack pack = {0};
    struct client_key key = {{1}};
    const struct pack_settings settings = {.key = &key};
    struct pack_source source = {.name = "m1.json"};
    struct err err;
    harness_ok(file_read(SAMPLE, &text, &err), &err);
    harness_ok(formats_decode(str_slice(text.data, text.len), &decoded, &source.decoded.len, &err), &err);
    source.decoded.data = decoded;
    harness_ok(formats_read(source.name, source.decoded, NULL, &source.format, &list, &err), &err);
    harness_ok(pack_bundle(&settings, &source, list.items[0], &pack, &err), &err);
    buf_add(into, pack.bytes.data, pack.bytes.len);
}

/* With the first number behind `name` replaced. */
static void replace_number(struct buf *bundle, const char *name, const char *number)
{
    autobuf struct buf other = BUF(BUF_MIB);
    const char *at = strstr(buf_text(bundle), name);
    assert_non_null(at);
    at += strlen(name);
    buf_add(&other, bundle->data, (size_t)(at - bundle->data));
    buf_adds(&other, number);
    buf_adds(&other, at + strcspn(at, ",}"));
    buf_reset(bundle);
    buf_add(bundle, other.data, other.len);
}

static struct sha256 store_bytes(struct db *db, const struct buf *bundle, enum intake_anonymous anonymous)
{
    autoprepared struct prepared *item = NULL;
    struct outcome outcome;
    struct err err;
    const struct intake_policy policy = {.anonymous = anonymous, .origin = "http"};
    harness_ok(intake_check(str_slice(bundle->data, bundle->len), NULL, &policy, &item, &err), &err);
    harness_ok(intake_store(db, &item, 1, NOW, &outcome, &err), &err);
    return sha256_of(bundle->data, bundle->len);
}

static void expect_reason(struct db *db, const struct sha256 *id, const char *words)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *row = NULL;
    struct err err;
    db_put_uuid(&values, id->bytes);
    harness_ok(db_query(db,
                        "select reason from moderation where submission_id = $1::uuid order by revision desc limit 1",
                        &values, &row, &err),
               &err);
    assert_int_equal(db_rows(row), 1);
    if (strstr(db_text(row, 0, 0), words) == NULL) {
        fail_msg("%s: not %s", db_text(row, 0, 0), words);
    }
}

static void test_invented_runs_beside_a_true_original(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    autobuf struct buf honest = BUF(BUF_MIB), invented = BUF(BUF_MIB), held = BUF(BUF_MIB);
    pack_sample(&honest);
    pack_sample(&invented);
    pack_sample(&held);
    replace_number(&invented, "\"mean\":", "460");
    replace_number(&held, "\"mean\":", "461");
    const struct sha256 good = store_bytes(db, &honest, INTAKE_ANONYMOUS_ACCEPT);
    const struct sha256 bad = store_bytes(db, &invented, INTAKE_ANONYMOUS_ACCEPT);
    /* One that is held already gets the reason as well. */
    const struct sha256 third = store_bytes(db, &held, INTAKE_ANONYMOUS_QUARANTINE);
    follow(db);
    expect(db, &good, "accepted", "");
    expect(db, &bad, "quarantined", "reader_differs");
    expect_reason(db, &bad, "mean is 460, ");
    expect(db, &third, "quarantined", "reader_differs");
    expect_reason(db, &third, "mean is 461, ");
    assert_int_equal(harness_number(db, "select count(*) from observation where value between 460 and 461"), 0);
    /* A moderator may see it otherwise; nothing is judged a second time. */
    decide(db, &bad, "accept");
    follow(db);
    expect(db, &bad, "accepted", "");
    expect_verified(db);
}

/* Runs that an older reader made: what today's finds takes their place, so inventing them gains nothing. */
static void test_an_older_reader_is_read_anew(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    autobuf struct buf old = BUF(BUF_MIB);
    pack_sample(&old);
    replace_number(&old, "\"reader\":", "0");
    replace_number(&old, "\"mean\":", "460");
    const struct sha256 id = store_bytes(db, &old, INTAKE_ANONYMOUS_ACCEPT);
    assert_int_equal(harness_number(db, "select count(*) from measurement where mean = 460"), 1);
    follow(db);
    expect(db, &id, "accepted", "reader_differs");
    expect_reason(db, &id, "read again from the original: ");
    assert_int_equal(harness_number(db, "select count(*) from measurement where mean = 460"), 0);
    assert_int_equal(harness_number(db, "select reader_version from submission"), 1);
    assert_true(harness_number(db, "select count(*) from observation") > 0);
    expect_verified(db);
}

static void test_too_many_new_workloads(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    const struct sha256 most = store(db, &(struct thing){1, 1, JUDGE_WORKLOADS_MOST, 1, "Apple M2", 20, false});
    follow(db);
    const struct sha256 known = store(db, &(struct thing){2, 2, JUDGE_WORKLOADS_MOST + 1, 2, "Apple M2", 20, false});
    follow(db);
    harness_exec(db, "delete from workload");
    const struct sha256 flood = store(db, &(struct thing){3, 3, JUDGE_WORKLOADS_MOST + 1, 3, "Apple M2", 20, false});
    follow(db);
    expect(db, &most, "accepted", "");
    expect(db, &known, "accepted", ""); /* one of them is new */
    expect(db, &flood, "quarantined", "many_workloads");
}

static void test_three_contributors_release_what_they_confirm(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    (void)store(db, &(struct thing){1, 1, 1, 1, "Apple M2", 20.0, false});
    (void)store(db, &(struct thing){2, 2, 1, 2, "Apple M2", 20.5, false});
    follow(db);
    const struct sha256 early = store(db, &(struct thing){3, 3, 1, 0, "Apple M2", 20.2, true});
    follow(db);
    expect(db, &early, "quarantined", "");
    (void)store(db, &(struct thing){4, 4, 1, 3, "Apple M2", 19.5, false});
    follow(db);
    const struct sha256 good = store(db, &(struct thing){5, 5, 1, 0, "Apple M2", 20.9, true});
    const struct sha256 far = store(db, &(struct thing){6, 6, 1, 0, "Apple M2", 40.0, true});
    const struct sha256 unknown = store(db, &(struct thing){7, 7, 2, 0, "Apple M2", 20.0, true});
    follow(db);
    expect(db, &good, "accepted", "confirmed");
    expect(db, &far, "quarantined", "");
    expect(db, &unknown, "quarantined", ""); /* nobody has seen one of its two workloads */
}

/* ---------------------------------------------------------------- random histories */

static uint64_t draw(uint64_t *seed, uint64_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed % below;
}

/* All that observe wrote, as one number. */
static int64_t fingerprint(struct db *db)
{
    return harness_number(
        db,
        "select ('x' || substr(md5(coalesce((select string_agg(o::text, ';' order by o::text) from observation o), '') "
        "|| coalesce((select string_agg(o::text, ';' order by o::text) from original o), '')), 1, 15))::bit(60)::int8");
}

static void random_step(struct db *db, uint64_t *seed, struct sha256 *ids, int *count)
{
    static const char *const chips[] = {"Apple M2", "Apple M2", "Apple M3 Max"};
    static const char *const actions[] = {"accept", "reject", "withdraw", "undo", "undo", "delete"};
    static struct sealer sealer;
    struct sealing sealing;
    struct piece piece;
    struct err err;
    const uint64_t what = draw(seed, 10);
    const struct sha256 *one = *count > 0 ? &ids[draw(seed, (uint64_t)*count)] : NULL;
    if (what < 4 || one == NULL) {
        const struct thing thing = {(int)draw(seed, 1000), (int)draw(seed, 8),   1 + (int)draw(seed, 2),
                                    (int)draw(seed, 5),    chips[draw(seed, 3)], 20 + (double)draw(seed, 4),
                                    draw(seed, 4) == 0};
        ids[(*count)++] = store(db, &thing);
        if (draw(seed, 4) == 0) {
            (void)store(db, &thing); /* the same bytes again */
        }
    } else if (what < 6) {
        decide(db, one, actions[draw(seed, 6)]);
    } else if (what < 8) {
        if (draw(seed, 3) == 0) {
            sealer = (struct sealer){0}; /* a restart */
        }
        harness_ok(log_seal(db, &sealer, NOW + (int64_t)draw(seed, 5000), &sealing, &err), &err);
    } else if (what == 8) {
        harness_ok(judge_round(db, NOW + 3000, &piece, &err), &err);
    } else {
        harness_ok(observe_round(db, &piece, &err), &err);
    }
}

static void run_history(struct db *db, uint64_t seed, int steps)
{
    struct sha256 ids[256];
    int count = 0;
    for (int step = 0; step < steps; step++) {
        random_step(db, &seed, ids, &count);
    }
    follow(db);
    /* The log has no gap and no repeat, every state is the fold of its events, … */
    expect_verified(db);
    /* … and the observations, made from nothing, are the same. */
    const int64_t before = fingerprint(db);
    harness_exec(db, "delete from observation; delete from original; delete from series; delete from workload; "
                     "delete from dirty_series; update follower set next_index = 0 where name = 'observe'");
    follow(db);
    assert_int_equal(fingerprint(db), before);
}

static void test_random_histories(void **state)
{
    (void)state;
    int64_t histories = 6;
    (void)number_parse_int64(str_of(getenv("CROSSCHIP_HISTORIES")), &histories);
    for (int64_t history = 1; history <= histories; history++) {
        autodb struct db *db = harness_connect();
        run_history(db, UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)history, 120);
        harness_exec(db, "alter table moderation disable trigger user; delete from measurement; delete from run; "
                         "delete from submission; delete from moderation; delete from log_entry; delete from log_node; "
                         "delete from follower; delete from observation; delete from original; delete from series; "
                         "delete from workload; delete from dirty_series; update log_head set size = 0, "
                         "root = sha256('')");
    }
}

/* A piece that was not committed is met again; nobody else works on it meanwhile. */
static void test_a_place_moves_with_its_work(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect(), *other = harness_connect();
    struct sealer sealer = {0};
    struct sealing sealing;
    struct piece mine, theirs, again;
    struct err err;
    (void)store(db, &(struct thing){1, 1, 1, 1, "Apple M2", 20, false});
    (void)store(db, &(struct thing){2, 2, 1, 2, "Apple M2", 20, false});
    harness_ok(log_seal(db, &sealer, NOW, &sealing, &err), &err);
    harness_ok(piece_begin(db, FOLLOWER_JUDGE, NULL, 1, &mine, &err), &err);
    assert_int_equal(mine.end - mine.first, 1);
    assert_int_equal(mine.behind, 1);
    harness_ok(piece_begin(other, FOLLOWER_JUDGE, NULL, 1, &theirs, &err), &err);
    assert_true(theirs.held);
    db_rollback(other);
    db_rollback(db);
    harness_ok(piece_begin(db, FOLLOWER_JUDGE, NULL, 5, &again, &err), &err);
    assert_true(again.first == mine.first && again.end == mine.first + 2);
    db_rollback(db);
    /* Nothing is observed that is not judged. */
    harness_ok(observe_round(db, &mine, &err), &err);
    assert_int_equal(mine.end, mine.first);
    assert_int_equal(harness_number(db, "select count(*) from observation"), 0);
    harness_ok(judge_round(db, NOW, &mine, &err), &err);
    harness_ok(observe_round(db, &mine, &err), &err);
    assert_int_equal(harness_number(db, "select count(*) from observation"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_place_moves_with_its_work, harness_begin, harness_end),
        cmocka_unit_test_setup_teardown(test_a_later_one_of_the_same_original_changes_nothing, harness_begin,
                                        harness_end),
        cmocka_unit_test_setup_teardown(test_invented_runs_beside_a_true_original, harness_begin, harness_end),
        cmocka_unit_test_setup_teardown(test_an_older_reader_is_read_anew, harness_begin, harness_end),
        cmocka_unit_test_setup_teardown(test_too_many_new_workloads, harness_begin, harness_end),
        cmocka_unit_test_setup_teardown(test_three_contributors_release_what_they_confirm, harness_begin, harness_end),
        cmocka_unit_test_setup_teardown(test_random_histories, harness_begin, harness_end),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
