/* What sysctl tells of a Mac: from this machine, or from recorded listings
 * (commands/sysctl*.txt) and single values (commands/sysctl-n-KEY.txt). */
#ifndef SUBMIT_DEVICE_MACOS_SYSCTL_H
#define SUBMIT_DEVICE_MACOS_SYSCTL_H

#include "schema/bundle/types.h"
#include "submit/device/root.h"

/* All recorded listings one after the other; false when there is none. */
bool macos_sysctl_listing(const struct root *root, struct arena *arena, struct buf *into);
void macos_sysctl_read(const struct root *root, struct arena *arena, struct device *device);

#endif
