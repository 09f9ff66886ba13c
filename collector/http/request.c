#include "collector/http/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/follow/published.h"
#include "schema/base/clock.h"
#include "schema/base/log.h"
#include "schema/base/mem.h"
#include "schema/bundle/limits.h"

/* A refused body up to this size is read to its end, so that the client gets to read the answer. */
#define DISCARD_MAX ((int64_t)1 << 20)
#define BODY_AT_ONCE ((int64_t)32 << 10)

static struct client *client_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info != NULL ? info->socket_context : NULL;
}

/* libmicrohttpd would note each parameter of the query in the memory of the connection, and 0.9.75 leaves a client
 * without an answer for whom that is too little. Nobody reads these: query.c looks at our copy. `uri` is in its own
 * buffer, which it is about to cut up itself. */
static void forget_query(const char *uri)
{
    char *query = strchr((char *)(uintptr_t)uri, '?');
    if (query != NULL) {
        query[1] = '\0';
    }
}

void *request_new(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct http_server *server = context;
    struct request *request = mem_zalloc(1, sizeof *request);
    if (request == NULL) {
        return NULL;
    }
    request->uri = mem_strdup(uri);
    if (request->uri == NULL) {
        free(request);
        return NULL;
    }
    forget_query(uri);
    request->server = server;
    request->connection = connection;
    request->client = client_of(connection);
    request->begun_us = clock_monotonic_us();
    size_t number = atomic_fetch_add(&server->metrics.started, 1);
    (void)snprintf(request->name, sizeof request->name, "%08lx%08zx", (unsigned long)server->boot, number & 0xffffffff);
    atomic_fetch_add(&server->requests, 1);
    client_asks(server->clients, request->client);
    return request;
}

static void release_body(struct request *request)
{
    buf_done(&request->work.body);
    desk_release(request->server->desk, &request->work, 0);
}

void request_completed(void *context, struct MHD_Connection *connection, void **request_context,
                       enum MHD_RequestTerminationCode reason)
{
    struct http_server *server = context;
    struct request *request = *request_context;
    (void)connection;
    (void)reason;
    if (request == NULL) {
        return;
    }
    const struct route *route = request->route;
    size_t place = 0;
    while (route_table()[place].method != NULL && &route_table()[place] != route) {
        place++;
    }
    client_idles(server->clients, request->client);
    metrics_count(&server->metrics, place, metrics_outcome(request->sent ? request->reply.outcome : "aborted"),
                  clock_monotonic_us() - request->begun_us);
    release_body(request);
    reply_done(&request->reply);
    prepared_free(request->work.prepared);
    if (request->work.view != NULL) {
        submission_view_done(request->work.view);
        free(request->work.view);
    }
    page_free(request->page);
    buf_done(&request->work.raw);
    free(request->uri);
    free(request);
    *request_context = NULL;
    atomic_fetch_sub(&server->requests, 1);
}

/* If-None-Match (RFC 9110, section 13.1.2): a list of tags, or *. */
static bool has_it_already(const struct request *request)
{
    struct str rest = str_of(MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "If-None-Match")), tag;
    char own[sizeof request->reply.etag + 2];
    (void)snprintf(own, sizeof own, "\"%s\"", request->reply.etag);
    while (request->reply.etag[0] != '\0' && str_next_field(&rest, ',', &tag)) {
        tag = str_trim(tag);
        if (str_starts_with(tag, STR("W/"))) {
            tag = str_slice(tag.data + 2, tag.len - 2);
        }
        if (str_equal(tag, str_of(own)) || str_equal(tag, STR("*"))) {
            return true;
        }
    }
    return false;
}

