/* Measurements that look as if one had been sent twice: two submissions of what counts as two devices, of which every
 * time and rate that they share is equal but for rounding.
 *
 * Rounding: the figure with fewer decimals is the other one rounded to them. Chance makes single figures equal: a pair
 * is named where the shared figures have at least TWIN_DIGITS significant digits together (of the coarser of each two)
 * and none differs. It is a suspicion, never a proof: both count as they are, and people are told. */
#ifndef ANALYZE_DATA_TWINS_H
#define ANALYZE_DATA_TWINS_H

#include "analyze/data/comparison.h"

#define TWIN_DIGITS 6

/* What is known of a pair so far; begins with zeros. */
struct likeness {
    size_t equal, different; /* figures */
    int digits;              /* of the equal ones */
};
/* Counts two figures of one workload; other figures than times and rates, and what is not finite, say nothing. */
void likeness_add(struct likeness *likeness, const char *unit, double a, double b);
bool likeness_is_suspect(const struct likeness *likeness);

struct twin {
    const struct result *first, *second; /* any of their results, by the ids of their submissions */
    struct likeness likeness;
};
struct twin_list {
    struct twin *items;
    size_t count;
};
void twin_list_done(struct twin_list *list);
#define autotwins cleanup(twin_list_done)

/* All pairs, in the order of their submissions. Cells of more than eight submissions are not searched: there equal
 * figures are to be expected, and one too many weighs little. */
int twins_find(const struct comparison_set *set, struct twin_list *ret, struct err *err) must_check;
/* A pair of which both stand behind the row; NULL. */
const struct twin *twins_in_row(const struct twin_list *list, const struct comparison_row *row, size_t metric_count);

#endif
