/* Which path takes which method, and what each does: the one table that requests are looked up in and
 * that /v1/openapi.json is written from. */
#include "collector/http/state.h"

#include <string.h>

#include "schema/wire/names.h"

static const struct route_parameter post_parameters[] = {
    {"header", WIRE_HEADER_IDEMPOTENCY_KEY, "sha256: and the hash of the body; checked against it"},
    {"header", "Content-Encoding", "gzip or zstd"},
    {"header", WIRE_HEADER_WITHDRAW_SECRET,
     "of a bundle with `replaces`: 64 lower-case hex digits, the secret of the older submission"},
    {"header", WIRE_HEADER_CONTRIBUTOR,
     "percent-encoded UTF-8: the name of the token's contributor from now on; without a token it is not kept"},
    {0},
};
static const struct route_parameter own_parameters[] = {
    {"header", WIRE_HEADER_WITHDRAW_SECRET, "64 lower-case hex digits: the secret whose SHA-256 the bundle holds"},
    {0},
};
static const struct route_parameter results_parameters[] = {
    {"query", "chip", "name of the chip as it was sent"},
    {"query", "model", "model, in the catalogue's spelling"},
    {"query", "quantization", "quantisation"},
    {"query", "backend", "backend"},
    {"query", "task", "task, such as tg128"},
    {"query", "metric", "metric, such as generation_throughput"},
    {"query", "limit", "at most so many results, 1 to 1000 (100)"},
    {"query", "after", "where to go on: `next` of the page before"},
    {0},
};

static const struct route_parameter feed_parameters[] = {
    {"query", "after", "EPOCH.INDEX: the position of the last entry that is known (from the beginning)"},
    {"query", "limit", "at most so many entries, 1 to 5000 (1000)"},
    {0},
};
static const struct route_parameter withdrawal_parameters[] = {
    {"query", "after", "the number of the last one that is known (0)"},
    {"query", "limit", "at most so many, 1 to 5000 (1000)"},
    {0},
};
static const struct route_parameter inclusion_parameters[] = {
    {"query", "id", "sha256: and 64 lower-case hex digits: the submission"},
    {"query", "revision", "which of its events (the newest)"},
    {"query", "size", "entries of the tree that it shall stand in (as many as there are)"},
    {0},
};
static const struct route_parameter consistency_parameters[] = {
    {"query", "first", "entries of the tree that was known before"},
    {"query", "size", "entries of the tree that shall begin with it (as many as there are)"},
    {0},
};

static const struct route routes[] = {
    {.method = "POST",
     .path = "/v1/submissions",
     .act = act_submit,
     .takes_body = true,
     .scopes = TOKEN_MAY_SUBMIT,
     .summary = "Store a submission, exactly once",
     .parameters = post_parameters,
     .schema = "Stored",
     .statuses = "200 201 400 401 403 409 410 411 413 415 422 429 503"},
    {.method = "GET",
     .path = "/v1/submissions/:id",
     .act = act_view,
     .summary = "State and findings of a submission",
     .schema = "Submission",
     .statuses = "200 400 404 503"},
    {.method = "DELETE",
     .path = "/v1/submissions/:id",
     .act = act_withdraw,
     .scopes = TOKEN_MAY_WITHDRAW | TOKEN_MAY_MODERATE,
     .summary = "Withdraw a submission",
     .parameters = own_parameters,
     .schema = "Withdrawn",
     .statuses = "200 400 401 403 404 410 429 503"},
    {.method = "POST",
     .path = "/v1/submissions/:id/claim",
     .act = act_claim,
     .scopes = TOKEN_MAY_SUBMIT,
     .summary = "Put the name of the token's contributor to a submission",
     .parameters = own_parameters,
     .schema = "Claimed",
     .statuses = "200 400 401 403 404 410 429 503"},
    {.method = "GET",
     .path = "/v1/submissions/:id/bundle",
     .act = act_raw,
     .summary = "The exact bytes of an accepted submission",
     .schema = "Bundle",
     .statuses = "200 304 400 404 410 503"},
    {.method = "GET",
     .path = "/submissions/:id",
     .act = act_page,
     .summary = "The same as a page for people",
     .media = "text/html",
     .statuses = "200 400 404 503"},
    {.method = "GET",
     .path = "/v1/results",
     .act = act_results,
     .summary = "Results of accepted submissions, page by page",
     .parameters = results_parameters,
     .schema = "Results",
     .statuses = "200 304 400 503"},
    {.method = "GET",
     .path = "/v1/chips",
     .act = act_chips,
     .summary = "The chips of the catalogue",
     .schema = "Chips",
     .statuses = "200 304"},
    {.method = "GET",
     .path = "/v1/key",
     .act = act_key,
     .summary = "The public keys of this collector, the oldest first",
     .schema = "Keys",
     .statuses = "200 304 503"},
    {.method = "GET",
     .path = "/v1/feed",
     .act = act_feed,
     .summary = "The entries of the log, a line of JSON each",
     .parameters = feed_parameters,
     .media = "application/x-ndjson",
     .statuses = "200 304 400 503"},
    {.method = "GET",
     .path = "/v1/withdrawals",
     .act = act_withdrawals,
     .summary = "Withdrawals of submissions that are not here, as other collectors tell them, a line of JSON each",
     .parameters = withdrawal_parameters,
     .media = "application/x-ndjson",
     .statuses = "200 304 400 503"},
    {.method = "GET",
     .path = "/v1/log",
     .act = act_log,
     .summary = "The signed head of the log of all events",
     .schema = "LogHead",
     .statuses = "200 304 503"},
    {.method = "GET",
     .path = "/v1/log/inclusion",
     .act = act_log_inclusion,
     .summary = "Proof that an event stands in the log",
     .parameters = inclusion_parameters,
     .schema = "LogInclusion",
     .statuses = "200 304 400 404 503"},
    {.method = "GET",
     .path = "/v1/log/consistency",
     .act = act_log_consistency,
     .summary = "Proof that the log continues a shorter one",
     .parameters = consistency_parameters,
     .schema = "LogConsistency",
     .statuses = "200 304 400 503"},
    {.method = "GET",
     .path = "/v1/openapi.json",
     .act = act_openapi,
     .summary = "This description",
     .schema = "OpenApi",
     .statuses = "200 304"},
    {.method = "GET",
     .path = "/metrics",
     .act = act_metrics,
     .summary = "What the collector counts, for Prometheus",
     .media = "text/plain",
     .statuses = "200"},
    {.method = "GET",
     .path = "/healthz",
     .act = act_health,
     .summary = "The process is there",
     .media = "text/plain",
     .statuses = "200"},
    {.method = "GET",
     .path = "/readyz",
     .act = act_ready,
     .summary = "The database answers too",
     .media = "text/plain",
     .statuses = "200 503"},
    {0},
};

