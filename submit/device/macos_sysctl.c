#include "submit/device/macos_sysctl.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "submit/device/extras.h"
#ifdef __APPLE__
#include <sys/sysctl.h>
#endif

#define LEVELS_MAX 8

/* Where values come from: this machine, or recorded listings and files of one value. */
struct source {
    const struct root *root;
    struct str listing;
};

#ifdef __APPLE__
static bool live_value(const char *key, char *target, size_t size)
{
    char text[256] = "";
    size_t length = sizeof(text);
    int64_t number = 0;
    if (sysctlbyname(key, text, &length, NULL, 0) != 0 || length == 0 || length >= sizeof(text))
        return false;
    bool is_text = text[length - 1] == '\0' && length != sizeof(int32_t) && length != sizeof(int64_t);
    if (!is_text && length <= sizeof(number)) {
        memcpy(&number, text, length);
        (void)snprintf(target, size, "%lld", (long long)number);
    } else {
        text_copy(target, size, text);
    }
    return true;
}
#endif

/* "key: value", as Linux prints it "key = value". */
static bool listed_value(struct str listing, const char *key, char *target, size_t size)
{
    struct str line;
    size_t length = strlen(key);
    while (str_next_line(&listing, &line)) {
        line = str_trim(line);
        if (!str_starts_with(line, str_of(key)) || line.len <= length || strchr(": =", line.data[length]) == NULL)
            continue;
        struct str value = str_trim(str_slice(line.data + length + 1, line.len - length - 1));
        if (value.len > 0 && value.data[0] == '=')
            value = str_trim(str_slice(value.data + 1, value.len - 1));
        if (value.len == 0 || value.len >= size)
            return false;
        str_copy(target, size, value);
        return true;
    }
    return false;
}

static bool value_of(const struct source *source, const char *key, char *target, size_t size)
{
#ifdef __APPLE__
    if (source->root->live)
        return live_value(key, target, size);
#endif
    return listed_value(source->listing, key, target, size) ||
           root_line(source->root, target, size, "commands/sysctl-n-%s.txt", key) ||
           root_line(source->root, target, size, "commands/sysctl-n_%s.txt", key);
}

static const char *text_value(const struct source *source, const char *key, struct arena *arena)
{
    char text[256];
    return value_of(source, key, text, sizeof(text)) ? fact_text(arena, str_of(text)) : NULL;
}

static int64_t count_value(const struct source *source, const char *key)
{
    char text[64];
    int64_t number;
    return value_of(source, key, text, sizeof(text)) && number_parse_int64(str_of(text), &number) && number > 0
               ? number
               : COUNT_UNKNOWN;
}

static int64_t level_value(const struct source *source, int64_t level, const char *name)
{
    char key[64];
    (void)snprintf(key, sizeof(key), "hw.perflevel%d.%s", (int)level, name);
    return count_value(source, key);
}

/* An excerpt may hold the levels without their number. */
static int64_t count_levels(const struct source *source)
{
    int64_t levels = count_value(source, "hw.nperflevels");
    if (levels > 0)
        return levels > LEVELS_MAX ? COUNT_UNKNOWN : levels;
    for (levels = 0; levels < LEVELS_MAX; levels++)
        if (level_value(source, levels, "physicalcpu") < 0)
            break;
    return levels > 0 ? levels : COUNT_UNKNOWN;
}

/* One kind of cores a performance level, fastest first; older systems give the levels no names. Only Apple's own chips
 * have several levels, and none of them has two threads a core. */
static void read_levels(const struct source *source, struct arena *arena, struct device *device)
{
    int64_t levels = count_levels(source), sum = 0;
    if (levels < 1)
        return;
    struct core_kind *kinds = arena_alloc(arena, (size_t)levels, sizeof(*kinds));
    if (kinds == NULL)
        return;
    for (int64_t i = 0; i < levels; i++) {
        char key[64];
        struct core_kind *kind = &kinds[i];
        (void)snprintf(key, sizeof(key), "hw.perflevel%d.name", (int)i);
        kind->name = text_value(source, key, arena);
        if (kind->name == NULL)
            kind->name = levels > 2 ? arena_printf(arena, "Level %d", (int)i) : i == 0 ? "Performance" : "Efficiency";
        kind->cores = level_value(source, i, "physicalcpu");
        if (kind->cores < 0)
            kind->cores = level_value(source, i, "physicalcpu_max");
        kind->threads = level_value(source, i, "logicalcpu");
        if (kind->threads < 0 && levels > 1)
            kind->threads = kind->cores;
        sum = kind->cores > 0 && sum >= 0 ? sum + kind->cores : -1;
    }
    if (device->cores == COUNT_UNKNOWN && sum > 0)
        device->cores = sum;
    if (levels < 2)
        return;
    device->core_kinds = kinds;
    device->core_kind_count = (size_t)levels;
}

