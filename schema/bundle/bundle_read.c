#include "schema/bundle/bundle_read.h"

#include <stdlib.h>

#include "schema/bundle/base64.h"
#include "schema/bundle/bundle.h"

/* "1.1": the major number decides whether this reader understands the document. */
static int check_version(const char *version, struct err *err)
{
    char *end = NULL;
    long major = version[0] >= '0' && version[0] <= '9' ? strtol(version, &end, 10) : -1;
    if (major < 0 || *end != '.' || end[1] < '0' || end[1] > '9') {
        (void)err_set(err, ERR_DATA, "expected a version such as \"" BUNDLE_VERSION "\"");
        return err_path(err, "crosschip");
    }
    if (major == 1)
        return 0;
    (void)err_set(err, ERR_BUNDLE_VERSION, "this program reads bundles of version 1, not of version %ld", major);
    (void)err_path(err, "crosschip");
    return err_hint(err, "keep the bundle; it needs a program of its version");
}

static int take_consent(const struct taker *taker, const struct json *root, struct bundle *bundle)
{
    const struct json *consent = NULL;
    int result = json_member_object(root, "", "consent", JSON_REQUIRED, &consent, taker->err);
    if (result < 0)
        return result;
    result = take_string(taker, consent, "consent", "licence", JSON_REQUIRED, &bundle->licence);
    return result < 0 ? result : take_string(taker, consent, "consent", "text", JSON_REQUIRED, &bundle->consent);
}

static int take_format(const struct taker *taker, const struct json *root)
{
    const struct json *format = NULL, *tool = NULL;
    struct reading *reading = taker->reading;
    int result = json_member_object(root, "", "format", JSON_REQUIRED, &format, taker->err);
    if (result < 0)
        return result;
    result = take_string(taker, format, "format", "name", JSON_REQUIRED, &reading->format);
    int64_t version = COUNT_UNKNOWN;
    if (result == 0)
        result = take_count(taker, format, "format", "reader", &version);
    reading->reader_version = version > 0 && version < 1000000 ? (int)version : 0;
    if (result == 0)
        result = json_member_object(root, "", "tool", JSON_OPTIONAL, &tool, taker->err);
    if (result < 0 || tool == NULL)
        return result;
    result = take_string(taker, tool, "tool", "name", JSON_OPTIONAL, &reading->tool);
    return result < 0 ? result : take_string(taker, tool, "tool", "version", JSON_OPTIONAL, &reading->tool_version);
}

/* An array of objects of plain fields, such as the kinds of cores of a CPU. */
static int take_table(const struct taker *taker, const struct json *device, const char *key, const struct field *fields,
                      size_t size, void **ret, size_t *ret_count)
{
    const struct json *items = NULL;
    int result = json_member_array(device, "device", key, JSON_OPTIONAL, &items, taker->err);
    size_t count = json_count(items);
    if (result < 0 || count == 0)
        return result;
    if (count > BUNDLE_CHIPS_MAX)
        return take_over_limit(taker, "device", key, BUNDLE_CHIPS_MAX);
    char *table = arena_alloc(&taker->reading->arena, count, size);
    if (table == NULL)
        return arena_check(&taker->reading->arena, taker->err);
    char path[TAKE_PATH_SIZE];
    (void)take_path(path, "device", key);
    size_t index = 0;
    for (const struct json *item = json_first(items); item != NULL; item = json_next(item), index++) {
        if (!json_is(item, JSON_OBJECT)) {
            (void)err_set(taker->err, ERR_DATA, "expected an object, found %s", json_type_name(json_type(item)));
            (void)err_path(taker->err, "%s[%zu]", path, index);
            return -ERR_DATA;
        }
        result = take_fields(taker, item, path, fields, table + index * size);
        if (result < 0)
            return result;
    }
    *ret = table;
    *ret_count = count;
    return 0;
}

static int take_device(const struct taker *taker, const struct json *root)
{
    const struct json *object = NULL;
    struct device *device = &taker->reading->device;
    int result = json_member_object(root, "", "device", JSON_REQUIRED, &object, taker->err);
    if (result == 0)
        result = take_fields(taker, object, "device", device_fields, device);
    if (result < 0)
        return result;
    void *kinds = NULL, *chips = NULL;
    result = take_table(taker, object, "core_kinds", core_kind_fields, sizeof *device->core_kinds, &kinds,
                        &device->core_kind_count);
    if (result == 0)
        result =
            take_table(taker, object, "chips", device_chip_fields, sizeof *device->chips, &chips, &device->chip_count);
    device->core_kinds = kinds;
    device->chips = chips;
    return result < 0 ? result : take_parameters(taker, object, "device", "extra", &device->extra);
}

