/* What the readers of the VLM partitioner's benchmark share
 * (github.com/Nithingx/hf_utilities, model_partitioner/benchmark.py).
 *
 * No output names the model, the device or the quantisation; the names that the
 * tool gives its files say cpu or cuda, quantized or not, and when. Its standard
 * deviations have the divisor n; its MB are 2^20 bytes. */
#ifndef SCHEMA_FORMATS_VLM_PARTITIONER_H
#define SCHEMA_FORMATS_VLM_PARTITIONER_H

#include <stdbool.h>

#include "schema/bundle/types.h"
#include "schema/formats/figure.h"

#define VLM_PARTITIONER_TOOL "vlm-partitioner"
#define VLM_PARTITIONER_TASK "generate"

struct vlm_metric {
    const char *name;  /* duration, tokens_per_sec, … */
    const char *label; /* in the printed summary; NULL: not printed */
    const char *metric, *unit;
};
/* NULL when the tool has no such metric. */
const struct vlm_metric *vlm_metric(const char *name);
const struct vlm_metric *vlm_metric_of_label(const char *label);
bool vlm_is_mode(const char *name);
/* A run of that mode. */
struct run *vlm_add_run(struct reading *reading, const char *mode);
/* Sets what the file's name tells in every run, and says in problems what nothing tells. */
void vlm_finish(struct reading *reading, const char *file_name);

#endif
