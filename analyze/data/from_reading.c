/* A reading (of a file, or of the rows of a submission) as results. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/data/result_set.h"
#include "schema/base/buf.h"
#include "schema/base/clock.h"
#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/bundle/keys.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"

#define PARAMETERS_TEXT_MAX 4096
#define GIB 1073741824.0

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

const char *label_text(const struct label_list *labels, const char *name)
{
    for (size_t i = 0; i < labels->count; i++)
        if (text_equal_ignore_case(labels->items[i].name, name))
            return labels->items[i].text;
    return NULL;
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

static const char *text_or_empty(struct arena *arena, const char *text)
{
    const char *copy = text_is_empty(text) ? NULL : arena_strdup(arena, text);

    return copy != NULL ? copy : "";
}

void result_name_chip(struct result_set *set, struct result *result, const char *given, const struct device *device)
{
    struct chip_match match;

    result->chip_given = text_or_empty(&set->arena, given);
    if (text_is_empty(given))
        return;
    const struct chip_facts facts = facts_for(device, given);

    catalog_match_chip(given, &facts, &match);
    result->chip_known = match.chip != NULL;
    result->chip = match.chip != NULL ? match.chip : result->chip_given;
    result->chip_entry = match.entry;
    /* A catalogue variant is constant; "" where the chip comes in one form or the form is not known. */
    result->chip_variant = match.variant != NULL ? match.variant : "";
    if (result->chip_count <= 1 && match.count > 1)
        result->chip_count = match.count;
}

void result_name_system(struct result_set *set, struct result *result, const struct device *device)
{
    const char *name = device->os_name, *version = device->os_version;

    result->driver = text_or_empty(&set->arena, device->driver);
    if (text_is_empty(name))
        return;
    const char *system =
        text_is_empty(version) ? arena_strdup(&set->arena, name) : arena_printf(&set->arena, "%s %s", name, version);

    result->os = system != NULL ? system : "";
}

void result_choose_value(struct result *result, struct arena *scratch)
{
    size_t count = 0;
    double *finite = NULL;

    if (!isfinite(result->median) && result->sample_count > 0)
        finite = arena_alloc(scratch, result->sample_count, sizeof(*finite));
    for (size_t i = 0; finite != NULL && i < result->sample_count; i++)
        if (isfinite(result->samples[i]))
            finite[count++] = result->samples[i];
    if (count > 0) {
        stats_sort(finite, count);
        result->median = stats_median(finite, count);
    }
    result->value = isfinite(result->median) ? result->median : result->mean;
    if (result->n == COUNT_UNKNOWN && count > 0)
        result->n = (int64_t)count;
}

static void fill_workload(struct result_set *set, struct result *result, const struct workload *workload)
{
    struct arena *arena = &set->arena;

    result->model = text_or_empty(arena, workload->model != NULL ? workload->model : workload->model_as_given);
    result->quantization = text_or_empty(arena, workload->quantization);
    result->backend = text_or_empty(arena, workload->backend);
    result->mode = text_or_empty(arena, workload->mode);
    result->task = text_or_empty(arena, workload->task);
    result->category = text_or_empty(arena, workload->category);
    result->parameters = parameters_text(arena, &workload->parameters);
    parameters_add(arena, &result->parameter_items, &workload->parameters);
    result->model_bytes =
        workload->model_bytes > 0 ? workload->model_bytes : catalog_model_bytes(result->model, workload->quantization);
}

