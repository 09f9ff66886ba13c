/* Documents of ANEMLL-Bench (github.com/Anemll/anemll-bench): the submission
 * {timestamp, system_info, results[]} that its report sends, and the outputs of
 * its examples profile_coreml, profile_local_model and batch_profile.
 *
 * throughput_gb_s and throughput_gbps are both GB/s = 10^9 bytes a second;
 * model_size_mb is 10^6 bytes in the submission and 2^20 in the examples, which
 * have the bytes beside it; ram.total_gb is GiB. The chip is cpu.brand, never
 * what neural_engine guesses. */
#ifndef SCHEMA_FORMATS_ANEMLL_DOCUMENT_H
#define SCHEMA_FORMATS_ANEMLL_DOCUMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/bundle/types.h"
#include "schema/json/json.h"

#define ANEMLL_BENCH_TOOL "anemll-bench"

/* One row of results, whichever output it comes from. */
struct anemll_result {
    const char *name; /* as given; "X (Parallel Run)" and "Combined (A + B)" are told apart */
    const char *backend;
    double time_ms, bandwidth, tflops;
    bool time_not_finite, bandwidth_not_finite;
    double model_bytes;
    const char *shape; /* "1x1x4096" */
    int64_t n;         /* passes behind the mean, where stated */
};
struct anemll_result anemll_no_result(void); /* nothing stated */
bool anemll_has_figure(const struct anemll_result *result);
/* NULL when the arena failed. */
struct run *anemll_add_run(struct reading *reading, const struct anemll_result *result);
void anemll_add_figure(struct reading *reading, struct run *run, const char *metric, const char *unit, double value);

/* True when an object is one of these documents. */
bool anemll_is_document(const struct json *root);
/* Fills device and runs. On -ERR_DATA (wrong type, with path) what was read before stays. `closed` = the text
 * broke off and was closed behind its last complete value: an empty last result is no fault then. */
int anemll_read_document(const struct json *root, bool closed, struct reading *reading, struct err *err) must_check;
/* Device and time; fills ran_at of no run. */
int anemll_read_device(const struct json *system_info, struct reading *reading, struct err *err) must_check;

#endif
