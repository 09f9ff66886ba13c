#include "submit/attach.h"

#include <math.h>

const char *attachment_words(enum attachment attachment)
{
    switch (attachment) {
    case ATTACHED_LOCAL:
        return "taken as run here: this machine's facts are added (--elsewhere if it was not)";
    case ATTACHED_OTHER:
        return "facts of --device are added";
    case ATTACHED_NONE:
        return "the file names another machine, or a backend that this one has not: nothing of it is added";
    case ATTACHED_MAIL:
        return "a mail: whoever wrote it measured it, and nothing of this machine is added";
    case ATTACHED_ELSEWHERE:
        return "run elsewhere: nothing of this machine is added";
    }
    return "";
}

static void fill_text(struct arena *arena, const char **target, const char *fact)
{
    if (*target == NULL && fact != NULL)
        *target = arena_strdup(arena, fact);
}

static void fill_count(int64_t *target, int64_t fact)
{
    if (*target == COUNT_UNKNOWN)
        *target = fact;
}

static void fill_kinds(struct arena *arena, struct device *device, const struct device *facts)
{
    if (device->core_kind_count > 0 || facts->core_kind_count == 0)
        return;
    struct core_kind *kinds = arena_alloc(arena, facts->core_kind_count, sizeof(*kinds));
    if (kinds == NULL)
        return;
    for (size_t i = 0; i < facts->core_kind_count; i++) {
        kinds[i] = facts->core_kinds[i];
        kinds[i].name = arena_strdup(arena, facts->core_kinds[i].name);
    }
    device->core_kinds = kinds;
    device->core_kind_count = facts->core_kind_count;
}

static void fill_chips(struct arena *arena, struct device *device, const struct device *facts)
{
    if (device->chip_count > 0 || facts->chip_count == 0)
        return;
    struct device_chip *chips = arena_alloc(arena, facts->chip_count, sizeof(*chips));
    if (chips == NULL)
        return;
    for (size_t i = 0; i < facts->chip_count; i++) {
        chips[i] = facts->chips[i];
        chips[i].name = arena_strdup(arena, facts->chips[i].name);
        chips[i].kind = arena_strdup(arena, facts->chips[i].kind);
    }
    device->chips = chips;
    device->chip_count = facts->chip_count;
}

void attach_facts(struct reading *reading, const struct device *facts)
{
    struct arena *arena = &reading->arena;
    struct device *device = &reading->device;
    /* The main chip of the machine is not the chip that a graphics benchmark names. */
    fill_text(arena, &device->chip, facts->chip);
    fill_count(&device->cpu_count, facts->cpu_count);
    fill_count(&device->cores, facts->cores);
    fill_count(&device->threads, facts->threads);
    fill_count(&device->usable_threads, facts->usable_threads);
    fill_kinds(arena, device, facts);
    fill_count(&device->gpu_cores, facts->gpu_cores);
    fill_chips(arena, device, facts);
    if (isnan(device->memory_bytes))
        device->memory_bytes = facts->memory_bytes;
    fill_text(arena, &device->memory_type, facts->memory_type);
    fill_text(arena, &device->board, facts->board);
    fill_text(arena, &device->architecture, facts->architecture);
    fill_text(arena, &device->os_name, facts->os_name);
    fill_text(arena, &device->os_version, facts->os_version);
    fill_text(arena, &device->kernel, facts->kernel);
    fill_text(arena, &device->driver, facts->driver);
    fill_text(arena, &device->virtualization, facts->virtualization);
    parameters_add(arena, &device->extra, &facts->extra);
}
