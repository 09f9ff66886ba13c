/* What a report may claim: pairs of rows that readers ask about, judged together by the rule of verdict.c.
 *
 * Of each comparison the first metric: the best row against the next and against the baseline; inside a generation each
 * larger chip against the smallest; the largest variant of a chip against that of the same tier one generation
 * earlier. Pairs share backend and number of chips, but for best and baseline. All live in the arena that was given and
 * borrow from the comparisons. */
#ifndef ANALYZE_DATA_OBSERVATIONS_H
#define ANALYZE_DATA_OBSERVATIONS_H

#include "analyze/data/comparison.h"
#include "analyze/data/evidence.h"

struct draws;

enum observation_kind { OBSERVED_NEXT, OBSERVED_BASELINE, OBSERVED_SCALING, OBSERVED_GENERATION };

struct observation {
    enum observation_kind kind;
    const struct comparison *comparison;
    size_t row, against; /* rows of it */
    const struct evidence *evidence, *base;
    struct verdict verdict; /* of row against `against`; the interval only where it was tested and told */
};
struct observation_list {
    struct observation *items; /* in the order of comparisons and kinds; each pair once */
    size_t count, capacity;
    size_t tested; /* with enough values on both sides */
};

/* `draws` keeps what further comparisons may need again (draws.h); NULL: nothing is kept. Verdicts are settled;
 * intervals are there for `better`, `worse` and `~`. */
int observations_of(const struct comparison_set *comparisons, struct draws *draws, struct arena *arena,
                    struct observation_list *ret, struct err *err) must_check;
/* Whether any pair of this comparison was tested. */
bool observations_tested(const struct observation_list *list, const struct comparison *comparison);

#endif
