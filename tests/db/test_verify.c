/* verify against a real PostgreSQL: nothing is found where nothing was changed, and every change behind its back is. */
#include "tests/db/db_harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/follow/verify.h"
#include "collector/intake/intake.h"
#include "collector/intake/signing.h"
#include "collector/people/change.h"
#include "collector/take/reparse.h"
#include "schema/base/mem.h"
#include "tests/unit/intake_sample.h"

#define NOW INT64_C(1763712000123456)

static const struct intake_policy policy = {.anonymous = INTAKE_ANONYMOUS_ACCEPT, .origin = "http"};

static void store(struct db *db, int number, struct sha256 *ret_id)
{
    autobuf struct buf text = BUF(BUF_MIB);
    autoprepared struct prepared *item = NULL;
    struct outcome outcome;
    struct err err;
    sample_bundle(&text, number);
    *ret_id = sha256_of(text.data, text.len);
    harness_ok(intake_check(str_slice(text.data, text.len), NULL, &policy, &item, &err), &err);
    harness_ok(intake_store(db, &item, 1, NOW + number, &outcome, &err), &err);
}

static void decide(struct db *db, const struct sha256 *id, const char *action)
{
    const struct decision decision = {.action = action, .actor = "moderator:test", .reason = "because"};
    struct change change;
    struct err err;
    harness_ok(change_moderate(db, id, &decision, NOW + 1000, &change, &err), &err);
}

static void seal(struct db *db)
{
    struct sealer sealer = {0};
    struct sealing sealing;
    struct err err;
    harness_ok(log_seal(db, &sealer, NOW + 2000, &sealing, &err), &err);
}

struct found {
    uint64_t count;
    char first[600];
};

static void note(void *context, const char *what, const char *why)
{
    struct found *found = context;
    if (found->count++ == 0) {
        (void)snprintf(found->first, sizeof found->first, "%s: %s", what, why);
    }
}

static void note_rows(void *context, const uint8_t submission_id[16], const struct err *why)
{
    (void)submission_id;
    note(context, "rows", why != NULL ? why->text : "not what the bytes say");
}

static struct found look(struct db *db, struct published *published)
{
    struct found found = {0};
    struct verify_figures figures;
    struct reparse_figures read;
    struct err err;
    const struct verify_options options = {.differs = note, .context = &found, .published = published};
    const struct reparse_options rows = {.only_look = true, .told = note_rows, .context = &found};
    harness_ok(verify_all(db, &options, &figures, &err), &err);
    assert_int_equal(figures.submissions, harness_number(db, "select count(*) from submission"));
    assert_int_equal(figures.entries, harness_number(db, "select count(*) from log_entry"));
    harness_ok(reparse_all(db, &rows, &read, &err), &err);
    return found;
}

/* Seven submissions and what people did with some of them; the last event still waits. */
static void make_history(struct db *db)
{
    struct sha256 ids[8];
    for (int number = 1; number <= 7; number++) {
        store(db, number, &ids[number]);
    }
    seal(db);
    decide(db, &ids[1], "reject");
    decide(db, &ids[2], "delete");
    decide(db, &ids[3], "withdraw");
    seal(db);
    decide(db, &ids[1], "undo");
    seal(db);
    decide(db, &ids[4], "reject");
}

static void test_finds_nothing_where_nothing_is(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    assert_int_equal(look(db, NULL).count, 0);
    make_history(db);
    const struct found found = look(db, NULL);
    assert_string_equal(found.first, "");
    assert_int_equal(found.count, 0);
}

/* What is changed, and in which table. */
static const struct {
    const char *table, *change;
} changes[] = {
    {"submission", "update submission set raw = overlay(raw placing '\\x20'::bytea from 10) where state = 'accepted'"},
    {"submission", "update submission set raw = null, erased_at = now() where state = 'accepted'"},
    {"submission", "update submission set state = 'accepted' where state = 'rejected'"},
    {"submission", "update submission set state = 'rejected' where state = 'deleted'"},
    {"submission", "update submission set revision = revision + 1 where state = 'withdrawn'"},
    {"submission", "update submission set flags = flags || array['anonymous'] where state = 'accepted'"},
    {"submission", "update submission set withdraw_hash = sha256('mine') where state = 'accepted'"},
    {"submission", "update submission set original_hash = sha256('other') where state = 'accepted'"},
    {"submission", "delete from submission where state = 'deleted'"},
    {"run", "update run set chip_name = 'Apple M9' where run_no = 0"},
    {"run", "delete from run where run_no = 0"},
    {"measurement", "update measurement set mean = mean * 2 where ordinal = 0"},
    {"measurement", "delete from measurement where ordinal = 0"},
    {"moderation", "update moderation set reason = 'no reason' where kind = 'deleted'"},
    {"moderation", "update moderation set actor = 'moderator:other' where kind = 'released'"},
    {"moderation", "delete from moderation where kind = 'withdrawn'"},
    {"moderation",
     "insert into moderation select submission_id, 9, kind, actor, rule, reason, state_before, state_after, "
     "at from moderation limit 1"},
    {"log_entry", "update log_entry set at = at + interval '1 microsecond' where log_index = 3"},
    {"log_entry", "update log_entry set kind = 'quarantined' where log_index = 0"},
    {"log_entry", "update log_entry set leaf = sha256('x') where log_index = 6"},
    {"log_entry", "delete from log_entry where log_index = 4"},
    {"log_entry", "delete from log_entry where log_index = (select max(log_index) from log_entry)"},
    {"log_entry", "update log_entry set detail = sha256('x') where log_index = 8"},
    {"log_node", "update log_node set hash = sha256('x') where level = 2 and position = 0"},
    {"log_node", "delete from log_node where level = 1 and position = 2"},
    {"log_node", "insert into log_node values (1, 5, 0, sha256('x'))"},
    {"log_head", "update log_head set root = sha256('x')"},
    {"log_head", "update log_head set size = size + 1"},
    {"pending_event", "delete from pending_event"},
    {"pending_event", "update pending_event set kind = 'released'"},
};

