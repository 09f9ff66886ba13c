/* Packages, cores and threads from /sys/devices/system/cpu, online CPUs only.
 * Nothing assumes contiguous numbers or a largest machine. */
#ifndef SUBMIT_DEVICE_TOPOLOGY_H
#define SUBMIT_DEVICE_TOPOLOGY_H

#include "submit/device/root.h"

struct topology {
    int64_t packages, cores, threads; /* COUNT_UNKNOWN */
    int64_t *cpus;                    /* numbers of the online CPUs, ascending; in the arena */
    int64_t *core_of;                 /* index of the core of each; -1 = not known */
    size_t cpu_count;
    int64_t offline; /* CPUs that are there and switched off; COUNT_UNKNOWN */
};

void topology_read(const struct root *root, struct arena *arena, struct topology *ret);
/* "0-3,8,10-11" as numbers in the arena; false when it is not such a list. */
bool cpu_list_parse(struct str text, struct arena *arena, int64_t **ret, size_t *ret_count);

#endif
