#include "submit/bench/ground.h"

#include <errno.h>
#include <sys/mman.h>

#include "schema/base/number.h"
#include "submit/device/topology.h"

#ifdef __APPLE__
#include <sys/sysctl.h>
#endif

#define INDEXES 8 /* of caches of one CPU */

int ground_open(size_t size, struct ground *ret, struct err *err)
{
    void *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (bytes == MAP_FAILED) {
        (void)err_set_errno(err, ERR_MEMORY, errno, "%zu MB of memory for the benchmark", size / 1000000);
        return err_hint(err, "close other programs, or measure less: bench memory");
    }
#ifdef MADV_HUGEPAGE
    (void)madvise(bytes, size, MADV_HUGEPAGE);
#endif
    *ret = (struct ground){bytes, size};
    return 0;
}

void ground_close(struct ground *ground)
{
    if (ground->bytes != NULL)
        (void)munmap(ground->bytes, ground->size);
    *ground = (struct ground){0};
}

/* "32768K", "32M" */
static size_t size_parse(const char *text)
{
    struct str digits = str_of(text);
    int64_t number;
    size_t factor = 1;
    if (digits.len > 0 && (digits.data[digits.len - 1] == 'K' || digits.data[digits.len - 1] == 'M')) {
        factor = digits.data[digits.len - 1] == 'K' ? 1024 : 1048576;
        digits.len--;
    }
    return number_parse_int64(digits, &number) && number > 0 && number < INT64_C(1) << 32 ? (size_t)number * factor : 0;
}

struct cache {
    int64_t level;
    size_t bytes;
    bool first; /* this CPU is the first of those that share it */
};

static struct cache last_of(const struct root *root, struct arena *arena, int cpu)
{
    struct cache last = {0};
    char type[32], size[32], shared[4096];
    for (int i = 0; i < INDEXES; i++) {
        int64_t level;
        int64_t *cpus = NULL;
        size_t count = 0;
        if (!root_int(root, &level, "sys/devices/system/cpu/cpu%d/cache/index%d/level", cpu, i) ||
            level <= last.level ||
            !root_line(root, type, sizeof(type), "sys/devices/system/cpu/cpu%d/cache/index%d/type", cpu, i) ||
            text_equal(type, "Instruction") ||
            !root_line(root, size, sizeof(size), "sys/devices/system/cpu/cpu%d/cache/index%d/size", cpu, i))
            continue;
        const bool told = root_line(root, shared, sizeof(shared),
                                    "sys/devices/system/cpu/cpu%d/cache/index%d/shared_cpu_list", cpu, i) &&
                          cpu_list_parse(str_of(shared), arena, &cpus, &count) && count > 0;
        last = (struct cache){level, size_parse(size), !told || cpus[0] == cpu};
    }
    return last;
}

size_t caches_last_bytes(const struct root *root)
{
    struct arena arena cleanup(arena_done) = {0};
    char online[4096];
    int64_t *cpus = NULL;
    size_t count = 0, bytes = 0;
#ifdef __APPLE__
    /* The system level cache is told nowhere; the second level of the fast cores is. */
    int64_t number = 0;
    size_t length = sizeof(number);
    if (root->live && (sysctlbyname("hw.l3cachesize", &number, &length, NULL, 0) == 0 ||
                       sysctlbyname("hw.perflevel0.l2cachesize", &number, &length, NULL, 0) == 0))
        return number > 0 ? (size_t)number : 0;
#endif
    if (!root_line(root, online, sizeof(online), "sys/devices/system/cpu/online") ||
        !cpu_list_parse(str_of(online), &arena, &cpus, &count))
        return 0;
    for (size_t i = 0; i < count; i++) {
        const struct cache last = last_of(root, &arena, (int)cpus[i]);
        if (last.first)
            bytes += last.bytes;
    }
    return bytes;
}
