/* What the secret of a submission allows beside withdrawing it: a correction takes its place, exactly once and in one
 * transaction, and a name is put to it later; never without the secret. */
#include "tests/db/db_harness.h"

#include <stdio.h>
#include <string.h>

#include "collector/intake/intake.h"
#include "collector/intake/statements.h"
#include "collector/people/change.h"
#include "schema/base/mem.h"
#include "tests/unit/intake_sample.h"

#define NOW INT64_C(1763712000123456)
#define SOMEBODY "01020304-0000-0000-0000-000000000000"
#define OTHER "11020304-0000-0000-0000-000000000000"

static const uint8_t somebody[16] = {1, 2, 3, 4}, other[16] = {17, 2, 3, 4};

/* The secret of one number, and what the bytes hold of it. */
static void secret_of(int number, unsigned char ret[32])
{
    memset(ret, 0, 32);
    ret[31] = (unsigned char)number;
}

/* A sample with the commitment of `secret`; `replaces` NULL = nothing. */
static void write_sample(int number, int secret, const struct sha256 *replaces, struct buf *into)
{
    autobuf struct buf text = BUF(BUF_MIB);
    char commitment[SHA256_HEX_SIZE], id[SHA256_ID_SIZE];
    unsigned char bytes[32];
    secret_of(secret, bytes);
    const struct sha256 hash = sha256_of(bytes, sizeof bytes);
    sample_bundle(&text, number);
    const size_t at = str_find(str_of(buf_text(&text)), STR("\"withdraw\":\""), 0) + strlen("\"withdraw\":\"");
    buf_add(into, text.data, at);
    buf_adds(into, sha256_hex(commitment, &hash));
    if (replaces != NULL) {
        buf_addf(into, "\",\"replaces\":\"%s", sha256_id(id, replaces));
    }
    buf_adds(into, text.data + at + 64);
}

struct sending {
    int number, secret;
    const struct sha256 *replaces;
    int shown; /* the secret that is sent along; 0 = none */
    const uint8_t *contributor;
    bool held; /* the policy quarantines */
};

static int prepare(const struct sending *sending, struct prepared **ret, struct err *err)
{
    autobuf struct buf text = BUF(BUF_MIB);
    unsigned char shown[32];
    struct intake_policy policy = {.anonymous = sending->held ? INTAKE_ANONYMOUS_QUARANTINE : INTAKE_ANONYMOUS_ACCEPT,
                                   .origin = "http",
                                   .replaces = true};
    write_sample(sending->number, sending->secret, sending->replaces, &text);
    secret_of(sending->shown, shown);
    policy.secret = sending->shown != 0 ? shown : NULL;
    if (sending->contributor != NULL) {
        policy.proved = true;
        memcpy(policy.contributor_key, sending->contributor, sizeof policy.contributor_key);
    }
    return intake_check(str_slice(text.data, text.len), NULL, &policy, ret, err);
}

static struct sha256 send(struct db *db, const struct sending *sending, struct outcome *ret)
{
    autoprepared struct prepared *prepared = NULL;
    struct err err;
    struct sha256 id;
    harness_ok(prepare(sending, &prepared, &err), &err);
    harness_ok(intake_store(db, &prepared, 1, NOW, ret, &err), &err);
    memcpy(id.bytes, prepared->hash, sizeof id.bytes);
    return id;
}

static struct sha256 store(struct db *db, const struct sending *sending)
{
    struct outcome outcome;
    const struct sha256 id = send(db, sending, &outcome);
    harness_ok(-(int)outcome.err.code, &outcome.err);
    assert_int_equal(outcome.kind, OUTCOME_CREATED);
    return id;
}

