/* Files: whole reads with a ceiling, and writes that are all or nothing. */
#ifndef SCHEMA_BASE_FILE_H
#define SCHEMA_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/mem.h"

void file_close_cleanup(int *descriptor);
#define autoclose cleanup(file_close_cleanup)

/* Reads all of `path` ("-" is standard input) into *into, at most into->max bytes.
 * A directory, a missing file and one over the limit get errors of their own. */
int file_read(const char *path, struct buf *into, struct err *err) must_check;
/* Opens for reading; *ret is to be closed ("-": a copy of standard input). */
int file_open(const char *path, int *ret, struct err *err) must_check;
/* Reads until *into is `length` bytes long or the file ends, which sets *ret_ended. */
int file_read_until(int descriptor, struct buf *into, size_t length, bool *ret_ended, struct err *err) must_check;
int file_read_descriptor(int descriptor, struct buf *into, struct err *err) must_check;
/* Small file below a directory, for /proc and /sys: true and trimmed text in `target` when it could be read whole. */
bool file_read_text_at(int directory, const char *path, char *target, size_t size);
/* The err of a write that failed with `errno_value`: -ERR_CANNOT_WRITE and a hint where one helps. */
int file_write_error(int errno_value, struct err *err);
/* Writes all bytes; -ERR_CANNOT_WRITE. */
int file_write_all(int descriptor, const void *bytes, size_t length, struct err *err) must_check;
/* Writes a new file in the folder of `path`, flushes it, renames it over `path` and
 * flushes the folder: afterwards `path` holds either the old or the new bytes. A character
 * device or pipe is written to as it is; a block device or socket is -ERR_CANNOT_WRITE. */
int file_replace(const char *path, mode_t mode, const void *bytes, size_t length, struct err *err) must_check;
/* The same for what can be made again at once: nothing waits for the disk, so that after a power failure `path` may
 * also be empty or not there. */
int file_replace_unflushed(const char *path, mode_t mode, const void *bytes, size_t length, struct err *err) must_check;
/* The same in pieces, for what does not fit into memory: bytes go to `descriptor` (readable too) and stand under
 * `path`, which is borrowed, only after the commit. What is no file is -ERR_CANNOT_WRITE. Commit and drop end it,
 * whatever they return. */
struct file_writer {
    const char *path;
    int folder, descriptor;
    char name[64]; /* of the file in the folder until then */
};
int file_writer_begin(const char *path, mode_t mode, struct file_writer *ret, struct err *err) must_check;
int file_writer_commit(struct file_writer *writer, struct err *err) must_check;
/* As file_replace_unflushed does. */
int file_writer_commit_unflushed(struct file_writer *writer, struct err *err) must_check;
void file_writer_drop(struct file_writer *writer);
/* Flushes a folder's entries to disk. */
int file_sync_folder(const char *path, struct err *err) must_check;
/* mkdir -p; existing folders are left as they are. */
int file_make_folders(const char *path, mode_t mode, struct err *err) must_check;
bool file_exists(const char *path);
/* Where `name` of this account's data belongs: $XDG_DATA_HOME/crosschip/name or ~/.local/share/crosschip/name.
 * -ERR_CANNOT_WRITE when neither variable names a folder. */
int file_data_path(const char *name, struct arena *arena, const char **ret, struct err *err) must_check;
/* The same for what may be lost: $XDG_CACHE_HOME/crosschip/name or ~/.cache/crosschip/name. */
int file_cache_path(const char *name, struct arena *arena, const char **ret, struct err *err) must_check;
/* The same for its settings: $XDG_CONFIG_HOME/crosschip/name or ~/.config/crosschip/name. */
int file_config_path(const char *name, struct arena *arena, const char **ret, struct err *err) must_check;
/* "a/b/c.json" gives "c.json" (a pointer into path). */
const char *file_base_name(const char *path);

#endif
