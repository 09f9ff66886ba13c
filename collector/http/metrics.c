#include "collector/http/metrics.h"

#include "collector/follow/followers.h"
#include "collector/follow/published.h"
#include "collector/http/state.h"
#include "schema/base/clock.h"

/* Upper bounds in microseconds; what takes longer falls into the last bucket. */
static const int64_t bounds_us[METRICS_BUCKETS - 1] = {500,   1000,   2500,   5000,   10000,   25000,
                                                       50000, 100000, 250000, 500000, 1000000, 5000000};
static const char *const bound_texts[METRICS_BUCKETS] = {"0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05",
                                                         "0.1",    "0.25",  "0.5",    "1",     "5",    "+Inf"};
enum { OWN_WORDS = 6 };

/* Codes of err.h in their order, after our own words. */
static const char *const words[] = {"aborted",          "ok", "stored", "duplicate", "not_modified", "rate",
#define ERR_WORD(code, word, exit_status, http_status) word,
                                    ERR_CODES(ERR_WORD)
#undef ERR_WORD
};
_Static_assert(ARRAY_LENGTH(words) <= METRICS_OUTCOMES_MAX, "a place for each outcome");

unsigned metrics_outcome(const char *word)
{
    for (unsigned i = 0; i < ARRAY_LENGTH(words); i++) {
        if (text_equal(words[i], word)) {
            return i;
        }
    }
    return 0;
}

void metrics_count(struct metrics *metrics, size_t route, unsigned outcome, int64_t duration_us)
{
    size_t bucket = 0;
    while (bucket < ARRAY_LENGTH(bounds_us) && duration_us > bounds_us[bucket]) {
        bucket++;
    }
    route = route < METRICS_ROUTES_MAX ? route : METRICS_ROUTES_MAX - 1;
    atomic_fetch_add(&metrics->outcomes[route][outcome], 1);
    atomic_fetch_add(&metrics->buckets[route][bucket], 1);
    atomic_fetch_add(&metrics->duration_us[route], (uint64_t)(duration_us > 0 ? duration_us : 0));
}

