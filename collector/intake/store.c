#include "collector/intake/intake.h"

#include <stdlib.h>
#include <string.h>

#include "collector/intake/refusal.h"
#include "collector/intake/rows.h"
#include "collector/intake/statements.h"
#include "schema/base/clock.h"
#include "schema/base/mem.h"
#include "schema/db/db.h"

enum { SEND_BYTES = 512 << 10, TRIES = 4, KEY_BYTES = 16 };
static const int64_t retry_first_us = 50000, retry_longest_us = 1000000, retry_all_us = 4000000;

/* A part of the batch, in the order of ids, that goes through one transaction. */
struct part {
    struct db *db;
    struct prepared *const *items;
    struct outcome *outcomes;
    const size_t *order; /* of items and outcomes */
    size_t count;
    int64_t now_us;
};

static const struct prepared *item_at(const struct part *part, size_t position)
{
    return part->items[part->order[position]];
}

static struct outcome *outcome_at(const struct part *part, size_t position)
{
    return &part->outcomes[part->order[position]];
}

/* The same key as the one before: only the first of a key is sent. */
static bool is_repeated(const struct part *part, size_t position)
{
    return position > 0 && memcmp(item_at(part, position)->hash, item_at(part, position - 1)->hash, KEY_BYTES) == 0;
}

static void put_hashes(const struct part *part, struct db_values *values)
{
    db_array_begin(values, DB_UUID);
    for (size_t i = 0; i < part->count; i++) {
        if (!is_repeated(part, i)) {
            db_put_uuid(values, item_at(part, i)->hash);
        }
    }
    db_array_end(values);
}

enum column {
    COLUMN_HASH,
    COLUMN_WITHDRAW,
    COLUMN_ORIGINAL,
    COLUMN_FORMAT,
    COLUMN_READER,
    COLUMN_STATE,
    COLUMN_FLAGS,
    COLUMN_FINDINGS,
    COLUMN_RAW,
    COLUMN_DETAIL
};
static const enum db_type column_types[] = {
    [COLUMN_HASH] = DB_BYTEA,   [COLUMN_WITHDRAW] = DB_BYTEA, [COLUMN_ORIGINAL] = DB_BYTEA,
    [COLUMN_FORMAT] = DB_TEXT,  [COLUMN_READER] = DB_INT32,   [COLUMN_STATE] = DB_TEXT,
    [COLUMN_FLAGS] = DB_TEXT,   [COLUMN_FINDINGS] = DB_JSONB, [COLUMN_RAW] = DB_BYTEA,
    [COLUMN_DETAIL] = DB_BYTEA,
};

static void put_words(struct db_values *values, const struct flag_list *flags)
{
    autobuf struct buf words = BUF(BUF_MIB);
    for (size_t i = 0; i < flags->count; i++) {
        buf_addf(&words, "%s%s", i > 0 ? " " : "", flags->items[i]);
    }
    db_put_text(values, buf_text(&words));
}

static void put_optional_hash(struct db_values *values, bool present, const unsigned char hash[32])
{
    db_put_bytea(values, present ? hash : NULL, present ? 32 : 0);
}

static void put_field(struct db_values *values, const struct prepared *item, enum column column)
{
    switch (column) {
    case COLUMN_HASH:
        db_put_bytea(values, item->hash, sizeof item->hash);
        break;
    case COLUMN_WITHDRAW:
        put_optional_hash(values, item->has_withdraw, item->withdraw_hash);
        break;
    case COLUMN_ORIGINAL:
        put_optional_hash(values, item->has_original, item->original_hash);
        break;
    case COLUMN_FORMAT:
        db_put_text(values, item->format);
        break;
    case COLUMN_READER:
        db_put_int32(values, item->reader_version);
        break;
    case COLUMN_STATE:
        db_put_text(values, item->state);
        break;
    case COLUMN_FLAGS:
        put_words(values, &item->flags);
        break;
    case COLUMN_FINDINGS:
        if (item->findings.len > 0) {
            db_put_jsonb(values, str_slice(item->findings.data, item->findings.len));
        } else {
            db_put_null(values, DB_JSONB);
        }
        break;
    case COLUMN_RAW:
        db_put_bytea(values, item->raw, item->raw_size);
        break;
    case COLUMN_DETAIL:
        db_put_bytea(values, item->detail, sizeof item->detail);
        break;
    }
}

