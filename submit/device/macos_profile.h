/* What system_profiler printed of a Mac, as JSON or as text. Of both only
 * chip, model, cores, memory, graphics and versions are taken: the same
 * output holds serial numbers, UUIDs, the owner's and the computer's name. */
#ifndef SUBMIT_DEVICE_MACOS_PROFILE_H
#define SUBMIT_DEVICE_MACOS_PROFILE_H

#include "schema/bundle/types.h"
#include "submit/device/root.h"

/* Each adds what is still unknown. */
void macos_profile_json(struct str text, struct arena *arena, struct device *device);
void macos_profile_text(struct str text, struct arena *arena, struct device *device);
/* "proc 8:4:4" and its later shapes as kinds of cores; `firmware` NULL = not known. */
void macos_profile_processors(const char *text, const char *firmware, struct arena *arena, struct device *device);

#endif
