/* The first follower behind the sealer, in the order of the log.
 *
 * The judge looks at what intake accepted or held. It quarantines what its original does not give (judge_reader.h),
 * a later submission of an original that names another chip or model (same_original_differs), one with more new
 * workloads than anybody has a use for (many_workloads) and what lies far from everything that others have shown; it
 * releases what others confirm (judge_figures.h). Its verdicts are events by `crosschip` that a moderator can take
 * back; what somebody decided it leaves alone. */
#ifndef COLLECTOR_FOLLOW_JUDGE_H
#define COLLECTOR_FOLLOW_JUDGE_H

#include "collector/follow/position.h"

#define JUDGE_WORKLOADS_MOST 200
#define FOLLOW_PIECE_MOST 64

/* What becomes of a submission, as submission_change (schema/sql/0003_people.sql) takes it; `state` NULL = as it is. */
struct verdict {
    const char *kind, *state, *rule;
};
/* A submission as it was when it was judged. */
struct judged {
    uint8_t submission_id[16];
    int revision;
};
/* From a row of submission_id uuid, revision int. */
struct judged judged_of_row(const struct db_result *rows, size_t row);
/* By the actor `crosschip`, in the caller's transaction; nothing happens to one that somebody changed since. */
int judge_change(struct db *db, const struct judged *judged, const struct verdict *verdict, const char *reason,
                 int64_t now_us, struct err *err) must_check;

/* One piece of the log in one transaction. */
int judge_round(struct db *db, int64_t now_us, struct piece *ret, struct err *err) must_check;
/* Notes where submissions of an original stand first in the log; again and again gives the same. */
int judge_note_originals(struct db *db, const struct piece *piece, struct err *err) must_check;

#endif