static enum MHD_Result send_reply(struct request *request)
{
    struct reply *reply = &request->reply;
    reply->open = text_equal(request->head.method, "GET") || text_equal(request->head.method, "HEAD");
    if (reply->status == 200 && has_it_already(request)) {
        buf_done(&reply->body);
        reply->body = BUF(0);
        reply->status = 304;
        reply->outcome = "not_modified";
    }
    if (!request->head.may_stay_open || atomic_load(&request->server->draining)) {
        reply->close = true;
    }
    client_is_answered(request->server->clients, request->client, reply->body.len);
    log_debug("request=%s %s %s %d", request->name, request->head.method, request->uri, reply->status);
    request->sent = true;
    return reply_send(request->connection, reply, request->name);
}

/* Media type and coding of a submission (reliability: 415 before anything is read). */
static int check_type(const struct head *head, struct err *err)
{
    const char *type = head->content_type != NULL ? head->content_type : "";
    struct str rest = str_of(type), name;
    (void)str_next_field(&rest, ';', &name);
    if (!str_equal_ignore_case(str_trim(name), STR("application/json"))) {
        return err_set(err, ERR_MEDIA_TYPE, "send application/json");
    }
    rest = str_trim(rest);
    if (rest.len > 0 && !str_equal_ignore_case(rest, STR("charset=utf-8")) &&
        !str_equal_ignore_case(rest, STR("charset=\"utf-8\""))) {
        return err_set(err, ERR_MEDIA_TYPE, "the only character set is UTF-8");
    }
    return 0;
}

/* One coding, of one layer: the header is compared whole. False for one that is not known. */
static bool find_coding(const struct head *head, enum read_coding *ret)
{
    static const struct {
        const char *name;
        enum read_coding coding;
    } known[] = {{"identity", READ_PLAIN}, {"gzip", READ_GZIP}, {"x-gzip", READ_GZIP}, {"zstd", READ_ZSTD}};
    *ret = READ_PLAIN;
    for (size_t i = 0; head->content_encoding != NULL && i < ARRAY_LENGTH(known); i++) {
        if (text_equal_ignore_case(head->content_encoding, known[i].name)) {
            *ret = known[i].coding;
            return true;
        }
    }
    return head->content_encoding == NULL;
}

static int check_size(const struct head *head, enum read_coding coding, struct err *err)
{
    const size_t most = coding == READ_PLAIN ? BUNDLE_BYTES_MAX : BUNDLE_COMPRESSED_MAX;
    if ((uint64_t)head->content_length > most) {
        return err_set(err, ERR_LIMIT, "%s has at most %zu MiB",
                       coding == READ_PLAIN ? "a bundle" : "a compressed bundle", most >> 20);
    }
    return 0;
}

/* In the order of the protocol: length, size, type. */
static int check_body_head(struct request *request, struct err *err)
{
    const struct head *head = &request->head;
    unsigned char hash[32];
    if (head->content_length < 0) {
        return err_set(err, ERR_LENGTH_REQUIRED, "send Content-Length");
    }
    const bool known = find_coding(head, &request->work.coding);
    int code = check_size(head, request->work.coding, err);
    if (code == 0) {
        code = check_type(head, err);
    }
    if (code == 0 && !known) {
        code = err_set(err, ERR_MEDIA_TYPE, "the content codings taken here are gzip and zstd");
    }
    if (code != 0) {
        return code;
    }
    if (head->idempotency_key != NULL && !intake_id_parse(head->idempotency_key, hash)) {
        err_set(err, ERR_SYNTAX, "the Idempotency-Key is not sha256: and 64 lower-case hex digits");
        return err_path(err, "Idempotency-Key");
    }
    return 0;
}

/* Authorization: Bearer TOKEN (RFC 6750). */
static int check_token(struct request *request, int *ret_status, struct err *err)
{
    const char *credentials = request->head.authorization;
    if (request->route->scopes == 0) {
        return 0;
    }
    if (credentials == NULL) {
        bool refused = request->route->takes_body && request->server->policy.anonymous == INTAKE_ANONYMOUS_REFUSE;
        return refused ? intake_refuse_anonymous(err) : 0;
    }
    struct str rest = str_of(credentials), scheme;
    (void)str_next_field(&rest, ' ', &scheme);
    if (!str_equal_ignore_case(scheme, STR("Bearer"))) {
        *ret_status = 401;
        return err_set(err, ERR_NOT_ALLOWED, "Authorization must be Bearer and a token");
    }
    return token_book_prove(request->server->tokens, str_trim(rest), request->route->scopes, &request->token,
                            ret_status, err);
}

