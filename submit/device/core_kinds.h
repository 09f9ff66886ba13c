/* The kinds of cores of a CPU, fastest first: by core name on Arm, by the
 * kernel's performance units on hybrid x86. A machine with one kind has none. */
#ifndef SUBMIT_DEVICE_CORE_KINDS_H
#define SUBMIT_DEVICE_CORE_KINDS_H

#include "schema/bundle/types.h"
#include "submit/device/cpuinfo.h"
#include "submit/device/root.h"
#include "submit/device/topology.h"

/* Puts the parts of big.LITTLE chips in order, slowest first. */
void core_parts_order(struct cpuinfo *info);
void core_kinds_read(const struct root *root, const struct cpuinfo *info, const struct topology *topology,
                     struct arena *arena, struct device *device);

#endif
