#include "submit/device/topology.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/bundle/types.h"

#define CPUS "sys/devices/system/cpu"
#define CPU_NUMBER_MAX 1000000
/* Linux knows no more; a longer list is none. */
#define CPU_COUNT_MAX 8192

static bool add_number(struct arena *arena, int64_t **numbers, size_t *count, size_t *capacity, int64_t number)
{
    int64_t *grown = arena_grow(arena, *numbers, capacity, *count + 1, sizeof(*grown));
    if (grown == NULL)
        return false;
    *numbers = grown;
    grown[(*count)++] = number;
    return true;
}

bool cpu_list_parse(struct str text, struct arena *arena, int64_t **ret, size_t *ret_count)
{
    int64_t *numbers = NULL;
    size_t count = 0, capacity = 0;
    struct str rest = str_trim(text), field;
    while (str_next_field(&rest, ',', &field)) {
        int64_t first, last;
        struct str from = field;
        size_t dash = str_find(field, STR("-"), 0);
        if (dash != SIZE_MAX)
            from.len = dash;
        if (!number_parse_int64(from, &first))
            return false;
        last = first;
        if (dash != SIZE_MAX && !number_parse_int64(str_slice(field.data + dash + 1, field.len - dash - 1), &last))
            return false;
        if (first < 0 || last < first || last > CPU_NUMBER_MAX || (size_t)(last - first) >= CPU_COUNT_MAX - count)
            return false;
        for (int64_t number = first; number <= last; number++)
            if (!add_number(arena, &numbers, &count, &capacity, number))
                return false;
    }
    *ret = numbers;
    *ret_count = count;
    return count > 0;
}

/* Older kernels have no list: every cpuN that is not switched off. */
static void list_folders(const struct root *root, struct arena *arena, struct topology *topology)
{
    size_t count, capacity = 0;
    char **names = root_list(root, CPUS, arena, &count);
    for (size_t i = 0; i < count; i++) {
        int64_t number, online = 1;
        if (!text_starts_with(names[i], "cpu") || !number_parse_int64(str_of(names[i] + 3), &number))
            continue;
        if (root_int(root, &online, CPUS "/%s/online", names[i]) && online == 0)
            continue;
        if (!add_number(arena, &topology->cpus, &topology->cpu_count, &capacity, number))
            return;
    }
}

static void list_cpus(const struct root *root, struct arena *arena, struct topology *topology)
{
    autobuf struct buf text = BUF(64 << 10);
    if (root_read(root, CPUS "/online", &text) &&
        cpu_list_parse(str_slice(buf_text(&text), text.len), arena, &topology->cpus, &topology->cpu_count))
        return;
    topology->cpus = NULL;
    topology->cpu_count = 0;
    list_folders(root, arena, topology);
}

/* What tells cores apart: the list of their threads, else package and core id (which repeats across packages). */
static bool core_key(const struct root *root, int64_t cpu, char *target, size_t size)
{
    int64_t package = -1, core;
    if (root_line(root, target, size, CPUS "/cpu%lld/topology/thread_siblings_list", (long long)cpu) ||
        root_line(root, target, size, CPUS "/cpu%lld/topology/thread_siblings", (long long)cpu))
        return true;
    if (!root_int(root, &core, CPUS "/cpu%lld/topology/core_id", (long long)cpu))
        return false;
    (void)root_int(root, &package, CPUS "/cpu%lld/topology/physical_package_id", (long long)cpu);
    (void)snprintf(target, size, "%lld:%lld", (long long)package, (long long)core);
    return true;
}

struct distinct {
    char **texts;
    size_t count, capacity;
};

static int64_t distinct_index(struct distinct *seen, struct arena *arena, const char *text)
{
    /* Neighbours in number are neighbours in topology: the search from the end is short. */
    for (size_t i = seen->count; i > 0; i--)
        if (strcmp(seen->texts[i - 1], text) == 0)
            return (int64_t)(i - 1);
    char **grown = arena_grow(arena, seen->texts, &seen->capacity, seen->count + 1, sizeof(*grown));
    if (grown == NULL)
        return -1;
    seen->texts = grown;
    grown[seen->count] = arena_strdup(arena, text);
    return grown[seen->count] == NULL ? -1 : (int64_t)seen->count++;
}

/* The package: its number, or where the kernel gives none (-1), the CPUs that share it. */
static bool package_key(const struct root *root, int64_t cpu, char *target, size_t size)
{
    static const char *const siblings[] = {"package_cpus_list", "core_siblings_list", "core_siblings"};
    if (root_line(root, target, size, CPUS "/cpu%lld/topology/physical_package_id", (long long)cpu) && target[0] != '-')
        return true;
    for (size_t i = 0; i < ARRAY_LENGTH(siblings); i++)
        if (root_line(root, target, size, CPUS "/cpu%lld/topology/%s", (long long)cpu, siblings[i]))
            return true;
    return false;
}

static int64_t count_offline(const struct root *root, struct arena *arena)
{
    char text[4096];
    int64_t *cpus;
    size_t count, present;
    /* "offline" also lists CPUs that could be plugged in later: only those that are present count. */
    if (!root_line(root, text, sizeof(text), CPUS "/present") ||
        !cpu_list_parse(str_of(text), arena, &cpus, &present) || !root_line(root, text, sizeof(text), CPUS "/online") ||
        !cpu_list_parse(str_of(text), arena, &cpus, &count))
        return COUNT_UNKNOWN;
    return present >= count ? (int64_t)(present - count) : COUNT_UNKNOWN;
}

void topology_read(const struct root *root, struct arena *arena, struct topology *ret)
{
    struct distinct cores = {0}, packages = {0};
    char text[4096];
    *ret = (struct topology){
        .packages = COUNT_UNKNOWN, .cores = COUNT_UNKNOWN, .threads = COUNT_UNKNOWN, .offline = COUNT_UNKNOWN};
    list_cpus(root, arena, ret);
    if (ret->cpu_count == 0)
        return;
    ret->offline = count_offline(root, arena);
    ret->threads = (int64_t)ret->cpu_count;
    ret->core_of = arena_alloc(arena, ret->cpu_count, sizeof(*ret->core_of));
    if (ret->core_of == NULL)
        return;
    for (size_t i = 0; i < ret->cpu_count; i++) {
        char folder[96];
        (void)snprintf(folder, sizeof(folder), CPUS "/cpu%lld/topology", (long long)ret->cpus[i]);
        ret->core_of[i] = -1;
        if (!root_exists(root, folder))
            continue;
        ret->core_of[i] = core_key(root, ret->cpus[i], text, sizeof(text)) ? distinct_index(&cores, arena, text) : -1;
        if (package_key(root, ret->cpus[i], text, sizeof(text)))
            (void)distinct_index(&packages, arena, text);
    }
    if (cores.count > 0)
        ret->cores = (int64_t)cores.count;
    if (packages.count > 0)
        ret->packages = (int64_t)packages.count;
}
