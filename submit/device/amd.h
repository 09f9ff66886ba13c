/* AMD cards: the kernel's own files, or a recorded rocm-smi or amd-smi. Unique
 * ids, serials and bus addresses of their output are never taken. */
#ifndef SUBMIT_DEVICE_AMD_H
#define SUBMIT_DEVICE_AMD_H

#include "schema/bundle/types.h"
#include "submit/device/root.h"

void amd_read(const struct root *root, struct arena *arena, struct device *device);

/* Each adds the cards of one form of output; true when it found a card. */
bool amd_parse_rocm_json(struct str text, struct arena *arena, struct device *device);
bool amd_parse_rocm_text(struct str text, struct arena *arena, struct device *device);
bool amd_parse_amd_smi(struct str text, struct arena *arena, struct device *device);
bool amd_parse_amd_smi_json(struct str text, struct arena *arena, struct device *device);
bool amd_parse_rocminfo(struct str text, struct arena *arena, struct device *device);
/* The CPU that rocminfo lists, where no other source names it. */
void rocminfo_apply(struct str text, struct arena *arena, struct device *device);

#endif
