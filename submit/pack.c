#include "submit/pack.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/formats/pack.h"
#include "submit/device/device.h"
#include "submit/device/device_json.h"
#include "submit/hash_model.h"
#include "submit/settings.h"
#include "submit/watch/watch.h"
#include "submit/whose.h"

void packer_done(struct packer *packer)
{
    client_key_done(&packer->key);
    arena_done(&packer->arena);
    free(packer->note);
    person_done(&packer->person);
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
    const char *device = settings_text(invocation, "device");
    packer.elsewhere = settings_flag(invocation, "elsewhere");
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
        r = person_open(invocation, &packer.identities, &packer.person, err);
    if (r == 0)
        r = open_key(&packer, err);
    if (r < 0)
        return r;
    *ret = packer;
    ret->person.identities = &ret->identities;
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

/* What the words of a file tell before they are redacted. */
static enum attachment attachment_by_text(const struct packer *packer, const struct reading *reading, struct str text)
{
    char host[256] = "";
    if (packer->other)
        return ATTACHED_OTHER;
    if (packer->elsewhere)
        return ATTACHED_ELSEWHERE;
    if (whose_is_mail(text))
        return ATTACHED_MAIL;
    bool known = gethostname(host, sizeof host - 1) == 0;
    return known && whose_names_other_host(reading, text, host) ? ATTACHED_NONE : ATTACHED_LOCAL;
}

static enum attachment attach(const struct packer *packer, enum attachment attachment, struct reading *reading)
{
    if (attachment == ATTACHED_LOCAL && !whose_is_local(reading, &packer->facts))
        attachment = ATTACHED_NONE;
    if (attachment == ATTACHED_LOCAL || attachment == ATTACHED_OTHER)
        attach_facts(reading, &packer->facts);
    return attachment;
}

/* What was seen of this machine belongs to no other. */
static void add_seen(const struct packer *packer, struct reading *reading)
{
    char time[CLOCK_TEXT_SIZE];
    for (size_t i = 0; i < reading->run_count; i++) {
        struct run *run = &reading->runs[i];
        if (packer->conditions != NULL)
            parameters_add(&reading->arena, &run->conditions, packer->conditions);
        if (packer->run_id[0] != '\0')
            watch_flags(&run->conditions, &reading->arena, &run->flags);
        if (packer->ran_at_us > 0 && run->ran_at == NULL)
            run->ran_at = arena_strdup(&reading->arena, clock_format(time, packer->ran_at_us));
    }
}

struct completing {
    struct packer *packer;
    const char *path;               /* of the file */
    struct pack_settings *settings; /* gets the cooling */
    enum attachment attachment;     /* before the reading itself is looked at, and after */
    const char *model_hash;         /* NULL = not asked for */
};

static int complete(void *context, struct reading *reading, struct err *err)
{
    struct completing *completing = context;
    int r = settings_apply(completing->packer->invocation, reading, err);
    if (r < 0)
        return r;
    struct packer *packer = completing->packer;
    if (packer->companions != NULL)
        (void)companions_complete(packer->companions, completing->path, reading);
    completing->attachment = attach(packer, completing->attachment, reading);
    for (size_t i = 0; completing->model_hash != NULL && i < reading->run_count; i++)
        labels_add(&reading->arena, &reading->runs[i].labels, HASH_MODEL_LABEL, completing->model_hash);
    const struct device *facts = completing->attachment == ATTACHED_LOCAL ? &packer->facts : NULL;
    r = person_complete(&packer->person, facts, reading, &completing->settings->cooling, err);
    if (r == 0 && facts != NULL)
        add_seen(packer, reading);
    return r;
}

static void add_counts(struct redact_counts *total, const struct redact_counts *more)
{
    for (int kind = 0; kind < REDACT_KINDS; kind++)
        total->of[kind] += more->of[kind];
}

int pack_reading(struct packer *packer, const struct input *input, const struct reading *reading, struct packed *ret,
                 struct err *err)
{
    struct packed packed cleanup(packed_done) = {0};
    const struct str text = str_slice(input->decoded, input->decoded_length);
    struct completing completing = {
        .packer = packer, .path = input->path, .attachment = attachment_by_text(packer, reading, text)};
    struct pack pack;
    struct pack_settings settings = {
        .key = &packer->key,
        .identities = packer->identities.items,
        .identity_count = packer->identities.count,
        .note = packer->note,
        .replaces = settings_text(packer->invocation, "replaces"),
        .run_id = packer->run_id[0] == '\0' ? NULL : packer->run_id,
        .complete = complete,
        .context = &completing,
    };
    completing.settings = &settings;
    const struct pack_source source = {input->name != NULL ? input->path : NULL, text, input->format};
    int r = 0;
    if (settings_flag(packer->invocation, "hash-model"))
        r = hash_model(input, reading, &packer->arena, &completing.model_hash, err);
    if (r < 0)
        return r;
    r = pack_bundle(&settings, &source, reading, &pack, err);
    if (r < 0)
        return r;
    memcpy(packed.id, pack.id, sizeof packed.id);
    memcpy(packed.subject, pack.subject, sizeof packed.subject);
    packed.bytes = pack.bytes;
    packed.reading = pack.reading;
    packed.removed = pack.removed;
    packed.original_omitted = pack.original_omitted;
    packed.attachment = completing.attachment;
    packed.note = packer->note;
    packed.replaces = settings.replaces;
    packed.cooling = settings.cooling;
    struct check_options options = {.now_us = clock_wall_us()};
    r = checks_run(packed.reading, &options, &packed.findings, err);
    if (r < 0)
        return r;
    add_counts(&packed.removed, &packer->note_removed);
    add_counts(&packed.removed, &packer->person.removed);
    *ret = packed;
    packed = (struct packed){0};
    return 0;
}
