/* A recorded `dmidecode`: processor, product, memory. Serials, tags and UUIDs of
 * its output are never looked at. */
#ifndef SUBMIT_DEVICE_DMIDECODE_H
#define SUBMIT_DEVICE_DMIDECODE_H

#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/bundle/types.h"

/* Fills what `device` does not know yet. */
void dmidecode_apply(struct str text, struct arena *arena, struct device *device);

#endif
