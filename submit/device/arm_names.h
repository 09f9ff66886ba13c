/* Names of Arm cores and chips by what the CPU and the device tree say.
 * Sources: Arm's technical reference manuals (MIDR_EL1), the Linux kernel's
 * arch/arm64/include/asm/cputype.h, Asahi Linux for Apple's parts. */
#ifndef SUBMIT_DEVICE_ARM_NAMES_H
#define SUBMIT_DEVICE_ARM_NAMES_H

#include <stdbool.h>

#include "schema/base/buf.h"
#include "schema/base/str.h"

struct arm_core {
    unsigned implementer, part;
    const char *name;     /* "Cortex-A76" */
    const char *chip;     /* when only one chip or family has this core: "Apple M1 Pro"; NULL */
    bool several_threads; /* the core runs more than one thread */
};
/* NULL when not known. */
const struct arm_core *arm_core_find(unsigned implementer, unsigned part);
/* The maker of an implementer code: "Arm", "Apple"; NULL when not known. */
const char *arm_implementer_name(unsigned implementer);
/* One entry of a device tree's `compatible` as a chip name: "rockchip,rk3588" gives "Rockchip RK3588",
 * "apple,t6000" "Apple M1 Pro". False when the vendor is not known. */
bool arm_chip_from_compatible(struct str compatible, struct buf *into);

/* 1 for cores that save power, 3 for those of the largest kind, 2 between and for NULL. */
int arm_core_class(const struct arm_core *core);
/* "Cortex-A72", "Kryo-4XX-Gold", "NVidia Carmel": the name of a core, not of a chip. */
bool arm_is_core_name(const char *name);
/* The one chip that has cores of this name; NULL. */
const char *arm_chip_of_core_name(const char *name);

#endif
