#include "collector/http/state.h"

#include <stdio.h>
#include <string.h>

#include "schema/base/clock.h"
#include "schema/bundle/limits.h"
#include "schema/checks/checks.h"
#include "schema/json/json_write.h"

enum { LARGE_BODY = 256 << 10, VIEW_MAX = 4 << 20, ANSWER_MAX = 16 << 10 };

void act_health(struct request *request)
{
    reply_text(&request->reply, 200, "text/plain; charset=utf-8", "ok\n");
}

static void ready_done(struct work *work)
{
    struct request *request = work->context;
    if (work->err.code == ERR_NONE) {
        reply_text(&request->reply, 200, "text/plain; charset=utf-8", "ready\n");
    } else {
        struct err err;
        (void)err_set(&err, ERR_SERVICE, "the database does not answer");
        reply_error(&request->reply, 503, &err);
    }
    request_resume(request);
}

void act_ready(struct request *request)
{
    request->work.kind = WORK_PING;
    request_wait(request, ready_done);
}

/* What a stranger may know of it; SQLSTATEs of PostgreSQL 15, appendix A. */
static const char *why_not_now(const struct err *err)
{
    if (text_equal(err->sqlstate, "53100")) {
        return "the disk of the database is full, try again later";
    }
    if (text_equal(err->sqlstate, "25006")) {
        return "the database is read-only now, try again later";
    }
    if (text_starts_with(err->sqlstate, "53")) {
        return "the database has no room for it now, try again";
    }
    return "the database does not take it now, try again";
}

void reply_failure(struct reply *reply, const struct err *err)
{
    struct err public;
    switch (err_http_status(err->code)) {
    case 400:
    case 403:
    case 404:
    case 410:
    case 413:
    case 422:
        reply_error(reply, 0, err);
        break;
    default:
        (void)err_set(&public, ERR_RETRY, "%s", why_not_now(err));
        reply_error(reply, 503, &public);
        break;
    }
}

static bool rule_quarantines(const char *name)
{
    const struct check_rule *rule = check_rule_by_name(name);
    return rule == NULL ? text_equal(name, INTAKE_RULE_ANONYMOUS) : rule->severity == CHECK_QUARANTINE;
}

/* The rules that found something: all as flags, those that quarantine as rules. */
static void write_flags(struct json_writer *writer, const char *key, const char *words, bool only_quarantine)
{
    struct str rest = str_of(words), word;
    json_write_key(writer, key);
    json_begin_array(writer);
    while (str_next_field(&rest, ' ', &word)) {
        char name[80];
        str_copy(name, sizeof name, word);
        if (word.len > 0 && (!only_quarantine || rule_quarantines(name))) {
            json_write_string(writer, name);
        }
    }
    json_end_array(writer);
}

static void write_state(struct json_writer *writer, const char *id, const char *state, int64_t received_at_us,
                        const char *flags)
{
    char received_at[CLOCK_TEXT_SIZE];
    json_pair_string(writer, "id", id);
    json_pair_string(writer, "state", state);
    json_pair_string(writer, "received_at", clock_format(received_at, received_at_us));
    write_flags(writer, "flags", flags, false);
    write_flags(writer, "rules", flags, true);
}

static void reply_stored(struct request *request, int status, const struct outcome *outcome)
{
    struct buf body = BUF(ANSWER_MAX);
    struct json_writer writer = json_writer(&body, 0);
    json_begin_object(&writer);
    write_state(&writer, request->work.prepared->id, outcome->state, outcome->received_at_us, outcome->flags);
    json_end_object(&writer);
    buf_addc(&body, '\n');
    reply_body(&request->reply, status, NULL, &body);
}

static void store_done(struct work *work)
{
    struct request *request = work->context;
    struct err err;
    switch (work->outcome.kind) {
    case OUTCOME_CREATED:
        reply_stored(request, 201, &work->outcome);
        break;
    case OUTCOME_DUPLICATE:
        reply_stored(request, 200, &work->outcome);
        break;
    case OUTCOME_COLLISION:
        (void)err_set(&err, ERR_COLLISION, "other bytes have the same key");
        reply_error(&request->reply, 0, &err);
        break;
    case OUTCOME_GONE:
        (void)err_set(&err, ERR_GONE, "this submission was %s", work->outcome.state);
        reply_error(&request->reply, 0, &err);
        break;
    case OUTCOME_FAILED:
        reply_failure(&request->reply, &work->outcome.err);
        break;
    }
    request_resume(request);
}

static int check_body(struct request *request, struct err *err)
{
    struct http_server *server = request->server;
    struct intake_policy policy = server->policy;
    bool large = request->body.len > LARGE_BODY;
    policy.now_us = clock_wall_us();
    policy.proved = request->token.id[0] != '\0';
    memcpy(policy.contributor_key, request->token.contributor_key, sizeof policy.contributor_key);
    if (large) {
        pthread_mutex_lock(&server->large_bodies);
    }
    int code = intake_check(str_slice(buf_text(&request->body), request->body.len), request->head.idempotency_key,
                            &policy, &request->work.prepared, err);
    if (large) {
        pthread_mutex_unlock(&server->large_bodies);
    }
    return code;
}

void act_submit(struct request *request)
{
    struct err err;
    if (check_body(request, &err) != 0) {
        int status = err_http_status(err.code);
        if (status >= 500) {
            (void)err_set(&err, ERR_RETRY, "the collector is short of memory, try again");
        }
        reply_error(&request->reply, 0, &err);
        return;
    }
    request->work.kind = WORK_STORE;
    request_wait(request, store_done);
}

static void view_done(struct work *work)
{
    struct request *request = work->context;
    const struct submission_view *view = &work->view;
    if (work->err.code != ERR_NONE) {
        reply_failure(&request->reply, &work->err);
    } else {
        struct buf body = BUF(VIEW_MAX);
        struct json_writer writer = json_writer(&body, 0);
        json_begin_object(&writer);
        write_state(&writer, view->id, view->state, view->received_at_us, view->flags);
        json_pair_int(&writer, "runs", view->runs);
        json_pair_int(&writer, "measurements", view->measurements);
        json_write_key(&writer, "findings");
        json_write_raw(&writer, str_of(view->findings != NULL ? view->findings : "[]"));
        json_end_object(&writer);
        buf_addc(&body, '\n');
        reply_body(&request->reply, 200, NULL, &body);
    }
    request_resume(request);
}

void act_view(struct request *request)
{
    request->work.kind = WORK_VIEW;
    text_copy(request->work.id, sizeof request->work.id, request->id);
    request_wait(request, view_done);
}

static void raw_done(struct work *work)
{
    struct request *request = work->context;
    if (work->err.code != ERR_NONE) {
        reply_failure(&request->reply, &work->err);
    } else {
        reply_body(&request->reply, 200, NULL, &work->raw);
        /* The bytes never change; a day bounds how long copies outlive a withdrawal. */
        text_copy(request->reply.etag, sizeof request->reply.etag, work->id + strlen("sha256:"));
        request->reply.cache = "public, max-age=86400, immutable";
    }
    request_resume(request);
}

void act_raw(struct request *request)
{
    request->work.kind = WORK_RAW;
    text_copy(request->work.id, sizeof request->work.id, request->id);
    request_wait(request, raw_done);
}
