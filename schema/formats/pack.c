#include "schema/formats/pack.h"

#include <math.h>

#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/proof/hash.h"

void pack_done(struct pack *pack)
{
    buf_done(&pack->bytes);
    reading_free(pack->reading);
    *pack = (struct pack){0};
}

static const char reads_otherwise[] =
    "cut away what does not belong to the benchmark's output, or report this with what "
    "`crosschip-submit check --json FILE` prints";

/* Both missing is the same, too. */
static bool same(double before, double after)
{
    return isnan(before) ? isnan(after) : number_equal(before, after);
}

static bool same_figures(const struct measurement *before, const struct measurement *after)
{
    if (before->n != after->n || before->sample_count != after->sample_count || !same(before->mean, after->mean) ||
        !same(before->stddev, after->stddev))
        return false;
    for (size_t i = 0; i < before->sample_count; i++)
        if (!same(before->samples[i], after->samples[i]))
            return false;
    return true;
}

static bool same_run(const struct run *before, const struct run *after)
{
    if (before->measurement_count != after->measurement_count)
        return false;
    for (size_t i = 0; i < before->measurement_count; i++)
        if (!same_figures(&before->measurements[i], &after->measurements[i]))
            return false;
    return true;
}

int pack_same_runs(const struct reading *before, const struct reading *after, struct err *err)
{
    if (before->run_count != after->run_count) {
        (void)err_set(err, ERR_DATA, "without its private parts the file reads as another number of runs: %zu, not %zu",
                      after->run_count, before->run_count);
        return err_hint(err, "%s", reads_otherwise);
    }
    for (size_t i = 0; i < before->run_count; i++)
        if (!same_run(&before->runs[i], &after->runs[i])) {
            (void)err_set(err, ERR_DATA, "without its private parts the file gives run %zu other figures", i + 1);
            return err_hint(err, "%s", reads_otherwise);
        }
    return 0;
}

static int read_again(const struct pack_source *source, const struct reading *reading, struct str redacted,
                      struct reading **ret, struct err *err)
{
    autoreadings struct reading_list list = {0};
    const struct format *format;
    int r = formats_read(source->name, redacted, reading->format, &format, &list, err);
    if (r < 0)
        return err_prefix(err, "without its private parts the file cannot be read");
    if (list.count != 1) {
        (void)err_set(err, ERR_DATA, "without its private parts the file reads as %zu documents", list.count);
        return err_hint(err, "%s", reads_otherwise);
    }
    r = pack_same_runs(reading, list.items[0], err);
    if (r < 0)
        return r;
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

/* The secret is made from all the rest of the bytes. */
static int bind(const struct pack_settings *settings, const struct bundle *bundle, struct pack *pack, struct err *err)
{
    char commitment[SHA256_HEX_SIZE];
    struct sha256 secret;
    (void)bundle_subject(bundle, str_slice(pack->bytes.data, pack->bytes.len), pack->subject);
    if (!withdraw_secret_of(settings->key, pack->subject, &secret))
        return err_set(err, ERR_INTERNAL, "a bundle is not bound");
    const struct sha256 promise = withdraw_commitment(&secret);
    proof_wipe(&secret, sizeof(secret));
    return bundle_commit(&pack->bytes, sha256_hex(commitment, &promise))
               ? 0
               : err_set(err, ERR_INTERNAL, "a bundle has no place for what binds it");
}

static int write_bundle(const struct pack_settings *settings, struct str original, struct pack *pack, struct err *err)
{
    struct bundle bundle = {.withdraw = bundle_no_commitment,
                            .replaces = settings->replaces,
                            .run_id = settings->run_id,
                            .note = settings->note,
                            .cooling = settings->cooling,
                            .reading = pack->reading,
                            .original = {.text = original, .removed = pack->removed}};
    int r = bundle_write(&bundle, &pack->bytes, err);
    if (r == 0)
        r = bind(settings, &bundle, pack, err);
    if (r < 0)
        return r;
    struct str bytes = str_slice(pack->bytes.data, pack->bytes.len);
    (void)bundle_id(bytes, pack->id);
    /* The writer leaves an original out that would make the document too large. */
    pack->original_omitted = bytes.len < original.len;
    return 0;
}

int pack_bundle(const struct pack_settings *settings, const struct pack_source *source, const struct reading *reading,
                struct pack *ret, struct err *err)
{
    autopack struct pack pack = {.bytes = BUF(BUNDLE_BYTES_MAX)};
    autobuf struct buf redacted = BUF(2 * PACK_INPUT_MAX);
    if (reading->run_count == 0)
        return refuse_empty(reading, err);
    int r = redact_text(str_slice(source->decoded.data + reading->original_offset, reading->original_length),
                        reading->privates, reading->private_count, settings->identities, settings->identity_count,
                        &redacted, &pack.removed, err);
    if (r < 0)
        return r;
    struct str original = str_slice(buf_text(&redacted), redacted.len);
    r = read_again(source, reading, original, &pack.reading, err);
    if (r == 0 && settings->complete != NULL)
        r = settings->complete(settings->context, pack.reading, err);
    if (r == 0)
        r = bundle_fit(pack.reading, err);
    if (r == 0)
        r = write_bundle(settings, original, &pack, err);
    if (r < 0)
        return r;
    *ret = pack;
    pack = (struct pack){0};
    return 0;
}
