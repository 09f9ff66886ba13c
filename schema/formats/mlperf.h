/* What MLPerf Inference's loadgen measured, from its summary, its detail log or
 * a console with the summary in it. Names are those of the detail log without
 * "result_", the statistic first: samples_per_second, mean_query_latency_ns,
 * 99.00_percentile_first_token_latency_ns. */
#ifndef SCHEMA_FORMATS_MLPERF_H
#define SCHEMA_FORMATS_MLPERF_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/str.h"
#include "schema/bundle/types.h"
#include "schema/formats/formats.h"

#define MLPERF_TOOL "MLPerf Inference"
#define MLPERF_FIGURES_MAX 96
struct mlperf_figure {
    char name[56];
    double value;
};
struct mlperf_result {
    struct mlperf_figure figures[MLPERF_FIGURES_MAX];
    size_t count;
    char scenario[32], mode[32], validity[16];
};
/* A key of the detail log behind "result_", as the summary's figures are named here; false when it is no figure. */
bool mlperf_figure_name(struct str key, char *name, size_t size);
void mlperf_set(struct mlperf_result *result, const char *name, double value);
void mlperf_copy(char *target, size_t size, struct str text);
/* Fills the run: task, measurements, and the flag of a run that loadgen calls invalid. False when nothing was
 * measured, as in an accuracy run; the reason is then in the problems. */
bool mlperf_measure(struct reading *reading, struct run *run, const struct mlperf_result *result);

/* What the place of a log in a submission tells, SYSTEM/BENCHMARK/SCENARIO/performance/run_1, with slashes or, in the
 * name of a file that was copied out, with underscores. Slices of the path; empty where it does not tell. */
struct mlperf_place {
    struct str system, benchmark, scenario;
};
struct mlperf_place mlperf_place_of(const struct format_input *input);
/* The benchmark is the model's name where the log has none. The folder's scenario is the rule it was run by
 * (Interactive is run as Server); what the log says is kept beside it. */
void mlperf_set_place(struct reading *reading, struct run *run, const struct format_input *input);

#endif
