#include "submit/deliver.h"

#include <string.h>

#include "schema/base/file.h"
#include "schema/base/log.h"
#include "schema/base/str.h"
#include "schema/proof/hash.h"
#include "submit/own.h"

static void remember(const struct spool *spool, const struct uploader *uploader, const struct delivery *delivery)
{
    struct spool_about about = {.server = uploader->named ? uploader->server.name : NULL,
                                .contributor = uploader->contributor,
                                .file = delivery->file == NULL ? NULL : file_base_name(delivery->file),
                                .file_sha256 = delivery->file_sha256,
                                .subject = delivery->subject};
    spool_about_write(spool, delivery->id, &about);
}

void deliver_later(struct spool *spool, const struct uploader *uploader, const struct delivery *delivery,
                   struct outcomes *outcomes)
{
    struct err err;
    remember(spool, uploader, delivery);
    (void)err_set(&err, ERR_RETRY, "no collector is named; the bundle waits in %s", spool_path(spool));
    (void)err_hint(&err, "name one: --server URL, CROSSCHIP_SERVER, or server = URL in crosschip.conf");
    outcome_add_error(outcomes, delivery->file, delivery->id, "queued", &err);
}

/* Of a bundle that was not made by this call. */
static const char *subject_of(struct str bytes, char target[BUNDLE_SUBJECT_SIZE])
{
    autobundle struct bundle bundle = {0};
    target[0] = '\0';
    if (bundle_read(bytes, &bundle, NULL) == 0)
        (void)bundle_subject(&bundle, bytes, target);
    return target;
}

/* What the collector needs before it takes a bundle that replaces another: *ret_id and the secret of that one, "" when
 * it replaces none. */
static int prove_replaced(struct spool *spool, struct uploader *uploader, struct str bytes, char ret_id[BUNDLE_ID_SIZE],
                          char ret_secret[SHA256_HEX_SIZE], struct err *err)
{
    autobundle struct bundle bundle = {0};
    ret_id[0] = ret_secret[0] = '\0';
    if (str_find(bytes, STR("\"replaces\""), 0) == SIZE_MAX || bundle_read(bytes, &bundle, NULL) < 0 ||
        bundle.replaces == NULL)
        return 0;
    text_copy(ret_id, BUNDLE_ID_SIZE, bundle.replaces);
    int r = own_secret(spool, uploader, ret_id, ret_secret, err);
    if (r == 0 && ret_secret[0] == '\0') {
        (void)err_set(err, ERR_NOT_ALLOWED, "no receipt of %s is here, and the collector does not show it", ret_id);
        r = err_hint(err, "name the spool (--spool) that it was sent from");
    }
    return r;
}

/* The older one is gone there. The collector's word counts even where this cannot be noted. */
static void note_replaced(struct spool *spool, const struct uploader *uploader, const char *replaced)
{
    struct err why;
    if (replaced[0] != '\0' && spool_withdrawn(spool, replaced, uploader->server.name, &why) < 0)
        log_warning("the receipt of %s still calls it accepted: %s", replaced, why.text);
}

/* A receipt that does not hold is told once a call: a thousand bundles meet the same key. */
static const char *judge(struct spool *spool, struct uploader *uploader, const struct wire_submission *submission)
{
    struct err why;
    struct wire_client *client;
    if (uploader_client(uploader, &client, &why) < 0)
        return SPOOL_UNVERIFIED;
    const char *check = trust_judge(&uploader->trust, spool, uploader->server.name, client, submission, &why);
    if (text_equal(check, SPOOL_UNVERIFIED) && !uploader->trust.warned) {
        uploader->trust.warned = true;
        log_warning("%s", why.text);
        log_info("hint: %s", why.hint);
    }
    return check;
}

static int stored(struct spool *spool, struct uploader *uploader, const struct delivery *delivery, struct str bytes,
                  const struct wire_submission *submission, struct outcomes *outcomes, struct err *err)
{
    char subject[BUNDLE_SUBJECT_SIZE];
    struct receipt receipt = {.id = delivery->id,
                              .server = uploader->server.name,
                              .state = submission->state,
                              .rule = submission->rule,
                              .received_at = submission->received_at,
                              .key_id = submission->key_id,
                              .signature = submission->signature,
                              .check = judge(spool, uploader, submission),
                              .subject =
                                  text_is_empty(delivery->subject) ? subject_of(bytes, subject) : delivery->subject,
                              .file = delivery->file == NULL ? NULL : file_base_name(delivery->file),
                              .file_sha256 = delivery->file_sha256};
    int r = spool_sent(spool, &receipt, err);
    /* It is stored there whether or not the receipt could be written here. */
    struct outcome outcome = {.file = delivery->file,
                              .id = delivery->id,
                              .state = submission->state,
                              .rule = submission->rule,
                              .server = uploader->server.name,
                              .received_at = submission->received_at};
    outcome_add(outcomes, &outcome, 0);
    return r;
}

