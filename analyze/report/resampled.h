/* The intervals and replicates of the last publication into a folder, in the account's cache beside what its charts
 * were drawn from.
 */
#ifndef ANALYZE_REPORT_RESAMPLED_H
#define ANALYZE_REPORT_RESAMPLED_H

#include "analyze/data/draws.h"
#include "analyze/report/drawn.h"

struct resampled {
    struct intervals intervals;
    struct replicates replicates;
};
#define RESAMPLED ((struct resampled){.intervals = INTERVALS, .replicates = REPLICATES})
void resampled_done(struct resampled *resampled);
#define autoresampled cleanup(resampled_done)

/* Lets `draws` know what is kept; `drawn` as drawn_open left it. */
void resampled_open(const struct drawn *drawn, struct resampled *resampled, struct draws *draws);
/* After the publication stands. */
void resampled_save(const struct drawn *drawn, const struct resampled *resampled);

#endif
