#include "analyze/data/facts.h"

#include <math.h>

#include "schema/base/str.h"
#include "schema/json/json.h"

#define GIB 1073741824.0

static int read_object(const char *text, struct json_document **ret, struct err *err)
{
    const int status = json_read_strict(str_of(text), &json_limits_tool, ret, err);

    return status < 0 ? err_prefix(err, "facts of a run in the database") : 0;
}

static const char *member_text(struct result_set *set, const struct json *object, const char *key)
{
    const char *text = json_string(json_get(object, key));
    const char *copy = text_is_empty(text) ? NULL : arena_strdup(&set->arena, text);

    return copy != NULL ? copy : "";
}

static struct parameter_list object_as_list(struct result_set *set, const struct json *object)
{
    struct parameter_list list = {NULL, 0, 0};

    for (const struct json *member = json_first(object); member != NULL; member = json_next(member)) {
        const char *name = json_key(member);

        switch (json_type(member)) {
        case JSON_NUMBER:
            parameters_set_number(&set->arena, &list, name, json_number(member));
            break;
        case JSON_BOOLEAN:
            parameters_set_boolean(&set->arena, &list, name, json_boolean(member, false));
            break;
        case JSON_STRING:
            (void)parameters_set_word(&set->arena, &list, name, json_string(member));
            break;
        case JSON_ABSENT:
        case JSON_NULL:
        case JSON_NOT_FINITE:
        case JSON_ARRAY:
        case JSON_OBJECT:
            break;
        }
    }
    return list;
}

int facts_workload_of(struct result_set *set, struct result *result, const char *workload, struct err *err)
{
    autojson struct json_document *document = NULL;

    if (workload == NULL)
        return 0;
    const int status = read_object(workload, &document, err);

    if (status < 0)
        return status;
    const struct json *object = json_root(document);
    const double bytes = json_number(json_get(object, "model_bytes"));

    result->model = member_text(set, object, "model");
    if (text_is_empty(result->model))
        result->model = member_text(set, object, "model_as_given");
    result->quantization = member_text(set, object, "quantization");
    result->backend = member_text(set, object, "backend");
    result->mode = member_text(set, object, "mode");
    result->task = member_text(set, object, "task");
    result->category = member_text(set, object, "category");
    result->parameter_items = object_as_list(set, json_get(object, "parameters"));
    result->parameters = parameters_text(&set->arena, &result->parameter_items);
    result->model_bytes = bytes > 0 ? bytes : catalog_model_bytes(result->model, result->quantization);
    return arena_check(&set->arena, err);
}

int facts_setup_of(struct result_set *set, struct result *result, const char *setup, struct err *err)
{
    autojson struct json_document *document = NULL;

    if (setup == NULL)
        return 0;
    const int status = read_object(setup, &document, err);

    if (status < 0)
        return status;
    result->setup_items = object_as_list(set, json_root(document));
    result->setup = parameters_text(&set->arena, &result->setup_items);
    return arena_check(&set->arena, err);
}

int facts_labels_of(struct result_set *set, struct result *result, const char *labels, struct err *err)
{
    autojson struct json_document *document = NULL;

    if (labels == NULL)
        return 0;
    const int status = read_object(labels, &document, err);

    if (status < 0)
        return status;
    for (const struct json *member = json_first(json_root(document)); member != NULL; member = json_next(member))
        if (json_string(member) != NULL)
            labels_add(&set->arena, &result->labels, json_key(member), json_string(member));
    return arena_check(&set->arena, err);
}

static int64_t member_count(const struct json *object, const char *key)
{
    int64_t count = COUNT_UNKNOWN;

    return json_integer(json_get(object, key), &count) ? count : COUNT_UNKNOWN;
}

/* Stated in bytes, or in whole GiB where only the canonical facts are there. */
static double member_memory(const struct json *object)
{
    const double bytes = json_number(json_get(object, "memory_bytes"));

    return bytes > 0 ? bytes : json_number(json_get(object, "memory_gib")) * GIB;
}

static void fill_chips(struct result_set *set, const struct json *chips, struct device *device)
{
    const size_t count = json_count(chips);

    device->chips = count > 0 ? arena_alloc(&set->arena, count, sizeof(*device->chips)) : NULL;
    if (device->chips == NULL)
        return;
    for (const struct json *chip = json_first(chips); chip != NULL; chip = json_next(chip))
        device->chips[device->chip_count++] = (struct device_chip){.name = json_string(json_get(chip, "name")),
                                                                   .kind = json_string(json_get(chip, "kind")),
                                                                   .count = member_count(chip, "count"),
                                                                   .cores = member_count(chip, "cores"),
                                                                   .memory_bytes = member_memory(chip)};
}

int facts_chip_of(struct result_set *set, struct result *result, const char *chip_name, const char *device,
                  struct err *err)
{
    autojson struct json_document *document = NULL;
    struct device facts = {.chip = NULL};

    if (device != NULL) {
        const int status = read_object(device, &document, err);

        if (status < 0)
            return status;
        const struct json *object = json_root(document);

        facts.chip = json_string(json_get(object, "chip"));
        facts.cores = member_count(object, "cores");
        facts.gpu_cores = member_count(object, "gpu_cores");
        facts.board = json_string(json_get(object, "board"));
        facts.os_name = json_string(json_get(object, "os_name"));
        facts.os_version = json_string(json_get(object, "os_version"));
        facts.driver = json_string(json_get(object, "driver"));
        fill_chips(set, json_get(object, "chips"), &facts);
    }
    result_name_chip(set, result, chip_name, &facts);
    result_name_system(set, result, &facts);
    return arena_check(&set->arena, err);
}
