#include "submit/attach.h"

#include <math.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/base/str.h"
#include "schema/catalog/catalog.h"

const char *attachment_words(enum attachment attachment)
{
    switch (attachment) {
    case ATTACHED_LOCAL:
        return "taken as run here: this machine's facts are added (--elsewhere if it was not)";
    case ATTACHED_OTHER:
        return "facts of --device are added";
    case ATTACHED_NONE:
        return "the file names another machine: nothing of this one is added";
    case ATTACHED_ELSEWHERE:
        return "run elsewhere: nothing of this machine is added";
    }
    return "";
}

/* The same chip in the catalogue, or, where it knows neither, the same name. */
static bool same_chip(const char *a, const char *b)
{
    struct chip_match left, right;
    if (text_equal_ignore_case(a, b))
        return true;
    catalog_match_chip(a, NULL, &left);
    catalog_match_chip(b, NULL, &right);
    return left.chip != NULL && right.chip != NULL && text_equal(left.chip, right.chip);
}

static bool has_chip(const struct device *local, const char *name)
{
    if (local->chip != NULL && same_chip(local->chip, name))
        return true;
    for (size_t i = 0; i < local->chip_count; i++)
        if (same_chip(local->chips[i].name, name))
            return true;
    return false;
}

static bool agrees(const char *stated, const char *local)
{
    return stated == NULL || local == NULL || text_equal_ignore_case(stated, local);
}

bool attach_is_local(const struct reading *reading, const struct device *local)
{
    const struct device *stated = &reading->device;
    if (stated->chip != NULL && !has_chip(local, stated->chip))
        return false;
    for (size_t i = 0; i < stated->chip_count; i++)
        if (!has_chip(local, stated->chips[i].name))
            return false;
    for (size_t i = 0; i < reading->run_count; i++)
        if (reading->runs[i].chip_name != NULL && !has_chip(local, reading->runs[i].chip_name))
            return false;
    /* Tools round memory: a tenth apart is another machine. */
    if (!isnan(stated->memory_bytes) && !isnan(local->memory_bytes) &&
        fabs(stated->memory_bytes / local->memory_bytes - 1) > 0.1)
        return false;
    return agrees(stated->board, local->board) && agrees(stated->os_name, local->os_name) &&
           agrees(stated->architecture, local->architecture);
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