static int refused(struct spool *spool, const struct uploader *uploader, const struct delivery *delivery,
                   const struct err *why, struct outcomes *outcomes, struct err *err)
{
    autobuf struct buf reason = BUF(4096);
    buf_addf(&reason, "%s: %s", uploader->server.name, why->text);
    if (why->detail[0] != '\0')
        buf_addf(&reason, ": %s", why->detail);
    if (why->path[0] != '\0')
        buf_addf(&reason, " (%s)", why->path);
    struct err shown = *why;
    if (shown.hint[0] == '\0')
        (void)err_hint(&shown, "it was moved to %s/dead with the reason", spool_path(spool));
    outcome_add_error(outcomes, delivery->file, delivery->id, "refused", &shown);
    return spool_dead(spool, delivery->id, buf_text(&reason), err);
}

/* Another process sent it while this one waited for the lock. */
static void sent_meanwhile(const struct spool *spool, const struct uploader *uploader, const struct delivery *delivery,
                           struct outcomes *outcomes)
{
    struct arena arena cleanup(arena_done) = {0};
    struct receipt receipt;
    char reason[512];
    struct err err;
    if (spool_receipt(spool, delivery->id, uploader->server.name, &arena, &receipt)) {
        struct outcome outcome = {.file = delivery->file,
                                  .id = delivery->id,
                                  .state = receipt.state,
                                  .rule = receipt.rule,
                                  .server = receipt.server,
                                  .received_at = receipt.received_at,
                                  .before = true};
        outcome_add(outcomes, &outcome, 0);
        return;
    }
    if (spool_reason(spool, delivery->id, reason, sizeof(reason)))
        (void)err_set(&err, ERR_DATA, "another process was refused: %s", reason);
    else
        (void)err_set(&err, ERR_RETRY, "another process took %s out of the queue", delivery->id);
    outcome_add_error(outcomes, delivery->file, delivery->id, err.code == ERR_DATA ? "refused" : "queued", &err);
}

/* As upload_bundle. *ret_replaced: the id of what the bundle replaces, "" for none. */
static enum wire_verdict upload(struct spool *spool, struct uploader *uploader, const struct delivery *delivery,
                                struct str bytes, char ret_replaced[BUNDLE_ID_SIZE], struct wire_submission *ret,
                                struct err *why)
{
    char secret[SHA256_HEX_SIZE];
    const int r = prove_replaced(spool, uploader, bytes, ret_replaced, secret, why);
    if (r < 0)
        return r == -ERR_RETRY ? WIRE_RETRY : WIRE_KEEP;
    enum wire_verdict verdict =
        upload_bundle(uploader, delivery->id, bytes, secret[0] == '\0' ? NULL : secret, ret, why);
    proof_wipe(secret, sizeof(secret));
    if (verdict == WIRE_KEEP && why->code == ERR_NOT_ALLOWED && text_equal(why->path, "replaces"))
        (void)err_hint(why, "name the key that %s was sent with: crosschip-submit queue flush --key FILE",
                       ret_replaced);
    return verdict;
}

int deliver(struct spool *spool, struct uploader *uploader, const struct delivery *delivery, struct outcomes *outcomes,
            struct err *err)
{
    autobuf struct buf bytes = BUF(BUNDLE_BYTES_MAX);
    struct wire_submission submission;
    struct err why;
    char replaced[BUNDLE_ID_SIZE];
    int lock = -1;
    int r = spool_take(spool, delivery->id, &bytes, &lock, err);
    if (r == -ERR_DATA) {
        outcome_add_error(outcomes, delivery->file, delivery->id, "failed", err);
        return 0;
    }
    if (r < 0)
        return r;
    if (r == 0) {
        sent_meanwhile(spool, uploader, delivery, outcomes);
        return 0;
    }
    r = 0;
    const struct str document = str_slice(bytes.data, bytes.len);
    switch (upload(spool, uploader, delivery, document, replaced, &submission, &why)) {
    case WIRE_STORED:
        r = stored(spool, uploader, delivery, document, &submission, outcomes, err);
        note_replaced(spool, uploader, replaced);
        break;
    case WIRE_REFUSED:
        r = refused(spool, uploader, delivery, &why, outcomes, err);
        break;
    case WIRE_KEEP:
    case WIRE_RETRY:
        remember(spool, uploader, delivery);
        if (why.code != ERR_NOT_ALLOWED)
            why.code = why.code == ERR_BUNDLE_VERSION ? why.code : ERR_RETRY;
        if (why.detail[0] == '\0')
            (void)err_detail(&why, "the bundle stays in %s; `crosschip-submit queue flush` sends it",
                             spool_path(spool));
        outcome_add_error(outcomes, delivery->file, delivery->id, "queued", &why);
        break;
    }
    spool_release(lock);
    return r;
}
