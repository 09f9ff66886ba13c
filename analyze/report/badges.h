/* Badges: one small SVG for each chip and tool, for a README. */
#ifndef ANALYZE_REPORT_BADGES_H
#define ANALYZE_REPORT_BADGES_H

#include "analyze/report/publication.h"

/* "badges/m4-max-….svg": of a chip in the comparison that speaks for a tool. */
void badge_path(const struct comparison *headline, const char *chip, struct buf *into);
/* "M4 Max: Memory bandwidth, llama_lm_head, lm_head (anemll-bench)": what it shows, without the value, which changes.
 */
void badge_words(const struct comparison *headline, const char *chip, struct buf *into);
/* Adds badges/. */
int badges_make(const struct report *report, struct publication *publication, struct err *err) must_check;

#endif
