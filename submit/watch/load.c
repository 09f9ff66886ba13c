/* Load, CPU time, and the memory that may still be used. */
#include <math.h>
#include <stdio.h>

#include "schema/base/number.h"
#include "submit/watch/conditions.h"

#define TICKS_PER_SECOND 100.0 /* USER_HZ, the same on every architecture of today */
#define KIB 1024.0
#define NO_LIMIT ((int64_t)1 << 60)

struct cpu_times proc_stat_parse(struct str text)
{
    struct cpu_times times = {(double)NAN, (double)NAN, (double)NAN, COUNT_UNKNOWN};
    struct str line;
    int64_t cpus = 0;
    while (str_next_line(&text, &line)) {
        double ticks[8] = {0}; /* user nice system idle iowait irq softirq steal; guest is in user */
        size_t count = 0;
        struct str word;
        if (str_starts_with(line, STR("cpu")) && !str_starts_with(line, STR("cpu "))) {
            cpus++;
            continue;
        }
        if (!str_starts_with(line, STR("cpu ")))
            continue;
        struct str rest = str_trim(str_slice(line.data + 4, line.len - 4));
        while (count < ARRAY_LENGTH(ticks) && str_next_field(&rest, ' ', &word) && number_parse(word, &ticks[count]))
            count++;
        if (count < 4)
            continue;
        times.busy = (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]) / TICKS_PER_SECOND;
        times.steal = ticks[7] / TICKS_PER_SECOND;
        times.total = times.busy + times.steal + (ticks[3] + ticks[4]) / TICKS_PER_SECOND;
    }
    times.cpus = cpus > 0 ? cpus : COUNT_UNKNOWN;
    return times;
}

void load_read(const struct root *root, struct conditions *ret)
{
    autobuf struct buf stat = BUF(ROOT_FILE_MAX);
    char line[128];
    struct str word, rest;
    ret->load = (double)NAN;
    if (root_line(root, line, sizeof(line), "proc/loadavg")) {
        rest = str_of(line);
        if (!str_next_field(&rest, ' ', &word) || !number_parse(word, &ret->load) || ret->load < 0)
            ret->load = (double)NAN;
    }
    if (root_read(root, "proc/stat", &stat))
        ret->cpu = proc_stat_parse(str_slice(buf_text(&stat), stat.len));
}

static double meminfo_available(const struct root *root)
{
    autobuf struct buf text = BUF(64 << 10);
    struct str rest, line;
    double kib;
    if (!root_read(root, "proc/meminfo", &text))
        return (double)NAN;
    rest = str_slice(buf_text(&text), text.len);
    while (str_next_line(&rest, &line)) {
        if (!str_starts_with(line, STR("MemAvailable:")))
            continue;
        struct str value = str_trim(str_slice(line.data + 13, line.len - 13));
        if (str_ends_with(value, STR("kB")))
            value = str_trim(str_slice(value.data, value.len - 2));
        return number_parse(value, &kib) && kib >= 0 ? kib * KIB : (double)NAN;
    }
    return (double)NAN;
}

/* What a group may still take: its limit less what it holds; cached file pages are given back when needed. */
static double group_room(const struct root *root, const char *folder)
{
    static const char *const limits[] = {"memory.max", "memory.limit_in_bytes"};
    static const char *const uses[] = {"memory.current", "memory.usage_in_bytes"};
    int64_t limit, use, pages;
    double cached = 0;
    char path[PATH_MAX + 16];
    for (size_t i = 0; i < ARRAY_LENGTH(limits); i++) {
        if (!root_int(root, &limit, "%s/%s", folder, limits[i]) || limit >= NO_LIMIT || limit < 0)
            continue;
        if (!root_int(root, &use, "%s/%s", folder, uses[i]))
            return (double)limit;
        (void)snprintf(path, sizeof(path), "%s/memory.stat", folder);
        autobuf struct buf stat = BUF(64 << 10);
        struct str rest, line;
        if (root_read(root, path, &stat)) {
            rest = str_slice(buf_text(&stat), stat.len);
            while (str_next_line(&rest, &line)) {
                struct str name;
                if (str_next_field(&line, ' ', &name) &&
                    (str_equal(name, STR("inactive_file")) || str_equal(name, STR("active_file"))) &&
                    number_parse_int64(str_trim(line), &pages) && pages > 0)
                    cached += (double)pages;
            }
        }
        const double held = (double)use > cached ? (double)use - cached : 0;
        return (double)limit > held ? (double)limit - held : 0;
    }
    return (double)NAN;
}

static double least(double a, double b)
{
    return isnan(a) || b < a ? b : a;
}

/* From the group of this process up to the mount: the tightest counts. */
static double groups_room(const struct root *root, const char *mount, struct str group, double room)
{
    for (;;) {
        autobuf struct buf folder = BUF(PATH_MAX);
        buf_adds(&folder, mount);
        buf_add(&folder, group.data, group.len);
        const double here = buf_check(&folder, NULL) == 0 ? group_room(root, buf_text(&folder)) : (double)NAN;
        room = isnan(here) ? room : least(room, here);
        while (group.len > 0 && group.data[group.len - 1] != '/')
            group.len--;
        if (group.len == 0)
            return room;
        group.len--;
    }
}

void memory_read(const struct root *root, struct conditions *ret)
{
    autobuf struct buf text = BUF(64 << 10);
    double room = meminfo_available(root);
    struct str rest, line, number, controllers;
    if (root_read(root, "proc/self/cgroup", &text)) {
        rest = str_slice(buf_text(&text), text.len);
        while (str_next_line(&rest, &line)) {
            if (!str_next_field(&line, ':', &number) || !str_next_field(&line, ':', &controllers) ||
                str_find(line, STR(".."), 0) != SIZE_MAX)
                continue;
            if (controllers.len == 0)
                room = groups_room(root, "sys/fs/cgroup", line, room);
            else if (str_find(controllers, STR("memory"), 0) != SIZE_MAX)
                room = groups_room(root, "sys/fs/cgroup/memory", line, room);
        }
    }
    ret->memory_available = room;
}
