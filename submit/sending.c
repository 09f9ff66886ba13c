#include "submit/sending.h"

#include <stdio.h>
#include <string.h>

#include "schema/base/log.h"
#include "schema/bundle/letter.h"
#include "submit/deliver.h"
#include "submit/own.h"
#include "submit/preview.h"
#include "submit/settings.h"
#include "submit/stream.h"

/* With more files than this a preview of each is no help. */
#define PREVIEW_FILES_MAX 5

void sending_done(struct sending *sending)
{
    spool_close(sending->spool);
    uploader_done(&sending->uploader);
    packer_done(&sending->packer);
    outcomes_done(&sending->outcomes);
    written_done(&sending->written);
}

/* All ids of one file are remembered together; one that stretches over groups is not, and is then known by its ids. */
static void remember_files(struct sending *sending)
{
    for (size_t i = 0; i < sending->group_count; i++) {
        const char *ids[GROUP_MAX];
        size_t count = 0;
        if (i > 0 && strcmp(sending->group[i].file_sha256, sending->group[i - 1].file_sha256) == 0)
            continue;
        for (size_t j = i; j < sending->group_count; j++)
            if (strcmp(sending->group[j].file_sha256, sending->group[i].file_sha256) == 0)
                ids[count++] = sending->group[j].id;
        if (count == sending->group[i].of)
            spool_file_remember(sending->spool, sending->group[i].file_sha256, ids, count);
    }
}

/* From here on every bundle of the group survives a crash; only then is it sent. */
static int send_group(struct sending *sending, struct err *err)
{
    if (sending->group_count == 0)
        return 0;
    int r = spool_sync(sending->spool, err);
    for (size_t i = 0; r == 0 && i < sending->group_count; i++) {
        const struct waiting *waiting = &sending->group[i];
        struct delivery delivery = {waiting->id, waiting->file, waiting->file_sha256, waiting->subject};
        if (sending->uploader.named)
            r = deliver(sending->spool, &sending->uploader, &delivery, &sending->outcomes, err);
        else
            deliver_later(sending->spool, &sending->uploader, &delivery, &sending->outcomes);
    }
    if (r == 0)
        r = spool_settle(sending->spool, err);
    if (r == 0)
        remember_files(sending);
    sending->group_count = 0;
    sending->group_bytes = 0;
    return r;
}

/* Nothing goes to a collector: --dry-run and --output. True when the bundle is dealt with. */
static bool show_only(struct sending *sending, const struct input *input, const struct reading *reading,
                      const struct packed *packed, int *ret, struct err *err)
{
    const struct str bytes = str_slice(packed->bytes.data, packed->bytes.len);
    *ret = 0;
    if (sending->dry_run) {
        struct outcome shown = {.file = input->path, .state = "shown"};
        (void)fwrite(bytes.data, 1, bytes.len, stdout);
        outcome_add(&sending->outcomes, &shown, 0);
        return true;
    }
    if (sending->written.path == NULL)
        return false;
    *ret = written_add(&sending->written, input->path, packed->id, reading, bytes, err);
    return true;
}

static int keep(struct sending *sending, const struct input *input, const struct packed *packed, struct err *err)
{
    int r = spool_add(sending->spool, packed->id, str_slice(packed->bytes.data, packed->bytes.len), err);
    if (r < 0)
        return r;
    struct waiting *waiting = &sending->group[sending->group_count++];
    text_copy(waiting->id, sizeof(waiting->id), packed->id);
    waiting->file = input->path;
    text_copy(waiting->file_sha256, sizeof(waiting->file_sha256), input->sha256);
    text_copy(waiting->subject, sizeof(waiting->subject), packed->subject);
    waiting->of = input->bundles;
    sending->group_bytes += packed->bytes.len;
    return sending->group_count == GROUP_MAX || sending->group_bytes >= GROUP_BYTES_MAX ? send_group(sending, err) : 0;
}

/* A new bundle of an unchanged file that this collector has: made the same way, it has the same id. */
static bool sent_before(struct sending *sending, const char *file, const char *id)
{
    struct arena arena cleanup(arena_done) = {0};
    struct receipt receipt;
    if (sending->again || !sending->uploader.named ||
        !spool_receipt(sending->spool, id, sending->uploader.server.name, &arena, &receipt))
        return false;
    struct outcome outcome = {.file = file,
                              .id = id,
                              .state = receipt.state,
                              .rule = receipt.rule,
                              .server = receipt.server,
                              .received_at = receipt.received_at,
                              .before = true};
    outcome_add(&sending->outcomes, &outcome, 0);
    return true;
}

/* Whether one of what the file became still stands there: what was all taken back is no hindrance. */
static bool earlier_stands(struct sending *sending)
{
    struct arena arena cleanup(arena_done) = {0};
    struct receipt receipt;
    for (size_t i = 0; i < sending->earlier_count; i++)
        if (spool_receipt(sending->spool, sending->earlier[i], sending->uploader.server.name, &arena, &receipt) &&
            !text_equal(receipt.state, WIRE_STATE_WITHDRAWN))
            return true;
    return false;
}

