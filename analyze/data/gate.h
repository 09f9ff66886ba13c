/* The regression gate: did what is measured now hold against a baseline?
 *
 * A row has regressed when it is worse than the baseline by more than its threshold, in the metric's own direction,
 * and, where both sides have at least six values, the rank test agrees after adjusting for the number of rows. What
 * lacks one of the two is said. A metric that is a difference of two levels (memory_increase) may be near 0 or below,
 * so that no ratio of it says anything: it is judged only where a threshold names it. Runs that put out something else
 * than the baseline (quality hash) are not comparable, unless that change was accepted. */
#ifndef ANALYZE_DATA_GATE_H
#define ANALYZE_DATA_GATE_H

#include "analyze/data/sides.h"

enum gate_outcome {
    GATE_HELD,
    GATE_IMPROVED, /* better by more than the threshold */
    GATE_REGRESSED,
    GATE_UNCERTAIN,    /* worse by more than the threshold, and the test does not show it */
    GATE_OTHER_OUTPUT, /* another quality hash: not comparable */
    GATE_NOT_JUDGED,   /* no direction, or no share of the baseline that says anything */
    GATE_IGNORED
};
/* "held", "improved", "regressed", "uncertain", "other output", "not judged", "ignored". */
const char *gate_word(enum gate_outcome outcome);

struct gate_threshold {
    const char *metric; /* NULL = all others */
    double share;       /* 0.05 */
};
struct gate_pair {
    const char *from, *to; /* accepted changes of the quality hash */
};
struct gate_rules {
    const struct gate_threshold *thresholds;
    size_t threshold_count;
    const struct gate_pair *accepted;
    size_t accepted_count;
    const char *const *ignored; /* METRIC, or FACET=VALUE */
    size_t ignored_count;
};

struct gate_row {
    const struct side_row *row;
    enum gate_outcome outcome;
    double change; /* (now − before) ÷ before; NAN */
    double threshold;
    bool tested;
    const char *why; /* in words; may be NULL */
};
struct gate {
    struct gate_row *rows;
    size_t row_count;
    size_t outcomes[GATE_IGNORED + 1];
    size_t left_out; /* runs of now that failed or are quarantined, where the baseline has figures that now lacks */
};

/* `rows` has two sides: the baseline first. In the arena. */
int gate_run(const struct side_rows *rows, const struct gate_rules *rules, struct arena *arena, struct gate *ret,
             struct err *err) must_check;
/* Counts the runs that are left out of the side `now`: a figure that is missing because its run broke has not held. */
void gate_count_left_out(const struct result_set *set, const struct side *now, const struct side_rows *rows,
                         struct arena *arena, struct gate *gate);
/* 0 held, 1 regressed, 2 not comparable: no row that could be judged, other outputs, or runs of now that broke. */
int gate_exit_status(const struct gate *gate);

#endif
