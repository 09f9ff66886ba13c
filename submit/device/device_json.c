#include "submit/device/device_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/bundle/limits.h"
#include "schema/bundle/parts_json.h"
#include "schema/json/json.h"
#include "submit/device/absent.h"
#include "submit/device/device.h"
#include "submit/device/facts.h"
#include "submit/device/root.h"

/* Text, count or number of any struct; the other types are members of a device only. */
static void write_plain(struct json_writer *writer, const struct fact *fact, const void *object)
{
    if (fact->type == FACT_TEXT)
        json_pair_string(writer, fact->key, fact_text_of(object, fact));
    else if (fact->type == FACT_COUNT)
        count_write_json(writer, fact->key, fact_count_of(object, fact));
    else
        json_pair_number(writer, fact->key, fact_number_of(object, fact));
}

static void write_items(struct json_writer *writer, const char *key, const struct fact *members, const void *items,
                        size_t count, size_t size)
{
    json_write_key(writer, key);
    json_begin_array(writer);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(writer);
        for (const struct fact *member = members; member->key != NULL; member++)
            write_plain(writer, member, (const char *)items + i * size);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void write_fact(struct json_writer *writer, const struct fact *fact, const struct device *device)
{
    switch (fact->type) {
    case FACT_TEXT:
    case FACT_COUNT:
    case FACT_NUMBER:
        write_plain(writer, fact, device);
        break;
    case FACT_KINDS:
        write_items(writer, fact->key, kind_facts, device->core_kinds, device->core_kind_count,
                    sizeof(*device->core_kinds));
        break;
    case FACT_CHIPS:
        write_items(writer, fact->key, chip_facts, device->chips, device->chip_count, sizeof(*device->chips));
        break;
    case FACT_EXTRA_NUMBER:
    case FACT_EXTRA_WORD:
        break;
    }
}

static void write_extra(struct json_writer *writer, const struct device *device)
{
    json_write_key(writer, "extra");
    json_begin_object(writer);
    for (const struct fact *fact = facts; fact->key != NULL; fact++) {
        const struct parameter *value =
            fact->type == FACT_EXTRA_NUMBER || fact->type == FACT_EXTRA_WORD ? fact_extra_of(device, fact) : NULL;
        if (value != NULL && value->type == PARAMETER_NUMBER && fact->type == FACT_EXTRA_NUMBER)
            json_pair_number(writer, fact->key, value->number);
        else if (value != NULL && value->type == PARAMETER_WORD && fact->type == FACT_EXTRA_WORD)
            json_pair_string(writer, fact->key, value->word);
    }
    json_end_object(writer);
}

static void write_absent(struct json_writer *writer, const struct device *device, const char *root,
                         enum device_platform platform)
{
    json_write_key(writer, "absent");
    json_begin_object(writer);
    for (const struct fact *fact = facts; fact->key != NULL; fact++) {
        autobuf struct buf reason = BUF(8192);
        if (!fact_is_known(fact, device) && absent_reason(fact, root, platform, &reason))
            json_pair_string(writer, fact->key, buf_text(&reason));
    }
    json_end_object(writer);
}

static void write_facts(struct json_writer *writer, const struct device *device)
{
    for (const struct fact *fact = facts; fact->key != NULL; fact++)
        write_fact(writer, fact, device);
    write_extra(writer, device);
}

void device_json_write(struct json_writer *writer, const struct device *device)
{
    json_begin_object(writer);
    write_facts(writer, device);
    json_end_object(writer);
}

void device_json_explain(struct json_writer *writer, const struct device *device, const char *root,
                         enum device_platform platform)
{
    json_begin_object(writer);
    write_facts(writer, device);
    write_absent(writer, device, root, platform);
    json_end_object(writer);
}

struct reader {
    struct arena *arena;
    struct err *err;
    int failed; /* first -code */
};

static const char *read_text(struct reader *reader, const struct json *object, const char *path, const char *key)
{
    const char *text = NULL;
    if (reader->failed == 0)
        reader->failed = json_member_string(object, path, key, JSON_OPTIONAL, &text, reader->err);
    return reader->failed < 0 || text == NULL ? NULL : fact_text(reader->arena, str_of(text));
}

static double read_number(struct reader *reader, const struct json *object, const char *path, const char *key)
{
    double number = (double)NAN;
    if (reader->failed == 0)
        reader->failed = json_member_number(object, path, key, JSON_OPTIONAL, &number, reader->err);
    if (reader->failed == 0 && !isnan(number) && !(number > 0)) {
        reader->failed = err_set(reader->err, ERR_DATA, "expected a number above zero");
        (void)err_path(reader->err, "%s%s%s", path, path[0] == '\0' ? "" : ".", key);
    }
    return reader->failed < 0 ? (double)NAN : number;
}

static int64_t read_count(struct reader *reader, const struct json *object, const char *path, const char *key)
{
    double number = read_number(reader, object, path, key);
    if (reader->failed < 0 || isnan(number))
        return COUNT_UNKNOWN;
    int64_t count;
    if (!json_integer(json_get(object, key), &count)) {
        reader->failed = err_set(reader->err, ERR_DATA, "expected a whole number");
        (void)err_path(reader->err, "%s%s%s", path, path[0] == '\0' ? "" : ".", key);
        return COUNT_UNKNOWN;
    }
    return count;
}

/* The array under `key` and memory for its items; false when there is nothing to read. */
static bool read_array(struct reader *reader, const struct json *root, const char *key, size_t size,
                       const struct json **ret_array, void **ret_items)
{
    const struct json *array = NULL;
    if (reader->failed == 0)
        reader->failed = json_member_array(root, "", key, JSON_OPTIONAL, &array, reader->err);
    size_t count = json_count(array);
    if (reader->failed < 0 || count == 0)
        return false;
    if (count > BUNDLE_CHIPS_MAX) {
        reader->failed = err_set(reader->err, ERR_LIMIT, "more than %zu entries", BUNDLE_CHIPS_MAX);
        (void)err_path(reader->err, "%s", key);
        return false;
    }
    *ret_array = array;
    *ret_items = arena_alloc(reader->arena, count, size);
    return *ret_items != NULL;
}

static void read_kinds(struct reader *reader, const struct json *root, struct device *device)
{
    const struct json *array;
    void *items;
    if (!read_array(reader, root, "core_kinds", sizeof(*device->core_kinds), &array, &items))
        return;
    device->core_kinds = items;
    for (const struct json *item = json_first(array); item != NULL; item = json_next(item)) {
        char path[64];
        (void)snprintf(path, sizeof(path), "core_kinds[%zu]", device->core_kind_count);
        struct core_kind *kind = &device->core_kinds[device->core_kind_count++];
        kind->name = read_text(reader, item, path, "name");
        kind->cores = read_count(reader, item, path, "cores");
        kind->threads = read_count(reader, item, path, "threads");
    }
}

static void read_chips(struct reader *reader, const struct json *root, struct device *device)
{
    const struct json *array;
    void *items;
    if (!read_array(reader, root, "chips", sizeof(*device->chips), &array, &items))
        return;
    device->chips = items;
    for (const struct json *item = json_first(array); item != NULL; item = json_next(item)) {
        char path[64];
        (void)snprintf(path, sizeof(path), "chips[%zu]", device->chip_count);
        struct device_chip *chip = &device->chips[device->chip_count++];
        chip->name = read_text(reader, item, path, "name");
        chip->kind = read_text(reader, item, path, "kind");
        chip->count = read_count(reader, item, path, "count");
        if (chip->count == COUNT_UNKNOWN)
            chip->count = 1;
        chip->cores = read_count(reader, item, path, "cores");
        chip->memory_bytes = read_number(reader, item, path, "memory_bytes");
        if (chip->name == NULL && reader->failed == 0) {
            reader->failed = err_set(reader->err, ERR_DATA, "expected a name");
            (void)err_path(reader->err, "%s.name", path);
        }
    }
}

static bool extra_is_listed(const char *key)
{
    for (const struct fact *fact = facts; fact->key != NULL; fact++)
        if ((fact->type == FACT_EXTRA_NUMBER || fact->type == FACT_EXTRA_WORD) && text_equal(fact->key, key))
            return true;
    return false;
}

static void read_extra(struct reader *reader, const struct json *root, struct device *device)
{
    const struct json *extra = NULL;
    if (reader->failed == 0)
        reader->failed = json_member_object(root, "", "extra", JSON_OPTIONAL, &extra, reader->err);
    for (const struct json *item = json_first(extra); reader->failed == 0 && item != NULL; item = json_next(item)) {
        bool good = true;
        if (!extra_is_listed(json_key(item)))
            continue;
        if (json_is(item, JSON_NUMBER))
            parameters_set_number(reader->arena, &device->extra, json_key(item), json_number(item));
        else if (json_is(item, JSON_BOOLEAN))
            parameters_set_boolean(reader->arena, &device->extra, json_key(item), json_boolean(item, false));
        else
            good = json_is(item, JSON_STRING) &&
                   parameters_set_word(reader->arena, &device->extra, json_key(item), json_string(item));
        if (!good) {
            reader->failed =
                err_set(reader->err, ERR_DATA, "expected a number, a boolean or a word of at most 64 characters");
            (void)err_path(reader->err, "extra.%s", json_key(item));
        }
    }
}

static void read_plain_facts(struct reader *reader, const struct json *root, struct device *device)
{
    for (const struct fact *fact = facts; fact->key != NULL; fact++) {
        char *target = (char *)device + fact->offset;
        if (fact->type == FACT_TEXT) {
            const char *text = read_text(reader, root, "", fact->key);
            memcpy(target, &text, sizeof(text));
        } else if (fact->type == FACT_COUNT) {
            int64_t count = read_count(reader, root, "", fact->key);
            memcpy(target, &count, sizeof(count));
        } else if (fact->type == FACT_NUMBER) {
            double number = read_number(reader, root, "", fact->key);
            memcpy(target, &number, sizeof(number));
        }
    }
}

int device_json_read(struct str text, struct arena *arena, struct device *ret, struct err *err)
{
    autojson struct json_document *document = NULL;
    struct err own;
    struct reader reader = {.arena = arena, .err = err == NULL ? &own : err};
    struct device device = device_unknown();
    int r = json_read_strict(text, &json_limits_bundle, &document, reader.err);
    if (r < 0)
        return r;
    const struct json *root = json_root(document);
    if (!json_is(root, JSON_OBJECT))
        return err_set(err, ERR_DATA, "expected an object, found %s", json_type_name(json_type(root)));
    read_plain_facts(&reader, root, &device);
    read_kinds(&reader, root, &device);
    read_chips(&reader, root, &device);
    read_extra(&reader, root, &device);
    if (reader.failed < 0)
        return reader.failed;
    r = arena_check(arena, err);
    if (r < 0)
        return r;
    if (!device_has_facts(&device))
        return err_set(err, ERR_DATA, "it states no fact of a device");
    *ret = device;
    return 0;
}
