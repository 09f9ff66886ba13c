/* Which row all factors refer to.
 *
 * Named on the command line, else in crosschip.conf as baseline.TOOL.MODEL or baseline.TOOL, else the oldest
 * base chip (tier without Pro, Max, Ultra, Ti …) that has all of the table's main metrics; among equals the
 * slowest. Factors are better when greater: value / base where higher is better, base / value where lower is. */
#ifndef ANALYZE_DATA_BASELINE_H
#define ANALYZE_DATA_BASELINE_H

#include "analyze/data/comparison.h"

struct baseline_rule {
    const char *scope; /* "TOOL" or "TOOL.MODEL", compared without case */
    const char *chip;  /* as the user wrote it */
};
struct baseline_rules {
    const char *named; /* --baseline; NULL */
    const struct baseline_rule *items;
    size_t count;
};

/* Chooses a baseline for every comparison and fills the factors. A comparison without the named one has none, and no
 * factors. ERR_USAGE when `named` is a chip of none
 * of them; the hint lists the chips that are there. */
int baseline_apply(struct comparison_set *set, const struct baseline_rules *rules, struct err *err) must_check;
/* The row is of the chip that a user wrote; of any of its variants where the name holds none. */
bool baseline_is(const struct comparison_row *row, const char *wanted);

#endif
