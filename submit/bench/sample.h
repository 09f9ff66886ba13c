/* One thing measured again and again, until its median is known well enough. */
#ifndef SUBMIT_BENCH_SAMPLE_H
#define SUBMIT_BENCH_SAMPLE_H

#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

#define SAMPLE_RUNS_MAX 300
#define SAMPLE_RUNS_LEAST 10

struct sample_plan {
    double warm_up_s; /* at least, and at least one run */
    double limit_s;   /* then it is enough, with at least SAMPLE_RUNS_LEAST runs unless twice as long is over */
    void (*progress)(void *context, double share); /* may be NULL */
    void *context;
};

struct samples {
    double *seconds; /* owned; all of them, in the order of the runs */
    size_t count;
    size_t warm_up_runs;
    const char *stop; /* why it ended: "interval", "runs", "time" */
};
void samples_done(struct samples *samples);
#define autosamples cleanup(samples_done)

/* Monotonic time in seconds, to the nanosecond. */
double sample_clock(void);
/* Runs `once` until the 95 % interval of the median is narrower than 1 % of it, or SAMPLE_RUNS_MAX times, or the time
 * is over. */
int sample_take(const struct sample_plan *plan, void (*once)(void *context), void *context, struct samples *ret,
                struct err *err) must_check;
/* Relative width of the interval of the median of these values; 1 when there are too few. */
double sample_width(const double *values, size_t count);

#endif
