/* The further chips of a device: cards that are alike are one entry with a count. */
#ifndef SUBMIT_DEVICE_CHIPS_H
#define SUBMIT_DEVICE_CHIPS_H

#include "schema/bundle/types.h"
#include "submit/device/root.h"

/* Adds one card; name NULL = not known, then nothing is added. `memory_bytes` NAN, `cores` COUNT_UNKNOWN when not
 * known. */
void chips_add(struct arena *arena, struct device *device, const char *name, const char *kind, double memory_bytes,
               int64_t cores);
bool chips_has(const struct device *device, const char *name_part);

#endif
