/* The judge's rules that compare figures with what others have shown of the same chip and workload (one series).
 *
 * One value of each contributor: the median over its devices of the median over what each sent, so that nobody moves
 * anything by sending often; contributors who proved who they are, without the submission's own. In logarithms, m being
 * the median of these n values and s = 1.4826 × median |ln x − m|, the distance of a figure v is |ln v − m|:
 *   outlier    n ≥ 5 and a distance above max(ln 2, 5 s): quarantined. Whatever a set-up changes stays within a factor
 * of two, unless the others differ among themselves. confirmed  of every figure n ≥ 3 and a distance of at most
 * max(ln 1.1, 3.5 s): what was held only because nobody proved who sent it is released. One that is not yet confirmed
 * waits in table `held`; it is looked at again when something was observed of one of its series. */
#ifndef COLLECTOR_FOLLOW_JUDGE_FIGURES_H
#define COLLECTOR_FOLLOW_JUDGE_FIGURES_H

#include "collector/follow/position.h"

#define JUDGE_OUTLIER_CONTRIBUTORS 5
#define JUDGE_OUTLIER_FACTOR 2.0
#define JUDGE_OUTLIER_SCALES 5.0
#define JUDGE_CONTRIBUTORS_LEAST 3
#define JUDGE_CONFIRMED_FACTOR 1.1
#define JUDGE_CONFIRMED_SCALES 3.5
#define JUDGE_HELD_MOST 64 /* looked at in one transaction */

int judge_outliers(struct db *db, const struct piece *piece, int64_t now_us, struct err *err) must_check;
/* Notes what came in held in table `held`. */
int judge_hold(struct db *db, const struct piece *piece, struct err *err) must_check;
/* Looks at held ones again; *ret_seen: how many. */
int judge_confirm(struct db *db, int64_t now_us, size_t *ret_seen, struct err *err) must_check;

#endif