/* Neither triggers nor foreign keys stand in the way of whoever owns the files. */
static void unlock(struct db *db)
{
    harness_exec(db, "alter table run drop constraint run_submission_fkey; "
                     "alter table measurement drop constraint measurement_submission_fkey; "
                     "alter table moderation disable trigger user");
}

static void test_finds_every_change(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    make_history(db);
    unlock(db);
    for (size_t i = 0; i < ARRAY_LENGTH(changes); i++) {
        autofree char *before = mem_printf("create temporary table kept as table %s", changes[i].table);
        autofree char *after = mem_printf("delete from %s; insert into %s select * from kept; drop table kept",
                                          changes[i].table, changes[i].table);
        harness_exec(db, before);
        harness_exec(db, changes[i].change);
        assert_true(db_affected(db) > 0);
        const struct found found = look(db, NULL);
        if (found.count == 0) {
            fail_msg("not found: %s", changes[i].change);
        }
        harness_exec(db, after);
    }
    assert_int_equal(look(db, NULL).count, 0);
}

/* A whole history that was made anew agrees with itself: only the head outside the database shows it. */
static void test_finds_another_history_by_the_signed_head(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    autofree char *folder = harness_make_folder();
    autofree char *path = mem_printf("%s/head", folder);
    static const unsigned char seed[32] = {7};
    struct sign_pair pair;
    struct published *published = NULL;
    struct log_head head;
    struct signature signature;
    struct err err;
    sign_pair_of_seed(seed, &pair);
    make_history(db);
    harness_ok(published_open(path, &pair, &published, &err), &err);
    harness_ok(published_sign(published, db, &head, &signature, &err), &err);
    assert_int_equal(look(db, published).count, 0);
    published_close(published);
    harness_exec(db, "insert into pending_event select submission_id, revision, kind, at + interval '1 second', detail "
                     "from log_entry; delete from log_entry; delete from log_node; "
                     "update log_head set size = 0, root = sha256('')");
    seal(db);
    assert_int_equal(look(db, NULL).count, 0);
    harness_ok(published_open(path, NULL, &published, &err), &err);
    assert_int_equal(look(db, published).count, 1);
    published_close(published);
    harness_remove_folder(folder);
}

static void test_follows_the_chain_of_keys(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    autofree char *folder = harness_make_folder();
    autofree char *path = mem_printf("%s/signing.key", folder);
    autosigner struct signer first = {0}, second = {0}, third = {0};
    struct err err;
    harness_ok(signer_open(db, path, NOW, &first, &err), &err);
    harness_ok(signer_rotate(db, path, NOW + 1, &second, &err), &err);
    harness_ok(signer_rotate(db, path, NOW + 2, &third, &err), &err);
    assert_int_equal(look(db, NULL).count, 0);
    static const char *const broken[] = {
        "update signing_key set public_key = sha256('x') where retired_at is null",
        "update signing_key set signature = sha256('x') || sha256('y') where retired_at is null",
        "update signing_key set created_at = created_at + interval '1 microsecond' where retired_at is null",
        "update signing_key set retired_at = created_at + interval '1 hour' where retired_at is null",
        "delete from signing_key where retired_at is not null and signature is not null",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(broken); i++) {
        harness_exec(db, "create temporary table kept as table signing_key");
        harness_exec(db, broken[i]);
        if (look(db, NULL).count == 0) {
            fail_msg("not found: %s", broken[i]);
        }
        harness_exec(db, "delete from signing_key; insert into signing_key select * from kept; drop table kept");
    }
    assert_int_equal(look(db, NULL).count, 0);
    harness_remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_finds_nothing_where_nothing_is, harness_begin, harness_end),
        cmocka_unit_test_setup_teardown(test_finds_every_change, harness_begin, harness_end),
        cmocka_unit_test_setup_teardown(test_finds_another_history_by_the_signed_head, harness_begin, harness_end),
        cmocka_unit_test_setup_teardown(test_follows_the_chain_of_keys, harness_begin, harness_end),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
