/* How much of the machine this process may use: affinity and control groups. */
#ifndef SUBMIT_DEVICE_LIMITS_H
#define SUBMIT_DEVICE_LIMITS_H

#include "schema/bundle/types.h"
#include "submit/device/root.h"

/* CPUs of a quota: "600000 100000" gives 6; NAN for "max" or anything else. */
double cpu_max_parse(struct str text);
/* Sets usable_threads, and in extra `cpu_quota` (CPUs) and `memory_limit_bytes` where a limit is set. */
void limits_read(const struct root *root, struct arena *arena, struct device *device);

#endif
