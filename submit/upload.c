#include "submit/upload.h"

#include <string.h>

#include "schema/base/clock.h"
#include "schema/base/log.h"
#include "schema/proof/hash.h"
#include "submit/tokens.h"

#define QUICK_LEAST_US 200000
#define QUICK_SPREAD_US 300000
/* Without a limit of its own, --wait still ends after a year. */
#define LONGEST_US ((int64_t)366 * 86400 * 1000000)

int uploader_init(const struct invocation *invocation, const char *server, struct uploader *ret, struct err *err)
{
    struct uploader uploader = {.invocation = invocation,
                                .no_proxy = option_flag(invocation, "no-proxy"),
                                .trust = {.given = option_text(invocation, "server-key")}};
    const char *name = server != NULL ? server : option_text(invocation, "server");
    if (!text_is_empty(name)) {
        int r = server_parse(name, &uploader.server, err);
        if (r < 0)
            return r;
        uploader.named = true;
    }
    int r = trust_check_given(uploader.trust.given, err);
    if (r == 0)
        r = tokens_find(invocation, uploader.named ? uploader.server.name : NULL, uploader.token, err);
    if (r < 0)
        return r;
    *ret = uploader;
    return 0;
}

int uploader_set_patience(const struct invocation *invocation, struct uploader *uploader, struct err *err)
{
    uploader->wait = option_flag(invocation, "wait");
    if (uploader->wait)
        uploader->deadline_us = clock_monotonic_us() + LONGEST_US;
    if (option_text(invocation, "deadline") != NULL) {
        long seconds;
        int r = option_int(invocation, "deadline", 1, 31536000, &seconds, err);
        if (r < 0)
            return r;
        uploader->wait = true;
        uploader->deadline_us = clock_monotonic_us() + (int64_t)seconds * 1000000;
    }
    return 0;
}

void uploader_done(struct uploader *uploader)
{
    wire_client_close(uploader->client);
    uploader->client = NULL;
    proof_wipe(uploader->token, sizeof(uploader->token));
    trust_done(&uploader->trust);
}

int uploader_client(struct uploader *uploader, struct wire_client **ret, struct err *err)
{
    if (uploader->client == NULL) {
        struct wire_options options = {.token = uploader->token[0] == '\0' ? NULL : uploader->token,
                                       .contributor = uploader->contributor,
                                       .agent = "crosschip-submit/" CROSSCHIP_VERSION,
                                       .no_proxy = uploader->no_proxy};
        int r = wire_client_open(&uploader->server, &options, &uploader->client, err);
        if (r < 0)
            return r;
    }
    *ret = uploader->client;
    return 0;
}

static enum wire_verdict verdict_of_failure(int code)
{
    return code == -ERR_NOT_ALLOWED || code == -ERR_USAGE ? WIRE_KEEP : WIRE_RETRY;
}

static enum wire_verdict try_once(struct uploader *uploader, const char *id, struct str bytes, const char *secret,
                                  struct wire_submission *ret, int64_t *ret_after_us, struct err *err)
{
    struct wire_answer answer cleanup(wire_answer_done) = {0};
    struct wire_client *client;
    *ret_after_us = 0;
    int r = uploader_client(uploader, &client, err);
    if (r == 0)
        r = wire_post(client, WIRE_PATH_SUBMISSIONS, bytes, id, secret, &answer, err);
    if (r < 0) {
        uploader->down = r == -ERR_RETRY;
        return verdict_of_failure(r);
    }
    struct str body = str_slice(buf_text(&answer.body), answer.body.len);
    *ret_after_us = answer.retry_after_us;
    enum wire_verdict verdict = wire_verdict(answer.status, body);
    if (verdict != WIRE_STORED) {
        (void)wire_refusal(answer.status, body, err);
        return verdict;
    }
    r = wire_submission_read(body, ret, err);
    if (r == 0 && !text_equal(ret->id, id))
        r = err_set(err, ERR_DATA, "the server answers for another bundle: %s", ret->id);
    if (r < 0) {
        (void)err_hint(err, "the bundle stays in the queue; check that --server is a collector");
        return WIRE_RETRY;
    }
    return WIRE_STORED;
}

static uint64_t random_number(void)
{
    uint64_t number = 0;
    return random_bytes(&number, sizeof(number), NULL) < 0 ? 0 : number;
}

/* How long until the next try; 0 = there is none. */
static int64_t pause_before(const struct uploader *uploader, int attempt, int64_t after_us)
{
    int64_t now = clock_monotonic_us();
    if (uploader->deadline_us == 0) {
        /* A server that names a time wants no quick repetition. */
        if (attempt > 0 || after_us > 0)
            return 0;
        return QUICK_LEAST_US + (int64_t)(random_number() % QUICK_SPREAD_US);
    }
    int64_t pause = wire_backoff_us(attempt, random_number());
    if (pause < after_us)
        pause = after_us;
    return now + pause < uploader->deadline_us ? pause : 0;
}

enum wire_verdict upload_bundle(struct uploader *uploader, const char *id, struct str bytes, const char *secret,
                                struct wire_submission *ret, struct err *err)
{
    if (uploader->down && uploader->deadline_us == 0) {
        *err = uploader->down_err;
        return WIRE_RETRY;
    }
    for (int attempt = 0;; attempt++) {
        int64_t after_us;
        enum wire_verdict verdict = try_once(uploader, id, bytes, secret, ret, &after_us, err);
        if (verdict != WIRE_RETRY)
            return verdict;
        int64_t pause = pause_before(uploader, attempt, after_us);
        if (pause == 0) {
            uploader->down_err = *err;
            return verdict;
        }
        if (uploader->wait)
            log_info("%s; next try in %lld s", err->text, (long long)(pause / 1000000));
        uploader->down = false;
        clock_sleep_us(pause);
    }
}
