#include "schema/bundle/cell.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/json/json_write.h"
#include "schema/proof/hash.h"

#define PARAMETERS_TEXT_MAX 4096
#define CANONICAL_MAX ((size_t)64 << 10)
#define GIB 1073741824.0

/* ---- parameters */

static int compare_parameters(const void *left, const void *right)
{
    const struct parameter *const *a = left, *const *b = right;

    return strcmp((*a)->name, (*b)->name);
}

static void put_parameter(struct buf *into, const struct parameter *parameter)
{
    char digits[NUMBER_TEXT_SIZE];

    buf_addf(into, "%s%s=", into->len > 0 ? ", " : "", parameter->name);
    switch (parameter->type) {
    case PARAMETER_NUMBER:
        buf_adds(into, isfinite(parameter->number) ? number_shortest(digits, parameter->number) : "unknown");
        break;
    case PARAMETER_BOOLEAN:
        buf_adds(into, parameter->number > 0 ? "yes" : "no");
        break;
    case PARAMETER_WORD:
        buf_adds(into, parameter->word);
        break;
    }
}

const char *parameters_text(struct arena *arena, const struct parameter_list *list)
{
    autobuf struct buf text = BUF(PARAMETERS_TEXT_MAX);
    autofree const struct parameter **order = mem_zalloc(list->count + 1, sizeof(*order));

    if (list->count == 0 || order == NULL)
        return "";
    for (size_t i = 0; i < list->count; i++)
        order[i] = &list->items[i];
    qsort(order, list->count, sizeof(*order), compare_parameters);
    for (size_t i = 0; i < list->count; i++)
        put_parameter(&text, order[i]);
    const char *copy = arena_strdup(arena, buf_text(&text));

    return copy != NULL ? copy : "";
}

bool parameters_set_json(struct arena *arena, struct parameter_list *list, const struct json *member)
{
    const char *name = json_key(member);

    switch (json_type(member)) {
    case JSON_NUMBER:
        parameters_set_number(arena, list, name, json_number(member));
        return true;
    case JSON_BOOLEAN:
        parameters_set_boolean(arena, list, name, json_boolean(member, false));
        return true;
    case JSON_STRING:
        return parameters_set_word(arena, list, name, json_string(member));
    case JSON_ABSENT:
    case JSON_NULL:
    case JSON_NOT_FINITE:
    case JSON_ARRAY:
    case JSON_OBJECT:
        break;
    }
    return false;
}

struct parameter_list parameters_of_json(struct arena *arena, const struct json *object)
{
    struct parameter_list list = {NULL, 0, 0};

    for (const struct json *member = json_first(object); member != NULL; member = json_next(member))
        (void)parameters_set_json(arena, &list, member);
    return list;
}

/* ---- from the rows */

static int read_object(const char *text, struct json_document **ret, struct err *err)
{
    const int status = json_read_strict(str_of(text), &json_limits_tool, ret, err);

    return status < 0 ? err_prefix(err, "facts of a run in the database") : 0;
}

/* NULL when it is not there or empty. */
static const char *member_text(struct arena *arena, const struct json *object, const char *key)
{
    const char *text = json_string(json_get(object, key));

    return text_is_empty(text) ? NULL : arena_strdup(arena, text);
}

