/* The facts of a machine: this one, or one recorded in a folder.
 *
 * Only what struct device names is ever read out: never host, user, serial,
 * MAC, address or UUID. A recorded machine is a folder with proc/, sys/, etc/ and
 * commands/NAME.txt (outputs of programs); then nothing outside that folder is
 * read and no process is started. */
#ifndef SUBMIT_DEVICE_DEVICE_H
#define SUBMIT_DEVICE_DEVICE_H

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/mem.h"
#include "schema/bundle/types.h"

enum device_platform { DEVICE_PLATFORM_UNSET, DEVICE_PLATFORM_LINUX, DEVICE_PLATFORM_MACOS };

/* "linux" or "macos"; -ERR_USAGE otherwise. NULL text: unset. */
int device_platform_parse(const char *text, enum device_platform *ret, struct err *err) must_check;
/* `root` NULL = this machine. Strings and arrays of *ret live in `arena`. A fact that cannot be read stays unknown;
 * -ERR_DATA when a folder holds no readable fact at all. */
int device_collect(const char *root, enum device_platform platform, struct arena *arena, struct device *ret,
                   struct err *err) must_check;
/* What a folder was recorded on, or this machine's own. `root` and `given` as for device_collect. */
enum device_platform device_platform_of(const char *root, enum device_platform given);
/* Everything unknown. */
struct device device_unknown(void);
/* At least one fact is known. */
bool device_has_facts(const struct device *device);
/* For a person: one fact a line. */
void device_describe(const struct device *device, struct buf *into);
/* The same for what is not known: why, one fact a line below a heading; nothing when there is nothing to explain.
 * `root` and `platform` as for device_collect. */
void device_describe_absent(const struct device *device, const char *root, enum device_platform platform,
                            struct buf *into);

#endif
