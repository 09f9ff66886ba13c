#include "collector/follow/summarise.h"

#include <string.h>

#include "collector/follow/summarise_parts.h"
#include "collector/intake/statements.h"
#include "schema/base/mem.h"
#include "schema/stats/select.h"

#define ROWS_FIGURE                                                                                                    \
    "device_figure (cell_key, contributor_key, device_key, value, submissions, results, runs, flagged, least, "        \
    "greatest, newest)"

/* ---------------------------------------------------------------- figures of devices */

struct figuring {
    uint8_t keys[3][16];      /* of the figure at hand: cell, contributor, device */
    struct evidence evidence; /* no results: there is none at hand */
    struct submissions submissions;
    struct db_values rows; /* those that are made */
};

static void figuring_done(struct figuring *figuring)
{
    free(figuring->submissions.values);
    db_values_done(&figuring->rows);
}
#define autofiguring cleanup(figuring_done)

static void put_figure(struct figuring *figuring)
{
    struct db_values *into = &figuring->rows;
    const struct evidence *evidence = &figuring->evidence;
    submissions_close(&figuring->submissions);
    db_put_row(into, 11);
    for (size_t i = 0; i < ARRAY_LENGTH(figuring->keys); i++) {
        db_put_uuid(into, figuring->keys[i]);
    }
    db_put_float8(into, stats_select_median(figuring->submissions.values, figuring->submissions.count));
    db_put_int32(into, (int32_t)figuring->submissions.count);
    db_put_int32(into, (int32_t)evidence->results);
    evidence_put_runs(into, evidence->runs);
    db_put_int32(into, (int32_t)evidence->flagged);
    db_put_float8(into, evidence->least);
    db_put_float8(into, evidence->greatest);
    evidence_put_time(into, evidence->newest_us);
}

static void end_figure(struct figuring *figuring)
{
    if (figuring->evidence.results > 0) {
        put_figure(figuring);
    }
    submissions_reset(&figuring->submissions);
    figuring->evidence = evidence_none();
}

static bool is_of_figure(const struct figuring *figuring, const struct db_result *row)
{
    bool same = true;
    for (int i = 0; same && i < (int)ARRAY_LENGTH(figuring->keys); i++) {
        same = memcmp(figuring->keys[i], db_uuid(row, 0, i), sizeof figuring->keys[i]) == 0;
    }
    return same;
}

/* A row of summarise_observations.sql. */
static int take_observation(void *context, const struct db_result *row, struct err *err)
{
    struct figuring *figuring = context;
    const double value = db_float8(row, 0, 4);
    const struct evidence one = {0,     1,     evidence_runs(row, 0, 5), db_bool(row, 0, 6) ? 1 : 0,
                                 value, value, evidence_time(row, 0, 7)};
    if (!is_of_figure(figuring, row)) {
        end_figure(figuring);
        for (int i = 0; i < (int)ARRAY_LENGTH(figuring->keys); i++) {
            memcpy(figuring->keys[i], db_uuid(row, 0, i), sizeof figuring->keys[i]);
        }
    }
    evidence_add(&figuring->evidence, &one);
    return submissions_add(&figuring->submissions, db_uuid(row, 0, 3), value, err);
}

static int copy_figures(struct db *db, struct db_values *rows, struct err *err)
{
    if (rows->count == 0) {
        return 0;
    }
    int code = db_copy_begin(db, ROWS_FIGURE, err);
    if (code == 0) {
        code = db_copy_send(db, rows, err);
    }
    return code != 0 ? code : db_copy_end(db, NULL, err);
}

static int make_figures(struct db *db, const struct db_result *taken, struct err *err)
{
    autovalues struct db_values keys = DB_VALUES(DB_PARAMETERS);
    autofiguring struct figuring figuring = {.evidence = evidence_none(), .rows = DB_VALUES(DB_COPY_ROWS)};
    for (int column = 0; column <= 2; column++) {
        summarise_put_keys(&keys, taken, column);
    }
    int code = db_query(db, statement("summarise_forget"), &keys, NULL, err);
    if (code == 0) {
        code = db_each(db, statement("summarise_observations"), &keys, take_observation, &figuring, err);
    }
    end_figure(&figuring);
    return code != 0 ? code : copy_figures(db, &figuring.rows, err);
}

/* ---------------------------------------------------------------- rounds */

int summarise_some(struct db *db, size_t *ret_taken, struct err *err)
{
    autovalues struct db_values most = DB_VALUES(DB_PARAMETERS);
    autoresult struct db_result *taken = NULL;
    db_put_int32(&most, SUMMARISE_MOST);
    int code = db_query(db, statement("summarise_take"), &most, &taken, err);
    *ret_taken = code == 0 ? db_rows(taken) : 0;
    if (code != 0 || *ret_taken == 0) {
        return code;
    }
    code = make_figures(db, taken, err);
    return code != 0 ? code : summarise_cells(db, taken, err);
}

int summarise_round(struct db *db, struct piece *ret, struct err *err)
{
    struct piece observed = {0};
    size_t taken = 0;
    *ret = (struct piece){0};
    int code = piece_begin(db, FOLLOWER_SUMMARISE, FOLLOWER_OBSERVE, UINT64_MAX, ret, err);
    if (code == 0 && !ret->held) {
        code = piece_hold(db, FOLLOWER_OBSERVE, &observed, err);
        ret->held = observed.held;
    }
    if (code == 0 && !ret->held) {
        code = summarise_some(db, &taken, err);
    }
    if (taken == SUMMARISE_MOST) { /* more may wait: the place stays */
        ret->behind = ret->end - ret->first + 1;
        ret->end = ret->first;
    }
    if (code == 0 && !ret->held && (ret->end > ret->first || taken > 0)) {
        code = piece_commit(db, FOLLOWER_SUMMARISE, ret, err);
    }
    db_rollback(db); /* of what was not committed */
    return code;
}

int summarise_lag(struct db *db, uint64_t *ret, struct err *err)
{
    autoresult struct db_result *row = NULL;
    const int code = db_query(db, statement("summarise_lag"), NULL, &row, err);
    if (code == 0) {
        *ret = db_rows(row) == 1 ? (uint64_t)db_int64(row, 0, 0) : 0;
    }
    return code;
}
