/* What missing cells would likely hold: estimates of the log-additive model of schema/stats/additive.
 *
 * One model for each metric of a tool: its rows are chips (variant, number, backend), its columns the comparisons that
 * have the metric. A cell is estimated only where somebody measured a chip of the same vendor and backend in that
 * comparison: the model's error was measured on such cells and says nothing about others. Estimates are no
 * measurements: they stand in no comparison, and so enter no factor and no claim. All live in the arena that was given.
 */
#ifndef ANALYZE_DATA_ESTIMATE_H
#define ANALYZE_DATA_ESTIMATE_H

#include "analyze/data/comparison.h"

struct estimate {
    const struct comparison_row *row;    /* of any comparison: chip, variant, number, backend */
    const struct comparison *comparison; /* where it is missing */
    double value;
};
struct estimate_model {
    const char *tool;
    struct comparison_metric metric;
    size_t figures, checked;  /* in the model; left out and estimated again */
    double error, wide_error; /* median and 90 % quantile of |estimate ÷ figure − 1| over `checked`; NAN when
                                 they are too few */
    bool shown;               /* the error is known and at most ADDITIVE_ERROR_MOST */
    struct estimate *items;   /* only when shown */
    size_t count;
    size_t unlike; /* missing cells without such a chip in their comparison */
};
struct estimates {
    struct estimate_model *models; /* that have two comparisons or more, and a missing cell */
    size_t count, capacity;
};

int estimates_of(const struct comparison_set *set, struct arena *arena, struct estimates *ret,
                 struct err *err) must_check;

#endif
