#include "collector/follow/verify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "collector/intake/intake.h"
#include "collector/intake/statements.h"
#include "schema/base/clock.h"

struct verifying {
    struct db *db;
    const struct verify_options *options;
    struct verify_figures figures;
    int epoch; /* of the entries that are replayed */
    struct merkle_frontier tree;
};

static void differs(struct verifying *verifying, const char *why, const char *format, ...) printf_like(3, 4);

static void differs(struct verifying *verifying, const char *why, const char *format, ...)
{
    char what[128];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    verifying->figures.differences++;
    verifying->options->differs(verifying->options->context, what, why);
}

static bool same_bytes(struct str stored, const unsigned char *bytes, size_t length)
{
    return proof_equal(stored.data, stored.len, bytes, bytes != NULL ? length : 0);
}

static const char *name_key(char target[48], const uint8_t *uuid)
{
    char hex[33];
    (void)snprintf(target, 48, "sha256:%s…", uuid != NULL ? hex_encode(hex, uuid, 16) : "?");
    return target;
}

/* ---------------------------------------------------------------- submissions */

/* What is taken from the bytes at intake and kept beside them. */
static void check_facts(struct verifying *verifying, const struct db_result *row, const char *name, struct str raw)
{
    static const struct intake_policy policy = {.anonymous = INTAKE_ANONYMOUS_ACCEPT, .origin = "http"};
    autoprepared struct prepared *item = NULL;
    struct err err;
    if (intake_check(raw, NULL, &policy, &item, &err) != 0) {
        if (err.code == ERR_MEMORY) {
            return;
        }
        differs(verifying, "its bytes cannot be read any more", "%s", name);
        return;
    }
    if (!same_bytes(db_bytes(row, 0, 4), item->has_withdraw ? item->withdraw_hash : NULL, sizeof item->withdraw_hash)) {
        differs(verifying, "the hash of its withdraw secret is not the one in its bytes", "%s", name);
    }
    if (!same_bytes(db_bytes(row, 0, 5), item->has_original ? item->original_hash : NULL, sizeof item->original_hash)) {
        differs(verifying, "the hash of its original is not that of its bytes", "%s", name);
    }
}

static void check_submission(struct verifying *verifying, const struct db_result *row)
{
    char name[SHA256_ID_SIZE];
    struct sha256 hash;
    const struct str stated = db_bytes(row, 0, 1), raw = db_bytes(row, 0, 2);
    const char *state = db_text(row, 0, 3);
    if (stated.len != sizeof hash.bytes || memcmp(stated.data, db_uuid(row, 0, 0), 16) != 0) {
        char key[48];
        differs(verifying, "its key is not the beginning of its hash", "%s", name_key(key, db_uuid(row, 0, 0)));
        return;
    }
    memcpy(hash.bytes, stated.data, sizeof hash.bytes);
    (void)sha256_id(name, &hash);
    if (db_is_null(row, 0, 2)) {
        if (!text_equal(state, "withdrawn") && !text_equal(state, "deleted")) {
            differs(verifying, "its bytes are gone, though it was neither withdrawn nor deleted", "%s", name);
        }
        return;
    }
    hash = sha256_of(raw.data, raw.len);
    if (!same_bytes(stated, hash.bytes, sizeof hash.bytes)) {
        differs(verifying, "its bytes have another hash", "%s", name);
        return;
    }
    check_facts(verifying, row, name, raw);
}

static int stopped(const struct verifying *verifying, struct err *err)
{
    const volatile sig_atomic_t *stop = verifying->options->stop;
    return stop != NULL && *stop != 0 ? err_set(err, ERR_RETRY, "stopped before everything was looked at") : 0;
}

/* A row of verify_submissions.sql. */
static int take_submission(void *context, const struct db_result *row, struct err *err)
{
    struct verifying *verifying = context;
    check_submission(verifying, row);
    verifying->figures.submissions++;
    if (verifying->options->progress != NULL) {
        verifying->options->progress(verifying->options->context, verifying->figures.submissions);
    }
    return stopped(verifying, err);
}

static int check_submissions(struct verifying *verifying, struct err *err)
{
    return db_each(verifying->db, statement("verify_submissions"), NULL, take_submission, verifying, err);
}

/* ---------------------------------------------------------------- the log */

