#include "submit/deliver.h"

#include <string.h>

#include "schema/base/file.h"
#include "schema/base/str.h"

static void remember(const struct spool *spool, const struct uploader *uploader, const struct delivery *delivery)
{
    struct spool_about about = {.server = uploader->named ? uploader->server.name : NULL,
                                .contributor = uploader->contributor,
                                .file = delivery->file == NULL ? NULL : file_base_name(delivery->file),
                                .file_sha256 = delivery->file_sha256};
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

static int stored(struct spool *spool, const struct uploader *uploader, const struct delivery *delivery,
                  const struct wire_submission *submission, struct outcomes *outcomes, struct err *err)
{
    struct receipt receipt = {.id = delivery->id,
                              .server = uploader->server.name,
                              .state = submission->state,
                              .rule = submission->rule,
                              .received_at = submission->received_at,
                              .receipt = submission->receipt,
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

int deliver(struct spool *spool, struct uploader *uploader, const struct delivery *delivery, struct outcomes *outcomes,
            struct err *err)
{
    autobuf struct buf bytes = BUF(BUNDLE_BYTES_MAX);
    struct wire_submission submission;
    struct err why;
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
    switch (upload_bundle(uploader, delivery->id, str_slice(bytes.data, bytes.len), &submission, &why)) {
    case WIRE_STORED:
        r = stored(spool, uploader, delivery, &submission, outcomes, err);
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
