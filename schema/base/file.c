#include "schema/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/base/mem.h"
#include "schema/base/str.h"

/* On the stack: a start reads dozens of small files, and clearing a block for each took a fifth of its time. */
#define READ_CHUNK ((size_t)8 * 1024)

void file_close_cleanup(int *descriptor)
{
    if (*descriptor >= 0)
        (void)close(*descriptor);
}

static ssize_t read_again(int descriptor, void *into, size_t size)
{
    ssize_t count;
    do
        count = read(descriptor, into, size);
    while (count < 0 && errno == EINTR);
    return count;
}

static int fail_folder(struct err *err)
{
    err_set(err, ERR_DATA, "is a folder, not a file");
    if (err)
        err_hint(err, "A file is needed here; a star names all files of a folder, as in FOLDER/*.json");
    return -(int)ERR_DATA;
}

int file_read_until(int descriptor, struct buf *into, size_t length, bool *ret_ended, struct err *err)
{
    char chunk[READ_CHUNK];
    *ret_ended = false;
    while (into->len < length && !into->failed) {
        size_t wanted = length - into->len < READ_CHUNK ? length - into->len : READ_CHUNK;
        ssize_t count = read_again(descriptor, chunk, wanted);
        if (count < 0 && errno == EISDIR)
            return fail_folder(err);
        if (count < 0)
            return err_set_errno(err, ERR_IO, errno, "cannot be read");
        if (count == 0) {
            *ret_ended = true;
            break;
        }
        buf_add(into, chunk, (size_t)count);
    }
    return buf_check(into, err);
}

int file_read_descriptor(int descriptor, struct buf *into, struct err *err)
{
    bool ended = false;
    return file_read_until(descriptor, into, SIZE_MAX, &ended, err);
}

static int open_error(const char *path, int errno_value, struct err *err)
{
    int r = 0;
    const char *hint = "";
    if (path[0] == '\0')
        return err_set(err, ERR_NOT_FOUND, "the name of a file is empty");
    if (errno_value == ENOENT || errno_value == ENOTDIR) {
        r = err_set(err, ERR_NOT_FOUND, "there is no such file");
        hint = "Check the name of the file and the folder that it is looked for in.";
    } else if (errno_value == EACCES || errno_value == EPERM) {
        r = err_set(err, ERR_NOT_ALLOWED, "may not be read by this account");
        hint = "Run this as the account that owns it, or let this one read it (chmod).";
    } else {
        r = err_set_errno(err, ERR_IO, errno_value, "cannot be opened");
        hint = "Check the file and the folders on the way to it.";
    }
    if (err) {
        err_path(err, "%s", path);
        err_hint(err, "%s", hint);
    }
    return r;
}

int file_open(const char *path, int *ret, struct err *err)
{
    bool standard_input = strcmp(path, "-") == 0;
    *ret = standard_input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    return *ret >= 0 ? 0 : open_error(standard_input ? "standard input" : path, errno, err);
}

int file_read(const char *path, struct buf *into, struct err *err)
{
    autoclose int opened = -1;
    int r = file_open(path, &opened, err);
    if (r < 0)
        return r;
    r = file_read_descriptor(opened, into, err);
    if (r < 0 && err)
        err_path(err, "%s", strcmp(path, "-") == 0 ? "standard input" : path);
    return r;
}

/* Reads until the end or until `target` is full: files of /proc have no size. */
static bool read_small(int descriptor, char *target, size_t size, size_t *ret_length)
{
    size_t length = 0;
    for (;;) {
        ssize_t count = read_again(descriptor, target + length, size - length);
        if (count < 0)
            return false;
        if (count == 0)
            break;
        length += (size_t)count;
        if (length == size)
            return false;
    }
    *ret_length = length;
    return true;
}

