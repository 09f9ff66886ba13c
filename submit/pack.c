#include "submit/pack.h"

#include <stdlib.h>
#include <string.h>

#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "submit/device/device.h"
#include "submit/device/device_json.h"
#include "submit/settings.h"

void packer_done(struct packer *packer)
{
    client_key_done(&packer->key);
    arena_done(&packer->arena);
    free(packer->note);
    free(packer->cooling);
    *packer = (struct packer){0};
}

static int read_facts(struct packer *packer, const char *path, struct err *err)
{
    autobuf struct buf text = BUF(BUF_MIB);
    int r = file_read(path, &text, err);
    if (r < 0)
        return r;
    r = device_json_read(str_slice(buf_text(&text), text.len), &packer->arena, &packer->facts, err);
    if (r < 0) {
        (void)err_file(err, path);
        return err_hint(err, "--device takes what `crosschip-submit device --json` prints on that machine");
    }
    packer->other = true;
    return 0;
}

static int redact_option(const struct packer *packer, const char *name, char **ret, struct redact_counts *counts,
                         struct err *err)
{
    const char *text = option_text(packer->invocation, name);
    autobuf struct buf clean = BUF(2 * BUNDLE_NOTE_BYTES_MAX);
    if (text_is_empty(text))
        return 0;
    int r = redact_note(str_of(text), packer->identities.items, packer->identities.count, &clean, counts, err);
    if (r < 0)
        return r;
    *ret = mem_strdup(buf_text(&clean));
    return *ret == NULL ? mem_error(err) : 0;
}

static int open_key(struct packer *packer, struct err *err)
{
    const char *path;
    int r = settings_key(packer->invocation, &packer->arena, &path, err);
    if (r < 0)
        return r;
    r = client_key_load_or_make(path, &packer->key, err);
    return r == -ERR_CANNOT_WRITE ? err_hint(err, "name a file that this account may write with --key FILE") : r;
}

int packer_open(const struct invocation *invocation, struct packer *ret, struct err *err)
{
    struct packer packer cleanup(packer_done) = {.invocation = invocation, .facts = device_unknown()};
    struct redact_counts cooling = {0};
    const char *device = option_text(invocation, "device");
    packer.elsewhere = option_flag(invocation, "elsewhere");
    identity_collect(&packer.arena, &packer.identities);
    int r = settings_check(invocation, err);
    if (r == 0 && device != NULL)
        r = read_facts(&packer, device, err);
    else if (r == 0 && !packer.elsewhere &&
             device_collect(NULL, DEVICE_PLATFORM_UNSET, &packer.arena, &packer.facts, NULL) == 0)
        (void)identity_scrub(&packer.identities, &packer.facts);
    if (r == 0)
        r = redact_option(&packer, "note", &packer.note, &packer.note_removed, err);
    if (r == 0)
        r = redact_option(&packer, "cooling", &packer.cooling, &cooling, err);
    if (r == 0)
        r = open_key(&packer, err);
    if (r < 0)
        return r;
    *ret = packer;
    packer = (struct packer){0};
    return 0;
}

void packed_done(struct packed *packed)
{
    buf_done(&packed->bytes);
    reading_free(packed->reading);
    findings_done(&packed->findings);
    *packed = (struct packed){0};
}

/* The runs that travel are those that anybody reads from the redacted original: nothing private is left in a name. */
static int read_again(const struct input *input, struct str redacted, struct reading **ret, struct err *err)
{
    autoreadings struct reading_list list = {0};
    const struct format *format;
    int r = formats_read(input->name, redacted, input->format->name, &format, &list, err);
    if (r < 0)
        return err_prefix(err, "without its private parts the file cannot be read");
    if (list.count != 1) {
        (void)err_set(err, ERR_INTERNAL, "without its private parts the file reads as %zu documents", list.count);
        return err_hint(err, "please report this with the output of: crosschip-submit check --json FILE");
    }
    *ret = list.items[0];
    list.count = 0;
    return 0;
}

static int refuse_empty(const struct reading *reading, struct err *err)
{
    (void)err_set(err, ERR_DATA, "nothing was measured");
    if (reading->problem_count > 0) {
        const struct problem *first = &reading->problems[0];
        (void)err_at(err, first->line, first->column);
        if (!text_is_empty(first->path))
            (void)err_path(err, "%s", first->path);
        (void)err_detail(err, "%s", first->message);
    }
    return err_hint(err, "`crosschip-submit check FILE` shows what was understood");
}

static enum attachment attach(const struct packer *packer, struct reading *reading)
{
    enum attachment attachment = packer->other       ? ATTACHED_OTHER
                                 : packer->elsewhere ? ATTACHED_ELSEWHERE
                                                     : ATTACHED_LOCAL;
    if (attachment == ATTACHED_LOCAL && !attach_is_local(reading, &packer->facts))
        attachment = ATTACHED_NONE;
    if (attachment == ATTACHED_LOCAL || attachment == ATTACHED_OTHER)
        attach_facts(reading, &packer->facts);
    return attachment;
}

static int write_bundle(const struct packer *packer, struct str original, struct packed *packed, struct err *err)
{
    char commitment[SHA256_HEX_SIZE];
    struct sha256 subject = sha256_of(original.data, original.len);
    struct sha256 secret = withdraw_secret(&packer->key, subject.bytes, sizeof(subject.bytes));
    struct sha256 promise = withdraw_commitment(&secret);
    (void)sha256_hex(commitment, &promise);
    proof_wipe(&secret, sizeof(secret));
    struct bundle bundle = {.withdraw = commitment,
                            .note = packer->note,
                            .cooling = packer->cooling,
                            .reading = packed->reading,
                            .original = {.text = original, .removed = packed->removed}};
    int r = bundle_write(&bundle, &packed->bytes, err);
    if (r < 0)
        return r;
    struct str bytes = str_slice(packed->bytes.data, packed->bytes.len);
    (void)bundle_id(bytes, packed->id);
    /* The writer leaves an original out that would make the document too large. */
    packed->original_omitted = bytes.len < original.len;
    return 0;
}

static void add_counts(struct redact_counts *total, const struct redact_counts *more)
{
    for (int kind = 0; kind < REDACT_KINDS; kind++)
        total->of[kind] += more->of[kind];
}

int pack_reading(const struct packer *packer, const struct input *input, const struct reading *reading,
                 struct packed *ret, struct err *err)
{
    struct packed packed cleanup(packed_done) = {.bytes = BUF(BUNDLE_BYTES_MAX)};
    autobuf struct buf redacted = BUF(2 * INPUT_MAX);
    if (reading->run_count == 0)
        return refuse_empty(reading, err);
    int r = redact_text(str_slice(input->decoded + reading->original_offset, reading->original_length),
                        reading->privates, reading->private_count, packer->identities.items, packer->identities.count,
                        &redacted, &packed.removed, err);
    if (r < 0)
        return r;
    struct str original = str_slice(buf_text(&redacted), redacted.len);
    r = read_again(input, original, &packed.reading, err);
    if (r == 0)
        r = settings_apply(packer->invocation, packed.reading, err);
    if (r < 0)
        return r;
    packed.attachment = attach(packer, packed.reading);
    r = bundle_fit(packed.reading, err);
    if (r == 0)
        r = write_bundle(packer, original, &packed, err);
    struct check_options options = {.now_us = clock_wall_us()};
    if (r == 0)
        r = checks_run(packed.reading, &options, &packed.findings, err);
    if (r < 0)
        return r;
    add_counts(&packed.removed, &packer->note_removed);
    *ret = packed;
    packed = (struct packed){0};
    return 0;
}
