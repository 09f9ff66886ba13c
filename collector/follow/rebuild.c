#include "collector/follow/rebuild.h"

#include "collector/follow/judge.h"
#include "collector/follow/observe.h"
#include "collector/follow/summarise.h"
#include "collector/intake/statements.h"

static int hold_all(struct db *db, struct piece *ret_judged, struct err *err)
{
    static const char *const names[] = {FOLLOWER_OBSERVE, FOLLOWER_SUMMARISE};
    struct piece place;
    int code = piece_hold(db, FOLLOWER_JUDGE, ret_judged, err);
    bool held = code == 0 && ret_judged->held;
    for (size_t i = 0; code == 0 && !held && i < ARRAY_LENGTH(names); i++) {
        code = piece_hold(db, names[i], &place, err);
        held = code == 0 && place.held;
    }
    if (code == 0 && held) {
        (void)err_set(err, ERR_RETRY,
                      "a collector is at work with what is to be made anew, or has not judged anything yet");
        return err_hint(err, "once more in a moment");
    }
    return code;
}

static int observe_all(struct db *db, const struct rebuild_options *options, const struct piece *judged,
                       struct err *err)
{
    int code = 0;
    for (uint64_t first = 0; code == 0 && first < judged->end; first += FOLLOW_PIECE_MOST) {
        const uint64_t left = judged->end - first;
        const struct piece piece = {.epoch = judged->epoch,
                                    .first = first,
                                    .end = first + (left < FOLLOW_PIECE_MOST ? left : FOLLOW_PIECE_MOST)};
        if (options->stop != NULL && *options->stop != 0) {
            return err_set(err, ERR_RETRY, "stopped; nothing was changed");
        }
        code = observe_piece(db, &piece, err);
        if (code == 0 && options->progress != NULL) {
            options->progress(options->context, piece.end, judged->end);
        }
    }
    return code;
}

static int summarise_all(struct db *db, struct err *err)
{
    size_t taken = 0;
    int code;
    do {
        code = summarise_some(db, &taken, err);
    } while (code == 0 && taken > 0);
    return code;
}

static int compare(struct db *db, struct rebuild_figures *ret, struct err *err)
{
    autoresult struct db_result *row = NULL;
    const int code = db_query(db, statement("rebuild_compare"), NULL, &row, err);
    if (code == 0) {
        *ret = (struct rebuild_figures){db_int64(row, 0, 0), db_int64(row, 0, 1), db_int64(row, 0, 2),
                                        db_int64(row, 0, 3)};
    }
    return code;
}

/* Observe and summarise now stand where the judge does. */
static int move_places(struct db *db, const struct piece *judged, struct err *err)
{
    const int code = piece_move(db, FOLLOWER_OBSERVE, judged, err);
    return code != 0 ? code : piece_move(db, FOLLOWER_SUMMARISE, judged, err);
}

static int rebuild(struct db *db, const struct rebuild_options *options, struct rebuild_figures *ret, struct err *err)
{
    struct piece judged = {0};
    int code = hold_all(db, &judged, err);
    if (code == 0) {
        code = db_exec(db, statement("rebuild_tables"), err);
    }
    if (code == 0) {
        code = db_query(db, statement("rebuild_keep"), NULL, NULL, err);
    }
    if (code == 0) {
        code = observe_all(db, options, &judged, err);
    }
    if (code == 0) {
        code = summarise_all(db, err);
    }
    if (code == 0) {
        code = compare(db, ret, err);
    }
    if (code == 0) {
        code = move_places(db, &judged, err);
    }
    return code == 0 && !options->only_look ? db_commit(db, err) : code;
}

int rebuild_all(struct db *db, const struct rebuild_options *options, struct rebuild_figures *ret, struct err *err)
{
    *ret = (struct rebuild_figures){0};
    int code = db_begin(db, DB_READ_COMMITTED, err);
    if (code == 0) {
        code = rebuild(db, options, ret, err);
    }
    db_rollback(db); /* of what was not committed */
    return code;
}
