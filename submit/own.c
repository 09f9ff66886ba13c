#include "submit/own.h"

#include <stdio.h>
#include <string.h>

#include "schema/proof/client_key.h"
#include "submit/settings.h"

void own_done(struct own *own)
{
    uploader_done(&own->uploader);
    spool_close(own->spool);
    arena_done(&own->arena);
    *own = (struct own){0};
}

/* The receipt names the collector where --server names nobody. */
static int find_collector(const struct invocation *invocation, const char *id, struct own *own, struct err *err)
{
    struct receipt receipt = {0};
    int r = uploader_init(invocation, NULL, &own->uploader, err);
    if (r < 0 || own->uploader.named)
        return r;
    if (!spool_receipt(own->spool, id, NULL, &own->arena, &receipt) || receipt.server == NULL) {
        (void)err_set(err, ERR_USAGE, "no receipt of %s is here, and no collector is named", id);
        return err_hint(err, "name the collector with --server");
    }
    uploader_done(&own->uploader);
    return uploader_init(invocation, receipt.server, &own->uploader, err);
}

int own_open(const struct invocation *invocation, const char *id, struct own *ret, struct err *err)
{
    struct own own autoown = {0};
    const char *path;
    if (!wire_id_is_valid(id)) {
        (void)err_set(err, ERR_USAGE, "%s is not the id of a submission", id);
        return err_hint(err, "an id is sha256: and 64 lower-case hex digits, as `send` printed it");
    }
    int r = settings_spool(invocation, &own.arena, &path, err);
    if (r == 0)
        r = spool_open(path, NULL, &own.spool, err);
    if (r == 0)
        r = find_collector(invocation, id, &own, err);
    if (r < 0)
        return r;
    *ret = own;
    own = (struct own){0};
    return 0;
}

/* Without a receipt the collector may still show the bytes of an accepted submission. */
static int ask_for_subject(struct uploader *uploader, const char *id, char ret[BUNDLE_SUBJECT_SIZE], struct err *err)
{
    autoanswer struct wire_answer answer = {0};
    autobundle struct bundle bundle = {0};
    struct wire_client *client;
    char path[WIRE_ID_SIZE + 32];
    (void)snprintf(path, sizeof(path), WIRE_PATH_SUBMISSIONS "/%s/bundle", id);
    int r = uploader_client(uploader, &client, err);
    if (r == 0)
        r = wire_get(client, path, &answer, err);
    if (r == -ERR_DATA) /* longer than an answer that is kept */
        return 0;
    if (r < 0 || answer.status != 200)
        return r;
    const struct str bytes = str_slice(buf_text(&answer.body), answer.body.len);
    if (bundle_read(bytes, &bundle, NULL) == 0)
        (void)bundle_subject(&bundle, bytes, ret);
    return 0;
}

static int find_subject(const struct spool *spool, struct uploader *uploader, const char *id,
                        char ret[BUNDLE_SUBJECT_SIZE], struct err *err)
{
    struct arena arena cleanup(arena_done) = {0};
    struct receipt receipt = {0};
    ret[0] = '\0';
    /* It is the same for every collector. */
    if ((spool_receipt(spool, id, uploader->named ? uploader->server.name : NULL, &arena, &receipt) ||
         spool_receipt(spool, id, NULL, &arena, &receipt)) &&
        receipt.subject != NULL) {
        text_copy(ret, BUNDLE_SUBJECT_SIZE, receipt.subject);
        return 0;
    }
    return uploader->named ? ask_for_subject(uploader, id, ret, err) : 0;
}

int own_secret(const struct spool *spool, struct uploader *uploader, const char *id, char ret[SHA256_HEX_SIZE],
               struct err *err)
{
    struct client_key key cleanup(client_key_done) = {0};
    struct arena arena cleanup(arena_done) = {0};
    struct sha256 secret = {0};
    char subject[BUNDLE_SUBJECT_SIZE];
    const char *path;
    ret[0] = '\0';
    int r = find_subject(spool, uploader, id, subject, err);
    if (r < 0 || subject[0] == '\0')
        return r;
    r = settings_key(uploader->invocation, &arena, &path, err);
    if (r == 0)
        r = client_key_load(path, &key, err);
    if (r == -ERR_NOT_FOUND)
        return err_hint(err, "name the key that it was sent with: --key FILE");
    if (r < 0)
        return r;
    if (withdraw_secret_of(&key, subject, &secret))
        (void)sha256_hex(ret, &secret);
    proof_wipe(&secret, sizeof(secret));
    return 0;
}

int own_refusal(const struct wire_answer *answer, bool proved, struct err *err)
{
    int r = wire_refusal(answer->status, str_slice(buf_text(&answer->body), answer->body.len), err);
    if (answer->status == 404) {
        (void)err_set(err, ERR_NOT_FOUND, "this collector has no such submission");
        return err_hint(err, "check the id and --server");
    }
    if (answer->status == 401 && !proved)
        return err_hint(err,
                        "no receipt of it is here, and the collector does not show it: name the spool or the token "
                        "that it was sent with");
    if (answer->status == 403)
        return err_hint(err, "name the key (--key) or the token (--token-file) that it was sent with");
    return r;
}
