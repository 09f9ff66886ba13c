/* Recordings of a Mac that other tools left: the summary of a benchmark suite and the battery. */
#ifndef SUBMIT_DEVICE_MACOS_RECORDED_H
#define SUBMIT_DEVICE_MACOS_RECORDED_H

#include "schema/bundle/types.h"
#include "submit/device/root.h"

/* commands/detected-hardware.json or commands/ioreg-AppleSmartBattery.txt is there. */
bool macos_is_recorded(const struct root *root);
/* Adds what they tell to the facts that are still unknown. Never the battery's serial or name. */
void macos_recorded_read(const struct root *root, struct arena *arena, struct device *device);

#endif
