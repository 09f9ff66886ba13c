#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/log.h"
#include "schema/base/progress.h"
#include "submit/deliver.h"
#include "submit/pack.h"
#include "submit/preview.h"
#include "submit/settings.h"
#include "submit/verbs.h"

/* Bundles that share one flush of the folders, and the memory that they may hold together. */
#define GROUP_MAX 32
#define GROUP_BYTES_MAX ((size_t)16 << 20)
/* With more files than this a preview of each is no help. */
#define PREVIEW_FILES_MAX 5

const struct option send_options[] = {
    UPLOAD_OPTIONS,
    RETRY_OPTIONS,
    {"format", 'f', OPTION_TEXT_ONCE, "NAME", NULL, "read the file as this format instead of recognising it"},
    {"set", 0, OPTION_LIST_ONCE, "NAME=VALUE", NULL,
     "state what the file does not: model, quantization, backend, mode, task, chip or a parameter"},
    {"device", 'd', OPTION_TEXT_ONCE, "FILE", NULL,
     "facts of the machine that ran it, as `device --json` printed them there"},
    {"elsewhere", 0, OPTION_FLAG_ONCE, NULL, NULL, "it ran on another machine: add nothing of this one"},
    {"note", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "a remark that travels with the bundle"},
    {"cooling", 0, OPTION_TEXT, "TEXT", NULL, "how the machine was cooled: fan, passive, water, …"},
    {"contributor", 0, OPTION_TEXT, "NAME", NULL, "name to show; travels beside the bundle, not in it"},
    {"dry-run", 'n', OPTION_FLAG_ONCE, NULL, NULL, "print the exact bytes that would be sent, and send nothing"},
    {"output", 'o', OPTION_TEXT_ONCE, "FILE", NULL, "write the bundle to FILE instead of sending it"},
    {"again", 0, OPTION_FLAG_ONCE, NULL, NULL, "send also what this collector has already"},
    {"json", 0, OPTION_FLAG_ONCE, NULL, NULL, "print the outcome as JSON"},
    {"spool", 0, OPTION_TEXT, "DIR", NULL, "where bundles wait; default ~/.local/share/crosschip/spool"},
    {"key", 0, OPTION_TEXT, "FILE", NULL, "this client's key; default ~/.local/share/crosschip/client.key"},
    {0},
};

struct waiting {
    char id[BUNDLE_ID_SIZE];
    const char *file; /* lives in the invocation */
    char file_sha256[SHA256_HEX_SIZE];
    size_t of; /* bundles that the file makes */
};

struct sending {
    const struct invocation *invocation;
    struct packer packer;
    struct spool *spool; /* NULL with --dry-run and --output */
    struct uploader uploader;
    struct outcomes outcomes;
    struct waiting group[GROUP_MAX];
    size_t group_count, group_bytes;
    size_t files, bundles;
    const char *output;
    bool dry_run, again;
};

