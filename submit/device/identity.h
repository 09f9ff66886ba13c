/* What identifies this machine and whoever works on it, so that it can be taken
 * out of texts. Nothing of it is ever written anywhere. */
#ifndef SUBMIT_DEVICE_IDENTITY_H
#define SUBMIT_DEVICE_IDENTITY_H

#include "schema/base/mem.h"
#include "schema/bundle/redact.h"
#include "submit/device/device.h"

struct identity_list {
    struct identity *items;
    size_t count, capacity;
};

/* Host with and without domain, account and full name, home, MAC and IP addresses, serials and UUIDs, time zone and
 * locale, as far as this process may read them. Texts live in `arena`. */
void identity_collect(struct arena *arena, struct identity_list *ret);
/* Blanks every fact of a device in which one of them stands (a kernel release can carry a host's name). Returns how
 * many. */
size_t identity_scrub(const struct identity_list *identities, struct device *device);

#endif
