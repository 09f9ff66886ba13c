#include "submit/device/board.h"

#include <string.h>

#define DMI "sys/class/dmi/id/"
#define DEVICE_TREE "sys/firmware/devicetree/base/"

const char *board_name(struct arena *arena, const char *vendor, const char *product)
{
    if (product == NULL || vendor == NULL)
        return product;
    struct str first = str_of(vendor);
    size_t blank = str_find(first, STR(" "), 0), comma = str_find(first, STR(","), 0);
    first.len = blank < first.len ? blank : first.len;
    first.len = comma < first.len ? comma : first.len;
    if (str_find_ignore_case(str_of(product), first, 0) == 0)
        return product;
    const char *both = arena_printf(arena, "%s %s", vendor, product);
    return both == NULL ? product : fact_text(arena, str_of(both));
}

void board_read(const struct root *root, const struct cpuinfo *info, struct arena *arena, struct device *device)
{
    char vendor[256], product[256];
    if (root_line(root, product, sizeof(product), DMI "product_name")) {
        const char *maker =
            root_line(root, vendor, sizeof(vendor), DMI "sys_vendor") ? fact_text(arena, str_of(vendor)) : NULL;
        device->board = board_name(arena, maker, fact_text(arena, str_of(product)));
    }
    if (device->board == NULL && (root_line(root, product, sizeof(product), DEVICE_TREE "model") ||
                                  root_line(root, product, sizeof(product), "proc/device-tree/model")))
        device->board = fact_text(arena, str_of(product));
    if (device->board == NULL)
        device->board = fact_text(arena, info->board.len > 0 ? info->board : info->hardware);
}