/* Who asks for something to be stored or changed: a token that was proved, or a network. */
static int check_rate(struct request *request, int *ret_status, struct err *err)
{
    const struct http_limits *rules = &request->server->rules;
    if (request->route->scopes == 0) {
        return 0;
    }
    const union MHD_ConnectionInfo *peer =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct network network =
        network_of_client(&rules->proxies, peer != NULL ? peer->client_addr : NULL,
                          MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "X-Forwarded-For"));
    bool proved = request->token.id[0] != '\0';
    if (network.local && !rules->local_too) {
        return 0;
    }
    int64_t wait_us = proved ? limits_take(request->server->limits, &rules->token, request->token.id,
                                           sizeof request->token.id, clock_monotonic_us())
                             : limits_take(request->server->limits, &rules->anonymous, network.bytes,
                                           sizeof network.bytes, clock_monotonic_us());
    if (wait_us == 0) {
        return 0;
    }
    *ret_status = 429;
    request->reply.retry_after_s = (int)((wait_us + 999999) / 1000000);
    err_set(err, ERR_RETRY,
            proved ? "this token has sent as much as it may for now"
                   : "this network has sent as much as it may without a token for now");
    return err_hint(err, "try again after Retry-After");
}

static void refuse(struct request *request, int status, const struct err *err)
{
    reply_error(&request->reply, status, err);
    request->reply.close = true;
}

/* A refused client that is still sending reads its answer only when we read what it sends. */
static bool may_discard(const struct request *request)
{
    const struct head *head = &request->head;
    return head->content_length > 0 && head->content_length <= DISCARD_MAX && !head->expects_continue &&
           head->may_stay_open;
}

/* Refused before anything is read: under too much load the work must go into what can be finished. */
static int check_room(struct http_server *server, struct err *err)
{
    if (published_behind(server->published)) {
        return err_set(err, ERR_RETRY, BEHIND_TEXT);
    }
    if (atomic_load(&server->no_room)) {
        return err_set(err, ERR_RETRY, "the disk of the database is nearly full, try again later");
    }
    if (atomic_load(&server->suspended) >= SERVER_SUSPENDED_MAX) {
        return err_set(err, ERR_RETRY, "too much work waits, try again");
    }
    return 0;
}

bool request_has_room(struct request *request)
{
    struct err err;
    if (check_room(request->server, &err) == 0) {
        return true;
    }
    reply_error(&request->reply, 0, &err);
    return false;
}

/* Looks at the head; a refusal leaves the reply ready. */
static void begin(struct request *request, const char *method, const char *version)
{
    struct err err;
    int status = 0;
    request->begun = true;
    if (guard_head(request->connection, method, request->uri, version, &request->head, &status, &err) != 0) {
        refuse(request, status, &err);
        return;
    }
    if (atomic_load(&request->server->draining)) {
        (void)err_set(&err, ERR_RETRY, "the collector is stopping");
        refuse(request, 0, &err);
        return;
    }
    request->route = route_find(request);
    if (request->route == NULL) {
        return;
    }
    int code = 0;
    if (request->route->takes_body) {
        code = check_body_head(request, &err);
    } else if (request->head.content_length > 0) {
        code = err_set(&err, ERR_SYNTAX, "this request takes no body");
    }
    if (code == 0) {
        code = check_token(request, &status, &err);
        /* Whoever guesses tokens uses up what his network may send. */
        struct err rate;
        int rate_status = 0;
        if (check_rate(request, &rate_status, &rate) != 0) {
            code = -(int)rate.code;
            err = rate;
            status = rate_status;
        }
    }
    if (code != 0) {
        refuse(request, status, &err);
    } else if (request->route->scopes != 0 && check_room(request->server, &err) != 0) {
        /* Who shall come again may use the same connection. */
        reply_error(&request->reply, 0, &err);
        request->reply.close = !may_discard(request);
    }
    request->work.body = BUF(BUNDLE_BYTES_MAX);
}

