/* Operating system, kernel and architecture. Of a kernel banner only the release
 * is taken: the rest names the host that built or runs it. */
#ifndef SUBMIT_DEVICE_OS_H
#define SUBMIT_DEVICE_OS_H

#include "schema/base/mem.h"
#include "schema/base/str.h"
#include "schema/bundle/types.h"
#include "submit/device/root.h"

struct os_release {
    struct str name, version, pretty; /* slices without quotes; empty = not stated */
};
void os_release_parse(struct str text, struct os_release *ret);
/* Release out of "Linux version 6.1.0-13-amd64 (…" */
struct str kernel_of_version(struct str text);
/* Release and machine out of `uname -a`; the host name between them is skipped. */
void uname_parse(struct str text, struct str *ret_kernel, struct str *ret_machine);
void os_read(const struct root *root, struct arena *arena, struct device *device);

#endif
