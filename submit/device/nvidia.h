/* NVIDIA cards: NVML here, nvidia-smi in any of its forms (recorded, or run
 * here within two seconds), else what the driver shows below /proc. Of its output only
 * product, memory and driver are taken: it also names UUIDs and processes. */
#ifndef SUBMIT_DEVICE_NVIDIA_H
#define SUBMIT_DEVICE_NVIDIA_H

#include "schema/bundle/types.h"
#include "submit/device/root.h"

void nvidia_read(const struct root *root, struct arena *arena, struct device *device);

/* Each parser adds the cards of one form of output and sets the driver; true when it found a card. */
bool nvidia_parse_query(struct str text, struct arena *arena, struct device *device); /* -q */
bool nvidia_parse_xml(struct str text, struct arena *arena, struct device *device);   /* -q -x */
bool nvidia_parse_csv(struct str text, struct arena *arena,
                      struct device *device); /* --query-gpu=name,memory.total,driver_version --format=csv */
bool nvidia_parse_list(struct str text, struct arena *arena, struct device *device);         /* -L */
bool nvidia_parse_device_query(struct str text, struct arena *arena, struct device *device); /* CUDA's deviceQuery */
bool nvidia_parse_table(struct str text, struct arena *arena, struct device *device);        /* without options */

#endif
