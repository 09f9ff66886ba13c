#include "collector/follow/position.h"

#include "collector/intake/statements.h"

struct place {
    bool found;
    int epoch;
    uint64_t next;
};

static int read_place(struct db *db, const char *sql, const char *name, struct place *ret, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *row = NULL;
    db_put_text(&values, name);
    const int code = db_query(db, statement(sql), &values, &row, err);
    *ret = (struct place){.found = code == 0 && db_rows(row) == 1, .epoch = 0, .next = 0};
    if (ret->found) {
        ret->epoch = (int)db_int64(row, 0, 0);
        ret->next = (uint64_t)db_int64(row, 0, 1);
    }
    return code;
}

/* Once in the life of a database; not in the transaction that holds it. */
static int make_place(struct db *db, const char *name, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    struct place place;
    int code = read_place(db, "follower_place", name, &place, err);
    if (code == 0 && !place.found) {
        db_put_text(&values, name);
        code = db_query(db, statement("follower_make"), &values, NULL, err);
    }
    return code;
}

/* The end of what may be taken, and the epoch that it stands in. */
static int find_end(struct db *db, const char *not_beyond, struct place *ret, struct err *err)
{
    struct log_head head;
    if (not_beyond != NULL) {
        return read_place(db, "follower_place", not_beyond, ret, err);
    }
    const int code = log_read_head(db, &head, err);
    *ret = (struct place){.found = code == 0};
    if (code == 0) {
        ret->epoch = head.epoch;
        ret->next = head.size;
    }
    return code;
}

static int hold(struct db *db, const char *name, const char *not_beyond, uint64_t most, struct piece *ret,
                struct err *err)
{
    struct place place, end;
    int code = read_place(db, "follower_hold", name, &place, err);
    if (code == 0) {
        code = find_end(db, not_beyond, &end, err);
    }
    *ret = (struct piece){.held = code == 0 && !place.found};
    if (code != 0 || ret->held || !end.found) {
        return code;
    }
    const bool later = end.epoch > place.epoch;
    ret->epoch = later ? end.epoch : place.epoch;
    ret->first = later ? 0 : place.next;
    const uint64_t waiting = end.epoch == ret->epoch && end.next > ret->first ? end.next - ret->first : 0;
    ret->end = ret->first + (waiting < most ? waiting : most);
    ret->behind = waiting - (ret->end - ret->first);
    return 0;
}

int piece_begin(struct db *db, const char *name, const char *not_beyond, uint64_t most, struct piece *ret,
                struct err *err)
{
    int code = make_place(db, name, err);
    if (code == 0) {
        code = db_begin(db, DB_READ_COMMITTED, err);
    }
    if (code == 0) {
        code = hold(db, name, not_beyond, most, ret, err);
        if (code != 0) {
            db_rollback(db);
        }
    }
    return code;
}

int piece_hold(struct db *db, const char *name, struct piece *ret, struct err *err)
{
    struct place place;
    const int code = read_place(db, "follower_hold", name, &place, err);
    *ret =
        (struct piece){.held = code == 0 && !place.found, .epoch = place.epoch, .first = place.next, .end = place.next};
    return code;
}

int piece_move(struct db *db, const char *name, const struct piece *piece, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    db_put_text(&values, name);
    db_put_int32(&values, piece->epoch);
    db_put_int64(&values, (int64_t)piece->end);
    return db_query(db, statement("follower_move"), &values, NULL, err);
}

int piece_commit(struct db *db, const char *name, const struct piece *piece, struct err *err)
{
    const int code = piece_move(db, name, piece, err);
    return code != 0 ? code : db_commit(db, err);
}

void piece_put(struct db_values *values, const struct piece *piece)
{
    db_put_int32(values, piece->epoch);
    db_put_int64(values, (int64_t)piece->first);
    db_put_int64(values, (int64_t)piece->end);
}

size_t piece_group(const struct db_result *submissions, size_t first, int column)
{
    static const int64_t group_bytes = (int64_t)4 << 20;
    int64_t bytes = db_int64(submissions, first, column);
    size_t end = first + 1;
    while (end < db_rows(submissions) && bytes + db_int64(submissions, end, column) <= group_bytes) {
        bytes += db_int64(submissions, end++, column);
    }
    return end;
}
