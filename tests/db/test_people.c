/* What becomes of a submission after intake, and who may change it: state, revision, event and audit row
 * together, erasure, undo; tokens known, revoked and expired. */
#include "tests/db/db_harness.h"

#include <stdio.h>
#include <string.h>

#include "collector/follow/judge.h"
#include "collector/follow/observe.h"
#include "collector/intake/intake.h"
#include "collector/intake/statements.h"
#include "collector/people/book.h"
#include "collector/people/change.h"
#include "collector/people/look.h"
#include "schema/base/clock.h"
#include "schema/base/mem.h"
#include "tests/unit/intake_sample.h"

#define NOW INT64_C(1763712000123456)
#define SECRET "00000000000000000000000000000000000000000000000000000000000000ff"

static const uint8_t somebody[16] = {1, 2, 3, 4};

static struct sha256 store(struct db *db, int number, const uint8_t contributor[16])
{
    autobuf struct buf text = BUF(BUF_MIB), changed = BUF(BUF_MIB);
    autoprepared struct prepared *prepared = NULL;
    struct intake_policy policy = {.anonymous = INTAKE_ANONYMOUS_ACCEPT, .origin = "http"};
    struct sha256 hash;
    char commitment[SHA256_HEX_SIZE];
    unsigned char secret[32];
    struct outcome outcome;
    struct err err;
    assert_true(hex_decode(str_of(SECRET), secret, sizeof secret));
    hash = sha256_of(secret, sizeof secret);
    sample_bundle(&text, number);
    /* The commitment of a secret that this test knows. */
    size_t at = str_find(str_of(buf_text(&text)), STR("\"withdraw\":\""), 0) + strlen("\"withdraw\":\"");
    buf_add(&changed, text.data, at);
    buf_adds(&changed, sha256_hex(commitment, &hash));
    buf_adds(&changed, text.data + at + 64);
    if (contributor != NULL) {
        policy.proved = true;
        memcpy(policy.contributor_key, contributor, sizeof policy.contributor_key);
    }
    harness_ok(intake_check(str_slice(changed.data, changed.len), NULL, &policy, &prepared, &err), &err);
    harness_ok(intake_store(db, &prepared, 1, NOW, &outcome, &err), &err);
    assert_int_equal(outcome.kind, OUTCOME_CREATED);
    memcpy(hash.bytes, prepared->hash, sizeof hash.bytes);
    return hash;
}

/* state/revision/kind of the newest event/rows of measurement/bytes are there */
static void assert_is(struct db *db, const struct sha256 *id, const char *expected)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *row = NULL;
    struct err err;
    db_put_uuid(&values, id->bytes);
    harness_ok(db_query(db,
                        "select format('%s/%s/%s/%s/%s', s.state, s.revision, "
                        "(select kind from pending_event e where e.submission_id = s.submission_id "
                        " and e.revision = s.revision), "
                        "(select count(*) from measurement m where m.submission_id = s.submission_id), "
                        "case when s.raw is null then 'gone' else 'there' end) "
                        "from submission s where submission_id = $1::uuid",
                        &values, &row, &err),
               &err);
    assert_int_equal(db_rows(row), 1);
    assert_string_equal(db_text(row, 0, 0), expected);
}

static int moderate(struct db *db, const struct sha256 *id, const char *action, struct err *err)
{
    struct change change;
    const struct decision decision = {action, "moderator:test", NULL, "because"};
    return change_moderate(db, id, &decision, NOW + 1, &change, err);
}

