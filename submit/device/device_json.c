#include "submit/device/device_json.h"

#include <math.h>
#include <stdio.h>

#include "schema/bundle/limits.h"
#include "schema/bundle/parts_json.h"
#include "schema/json/json.h"
#include "submit/device/device.h"
#include "submit/device/root.h"

static void write_kinds(struct json_writer *writer, const struct device *device)
{
    json_write_key(writer, "core_kinds");
    json_begin_array(writer);
    for (size_t i = 0; i < device->core_kind_count; i++) {
        const struct core_kind *kind = &device->core_kinds[i];
        json_begin_object(writer);
        json_pair_string(writer, "name", kind->name);
        count_write_json(writer, "cores", kind->cores);
        count_write_json(writer, "threads", kind->threads);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void write_chips(struct json_writer *writer, const struct device *device)
{
    json_write_key(writer, "chips");
    json_begin_array(writer);
    for (size_t i = 0; i < device->chip_count; i++) {
        const struct device_chip *chip = &device->chips[i];
        json_begin_object(writer);
        json_pair_string(writer, "name", chip->name);
        json_pair_string(writer, "kind", chip->kind);
        json_pair_int(writer, "count", chip->count);
        count_write_json(writer, "cores", chip->cores);
        json_pair_number(writer, "memory_bytes", chip->memory_bytes);
        json_end_object(writer);
    }
    json_end_array(writer);
}

void device_json_write(struct json_writer *writer, const struct device *device)
{
    json_begin_object(writer);
    json_pair_string(writer, "chip", device->chip);
    count_write_json(writer, "cpu_count", device->cpu_count);
    count_write_json(writer, "cores", device->cores);
    count_write_json(writer, "threads", device->threads);
    count_write_json(writer, "usable_threads", device->usable_threads);
    write_kinds(writer, device);
    count_write_json(writer, "gpu_cores", device->gpu_cores);
    write_chips(writer, device);
    json_pair_number(writer, "memory_bytes", device->memory_bytes);
    json_pair_string(writer, "memory_type", device->memory_type);
    json_pair_string(writer, "board", device->board);
    json_pair_string(writer, "architecture", device->architecture);
    json_pair_string(writer, "os_name", device->os_name);
    json_pair_string(writer, "os_version", device->os_version);
    json_pair_string(writer, "kernel", device->kernel);
    json_pair_string(writer, "driver", device->driver);
    json_pair_string(writer, "virtualization", device->virtualization);
    parameters_write_json(writer, "extra", &device->extra);
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

static void read_extra(struct reader *reader, const struct json *root, struct device *device)
{
    const struct json *extra = NULL;
    if (reader->failed == 0)
        reader->failed = json_member_object(root, "", "extra", JSON_OPTIONAL, &extra, reader->err);
    for (const struct json *item = json_first(extra); reader->failed == 0 && item != NULL; item = json_next(item)) {
        bool good = true;
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
    device.chip = read_text(&reader, root, "", "chip");
    device.cpu_count = read_count(&reader, root, "", "cpu_count");
    device.cores = read_count(&reader, root, "", "cores");
    device.threads = read_count(&reader, root, "", "threads");
    device.usable_threads = read_count(&reader, root, "", "usable_threads");
    read_kinds(&reader, root, &device);
    device.gpu_cores = read_count(&reader, root, "", "gpu_cores");
    read_chips(&reader, root, &device);
    device.memory_bytes = read_number(&reader, root, "", "memory_bytes");
    device.memory_type = read_text(&reader, root, "", "memory_type");
    device.board = read_text(&reader, root, "", "board");
    device.architecture = read_text(&reader, root, "", "architecture");
    device.os_name = read_text(&reader, root, "", "os_name");
    device.os_version = read_text(&reader, root, "", "os_version");
    device.kernel = read_text(&reader, root, "", "kernel");
    device.driver = read_text(&reader, root, "", "driver");
    device.virtualization = read_text(&reader, root, "", "virtualization");
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
