/* What inxi printed (commands/inxi.txt): chip, machine, memory, system. Never
 * its host, disks or network. */
#ifndef SUBMIT_DEVICE_INXI_H
#define SUBMIT_DEVICE_INXI_H

#include "schema/bundle/types.h"
#include "submit/device/root.h"

/* Adds what is still unknown. */
void inxi_apply(struct str text, struct arena *arena, struct device *device);

#endif