/* Whatever path is left: files of the publication. It is no part of the interface, and not in its description. */
static const struct route site_route = {.method = "GET", .path = "/", .act = act_site};

const struct route *route_table(void)
{
    return routes;
}

/* Compares a path with a pattern; *ret_id is what stands for :id. */
static bool path_matches(const char *pattern, struct str path, struct str *ret_id)
{
    struct str wanted = str_of(pattern), want, have;
    *ret_id = (struct str){0};
    for (;;) {
        bool more_wanted = str_next_field(&wanted, '/', &want);
        bool more = str_next_field(&path, '/', &have);
        if (!more_wanted || !more) {
            return more_wanted == more;
        }
        if (str_equal(want, STR(":id"))) {
            *ret_id = have;
        } else if (!str_equal(want, have)) {
            return false;
        }
    }
}

static bool method_matches(const struct route *route, const char *method)
{
    return text_equal(route->method, method) || (text_equal(method, "HEAD") && text_equal(route->method, "GET"));
}

static bool take_id(struct request *request, struct str id)
{
    unsigned char hash[32];
    if (id.data == NULL) {
        return true;
    }
    if (id.len != INTAKE_ID_SIZE - 1) {
        return false;
    }
    memcpy(request->id, id.data, id.len);
    request->id[id.len] = '\0';
    return intake_id_parse(request->id, hash);
}

/* "DELETE, GET, HEAD": every method of the routes that match this path. */
static void name_methods(struct str path, char *target, size_t size)
{
    struct str id;
    struct buf text = BUF(size - 1);
    for (const struct route *route = routes; route->method != NULL; route++) {
        if (path_matches(route->path, path, &id)) {
            buf_addf(&text, "%s%s%s", text.len > 0 ? ", " : "", route->method,
                     text_equal(route->method, "GET") ? ", HEAD" : "");
        }
    }
    text_copy(target, size, buf_text(&text));
    buf_done(&text);
}

const struct route *route_find(struct request *request)
{
    struct err err;
    struct str rest = str_of(request->uri), path, id;
    (void)str_next_field(&rest, '?', &path);
    (void)err_set(&err, ERR_NOT_FOUND, "there is nothing at this path");
    for (const struct route *route = routes; route->method != NULL; route++) {
        if (!path_matches(route->path, path, &id)) {
            continue;
        }
        if (!method_matches(route, request->head.method)) {
            (void)err_set(&err, ERR_METHOD, "this path does not take this method");
            continue;
        }
        if (take_id(request, id)) {
            return route;
        }
        if (text_equal(route->media, "text/html")) {
            reply_malformed_page(request);
            return NULL;
        }
        (void)err_set(&err, ERR_SYNTAX, "an id is sha256: and 64 lower-case hex digits");
        break;
    }
    if (err.code == ERR_NOT_FOUND && request->server->site != NULL &&
        method_matches(&site_route, request->head.method)) {
        return &site_route;
    }
    if (err.code == ERR_METHOD) {
        name_methods(path, request->reply.allow, sizeof request->reply.allow);
    }
    reply_error(&request->reply, 0, &err);
    return NULL;
}
