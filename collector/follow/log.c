#include "collector/follow/log.h"

#include <string.h>

#include "collector/follow/log_rows.h"
#include "collector/intake/statements.h"

int log_head_of_row(const struct db_result *row, struct log_head *ret, struct err *err)
{
    const struct str root = db_bytes(row, 0, 2);
    if (root.len != sizeof ret->root.bytes) {
        return err_set(err, ERR_INTERNAL, "the head of the log holds no root");
    }
    *ret = (struct log_head){.epoch = (int)db_int64(row, 0, 0),
                             .size = (uint64_t)db_int64(row, 0, 1),
                             .at_us = db_is_null(row, 0, 3) ? 0 : db_timestamptz(row, 0, 3)};
    memcpy(ret->root.bytes, root.data, root.len);
    return 0;
}

int log_read_head(struct db *db, struct log_head *ret, struct err *err)
{
    autoresult struct db_result *row = NULL;
    int code = db_query(db, statement("log_head"), NULL, &row, err);
    if (code == 0 && db_rows(row) == 0) {
        code = err_set(err, ERR_INTERNAL, "the log has no head");
    }
    return code != 0 ? code : log_head_of_row(row, ret, err);
}

int log_entry_of_row(const struct db_result *rows, size_t row, struct log_entry *ret, struct err *err)
{
    const struct str hash = db_bytes(rows, row, 1), detail = db_bytes(rows, row, 4);
    const bool whole = db_is_null(rows, row, 1) || hash.len == sizeof ret->submission.bytes;
    if (!whole || detail.len != sizeof ret->detail.bytes) {
        return err_set(err, ERR_INTERNAL, "an entry of the log holds no hash");
    }
    *ret = (struct log_entry){.revision = (int)db_int64(rows, row, 2), .at_us = db_timestamptz(rows, row, 3)};
    text_copy(ret->kind, sizeof ret->kind, db_text(rows, row, 0));
    memcpy(ret->detail.bytes, detail.data, detail.len);
    if (hash.len > 0) {
        memcpy(ret->submission.bytes, hash.data, hash.len);
    }
    return 0;
}

static int read_node(void *context, unsigned level, uint64_t position, struct sha256 *ret, struct err *err)
{
    const struct log_tree *tree = context;
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *row = NULL;
    db_put_int32(&values, tree->epoch);
    db_put_int32(&values, (int32_t)level);
    db_put_int64(&values, (int64_t)position);
    int code = db_query(tree->db, statement("log_node"), &values, &row, err);
    if (code != 0) {
        return code;
    }
    const struct str hash = db_rows(row) == 1 ? db_bytes(row, 0, 0) : STR("");
    if (hash.len != sizeof ret->bytes) {
        return err_set(err, ERR_INTERNAL, "the log of epoch %d lacks node %llu of level %u", tree->epoch,
                       (unsigned long long)position, level);
    }
    memcpy(ret->bytes, hash.data, hash.len);
    return 0;
}

struct merkle_nodes log_nodes(struct log_tree *tree)
{
    return (struct merkle_nodes){read_node, tree};
}

int log_find(struct db *db, int epoch, const unsigned char submission_id[16], int revision, uint64_t *ret_index,
             int *ret_revision, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *row = NULL;
    db_put_int32(&values, epoch);
    db_put_uuid(&values, submission_id);
    db_put_int32(&values, revision);
    int code = db_query(db, statement("log_index_of"), &values, &row, err);
    if (code != 0) {
        return code;
    }
    if (db_rows(row) == 0) {
        return err_set(err, ERR_NOT_FOUND, "this event does not stand in the log");
    }
    *ret_index = (uint64_t)db_int64(row, 0, 0);
    *ret_revision = (int)db_int64(row, 0, 1);
    return 0;
}
