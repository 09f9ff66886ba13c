/* /sys/class/power_supply and the platform profile of ACPI. */
#include "submit/watch/conditions.h"

struct supplies {
    bool mains_seen, mains_on, battery_seen, discharging;
    double charge, count;
};

/* Batteries of mice and headsets are supplies, too: their scope is the device. */
static void read_supply(const struct root *root, const char *name, struct supplies *supplies)
{
    char type[32], text[32];
    int64_t number;
    if (!root_line(root, type, sizeof(type), "sys/class/power_supply/%s/type", name))
        return;
    if (root_line(root, text, sizeof(text), "sys/class/power_supply/%s/scope", name) && text_equal(text, "Device"))
        return;
    if (text_equal(type, "Battery")) {
        supplies->battery_seen = true;
        if (root_line(root, text, sizeof(text), "sys/class/power_supply/%s/status", name))
            supplies->discharging |= text_equal(text, "Discharging");
        if (root_int(root, &number, "sys/class/power_supply/%s/capacity", name) && number >= 0 && number <= 100) {
            supplies->charge += (double)number;
            supplies->count += 1;
        }
    } else if (root_int(root, &number, "sys/class/power_supply/%s/online", name)) {
        supplies->mains_seen = true;
        supplies->mains_on |= number > 0;
    }
}

void power_read(const struct root *root, struct conditions *ret)
{
    struct arena arena cleanup(arena_done) = {0};
    struct supplies supplies = {0};
    size_t count = 0;
    char **names = root_list(root, "sys/class/power_supply", &arena, &count);
    for (size_t i = 0; i < count; i++)
        read_supply(root, names[i], &supplies);
    /* A charger that is too weak leaves the battery discharging: what counts is that something is plugged in. A
     * machine without battery runs from the mains, but an empty folder of a virtual machine says nothing. */
    if (supplies.mains_on || (supplies.mains_seen && !supplies.battery_seen))
        text_copy(ret->power_source, sizeof(ret->power_source), "ac");
    else if (supplies.mains_seen || supplies.discharging)
        text_copy(ret->power_source, sizeof(ret->power_source), "battery");
    else if (supplies.battery_seen)
        text_copy(ret->power_source, sizeof(ret->power_source), "ac");
    if (supplies.count > 0)
        ret->battery_percent = supplies.charge / supplies.count;
    (void)root_line(root, ret->power_mode, sizeof(ret->power_mode), "sys/firmware/acpi/platform_profile");
}
