/* Facts of a Mac out of recorded outputs (sysctl, sw_vers, system_profiler). */
#ifndef SUBMIT_DEVICE_MACOS_H
#define SUBMIT_DEVICE_MACOS_H

#include "schema/bundle/types.h"
#include "submit/device/root.h"

bool macos_looks_like(const struct root *root);
void macos_read(const struct root *root, struct arena *arena, struct device *device);

#endif
