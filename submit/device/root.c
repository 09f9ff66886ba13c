#include "submit/device/root.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/number.h"
#include "schema/bundle/limits.h"

int root_open(const char *folder, struct root *ret, struct err *err)
{
    struct stat status;
    if (folder == NULL) {
        *ret = (struct root){.live = true};
        return 0;
    }
    struct root root = {.live = false};
    if (realpath(folder, root.path) == NULL) {
        (void)err_set_errno(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, errno, "%s", folder);
        return err_hint(err, "--root takes a folder with proc/, sys/, etc/ or commands/");
    }
    if (stat(root.path, &status) != 0 || !S_ISDIR(status.st_mode)) {
        (void)err_set(err, ERR_USAGE, "%s is not a folder", folder);
        return err_hint(err, "--root takes a folder with proc/, sys/, etc/ or commands/");
    }
    if (text_equal(root.path, "/"))
        root.path[0] = '\0';
    *ret = root;
    return 0;
}

/* The real path of `path` when it lies below the root. */
static bool resolve(const struct root *root, const char *path, char target[PATH_MAX])
{
    autobuf struct buf joined = BUF(PATH_MAX - 1);
    buf_adds(&joined, root->path);
    buf_addc(&joined, '/');
    buf_adds(&joined, path);
    if (buf_check(&joined, NULL) < 0)
        return false;
    if (root->live) {
        text_copy(target, PATH_MAX, buf_text(&joined));
        return true;
    }
    if (realpath(buf_text(&joined), target) == NULL)
        return false;
    size_t prefix = strlen(root->path);
    return strncmp(target, root->path, prefix) == 0 && target[prefix] == '/';
}

/* Reads up to the end. What states a size ends with the first short read; files of /proc state none. */
static bool read_open(int descriptor, const struct stat *status, struct buf *into)
{
    char chunk[8192];
    for (;;) {
        ssize_t count = read(descriptor, chunk, sizeof(chunk));
        if (count < 0 && errno == EINTR)
            continue;
        if (count > 0)
            buf_add(into, chunk, (size_t)count);
        if (count <= 0 || into->failed || (status->st_size > 0 && (size_t)count < sizeof(chunk)))
            return count >= 0 && !into->failed;
    }
}

bool root_read(const struct root *root, const char *path, struct buf *into)
{
    char real[PATH_MAX];
    struct stat status;
    if (!resolve(root, path, real))
        return false;
    /* O_NONBLOCK: a named pipe must not stop us. Looking a path up is what costs, so the file is asked once it is
     * open. */
    autoclose int descriptor = open(real, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    /* Files of the kernel have no size; one that is too large is not read up to the limit first. */
    if (descriptor < 0 || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) ||
        (status.st_size > 0 && (uintmax_t)status.st_size > into->max))
        return false;
    return read_open(descriptor, &status, into);
}

bool root_line(const struct root *root, char *target, size_t size, const char *path_format, ...)
{
    char path[PATH_MAX];
    va_list arguments;
    va_start(arguments, path_format);
    int length = vsnprintf(path, sizeof(path), path_format, arguments);
    va_end(arguments);
    autobuf struct buf text = BUF(64 << 10);
    if (length < 0 || (size_t)length >= sizeof(path) || !root_read(root, path, &text))
        return false;
    struct str rest = str_slice(buf_text(&text), text.len), line;
    if (!str_next_line(&rest, &line))
        return false;
    line = str_trim(line);
    /* Files of the device tree end in NUL. */
    while (line.len > 0 && line.data[line.len - 1] == '\0')
        line.len--;
    if (line.len == 0 || line.len >= size)
        return false;
    memcpy(target, line.data, line.len);
    target[line.len] = '\0';
    return true;
}

bool root_int(const struct root *root, int64_t *ret, const char *path_format, ...)
{
    char path[PATH_MAX], text[64];
    va_list arguments;
    va_start(arguments, path_format);
    int length = vsnprintf(path, sizeof(path), path_format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof(path) || !root_line(root, text, sizeof(text), "%s", path))
        return false;
    return number_parse_int64(str_of(text), ret);
}

bool root_exists(const struct root *root, const char *path)
{
    char real[PATH_MAX];
    return resolve(root, path, real) && file_exists(real);
}

static int compare_names(const void *a, const void *b)
{
    const char *const *left = a, *const *right = b;
    int order = text_compare_natural(*left, *right);
    return order != 0 ? order : strcmp(*left, *right);
}

char **root_list(const struct root *root, const char *path, struct arena *arena, size_t *ret_count)
{
    char real[PATH_MAX];
    char **names = NULL;
    size_t count = 0, capacity = 0;
    *ret_count = 0;
    DIR *folder = resolve(root, path, real) ? opendir(real) : NULL;
    if (folder == NULL)
        return NULL;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (entry->d_name[0] == '.')
            continue;
        char **grown = arena_grow(arena, names, &capacity, count + 1, sizeof(*names));
        if (grown == NULL)
            break;
        names = grown;
        names[count] = arena_strdup(arena, entry->d_name);
        if (names[count] == NULL)
            break;
        count++;
    }
    (void)closedir(folder);
    if (count > 1)
        qsort(names, count, sizeof(*names), compare_names);
    *ret_count = count;
    return names;
}

bool root_command(const struct root *root, const char *name, struct buf *into)
{
    char path[256];
    int length = snprintf(path, sizeof(path), "commands/%s.txt", name);
    if (root->live || length < 0 || (size_t)length >= sizeof(path))
        return false;
    return root_read(root, path, into);
}

static bool is_placeholder(const char *text)
{
    static const char *const words[] = {"N/A",
                                        "[N/A]",
                                        "[Not Supported]",
                                        "Not Supported",
                                        "None",
                                        "-",
                                        "unknown",
                                        "Unknown",
                                        "Not Specified",
                                        "Not Applicable",
                                        "Default string",
                                        "To Be Filled By O.E.M.",
                                        "To be filled by O.E.M.",
                                        "System Product Name",
                                        "Unknown Product",
                                        "Filled By O.E.M.",
                                        "empty",

                                        "System Version",
                                        "Product Name",
                                        "OEM",
                                        "O.E.M.",
                                        "Not Available",
                                        "(null)",
                                        "Undefined",
                                        "<BAD INDEX>",
                                        "Type1ProductConfigId",
                                        "0",
                                        "[Unknown Error]"};
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
        if (text_equal_ignore_case(text, words[i]))
            return true;
    return text_starts_with(text, "[Requested functionality");
}

const char *fact_text(struct arena *arena, struct str raw)
{
    char clean[BUNDLE_NAME_BYTES_MAX + 1];
    size_t length = 0, points = 0;
    bool blank = false;
    const char *at = raw.data, *end = raw.len == 0 ? raw.data : raw.data + raw.len;
    while (at < end && points < BUNDLE_NAME_POINTS_MAX) {
        uint32_t point = 0;
        size_t size = utf8_decode(at, end, &point);
        if (size == 0) {
            at++;
            continue;
        }
        if (point == ' ' || point == '\t' || point == '\n' || point == '\r') {
            blank = length > 0;
        } else if (!utf8_is_unsafe(point) && !utf8_is_combining(point)) {
            if (length + size + (blank ? 1 : 0) > BUNDLE_NAME_BYTES_MAX)
                break;
            if (blank) {
                clean[length++] = ' ';
                points++;
            }
            blank = false;
            memcpy(clean + length, at, size);
            length += size;
            points++;
        }
        at += size;
    }
    clean[length] = '\0';
    if (length == 0 || is_placeholder(clean))
        return NULL;
    return arena_strndup(arena, clean, length);
}
