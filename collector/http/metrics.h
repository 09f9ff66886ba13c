/* What the server counts, as Prometheus reads it (text format 0.0.4).
 *
 * Every request that began gets exactly one outcome when it is completed, so
 *   crosschip_http_requests_started_total
 *     = sum of crosschip_http_requests_total + crosschip_http_requests_in_flight.
 * Nothing here blocks or allocates; counters are atomic. */
#ifndef COLLECTOR_HTTP_METRICS_H
#define COLLECTOR_HTTP_METRICS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/buf.h"

#define METRICS_ROUTES_MAX 32
#define METRICS_OUTCOMES_MAX 32
#define METRICS_BUCKETS 13

struct metrics {
    int64_t started_at_us; /* wall time */
    atomic_uint_fast64_t started;
    atomic_uint_fast64_t outcomes[METRICS_ROUTES_MAX][METRICS_OUTCOMES_MAX];
    atomic_uint_fast64_t buckets[METRICS_ROUTES_MAX][METRICS_BUCKETS]; /* not cumulative; the last has no bound */
    atomic_uint_fast64_t duration_us[METRICS_ROUTES_MAX];
};

/* The outcome of a request: "stored", "duplicate", "ok", "not_modified", "aborted", or a word of err.h. */
unsigned metrics_outcome(const char *word);

/* `route` is its place in the table of router.c, or the table's length for requests that have none. */
void metrics_count(struct metrics *metrics, size_t route, unsigned outcome, int64_t duration_us);

/* Gauges and what other parts count, for the page. */
struct metrics_gauges {
    size_t connections, in_flight, body_bytes, waiting;
    uint64_t created, duplicates, failed, transactions;
    const uint64_t *batches; /* of DESK_BATCH_BUCKETS: transactions of at most 1, 2, 4, … submissions */
    uint64_t batched;        /* submissions in all of them */
    uint64_t sealed, judged, unjudged, unobserved, unsummarised; /* entries of the log */
    bool behind;                                                 /* the database is older than what was signed */
    bool draining;
};
void metrics_write(const struct metrics *metrics, const struct metrics_gauges *gauges, struct buf *into);

#endif
