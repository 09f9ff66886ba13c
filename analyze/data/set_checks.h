/* Checks that need many submissions: what one bundle and the catalogue cannot tell. Names as those of schema/checks. */
#ifndef ANALYZE_DATA_SET_CHECKS_H
#define ANALYZE_DATA_SET_CHECKS_H

#include "analyze/data/comparison.h"
#include "analyze/data/result_set.h"

struct set_rule {
    const char *name, *severity, *words;
};
#define SET_NOTE "note"                   /* severity: worth knowing, nothing is wrong */
extern const struct set_rule set_rules[]; /* ended by a NULL name */

/* Adds to the findings of the set, which stay in the order of the submissions:
 * bandwidth_time_constant — bandwidth × time of a model whose size nobody states is more than 3 % from the median of at
 * least three runs; degenerate_output — a reader flagged the output of a run; repeated_original — an earlier accepted
 * submission has the same original; mixed_versions — a cell holds results of several versions of its tool (one finding
 * a cell, at its first result); equal_figures — two devices have the same figures to rounding. */
int set_checks(struct result_set *set, const struct comparison_set *comparisons, struct err *err) must_check;
/* What a rule demands, of one bundle or of the set; NULL for an unknown name. */
const char *set_rule_words(const char *name);

#endif
