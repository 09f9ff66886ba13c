#include "submit/watch/conditions.h"

#include <math.h>

static bool is_macos(const struct root *root, enum device_platform platform)
{
#ifdef __APPLE__
    if (root->live)
        return true;
#endif
    if (platform != DEVICE_PLATFORM_UNSET)
        return platform == DEVICE_PLATFORM_MACOS;
    return !root->live && !root_exists(root, "proc/stat") && !root_exists(root, "proc/meminfo") &&
           !root_exists(root, "proc/loadavg");
}

struct conditions conditions_unknown(void)
{
    const double unknown = (double)NAN;
    return (struct conditions){.battery_percent = unknown,
                               .turbo = -1,
                               .speed_limit_percent = unknown,
                               .throttle_events = unknown,
                               .throttled_now = -1,
                               .temperature = unknown,
                               .clock_mhz = unknown,
                               .load = unknown,
                               .memory_available = unknown,
                               .cpu = {unknown, unknown, unknown, COUNT_UNKNOWN},
                               .gpu = {unknown, unknown, unknown, -1}};
}

void conditions_read(const struct root *root, enum device_platform platform, struct conditions *ret)
{
    *ret = conditions_unknown();
    if (is_macos(root, platform)) {
        macos_conditions_read(root, ret);
        return;
    }
    power_read(root, ret);
    clocks_read(root, ret);
    heat_read(root, ret);
    load_read(root, ret);
    memory_read(root, ret);
    gpu_read(root, ret);
}

void conditions_read_changing(const struct root *root, enum device_platform platform, struct conditions *ret)
{
    if (is_macos(root, platform)) {
        macos_conditions_read_changing(root, ret);
        return;
    }
    power_read(root, ret);
    clocks_read_changing(root, ret);
    heat_read(root, ret);
    load_read(root, ret);
    gpu_read(root, ret);
}
