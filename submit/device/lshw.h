/* What lshw printed (commands/lshw.txt): chip, memory, graphics. Never its
 * serials, addresses or host. */
#ifndef SUBMIT_DEVICE_LSHW_H
#define SUBMIT_DEVICE_LSHW_H

#include "schema/bundle/types.h"
#include "submit/device/root.h"

/* Adds what is still unknown. */
void lshw_apply(struct str text, struct arena *arena, struct device *device);

#endif
