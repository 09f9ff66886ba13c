#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/mem.h"

/* macOS: fsync leaves the bytes in the drive's cache; F_FULLFSYNC does not, where
 * the file system has it. */
static int flush(int descriptor)
{
#ifdef __APPLE__
    if (fcntl(descriptor, F_FULLFSYNC) == 0)
        return 0;
#endif
    int r;
    do
        r = fsync(descriptor);
    while (r != 0 && errno == EINTR);
    return r;
}

/* Some file systems cannot flush a folder and say EINVAL: nothing more can be done there. */
static int flush_folder(int folder, struct err *err)
{
    if (flush(folder) == 0 || errno == EINVAL || errno == ENOTSUP)
        return 0;
    return file_write_error(errno, err);
}

static int open_folder(const char *path)
{
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int file_sync_folder(const char *path, struct err *err)
{
    autoclose int folder = open_folder(path);
    int r = folder < 0 ? file_write_error(errno, err) : flush_folder(folder, err);
    return r < 0 && err ? err_path(err, "%s", path) : r;
}

/* "a/b" gives "a", "/b" gives "/", "b" gives ".". */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return mem_strdup(".");
    return mem_strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

struct temporary {
    char name[64];
    int descriptor;
};

/* The name is short whatever the target's is; O_EXCL decides who has it. */
static int open_temporary(int folder, mode_t mode, struct temporary *ret)
{
    for (int attempt = 0; attempt < 1000; attempt++) {
        (void)snprintf(ret->name, sizeof ret->name, ".crosschip-%ld-%d.tmp", (long)getpid(), attempt);
        ret->descriptor = openat(folder, ret->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        if (ret->descriptor >= 0 || errno != EEXIST)
            break;
    }
    return ret->descriptor < 0 ? -1 : 0;
}

static int fill(int descriptor, const void *bytes, size_t length, struct err *err)
{
    int r = file_write_all(descriptor, bytes, length, err);
    if (r == 0 && flush(descriptor) != 0)
        r = file_write_error(errno, err);
    /* Network file systems report a full disk only here. */
    if (close(descriptor) != 0 && errno != EINTR && r == 0)
        r = file_write_error(errno, err);
    return r;
}

static int replace_in(int folder, const char *name, mode_t mode, const void *bytes, size_t length, struct err *err)
{
    struct temporary temporary;
    if (open_temporary(folder, mode, &temporary) != 0)
        return file_write_error(errno, err);
    int r = fill(temporary.descriptor, bytes, length, err);
    if (r == 0 && renameat(folder, temporary.name, folder, name) != 0)
        r = file_write_error(errno, err);
    if (r < 0) {
        (void)unlinkat(folder, temporary.name, 0);
        return r;
    }
    return flush_folder(folder, err);
}

int file_replace(const char *path, mode_t mode, const void *bytes, size_t length, struct err *err)
{
    const char *name = file_base_name(path);
    autofree char *folder_path = folder_of(path);
    if (!folder_path)
        return mem_error(err);
    autoclose int folder = open_folder(folder_path);
    int r;
    if (folder < 0)
        r = file_write_error(errno, err);
    else if (*name == '\0')
        r = file_write_error(EISDIR, err);
    else
        r = replace_in(folder, name, mode, bytes, length, err);
    return r < 0 && err ? err_path(err, "%s", path) : r;
}
