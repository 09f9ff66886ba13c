/* Caches from /sys/devices/system/cpu: the sum of all instances of a level. */
#ifndef SUBMIT_DEVICE_CACHES_H
#define SUBMIT_DEVICE_CACHES_H

#include "schema/bundle/types.h"
#include "submit/device/topology.h"

/* Sets the cache facts of `device`. */
void caches_read(const struct root *root, const struct topology *topology, struct arena *arena, struct device *device);
/* "512K", "32768K", "1M" as bytes; 0 otherwise. */
int64_t cache_size_parse(struct str text);

#endif
