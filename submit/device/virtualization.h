/* Virtual machine and container, as words: "kvm", "vmware", "wsl2", "docker", …;
 * both at once are joined with "+". NULL where no sign was seen. */
#ifndef SUBMIT_DEVICE_VIRTUALIZATION_H
#define SUBMIT_DEVICE_VIRTUALIZATION_H

#include "schema/bundle/types.h"
#include "submit/device/root.h"

/* From product and vendor of DMI. */
const char *vm_of_product(const char *vendor, const char *product);
/* From a kernel release or banner: "wsl2", "wsl", NULL. */
const char *vm_of_kernel(const char *text);
/* From /proc/self/cgroup; a login session's /user.slice is none. */
const char *container_of_cgroup(struct str text);
void virtualization_read(const struct root *root, bool hypervisor_flag, struct arena *arena, struct device *device);

#endif
