/* The signed head outside the database, and the next key: what an older database must not do. */
#include "tests/db/db_harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/follow/published.h"
#include "collector/intake/intake.h"
#include "collector/intake/signing.h"
#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/base/mem.h"
#include "tests/unit/intake_sample.h"

#define NOW INT64_C(1763712000123456)

static const struct intake_policy policy = {.anonymous = INTAKE_ANONYMOUS_ACCEPT, .origin = "http"};
static const unsigned char seed[32] = {7};

struct place {
    char *folder;
    char path[256];
    struct sign_pair pair;
};

static struct place place(void)
{
    struct place here = {.folder = harness_make_folder()};
    (void)snprintf(here.path, sizeof here.path, "%s/signing.key.head", here.folder);
    sign_pair_of_seed(seed, &here.pair);
    return here;
}

static void leave(struct place *here)
{
    harness_remove_folder(here->folder);
    free(here->folder);
}

static struct published *open_published(const struct place *here)
{
    struct published *published = NULL;
    struct err err;
    harness_ok(published_open(here->path, &here->pair, &published, &err), &err);
    return published;
}

static void store(struct db *db, int from, int to)
{
    for (int number = from; number <= to; number++) {
        autobuf struct buf text = BUF(BUF_MIB);
        autoprepared struct prepared *item = NULL;
        struct outcome outcome;
        struct err err;
        sample_bundle(&text, number);
        harness_ok(intake_check(str_slice(text.data, text.len), NULL, &policy, &item, &err), &err);
        harness_ok(intake_store(db, &item, 1, NOW + number, &outcome, &err), &err);
    }
}

static struct log_head seal(struct db *db)
{
    struct sealer sealer = {0};
    struct sealing sealing;
    struct err err;
    harness_ok(log_seal(db, &sealer, NOW, &sealing, &err), &err);
    return sealing.head;
}

/* What a backup of that moment brings back. */
static void go_back(struct db *db, const struct log_head *head)
{
    char sql[400], hex[SHA256_HEX_SIZE];
    (void)snprintf(sql, sizeof sql,
                   "delete from log_entry where log_index >= %llu; delete from log_node where (position + 1) << level "
                   "> %llu; update log_head set size = %llu, root = '\\x%s'",
                   (unsigned long long)head->size, (unsigned long long)head->size, (unsigned long long)head->size,
                   sha256_hex(hex, &head->root));
    harness_exec(db, sql);
}

static void test_a_head_is_kept_before_it_is_shown(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct place here = place();
    struct published *published = open_published(&here);
    struct log_head head, kept;
    struct signature signature;
    struct err err;
    harness_ok(published_sign(published, db, &head, &signature, &err), &err);
    assert_int_equal(head.size, 0);
    assert_true(log_head_verify(&here.pair.public, &head, &signature));
    assert_false(file_exists(here.path));
    store(db, 1, 5);
    (void)seal(db);
    harness_ok(published_sign(published, db, &head, &signature, &err), &err);
    assert_true(log_head_verify(&here.pair.public, &head, &signature));
    published_close(published);
    published = open_published(&here);
    assert_true(published_head(published, &kept));
    assert_int_equal(kept.size, 5);
    assert_memory_equal(&kept.root, &head.root, sizeof head.root);
    /* A log that grew is still the same. */
    store(db, 6, 9);
    (void)seal(db);
    harness_ok(published_sign(published, db, &head, &signature, &err), &err);
    assert_int_equal(head.size, 9);
    assert_false(published_behind(published));
    /* No place, no head. */
    published_close(published);
    (void)snprintf(here.path, sizeof here.path, "%s/nowhere/head", here.folder);
    published = open_published(&here);
    harness_refused(published_sign(published, db, &head, &signature, &err), ERR_CANNOT_WRITE, &err);
    published_close(published);
    leave(&here);
}

