#include "submit/device/core_kinds.h"

#include <stdlib.h>

#include "submit/device/arm_names.h"

static struct core_kind *add_kind(struct arena *arena, struct device *device, const char *name)
{
    size_t capacity = device->core_kind_count;
    struct core_kind *kinds =
        arena_grow(arena, device->core_kinds, &capacity, device->core_kind_count + 1, sizeof(*kinds));
    if (kinds == NULL)
        return NULL;
    device->core_kinds = kinds;
    struct core_kind *kind = &kinds[device->core_kind_count++];
    *kind = (struct core_kind){.name = name, .cores = COUNT_UNKNOWN, .threads = COUNT_UNKNOWN};
    return kind;
}

static void arm_kinds(const struct cpuinfo *info, struct arena *arena, struct device *device)
{
    if (info->part_count < 2)
        return;
    /* The later a part stands in the table of its maker, the faster it usually is, but clusters are listed
     * slowest first by nearly every kernel: the reverse of the listing is the better order. */
    for (size_t i = info->part_count; i > 0; i--) {
        const struct cpu_part *part = &info->parts[i - 1];
        const struct arm_core *known = arm_core_find(part->implementer, part->part);
        const char *name =
            known != NULL ? known->name : arena_printf(arena, "core 0x%02x/0x%03x", part->implementer, part->part);
        struct core_kind *kind = name == NULL ? NULL : add_kind(arena, device, name);
        if (kind == NULL)
            return;
        kind->threads = part->count;
        if (known != NULL && !known->several_threads)
            kind->cores = part->count;
    }
}

static int64_t count_cores(const struct topology *topology, const int64_t *cpus, size_t count)
{
    int64_t cores = 0, last = -1;
    for (size_t i = 0; i < topology->cpu_count; i++) {
        for (size_t j = 0; j < count; j++) {
            if (topology->cpus[i] != cpus[j] || topology->core_of == NULL || topology->core_of[i] < 0)
                continue;
            /* Threads of one core carry one index; a core counts at its first thread, where the index is new. */
            if (topology->core_of[i] > last) {
                last = topology->core_of[i];
                cores++;
            }
        }
    }
    return cores == 0 ? COUNT_UNKNOWN : cores;
}

static void x86_kinds(const struct root *root, const struct topology *topology, struct arena *arena,
                      struct device *device)
{
    static const struct {
        const char *unit, *name;
    } units[] = {{"cpu_core", "Performance"}, {"cpu_atom", "Efficiency"}, {"cpu_lowpower", "Low Power Efficiency"}};
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
        char text[512];
        int64_t *cpus;
        size_t count;
        if (!root_line(root, text, sizeof(text), "sys/devices/%s/cpus", units[i].unit) ||
            !cpu_list_parse(str_of(text), arena, &cpus, &count))
            continue;
        struct core_kind *kind = add_kind(arena, device, units[i].name);
        if (kind == NULL)
            return;
        kind->threads = (int64_t)count;
        kind->cores = count_cores(topology, cpus, count);
    }
}

void core_kinds_read(const struct root *root, const struct cpuinfo *info, const struct topology *topology,
                     struct arena *arena, struct device *device)
{
    arm_kinds(info, arena, device);
    if (device->core_kind_count == 0)
        x86_kinds(root, topology, arena, device);
}
