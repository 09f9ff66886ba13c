/* Why a fact is not known: what would tell it is not there, may not be read,
 * or does not say. */
#ifndef SUBMIT_DEVICE_ABSENT_H
#define SUBMIT_DEVICE_ABSENT_H

#include "submit/device/device.h"
#include "submit/device/facts.h"

/* Adds the reason for one unknown fact, false when there is nothing to explain. `root` and `platform` as they were
 * given to device_collect. */
bool absent_reason(const struct fact *fact, const char *root, enum device_platform platform, struct buf *into);

#endif
