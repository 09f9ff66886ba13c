#include "analyze/report/standing.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "analyze/report/swap.h"
#include "schema/base/file.h"
#include "schema/base/str.h"

#define CACHE_BYTES_MAX ((size_t)64 << 20)
#define HEAD "crosschip publication 1"
#define KIND "published"
#define TICK_NS 20000000 /* times of files go by the clock's ticks, of 10 ms at most */

#ifdef __APPLE__
#define CHANGED st_ctimespec
#define WRITTEN st_mtimespec
#else
#define CHANGED st_ctim
#define WRITTEN st_mtim
#endif

/* What tells that a file is still the one that was left; the path last. Sets *fine when its time is no whole second: on
 * some disks a change within the second would not be seen. */
static bool add_file(int folder, const char *path, struct buf *into, bool *fine)
{
    struct stat status;

    if (fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(status.st_mode))
        return false;
    buf_addf(into, "%jd %ju %jd.%09ld %jd.%09ld %s\n", (intmax_t)status.st_size, (uintmax_t)status.st_ino,
             (intmax_t)status.WRITTEN.tv_sec, status.WRITTEN.tv_nsec, (intmax_t)status.CHANGED.tv_sec,
             status.CHANGED.tv_nsec, path);
    *fine = *fine || status.CHANGED.tv_nsec != 0;
    return into->failed == 0;
}

/* Every folder on the way to a file is one, and no link to elsewhere. `checked`: those of the file before. */
static bool is_reached_by_folders(int folder, const char *path, struct buf *checked)
{
    struct stat status;
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - path);

    if (length == checked->len && memcmp(path, buf_text(checked), length) == 0)
        return true;
    buf_reset(checked);
    for (size_t i = 0; i <= length && length > 0; i++) {
        if (path[i] == '/' &&
            (fstatat(folder, buf_text(checked), &status, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(status.st_mode)))
            return false;
        if (i < length)
            buf_addc(checked, path[i]);
    }
    return checked->failed == 0;
}

static bool is_as_left(int folder, struct str line, struct buf *checked)
{
    autobuf struct buf now = BUF(8192), path = BUF(4096);
    struct str rest = line, field;
    bool fine = false;

    for (int i = 0; i < 4; i++)
        if (!str_next_field(&rest, ' ', &field))
            return false;
    buf_add(&path, rest.data, rest.len);
    /* The line ends before its line break. */
    return is_reached_by_folders(folder, buf_text(&path), checked) && add_file(folder, buf_text(&path), &now, &fine) &&
           now.len == line.len + 1 && memcmp(buf_text(&now), line.data, line.len) == 0;
}

bool standing_is_untouched(const struct drawn *drawn, struct sha256 *ret_key, struct standing *ret)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autobuf struct buf text = BUF(CACHE_BYTES_MAX), checked = BUF(4096);
    autoclose int folder = open(drawn->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const char *path = drawn_beside(drawn, KIND, &arena);
    struct standing standing = {0, 0};
    struct str rest, line;

    if (folder < 0 || path == NULL || !file_exists(path) || file_read(path, &text, NULL) < 0)
        return false;
    rest = str_slice(buf_text(&text), text.len);
    if (!str_next_line(&rest, &line) || !str_equal(line, STR(HEAD)) || !str_next_line(&rest, &line) ||
        !sha256_parse_hex(line, ret_key))
        return false;
    while (str_next_line(&rest, &line)) {
        if (!is_as_left(folder, line, &checked))
            return false;
        standing.files++;
        standing.charts += str_find(line, STR(" charts/"), 0) != SIZE_MAX ? 1 : 0;
    }
    if (standing.files < 2)
        return false;
    swap_clear(drawn->folder, folder);
    standing.files--; /* the manifest is no file of the publication */
    *ret = standing;
    return true;
}

void standing_save(const struct drawn *drawn, const struct sha256 *key, const struct publication *publication)
{
    static const struct timespec tick = {0, TICK_NS};
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autobuf struct buf text = BUF(CACHE_BYTES_MAX);
    autoclose int folder = open(drawn->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const char *path = drawn_beside(drawn, KIND, &arena);
    char hex[SHA256_HEX_SIZE];
    bool whole = folder >= 0 && path != NULL && !drawn->passing, fine = false;

    if (path == NULL)
        return;
    (void)nanosleep(&tick, NULL);
    buf_addf(&text, HEAD "\n%s\n", sha256_hex(hex, key));
    for (size_t i = 0; whole && i < publication->count; i++)
        whole = add_file(folder, publication->files[i].path, &text, &fine);
    if (whole && add_file(folder, PUBLICATION_MANIFEST, &text, &fine) && fine)
        drawn_write(path, &text);
    else
        (void)unlink(path);
}