/* state/revision/bytes are there/who replaced it is number … of `hashes` */
static void assert_is(struct db *db, const struct sha256 *id, const char *expected, const struct sha256 *by)
{
    struct submission_view view cleanup(submission_view_done) = {0};
    char name[SHA256_ID_SIZE], by_name[SHA256_ID_SIZE] = "", found[64];
    struct err err;
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *row = NULL;
    harness_ok(intake_view(db, sha256_id(name, id), &view, &err), &err);
    db_put_uuid(&values, id->bytes);
    harness_ok(db_query(db, "select revision, raw is null from submission where submission_id = $1::uuid", &values,
                        &row, &err),
               &err);
    (void)snprintf(found, sizeof found, "%s/%d/%s", view.state, (int)db_int64(row, 0, 0),
                   db_bool(row, 0, 1) ? "gone" : "there");
    assert_string_equal(found, expected);
    if (by != NULL) {
        (void)sha256_id(by_name, by);
    }
    assert_string_equal(view.replaced_by, by_name);
}

static int64_t differing(struct db *db)
{
    autoresult struct db_result *rows = NULL;
    struct err err;
    harness_ok(db_query(db, statement("verify_people"), NULL, &rows, &err), &err);
    return (int64_t)db_rows(rows);
}

static void test_a_correction_takes_the_place_of_the_older_one(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct submission_view view cleanup(submission_view_done) = {0};
    struct err err;
    struct outcome outcome;
    char name[SHA256_ID_SIZE], older_name[SHA256_ID_SIZE];
    const struct sha256 older = store(db, &(struct sending){1, 1, NULL, 0, NULL, false});
    const struct sending correction = {2, 2, &older, 1, NULL, false};
    const struct sha256 newer = store(db, &correction);
    assert_is(db, &older, "withdrawn/2/gone", &newer);
    assert_is(db, &newer, "accepted/1/there", NULL);
    harness_ok(intake_view(db, sha256_id(name, &newer), &view, &err), &err);
    assert_string_equal(view.replaces, sha256_id(older_name, &older));
    /* The same again changes nothing. */
    (void)send(db, &correction, &outcome);
    assert_int_equal(outcome.kind, OUTCOME_DUPLICATE);
    assert_is(db, &older, "withdrawn/2/gone", &newer);
    assert_int_equal(harness_number(db, "select count(*) from pending_event"), 3);
    assert_int_equal(harness_number(db, "select count(*) from moderation where kind = 'withdrawn' and actor = 'secret' "
                                        "and rule = 'replaced' and reason = (select 'sha256:' || encode(content_hash, "
                                        "'hex') from submission where state = 'accepted')"),
                     1);
    assert_int_equal(harness_number(db, "select count(*) from withdrawal_proof"), 1);
    assert_int_equal(differing(db), 0);
    harness_exec(db, "update replacement set by_hash = sha256('x')");
    assert_int_equal(differing(db), 1);
    harness_exec(db, "delete from replacement");
    assert_int_equal(differing(db), 1);
}

static void test_nothing_without_the_secret(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct err err;
    struct outcome outcomes[3];
    struct prepared *items[3] = {NULL};
    const struct sha256 older = store(db, &(struct sending){1, 1, NULL, 0, somebody, false});
    harness_refused(prepare(&(struct sending){2, 2, &older, 0, NULL, false}, &items[0], &err), ERR_NOT_ALLOWED, &err);
    assert_string_equal(err.path, "replaces");
    /* Beside others in one batch: only the guilty one fails, and nothing of it is stored. */
    harness_ok(prepare(&(struct sending){3, 3, NULL, 0, NULL, false}, &items[0], &err), &err);
    harness_ok(prepare(&(struct sending){4, 4, &older, 9, somebody, false}, &items[1], &err), &err);
    harness_ok(prepare(&(struct sending){5, 5, NULL, 0, NULL, false}, &items[2], &err), &err);
    harness_ok(intake_store(db, items, 3, NOW, outcomes, &err), &err);
    assert_int_equal(outcomes[0].kind, OUTCOME_CREATED);
    assert_int_equal(outcomes[2].kind, OUTCOME_CREATED);
    assert_int_equal(outcomes[1].kind, OUTCOME_FAILED);
    assert_int_equal(outcomes[1].err.code, ERR_NOT_ALLOWED);
    assert_string_equal(outcomes[1].err.path, "replaces");
    for (size_t i = 0; i < ARRAY_LENGTH(items); i++) {
        prepared_free(items[i]);
    }
    assert_is(db, &older, "accepted/1/there", NULL);
    assert_int_equal(harness_number(db, "select count(*) from submission"), 3);
}

