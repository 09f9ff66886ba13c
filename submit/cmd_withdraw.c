#include <stdio.h>
#include <string.h>

#include "schema/base/log.h"
#include "schema/json/json.h"
#include "schema/json/json_write.h"
#include "schema/proof/client_key.h"
#include "schema/text/encode.h"
#include "submit/settings.h"
#include "submit/spool/spool.h"
#include "submit/upload.h"
#include "submit/verbs.h"

const struct option withdraw_options[] = {
    UPLOAD_OPTIONS,
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print JSON"},
    {"spool", 0, OPTION_TEXT, "DIR", NULL, "where receipts are; default ~/.local/share/crosschip/spool"},
    {"key", 0, OPTION_TEXT, "FILE", NULL, "the key it was sent with; default ~/.local/share/crosschip/client.key"},
    {0},
};

/* The receipt tells what the secret is made from, and whom to ask when --server names nobody. */
static int recall(const struct invocation *invocation, const char *id, struct uploader *uploader, struct arena *arena,
                  struct spool **ret_spool, const char **ret_subject, struct err *err)
{
    struct receipt receipt = {0};
    const char *path;
    *ret_subject = NULL;
    int r = uploader_init(invocation, NULL, uploader, err);
    if (r == 0)
        r = settings_spool(invocation, arena, &path, err);
    if (r == 0)
        r = spool_open(path, NULL, ret_spool, err);
    if (r < 0)
        return r;
    struct spool *spool = *ret_spool;
    /* The message is the same for every collector. */
    if (spool_receipt(spool, id, uploader->named ? uploader->server.name : NULL, arena, &receipt) ||
        spool_receipt(spool, id, NULL, arena, &receipt))
        *ret_subject = receipt.subject;
    if (uploader->named || receipt.server == NULL)
        return 0;
    uploader_done(uploader);
    return uploader_init(invocation, receipt.server, uploader, err);
}

/* Without a receipt the collector may still show the bytes of an accepted submission. */
static int ask_for_subject(struct wire_client *client, const char *id, char ret[SHA256_HEX_SIZE], struct err *err)
{
    autoanswer struct wire_answer answer = {0};
    autobundle struct bundle bundle = {0};
    struct sha256 hash;
    char path[WIRE_ID_SIZE + 32];
    (void)snprintf(path, sizeof(path), WIRE_PATH_SUBMISSIONS "/%s/bundle", id);
    ret[0] = '\0';
    int r = wire_get(client, path, &answer, err);
    if (r == -ERR_DATA) /* longer than an answer that is kept */
        return 0;
    if (r < 0 || answer.status != 200)
        return r;
    if (bundle_read(str_slice(buf_text(&answer.body), answer.body.len), &bundle, NULL) < 0)
        return 0;
    if (bundle_original_hash(&bundle, hash.bytes))
        (void)sha256_hex(ret, &hash);
    else if (bundle.run_id != NULL)
        text_copy(ret, SHA256_HEX_SIZE, bundle.run_id);
    return 0;
}

/* "" when the message is not known: then the token must do. */
static int make_secret(const struct invocation *invocation, const char *subject, struct arena *arena,
                       char ret[SHA256_HEX_SIZE], struct err *err)
{
    struct client_key key cleanup(client_key_done) = {0};
    unsigned char message[32];
    const char *path;
    size_t length = strlen(subject) / 2;
    ret[0] = '\0';
    if (length == 0 || length > sizeof(message) || !hex_decode(str_of(subject), message, length))
        return 0;
    int r = settings_key(invocation, arena, &path, err);
    if (r == 0)
        r = client_key_load(path, &key, err);
    if (r == -ERR_NOT_FOUND)
        return err_hint(err, "name the key that it was sent with: --key FILE");
    if (r < 0)
        return r;
    struct sha256 secret = withdraw_secret(&key, message, length);
    (void)sha256_hex(ret, &secret);
    proof_wipe(&secret, sizeof(secret));
    return 0;
}