static void check_epoch_begin(struct verifying *verifying, const struct db_result *row, const struct log_entry *entry)
{
    const bool names = text_equal(entry->kind, LOG_KIND_EPOCH);
    if (names != (verifying->epoch > 1)) {
        differs(verifying, "an epoch after the first begins with the head before it, and only such a one", "entry %d.0",
                verifying->epoch);
    } else if (names && !same_bytes(db_bytes(row, 0, 9), entry->detail.bytes, sizeof entry->detail.bytes)) {
        differs(verifying, "the epoch names another head than its first entry", "epoch %d", verifying->epoch);
    }
}

/* A row of verify_entries.sql. */
static int check_entry(void *context, const struct db_result *row, struct err *err)
{
    struct verifying *verifying = context;
    struct log_entry entry;
    const int epoch = (int)db_int64(row, 0, 5);
    const uint64_t index = (uint64_t)db_int64(row, 0, 6);
    if (epoch != verifying->epoch) {
        verifying->epoch = epoch;
        verifying->tree = (struct merkle_frontier){0};
    }
    int code = log_entry_of_row(row, 0, &entry, err);
    if (code != 0) {
        return code;
    }
    if (index != verifying->tree.size) {
        differs(verifying, "entries before it are missing", "entry %d.%" PRIu64, epoch, index);
    }
    if (index == 0) {
        check_epoch_begin(verifying, row, &entry);
    }
    const struct sha256 leaf = log_entry_leaf(&entry);
    if (!same_bytes(db_bytes(row, 0, 7), leaf.bytes, sizeof leaf.bytes)) {
        differs(verifying, "its leaf is not the hash of what it says", "entry %d.%" PRIu64, epoch, index);
    }
    if (!db_is_null(row, 0, 8) && memcmp(entry.submission.bytes, db_uuid(row, 0, 8), 16) != 0) {
        differs(verifying, "it names two submissions", "entry %d.%" PRIu64, epoch, index);
    }
    merkle_append(&verifying->tree, &leaf, NULL);
    verifying->figures.entries++;
    return 0;
}

static int check_entries(struct verifying *verifying, struct err *err)
{
    const struct log_head *head = &verifying->figures.head;
    const int code = db_each(verifying->db, statement("verify_entries"), NULL, check_entry, verifying, err);
    if (code != 0) {
        return code;
    }
    const struct sha256 root = merkle_root(&verifying->tree);
    if (verifying->epoch != head->epoch && head->size > 0) {
        differs(verifying, "its entries are missing", "epoch %d", head->epoch);
    } else if (verifying->tree.size != head->size) {
        differs(verifying, "the number of entries is not that of the head", "epoch %d", head->epoch);
    } else if (!sha256_equal(&root, &head->root)) {
        differs(verifying, "the entries do not give the root of the head", "epoch %d", head->epoch);
    }
    return 0;
}

static int check_order(struct verifying *verifying, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *rows = NULL;
    char name[48];
    db_put_int32(&values, verifying->figures.head.epoch);
    const int code = db_query(verifying->db, statement("verify_order"), &values, &rows, err);
    for (size_t row = 0; code == 0 && row < db_rows(rows); row++) {
        differs(verifying, "its events do not stand in the log in their order", "%s revision %d",
                name_key(name, db_uuid(rows, row, 0)), (int)db_int64(rows, row, 1));
    }
    return code;
}

static int check_nodes(struct verifying *verifying, struct err *err)
{
    autoresult struct db_result *rows = NULL;
    const int code = db_query(verifying->db, statement("verify_nodes"), NULL, &rows, err);
    for (size_t row = 0; code == 0 && row < db_rows(rows); row++) {
        differs(verifying, "it is missing or not the hash of its children", "node %" PRId64 ".%" PRId64 " of epoch %d",
                db_int64(rows, row, 1), db_int64(rows, row, 2), (int)db_int64(rows, row, 0));
    }
    return code;
}

static int check_published(struct verifying *verifying, struct err *err)
{
    struct published *published = verifying->options->published;
    if (published == NULL) {
        return 0;
    }
    const int code = published_check(published, verifying->db, &verifying->figures.head, err);
    if (code == -(int)ERR_DATA) {
        differs(verifying, err != NULL ? err->text : "it is behind", "the signed head");
        return 0;
    }
    return code;
}

/* ---------------------------------------------------------------- states and decisions */

