#include "submit/device/limits.h"

#include <math.h>
#include <sched.h>
#include <string.h>

#include "schema/base/number.h"
#include "submit/device/extras.h"
#include "submit/device/topology.h"

/* Control groups write "no limit" as a number near 2^63 in version 1. */
#define NO_LIMIT ((int64_t)1 << 60)

double cpu_max_parse(struct str text)
{
    struct str rest = str_trim(text), word;
    int64_t quota, period;
    if (!str_next_field(&rest, ' ', &word) || !number_parse_int64(word, &quota) ||
        !number_parse_int64(str_trim(rest), &period))
        return (double)NAN;
    return quota > 0 && period > 0 ? (double)quota / (double)period : (double)NAN;
}

static double least(double a, double b)
{
    if (isnan(a))
        return b;
    return isnan(b) || a < b ? a : b;
}

struct found {
    double quota;    /* CPUs */
    double memory;   /* bytes */
    int64_t threads; /* of cpusets */
    int64_t version; /* of the control groups: 1, also beside 2, or 2 */
};

static void read_group(const struct root *root, struct arena *arena, const char *folder, struct found *found)
{
    char line[4096];
    int64_t number, period;
    if (root_line(root, line, sizeof(line), "%s/cpu.max", folder))
        found->quota = least(found->quota, cpu_max_parse(str_of(line)));
    if (root_int(root, &number, "%s/cpu.cfs_quota_us", folder) &&
        root_int(root, &period, "%s/cpu.cfs_period_us", folder) && number > 0 && period > 0)
        found->quota = least(found->quota, (double)number / (double)period);
    if ((root_int(root, &number, "%s/memory.max", folder) ||
         root_int(root, &number, "%s/memory.limit_in_bytes", folder)) &&
        number > 0 && number < NO_LIMIT)
        found->memory = least(found->memory, (double)number);
    if (root_line(root, line, sizeof(line), "%s/cpuset.cpus.effective", folder) ||
        root_line(root, line, sizeof(line), "%s/cpuset.cpus", folder)) {
        int64_t *cpus;
        size_t count;
        if (cpu_list_parse(str_of(line), arena, &cpus, &count) &&
            (found->threads == COUNT_UNKNOWN || (int64_t)count < found->threads))
            found->threads = (int64_t)count;
    }
}

/* Where control groups are mounted; read whether or not this process is in a group below. */
static const char *const mounts[] = {"sys/fs/cgroup", "sys/fs/cgroup/cpu", "sys/fs/cgroup/memory",
                                     "sys/fs/cgroup/cpuset"};

static bool is_read_already(const char *mount)
{
    for (size_t i = 0; i < ARRAY_LENGTH(mounts); i++)
        if (text_equal(mount, mounts[i]))
            return true;
    return false;
}

/* A limit of any ancestor binds: walks from the group up to the mount. */
static void read_ancestors(const struct root *root, struct arena *arena, const char *mount, struct str group,
                           struct found *found)
{
    for (;;) {
        while (group.len > 0 && group.data[group.len - 1] == '/')
            group.len--;
        if (group.len == 0)
            break;
        autobuf struct buf folder = BUF(PATH_MAX - 64);
        buf_adds(&folder, mount);
        buf_add(&folder, group.data, group.len);
        read_group(root, arena, buf_text(&folder), found);
        while (group.len > 0 && group.data[group.len - 1] != '/')
            group.len--;
    }
    if (!is_read_already(mount))
        read_group(root, arena, mount, found);
}

/* Of the hierarchies of version 1 these have files that are read here: a dozen lookups are saved for each other one. */
static bool has_limits(struct str controllers)
{
    struct str name;
    while (str_next_field(&controllers, ',', &name))
        if (str_equal(name, STR("cpu")) || str_equal(name, STR("cpuset")) || str_equal(name, STR("memory")))
            return true;
    return false;
}

