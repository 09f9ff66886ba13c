#include "collector/follow/judge.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/follow/judge_figures.h"
#include "collector/follow/judge_reader.h"
#include "collector/intake/statements.h"

struct judged judged_of_row(const struct db_result *rows, size_t row)
{
    struct judged judged = {.revision = (int)db_int64(rows, row, 1)};
    memcpy(judged.submission_id, db_uuid(rows, row, 0), sizeof judged.submission_id);
    return judged;
}

int judge_change(struct db *db, const struct judged *judged, const struct verdict *verdict, const char *reason,
                 int64_t now_us, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    db_put_uuid(&values, judged->submission_id);
    db_put_text(&values, verdict->kind);
    db_put_text(&values, verdict->state);
    db_put_text(&values, verdict->rule);
    db_put_text(&values, reason);
    db_put_timestamptz(&values, now_us);
    db_put_int32(&values, judged->revision);
    return db_query(db, statement("judge_change"), &values, NULL, err);
}

int judge_note_originals(struct db *db, const struct piece *piece, struct err *err)
{
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    piece_put(&values, piece);
    return db_query(db, statement("judge_originals"), &values, NULL, err);
}

static int judge_differing(struct db *db, const struct piece *piece, int64_t now_us, struct err *err)
{
    static const struct verdict verdict = {"quarantined", "quarantined", "same_original_differs"};
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *rows = NULL;
    piece_put(&values, piece);
    int code = db_query(db, statement("judge_differing"), &values, &rows, err);
    for (size_t row = 0; code == 0 && row < db_rows(rows); row++) {
        char reason[200];
        (void)snprintf(reason, sizeof reason, "the same original came first as %s, with another chip or model",
                       db_text(rows, row, 2));
        const struct judged judged = judged_of_row(rows, row);
        code = judge_change(db, &judged, &verdict, reason, now_us, err);
    }
    return code;
}

static int judge_flooding(struct db *db, const struct piece *piece, int64_t now_us, struct err *err)
{
    static const struct verdict verdict = {"quarantined", "quarantined", "many_workloads"};
    autovalues struct db_values values = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *rows = NULL;
    piece_put(&values, piece);
    db_put_int32(&values, JUDGE_WORKLOADS_MOST);
    int code = db_query(db, statement("judge_flooding"), &values, &rows, err);
    for (size_t row = 0; code == 0 && row < db_rows(rows); row++) {
        char reason[100];
        (void)snprintf(reason, sizeof reason, "%" PRId64 " workloads that nobody else has", db_int64(rows, row, 2));
        const struct judged judged = judged_of_row(rows, row);
        code = judge_change(db, &judged, &verdict, reason, now_us, err);
    }
    return code;
}

static int judge_piece(struct db *db, const struct piece *piece, int64_t now_us, struct err *err)
{
    int code = judge_note_originals(db, piece, err);
    if (code == 0) {
        code = judge_reader(db, piece, now_us, err);
    }
    if (code == 0) {
        code = judge_differing(db, piece, now_us, err);
    }
    if (code == 0) {
        code = judge_flooding(db, piece, now_us, err);
    }
    if (code == 0) {
        code = judge_outliers(db, piece, now_us, err);
    }
    return code != 0 ? code : judge_hold(db, piece, err);
}

int judge_round(struct db *db, int64_t now_us, struct piece *ret, struct err *err)
{
    size_t seen = 0;
    *ret = (struct piece){0};
    int code = piece_begin(db, FOLLOWER_JUDGE, NULL, FOLLOW_PIECE_MOST, ret, err);
    if (code == 0 && ret->end > ret->first) {
        code = judge_piece(db, ret, now_us, err);
    }
    if (code == 0 && !ret->held) {
        code = judge_confirm(db, now_us, &seen, err);
    }
    if (code == 0 && (ret->end > ret->first || seen > 0)) {
        code = piece_commit(db, FOLLOWER_JUDGE, ret, err);
    }
    ret->behind += seen == JUDGE_HELD_MOST ? 1 : 0;
    db_rollback(db); /* of what was not committed */
    return code;
}