static void refused(struct db *db, const struct sending *sending, const char *words)
{
    struct outcome outcome;
    const int64_t before = harness_number(db, "select count(*) from submission");
    (void)send(db, sending, &outcome);
    assert_int_equal(outcome.kind, OUTCOME_FAILED);
    assert_int_equal(outcome.err.code, ERR_DATA);
    assert_string_equal(outcome.err.path, "replaces");
    if (strstr(outcome.err.text, words) == NULL && strstr(outcome.err.detail, words) == NULL) {
        fail_msg("\"%s\" and \"%s\" do not say: %s", outcome.err.text, outcome.err.detail, words);
    }
    assert_int_equal(harness_number(db, "select count(*) from submission"), before);
}

static void moderate(struct db *db, const struct sha256 *id, const char *action)
{
    struct change change;
    struct err err;
    const struct decision decision = {action, "moderator:test", NULL, "because"};
    harness_ok(change_moderate(db, id, &decision, NOW + 1, &change, &err), &err);
}

static void withdraw(struct db *db, const struct sha256 *id, int secret)
{
    struct change change;
    struct err err;
    unsigned char bytes[32];
    secret_of(secret, bytes);
    harness_ok(change_withdraw(db, id, bytes, NULL, NOW + 2, &change, &err), &err);
    assert_string_equal(change.state, "withdrawn");
}

static void test_what_cannot_be_replaced_any_more(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    const struct sha256 unknown = {{9}};
    const struct sha256 withdrawn = store(db, &(struct sending){1, 1, NULL, 0, NULL, false});
    const struct sha256 deleted = store(db, &(struct sending){2, 2, NULL, 0, NULL, false});
    const struct sha256 replaced = store(db, &(struct sending){3, 3, NULL, 0, NULL, false});
    const struct sha256 good = store(db, &(struct sending){4, 4, NULL, 0, NULL, false});
    withdraw(db, &withdrawn, 1);
    moderate(db, &deleted, "delete");
    const struct sha256 newer = store(db, &(struct sending){13, 13, &replaced, 3, NULL, false});
    refused(db, &(struct sending){10, 10, &unknown, 1, NULL, false}, "not here");
    refused(db, &(struct sending){11, 11, &withdrawn, 1, NULL, false}, "withdrawn already");
    refused(db, &(struct sending){12, 12, &deleted, 2, NULL, false}, "deleted");
    refused(db, &(struct sending){14, 14, &replaced, 3, NULL, false}, "replaced already, by sha256:");
    /* The secret of the older one becomes known: one that binds both would give the newer one away. */
    refused(db, &(struct sending){15, 4, &good, 4, NULL, false}, "its secret");
    assert_is(db, &good, "accepted/1/there", NULL);
    /* The correction is corrected; a correction that is withdrawn leaves nothing behind. */
    const struct sha256 newest = store(db, &(struct sending){16, 16, &newer, 13, NULL, false});
    assert_is(db, &replaced, "withdrawn/2/gone", &newer);
    assert_is(db, &newer, "withdrawn/2/gone", &newest);
    withdraw(db, &newest, 16);
    withdraw(db, &newer, 13);
    assert_is(db, &newest, "withdrawn/2/gone", NULL);
    assert_is(db, &newer, "withdrawn/2/gone", &newest);
    assert_int_equal(differing(db), 0);
}

