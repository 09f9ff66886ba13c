/* A reading (of a file, or of the rows of a submission) as results. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analyze/data/result_set.h"
#include "schema/base/buf.h"
#include "schema/base/clock.h"
#include "schema/base/str.h"
#include "schema/bundle/cell.h"
#include "schema/stats/figure.h"

const char *label_text(const struct label_list *labels, const char *name)
{
    for (size_t i = 0; i < labels->count; i++)
        if (text_equal_ignore_case(labels->items[i].name, name))
            return labels->items[i].text;
    return NULL;
}

static const char *text_or_empty(struct arena *arena, const char *text)
{
    const char *copy = text_is_empty(text) ? NULL : arena_strdup(arena, text);

    return copy != NULL ? copy : "";
}

static void name_chip(struct result_set *set, struct set_machine *machine, const char *given, int64_t count,
                      const struct device *device)
{
    struct chip_match match;
    struct cell cell;

    machine->chip_given = text_or_empty(&set->arena, given);
    cell_set_chip(machine->chip_given, count, device, &set->aliases, &cell, &match);
    machine->chip = cell.chip;
    machine->chip_variant = cell.chip_variant;
    machine->chip_count = cell.chip_count;
    machine->chip_known = match.chip != NULL;
    machine->chip_entry = match.entry;
}

static void name_system(struct result_set *set, struct set_machine *machine, const struct device *device)
{
    const char *name = device->os_name, *version = device->os_version;

    machine->driver = text_or_empty(&set->arena, device->driver);
    machine->os = "";
    if (text_is_empty(name))
        return;
    const char *system =
        text_is_empty(version) ? arena_strdup(&set->arena, name) : arena_printf(&set->arena, "%s %s", name, version);

    machine->os = system != NULL ? system : "";
}

const struct set_machine *result_set_machine(struct result_set *set, const char *given, int64_t chip_count,
                                             const struct device *device)
{
    struct set_machine *machine = arena_alloc(&set->arena, 1, sizeof(*machine));

    if (machine == NULL)
        return NULL;
    name_chip(set, machine, given, chip_count, device);
    name_system(set, machine, device);
    return machine;
}

void result_take_detail(struct result *result, struct result_detail *detail, int64_t n, struct arena *scratch)
{
    size_t count = 0;
    double *finite = NULL;

    if (!isfinite(detail->median) && detail->sample_count > 0)
        finite = arena_alloc(scratch, detail->sample_count, sizeof(*finite));
    result->value = stats_chosen_value(detail->median, detail->mean, detail->samples,
                                       finite != NULL ? detail->sample_count : 0, finite, &count);
    if (count > 0)
        detail->median = result->value;
    if (n == COUNT_UNKNOWN && count > 0)
        n = (int64_t)count;
    result->n = n > INT32_MAX ? INT32_MAX : (int32_t)n;
    result->detail = detail;
}

const struct set_workload *result_set_workload(struct result_set *set, const struct workload *workload)
{
    struct arena *arena = &set->arena;
    struct set_workload *made = arena_alloc(arena, 1, sizeof(*made));
    struct cell cell;

    if (made == NULL)
        return NULL;
    cell_set_workload(arena, workload, &set->aliases, &cell);
    made->model = text_or_empty(arena, cell.model);
    made->quantization = text_or_empty(arena, cell.quantization);
    made->backend = text_or_empty(arena, cell.backend);
    made->mode = text_or_empty(arena, cell.mode);
    made->task = text_or_empty(arena, cell.task);
    made->category = text_or_empty(arena, cell.category);
    made->parameters = cell.parameters;
    parameters_add(arena, &made->parameter_items, &workload->parameters);
    made->model_bytes =
        workload->model_bytes > 0 ? workload->model_bytes : catalog_model_bytes(made->model, workload->quantization);
    return made;
}

static const struct set_setup *make_setup(struct result_set *set, const struct parameter_list *items)
{
    struct set_setup *made = arena_alloc(&set->arena, 1, sizeof(*made));

    if (made == NULL)
        return NULL;
    made->text = parameters_text(&set->arena, items);
    parameters_add(&set->arena, &made->items, items);
    return made;
}

static const struct label_list *copy_labels(struct result_set *set, const struct label_list *labels)
{
    struct label_list *made = arena_alloc(&set->arena, 1, sizeof(*made));

    for (size_t i = 0; made != NULL && i < labels->count; i++)
        labels_add(&set->arena, made, labels->items[i].name, labels->items[i].text);
    return made;
}

static const double *copy_samples(struct result_set *set, const struct measurement *measurement)
{
    double *samples = arena_alloc(&set->arena, measurement->sample_count, sizeof(*samples));

    if (samples != NULL)
        memcpy(samples, measurement->samples, measurement->sample_count * sizeof(*samples));
    return samples;
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

static void add_measurement(struct result_set *set, const struct set_run *run, const struct run *of,
                            const struct measurement *measurement, size_t ordinal)
{
    struct arena *arena = &set->arena;
    struct result *result = result_set_add_result(set, run);
    struct result_detail *detail = result_set_add_detail(set);

    if (result == NULL || detail == NULL)
        return;
    result->measure = result_set_measure(set, text_or_empty(arena, measurement->metric),
                                         text_or_empty(arena, measurement->unit), measurement->direction);
    result->ordinal = (uint32_t)ordinal & RESULT_ORDINAL_MAX;
    detail->flags = flags_text(set, &of->flags, &measurement->flags);
    result_set_flags(result, detail->flags);
    detail->mean = measurement->mean;
    detail->stddev = measurement->stddev;
    detail->stddev_kind = measurement->stddev_kind;
    detail->min = measurement->min;
    detail->max = measurement->max;
    detail->median = measurement->median;
    detail->samples = measurement->sample_count > 0 ? copy_samples(set, measurement) : NULL;
    detail->sample_count = detail->samples != NULL ? (uint32_t)measurement->sample_count : 0;
    result_take_detail(result, detail, measurement->n, arena);
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

static struct set_run *add_run(struct result_set *set, size_t submission, const struct reading *reading, size_t number)
{
    struct arena *arena = &set->arena;
    const struct run *run = &reading->runs[number];
    struct set_run *made = result_set_add_run(set, submission);

    if (made == NULL)
        return NULL;
    made->number = (uint32_t)number;
    made->machine = result_set_machine(set, reading_chip_name(reading, run), run->chip_count, &reading->device);
    made->workload = result_set_workload(set, &run->workload);
    made->setup = make_setup(set, &run->setup);
    made->labels = copy_labels(set, &run->labels);
    made->tool = text_or_empty(arena, reading->tool);
    made->tool_version = text_or_empty(arena, reading->tool_version);
    made->variant = run->variant != NULL ? text_or_empty(arena, run->variant) : "alone";
    made->ran_us = run_time(run);
    return made;
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

int result_set_add_reading(struct result_set *set, size_t submission, const struct reading *reading, struct err *err)
{
    const char *device = device_key(set, reading, err);
    size_t ordinal = 0;

    if (device == NULL)
        return err != NULL ? -(int)err->code : -ERR_MEMORY;
    for (size_t i = 0; i < reading->run_count; i++) {
        const struct run *run = &reading->runs[i];
        struct set_run *made = add_run(set, submission, reading, i);

        if (made == NULL)
            break;
        made->device = device;
        for (size_t j = 0; j < run->measurement_count; j++)
            add_measurement(set, made, run, &run->measurements[j], ordinal++);
    }
    return arena_check(&set->arena, err);
}