static int64_t first_count(const struct source *source, const char *const *keys, size_t count)
{
    int64_t value = COUNT_UNKNOWN;
    for (size_t i = 0; i < count && value < 0; i++)
        value = count_value(source, keys[i]);
    return value;
}

static void read_counts(const struct source *source, struct arena *arena, struct device *device)
{
    static const char *const cores[] = {"hw.physicalcpu", "hw.physicalcpu_max", "machdep.cpu.core_count"};
    static const char *const threads[] = {"hw.logicalcpu", "hw.logicalcpu_max", "machdep.cpu.thread_count", "hw.ncpu"};
    device->cpu_count = count_value(source, "hw.packages");
    device->cores = first_count(source, cores, ARRAY_LENGTH(cores));
    device->threads = first_count(source, threads, ARRAY_LENGTH(threads));
    read_levels(source, arena, device);
    if (!text_starts_with(device->chip, "Apple") && device->core_kind_count == 0)
        return;
    /* One thread a core. */
    if (device->threads == COUNT_UNKNOWN)
        device->threads = device->cores;
    if (device->cores == COUNT_UNKNOWN)
        device->cores = device->threads;
}

static void read_caches(const struct source *source, struct arena *arena, struct device *device)
{
    /* hw.l2cachesize is that of the slow cores where there are two kinds. */
    if (device->core_kind_count > 0) {
        extras_number(arena, device, EXTRA_L2_CACHE, (double)level_value(source, 0, "l2cachesize"));
        return;
    }
    extras_number(arena, device, EXTRA_L2_CACHE, (double)count_value(source, "hw.l2cachesize"));
    extras_number(arena, device, EXTRA_L3_CACHE, (double)count_value(source, "hw.l3cachesize"));
}

bool macos_sysctl_listing(const struct root *root, struct arena *arena, struct buf *into)
{
    size_t count;
    char **names = root_list(root, "commands", arena, &count);
    for (size_t i = 0; i < count; i++) {
        char path[PATH_MAX];
        if (!text_starts_with(names[i], "sysctl") || text_starts_with(names[i], "sysctl-n-") ||
            text_starts_with(names[i], "sysctl-n_") ||
            snprintf(path, sizeof(path), "commands/%s", names[i]) >= (int)sizeof(path))
            continue;
        autobuf struct buf text = BUF(ROOT_FILE_MAX);
        if (root_read(root, path, &text)) {
            buf_add(into, buf_text(&text), text.len);
            buf_addc(into, '\n');
        }
    }
    return into->len > 0;
}

void macos_sysctl_read(const struct root *root, struct arena *arena, struct device *device)
{
    autobuf struct buf text = BUF(2 * ROOT_FILE_MAX);
    if (!root->live)
        (void)macos_sysctl_listing(root, arena, &text);
    const struct source source = {root, str_slice(buf_text(&text), text.len)};
    int64_t bytes = count_value(&source, "hw.memsize");
    device->chip = text_value(&source, "machdep.cpu.brand_string", arena);
    device->board = text_value(&source, "hw.model", arena);
    device->architecture = text_value(&source, "hw.machine", arena);
    device->os_version = text_value(&source, "kern.osproductversion", arena);
    device->kernel = text_value(&source, "kern.osrelease", arena);
    if (bytes > 0)
        device->memory_bytes = (double)bytes;
    read_counts(&source, arena, device);
    read_caches(&source, arena, device);
    if (count_value(&source, "sysctl.proc_translated") == 1)
        extras_word(arena, device, EXTRA_TRANSLATED, "rosetta");
    if ((device->chip != NULL && strstr(device->chip, "(Virtual)") != NULL) ||
        text_starts_with(device->board, "VirtualMac") || count_value(&source, "kern.hv_vmm_present") == 1)
        device->virtualization = "vm";
}