static void put_column(const struct part *part, struct db_values *values, enum column column)
{
    db_array_begin(values, column_types[column]);
    for (size_t i = 0; i < part->count; i++) {
        if (!is_repeated(part, i)) {
            put_field(values, item_at(part, i), column);
        }
    }
    db_array_end(values);
}

/* Which positions the database took; `ret_new` has part->count places. */
static void mark_new(const struct part *part, const struct db_result *result, bool *ret_new)
{
    for (size_t row = 0; row < db_rows(result); row++) {
        const uint8_t *key = db_uuid(result, row, 0);
        for (size_t i = 0; key != NULL && i < part->count; i++) {
            if (!is_repeated(part, i) && memcmp(item_at(part, i)->hash, key, KEY_BYTES) == 0) {
                ret_new[i] = true;
            }
        }
    }
}

static int insert_submissions(const struct part *part, bool *ret_new, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *result = NULL;
    put_hashes(part, &values);
    put_column(part, &values, COLUMN_HASH);
    db_put_timestamptz(&values, part->now_us);
    db_put_text(&values, item_at(part, 0)->origin);
    db_array_begin(&values, DB_UUID);
    for (size_t i = 0; i < part->count; i++) {
        if (!is_repeated(part, i)) {
            db_put_uuid(&values, item_at(part, i)->contributor_key);
        }
    }
    db_array_end(&values);
    put_column(part, &values, COLUMN_WITHDRAW);
    put_column(part, &values, COLUMN_ORIGINAL);
    put_column(part, &values, COLUMN_FORMAT);
    put_column(part, &values, COLUMN_READER);
    put_column(part, &values, COLUMN_STATE);
    put_column(part, &values, COLUMN_FLAGS);
    put_column(part, &values, COLUMN_FINDINGS);
    put_column(part, &values, COLUMN_RAW);
    put_column(part, &values, COLUMN_DETAIL);
    int code = db_query_kept(part->db, statement("submission_insert"), &values, &result, err);
    if (code == 0) {
        mark_new(part, result, ret_new);
    }
    return code;
}

static const struct db_values *rows_of(const struct prepared *item, bool runs)
{
    return runs ? &item->run_rows : &item->measurement_rows;
}

static int send_rows(const struct part *part, const bool *is_new, bool runs, struct err *err)
{
    autovalues struct db_values out = DB_VALUES(DB_COPY_ROWS);
    int code = 0;
    for (size_t i = 0; code == 0 && i < part->count; i++) {
        const struct db_values *rows = rows_of(item_at(part, i), runs);
        if (!is_new[i] || rows->count == 0) {
            continue;
        }
        buf_add(&out.bytes, rows->bytes.data, rows->bytes.len);
        out.count += rows->count;
        if (db_values_size(&out) >= SEND_BYTES) {
            code = db_copy_send(part->db, &out, err);
        }
    }
    return code == 0 && out.count > 0 ? db_copy_send(part->db, &out, err) : code;
}

/* COPY of the rows of all new items; the encoded rows stay with their items for another try. */
static int copy_rows(const struct part *part, const bool *is_new, struct err *err)
{
    static const char *const tables[] = {ROWS_RUN, ROWS_MEASUREMENT};
    int code = db_copy_begin_all(part->db, tables, ARRAY_LENGTH(tables), err);
    if (code == 0) {
        code = send_rows(part, is_new, true, err);
    }
    if (code == 0) {
        code = db_copy_next(part->db, err);
    }
    if (code == 0) {
        code = send_rows(part, is_new, false, err);
    }
    return code != 0 ? code : db_copy_end(part->db, NULL, err);
}

static void fill_known(struct outcome *outcome, const struct db_result *result, size_t row, const struct prepared *item)
{
    struct str hash = db_bytes(result, row, 1);
    text_copy(outcome->state, sizeof outcome->state, db_text(result, row, 2));
    outcome->received_at_us = db_timestamptz(result, row, 3);
    text_copy(outcome->flags, sizeof outcome->flags, db_text(result, row, 4));
    if (hash.len != sizeof item->hash || memcmp(hash.data, item->hash, sizeof item->hash) != 0) {
        outcome->kind = OUTCOME_COLLISION;
    } else if (text_equal(outcome->state, "withdrawn") || text_equal(outcome->state, "deleted")) {
        outcome->kind = OUTCOME_GONE;
    } else {
        outcome->kind = OUTCOME_DUPLICATE;
    }
}

