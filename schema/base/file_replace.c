#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
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

/* The name is short whatever the target's is; O_EXCL decides who has it. */
static int open_temporary(struct file_writer *writer, mode_t mode)
{
    for (int attempt = 0; attempt < 1000; attempt++) {
        (void)snprintf(writer->name, sizeof writer->name, ".crosschip-%ld-%d.tmp", (long)getpid(), attempt);
        writer->descriptor =
            openat(writer->folder, writer->name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        if (writer->descriptor >= 0 || errno != EEXIST)
            break;
    }
    return writer->descriptor < 0 ? -1 : 0;
}

enum target { TARGET_FILE, TARGET_STREAM, TARGET_OTHER };

/* What stands at a path, behind links: a device or pipe is written to and never replaced, since a rename over
 * /dev/stdout or /dev/null would take it from every process of the machine. A folder fails at the rename. */
static enum target target_of(const char *path)
{
    struct stat found;
    if (stat(path, &found) != 0 || S_ISREG(found.st_mode) || S_ISDIR(found.st_mode))
        return TARGET_FILE;
    return S_ISCHR(found.st_mode) || S_ISFIFO(found.st_mode) ? TARGET_STREAM : TARGET_OTHER;
}

static int write_stream(const char *path, const void *bytes, size_t length, struct err *err)
{
    int descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    int r = descriptor < 0 ? file_write_error(errno, err) : file_write_all(descriptor, bytes, length, err);
    if (descriptor >= 0 && close(descriptor) != 0 && errno != EINTR && r == 0)
        r = file_write_error(errno, err);
    return r < 0 && err ? err_path(err, "%s", path) : r;
}

int file_writer_begin(const char *path, mode_t mode, struct file_writer *ret, struct err *err)
{
    autofree char *folder_path = folder_of(path);
    int r = 0;
    *ret = (struct file_writer){.path = path, .folder = -1, .descriptor = -1};
    if (!folder_path)
        return mem_error(err);
    if (target_of(path) != TARGET_FILE) {
        r = err_set(err, ERR_CANNOT_WRITE, "is a device, pipe or socket, which is not replaced");
        (void)err_hint(err, "name a file");
        return err ? err_path(err, "%s", path) : r;
    }
    ret->folder = open_folder(folder_path);
    if (ret->folder < 0)
        r = file_write_error(errno, err);
    else if (*file_base_name(path) == '\0')
        r = file_write_error(EISDIR, err);
    else if (open_temporary(ret, mode) != 0)
        r = file_write_error(errno, err);
    if (r < 0)
        file_writer_drop(ret);
    return r < 0 && err ? err_path(err, "%s", path) : r;
}

void file_writer_drop(struct file_writer *writer)
{
    if (writer->descriptor >= 0) {
        (void)close(writer->descriptor);
        writer->descriptor = -1;
    }
    if (writer->folder >= 0) {
        if (writer->name[0] != '\0')
            (void)unlinkat(writer->folder, writer->name, 0);
        (void)close(writer->folder);
        writer->folder = -1;
    }
}

static int put_in_place(struct file_writer *writer, bool flushed, struct err *err)
{
    int r = flushed && flush(writer->descriptor) != 0 ? file_write_error(errno, err) : 0;
    /* Network file systems report a full disk only here. */
    if (close(writer->descriptor) != 0 && errno != EINTR && r == 0)
        r = file_write_error(errno, err);
    writer->descriptor = -1;
    if (r == 0 && renameat(writer->folder, writer->name, writer->folder, file_base_name(writer->path)) != 0)
        r = file_write_error(errno, err);
    if (r == 0) {
        writer->name[0] = '\0';
        r = flushed ? flush_folder(writer->folder, err) : 0;
    }
    file_writer_drop(writer);
    return r < 0 && err ? err_path(err, "%s", writer->path) : r;
}

int file_writer_commit(struct file_writer *writer, struct err *err)
{
    return put_in_place(writer, true, err);
}

int file_writer_commit_unflushed(struct file_writer *writer, struct err *err)
{
    return put_in_place(writer, false, err);
}

static int replace(const char *path, mode_t mode, bool flushed, const void *bytes, size_t length, struct err *err)
{
    if (target_of(path) == TARGET_STREAM)
        return write_stream(path, bytes, length, err);
    struct file_writer writer;
    int r = file_writer_begin(path, mode, &writer, err);
    if (r < 0)
        return r;
    r = file_write_all(writer.descriptor, bytes, length, err);
    if (r < 0) {
        file_writer_drop(&writer);
        return err ? err_path(err, "%s", path) : r;
    }
    return put_in_place(&writer, flushed, err);
}

int file_replace(const char *path, mode_t mode, const void *bytes, size_t length, struct err *err)
{
    return replace(path, mode, true, bytes, length, err);
}

int file_replace_unflushed(const char *path, mode_t mode, const void *bytes, size_t length, struct err *err)
{
    return replace(path, mode, false, bytes, length, err);
}