static void test_moderator_decides_and_undoes(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct err err;
    struct sha256 id = store(db, 1, NULL);
    assert_is(db, &id, "accepted/1/accepted/3/there");
    harness_refused(moderate(db, &id, "accept", &err), ERR_DATA, &err);
    harness_ok(moderate(db, &id, "reject", &err), &err);
    assert_is(db, &id, "rejected/2/rejected/3/there");
    harness_ok(moderate(db, &id, "undo", &err), &err);
    assert_is(db, &id, "accepted/3/released/3/there");
    harness_ok(moderate(db, &id, "withdraw", &err), &err);
    assert_is(db, &id, "withdrawn/4/withdrawn/3/there");
    /* What was decided already is told, and no second event says the same. */
    harness_refused(moderate(db, &id, "withdraw", &err), ERR_DATA, &err);
    assert_non_null(strstr(err.text, "withdrawn already"));
    assert_is(db, &id, "withdrawn/4/withdrawn/3/there");
    harness_ok(moderate(db, &id, "undo", &err), &err);
    assert_is(db, &id, "accepted/5/released/3/there");
    harness_refused(moderate(db, &id, "accept", &err), ERR_DATA, &err);
    harness_ok(moderate(db, &id, "delete", &err), &err);
    assert_is(db, &id, "deleted/6/deleted/0/gone");
    harness_refused(moderate(db, &id, "undo", &err), ERR_DATA, &err);
    harness_refused(moderate(db, &id, "delete", &err), ERR_DATA, &err);
    harness_refused(moderate(db, &id, "praise", &err), ERR_DATA, &err);
    assert_is(db, &id, "deleted/6/deleted/0/gone");
    assert_int_equal(harness_number(db, "select count(*) from run"), 0);
    assert_int_equal(harness_number(db, "select count(*) from submission where original_hash is null and withdraw_hash "
                                        "is null and findings is null and flags = '{}'"),
                     1);
    /* Every event has its audit row, and its hash is that of the row's words. */
    assert_int_equal(
        harness_number(db, "select count(*) from pending_event e join moderation m using (submission_id, revision) "
                           "where e.kind = m.kind and e.at = m.at and e.detail = sha256(convert_to(m.kind || E'\\n' || "
                           "m.state_after || E'\\n' || m.actor || E'\\n\\n' || m.reason || E'\\n', 'UTF8'))"),
        5);
}

static void test_a_reason_is_needed_and_an_unknown_id_refused(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct err err;
    struct change change;
    struct sha256 id = store(db, 1, NULL), unknown = {{9}};
    const struct decision silent = {"reject", "moderator:x", NULL, " \n"};
    const struct decision strange = {"reject", "stranger", NULL, "r"};
    harness_refused(change_moderate(db, &id, &silent, NOW, &change, &err), ERR_DATA, &err);
    harness_refused(change_moderate(db, &id, &strange, NOW, &change, &err), ERR_DATA, &err);
    harness_refused(moderate(db, &unknown, "reject", &err), ERR_NOT_FOUND, &err);
    harness_refused(moderate(db, &id, "undo", &err), ERR_DATA, &err);
    assert_is(db, &id, "accepted/1/accepted/3/there");
}

static void test_audit_is_append_only(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct err err;
    struct sha256 id = store(db, 1, NULL);
    harness_ok(moderate(db, &id, "reject", &err), &err);
    static const char *const refused[] = {"update moderation set reason = 'x'", "delete from moderation",
                                          "truncate moderation"};
    for (size_t i = 0; i < ARRAY_LENGTH(refused); i++) {
        harness_refused(db_exec(db, refused[i], &err), ERR_NOT_ALLOWED, &err);
    }
    assert_int_equal(harness_number(db, "select count(*) from moderation where reason = 'because'"), 1);
}

static int withdraw(struct db *db, const struct sha256 *id, const char *secret, const char *token_id, struct err *err)
{
    struct change change;
    unsigned char bytes[32];
    if (secret != NULL) {
        assert_true(hex_decode(str_of(secret), bytes, sizeof bytes));
    }
    int code = change_withdraw(db, id, secret != NULL ? bytes : NULL, token_id, NOW + 2, &change, err);
    if (code == 0) {
        assert_string_equal(change.state, "withdrawn");
        assert_true(change.at_us == NOW + 2);
    }
    return code;
}

static void test_contributor_withdraws_by_secret(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct err err;
    struct sha256 id = store(db, 1, NULL), other = store(db, 2, NULL), half = id;
    harness_refused(withdraw(db, &id, "0000000000000000000000000000000000000000000000000000000000000000", NULL, &err),
                    ERR_NOT_ALLOWED, &err);
    harness_refused(withdraw(db, &id, NULL, "aaaaaaaa", &err), ERR_NOT_ALLOWED, &err);
    half.bytes[31] ^= 1; /* the same key, another submission */
    harness_refused(withdraw(db, &half, SECRET, NULL, &err), ERR_NOT_FOUND, &err);
    assert_is(db, &id, "accepted/1/accepted/3/there");
    harness_ok(withdraw(db, &id, SECRET, NULL, &err), &err);
    assert_is(db, &id, "withdrawn/2/withdrawn/0/gone");
    harness_ok(withdraw(db, &id, SECRET, NULL, &err), &err);
    assert_is(db, &id, "withdrawn/2/withdrawn/0/gone");
    assert_is(db, &other, "accepted/1/accepted/3/there");
    harness_refused(moderate(db, &id, "undo", &err), ERR_DATA, &err);
    harness_refused(moderate(db, &id, "accept", &err), ERR_DATA, &err);
    harness_ok(moderate(db, &id, "delete", &err), &err);
    harness_refused(withdraw(db, &id, SECRET, NULL, &err), ERR_GONE, &err);
}