static void test_an_older_database_is_not_built_upon(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct place here = place();
    struct published *published = open_published(&here);
    struct log_head head, early, next;
    struct signature signature;
    struct sealing sealing;
    struct err err;
    store(db, 1, 3);
    early = seal(db);
    store(db, 4, 6);
    (void)seal(db);
    harness_ok(published_sign(published, db, &head, &signature, &err), &err);
    harness_refused(published_new_epoch(published, db, false, NOW, &next, &err), ERR_FOUND, &err);
    go_back(db, &early);
    struct sealer sealer = {.published = published};
    store(db, 7, 7);
    harness_refused(log_seal(db, &sealer, NOW, &sealing, &err), ERR_DATA, &err);
    assert_true(published_behind(published));
    assert_non_null(strstr(err.text, "entries are missing"));
    assert_int_equal(harness_number(db, "select count(*) from pending_event"), 1);
    /* As many others do not make it the same log. */
    store(db, 8, 10);
    (void)seal(db);
    harness_refused(published_sign(published, db, &head, &signature, &err), ERR_DATA, &err);
    assert_non_null(strstr(err.text, "its entries are others"));
    published_close(published);
    published = open_published(&here);
    autobuf struct buf old = BUF(BUF_MIB);
    harness_ok(file_read(here.path, &old, &err), &err);
    harness_ok(published_new_epoch(published, db, false, NOW, &next, &err), &err);
    assert_int_equal(next.epoch, 2);
    assert_int_equal(next.size, 1);
    assert_false(published_behind(published));
    /* The new log holds every event again, and its first entry is the head that was signed. */
    sealer = (struct sealer){.published = published};
    harness_ok(log_seal(db, &sealer, NOW, &sealing, &err), &err);
    assert_int_equal(sealing.head.size, 8);
    const struct log_entry first = {.kind = LOG_KIND_EPOCH, .at_us = next.at_us, .detail = log_head_hash(&head)};
    const struct sha256 leaf = log_entry_leaf(&first);
    assert_memory_equal(&leaf, &next.root, sizeof leaf);
    assert_int_equal(harness_number(db, "select count(*) from log_entry e join submission s using (submission_id) "
                                        "where e.epoch = 2 and e.revision = s.revision"),
                     7);
    harness_ok(published_sign(published, db, &head, &signature, &err), &err);
    published_close(published);
    /* Whoever kept the head of epoch 1 only, such as another collector, is led on by the chain of epochs. */
    harness_ok(file_replace(here.path, 0644, old.data, old.len, &err), &err);
    published = open_published(&here);
    harness_ok(published_check(published, db, &head, &err), &err);
    published_close(published);
    harness_exec(db, "update log_epoch set previous_head = sha256('x') where epoch = 2");
    published = open_published(&here);
    harness_refused(published_check(published, db, &head, &err), ERR_DATA, &err);
    published_close(published);
    leave(&here);
}

static void test_a_damaged_file_stops(void **state)
{
    (void)state;
    struct place here = place();
    struct published *published = NULL;
    struct err err;
    harness_ok(file_replace(here.path, 0644, "crosschip-head-1\n1\n05\n", 22, &err), &err);
    harness_refused(published_open(here.path, &here.pair, &published, &err), ERR_DATA, &err);
    leave(&here);
}

static void test_the_next_key_is_signed_by_the_one_before(void **state)
{
    (void)state;
    autodb struct db *db = harness_connect();
    struct place here = place();
    autofree char *path = mem_printf("%s/signing.key", here.folder), *next = mem_printf("%s.next", path);
    autosigner struct signer first = {0}, second = {0}, found = {0};
    struct err err;
    harness_ok(signer_open(db, path, NOW, &first, &err), &err);
    harness_ok(signer_rotate(db, path, NOW - 5, &second, &err), &err);
    assert_string_not_equal(first.key_id, second.key_id);
    assert_false(file_exists(next));
    harness_ok(signer_open(db, path, NOW, &found, &err), &err);
    assert_string_equal(found.key_id, second.key_id);
    autoresult struct db_result *row = NULL;
    harness_ok(db_query(db, "select created_at, signature, signed_by from signing_key where retired_at is null", NULL,
                        &row, &err),
               &err);
    char created_at[CLOCK_TEXT_SIZE];
    struct signature signature;
    assert_int_equal(db_rows(row), 1);
    memcpy(signature.bytes, db_bytes(row, 0, 1).data, sizeof signature.bytes);
    assert_true(key_verify(&first.pair.public, &second.pair.public, clock_format(created_at, db_timestamptz(row, 0, 0)),
                           &signature));
    assert_string_equal(db_text(row, 0, 2), first.key_id);
    /* Interrupted between COMMIT and the new name: the file is still the one before. */
    autobuf struct buf old = BUF(BUF_MIB);
    harness_ok(file_read(path, &old, &err), &err);
    autosigner struct signer third = {0};
    harness_ok(signer_rotate(db, path, NOW + 5, &third, &err), &err);
    assert_int_equal(rename(path, next), 0);
    harness_ok(file_replace(path, 0600, old.data, old.len, &err), &err);
    signer_done(&found);
    harness_ok(signer_open(db, path, NOW, &found, &err), &err);
    assert_string_equal(found.key_id, third.key_id);
    assert_false(file_exists(next));
    leave(&here);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_head_is_kept_before_it_is_shown, harness_begin, harness_end),
        cmocka_unit_test_setup_teardown(test_an_older_database_is_not_built_upon, harness_begin, harness_end),
        cmocka_unit_test_setup_teardown(test_a_damaged_file_stops, harness_begin, harness_end),
        cmocka_unit_test_setup_teardown(test_the_next_key_is_signed_by_the_one_before, harness_begin, harness_end),
    };
    return cmocka_run_group_tests(tests, harness_open, harness_close);
}
