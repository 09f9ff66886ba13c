/* NVIDIA cards as the driver's own library tells them, in this process. The
 * library is opened when it is there and never linked. */
#ifndef SUBMIT_DEVICE_NVML_H
#define SUBMIT_DEVICE_NVML_H

#include "schema/bundle/types.h"
#include "submit/device/root.h"

/* True when it told of a card. A library that does not fit the driver, after an update without a restart, tells of
 * none; then others are asked. */
bool nvml_read(struct arena *arena, struct device *device);

/* How hot, fast and hungry the cards are just now. */
struct nvml_state {
    double temperature, power_w, clock_mhz; /* of the hottest, of all together, of the fastest; NAN */
    int throttled;                          /* by heat or by a brake; -1 unknown */
};
/* Opens the library once and keeps it: one thread at a time. False when no card answers. */
bool nvml_watch(struct nvml_state *ret);

#endif
