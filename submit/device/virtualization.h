/* Virtual machine and container, as words: "kvm", "vmware", "wsl2", "docker", …;
 * both at once are joined with "+". NULL where no sign was seen. */
#ifndef SUBMIT_DEVICE_VIRTUALIZATION_H
#define SUBMIT_DEVICE_VIRTUALIZATION_H

#include "schema/bundle/types.h"
#include "submit/device/root.h"

/* From product and vendor of DMI. */
const char *vm_of_product(const char *vendor, const char *product);
/* From what lscpu or CPUID call the hypervisor: "KVM", "Oracle", "KVMKVMKVM"; "vm" when not known. */
const char *vm_of_hypervisor(struct str vendor);
/* From /proc/bus/pci/devices: the cards that only a hypervisor makes; `guest` = other signs say that it is one, which
 * virtio needs, since real network cards offer it too. */
const char *vm_of_pci(struct str devices, bool guest);
/* From /proc/self/mountinfo: the storage of whoever mounted "/". */
const char *container_of_mounts(struct str text);
/* From a kernel release or banner: "wsl2", "wsl", NULL. */
const char *vm_of_kernel(const char *text);
/* From /proc/self/cgroup; a login session's /user.slice is none. */
const char *container_of_cgroup(struct str text);
void virtualization_read(const struct root *root, bool hypervisor_flag, struct arena *arena, struct device *device);

#endif