static void head(struct buf *into, const char *name, const char *type, const char *help)
{
    buf_addf(into, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void number(struct buf *into, const char *name, const char *type, const char *help, uint64_t value)
{
    head(into, name, type, help);
    buf_addf(into, "%s %llu\n", name, (unsigned long long)value);
}

static void write_outcomes(const struct metrics *metrics, size_t route, const char *label, struct buf *into)
{
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
        uint64_t count = atomic_load(&metrics->outcomes[route][i]);
        if (count > 0) {
            buf_addf(into, "crosschip_http_requests_total{%s,outcome=\"%s\"} %llu\n", label, words[i],
                     (unsigned long long)count);
        }
    }
}

static void write_durations(const struct metrics *metrics, size_t route, const char *label, struct buf *into)
{
    uint64_t count = 0;
    for (size_t i = 0; i < METRICS_BUCKETS; i++) {
        count += atomic_load(&metrics->buckets[route][i]);
        buf_addf(into, "crosschip_http_request_duration_seconds_bucket{%s,le=\"%s\"} %llu\n", label, bound_texts[i],
                 (unsigned long long)count);
    }
    buf_addf(into,
             "crosschip_http_request_duration_seconds_sum{%s} %.6f\n"
             "crosschip_http_request_duration_seconds_count{%s} %llu\n",
             label, (double)atomic_load(&metrics->duration_us[route]) / 1e6, label, (unsigned long long)count);
}

/* method and path of the table, for each route and for requests that have none. */
static void each_route(const struct metrics *metrics, struct buf *into,
                       void (*write)(const struct metrics *metrics, size_t route, const char *label, struct buf *into))
{
    const struct route *table = route_table();
    for (size_t i = 0; i < METRICS_ROUTES_MAX; i++) {
        autobuf struct buf label = BUF(256);
        bool last = table[i].method == NULL;
        buf_addf(&label, "method=\"%s\",path=\"%s\"", last ? "other" : table[i].method, last ? "other" : table[i].path);
        write(metrics, i, buf_text(&label), into);
        if (last) {
            break;
        }
    }
}

static void write_batches(const struct metrics_gauges *gauges, struct buf *into)
{
    uint64_t count = 0;
    head(into, "crosschip_batch_submissions", "histogram", "Submissions of one transaction.");
    for (unsigned i = 0; i < DESK_BATCH_BUCKETS; i++) {
        count += gauges->batches[i];
        buf_addf(into, "crosschip_batch_submissions_bucket{le=\"%u\"} %llu\n", 1U << i, (unsigned long long)count);
    }
    buf_addf(into,
             "crosschip_batch_submissions_bucket{le=\"+Inf\"} %llu\n"
             "crosschip_batch_submissions_sum %llu\ncrosschip_batch_submissions_count %llu\n",
             (unsigned long long)count, (unsigned long long)gauges->batched, (unsigned long long)count);
}

void metrics_write(const struct metrics *metrics, const struct metrics_gauges *gauges, struct buf *into)
{
    /* Outcomes before what began: a request that ends meanwhile is counted once at the most. */
    head(into, "crosschip_http_requests_total", "counter", "Completed requests by what became of them.");
    each_route(metrics, into, write_outcomes);
    number(into, "crosschip_http_requests_started_total", "counter", "Requests that began.",
           atomic_load(&metrics->started));
    number(into, "crosschip_http_requests_in_flight", "gauge", "Requests that have no answer yet.", gauges->in_flight);
    head(into, "crosschip_http_request_duration_seconds", "histogram", "From the first line to the last byte.");
    each_route(metrics, into, write_durations);
    head(into, "crosschip_submissions_total", "counter", "Submissions that reached the database.");
    buf_addf(into,
             "crosschip_submissions_total{outcome=\"stored\"} %llu\n"
             "crosschip_submissions_total{outcome=\"duplicate\"} %llu\n"
             "crosschip_submissions_total{outcome=\"failed\"} %llu\n",
             (unsigned long long)gauges->created, (unsigned long long)gauges->duplicates,
             (unsigned long long)gauges->failed);
    number(into, "crosschip_transactions_total", "counter", "Transactions that stored submissions.",
           gauges->transactions);
    write_batches(gauges, into);
    number(into, "crosschip_http_connections", "gauge", "Open connections.", gauges->connections);
    number(into, "crosschip_bodies_bytes", "gauge", "Bytes of all bodies in work.", gauges->body_bytes);
    number(into, "crosschip_work_waiting", "gauge", "Requests that wait for the database.", gauges->waiting);
    number(into, "crosschip_log_sealed_total", "counter", "Events that this collector moved into the log.",
           gauges->sealed);
    number(into, "crosschip_log_judged_total", "counter", "Entries of the log that this collector judged.",
           gauges->judged);
    head(into, "crosschip_follower_lag", "gauge", "Entries of the log that a follower has still to go through.");
    const struct {
        const char *name;
        uint64_t lag;
    } followers[] = {{"judge", gauges->unjudged}, {"observe", gauges->unobserved}, {"summarise", gauges->unsummarised}};
    for (size_t i = 0; i < ARRAY_LENGTH(followers); i++) {
        buf_addf(into, "crosschip_follower_lag{name=\"%s\"} %llu\n", followers[i].name,
                 (unsigned long long)followers[i].lag);
    }
    number(into, "crosschip_behind", "gauge", "1 while the database is older than the log that was signed.",
           gauges->behind ? 1 : 0);
    number(into, "crosschip_draining", "gauge", "1 while the collector is stopping.", gauges->draining ? 1 : 0);
    head(into, "process_start_time_seconds", "gauge", "When the process started, seconds since 1970.");
    buf_addf(into, "process_start_time_seconds %.3f\n", (double)metrics->started_at_us / 1e6);
}

enum { PAGE_MAX = 1 << 20 };

void act_metrics(struct request *request)
{
    struct http_server *server = request->server;
    struct desk_figures figures = desk_figures(server->desk);
    const struct followers_figures follow = followers_figures(server->followers);
    const struct metrics_gauges gauges = {
        .connections = clients_count(server->clients),
        .in_flight = atomic_load(&server->requests),
        .body_bytes = figures.held_bytes,
        .waiting = figures.waiting,
        .created = figures.created,
        .duplicates = figures.duplicates,
        .failed = figures.failed,
        .transactions = figures.transactions,
        .batches = figures.batches,
        .batched = figures.batched,
        .sealed = follow.sealed,
        .judged = follow.judged,
        .unjudged = follow.unjudged,
        .unobserved = follow.unobserved,
        .unsummarised = follow.unsummarised,
        .behind = published_behind(server->published),
        .draining = atomic_load(&server->draining),
    };
    struct buf body = BUF(PAGE_MAX);
    metrics_write(&server->metrics, &gauges, &body);
    reply_body(&request->reply, 200, "text/plain; version=0.0.4; charset=utf-8", &body);
}