/* A moderator's withdrawal keeps the bytes; the contributor's own erases them then too. */
static void test_contributor_erases_what_was_withdrawn(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct err err;
    struct sha256 id = store(db, 1, NULL);
    harness_ok(moderate(db, &id, "withdraw", &err), &err);
    harness_ok(withdraw(db, &id, SECRET, NULL, &err), &err);
    assert_is(db, &id, "withdrawn/3/withdrawn/0/gone");
}

#define ADD_TOKEN(id, contributor, scopes, expires)                                                                    \
    "insert into token values ('" id "', sha256('" id "'), '" contributor "', '{" scopes                               \
    "}', '2025-11-01Z', '" expires "', null, null)"
#define SOMEBODY "01020304-0000-0000-0000-000000000000"
#define OTHER "11020304-0000-0000-0000-000000000000"

static void test_contributor_withdraws_by_token(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct err err;
    struct sha256 id = store(db, 1, somebody), second = store(db, 2, somebody), nobody = store(db, 3, NULL);
    harness_exec(db, ADD_TOKEN("mineaaaa", SOMEBODY, "submit,withdraw", "2026-01-01Z"));
    harness_exec(db, ADD_TOKEN("mineonly", SOMEBODY, "submit", "2026-01-01Z"));
    harness_exec(db, ADD_TOKEN("mineolda", SOMEBODY, "withdraw", "2025-11-02Z"));
    harness_exec(db, ADD_TOKEN("othersaa", OTHER, "withdraw", "2026-01-01Z"));
    harness_exec(db, ADD_TOKEN("moderate", OTHER, "moderate", "2026-01-01Z"));
    harness_refused(withdraw(db, &id, NULL, "mineonly", &err), ERR_NOT_ALLOWED, &err);
    harness_refused(withdraw(db, &id, NULL, "mineolda", &err), ERR_NOT_ALLOWED, &err);
    harness_refused(withdraw(db, &id, NULL, "othersaa", &err), ERR_NOT_ALLOWED, &err);
    harness_refused(withdraw(db, &nobody, NULL, "mineaaaa", &err), ERR_NOT_ALLOWED, &err);
    harness_ok(withdraw(db, &id, NULL, "mineaaaa", &err), &err);
    assert_is(db, &id, "withdrawn/2/withdrawn/0/gone");
    harness_ok(withdraw(db, &second, NULL, "moderate", &err), &err);
    assert_int_equal(harness_number(db, "select count(*) from moderation where actor = 'token:mineaaaa'"), 1);
}

/* Devices of two contributors differ, however equal their facts. */
static void test_contributor_is_part_of_the_device(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    (void)store(db, 1, somebody);
    (void)store(db, 2, NULL);
    (void)store(db, 3, NULL);
    assert_int_equal(harness_number(db, "select count(distinct device_key) from run"), 2);
    assert_int_equal(harness_number(db, "select count(*) from submission where contributor_key = '" SOMEBODY "'"), 1);
}

static void add_token(struct db *db, const char *token, const char *scopes)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    struct err err;
    char id[TOKEN_ID_SIZE];
    struct sha256 hash = token_hash(str_of(token));
    struct str rest = str_of(scopes), word;
    assert_true(token_id_of(str_of(token), id));
    db_put_text(&values, "a name");
    db_put_uuid(&values, somebody);
    db_put_text(&values, id);
    db_put_bytea(&values, hash.bytes, sizeof hash.bytes);
    db_array_begin(&values, DB_TEXT);
    while (str_next_field(&rest, ' ', &word)) {
        db_put_str(&values, word);
    }
    db_array_end(&values);
    db_put_timestamptz(&values, clock_wall_us());
    db_put_timestamptz(&values, clock_wall_us() + 3600000000);
    harness_ok(db_query(db, statement("token_add"), &values, NULL, &err), &err);
}

static int prove(struct token_book *book, const char *token, unsigned scopes, int *ret_status)
{
    struct token_facts facts;
    struct err err;
    int code = token_book_prove(book, str_of(token), scopes, &facts, ret_status, &err);
    if (code == 0) {
        assert_memory_equal(facts.contributor_key, somebody, sizeof somebody);
    }
    return code;
}

