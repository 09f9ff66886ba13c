/* What the maker calls the machine: DMI product name or the device tree's model.
 * Never its serial, tag or UUID. */
#ifndef SUBMIT_DEVICE_BOARD_H
#define SUBMIT_DEVICE_BOARD_H

#include "schema/bundle/types.h"
#include "submit/device/cpuinfo.h"
#include "submit/device/root.h"

void board_read(const struct root *root, const struct cpuinfo *info, struct arena *arena, struct device *device);
/* "Dell Inc." and "PowerEdge R6515" together; the maker only where the product does not begin with it. */
const char *board_name(struct arena *arena, const char *vendor, const char *product);

#endif