static int take_counts(const struct taker *taker, const struct json *original, struct redact_counts *into)
{
    const struct json *removed = NULL;
    int result = json_member_object(original, "original", "removed", JSON_OPTIONAL, &removed, taker->err);
    for (int kind = 0; result == 0 && kind < REDACT_KINDS; kind++) {
        int64_t count = COUNT_UNKNOWN;
        result = take_count(taker, removed, "original.removed", redact_kind_word((enum private_kind)kind), &count);
        into->of[kind] = count == COUNT_UNKNOWN ? 0 : count;
    }
    return result;
}

static int take_text(const struct taker *taker, const char *encoding, const char *text, struct str *ret)
{
    struct arena *arena = &taker->reading->arena;
    struct str given = str_of(text);
    if (text_equal(encoding, "utf-8")) {
        *ret = str_slice(arena_strndup(arena, given.data, given.len), given.len);
        return arena_check(arena, taker->err);
    }
    autobuf struct buf decoded = BUF(BUNDLE_BYTES_MAX);
    bool canonical = text_equal(encoding, "base64") && base64_decode(given, &decoded);
    if (decoded.failed == ERR_MEMORY)
        return mem_error(taker->err);
    if (!canonical) {
        (void)err_set(taker->err, ERR_DATA, "expected encoding \"utf-8\", or \"base64\" and text in canonical base64");
        return err_path(taker->err, "original");
    }
    *ret = str_slice(arena_strndup(arena, buf_text(&decoded), decoded.len), decoded.len);
    return arena_check(arena, taker->err);
}

static int take_original(const struct taker *taker, const struct json *root, struct bundle_original *into)
{
    const struct json *original = NULL;
    const char *encoding = NULL, *text = NULL;
    int result = json_member_object(root, "", "original", JSON_OPTIONAL, &original, taker->err);
    if (result < 0 || original == NULL)
        return result;
    result = take_counts(taker, original, &into->removed);
    if (result == 0)
        result = take_string(taker, original, "original", "omitted", JSON_OPTIONAL, &into->omitted);
    if (result == 0)
        result = json_member_string(original, "original", "encoding", JSON_OPTIONAL, &encoding, taker->err);
    if (result == 0)
        result = json_member_string(original, "original", "text", into->omitted == NULL ? JSON_REQUIRED : JSON_OPTIONAL,
                                    &text, taker->err);
    if (result < 0 || text == NULL)
        return result;
    return take_text(taker, encoding != NULL ? encoding : "utf-8", text, &into->text);
}

static int take_document(const struct taker *taker, const struct json *root, struct bundle *bundle)
{
    if (!json_is(root, JSON_OBJECT))
        return err_set(taker->err, ERR_DATA, "expected an object, found %s", json_type_name(json_type(root)));
    int result = take_string(taker, root, "", "crosschip", JSON_REQUIRED, &bundle->version);
    if (result == 0)
        result = check_version(bundle->version, taker->err);
    if (result == 0)
        result = take_consent(taker, root, bundle);
    if (result == 0)
        result = take_string(taker, root, "", "withdraw", JSON_OPTIONAL, &bundle->withdraw);
    if (result == 0)
        result = take_string(taker, root, "", "replaces", JSON_OPTIONAL, &bundle->replaces);
    if (result == 0)
        result = take_string(taker, root, "", "run_id", JSON_OPTIONAL, &bundle->run_id);
    if (result == 0)
        result = take_format(taker, root);
    if (result == 0)
        result = take_string(taker, root, "", "note", JSON_OPTIONAL, &bundle->note);
    if (result == 0)
        result = take_string(taker, root, "", "cooling", JSON_OPTIONAL, &bundle->cooling);
    if (result == 0)
        result = take_device(taker, root);
    if (result == 0)
        result = take_runs(taker, root);
    return result < 0 ? result : take_original(taker, root, &bundle->original);
}

int bundle_read(struct str bytes, struct bundle *ret, struct err *err)
{
    autojson struct json_document *document = NULL;
    int result = json_read_strict(bytes, &json_limits_bundle, &document, err);
    if (result < 0)
        return result;
    autobundle struct bundle bundle = {.reading = reading_new()};
    if (bundle.reading == NULL)
        return mem_error(err);
    const struct taker taker = {bundle.reading, err};
    result = take_document(&taker, json_root(document), &bundle);
    if (result == 0)
        result = bundle_validate(&bundle, err);
    if (result < 0)
        return result;
    *ret = bundle;
    bundle = (struct bundle){0};
    return 0;
}