static void test_book_knows_tokens_and_their_end(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct token_book *book = NULL;
    struct err err;
    char token[TOKEN_SIZE], wrong[TOKEN_SIZE], later[TOKEN_SIZE];
    int status = 0;
    harness_ok(token_make(token, &err), &err);
    harness_ok(token_make(later, &err), &err);
    memcpy(wrong, token, sizeof wrong);
    wrong[20] = wrong[20] == 'A' ? 'B' : 'A';
    add_token(db, token, "submit");
    harness_ok(token_book_open(harness_conninfo(), NULL, &book, &err), &err);
    assert_int_equal(prove(book, token, TOKEN_MAY_SUBMIT, &status), 0);
    assert_true(prove(book, token, TOKEN_MAY_WITHDRAW | TOKEN_MAY_MODERATE, &status) < 0);
    assert_int_equal(status, 403);
    assert_true(prove(book, wrong, TOKEN_MAY_SUBMIT, &status) < 0);
    assert_int_equal(status, 401);
    assert_true(prove(book, "cc1_short", TOKEN_MAY_SUBMIT, &status) < 0);
    assert_int_equal(status, 401);
    /* One that is added, and one that is revoked, are seen without anybody's doing. */
    add_token(db, later, "admin");
    harness_exec(db, "update token set revoked_at = now() where scopes = '{submit}'");
    for (int i = 0; i < 200 && (prove(book, token, TOKEN_MAY_SUBMIT, &status) == 0 ||
                                prove(book, later, TOKEN_MAY_SUBMIT, &status) != 0);
         i++) {
        clock_sleep_us(50000);
    }
    assert_true(prove(book, token, TOKEN_MAY_SUBMIT, &status) < 0);
    assert_int_equal(status, 401);
    assert_int_equal(prove(book, later, TOKEN_MAY_SUBMIT, &status), 0);
    for (int i = 0; i < 200 && harness_number(db, "select count(last_used) from token") < 1; i++) {
        clock_sleep_us(50000);
    }
    assert_int_equal(
        harness_number(db, "select count(*) from token where last_used = (now() at time zone 'UTC')::date"),
        harness_number(db, "select count(last_used) from token"));
    token_book_close(book);
}

static void test_looks(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    autobuf struct buf out = BUF(BUF_MIB);
    struct sealer sealer = {0};
    struct sealing sealing;
    struct piece piece;
    struct err err;
    struct sha256 id = store(db, 1, NULL), unknown = {{9}};
    (void)store(db, 2, NULL);
    (void)store(db, 3, NULL);
    harness_ok(moderate(db, &id, "reject", &err), &err);
    harness_ok(log_seal(db, &sealer, NOW, &sealing, &err), &err);
    harness_ok(judge_round(db, NOW, &piece, &err), &err);
    harness_ok(observe_round(db, &piece, &err), &err);
    struct look_filter filter = {.state = "accepted", .limit = 10};
    int64_t left = -1;
    harness_ok(look_list(db, &filter, false, &out, &left, &err), &err);
    assert_non_null(strstr(buf_text(&out), "Apple M1 Max"));
    assert_int_equal(left, 0);
    buf_reset(&out);
    /* Page by page: each once. */
    filter.limit = 1;
    harness_ok(look_list(db, &filter, true, &out, &left, &err), &err);
    assert_int_equal(left, 1);
    struct sha256 first;
    assert_true(sha256_parse_id(str_slice(strstr(buf_text(&out), "sha256:"), SHA256_ID_SIZE - 1), &first));
    buf_reset(&out);
    filter.after = &first;
    harness_ok(look_list(db, &filter, true, &out, &left, &err), &err);
    assert_int_equal(left, 0);
    struct sha256 second;
    assert_true(sha256_parse_id(str_slice(strstr(buf_text(&out), "sha256:"), SHA256_ID_SIZE - 1), &second));
    assert_false(sha256_equal(&first, &second));
    buf_reset(&out);
    filter.after = &second;
    harness_ok(look_list(db, &filter, false, &out, &left, &err), &err);
    assert_string_equal(buf_text(&out), "nothing more is accepted\n");
    buf_reset(&out);
    harness_ok(look_show(db, &id, true, &out, &err), &err);
    /* Two others of the same device, of one original: they count once. */
    assert_non_null(strstr(buf_text(&out), "\"others\": 1,"));
    assert_non_null(strstr(buf_text(&out), "\"reason\": \"because\""));
    harness_refused(look_show(db, &unknown, false, &out, &err), ERR_NOT_FOUND, &err);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, harness_begin, harness_end)
    const struct CMUnitTest tests[] = {
        TEST(test_moderator_decides_and_undoes),
        TEST(test_a_reason_is_needed_and_an_unknown_id_refused),
        TEST(test_audit_is_append_only),
        TEST(test_contributor_withdraws_by_secret),
        TEST(test_contributor_erases_what_was_withdrawn),
        TEST(test_contributor_withdraws_by_token),
        TEST(test_contributor_is_part_of_the_device),
        TEST(test_book_knows_tokens_and_their_end),
        TEST(test_looks),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