/* Outcomes of all that were not new; read inside the transaction, told only after its COMMIT. */
static int read_known(const struct part *part, const bool *is_new, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *result = NULL;
    put_hashes(part, &values);
    int code = db_query_kept(part->db, statement("submission_known"), &values, &result, err);
    for (size_t row = 0; code == 0 && row < db_rows(result); row++) {
        const uint8_t *key = db_uuid(result, row, 0);
        for (size_t i = 0; key != NULL && i < part->count; i++) {
            if (!is_new[i] && memcmp(item_at(part, i)->hash, key, KEY_BYTES) == 0) {
                fill_known(outcome_at(part, i), result, row, item_at(part, i));
            }
        }
    }
    return code;
}

static void fill_created(const struct part *part, size_t position)
{
    struct outcome *outcome = outcome_at(part, position);
    const struct prepared *item = item_at(part, position);
    outcome->kind = OUTCOME_CREATED;
    text_copy(outcome->state, sizeof outcome->state, item->state);
    outcome->received_at_us = part->now_us;
    autobuf struct buf words = BUF(BUF_MIB);
    for (size_t i = 0; i < item->flags.count; i++) {
        buf_addf(&words, "%s%s", i > 0 ? " " : "", item->flags.items[i]);
    }
    text_copy(outcome->flags, sizeof outcome->flags, buf_text(&words));
}

static size_t count_new(const bool *is_new, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        found += is_new[i] ? 1 : 0;
    }
    return found;
}

/* In the transaction that stores the newer one, or finds it stored; what is gone replaces nothing. */
static int replace_older(const struct part *part, const struct prepared *item, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    db_put_uuid(&values, item->replaced_hash);
    db_put_bytea(&values, item->replaced_hash, sizeof item->replaced_hash);
    db_put_bytea(&values, item->replaced_secret, sizeof item->replaced_secret);
    db_put_bytea(&values, item->hash, sizeof item->hash);
    put_optional_hash(&values, item->has_withdraw, item->withdraw_hash);
    db_put_timestamptz(&values, part->now_us);
    return db_query(part->db, statement("submission_replace"), &values, NULL, err);
}

static int replace_all(const struct part *part, const bool *is_new, struct err *err)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < part->count; i++) {
        if (item_at(part, i)->replaces && (is_new[i] || outcome_at(part, i)->kind == OUTCOME_DUPLICATE)) {
            code = replace_older(part, item_at(part, i), err);
        }
    }
    return code;
}

/* Names stand beside the bundles, in no row and no event of theirs. */
static int name_contributors(const struct part *part, struct err *err)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < part->count; i++) {
        autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
        if (item_at(part, i)->contributor != NULL) {
            db_put_uuid(&values, item_at(part, i)->contributor_key);
            db_put_text(&values, item_at(part, i)->contributor);
            code = db_query(part->db, statement("contributor_named"), &values, NULL, err);
        }
    }
    return code;
}

static int run_statements(const struct part *part, bool *is_new, struct err *err)
{
    int code = insert_submissions(part, is_new, err);
    size_t created = code == 0 ? count_new(is_new, part->count) : 0;
    if (code == 0 && created > 0) {
        code = copy_rows(part, is_new, err);
    }
    if (code == 0 && created < part->count) {
        code = read_known(part, is_new, err);
    }
    if (code == 0) {
        code = replace_all(part, is_new, err);
    }
    return code != 0 ? code : name_contributors(part, err);
}

static void forget(const struct part *part)
{
    for (size_t i = 0; i < part->count; i++) {
        *outcome_at(part, i) = (struct outcome){.kind = OUTCOME_FAILED};
    }
}