static void sending_done(struct sending *sending)
{
    spool_close(sending->spool);
    uploader_done(&sending->uploader);
    packer_done(&sending->packer);
    outcomes_done(&sending->outcomes);
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
        struct delivery delivery = {waiting->id, waiting->file, waiting->file_sha256};
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

static int write_output(const struct sending *sending, const struct packed *packed, struct err *err)
{
    if (sending->bundles > 1) {
        (void)err_set(err, ERR_USAGE, "the files give several bundles; --output takes one");
        return err_hint(err, "give one file at a time");
    }
    if (text_equal(sending->output, "-")) {
        (void)fwrite(packed->bytes.data, 1, packed->bytes.len, stdout);
        return 0;
    }
    return file_replace(sending->output, 0644, packed->bytes.data, packed->bytes.len, err);
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
    waiting->of = input->readings.count > 0 ? input->readings.count : 1;
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

static int send_reading(struct sending *sending, const struct input *input, const struct reading *reading,
                        struct err *err)
{
    struct packed packed cleanup(packed_done) = {0};
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
    if (sending->dry_run) {
        (void)fwrite(packed.bytes.data, 1, packed.bytes.len, stdout);
        return 0;
    }
    if (sending->output != NULL) {
        r = write_output(sending, &packed, err);
        struct outcome outcome = {.file = input->path, .id = packed.id, .state = "written"};
        if (r == 0 && !text_equal(sending->output, "-"))
            outcome_add(&sending->outcomes, &outcome, 0);
        return r;
    }
    return sent_before(sending, input->path, packed.id) ? 0 : keep(sending, input, &packed, err);
}

/* A bundle that --output wrote goes as it is: its id is the hash of these bytes. */
static int send_bundle(struct sending *sending, struct input *input, struct err *err)
{
    static const char *const changes[] = {"set", "note", "device", "format"};
    const struct str bytes = str_slice(buf_text(&input->bytes), input->bytes.len);
    struct bundle bundle;
    for (size_t i = 0; i < ARRAY_LENGTH(changes); i++) {
        if (option_count(sending->invocation, changes[i]) > 0) {
            (void)err_set(err, ERR_USAGE, "%s is a bundle already; --%s cannot change it", input->path, changes[i]);
            return err_hint(err, "make it anew from the output of the benchmark, or send it without --%s", changes[i]);
        }
    }
    int r = bundle_read(bytes, &bundle, err);
    if (r < 0) {
        (void)err_file(err, input->path);
        return err_hint(err, "this is a crosschip bundle, and not as `send --output` writes it: make it anew");
    }
    bundle_done(&bundle);
    struct packed packed = {.bytes = input->bytes};
    (void)bundle_id(bytes, packed.id);
    sending->bundles++;
    if (sending->dry_run) {
        (void)fwrite(bytes.data, 1, bytes.len, stdout);
        return 0;
    }
    if (sending->output != NULL)
        return write_output(sending, &packed, err);
    return sent_before(sending, input->path, packed.id) ? 0 : keep(sending, input, &packed, err);
}

/* True when the whole file is with this collector already; it is not even read again. */
static bool file_sent_before(struct sending *sending, const struct input *input)
{
    struct arena arena cleanup(arena_done) = {0};
    size_t count = 0;
    if (sending->spool == NULL || sending->again || !sending->uploader.named)
        return false;
    char **ids = spool_file_ids(sending->spool, input->sha256, sending->uploader.server.name, &arena, &count);
    for (size_t i = 0; i < count; i++)
        (void)sent_before(sending, input->path, ids[i]);
    return count > 0;
}

static int send_file(struct sending *sending, const char *path, struct err *err)
{
    autoinput struct input input = {0};
    int r = input_open(path, &input, err);
    if (r < 0)
        return r;
    if (file_sent_before(sending, &input))
        return 0;
    if (input_is_bundle(&input))
        return send_bundle(sending, &input, err);
    r = input_read(&input, option_text(sending->invocation, "format"), err);
    if (r < 0)
        return r;
    if (input.readings.count == 0) {
        (void)err_set(err, ERR_DATA, "%s: nothing was measured", path);
        return err_hint(err, "`crosschip-submit check FILE` shows what was understood");
    }
    for (size_t i = 0; r == 0 && i < input.readings.count; i++)
        r = send_reading(sending, &input, input.readings.items[i], err);
    /* What cannot be written names the file that it is, not the one that was read. */
    if (r < 0 && r != -ERR_CANNOT_WRITE && input.name != NULL && strstr(err->text, path) == NULL &&
        !text_equal(err->path, path))
        (void)err_prefix(err, "%s", path);
    return r;
}

static int open_sending(struct sending *sending, struct err *err)
{
    const char *path;
    sending->dry_run = option_flag(sending->invocation, "dry-run");
    sending->output = option_text(sending->invocation, "output");
    sending->again = option_flag(sending->invocation, "again");
    sending->outcomes.json = option_flag(sending->invocation, "json") && !sending->dry_run;
    int r = uploader_init(sending->invocation, NULL, &sending->uploader, err);
    if (r == 0)
        r = uploader_set_patience(sending->invocation, &sending->uploader, err);
    if (r == 0)
        r = packer_open(sending->invocation, &sending->packer, err);
    if (r < 0)
        return r;
    sending->uploader.contributor = option_text(sending->invocation, "contributor");
    const char *proxy =
        sending->uploader.named && !sending->uploader.no_proxy ? wire_proxy(&sending->uploader.server) : NULL;
    if (proxy != NULL)
        log_info("goes through the proxy of the environment (--no-proxy to avoid it)");
    if (sending->dry_run || sending->output != NULL)
        return 0;
    r = settings_spool(sending->invocation, &sending->packer.arena, &path, err);
    return r < 0 ? r : spool_open(path, NULL, &sending->spool, err);
}

/* Trouble with this machine's disk ends the call; trouble with one file does not touch the others. */
static bool is_fatal(int code)
{
    return code == -ERR_CANNOT_WRITE || code == -ERR_MEMORY || code == -ERR_USAGE;
}

static int send_files(struct sending *sending, struct err *err)
{
    struct progress progress;
    size_t count = argument_count(sending->invocation);
    sending->files = count == 0 ? 1 : count;
    progress_begin(&progress, "sending", sending->files);
    int fatal = 0;
    for (size_t i = 0; fatal == 0 && i < sending->files; i++) {
        const char *path = count == 0 ? "-" : argument_at(sending->invocation, i);
        struct err one;
        int r = send_file(sending, path, &one);
        if (r < 0) {
            fatal = is_fatal(r) && sending->files > 1 ? r : 0;
            outcome_add_error(&sending->outcomes, path, NULL, "failed", &one);
        }
        progress_step(&progress, i + 1);
    }
    progress_end(&progress);
    return send_group(sending, err);
}

int cmd_send(const struct invocation *invocation, struct err *err)
{
    struct sending sending cleanup(sending_done) = {.invocation = invocation};
    if (argument_count(invocation) == 0 && isatty(STDIN_FILENO)) {
        (void)err_set(err, ERR_USAGE, "no file is named");
        return err_hint(err, "crosschip-submit send FILE, or pipe the benchmark's output into crosschip-submit send -");
    }
    int r = open_sending(&sending, err);
    if (r == 0)
        r = send_files(&sending, err);
    if (r < 0)
        return r;
    outcomes_finish(&sending.outcomes);
    return sending.outcomes.exit_status;
}
