#include "submit/preview.h"

#include <string.h>

#include "schema/base/str.h"
#include "schema/text/encode.h"

#define CHIPS_SHOWN 3
#define FINDINGS_SHOWN 8

static void put(struct buf *into, const char *text)
{
    encode_terminal(into, str_of(text));
}

static void line(struct buf *into, const char *name, const char *text)
{
    if (text_is_empty(text))
        return;
    buf_addf(into, "  %-9s ", name);
    put(into, text);
    buf_addc(into, '\n');
}

/* The distinct chips that the runs name. */
static void chips(const struct reading *reading, struct buf *into)
{
    const char *seen[CHIPS_SHOWN];
    size_t count = 0;
    bool more = false;
    for (size_t i = 0; i < reading->run_count; i++) {
        const char *name = reading_chip_name(reading, &reading->runs[i]);
        bool known = name == NULL;
        for (size_t j = 0; !known && j < count; j++)
            known = text_equal(seen[j], name);
        if (known)
            continue;
        if (count < CHIPS_SHOWN)
            seen[count++] = name;
        else
            more = true;
    }
    buf_addf(into, "  %-9s ", "chip");
    for (size_t i = 0; i < count; i++) {
        buf_adds(into, i > 0 ? ", " : "");
        put(into, seen[i]);
    }
    buf_adds(into, count == 0 ? "not stated (--set chip=… or --device FILE)\n" : more ? ", …\n" : "\n");
}

/* The first run speaks for all: what a person says stands in each. */
static void words(const struct packed *packed, struct buf *into)
{
    static const char *const names[][2] = {
        {"device", "device_model"}, {"place", "environment"}, {"title", "title"}, {"change", "change"}};
    const struct reading *reading = packed->reading;
    const struct run *run = &reading->runs[0];
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        for (size_t j = 0; j < run->labels.count; j++)
            if (text_equal(run->labels.items[j].name, names[i][1]))
                line(into, names[i][0], run->labels.items[j].text);
    line(into, "cooling", packed->cooling);
    line(into, "note", packed->note);
    bool dated = false;
    for (size_t i = 0; i < reading->run_count; i++)
        dated = dated || reading->runs[i].ran_at != NULL;
    line(into, "measured", dated ? run->ran_at : "not stated when (--date)");
}

static void removed(const struct packed *packed, struct buf *into)
{
    bool any = false;
    buf_addf(into, "  %-9s ", "removed");
    for (int kind = 0; kind < REDACT_KINDS; kind++) {
        if (packed->removed.of[kind] == 0)
            continue;
        buf_addf(into, "%s%lld %s", any ? ", " : "", (long long)packed->removed.of[kind],
                 redact_kind_word((enum private_kind)kind));
        any = true;
    }
    buf_adds(into, any ? "\n" : "nothing private was found\n");
    if (packed->original_omitted)
        buf_addf(into, "  %-9s the output itself is too large and stays here; its figures go\n", "original");
}

static void findings(const struct packed *packed, struct buf *into)
{
    for (size_t i = 0; i < packed->findings.count && i < FINDINGS_SHOWN; i++) {
        const struct finding *finding = &packed->findings.items[i];
        buf_addf(into, "  %-9s %s: ", check_severity_word(finding->rule->severity), finding->rule->name);
        put(into, finding->message);
        buf_addc(into, '\n');
    }
    if (packed->findings.count > FINDINGS_SHOWN)
        buf_addf(into, "  %-9s and %zu more\n", "", packed->findings.count - FINDINGS_SHOWN);
}

void preview_bundle(const struct input *input, const struct packed *packed, struct buf *into)
{
    const struct reading *reading = packed->reading;
    put(into, text_equal(input->path, "-") ? "standard input" : input->path);
    buf_addc(into, '\n');
    line(into, "format", reading->format);
    if (!text_is_empty(reading->tool)) {
        buf_addf(into, "  %-9s ", "tool");
        put(into, reading->tool);
        if (!text_is_empty(reading->tool_version)) {
            buf_addc(into, ' ');
            put(into, reading->tool_version);
        }
        buf_addc(into, '\n');
    }
    chips(reading, into);
    buf_addf(into, "  %-9s %zu\n", "runs", reading->run_count);
    line(into, "machine", attachment_words(packed->attachment));
    line(into, "replaces", packed->replaces);
    words(packed, into);
    removed(packed, into);
    line(into, "licence", BUNDLE_LICENCE ": anybody may store, check, publish and reuse it");
    findings(packed, into);
    buf_addf(into, "  %-9s %zu bytes, %s (--dry-run prints them)\n", "bundle", packed->bytes.len, packed->id);
}
