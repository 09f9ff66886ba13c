/* Did the figure move while it was measured? First third against last third of the samples in the order of time. */
#ifndef SCHEMA_STATS_DRIFT_H
#define SCHEMA_STATS_DRIFT_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

#define DRIFT_LEAST 18          /* samples: six in each third */
#define DRIFT_STEP 0.05         /* a smaller change of the median does not count */
#define DRIFT_CHANCE 0.05

struct drift {
    double ratio; /* median of the last third ÷ median of the first */
    double p;     /* of the rank test between the two; too small where samples depend on their neighbours */
    bool drifts;  /* both the step and the chance say so */
};

/* ERR_NOTHING with fewer than DRIFT_LEAST samples or a first median of 0. Samples finite, in the order of time. */
int stats_drift(const double *samples, size_t count, struct drift *ret, struct err *err) must_check;

#endif
