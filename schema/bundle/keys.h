/* Keys of devices, workloads and series: the first 128 bits of the SHA-256 of a
 * canonical text. Whoever has the facts can compute the key (FORMAT.md shows one
 * worked example each).
 *
 * The canonical text is a domain line ("crosschip-workload-1\n") and one line of
 * JSON: members sorted by name, absent ones left out, shortest numbers. */
#ifndef SCHEMA_BUNDLE_KEYS_H
#define SCHEMA_BUNDLE_KEYS_H

#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/bundle/types.h"

struct bundle_key {
    uint8_t bytes[16];
};
#define BUNDLE_KEY_TEXT_SIZE 37
/* "8-4-4-4-12" hex digits, as PostgreSQL prints a uuid. Returns target. */
const char *bundle_key_text(char target[BUNDLE_KEY_TEXT_SIZE], struct bundle_key key);

/* JSON of the facts behind a key, one line: what stands in run.device and run.workload. Device: chips, cores, memory
 * (whole GiB), board, architecture; never OS, driver, power or anything of a person. Workload: model, quantization,
 * backend, mode, task, category, parameters. */
void bundle_device_facts(const struct device *device, struct buf *into);
void bundle_workload_facts(const struct workload *workload, struct buf *into);

/* `contributor` all zero: nobody proved who sent it. Errors: memory only. */
int bundle_device_key(struct bundle_key contributor, const struct device *device, struct bundle_key *ret,
                      struct err *err) must_check;
int bundle_workload_key(const struct workload *workload, struct bundle_key *ret, struct err *err) must_check;
/* chip_name as given (NULL: the empty name), variant NULL = "alone". */
int bundle_series_key(const char *chip_name, int64_t chip_count, struct bundle_key workload, const char *variant,
                      const char *metric, struct bundle_key *ret, struct err *err) must_check;

#endif
