#include "schema/bundle/types.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/str.h"

/* Well above what the largest accepted input can need, so that a hostile one ends in ERR_LIMIT. */
#define READING_MAX ((size_t)1 << 30)
#define WORD_CHARACTERS_MAX 64

struct reading *reading_new(void)
{
    struct reading *reading = mem_zalloc(1, sizeof *reading);
    if (reading == NULL)
        return NULL;
    arena_init(&reading->arena, READING_MAX);
    struct device *device = &reading->device;
    device->cpu_count = COUNT_UNKNOWN;
    device->cores = COUNT_UNKNOWN;
    device->threads = COUNT_UNKNOWN;
    device->usable_threads = COUNT_UNKNOWN;
    device->gpu_cores = COUNT_UNKNOWN;
    device->memory_bytes = (double)NAN;
    return reading;
}

void reading_free(struct reading *reading)
{
    if (reading == NULL)
        return;
    arena_done(&reading->arena);
    free(reading);
}

void reading_free_cleanup(struct reading **reading)
{
    reading_free(*reading);
    *reading = NULL;
}

struct run *reading_add_run(struct reading *reading)
{
    struct run *items =
        arena_grow(&reading->arena, reading->runs, &reading->run_capacity, reading->run_count + 1, sizeof *items);
    if (items == NULL)
        return NULL;
    reading->runs = items;
    struct run *run = &items[reading->run_count++];
    *run = (struct run){.chip_count = 1};
    run->workload.model_bytes = (double)NAN;
    run->workload.model_parameters = (double)NAN;
    return run;
}

struct measurement *run_add_measurement(struct reading *reading, struct run *run, const char *metric)
{
    char *name = arena_strdup(&reading->arena, metric);
    struct measurement *items = arena_grow(&reading->arena, run->measurements, &run->measurement_capacity,
                                           run->measurement_count + 1, sizeof *items);
    if (items == NULL || name == NULL)
        return NULL;
    run->measurements = items;
    struct measurement *measurement = &items[run->measurement_count++];
    *measurement = (struct measurement){
        .metric = name,
        .unit = "",
        .n = COUNT_UNKNOWN,
        .original_value = (double)NAN,
        .mean = (double)NAN,
        .stddev = (double)NAN,
        .min = (double)NAN,
        .max = (double)NAN,
        .median = (double)NAN,
    };
    return measurement;
}

void reading_add_problem(struct reading *reading, const char *path, int line, int column, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    char shown[sizeof text];
    text_copy(shown, sizeof shown, text);
    struct arena *arena = &reading->arena;
    struct problem problem = {
        .path = arena_strdup(arena, path),
        .line = line,
        .column = column,
        .message = arena_strdup(arena, shown),
    };
    struct problem *items =
        arena_grow(arena, reading->problems, &reading->problem_capacity, reading->problem_count + 1, sizeof *items);
    if (items == NULL || problem.message == NULL)
        return;
    reading->problems = items;
    items[reading->problem_count++] = problem;
}

void reading_add_private(struct reading *reading, size_t offset, size_t length, enum private_kind kind)
{
    if (length == 0)
        return;
    struct private_span *items = arena_grow(&reading->arena, reading->privates, &reading->private_capacity,
                                            reading->private_count + 1, sizeof *items);
    if (items == NULL)
        return;
    reading->privates = items;
    items[reading->private_count++] = (struct private_span){offset, length, kind};
}

void flags_add(struct arena *arena, struct flag_list *flags, const char *flag)
{
    if (flags_has(flags, flag))
        return;
    char *copy = arena_strdup(arena, flag);
    const char **items = arena_grow(arena, flags->items, &flags->capacity, flags->count + 1, sizeof *items);
    if (items == NULL || copy == NULL)
        return;
    flags->items = items;
    items[flags->count++] = copy;
}

bool flags_has(const struct flag_list *flags, const char *flag)
{
    for (size_t i = 0; i < flags->count; i++)
        if (text_equal(flags->items[i], flag))
            return true;
    return false;
}

