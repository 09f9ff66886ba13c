/* The further facts of a device, those without a member of struct device. Each
 * has a row in the table of facts, and nothing else can be set. */
#ifndef SUBMIT_DEVICE_EXTRAS_H
#define SUBMIT_DEVICE_EXTRAS_H

#include "schema/base/str.h"
#include "schema/bundle/types.h"

enum extra {
    EXTRA_CPU_VENDOR,
    EXTRA_L1D_CACHE, /* bytes of all instances together */
    EXTRA_L1I_CACHE,
    EXTRA_L2_CACHE, /* of a Mac: of one cluster of its fastest cores */
    EXTRA_L3_CACHE,
    EXTRA_OFFLINE_THREADS,
    EXTRA_NUMA_NODES,
    EXTRA_MEMORY_SPEED,
    EXTRA_MEMORY_LIMIT,
    EXTRA_CPU_QUOTA,
    EXTRA_CONTROL_GROUPS,
    EXTRA_CUDA,
    EXTRA_ROCM,
    EXTRA_METAL,
    EXTRA_MIG,
    EXTRA_TRANSLATED,
    EXTRA_POWER_SOURCE,
    EXTRA_COUNT
};

/* Each sets a fact once; a later value of the same fact is dropped. Numbers that are not above zero are none. */
void extras_number(struct arena *arena, struct device *device, enum extra extra, double number);
void extras_word(struct arena *arena, struct device *device, enum extra extra, const char *word);
void extras_text(struct arena *arena, struct device *device, enum extra extra, struct str word);

#endif
