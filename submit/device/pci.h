/* Graphics cards by PCI class, named by the system's pci.ids: for cards whose
 * driver has no tool of its own at hand. */
#ifndef SUBMIT_DEVICE_PCI_H
#define SUBMIT_DEVICE_PCI_H

#include "schema/bundle/types.h"
#include "submit/device/root.h"

/* Device name of a vendor's part in the text of pci.ids; NULL when it is not listed. */
const char *pci_name(struct str ids, unsigned vendor, unsigned part, struct arena *arena);
void pci_read(const struct root *root, struct arena *arena, struct device *device);

/* The graphics and accelerators that lspci lists, of makers whose chips compute; true when there is one. */
bool pci_parse_lspci(struct str text, struct arena *arena, struct device *device);

#endif
