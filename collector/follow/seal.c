#include "collector/follow/log.h"

#include <string.h>

#include "collector/follow/log_rows.h"
#include "collector/follow/published.h"
#include "collector/intake/statements.h"

#define ROWS_ENTRY "log_entry (epoch, log_index, kind, submission_id, content_hash, revision, at, detail, leaf)"
#define ROWS_NODE "log_node (epoch, level, position, hash)"

/* One round: the rows that it writes. */
struct round {
    struct db *db;
    struct log_head head;
    struct merkle_frontier edge; /* of the tree with the new entries */
    struct db_values entries, nodes, done;
};

static void round_done(struct round *round)
{
    db_values_done(&round->entries);
    db_values_done(&round->nodes);
    db_values_done(&round->done);
}

/* The edge is taken over from the last round when nobody sealed in between; the root tells. */
static int find_edge(struct round *round, const struct sealer *sealer, struct err *err)
{
    struct log_tree tree = {round->db, round->head.epoch};
    const struct merkle_nodes nodes = log_nodes(&tree);
    int code = 0;
    if (sealer->epoch == round->head.epoch && sealer->edge.size == round->head.size) {
        round->edge = sealer->edge;
    } else {
        code = merkle_frontier_of(&nodes, round->head.size, &round->edge, err);
    }
    const struct sha256 root = merkle_root(&round->edge);
    if (code == 0 && !sha256_equal(&root, &round->head.root)) {
        code = err_set(err, ERR_INTERNAL, "the entries of the log do not give the root of its head");
        return err ? err_hint(err, "crosschip-collector verify names what differs") : code;
    }
    return code;
}

static int entry_of(const struct db_result *events, size_t row, struct log_entry *ret, struct err *err)
{
    const struct str detail = db_bytes(events, row, 4), hash = db_bytes(events, row, 5);
    if (detail.len != sizeof ret->detail.bytes || hash.len != sizeof ret->submission.bytes) {
        return err_set(err, ERR_INTERNAL, "a pending event holds no hash");
    }
    *ret = (struct log_entry){.revision = (int)db_int64(events, row, 1), .at_us = db_timestamptz(events, row, 3)};
    text_copy(ret->kind, sizeof ret->kind, db_text(events, row, 2));
    memcpy(ret->detail.bytes, detail.data, detail.len);
    memcpy(ret->submission.bytes, hash.data, hash.len);
    return 0;
}

static void put_entry(struct round *round, const struct log_entry *entry, const struct sha256 *leaf)
{
    struct db_values *rows = &round->entries;
    db_put_row(rows, 9);
    db_put_int32(rows, round->head.epoch);
    db_put_int64(rows, (int64_t)round->edge.size);
    db_put_text(rows, entry->kind);
    db_put_uuid(rows, entry->submission.bytes);
    db_put_bytea(rows, entry->submission.bytes, sizeof entry->submission.bytes);
    db_put_int32(rows, entry->revision);
    db_put_timestamptz(rows, entry->at_us);
    db_put_bytea(rows, entry->detail.bytes, sizeof entry->detail.bytes);
    db_put_bytea(rows, leaf->bytes, sizeof leaf->bytes);
}

/* The leaf itself stands in its entry. */
static void put_nodes(struct round *round, const struct merkle_growth *growth)
{
    for (unsigned level = 1; level < growth->count; level++) {
        db_put_row(&round->nodes, 4);
        db_put_int32(&round->nodes, round->head.epoch);
        db_put_int32(&round->nodes, (int32_t)level);
        db_put_int64(&round->nodes, (int64_t)growth->position[level]);
        db_put_bytea(&round->nodes, growth->nodes[level].bytes, sizeof growth->nodes[level].bytes);
    }
}

static void put_done(struct round *round, const struct db_result *events)
{
    db_array_begin(&round->done, DB_UUID);
    for (size_t row = 0; row < db_rows(events); row++) {
        db_put_uuid(&round->done, db_uuid(events, row, 0));
    }
    db_array_end(&round->done);
    db_array_begin(&round->done, DB_INT64);
    for (size_t row = 0; row < db_rows(events); row++) {
        db_put_int64(&round->done, db_int64(events, row, 1));
    }
    db_array_end(&round->done);
}

static int append_events(struct round *round, const struct db_result *events, struct err *err)
{
    for (size_t row = 0; row < db_rows(events); row++) {
        struct log_entry entry;
        struct merkle_growth growth;
        const int code = entry_of(events, row, &entry, err);
        if (code != 0) {
            return code;
        }
        const struct sha256 leaf = log_entry_leaf(&entry);
        put_entry(round, &entry, &leaf);
        merkle_append(&round->edge, &leaf, &growth);
        put_nodes(round, &growth);
    }
    put_done(round, events);
    return 0;
}

