/* Temperatures and what the machine says about slowing down. */
#include <math.h>
#include <stdio.h>

#include "schema/base/number.h"
#include "submit/device/topology.h"
#include "submit/watch/conditions.h"

/* Parts of zone and sensor names that mean the CPU or the chip that it is on. */
static const char *const cpu_names[] = {"x86_pkg_temp", "cpu",      "soc",        "tcpu",   "coretemp",
                                        "k10temp",      "zenpower", "big",        "little", "scpi_sensors",
                                        "bcm2835",      "cluster",  "cpu_thermal"};

static bool is_cpu(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(cpu_names); i++)
        if (str_find_ignore_case(str_of(name), str_of(cpu_names[i]), 0) != SIZE_MAX)
            return true;
    return false;
}

/* Thousandths of a degree; sensors that are off report nonsense. */
static void take_temperature(int64_t thousandths, double *hottest)
{
    const double degrees = (double)thousandths / 1000;
    if (degrees > -40 && degrees < 150 && thousandths != 0 && !(degrees <= *hottest))
        *hottest = degrees;
}

static void read_zones(const struct root *root, struct arena *arena, double *hottest)
{
    size_t count = 0;
    char type[64];
    int64_t thousandths;
    char **zones = root_list(root, "sys/class/thermal", arena, &count);
    for (size_t i = 0; i < count; i++)
        if (root_line(root, type, sizeof(type), "sys/class/thermal/%s/type", zones[i]) && is_cpu(type) &&
            root_int(root, &thousandths, "sys/class/thermal/%s/temp", zones[i]))
            take_temperature(thousandths, hottest);
}

/* AMD's CPUs have no thermal zone, only a sensor. */
static void read_sensors(const struct root *root, struct arena *arena, double *hottest)
{
    size_t count = 0;
    char name[64], folder[PATH_MAX];
    int64_t thousandths;
    char **sensors = root_list(root, "sys/class/hwmon", arena, &count);
    for (size_t i = 0; i < count; i++) {
        size_t files = 0;
        if (!root_line(root, name, sizeof(name), "sys/class/hwmon/%s/name", sensors[i]) || !is_cpu(name))
            continue;
        (void)snprintf(folder, sizeof(folder), "sys/class/hwmon/%s", sensors[i]);
        char **inputs = root_list(root, folder, arena, &files);
        for (size_t j = 0; j < files; j++)
            if (text_starts_with(inputs[j], "temp") && text_ends_with(inputs[j], "_input") &&
                root_int(root, &thousandths, "%s/%s", folder, inputs[j]))
                take_temperature(thousandths, hottest);
    }
}

/* CPUs that share a core or a package show the same counter: the first of the list stands for all. */
static bool stands_for(const struct root *root, struct arena *arena, int64_t cpu, const char *list, const char *older)
{
    char text[4096];
    int64_t *cpus = NULL;
    size_t count = 0;
    if (!root_line(root, text, sizeof(text), "sys/devices/system/cpu/cpu%d/topology/%s", (int)cpu, list) &&
        !root_line(root, text, sizeof(text), "sys/devices/system/cpu/cpu%d/topology/%s", (int)cpu, older))
        return true;
    return !cpu_list_parse(str_of(text), arena, &cpus, &count) || count == 0 || cpus[0] == cpu;
}

static void add_events(const struct root *root, const char *what, int64_t cpu, double *sum)
{
    int64_t events;
    if (root_int(root, &events, "sys/devices/system/cpu/cpu%d/thermal_throttle/%s", (int)cpu, what) && events >= 0)
        *sum = (isnan(*sum) ? 0 : *sum) + (double)events;
}

static double events_of(const struct root *root, struct arena *arena)
{
    char online[4096];
    int64_t *cpus = NULL;
    size_t count = 0;
    double sum = (double)NAN;
    if (!root_exists(root, "sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count") ||
        !root_line(root, online, sizeof(online), "sys/devices/system/cpu/online") ||
        !cpu_list_parse(str_of(online), arena, &cpus, &count))
        return sum;
    for (size_t i = 0; i < count; i++) {
        if (stands_for(root, arena, cpus[i], "core_cpus_list", "thread_siblings_list"))
            add_events(root, "core_throttle_count", cpus[i], &sum);
        if (stands_for(root, arena, cpus[i], "package_cpus_list", "core_siblings_list"))
            add_events(root, "package_throttle_count", cpus[i], &sum);
    }
    return sum;
}

/* The firmware of a Raspberry Pi: bit 1 frequency capped, 2 throttled, 3 soft temperature limit, all of now. */
static int firmware_says(const struct root *root)
{
    char text[32];
    uint64_t bits;
    if (!root_line(root, text, sizeof(text), "sys/devices/platform/soc/soc:firmware/get_throttled"))
        return -1;
    struct str digits = str_of(text);
    if (str_starts_with(digits, STR("0x")))
        digits = str_slice(digits.data + 2, digits.len - 2);
    return number_parse_uint64_hex(digits, &bits) ? (bits & 0xe) != 0 : -1;
}

void heat_read(const struct root *root, struct conditions *ret)
{
    struct arena arena cleanup(arena_done) = {0};
    double hottest = (double)NAN;
    read_zones(root, &arena, &hottest);
    read_sensors(root, &arena, &hottest);
    ret->temperature = hottest;
    ret->throttle_events = events_of(root, &arena);
    ret->throttled_now = firmware_says(root);
}
