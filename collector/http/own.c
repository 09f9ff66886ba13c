/* What a contributor does with the secret of a submission (schema/bundle/FORMAT.md): DELETE /v1/submissions/ID takes it
 * back, POST /v1/submissions/ID/claim puts a name to it. */
#include "collector/http/state.h"

#include <string.h>

#include "collector/people/change.h"
#include "schema/base/clock.h"
#include "schema/json/json_write.h"
#include "schema/wire/names.h"

enum { ANSWER_MAX = 1024 };

/* In the clerk's thread: nothing else touches the request while it is suspended. */
static int ask_withdraw(struct db *db, struct work *work, struct err *err)
{
    struct request *request = work->context;
    struct sha256 id;
    if (!sha256_parse_id(str_of(request->id), &id)) {
        return err_set(err, ERR_SYNTAX, "an id is sha256: and 64 lower-case hex digits");
    }
    return change_withdraw(db, &id, request->has_secret ? request->secret : NULL,
                           request->token.id[0] != '\0' ? request->token.id : NULL, clock_wall_us(), &request->change,
                           err);
}

static void withdraw_finish(struct request *request)
{
    const struct work *work = &request->work;
    if (work->outcome.err.code != ERR_NONE) {
        reply_failure(&request->reply, &work->outcome.err);
    } else {
        char at[CLOCK_TEXT_SIZE];
        struct buf body = BUF(ANSWER_MAX);
        struct json_writer writer = json_writer(&body, 0);
        json_begin_object(&writer);
        json_pair_string(&writer, "id", request->id);
        json_pair_string(&writer, "state", request->change.state);
        json_pair_string(&writer, "at", clock_format(at, request->change.at_us));
        json_end_object(&writer);
        buf_addc(&body, '\n');
        reply_body(&request->reply, 200, NULL, &body);
    }
}

bool request_secret(struct request *request)
{
    const char *secret = MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, WIRE_HEADER_WITHDRAW_SECRET);
    struct err err;
    if (secret != NULL && !hex_decode(str_of(secret), request->secret, sizeof request->secret)) {
        (void)err_set(&err, ERR_SYNTAX, "the secret is not 64 lower-case hex digits");
        (void)err_path(&err, "%s", WIRE_HEADER_WITHDRAW_SECRET);
        reply_error(&request->reply, 0, &err);
        return false;
    }
    request->has_secret = secret != NULL;
    return true;
}

/* 401: nothing was shown that could prove whose it is. */
static void want_proof(struct request *request, const char *what, const char *hint)
{
    struct err err;
    (void)err_set(&err, ERR_NOT_ALLOWED, "%s", what);
    (void)err_hint(&err, "%s", hint);
    reply_error(&request->reply, 401, &err);
}

void act_withdraw(struct request *request)
{
    if (!request_secret(request)) {
        return;
    }
    if (!request->has_secret && request->token.id[0] == '\0') {
        want_proof(request, "show the secret of this submission or a token",
                   "crosschip-submit withdraw ID sends the secret");
        return;
    }
    request->work.kind = WORK_CHANGE;
    request->work.ask = ask_withdraw;
    request_wait(request, withdraw_finish);
}

static int ask_claim(struct db *db, struct work *work, struct err *err)
{
    struct request *request = work->context;
    struct sha256 id;
    if (!sha256_parse_id(str_of(request->id), &id)) {
        return err_set(err, ERR_SYNTAX, "an id is sha256: and 64 lower-case hex digits");
    }
    return change_claim(db, &id, request->secret, &request->token, clock_wall_us(), request->claimed_by, err);
}

static void claim_finish(struct request *request)
{
    const struct work *work = &request->work;
    if (work->outcome.err.code != ERR_NONE) {
        reply_failure(&request->reply, &work->outcome.err);
        return;
    }
    struct buf body = BUF(ANSWER_MAX);
    struct json_writer writer = json_writer(&body, 0);
    json_begin_object(&writer);
    json_pair_string(&writer, "id", request->id);
    json_pair_string(&writer, "contributor", request->claimed_by);
    json_end_object(&writer);
    buf_addc(&body, '\n');
    reply_body(&request->reply, 200, NULL, &body);
}

void act_claim(struct request *request)
{
    if (!request_secret(request)) {
        return;
    }
    if (!request->has_secret || request->token.id[0] == '\0') {
        want_proof(request, "show the secret of this submission and a token", "crosschip-submit claim ID sends both");
        return;
    }
    request->work.kind = WORK_CHANGE;
    request->work.ask = ask_claim;
    request_wait(request, claim_finish);
}
