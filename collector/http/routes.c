#include "collector/http/state.h"

#include <stdio.h>
#include <string.h>

#include "collector/follow/published.h"
#include "schema/base/clock.h"
#include "schema/bundle/limits.h"
#include "schema/checks/checks.h"
#include "schema/json/json_write.h"
#include "schema/wire/names.h"
#include "schema/wire/answer.h"

enum { SMALL_BODY = 64 << 10, VIEW_MAX = 4 << 20, ANSWER_MAX = 16 << 10 };

void act_health(struct request *request)
{
    reply_text(&request->reply, 200, "text/plain; charset=utf-8", "ok\n");
}

static void ready_finish(struct request *request)
{
    if (request->work.outcome.err.code == ERR_NONE) {
        reply_text(&request->reply, 200, "text/plain; charset=utf-8", "ready\n");
    } else {
        struct err err;
        (void)err_set(&err, ERR_SERVICE, "the database does not answer");
        reply_error(&request->reply, 503, &err);
    }
}

void act_ready(struct request *request)
{
    if (atomic_load(&request->server->no_room)) {
        struct err err;
        (void)err_set(&err, ERR_SERVICE, "the disk of the database is nearly full");
        reply_error(&request->reply, 503, &err);
        return;
    }
    if (published_behind(request->server->published)) {
        struct err err;
        (void)err_set(&err, ERR_SERVICE, BEHIND_TEXT);
        reply_error(&request->reply, 503, &err);
        return;
    }
    request->work.kind = WORK_PING;
    request_wait(request, ready_finish);
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

/* The promise that this id enters the log. */
static void write_receipt(struct json_writer *writer, const struct signer *signer, const char *id,
                          int64_t received_at_us)
{
    char received_at[CLOCK_TEXT_SIZE], hex[SIGN_SIGNATURE_HEX_SIZE];
    struct signature signature = receipt_sign(&signer->pair, id, clock_format(received_at, received_at_us));
    json_write_key(writer, "receipt");
    json_begin_object(writer);
    json_pair_string(writer, "key_id", signer->key_id);
    json_pair_string(writer, "signature", signature_hex(hex, &signature));
    json_end_object(writer);
}

static void reply_stored(struct request *request, int status, const struct outcome *outcome)
{
    const char *id = request->work.prepared->id;
    struct buf body = BUF(ANSWER_MAX);
    struct json_writer writer = json_writer(&body, 0);
    json_begin_object(&writer);
    write_state(&writer, id, outcome->state, outcome->received_at_us, outcome->flags);
    write_receipt(&writer, request->server->signer, id, outcome->received_at_us);
    json_end_object(&writer);
    buf_addc(&body, '\n');
    reply_body(&request->reply, status, NULL, &body);
    request->reply.outcome = status == 201 ? "stored" : "duplicate";
}

static void store_finish(struct request *request)
{
    const struct work *work = &request->work;
    struct err err;
    if (work->refused) {
        reply_error(&request->reply, 0, &work->outcome.err);
        return;
    }
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
}

/* X-Contributor: the name of whoever proves himself by a token. False with the reply when it is none. */
static bool take_contributor(struct request *request)
{
    const char *header = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, WIRE_HEADER_CONTRIBUTOR);
    struct err err;
    if (header == NULL) {
        return true;
    }
    int code = wire_percent_decode(str_of(header), request->contributor, sizeof request->contributor)
                   ? token_name_check(request->contributor, &err)
                   : err_set(&err, ERR_USAGE, "a name has 1 to %d bytes, percent-encoded", WIRE_CONTRIBUTOR_MAX);
    if (code != 0) {
        (void)err_path(&err, "%s", WIRE_HEADER_CONTRIBUTOR);
        reply_error(&request->reply, 0, &err);
        return false;
    }
    request->work.policy.contributor = request->contributor;
    return true;
}

/* A small document is checked where it came in; what takes longer would hold up the other clients of this thread. */
void act_submit(struct request *request)
{
    struct work *work = &request->work;
    work->policy = request->server->policy;
    work->policy.now_us = clock_wall_us();
    if (!request_has_room(request) || !request_secret(request) || !take_contributor(request)) {
        return;
    }
    work->policy.replaces = true;
    work->policy.secret = request->has_secret ? request->secret : NULL;
    work->policy.proved = request->token.id[0] != '\0';
    memcpy(work->policy.contributor_key, request->token.contributor_key, sizeof work->policy.contributor_key);
    work->key = request->head.idempotency_key;
    work->kind = WORK_CHECK;
    if (work->coding == READ_PLAIN && work->body.len <= SMALL_BODY) {
        if (desk_check(request->server->desk, work) != 0) {
            store_finish(request);
            return;
        }
        work->kind = WORK_STORE;
    }
    request_wait(request, store_finish);
}

static void view_finish(struct request *request)
{
    const struct work *work = &request->work;
    const struct submission_view *view = work->view;
    if (work->outcome.err.code != ERR_NONE) {
        reply_failure(&request->reply, &work->outcome.err);
    } else {
        struct buf body = BUF(VIEW_MAX);
        struct json_writer writer = json_writer(&body, 0);
        json_begin_object(&writer);
        write_state(&writer, view->id, view->state, view->received_at_us, view->flags);
        json_pair_string(&writer, "replaces", view->replaces[0] != '\0' ? view->replaces : NULL);
        json_pair_string(&writer, "replaced_by", view->replaced_by[0] != '\0' ? view->replaced_by : NULL);
        json_pair_int(&writer, "runs", view->runs);
        json_pair_int(&writer, "measurements", view->measurements);
        json_write_key(&writer, "findings");
        json_write_raw(&writer, str_of(view->findings != NULL ? view->findings : "[]"));
        json_write_key(&writer, "verdicts");
        json_write_raw(&writer, str_of(view->verdicts));
        json_end_object(&writer);
        buf_addc(&body, '\n');
        reply_body(&request->reply, 200, NULL, &body);
    }
}

void ask_for_view(struct request *request, void (*finish)(struct request *request))
{
    request->work.kind = WORK_VIEW;
    request->work.view = mem_zalloc(1, sizeof *request->work.view);
    if (request->work.view == NULL) {
        struct err err;
        (void)mem_error(&err);
        reply_failure(&request->reply, &err);
        return;
    }
    text_copy(request->work.id, sizeof request->work.id, request->id);
    request_wait(request, finish);
}

void act_view(struct request *request)
{
    ask_for_view(request, view_finish);
}

static void raw_finish(struct request *request)
{
    struct work *work = &request->work;
    if (work->outcome.err.code != ERR_NONE) {
        reply_failure(&request->reply, &work->outcome.err);
    } else {
        reply_body(&request->reply, 200, NULL, &work->raw);
        /* The bytes never change; a day bounds how long copies outlive a withdrawal. */
        text_copy(request->reply.etag, sizeof request->reply.etag, work->id + strlen("sha256:"));
        request->reply.cache = "public, max-age=86400, immutable";
    }
}

void act_raw(struct request *request)
{
    request->work.kind = WORK_RAW;
    text_copy(request->work.id, sizeof request->work.id, request->id);
    request_wait(request, raw_finish);
}
