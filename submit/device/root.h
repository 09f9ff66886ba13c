/* Reading files of a machine below a prefix: "/" for this one, a folder for a
 * recorded one. A link that leads out of the folder counts as missing. */
#ifndef SUBMIT_DEVICE_ROOT_H
#define SUBMIT_DEVICE_ROOT_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"

#define ROOT_FILE_MAX ((size_t)16 << 20)

struct root {
    char path[PATH_MAX]; /* without slash at the end; "" for this machine */
    bool live;
};

int root_open(const char *folder, struct root *ret, struct err *err) must_check;
/* Path below the root, such as "proc/cpuinfo". False when it cannot be read. */
bool root_read(const struct root *root, const char *path, struct buf *into);
/* First line of a small file, trimmed; false when missing or empty. */
bool root_line(const struct root *root, char *target, size_t size, const char *path_format, ...) printf_like(4, 5);
bool root_int(const struct root *root, int64_t *ret, const char *path_format, ...) printf_like(3, 4);
bool root_exists(const struct root *root, const char *path);
/* Names in a folder in natural order, in the arena; count 0 when there is none. */
char **root_list(const struct root *root, const char *path, struct arena *arena, size_t *ret_count);
/* A recorded command's output: commands/NAME.txt. Always false on this machine. */
bool root_command(const struct root *root, const char *name, struct buf *into);

/* A text of the machine as a fact: blanks collapsed, unsafe characters dropped, cut to the limit of names.
 * NULL when nothing is left or it is a placeholder ("To Be Filled By O.E.M.", "N/A"). */
const char *fact_text(struct arena *arena, struct str raw);

#endif
