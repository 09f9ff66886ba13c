/* Tools name things as they like; bundles have limits. bundle_fit brings one to the other, the same way every time. */
#include <stdio.h>
#include <string.h>

#include "schema/bundle/bundle.h"
#include "schema/bundle/fields.h"
#include "schema/proof/hash.h"

#define ELLIPSIS "\xE2\x80\xA6"
#define HASH_DIGITS ((size_t)8)
/* What stays of a name that is too long; the ellipsis and the digits come behind it. */
#define KEPT_POINTS (BUNDLE_NAME_POINTS_MAX - 1 - HASH_DIGITS)
#define TAIL_BYTES (sizeof ELLIPSIS - 1 + HASH_DIGITS)

struct rule {
    size_t bytes_max, points_max; /* 0 = as many as fit the bytes */
    bool note;
};
static const struct rule name_rule = {BUNDLE_NAME_BYTES_MAX, BUNDLE_NAME_POINTS_MAX, false};
static const struct rule key_rule = {BUNDLE_KEY_BYTES_MAX, BUNDLE_NAME_POINTS_MAX, false};
static const struct rule note_rule = {BUNDLE_NOTE_BYTES_MAX, 0, true};

/* Removes what may not stand in a text: bytes that are no UTF-8 become U+FFFD, blanks of all kinds one blank, other
 * unsafe characters and the ninth combining mark of a row go. */
static void add_clean(struct str text, bool note, struct buf *into)
{
    int combining = 0;
    for (const char *at = text.data, *end = at + text.len; at < end;) {
        uint32_t point = 0;
        size_t size = utf8_decode(at, end, &point);
        if (size == 0) {
            buf_adds(into, "\xEF\xBF\xBD");
            at++;
            continue;
        }
        combining = utf8_is_combining(point) ? combining + 1 : 0;
        bool blank = point == '\t' || point == '\r' || (point == '\n' && !note);
        if (blank)
            buf_addc(into, ' ');
        else if ((point == '\n' || !utf8_is_unsafe(point)) && combining <= BUNDLE_COMBINING_MAX)
            buf_add(into, at, size);
        at += size;
    }
}

static bool fits(struct str text, const struct rule *rule)
{
    return text.len <= rule->bytes_max && (rule->points_max == 0 || utf8_length(text) <= rule->points_max);
}

/* The beginning of a text up to some bytes and code points. */
static size_t beginning(struct str text, size_t bytes, size_t points)
{
    size_t length = 0;
    while (length < text.len && points-- > 0) {
        uint32_t point = 0;
        size_t size = utf8_decode(text.data + length, text.data + text.len, &point);
        if (size == 0 || length + size > bytes)
            break;
        length += size;
    }
    return length;
}

static const char *fitted(struct arena *arena, const char *text, const struct rule *rule)
{
    if (text == NULL)
        return NULL;
    struct str given = str_of(text);
    autobuf struct buf clean = BUF(3 * given.len + 1);
    add_clean(given, rule->note, &clean);
    if (clean.failed != 0) {
        arena->failed = clean.failed;
        return text;
    }
    struct str cleaned = str_slice(buf_text(&clean), clean.len);
    if (str_equal(cleaned, given) && fits(given, rule))
        return text;
    if (fits(cleaned, rule))
        return arena_strndup(arena, cleaned.data, cleaned.len);
    size_t kept = beginning(cleaned, rule->bytes_max - TAIL_BYTES, rule->points_max == 0 ? SIZE_MAX : KEPT_POINTS);
    struct sha256 hash = sha256_of(given.data, given.len);
    char digits[SHA256_HEX_SIZE];
    (void)sha256_hex(digits, &hash);
    return arena_printf(arena, "%.*s" ELLIPSIS "%.*s", (int)kept, cleaned.data, (int)HASH_DIGITS, digits);
}

static void fit_fields(struct arena *arena, const struct field *fields, void *object)
{
    for (const struct field *field = fields; field->key != NULL; field++)
        if (field->type == FIELD_NAME)
            *field_name(object, field) = fitted(arena, field_name_of(object, field), &name_rule);
}

static void fit_parameters(struct arena *arena, struct parameter_list *list)
{
    if (list->count > BUNDLE_PARAMETERS_MAX)
        list->count = BUNDLE_PARAMETERS_MAX;
    for (size_t i = 0; i < list->count; i++)
        list->items[i].name = fitted(arena, list->items[i].name, &key_rule);
}

/* The first of several labels of one name stays. */
static void fit_labels(struct arena *arena, struct label_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count && kept < BUNDLE_PARAMETERS_MAX; i++) {
        struct label label = {
            fitted(arena, list->items[i].name, &key_rule),
            fitted(arena, list->items[i].text, &note_rule),
        };
        bool again = text_is_empty(label.name);
        for (size_t k = 0; k < kept; k++)
            again = again || text_equal(list->items[k].name, label.name);
        if (!again)
            list->items[kept++] = label;
    }
    list->count = kept;
}

static void fit_run(struct arena *arena, struct run *run)
{
    run->chip_name = fitted(arena, run->chip_name, &name_rule);
    run->variant = fitted(arena, run->variant, &name_rule);
    fit_fields(arena, workload_fields, &run->workload);
    fit_parameters(arena, &run->workload.parameters);
    fit_parameters(arena, &run->setup);
    fit_parameters(arena, &run->conditions);
    fit_labels(arena, &run->labels);
    for (size_t i = 0; i < run->measurement_count; i++)
        fit_fields(arena, measurement_fields, &run->measurements[i]);
}

int bundle_fit(struct reading *reading, struct err *err)
{
    struct arena *arena = &reading->arena;
    reading->tool = fitted(arena, reading->tool, &name_rule);
    reading->tool_version = fitted(arena, reading->tool_version, &name_rule);
    fit_fields(arena, device_fields, &reading->device);
    for (size_t i = 0; i < reading->device.core_kind_count; i++)
        fit_fields(arena, core_kind_fields, &reading->device.core_kinds[i]);
    for (size_t i = 0; i < reading->device.chip_count; i++)
        fit_fields(arena, device_chip_fields, &reading->device.chips[i]);
    fit_parameters(arena, &reading->device.extra);
    for (size_t i = 0; i < reading->run_count; i++)
        fit_run(arena, &reading->runs[i]);
    return arena_check(arena, err);
}