int workload_of_facts(struct arena *arena, const char *facts, struct workload *ret, struct err *err)
{
    autojson struct json_document *document = NULL;
    const double none = (double)NAN;

    *ret = (struct workload){.model_bytes = none, .model_parameters = none};
    const int status = facts != NULL ? read_object(facts, &document, err) : 0;

    if (status < 0 || document == NULL)
        return status;
    const struct json *object = json_root(document);

    ret->model = member_text(arena, object, "model");
    ret->model_as_given = member_text(arena, object, "model_as_given");
    ret->quantization = member_text(arena, object, "quantization");
    ret->backend = member_text(arena, object, "backend");
    ret->mode = member_text(arena, object, "mode");
    ret->task = member_text(arena, object, "task");
    ret->category = member_text(arena, object, "category");
    ret->parameters = parameters_of_json(arena, json_get(object, "parameters"));
    ret->model_bytes = json_number(json_get(object, "model_bytes"));
    ret->model_parameters = json_number(json_get(object, "model_parameters"));
    return arena_check(arena, err);
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

static void take_chips(struct arena *arena, const struct json *chips, struct device *device)
{
    const size_t count = json_count(chips);

    device->chips = count > 0 ? arena_alloc(arena, count, sizeof(*device->chips)) : NULL;
    if (device->chips == NULL)
        return;
    for (const struct json *chip = json_first(chips); chip != NULL; chip = json_next(chip))
        device->chips[device->chip_count++] = (struct device_chip){.name = member_text(arena, chip, "name"),
                                                                   .kind = member_text(arena, chip, "kind"),
                                                                   .count = member_count(chip, "count"),
                                                                   .cores = member_count(chip, "cores"),
                                                                   .memory_bytes = member_memory(chip)};
}

int device_of_facts(struct arena *arena, const char *facts, struct device *ret, struct err *err)
{
    autojson struct json_document *document = NULL;

    *ret = (struct device){.chip = NULL};
    const int status = facts != NULL ? read_object(facts, &document, err) : 0;

    if (status < 0 || document == NULL)
        return status;
    const struct json *object = json_root(document);

    ret->chip = member_text(arena, object, "chip");
    ret->cores = member_count(object, "cores");
    ret->gpu_cores = member_count(object, "gpu_cores");
    ret->board = member_text(arena, object, "board");
    ret->os_name = member_text(arena, object, "os_name");
    ret->os_version = member_text(arena, object, "os_version");
    ret->driver = member_text(arena, object, "driver");
    take_chips(arena, json_get(object, "chips"), ret);
    return arena_check(arena, err);
}

/* ---- the parts of a cell */

static const char *text_or_empty(const char *text)
{
    return text != NULL ? text : "";
}

void cell_set_workload(struct arena *arena, const struct workload *workload, const struct cell_aliases *aliases,
                       struct cell *cell)
{
    cell->model = text_or_empty(text_is_empty(workload->model) ? workload->model_as_given : workload->model);
    const struct catalog_alias *alias =
        aliases != NULL && catalog_model(cell->model) == NULL ? catalog_alias(&aliases->models, cell->model) : NULL;

    if (alias != NULL)
        cell->model = alias->target;
    cell->quantization = text_or_empty(workload->quantization);
    cell->backend = text_or_empty(workload->backend);
    cell->mode = text_or_empty(workload->mode);
    cell->task = text_or_empty(workload->task);
    cell->category = text_or_empty(workload->category);
    cell->parameters = parameters_text(arena, &workload->parameters);
}

/* Facts of the chip that a run used: the device's own chip, or the further one of that name. */
static struct chip_facts facts_for(const struct device *device, const char *given)
{
    struct chip_facts facts = {.memory_gib = (double)NAN};

    for (size_t i = 0; i < device->chip_count; i++) {
        const struct device_chip *chip = &device->chips[i];

        if (!text_equal(chip->name, given))
            continue;
        facts.gpu_cores = chip->cores > 0 ? chip->cores : 0;
        if (isfinite(chip->memory_bytes) && chip->memory_bytes > 0)
            facts.memory_gib = chip->memory_bytes / GIB;
        return facts;
    }
    if (device->chip != NULL && !text_equal(device->chip, given))
        return facts;
    facts.cpu_cores = device->cores > 0 ? device->cores : 0;
    facts.gpu_cores = device->gpu_cores > 0 ? device->gpu_cores : 0;
    facts.board = device->board;
    return facts;
}

void cell_set_chip(const char *given, int64_t count, const struct device *device, const struct cell_aliases *aliases,
                   struct cell *cell, struct chip_match *ret_match)
{
    *ret_match = (struct chip_match){.bandwidth_max_gb_s = (double)NAN, .count = 1};
    cell->chip = cell->chip_variant = "";
    cell->chip_count = count > 1 ? count : 1;
    if (text_is_empty(given))
        return;
    const struct chip_facts facts = facts_for(device, given);

    catalog_match_chip_or_alias(given, &facts, aliases != NULL ? &aliases->chips : NULL, ret_match);
    cell->chip = ret_match->chip != NULL ? ret_match->chip : given;
    /* A catalogue variant is constant; "" where the chip comes in one form or the form is not known. */
    cell->chip_variant = text_or_empty(ret_match->variant);
    if (count <= 1 && ret_match->count > 1)
        cell->chip_count = ret_match->count;
}

int cell_key(const struct cell *cell, struct bundle_key *ret, struct err *err)
{
    const struct {
        const char *name, *text;
    } parts[] = {
        {"backend", cell->backend},
        {"category", cell->category},
        {"chip", cell->chip},
        {"metric", cell->metric},
        {"mode", cell->mode},
        {"model", cell->model},
        {"parameters", cell->parameters},
        {"quantization", cell->quantization},
        {"task", cell->task},
        {"tool", cell->tool},
        {"unit", cell->unit},
        {"variant", cell->variant},
        {"variant_of_chip", cell->chip_variant},
    };
    autobuf struct buf canonical = BUF(CANONICAL_MAX);
    struct json_writer writer;

    buf_adds(&canonical, "crosschip-cell-1\n");
    writer = json_writer(&canonical, 0);
    json_begin_object(&writer);
    json_pair_int(&writer, "count", cell->chip_count);
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++)
        json_pair_string(&writer, parts[i].name, parts[i].text);
    json_end_object(&writer);
    const int status = buf_check(&canonical, err);

    if (status < 0)
        return status;
    const struct sha256 hash = sha256_of(canonical.data, canonical.len);

    memcpy(ret->bytes, hash.bytes, sizeof(ret->bytes));
    return 0;
}