/* The options of this call make another bundle of a file that was sent. It would not count beside the first one
 * (one original counts once), so that it does not go by itself, and that is said. */
static bool held_back(struct sending *sending, const struct input *input)
{
    if (!earlier_stands(sending))
        return false;
    if (!sending->earlier_told) {
        sending->earlier_told = true;
        log_warning("%s was sent before, and --%s of this call is not in what was sent: nothing is sent now",
                    input->path, settings_changing(sending->invocation));
        log_info("hint: correct what was sent with --replaces %s; or send a second one beside it with --again",
                 sending->earlier_count == 1 ? sending->earlier[0] : "ID");
        for (size_t i = 0; i < sending->earlier_count; i++)
            (void)sent_before(sending, input->path, sending->earlier[i]);
    }
    return true;
}

static int send_reading(struct sending *sending, const struct input *input, const struct reading *reading,
                        struct err *err)
{
    struct packed packed cleanup(packed_done) = {0};
    if (sending->replaces != NULL && (sending->files > 1 || input->bundles > 1 || sending->bundles > 0)) {
        sending->group_count = 0; /* none of them goes */
        (void)err_set(err, ERR_USAGE, "--replaces takes one result: %s gives more", input->path);
        return err_hint(err, "send each result by itself, with the id of the one that it corrects");
    }
    int r = pack_reading(&sending->packer, input, reading, &packed, err);
    if (r < 0)
        return r;
    sending->bundles++;
    if (sending->files <= PREVIEW_FILES_MAX) {
        autobuf struct buf text = BUF(BUF_MIB);
        preview_bundle(input, &packed, &text);
        if (log_get_level() >= LOG_INFO)
            (void)fputs(buf_text(&text), stderr);
    }
    if (show_only(sending, input, packed.reading, &packed, &r, err))
        return r;
    if (sent_before(sending, input->path, packed.id) || held_back(sending, input))
        return 0;
    return keep(sending, input, &packed, err);
}

/* A bundle that --output wrote goes as it is: its id is the hash of these bytes. */
static int send_bundle(struct sending *sending, const struct input *input, const struct buf *document, struct err *err)
{
    const struct str bytes = str_slice(buf_text(document), document->len);
    autobundle struct bundle bundle = {0};
    int r = settings_leave_alone(sending->invocation, input->path, err);
    if (r < 0)
        return r;
    r = bundle_read(bytes, &bundle, err);
    if (r < 0) {
        (void)err_file(err, input->path);
        return err_hint(err, "this is a crosschip bundle, and not as `send --output` writes it: make it anew");
    }
    struct packed packed = {.bytes = *document}; /* borrowed */
    (void)bundle_id(bytes, packed.id);
    sending->bundles++;
    if (show_only(sending, input, bundle.reading, &packed, &r, err))
        return r;
    return sent_before(sending, input->path, packed.id) ? 0 : keep(sending, input, &packed, err);
}

/* The text of an issue or a mail: all bundles in it. */
static int send_letter(struct sending *sending, struct input *input, struct err *err)
{
    autobuf struct buf document = BUF(BUNDLE_BYTES_MAX);
    struct str rest = str_slice(buf_text(&input->bytes), input->bytes.len), all = rest;
    char id[BUNDLE_ID_SIZE];
    size_t count = 0;
    int r;
    while ((r = letter_next(&all, &document, id, err)) > 0)
        count++;
    input->bundles = count;
    while (r == 0 && (r = letter_next(&rest, &document, id, err)) > 0)
        r = send_bundle(sending, input, &document, err);
    return r;
}

/* Finds what the whole file became at this collector. True when that is all to be told of it: the file is not even read
 * again. Options of the call might make another bundle of it, which is seen when it is packed. */
static bool file_sent_before(struct sending *sending, const struct input *input, struct arena *arena)
{
    sending->earlier_count = 0;
    sending->earlier_told = false;
    if (sending->spool == NULL || sending->again || sending->replaces != NULL || !sending->uploader.named)
        return false;
    sending->earlier =
        spool_file_ids(sending->spool, input->sha256, sending->uploader.server.name, arena, &sending->earlier_count);
    if (sending->earlier_count == 0 || settings_changing(sending->invocation) != NULL)
        return false;
    for (size_t i = 0; i < sending->earlier_count; i++)
        (void)sent_before(sending, input->path, sending->earlier[i]);
    return true;
}

static int read_input(struct sending *sending, struct input *input, struct err *err)
{
    const char *path = input->path;
    if (input_is_bundle(input))
        return send_bundle(sending, input, &input->bytes, err);
    if (letter_is(str_slice(buf_text(&input->bytes), input->bytes.len)))
        return send_letter(sending, input, err);
    if (input->format_name == NULL)
        input->format_name = settings_text(sending->invocation, "format");
    int r = input_read(input, &sending->mapping, err);
    if (r < 0)
        return r;
    if (input->readings.count == 0) {
        (void)err_set(err, ERR_DATA, "%s: nothing was measured", path);
        return err_hint(err, "`crosschip-submit check FILE` shows what was understood");
    }
    input->bundles = input->readings.count;
    for (size_t i = 0; r == 0 && i < input->readings.count; i++)
        r = send_reading(sending, input, input->readings.items[i], err);
    /* What cannot be written names the file that it is, not the one that was read. */
    if (r < 0 && r != -ERR_CANNOT_WRITE && input->name != NULL && strstr(err->text, path) == NULL &&
        !text_equal(err->path, path))
        (void)err_prefix(err, "%s", path);
    return r;
}

