#include "collector/take/peer.h"

#include <string.h>

#include "collector/intake/statements.h"
#include "schema/base/str.h"

/* Peaks from the lowest level on; which levels have one the size tells. */
static bool read_edge(struct str bytes, uint64_t size, struct merkle_frontier *ret)
{
    const size_t each = sizeof ret->peak[0].bytes;
    size_t at = 0;
    for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
        if (!(size >> level & 1)) {
            continue;
        }
        if (at + each > bytes.len) {
            return false;
        }
        memcpy(ret->peak[level].bytes, bytes.data + at, each);
        at += each;
    }
    ret->size = size;
    return at == bytes.len;
}

static size_t write_edge(const struct merkle_frontier *edge, unsigned char target[32 * MERKLE_LEVELS])
{
    size_t at = 0;
    for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
        if (edge->size >> level & 1) {
            memcpy(target + at, edge->peak[level].bytes, sizeof edge->peak[level].bytes);
            at += sizeof edge->peak[level].bytes;
        }
    }
    return at;
}

int peer_load(struct db *db, struct peer *peer, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *row = NULL;
    db_put_text(&values, peer->url);
    int code = db_query(db, statement("peer_read"), &values, &row, err);
    if (code != 0 || db_rows(row) == 0) {
        return code;
    }
    text_copy(peer->key_id, sizeof peer->key_id, db_text(row, 0, 0));
    peer->head = (struct log_head){
        .epoch = (int)db_int64(row, 0, 1), .size = (uint64_t)db_int64(row, 0, 2), .at_us = db_timestamptz(row, 0, 4)};
    text_copy(peer->policy, sizeof peer->policy, db_text(row, 0, 7));
    peer->next_told = db_int64(row, 0, 8);
    memcpy(peer->head.root.bytes, db_bytes(row, 0, 3).data, sizeof peer->head.root.bytes); /* a CHECK has its length */
    return read_edge(db_bytes(row, 0, 6), (uint64_t)db_int64(row, 0, 5), &peer->edge)
               ? 0
               : err_set(err, ERR_INTERNAL, "what is kept of this collector contradicts itself");
}

int peer_save(struct db *db, const struct peer *peer, int64_t now_us, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    unsigned char edge[32 * MERKLE_LEVELS];
    const size_t length = write_edge(&peer->edge, edge);
    db_put_text(&values, peer->url);
    db_put_text(&values, peer->key_id);
    db_put_int32(&values, peer->head.epoch);
    db_put_int64(&values, (int64_t)peer->head.size);
    db_put_bytea(&values, peer->head.root.bytes, sizeof peer->head.root.bytes);
    db_put_timestamptz(&values, peer->head.at_us);
    db_put_int64(&values, (int64_t)peer->edge.size);
    db_put_bytea(&values, edge, length);
    db_put_timestamptz(&values, now_us);
    db_put_text(&values, peer->policy);
    db_put_int64(&values, peer->next_told);
    return db_query(db, statement("peer_write"), &values, NULL, err);
}

int peer_note(struct db *db, const struct peer *peer, const struct log_entry *entry, bool *ret_here, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *row = NULL;
    db_put_text(&values, peer->url);
    db_put_uuid(&values, entry->submission.bytes);
    db_put_bytea(&values, entry->submission.bytes, sizeof entry->submission.bytes);
    db_put_text(&values, entry->kind);
    db_put_timestamptz(&values, entry->at_us);
    int code = db_query(db, statement("peer_word"), &values, &row, err);
    *ret_here = code == 0 && db_rows(row) > 0;
    return code;
}

int peer_own_size(struct db *db, uint64_t *ret, struct err *err)
{
    autoresult struct db_result *row = NULL;
    const int code = db_query(db, statement("log_head"), NULL, &row, err);
    *ret = code == 0 && db_rows(row) == 1 ? (uint64_t)db_int64(row, 0, 1) : 0;
    return code;
}

int peer_check_other(struct db *db, const char *url, uint64_t own_size, const char *key_id, const struct log_head *head,
                     struct err *err)
{
    autoresult struct db_result *keys = NULL, *row = NULL;
    bool own = false;
    int code = db_query(db, statement("signing_keys"), NULL, &keys, err);
    if (code == 0) {
        code = db_query(db, statement("log_head"), NULL, &row, err);
    }
    if (code != 0 || db_rows(row) != 1) {
        return code;
    }
    for (size_t i = 0; i < db_rows(keys); i++) {
        own = own || text_equal(db_text(keys, i, 0), key_id);
    }
    const uint64_t size = (uint64_t)db_int64(row, 0, 1);
    const struct str root = db_bytes(row, 0, 2);
    if (!own || head->epoch != (int)db_int64(row, 0, 0) || head->size < own_size || head->size > size ||
        (head->size == size && !str_equal(root, str_slice((const char *)head->root.bytes, sizeof head->root.bytes)))) {
        return 0;
    }
    (void)err_set(err, ERR_USAGE, "%s is the collector of this database itself", url);
    return err_hint(err, "name the address of another one, or the data folder of another one with --data");
}
