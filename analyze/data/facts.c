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

int facts_workload(struct result_set *set, const char *text, const struct set_workload **ret, struct err *err)
{
    autojson struct json_document *document = NULL;
    struct set_workload *made = arena_alloc(&set->arena, 1, sizeof(*made));
    const int status = made != NULL ? read_object(text, &document, err) : mem_error(err);

    if (status < 0)
        return status;
    const struct json *object = json_root(document);
    const double bytes = json_number(json_get(object, "model_bytes"));

    made->model = member_text(set, object, "model");
    if (text_is_empty(made->model))
        made->model = member_text(set, object, "model_as_given");
    const struct catalog_alias *alias =
        catalog_model(made->model) == NULL ? catalog_alias(&set->model_aliases, made->model) : NULL;

    if (alias != NULL)
        made->model = alias->target;
    made->quantization = member_text(set, object, "quantization");
    made->backend = member_text(set, object, "backend");
    made->mode = member_text(set, object, "mode");
    made->task = member_text(set, object, "task");
    made->category = member_text(set, object, "category");
    made->parameter_items = object_as_list(set, json_get(object, "parameters"));
    made->parameters = parameters_text(&set->arena, &made->parameter_items);
    made->model_bytes = bytes > 0 ? bytes : catalog_model_bytes(made->model, made->quantization);
    *ret = made;
    return arena_check(&set->arena, err);
}

int facts_setup(struct result_set *set, const char *text, const struct set_setup **ret, struct err *err)
{
    autojson struct json_document *document = NULL;
    struct set_setup *made = arena_alloc(&set->arena, 1, sizeof(*made));
    const int status = made != NULL ? read_object(text, &document, err) : mem_error(err);

    if (status < 0)
        return status;
    made->items = object_as_list(set, json_root(document));
    made->text = parameters_text(&set->arena, &made->items);
    *ret = made;
    return arena_check(&set->arena, err);
}

int facts_labels(struct result_set *set, const char *text, const struct label_list **ret, struct err *err)
{
    autojson struct json_document *document = NULL;
    struct label_list *made = arena_alloc(&set->arena, 1, sizeof(*made));
    const int status = made != NULL ? read_object(text, &document, err) : mem_error(err);

    if (status < 0)
        return status;
    for (const struct json *member = json_first(json_root(document)); member != NULL; member = json_next(member))
        if (json_string(member) != NULL)
            labels_add(&set->arena, made, json_key(member), json_string(member));
    *ret = made;
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

int facts_machine(struct result_set *set, const char *chip_name, int64_t chip_count, const char *text,
                  const struct set_machine **ret, struct err *err)
{
    autojson struct json_document *document = NULL;
    const int status = read_object(text, &document, err);

    if (status < 0)
        return status;
    const struct json *object = json_root(document);
    struct device facts = {.chip = json_string(json_get(object, "chip")),
                           .cores = member_count(object, "cores"),
                           .gpu_cores = member_count(object, "gpu_cores"),
                           .board = json_string(json_get(object, "board")),
                           .os_name = json_string(json_get(object, "os_name")),
                           .os_version = json_string(json_get(object, "os_version")),
                           .driver = json_string(json_get(object, "driver"))};

    fill_chips(set, json_get(object, "chips"), &facts);
    *ret = result_set_machine(set, chip_name, chip_count, &facts);
    return arena_check(&set->arena, err);
}