static void fill_measurement(struct result_set *set, struct result *result, const struct measurement *measurement)
{
    struct arena *arena = &set->arena;

    result->metric = text_or_empty(arena, measurement->metric);
    result->unit = text_or_empty(arena, measurement->unit);
    result->direction = measurement->direction;
    result->n = measurement->n;
    result->mean = measurement->mean;
    result->stddev = measurement->stddev;
    result->stddev_kind = measurement->stddev_kind;
    result->min = measurement->min;
    result->max = measurement->max;
    result->median = measurement->median;
    if (measurement->sample_count > 0) {
        double *samples = arena_alloc(arena, measurement->sample_count, sizeof(*samples));

        if (samples != NULL)
            memcpy(samples, measurement->samples, measurement->sample_count * sizeof(*samples));
        result->samples = samples;
        result->sample_count = samples != NULL ? measurement->sample_count : 0;
    }
    result_choose_value(result, arena);
}

/* A time without a zone is read as UTC; the date is all that is shown of it. */
static int64_t run_time(const struct run *run)
{
    char text[CLOCK_TEXT_SIZE + 1];
    int64_t ran_us = TIME_UNKNOWN;

    if (run->ran_at == NULL)
        return TIME_UNKNOWN;
    (void)snprintf(text, sizeof(text), "%.39s%s", run->ran_at, run->ran_at_local ? "Z" : "");
    return clock_parse(str_of(text), &ran_us) ? ran_us : TIME_UNKNOWN;
}

static void fill_run(struct result_set *set, struct result *result, const struct reading *reading,
                     const struct run *run)
{
    struct arena *arena = &set->arena;

    result->chip_count = run->chip_count > 1 ? run->chip_count : 1;
    result_name_chip(set, result, reading_chip_name(reading, run), &reading->device);
    result->tool = text_or_empty(arena, reading->tool);
    result->tool_version = text_or_empty(arena, reading->tool_version);
    result->setup = parameters_text(arena, &run->setup);
    parameters_add(arena, &result->setup_items, &run->setup);
    for (size_t i = 0; i < run->labels.count; i++)
        labels_add(arena, &result->labels, run->labels.items[i].name, run->labels.items[i].text);
    result_name_system(set, result, &reading->device);
    result->variant = run->variant != NULL ? text_or_empty(arena, run->variant) : "alone";
    result->ran_us = run_time(run);
    fill_workload(set, result, &run->workload);
}

/* The key of the device as if nobody had proved who sent it: equal facts are one device. */
static const char *device_key(struct result_set *set, const struct reading *reading, struct err *err)
{
    static const struct bundle_key nobody = {{0}};
    struct bundle_key key;
    char text[BUNDLE_KEY_TEXT_SIZE];

    if (bundle_device_key(nobody, &reading->device, &key, err) < 0)
        return NULL;
    return text_or_empty(&set->arena, bundle_key_text(text, key));
}

static const char *flags_text(struct result_set *set, const struct flag_list *run, const struct flag_list *measurement)
{
    autobuf struct buf text = BUF(4096);

    for (size_t i = 0; i < run->count; i++)
        buf_addf(&text, "%s%s", text.len > 0 ? ", " : "", run->items[i]);
    for (size_t i = 0; i < measurement->count; i++)
        buf_addf(&text, "%s%s", text.len > 0 ? ", " : "", measurement->items[i]);
    return text.len > 0 ? text_or_empty(&set->arena, buf_text(&text)) : "";
}

int result_set_add_reading(struct result_set *set, size_t submission, const struct reading *reading, struct err *err)
{
    const char *device = device_key(set, reading, err);
    size_t ordinal = 0;

    if (device == NULL)
        return err != NULL ? -(int)err->code : -ERR_MEMORY;
    for (size_t i = 0; i < reading->run_count; i++) {
        const struct run *run = &reading->runs[i];

        for (size_t j = 0; j < run->measurement_count; j++) {
            struct result *result = result_set_add_result(set);

            if (result == NULL)
                break;
            result->submission = submission;
            result->run = i;
            result->ordinal = ordinal++;
            result->device = device;
            result_set_flags(result, flags_text(set, &run->flags, &run->measurements[j].flags));
            fill_run(set, result, reading, run);
            fill_measurement(set, result, &run->measurements[j]);
        }
    }
    return arena_check(&set->arena, err);
}
