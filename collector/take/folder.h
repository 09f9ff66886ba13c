/* All files of a folder and of those below it, in the order of their names. */
#ifndef COLLECTOR_TAKE_FOLDER_H
#define COLLECTOR_TAKE_FOLDER_H

#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

/* Hidden ones, links and what is no file are left out. A negative value of `each` ends the walk and is returned. A
 * folder that cannot be read is told to `trouble`. */
int folder_walk(const char *path, int (*each)(void *context, const char *path, size_t size, struct err *err),
                void (*trouble)(void *context, const char *path, const struct err *why), void *context,
                struct err *err) must_check;

#endif