static int refuse(const struct wire_answer *answer, bool proved, struct err *err)
{
    int r = wire_refusal(answer->status, str_slice(buf_text(&answer->body), answer->body.len), err);
    if (answer->status == 404) {
        (void)err_set(err, ERR_NOT_FOUND, "this collector has no such submission");
        return err_hint(err, "check the id and --server");
    }
    if (answer->status == 410)
        return err_set(err, ERR_GONE, "a moderator has deleted this submission: nothing of it is left to take back");
    if (answer->status == 401 && !proved)
        return err_hint(err,
                        "no receipt of it is here, and the collector does not show it: name the spool or the token "
                        "that it was sent with");
    if (answer->status == 403)
        return err_hint(err, "name the key (--key) or the token (--token-file) that it was sent with");
    return r;
}

/* What is gone there must not stand here as accepted. The collector's word counts even where this cannot be noted. */
static void note(struct spool *spool, const char *id, const char *server)
{
    struct err why;
    if (spool_withdrawn(spool, id, server, &why) < 0)
        log_warning("the receipt still calls it accepted: %s", why.text);
}

static void print(const struct invocation *invocation, const char *id, const char *server,
                  const struct wire_answer *answer)
{
    autojson struct json_document *document = NULL;
    autobuf struct buf out = BUF(BUF_MIB);
    const char *at = NULL;
    if (json_read_strict(str_slice(buf_text(&answer->body), answer->body.len), &json_limits_bundle, &document, NULL) ==
        0)
        at = json_string(json_get(json_root(document), "at"));
    if (option_flag(invocation, "json")) {
        struct json_writer writer = json_writer(&out, 2);
        json_begin_object(&writer);
        json_pair_string(&writer, "id", id);
        json_pair_string(&writer, "state", WIRE_STATE_WITHDRAWN);
        json_pair_string(&writer, "at", at);
        json_pair_string(&writer, "server", server);
        json_end_object(&writer);
    } else {
        buf_addf(&out, WIRE_STATE_WITHDRAWN " %s", id);
    }
    (void)printf("%s\n", buf_text(&out));
}

int cmd_withdraw(const struct invocation *invocation, struct err *err)
{
    struct arena arena cleanup(arena_done) = {0};
    struct uploader uploader cleanup(uploader_done) = {0};
    autoanswer struct wire_answer answer = {0};
    autospool struct spool *spool = NULL;
    struct wire_client *client = NULL;
    const char *id = argument_at(invocation, 0), *subject = NULL;
    char asked[SHA256_HEX_SIZE], secret[SHA256_HEX_SIZE] = "", path[WIRE_ID_SIZE + 32];
    if (!wire_id_is_valid(id)) {
        (void)err_set(err, ERR_USAGE, "%s is not the id of a submission", id);
        return err_hint(err, "an id is sha256: and 64 lower-case hex digits, as `send` printed it");
    }
    int r = recall(invocation, id, &uploader, &arena, &spool, &subject, err);
    if (r == 0 && !uploader.named) {
        (void)err_set(err, ERR_USAGE, "no receipt of %s is here, and no collector is named", id);
        return err_hint(err, "name the collector with --server");
    }
    if (r == 0)
        r = uploader_client(&uploader, &client, err);
    if (r == 0 && subject == NULL) {
        r = ask_for_subject(client, id, asked, err);
        subject = asked;
    }
    if (r == 0)
        r = make_secret(invocation, subject, &arena, secret, err);
    if (r < 0)
        return r;
    (void)snprintf(path, sizeof(path), WIRE_PATH_SUBMISSIONS "/%s", id);
    bool proved = secret[0] != '\0';
    r = wire_delete(client, path, proved ? secret : NULL, &answer, err);
    proof_wipe(secret, sizeof(secret));
    if (r < 0)
        return r;
    if (answer.status != 200)
        return refuse(&answer, proved, err);
    note(spool, id, uploader.server.name);
    print(invocation, id, uploader.server.name, &answer);
    return 0;
}
