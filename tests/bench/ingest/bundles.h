/* Bundles for load: about 8 kB, 20 measurements of 18 samples each, the stated statistics those of the samples.
 *
 * A few are written once; each that is sent is a copy with its own number in it, so that no two have the same bytes
 * and making one costs next to nothing. */
#ifndef TESTS_BENCH_INGEST_BUNDLES_H
#define TESTS_BENCH_INGEST_BUNDLES_H

#include <stddef.h>
#include <stdint.h>

#include "schema/base/buf.h"

enum { BUNDLE_KINDS = 16, BUNDLE_RUNS = 5, BUNDLE_METRICS = 4, BUNDLE_SAMPLES = 18, BUNDLE_NUMBER_DIGITS = 16 };
#define BUNDLE_ROWS (BUNDLE_RUNS * BUNDLE_METRICS)

struct bundle_kind {
    struct buf text;
    size_t number_at; /* where its number stands, BUNDLE_NUMBER_DIGITS hex digits */
};

void bundles_make(struct bundle_kind kinds[BUNDLE_KINDS]);
void bundles_done(struct bundle_kind kinds[BUNDLE_KINDS]);
/* Writes the digits of `number` over those at `target`. */
void bundle_put_number(char *target, uint64_t number);

#endif