static void read_groups(const struct root *root, struct arena *arena, struct found *found)
{
    autobuf struct buf text = BUF(64 << 10);
    for (size_t i = 0; i < ARRAY_LENGTH(mounts); i++)
        read_group(root, arena, mounts[i], found);
    if (!root_read(root, "proc/self/cgroup", &text))
        return;
    struct str rest = str_slice(buf_text(&text), text.len), line;
    while (str_next_line(&rest, &line)) {
        struct str number, controllers;
        if (!str_next_field(&line, ':', &number) || !str_next_field(&line, ':', &controllers) ||
            str_find(line, STR(".."), 0) != SIZE_MAX || line.len > 1024)
            continue;
        found->version = controllers.len > 0 || found->version == 1 ? 1 : 2;
        if (controllers.len == 0) {
            read_ancestors(root, arena, "sys/fs/cgroup", line, found);
        } else if (has_limits(controllers)) {
            autobuf struct buf mount = BUF(PATH_MAX - 64);
            buf_adds(&mount, "sys/fs/cgroup/");
            buf_add(&mount, controllers.data, controllers.len);
            read_ancestors(root, arena, buf_text(&mount), line, found);
        }
    }
}

static int64_t affinity_threads(void)
{
#ifdef __linux__
    /* Machines beyond 1024 CPUs need a larger set than cpu_set_t. */
    size_t cpus = 16384;
    cpu_set_t *set = CPU_ALLOC(cpus);
    int64_t count = COUNT_UNKNOWN;
    if (set == NULL)
        return COUNT_UNKNOWN;
    if (sched_getaffinity(0, CPU_ALLOC_SIZE(cpus), set) == 0)
        count = CPU_COUNT_S(CPU_ALLOC_SIZE(cpus), set);
    CPU_FREE(set);
    return count > 0 ? count : COUNT_UNKNOWN;
#else
    return COUNT_UNKNOWN;
#endif
}

/* "Cpus_allowed_list:	0-3" of a recorded process. */
static int64_t recorded_affinity(const struct root *root, struct arena *arena)
{
    static const char key[] = "Cpus_allowed_list:";
    autobuf struct buf text = BUF(64 << 10);
    struct str rest, line;
    int64_t *cpus;
    size_t count;
    if (!root_read(root, "proc/self/status", &text))
        return COUNT_UNKNOWN;
    rest = str_slice(buf_text(&text), text.len);
    while (str_next_line(&rest, &line))
        if (str_starts_with(line, str_of(key)))
            return cpu_list_parse(str_slice(line.data + sizeof(key) - 1, line.len - (sizeof(key) - 1)), arena, &cpus,
                                  &count)
                       ? (int64_t)count
                       : COUNT_UNKNOWN;
    return COUNT_UNKNOWN;
}

static int64_t least_count(int64_t a, int64_t b)
{
    if (a == COUNT_UNKNOWN)
        return b;
    return b == COUNT_UNKNOWN || a < b ? a : b;
}

void limits_read(const struct root *root, struct arena *arena, struct device *device)
{
    struct found found = {.quota = (double)NAN, .memory = (double)NAN, .threads = COUNT_UNKNOWN, .version = 0};
    autobuf struct buf text = BUF(4096);
    int64_t recorded;
    read_groups(root, arena, &found);
    int64_t usable = found.threads;
    usable = least_count(usable, root->live ? affinity_threads() : recorded_affinity(root, arena));
    if (root_command(root, "nproc", &text) &&
        number_parse_int64(str_trim(str_slice(buf_text(&text), text.len)), &recorded) && recorded > 0) {
        usable = least_count(usable, recorded);
        if (device->threads == COUNT_UNKNOWN)
            device->threads = recorded;
    }
    if (!isnan(found.quota)) {
        extras_number(arena, device, EXTRA_CPU_QUOTA, found.quota);
        usable = least_count(usable, (int64_t)ceil(found.quota));
    }
    if (!isnan(found.memory) && !(found.memory >= device->memory_bytes))
        extras_number(arena, device, EXTRA_MEMORY_LIMIT, found.memory);
    /* A recording may hold nothing else; beside other facts it tells nothing of a benchmark. */
    if (found.version > 0 && !root->live && device->kernel == NULL && device->chip == NULL)
        extras_number(arena, device, EXTRA_CONTROL_GROUPS, (double)found.version);
    device->usable_threads = usable;
}