/* The parameter of that name, added when the list has none; NULL when the arena failed. */
static struct parameter *parameter_slot(struct arena *arena, struct parameter_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].name[0] == name[0] && text_equal(list->items[i].name, name))
            return &list->items[i];
    char *copy = arena_strdup(arena, name);
    struct parameter *items = arena_grow(arena, list->items, &list->capacity, list->count + 1, sizeof *items);
    if (items == NULL || copy == NULL)
        return NULL;
    list->items = items;
    struct parameter *parameter = &items[list->count++];
    *parameter = (struct parameter){.name = copy};
    return parameter;
}

void parameters_set_number(struct arena *arena, struct parameter_list *list, const char *name, double number)
{
    if (!isfinite(number))
        return;
    struct parameter *parameter = parameter_slot(arena, list, name);
    if (parameter == NULL)
        return;
    parameter->type = PARAMETER_NUMBER;
    parameter->number = number;
    parameter->word = NULL;
}

void parameters_set_boolean(struct arena *arena, struct parameter_list *list, const char *name, bool value)
{
    struct parameter *parameter = parameter_slot(arena, list, name);
    if (parameter == NULL)
        return;
    parameter->type = PARAMETER_BOOLEAN;
    parameter->number = value ? 1 : 0;
    parameter->word = NULL;
}

static bool is_word(const char *word)
{
    if (text_is_empty(word))
        return false;
    const char *end = word + strlen(word);
    size_t characters = 0;
    for (const char *at = word; at < end; characters++) {
        uint32_t code_point = 0;
        size_t length = utf8_decode(at, end, &code_point);
        if (length == 0 || utf8_is_unsafe(code_point) || code_point == '/' || code_point == '\\' || code_point == '@')
            return false;
        at += length;
    }
    return characters <= WORD_CHARACTERS_MAX;
}

bool parameters_set_word(struct arena *arena, struct parameter_list *list, const char *name, const char *word)
{
    if (!is_word(word))
        return false;
    char *copy = arena_strdup(arena, word);
    struct parameter *parameter = parameter_slot(arena, list, name);
    if (parameter == NULL || copy == NULL)
        return false;
    parameter->type = PARAMETER_WORD;
    parameter->number = 0;
    parameter->word = copy;
    return true;
}

const struct parameter *parameters_find(const struct parameter_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (text_equal(list->items[i].name, name))
            return &list->items[i];
    return NULL;
}

void parameters_add(struct arena *arena, struct parameter_list *list, const struct parameter_list *more)
{
    for (size_t i = 0; i < more->count; i++) {
        const struct parameter *item = &more->items[i];
        if (parameters_find(list, item->name) != NULL)
            continue;
        if (item->type == PARAMETER_WORD)
            (void)parameters_set_word(arena, list, item->name, item->word);
        else if (item->type == PARAMETER_BOOLEAN)
            parameters_set_boolean(arena, list, item->name, item->number > 0);
        else
            parameters_set_number(arena, list, item->name, item->number);
    }
}

void labels_add(struct arena *arena, struct label_list *labels, const char *name, const char *text)
{
    struct label label = {arena_strdup(arena, name), arena_strdup(arena, text)};
    struct label *items = arena_grow(arena, labels->items, &labels->capacity, labels->count + 1, sizeof *items);
    if (items == NULL || label.name == NULL || label.text == NULL)
        return;
    labels->items = items;
    items[labels->count++] = label;
}

const char *reading_chip_name(const struct reading *reading, const struct run *run)
{
    return run != NULL && run->chip_name != NULL ? run->chip_name : reading->device.chip;
}

const char *direction_word(enum direction direction)
{
    switch (direction) {
    case DIRECTION_HIGHER:
        return "higher";
    case DIRECTION_LOWER:
        return "lower";
    case DIRECTION_UNKNOWN:
        break;
    }
    return NULL;
}
