/* A recorded `lscpu` text, where nothing better is there. Several models in one
 * text (big.LITTLE) are kinds of cores. */
#ifndef SUBMIT_DEVICE_LSCPU_H
#define SUBMIT_DEVICE_LSCPU_H

#include <stdbool.h>

#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/bundle/types.h"

/* Fills what `device` does not know yet. */
void lscpu_apply(struct str text, struct arena *arena, struct device *device);

#endif
