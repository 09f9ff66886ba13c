/* Hand-made result sets for the tests of analyze. */
#ifndef TESTS_UNIT_ANALYZE_SAMPLE_H
#define TESTS_UNIT_ANALYZE_SAMPLE_H

#include "analyze/data/result_set.h"

/* One submission with one run of one metric; NULL texts are not stated. */
struct sample {
    const char *id, *contributor, *board, *original;
    enum submission_state state;
    const char *tool, *tool_version, *chip, *model, *quantization, *backend, *task;
    const char *metric, *unit;
    enum direction direction;
    double value;
    int64_t n;
    const double *samples;
    size_t sample_count;
    const char *ran_at;
    const char *flag; /* of the run; NULL = none */
    double threads;   /* of the setup; 0 = not stated */
};

void sample_add(struct result_set *set, const struct sample *sample);

#endif