static void test_held_and_rejected_ones_are_replaced_too(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    const struct sha256 held = store(db, &(struct sending){1, 1, NULL, 0, NULL, true});
    const struct sha256 rejected = store(db, &(struct sending){2, 2, NULL, 0, NULL, false});
    const struct sha256 taken = store(db, &(struct sending){3, 3, NULL, 0, NULL, false});
    moderate(db, &rejected, "reject");
    moderate(db, &taken, "withdraw");
    const struct sha256 first = store(db, &(struct sending){11, 11, &held, 1, NULL, false});
    const struct sha256 second = store(db, &(struct sending){12, 12, &rejected, 2, NULL, true});
    const struct sha256 third = store(db, &(struct sending){13, 13, &taken, 3, NULL, false});
    assert_is(db, &held, "withdrawn/2/gone", &first);
    assert_is(db, &rejected, "withdrawn/3/gone", &second);
    assert_is(db, &second, "quarantined/1/there", NULL);
    assert_is(db, &taken, "withdrawn/3/gone", &third);
}

/* From files and from other collectors a bundle comes without a proof. */
static void test_another_way_in_replaces_nothing(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    autobuf struct buf text = BUF(BUF_MIB);
    autoprepared struct prepared *prepared = NULL;
    struct outcome outcome;
    struct err err;
    const struct intake_policy policy = {.anonymous = INTAKE_ANONYMOUS_ACCEPT, .origin = "import"};
    const struct sha256 older = store(db, &(struct sending){1, 1, NULL, 0, NULL, false});
    write_sample(2, 2, &older, &text);
    harness_ok(intake_check(str_slice(text.data, text.len), NULL, &policy, &prepared, &err), &err);
    harness_ok(intake_store(db, &prepared, 1, NOW, &outcome, &err), &err);
    assert_int_equal(outcome.kind, OUTCOME_CREATED);
    assert_is(db, &older, "accepted/1/there", NULL);
}

/* ---------------------------------------------------------------- claims */

#define ADD_TOKEN(id, contributor, scopes, expires)                                                                    \
    "insert into token values ('" id "', sha256('" id "'), '" contributor "', '{" scopes                               \
    "}', '2025-11-01Z', '" expires "', null, null)"

static void add_people(struct db *db)
{
    harness_exec(db, "insert into contributor values ('" SOMEBODY "', 'Ada', false, '2025-11-01Z'), ('" OTHER
                     "', 'Bea', false, '2025-11-01Z')");
    harness_exec(db, ADD_TOKEN("mineaaaa", SOMEBODY, "submit", "2026-01-01Z"));
    harness_exec(db, ADD_TOKEN("otheraaa", OTHER, "submit", "2026-01-01Z"));
    harness_exec(db, ADD_TOKEN("expireda", SOMEBODY, "submit", "2025-11-02Z"));
    harness_exec(db, ADD_TOKEN("moderate", SOMEBODY, "moderate", "2026-01-01Z"));
}

static int claim(struct db *db, const struct sha256 *id, int secret, const char *token, const uint8_t *contributor,
                 const char *name, struct err *err)
{
    unsigned char bytes[32];
    char found[CHANGE_NAME_SIZE];
    struct token_facts facts = {.scopes = TOKEN_MAY_SUBMIT};
    text_copy(facts.id, sizeof facts.id, token);
    memcpy(facts.contributor_key, contributor, sizeof facts.contributor_key);
    secret_of(secret, bytes);
    const int code = change_claim(db, id, bytes, &facts, NOW + 3, found, err);
    if (code == 0) {
        assert_string_equal(found, name);
    }
    return code;
}

static void test_a_name_is_put_to_a_submission_later(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct err err;
    add_people(db);
    const struct sha256 id = store(db, &(struct sending){1, 1, NULL, 0, NULL, false});
    (void)store(db, &(struct sending){2, 2, NULL, 0, somebody, false});
    assert_int_equal(harness_number(db, "select count(distinct device_key) from run"), 2);
    harness_ok(claim(db, &id, 1, "mineaaaa", somebody, "Ada", &err), &err);
    assert_is(db, &id, "accepted/2/there", NULL);
    /* It is the same machine of the same contributor now. */
    assert_int_equal(harness_number(db, "select count(distinct device_key) from run"), 1);
    assert_int_equal(harness_number(db, "select count(*) from submission where contributor_key = '" SOMEBODY "'"), 2);
    harness_ok(claim(db, &id, 1, "mineaaaa", somebody, "Ada", &err), &err);
    assert_is(db, &id, "accepted/2/there", NULL);
    assert_int_equal(harness_number(db, "select count(*) from moderation where kind = 'claimed' and actor = "
                                        "'token:mineaaaa' and reason = '" SOMEBODY "'"),
                     1);
    assert_int_equal(differing(db), 0);
    harness_exec(db, "update submission set contributor_key = '" OTHER "' where revision = 2");
    assert_int_equal(differing(db), 1);
}