int sending_input(struct sending *sending, struct input *input, struct err *err)
{
    struct arena arena cleanup(arena_done) = {0};
    input_hash(input);
    int r = file_sent_before(sending, input, &arena) ? 0 : read_input(sending, input, err);
    sending->earlier_count = 0; /* they lived in the arena */
    return r;
}

int sending_file(struct sending *sending, const char *path, struct err *err)
{
    struct input_stream stream autostream = {.descriptor = -1};
    int r = input_stream_open(path, settings_text(sending->invocation, "format"), &stream, err);
    stream.whole = sending->mapping.columns > 0;
    for (bool more = true; r == 0 && more;) {
        autoinput struct input input = {0};
        r = input_stream_next(&stream, &input, err);
        more = r == 1;
        r = more ? sending_input(sending, &input, err) : r;
    }
    return r;
}

/* What can be known before anything is read: whether the older one can be replaced from here at all. */
static int check_replaced(struct sending *sending, struct err *err)
{
    char secret[SHA256_HEX_SIZE];
    const char *id = sending->replaces;
    if (spool_waits(sending->spool, id)) {
        (void)err_set(err, ERR_RETRY, "%s waits in the queue: no collector has it yet", id);
        return err_hint(err, "crosschip-submit queue flush sends it; then send this again");
    }
    int r = own_secret(sending->spool, &sending->uploader, id, secret, err);
    if (r == 0 && secret[0] == '\0') {
        (void)err_set(err, ERR_NOT_FOUND, "%s: no receipt of it is here, and no collector shows it", id);
        r = err_hint(err, "check the id, and name the spool (--spool) that it was sent from");
    }
    proof_wipe(secret, sizeof(secret));
    return r;
}

static int read_replaces(struct sending *sending, struct err *err)
{
    sending->replaces = settings_text(sending->invocation, "replaces");
    if (sending->replaces != NULL && !wire_id_is_valid(sending->replaces)) {
        (void)err_set(err, ERR_USAGE, "--replaces %s is not the id of a submission", sending->replaces);
        return err_hint(err, "an id is sha256: and 64 lower-case hex digits, as `send` printed it");
    }
    if (sending->replaces != NULL && sending->written.path != NULL) {
        (void)err_set(err, ERR_USAGE, "--replaces does not go with --output: only a collector can check the proof");
        return err_hint(err, "send it, or write the text without --replaces and withdraw the older one");
    }
    return 0;
}

int sending_open(const struct invocation *invocation, struct sending *ret, struct err *err)
{
    const char *path;
    *ret = (struct sending){.invocation = invocation, .files = 1};
    ret->dry_run = option_flag(invocation, "dry-run");
    written_begin(&ret->written, option_text(invocation, "output"));
    ret->again = option_flag(invocation, "again");
    int r = read_replaces(ret, err);
    if (r == 0)
        r = uploader_init(invocation, NULL, &ret->uploader, err);
    if (r == 0)
        r = uploader_set_patience(invocation, &ret->uploader, err);
    if (r == 0)
        r = settings_mapping(invocation, &ret->mapping, err);
    if (r == 0)
        r = packer_open(invocation, &ret->packer, err);
    if (r < 0)
        return r;
    ret->group = arena_alloc(&ret->packer.arena, GROUP_MAX, sizeof(*ret->group));
    if (ret->group == NULL)
        return mem_error(err);
    ret->uploader.contributor = option_text(invocation, "contributor");
    if (!text_is_empty(ret->uploader.contributor) && ret->uploader.named && ret->uploader.token[0] == '\0')
        log_warning("--contributor names nobody without a token: what comes without one is anonymous");
    const char *proxy = ret->uploader.named && !ret->uploader.no_proxy ? wire_proxy(&ret->uploader.server) : NULL;
    if (proxy != NULL)
        log_info("goes through the proxy %s, which the environment names (--no-proxy to avoid it)", proxy);
    if (ret->dry_run || ret->written.path != NULL)
        return 0;
    r = settings_spool(invocation, &ret->packer.arena, &path, err);
    if (r == 0)
        r = spool_open(path, NULL, &ret->spool, err);
    return r < 0 || ret->replaces == NULL ? r : check_replaced(ret, err);
}

int sending_finish(struct sending *sending, struct err *err)
{
    int r = sending->written.path == NULL ? 0 : written_end(&sending->written, &sending->outcomes, err);
    if (r == 0)
        r = send_group(sending, err);
    if (r < 0)
        return r;
    outcomes_finish(&sending->outcomes);
    return sending->outcomes.exit_status;
}
