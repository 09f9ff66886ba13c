/* What a stranger asks first: which chip is fast, and how far to trust that. Plain text: whoever shows it encodes it.
 */
#ifndef ANALYZE_REPORT_ANSWERS_H
#define ANALYZE_REPORT_ANSWERS_H

#include "analyze/report/report.h"
#include "schema/base/buf.h"

/* The comparisons that speak for each tool (report_headline): the one of the headline chart, then the others in the
 * order of the tools. `into` has room for as many as there are comparisons; returns how many. */
size_t answers_headlines(const struct report *report, size_t *into);
/* "Llama 2 7B Q4_0, tg128 (llama-bench): RTX 5090 with 290 tok/s, 4.7× the M1 Max (10C/32G)" */
void answers_best(const struct comparison *comparison, struct buf *into);
/* Sentences: how many figures state their runs, how many have an interval, what was left out. */
void answers_trust(const struct report *report, struct buf *into);

#endif
