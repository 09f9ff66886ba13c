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

#include "schema/base/attributes.h"
#include "schema/base/err.h"
#include "schema/bundle/types.h"
#include "schema/json/json.h"

#define ANEMLL_BENCH_TOOL "anemll-bench"

/* True when an object is one of these documents. */
bool anemll_is_document(const struct json *root);
/* Fills device and runs. On -ERR_DATA (wrong type, with path) what was read before stays. `closed` = the text
 * broke off and was closed behind its last complete value: an empty last result is no fault then. */
int anemll_read_document(const struct json *root, bool closed, struct reading *reading, struct err *err) must_check;
/* Device and time; fills ran_at of no run. */
int anemll_read_device(const struct json *system_info, struct reading *reading, struct err *err) must_check;

#endif
