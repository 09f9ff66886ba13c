/* Results of benchmarks of LLM serving (vLLM and SGLang, whose program began as
 * a copy of vLLM's): figures by name, whatever output they come from. Names are
 * those of the JSON: mean_ttft_ms, p99_itl_ms, request_throughput. */
#ifndef SCHEMA_FORMATS_SERVING_H
#define SCHEMA_FORMATS_SERVING_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/str.h"
#include "schema/bundle/types.h"
#include "schema/formats/text_log.h"

#define SERVING_FIGURES_MAX 96
#define SERVING_SAMPLES_MAX ((size_t)20000)
struct serving_figure {
    char name[32];
    double value; /* MISSING: not finite */
};
/* Every single value behind a latency, in ms; in the arena of the reading. */
struct serving_samples {
    const double *items;
    size_t count;
};
struct serving_result {
    struct serving_figure figures[SERVING_FIGURES_MAX];
    size_t count;
    struct serving_samples ttft, itl, e2el;
};
/* True when `name` is a figure that the benchmark measured. */
bool serving_is_figure(const char *name);
void serving_set(struct serving_result *result, const char *name, double value);
double serving_get(const struct serving_result *result, const char *name);
/* Adds the measurements; false when no request was completed: then nothing was measured. */
bool serving_measure(struct reading *reading, struct run *run, const struct serving_result *result);

/* The time of "20260818-021333", of a clock whose zone is not told. */
void serving_set_date(struct reading *reading, struct run *run, const char *text);
/* What changes the work; everything else tunes it. */
bool serving_changes_work(const char *name);
/* Figures of the run that are neither what was asked for nor how good it was. */
bool serving_is_observed(const char *name);

/* An argument in the Namespace(…) line that vLLM's programs print before they begin. */
struct serving_argument {
    const char *name;
    struct str value; /* slice of the line, without quotes; empty when it is not there */
};
/* Finds the wanted ones in the current line and keeps it; everything else on it is private. */
void serving_take_arguments(struct text_log *log, struct serving_argument *wanted, size_t count);

#endif
