#include "submit/device/core_kinds.h"

#include <stdio.h>
#include <stdlib.h>

#include "submit/device/arm_names.h"

#define LOW_POWER "Low Power Efficiency"

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

void core_parts_order(struct cpuinfo *info)
{
    /* Slowest class first; clusters are listed slowest first by nearly every kernel, so that order stays within. */
    for (size_t i = 1; i < info->part_count; i++) {
        struct cpu_part part = info->parts[i];
        const struct arm_core *core = arm_core_find(part.implementer, part.part);
        size_t at = i;
        for (; at > 0; at--) {
            const struct cpu_part *before = &info->parts[at - 1];
            if (arm_core_class(arm_core_find(before->implementer, before->part)) <= arm_core_class(core))
                break;
            info->parts[at] = *before;
        }
        info->parts[at] = part;
    }
}

static void arm_kinds(const struct cpuinfo *info, struct arena *arena, struct device *device)
{
    if (info->part_count < 2)
        return;
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

static int64_t core_of_cpu(const struct topology *topology, int64_t cpu)
{
    for (size_t i = 0; topology->core_of != NULL && i < topology->cpu_count; i++)
        if (topology->cpus[i] == cpu)
            return topology->core_of[i];
    return -1;
}

/* Adds the CPUs of a list as one kind; those that are offline do not count. */
static void add_cpus(const struct topology *topology, const int64_t *cpus, size_t count, const char *name,
                     struct arena *arena, struct device *device)
{
    int64_t cores = 0, threads = 0;
    bool *seen = arena_alloc(arena, topology->cpu_count + 1, sizeof(*seen));
    if (seen == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        int64_t core = core_of_cpu(topology, cpus[i]);
        if (core < 0)
            continue;
        threads++;
        if (!seen[core])
            cores++;
        seen[core] = true;
    }
    /* Without a topology the list alone is known. */
    struct core_kind *kind = threads > 0 || topology->cpu_count == 0 ? add_kind(arena, device, name) : NULL;
    if (kind == NULL)
        return;
    kind->threads = threads > 0 ? threads : (int64_t)count;
    kind->cores = cores > 0 ? cores : COUNT_UNKNOWN;
}

static bool has_last_cache(const struct root *root, int64_t cpu)
{
    char path[96];
    (void)snprintf(path, sizeof(path), "sys/devices/system/cpu/cpu%lld/cache/index3", (long long)cpu);
    return root_exists(root, path);
}

/* The cores on the low-power island stand among the Efficiency cores; the last cache is not theirs. */
static void add_atoms(const struct root *root, const struct topology *topology, int64_t *cpus, size_t count,
                      struct arena *arena, struct device *device)
{
    int64_t *island = arena_alloc(arena, count + 1, sizeof(*island));
    size_t near = 0, far = 0;
    if (island == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        if (has_last_cache(root, cpus[i]))
            cpus[near++] = cpus[i];
        else
            island[far++] = cpus[i];
    }
    /* Where none has one, the chip has no last cache, or the recording holds no caches. */
    if (near == 0)
        add_cpus(topology, island, far, "Efficiency", arena, device);
    else
        add_cpus(topology, cpus, near, "Efficiency", arena, device);
    if (near > 0 && far > 0)
        add_cpus(topology, island, far, LOW_POWER, arena, device);
}

static void x86_kinds(const struct root *root, const struct topology *topology, struct arena *arena,
                      struct device *device)
{
    static const char *const units[] = {"cpu_core", "cpu_atom", "cpu_lowpower"};
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
        char text[512];
        int64_t *cpus;
        size_t count;
        if (!root_line(root, text, sizeof(text), "sys/devices/%s/cpus", units[i]) ||
            !cpu_list_parse(str_of(text), arena, &cpus, &count))
            continue;
        if (i == 1)
            add_atoms(root, topology, cpus, count, arena, device);
        else
            add_cpus(topology, cpus, count, i == 0 ? "Performance" : LOW_POWER, arena, device);
    }
}

/* A recording without those units: an Intel CPU of which some cores have two threads and others, with nothing switched
 * off, have one is a hybrid, and only its Performance cores have two. */
static void x86_kinds_by_threads(const struct topology *topology, struct arena *arena, struct device *device)
{
    if (topology->core_of == NULL || topology->offline > 0 || topology->cores < 2 ||
        topology->cores >= topology->threads)
        return;
    int64_t *fast = arena_alloc(arena, topology->cpu_count, sizeof(*fast));
    int64_t *slow = arena_alloc(arena, topology->cpu_count, sizeof(*slow));
    int64_t *threads = arena_alloc(arena, topology->cpu_count, sizeof(*threads));
    size_t fast_count = 0, slow_count = 0;
    if (fast == NULL || slow == NULL || threads == NULL)
        return;
    for (size_t i = 0; i < topology->cpu_count; i++) {
        if (topology->core_of[i] < 0)
            return;
        threads[topology->core_of[i]]++;
    }
    for (size_t i = 0; i < topology->cpu_count; i++) {
        if (threads[topology->core_of[i]] > 1)
            fast[fast_count++] = topology->cpus[i];
        else
            slow[slow_count++] = topology->cpus[i];
    }
    if (fast_count == 0 || slow_count == 0)
        return;
    add_cpus(topology, fast, fast_count, "Performance", arena, device);
    add_cpus(topology, slow, slow_count, "Efficiency", arena, device);
}

void core_kinds_read(const struct root *root, const struct cpuinfo *info, const struct topology *topology,
                     struct arena *arena, struct device *device)
{
    arm_kinds(info, arena, device);
    if (device->core_kind_count == 0)
        x86_kinds(root, topology, arena, device);
    if (device->core_kind_count == 0 && str_equal(info->vendor, STR("GenuineIntel")) && topology->packages == 1)
        x86_kinds_by_threads(topology, arena, device);
    /* One kind is no kinds: a list of them tells them apart. */
    if (device->core_kind_count == 1)
        device->core_kind_count = 0;
}