bool file_read_text_at(int directory, const char *path, char *target, size_t size)
{
    if (size == 0)
        return false;
    target[0] = '\0';
    /* O_NONBLOCK: a named pipe in the tree must not stop us. */
    autoclose int descriptor = openat(directory, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat status;
    size_t length = 0;
    if (descriptor < 0 || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) ||
        !read_small(descriptor, target, size, &length)) {
        target[0] = '\0';
        return false;
    }
    while (length > 0 && target[length - 1] == '\0') /* device tree texts end in NUL */
        length--;
    struct str text = str_trim(str_slice(target, length));
    memmove(target, text.data, text.len);
    target[text.len] = '\0';
    return true;
}

static void hint_on_writing(int errno_value, struct err *err)
{
    const char *hint = "Choose another folder, or check the disk.";
    if (errno_value == ENOSPC || errno_value == EDQUOT)
        hint = "Free some space on that disk, or choose another folder.";
    else if (errno_value == EACCES || errno_value == EPERM)
        hint = "This account may not write there: choose another folder or change its permissions.";
    else if (errno_value == EROFS)
        hint = "That file system is read-only: choose another folder.";
    else if (errno_value == ENOENT)
        hint = "The folder does not exist: make it first, or check the spelling.";
    else if (errno_value == ENOTDIR || errno_value == EISDIR)
        hint = "A file stands where a folder is needed, or the reverse: choose another name.";
    err_hint(err, "%s", hint);
}

int file_write_error(int errno_value, struct err *err)
{
    int r = err_set_errno(err, ERR_CANNOT_WRITE, errno_value, "cannot be written");
    if (err)
        hint_on_writing(errno_value, err);
    return r;
}

int file_write_all(int descriptor, const void *bytes, size_t length, struct err *err)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t count = write(descriptor, at, length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return file_write_error(errno, err);
        if (count == 0)
            return file_write_error(EIO, err);
        at += count;
        length -= (size_t)count;
    }
    return 0;
}

bool file_exists(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0;
}

const char *file_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int make_folder(const char *path, mode_t mode, struct err *err)
{
    struct stat status;
    if (mkdir(path, mode) == 0)
        return 0;
    int reason = errno;
    if (stat(path, &status) == 0) {
        if (S_ISDIR(status.st_mode))
            return 0;
        reason = ENOTDIR;
    }
    int r = err_set_errno(err, ERR_CANNOT_WRITE, reason, "the folder cannot be made");
    if (err) {
        hint_on_writing(reason, err);
        err_path(err, "%s", path);
    }
    return r;
}

int file_make_folders(const char *path, mode_t mode, struct err *err)
{
    autofree char *copy = mem_strdup(path);
    if (!copy)
        return mem_error(err);
    for (char *slash = copy; (slash = strchr(slash + 1, '/')) != NULL;) {
        *slash = '\0';
        int r = make_folder(copy, mode, err);
        if (r < 0)
            return r;
        *slash = '/';
    }
    return make_folder(copy, mode, err);
}

/* A relative XDG path counts as unset (XDG Base Directory Specification). */
static int path_of_account(const char *variable, const char *below_home, const char *name, struct arena *arena,
                           const char **ret, struct err *err)
{
    const char *folder = getenv(variable), *home = getenv("HOME");
    if (folder != NULL && folder[0] == '/') {
        *ret = arena_printf(arena, "%s/crosschip/%s", folder, name);
    } else if (home != NULL && home[0] == '/') {
        *ret = arena_printf(arena, "%s/%s/crosschip/%s", home, below_home, name);
    } else {
        return err_set(err, ERR_CANNOT_WRITE, "neither HOME nor %s names a folder", variable);
    }
    return arena_check(arena, err);
}

int file_data_path(const char *name, struct arena *arena, const char **ret, struct err *err)
{
    return path_of_account("XDG_DATA_HOME", ".local/share", name, arena, ret, err);
}

int file_cache_path(const char *name, struct arena *arena, const char **ret, struct err *err)
{
    return path_of_account("XDG_CACHE_HOME", ".cache", name, arena, ret, err);
}

int file_config_path(const char *name, struct arena *arena, const char **ret, struct err *err)
{
    return path_of_account("XDG_CONFIG_HOME", ".config", name, arena, ret, err);
}
