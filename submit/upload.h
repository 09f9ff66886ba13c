/* Sending bundles to one collector over one connection, with the retries that
 * the caller allows (reliability.md 2.3). */
#ifndef SUBMIT_UPLOAD_H
#define SUBMIT_UPLOAD_H

#include "schema/base/options.h"
#include "schema/wire/answer.h"
#include "schema/wire/client.h"
#include "schema/wire/token.h"
#include "submit/trust.h"

struct uploader {
    const struct invocation *invocation; /* names the key (--key), for the secret of what a bundle replaces */
    struct server server;
    bool named;                 /* a server is known at all */
    struct wire_client *client; /* opened by the first upload */
    const char *contributor;
    bool no_proxy, wait;
    char token[TOKEN_SIZE]; /* "" = none */
    struct trust trust;
    int64_t deadline_us; /* monotonic; 0 = one quick repetition only */
    bool down;           /* it did not answer: further bundles are not tried */
    struct err down_err;
};

/* Options of every verb that talks to a server; they stand in its table. */
#define UPLOAD_OPTIONS                                                                                                 \
    {"server", 's', OPTION_TEXT, "URL", NULL, "collector to send to: https://…, http://127.0.0.1:PORT or unix:/path"}, \
        {"server-key", 0,    OPTION_TEXT,                                                                              \
         "HEX",        NULL, "the collector's public key, for this call instead of the one first seen"},               \
        {"token-file", 0, OPTION_TEXT, "FILE", NULL, "file with the contributor's token (mode 0600)"},                 \
    {                                                                                                                  \
        "no-proxy", 0, OPTION_FLAG, NULL, NULL, "ignore the proxy of the environment"                                  \
    }
#define RETRY_OPTIONS                                                                                                  \
    {"wait", 0, OPTION_FLAG_ONCE, NULL, NULL, "keep trying until the collector has taken everything"},                 \
    {                                                                                                                  \
        "deadline", 0, OPTION_TEXT_ONCE, "SECONDS", NULL, "keep trying for so long"                                    \
    }

/* Reads --server, --token-file, --no-proxy; `server` NULL takes the option. Nothing is connected yet. */
int uploader_init(const struct invocation *invocation, const char *server, struct uploader *ret,
                  struct err *err) must_check;
/* Reads --wait and --deadline. */
int uploader_set_patience(const struct invocation *invocation, struct uploader *uploader, struct err *err) must_check;
void uploader_done(struct uploader *uploader);

/* WIRE_STORED with *ret filled, or the verdict with err set. `secret` is that of the submission that the bundle
 * replaces; NULL = it replaces none. */
enum wire_verdict upload_bundle(struct uploader *uploader, const char *id, struct str bytes, const char *secret,
                                struct wire_submission *ret, struct err *err);
int uploader_client(struct uploader *uploader, struct wire_client **ret, struct err *err) must_check;

#endif