static int try_once(const struct part *part, struct err *err)
{
    bool is_new[INTAKE_BATCH_MAX] = {false};
    forget(part);
    int code = db_begin_with_next(part->db, err);
    if (code == 0) {
        code = run_statements(part, is_new, err);
    }
    if (code == 0) {
        code = db_commit(part->db, err);
    }
    if (code != 0) {
        forget(part);
        db_rollback(part->db);
        return code;
    }
    for (size_t i = 0; i < part->count; i++) {
        if (is_new[i]) {
            fill_created(part, i);
        }
    }
    return 0;
}

/* The whole transaction again, under the same keys, as long as that may help. */
static int try_again_and_again(const struct part *part, struct err *err)
{
    int64_t deadline = clock_monotonic_us() + retry_all_us, pause = retry_first_us;
    int code = -ERR_RETRY;
    for (int i = 0; i < TRIES; i++) {
        code = db_connection_lost(part->db) ? db_reconnect(part->db, err) : 0;
        if (code == 0) {
            code = try_once(part, err);
        }
        bool transient = code != 0 && (db_connection_lost(part->db) || db_is_transient(err));
        if (!transient || clock_monotonic_us() + pause > deadline) {
            break;
        }
        clock_sleep_us(pause);
        pause = 2 * pause > retry_longest_us ? retry_longest_us : 2 * pause;
    }
    return code;
}

/* An item is at fault (SQLSTATE class 22 and 23, or it may not replace what it names), not the server. */
static bool is_data_fault(const struct err *err)
{
    return refusal_is(err) || text_starts_with(err->sqlstate, "22") || text_starts_with(err->sqlstate, "23");
}

static void fail_all(const struct part *part, const struct err *err)
{
    for (size_t i = 0; i < part->count; i++) {
        struct outcome *outcome = outcome_at(part, i);
        *outcome = (struct outcome){.kind = OUTCOME_FAILED, .err = *err};
        if (refusal_is(err)) {
            (void)refusal_code(0, &outcome->err);
            (void)err_path(&outcome->err, "replaces");
        } else if (is_data_fault(err)) {
            (void)err_set(&outcome->err, ERR_DATA, "the database refuses a value of this bundle");
            text_copy(outcome->err.sqlstate, sizeof outcome->err.sqlstate, err->sqlstate);
        }
    }
}

/* Halves the part until the guilty item stands alone. Returns -code when the server is at fault. */
static int store_part(const struct part *part, struct err *err)
{
    int code = try_again_and_again(part, err);
    if (code == 0) {
        return 0;
    }
    if (!is_data_fault(err) || part->count == 1) {
        fail_all(part, err);
        return is_data_fault(err) ? 0 : code;
    }
    struct part left = *part, right = *part;
    left.count = part->count / 2;
    right.count = part->count - left.count;
    right.order = part->order + left.count;
    code = store_part(&left, err);
    if (code != 0) {
        fail_all(&right, err);
        return code;
    }
    return store_part(&right, err);
}

struct place {
    const struct prepared *item;
    size_t index;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *left = a, *right = b;
    int order = memcmp(left->item->hash, right->item->hash, sizeof left->item->hash);
    return order != 0 ? order : (left->index > right->index) - (left->index < right->index);
}

/* Two committers that take locks on keys in the same order cannot deadlock. */
static void sort_by_id(struct prepared *const *items, size_t count, size_t *order)
{
    struct place places[INTAKE_BATCH_MAX];
    for (size_t i = 0; i < count; i++) {
        places[i] = (struct place){.item = items[i], .index = i};
    }
    qsort(places, count, sizeof *places, compare_places);
    for (size_t i = 0; i < count; i++) {
        order[i] = places[i].index;
    }
}

int intake_store(struct db *db, struct prepared *const *items, size_t count, int64_t now_us, struct outcome *outcomes,
                 struct err *err)
{
    size_t order[INTAKE_BATCH_MAX];
    if (count == 0 || count > INTAKE_BATCH_MAX) {
        return err_set(err, ERR_INTERNAL, "a batch holds 1 to %d submissions", INTAKE_BATCH_MAX);
    }
    sort_by_id(items, count, order);
    const struct part part = {
        .db = db, .items = items, .outcomes = outcomes, .order = order, .count = count, .now_us = now_us};
    struct err scratch;
    return store_part(&part, err != NULL ? err : &scratch);
}
