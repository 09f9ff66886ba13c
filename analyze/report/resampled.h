/* The intervals of the last publication into a folder, in the account's cache beside what its charts were drawn from.
 */
#ifndef ANALYZE_REPORT_RESAMPLED_H
#define ANALYZE_REPORT_RESAMPLED_H

#include "analyze/data/intervals.h"
#include "analyze/report/drawn.h"

/* `drawn` as drawn_open left it. False: nothing can be kept. */
bool resampled_open(const struct drawn *drawn, struct intervals *intervals);
/* After the publication stands. */
void resampled_save(const struct drawn *drawn, const struct intervals *intervals);

#endif