/* Somebody else's public bytes, sent first under another name: the secret decides. */
static void test_the_secret_takes_it_from_who_sent_it_first(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct err err;
    add_people(db);
    const struct sha256 id = store(db, &(struct sending){1, 1, NULL, 0, other, false});
    harness_refused(claim(db, &id, 2, "otheraaa", other, NULL, &err), ERR_NOT_ALLOWED, &err);
    harness_ok(claim(db, &id, 1, "mineaaaa", somebody, "Ada", &err), &err);
    assert_int_equal(harness_number(db, "select count(*) from submission where contributor_key = '" SOMEBODY "'"), 1);
}

static void test_claims_that_are_refused(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct err err;
    add_people(db);
    const struct sha256 id = store(db, &(struct sending){1, 1, NULL, 0, NULL, false}), unknown = {{9}};
    harness_refused(claim(db, &unknown, 1, "mineaaaa", somebody, NULL, &err), ERR_NOT_FOUND, &err);
    harness_refused(claim(db, &id, 2, "mineaaaa", somebody, NULL, &err), ERR_NOT_ALLOWED, &err);
    harness_refused(claim(db, &id, 1, "expireda", somebody, NULL, &err), ERR_NOT_ALLOWED, &err);
    harness_refused(claim(db, &id, 1, "moderate", somebody, NULL, &err), ERR_NOT_ALLOWED, &err);
    harness_refused(claim(db, &id, 1, "notthere", somebody, NULL, &err), ERR_NOT_ALLOWED, &err);
    assert_is(db, &id, "accepted/1/there", NULL);
    withdraw(db, &id, 1);
    harness_refused(claim(db, &id, 1, "mineaaaa", somebody, NULL, &err), ERR_GONE, &err);
    assert_int_equal(harness_number(db, "select count(*) from submission where contributor_key <> "
                                        "'00000000-0000-0000-0000-000000000000'"),
                     0);
}

/* The same original of the same client twice: the secret of both is known once one of them was withdrawn. */
static void test_a_known_secret_takes_nothing_over(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct outcome outcome;
    struct err err;
    add_people(db);
    const struct sha256 first = store(db, &(struct sending){1, 1, NULL, 0, NULL, false});
    const struct sha256 second = store(db, &(struct sending){2, 1, NULL, 0, NULL, false});
    withdraw(db, &first, 1);
    harness_refused(claim(db, &second, 1, "mineaaaa", somebody, NULL, &err), ERR_NOT_ALLOWED, &err);
    (void)send(db, &(struct sending){3, 3, &second, 1, NULL, false}, &outcome);
    assert_int_equal(outcome.kind, OUTCOME_FAILED);
    assert_int_equal(outcome.err.code, ERR_NOT_ALLOWED);
    assert_is(db, &second, "accepted/1/there", NULL);
    withdraw(db, &second, 1);
    assert_is(db, &second, "withdrawn/2/gone", NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, harness_begin, harness_end)
    const struct CMUnitTest tests[] = {
        TEST(test_a_correction_takes_the_place_of_the_older_one),
        TEST(test_nothing_without_the_secret),
        TEST(test_what_cannot_be_replaced_any_more),
        TEST(test_held_and_rejected_ones_are_replaced_too),
        TEST(test_another_way_in_replaces_nothing),
        TEST(test_a_name_is_put_to_a_submission_later),
        TEST(test_the_secret_takes_it_from_who_sent_it_first),
        TEST(test_claims_that_are_refused),
        TEST(test_a_known_secret_takes_nothing_over),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