static void receive(struct request *request, const char *bytes, size_t length)
{
    client_sends(request->server->clients, request->client, length);
    if (request->discard) {
        return;
    }
    struct err err;
    int code = desk_charge(request->server->desk, &request->work, length)
                   ? 0
                   : err_set(&err, ERR_RETRY, "too many bodies at once, try again");
    if (code == 0) {
        /* Room for exactly what was announced: blocks that grow leave holes, and thousands do so at once. */
        if (request->head.content_length > 0 && request->head.content_length <= BODY_AT_ONCE) {
            buf_reserve(&request->work.body, (size_t)request->head.content_length);
        }
        buf_add(&request->work.body, bytes, length);
        code = buf_check(&request->work.body, &err);
    }
    if (code != 0) {
        refuse(request, 0, &err);
        request->discard = true;
        release_body(request);
    }
}

static void resume(struct work *work)
{
    struct request *request = work->context;
    atomic_fetch_sub(&request->server->suspended, 1);
    MHD_resume_connection(request->connection);
}

/* Not in the call that decides to wait, but in the next, which libmicrohttpd makes at once: 0.9.75 reads from a resumed
 * connection first when it last wanted to read, and drops it, answer and all, when the client has closed its side. It
 * finds out that it wants nothing more to read between the two calls, and does not look again while it is suspended.
 * False with the reply when too many wait already. */
static bool put_aside(struct request *request)
{
    struct http_server *server = request->server;
    struct err err;
    if (atomic_fetch_add(&server->suspended, 1) >= SERVER_SUSPENDED_MAX) {
        atomic_fetch_sub(&server->suspended, 1);
        (void)err_set(&err, ERR_RETRY, "too much work waits, try again");
        reply_error(&request->reply, 0, &err);
        return false;
    }
    request->aside = true;
    MHD_suspend_connection(request->connection);
    if (!desk_put(server->desk, &request->work)) {
        (void)err_set(&err, ERR_RETRY, "too much work waits, or the collector is stopping");
        reply_error(&request->reply, 0, &err);
        resume(&request->work);
    }
    return true;
}

/* The parameters are libmicrohttpd's. NOLINTNEXTLINE(readability-function-size) */
enum MHD_Result request_handle(void *server, struct MHD_Connection *connection, const char *url, const char *method,
                               const char *version, const char *upload_data, size_t *upload_data_size, void **context)
{
    struct request *request = *context;
    (void)server;
    (void)url;
    if (request == NULL) {
        return MHD_NO;
    }
    if (!request->begun) {
        begin(request, method, version);
        if (!request->reply.ready) {
            return MHD_YES;
        }
        if (request->head.fills_memory) {
            request->sent = true;
            reply_send_alone(connection, &request->reply, request->name);
            return MHD_NO;
        }
        request->discard = may_discard(request);
        return request->discard ? MHD_YES : send_reply(request);
    }
    if (*upload_data_size > 0) {
        receive(request, upload_data, *upload_data_size);
        *upload_data_size = 0;
        return MHD_YES;
    }
    if (!request->waited && !request->reply.ready) {
        request->route->act(request);
        if (request->waited) {
            return MHD_YES;
        }
    } else if (!request->aside && !request->reply.ready) {
        /* It is the desk's business now; libmicrohttpd calls again after the resume. */
        if (put_aside(request)) {
            return MHD_YES;
        }
    } else if (!request->reply.ready) {
        request->finish(request);
    }
    return send_reply(request);
}

void request_wait(struct request *request, void (*finish)(struct request *request))
{
    request->work.context = request;
    request->work.done = resume;
    request->finish = finish;
    request->waited = true;
    client_waits(request->server->clients, request->client);
}
