#include "submit/device/caches.h"

#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "submit/device/extras.h"

#define CPUS "sys/devices/system/cpu"
#define INDEXES_MAX 8
/* A list of CPUs in the form of a mask: 8192 of them. */
#define SHARED_MAX 4096

struct cache {
    enum extra extra;
    const char *shared; /* the CPUs that share it */
};

int64_t cache_size_parse(struct str text)
{
    int64_t number, factor = 1;
    text = str_trim(text);
    if (text.len > 0 && (text.data[text.len - 1] == 'K' || text.data[text.len - 1] == 'M')) {
        factor = text.data[text.len - 1] == 'K' ? 1024 : (int64_t)1024 * 1024;
        text.len--;
    }
    return number_parse_int64(text, &number) && number > 0 && number <= INT64_C(1) << 40 ? number * factor : 0;
}

static bool kind_of(int64_t level, const char *type, enum extra *ret)
{
    if (level == 1 && text_equal(type, "Data"))
        *ret = EXTRA_L1D_CACHE;
    else if (level == 1 && text_equal(type, "Instruction"))
        *ret = EXTRA_L1I_CACHE;
    else if (level == 2 && !text_equal(type, "Instruction"))
        *ret = EXTRA_L2_CACHE;
    else if (level == 3)
        *ret = EXTRA_L3_CACHE;
    else
        return false;
    return true;
}

struct caches {
    struct cache *items;
    size_t count, capacity;
    double totals[EXTRA_COUNT];
};

static bool is_known(const struct caches *caches, const struct cache *cache)
{
    /* Neighbours share: the search from the end is short. */
    for (size_t i = caches->count; i > 0; i--)
        if (caches->items[i - 1].extra == cache->extra && text_equal(caches->items[i - 1].shared, cache->shared))
            return true;
    return false;
}

static bool add_cache(const struct root *root, int64_t cpu, int index, struct arena *arena, struct caches *caches)
{
    char folder[128], type[32], size[32], shared[SHARED_MAX];
    struct cache cache = {.extra = EXTRA_L1D_CACHE};
    int64_t level;
    (void)snprintf(folder, sizeof(folder), CPUS "/cpu%lld/cache/index%d", (long long)cpu, index);
    if (!root_int(root, &level, "%s/level", folder))
        return false;
    if (!root_line(root, type, sizeof(type), "%s/type", folder) || !kind_of(level, type, &cache.extra) ||
        !root_line(root, size, sizeof(size), "%s/size", folder) ||
        (!root_line(root, shared, sizeof(shared), "%s/shared_cpu_list", folder) &&
         !root_line(root, shared, sizeof(shared), "%s/shared_cpu_map", folder)))
        return true;
    cache.shared = shared;
    if (is_known(caches, &cache))
        return true;
    struct cache *grown = arena_grow(arena, caches->items, &caches->capacity, caches->count + 1, sizeof(*grown));
    cache.shared = arena_strdup(arena, shared);
    if (grown == NULL || cache.shared == NULL)
        return false;
    caches->items = grown;
    grown[caches->count++] = cache;
    caches->totals[cache.extra] += (double)cache_size_parse(str_of(size));
    return true;
}

void caches_read(const struct root *root, const struct topology *topology, struct arena *arena, struct device *device)
{
    static const enum extra kinds[] = {EXTRA_L1D_CACHE, EXTRA_L1I_CACHE, EXTRA_L2_CACHE, EXTRA_L3_CACHE};
    struct caches caches = {.items = NULL};
    for (size_t i = 0; i < topology->cpu_count; i++)
        for (int index = 0; index < INDEXES_MAX; index++)
            if (!add_cache(root, topology->cpus[i], index, arena, &caches))
                break;
    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
        extras_number(arena, device, kinds[i], caches.totals[kinds[i]]);
}