static int check_states(struct verifying *verifying, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *rows = NULL;
    char name[48];
    db_put_int32(&values, verifying->figures.head.epoch);
    const int code = db_query(verifying->db, statement("verify_states"), &values, &rows, err);
    for (size_t row = 0; code == 0 && row < db_rows(rows); row++) {
        differs(verifying, db_text(rows, row, 1), "%s", name_key(name, db_uuid(rows, row, 0)));
    }
    return code;
}

static int check_details(struct verifying *verifying, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *rows = NULL;
    char name[48];
    db_put_int32(&values, verifying->figures.head.epoch);
    const int code = db_query(verifying->db, statement("verify_details"), &values, &rows, err);
    for (size_t row = 0; code == 0 && row < db_rows(rows); row++) {
        differs(verifying, db_text(rows, row, 2), "%s revision %d", name_key(name, db_uuid(rows, row, 0)),
                (int)db_int64(rows, row, 1));
    }
    return code;
}

static int check_people(struct verifying *verifying, struct err *err)
{
    autoresult struct db_result *rows = NULL;
    char name[48];
    const int code = db_query(verifying->db, statement("verify_people"), NULL, &rows, err);
    for (size_t row = 0; code == 0 && row < db_rows(rows); row++) {
        differs(verifying, db_text(rows, row, 1), "%s", name_key(name, db_uuid(rows, row, 0)));
    }
    return code;
}

/* ---------------------------------------------------------------- keys */

static bool public_of_row(const struct db_result *keys, size_t row, struct sign_public *ret)
{
    const struct str bytes = db_bytes(keys, row, 1);
    if (bytes.len != sizeof ret->bytes) {
        return false;
    }
    memcpy(ret->bytes, bytes.data, bytes.len);
    return true;
}

/* Signed by the key of the row before it. */
static bool is_signed(const struct db_result *keys, size_t row, const struct sign_public *key)
{
    struct sign_public before;
    struct signature signature;
    char created_at[CLOCK_TEXT_SIZE];
    const struct str bytes = db_bytes(keys, row, 5);
    if (row == 0 || bytes.len != sizeof signature.bytes ||
        !text_equal(db_text(keys, row, 4), db_text(keys, row - 1, 0)) || !public_of_row(keys, row - 1, &before)) {
        return false;
    }
    memcpy(signature.bytes, bytes.data, bytes.len);
    return key_verify(&before, key, clock_format(created_at, db_timestamptz(keys, row, 2)), &signature);
}

static int check_keys(struct verifying *verifying, struct err *err)
{
    autoresult struct db_result *keys = NULL;
    const int code = db_query(verifying->db, statement("signing_keys"), NULL, &keys, err);
    size_t active = 0;
    for (size_t row = 0; code == 0 && row < db_rows(keys); row++) {
        char key_id[SIGN_KEY_ID_SIZE];
        struct sign_public key;
        const char *name = db_text(keys, row, 0);
        active += db_is_null(keys, row, 3) ? 1 : 0;
        if (!public_of_row(keys, row, &key) || !text_equal(sign_key_id(key_id, &key), name)) {
            differs(verifying, "it is not the key of this name", "key %s", name);
        } else if (!db_is_null(keys, row, 4) && !is_signed(keys, row, &key)) {
            differs(verifying, "the key before it did not sign it", "key %s", name);
        }
    }
    verifying->figures.keys = code == 0 ? db_rows(keys) : 0;
    if (code == 0 && db_rows(keys) > 0 && active != 1) {
        differs(verifying, "not one of them is in use, but none or several", "keys");
    }
    return code;
}

static int check_all(struct verifying *verifying, struct err *err)
{
    static int (*const checks[])(struct verifying * verifying, struct err * err) = {
        check_submissions, check_entries, check_order,  check_nodes, check_published,
        check_states,      check_details, check_people, check_keys,
    };
    int code = log_read_head(verifying->db, &verifying->figures.head, err);
    for (size_t i = 0; code == 0 && i < ARRAY_LENGTH(checks); i++) {
        code = checks[i](verifying, err);
        code = code == 0 ? stopped(verifying, err) : code;
    }
    return code;
}

int verify_all(struct db *db, const struct verify_options *options, struct verify_figures *ret, struct err *err)
{
    struct verifying verifying = {.db = db, .options = options};
    int code = db_begin(db, DB_SNAPSHOT, err);
    if (code == 0) {
        code = check_all(&verifying, err);
    }
    db_rollback(db);
    *ret = verifying.figures;
    return code;
}