static int copy_rows(struct db *db, const char *table, struct db_values *rows, struct err *err)
{
    if (rows->count == 0) {
        return 0;
    }
    int code = db_copy_begin(db, table, err);
    if (code == 0) {
        code = db_copy_send(db, rows, err);
    }
    return code != 0 ? code : db_copy_end(db, NULL, err);
}

static int remove_pending(struct round *round, size_t count, struct err *err)
{
    const int code = db_query(round->db, statement("log_pending_done"), &round->done, NULL, err);
    if (code == 0 && db_affected(round->db) != (int64_t)count) {
        return err_set(err, ERR_INTERNAL, "pending events went away while they were sealed");
    }
    return code;
}

static int move_head(struct round *round, int64_t now_us, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS), started = DB_VALUES(DB_PARAMETERS);
    const bool first = round->head.size == 0;
    round->head.size = round->edge.size;
    round->head.root = merkle_root(&round->edge);
    round->head.at_us = now_us > round->head.at_us ? now_us : round->head.at_us;
    db_put_int64(&values, (int64_t)round->head.size);
    db_put_bytea(&values, round->head.root.bytes, sizeof round->head.root.bytes);
    db_put_timestamptz(&values, round->head.at_us);
    int code = db_query(round->db, statement("log_head_move"), &values, NULL, err);
    if (code == 0 && first) {
        db_put_int32(&started, round->head.epoch);
        db_put_timestamptz(&started, round->head.at_us);
        code = db_query(round->db, statement("log_epoch_start"), &started, NULL, err);
    }
    return code;
}

static int seal_pending(struct round *round, const struct sealer *sealer, int64_t now_us, size_t *ret_count,
                        struct err *err)
{
    autovalues struct db_values most = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *events = NULL;
    db_put_int32(&most, SEAL_BATCH_MOST);
    int code = db_query(round->db, statement("log_pending"), &most, &events, err);
    if (code != 0 || db_rows(events) == 0) {
        return code;
    }
    code = find_edge(round, sealer, err);
    if (code == 0) {
        code = append_events(round, events, err);
    }
    if (code == 0) {
        code = copy_rows(round->db, ROWS_ENTRY, &round->entries, err);
    }
    if (code == 0) {
        code = copy_rows(round->db, ROWS_NODE, &round->nodes, err);
    }
    if (code == 0) {
        code = remove_pending(round, db_rows(events), err);
    }
    if (code == 0) {
        code = move_head(round, now_us, err);
    }
    *ret_count = db_rows(events);
    return code;
}

/* Fills round->head; *ret_held when another sealer has it. */
static int lock_head(struct round *round, bool *ret_held, struct err *err)
{
    autoresult struct db_result *row = NULL;
    const int code = db_query(round->db, statement("log_head_lock"), NULL, &row, err);
    if (code != 0) {
        return code;
    }
    *ret_held = db_rows(row) == 0;
    return *ret_held ? 0 : log_head_of_row(row, &round->head, err);
}

static int seal_round(struct round *round, struct sealer *sealer, int64_t now_us, struct sealing *ret, struct err *err)
{
    struct sealing sealing = {0};
    int code = db_begin(round->db, DB_READ_COMMITTED, err);
    if (code == 0) {
        code = lock_head(round, &sealing.held, err);
    }
    if (code == 0 && !sealing.held && sealer->published != NULL) {
        code = published_check(sealer->published, round->db, &round->head, err);
    }
    if (code == 0 && !sealing.held) {
        code = seal_pending(round, sealer, now_us, &sealing.entries, err);
    }
    if (code == 0 && sealing.entries > 0) {
        code = db_commit(round->db, err);
    } else {
        db_rollback(round->db);
    }
    if (code != 0) {
        return code;
    }
    if (sealing.entries > 0) {
        sealer->epoch = round->head.epoch;
        sealer->edge = round->edge;
        if (sealer->published != NULL) {
            published_note(sealer->published, &round->head);
        }
    }
    sealing.head = round->head;
    *ret = sealing;
    return 0;
}

int log_seal(struct db *db, struct sealer *sealer, int64_t now_us, struct sealing *ret, struct err *err)
{
    struct round round = {.db = db,
                          .entries = DB_VALUES(DB_COPY_ROWS),
                          .nodes = DB_VALUES(DB_COPY_ROWS),
                          .done = DB_VALUES(DB_PARAMETERS)};
    const int code = seal_round(&round, sealer, now_us, ret, err);
    round_done(&round);
    return code;
}
