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
#define HEAD "crosschip publication 2"
#define KIND "published"
#define TICK_NS 20000000 /* times of files go by the clock's ticks, of 10 ms at most */

#ifdef __APPLE__
#define CHANGED st_ctimespec
#define WRITTEN st_mtimespec
#else
#define CHANGED st_ctim
#define WRITTEN st_mtim
#endif

/* The digits of a number, `least` of them at least, before `at`; where they begin. */
static char *put_digits(char *at, uintmax_t number, int least)
{
    for (; number > 0 || least > 0; number /= 10, least--)
        *--at = (char)('0' + number % 10);
    return at;
}

/* "SIZE INODE WRITTEN CHANGED ", times with nanoseconds; one for each of thousands of files, thrice. */
static void put_status(const struct stat *status, struct buf *into)
{
    char text[192], *end = text + sizeof(text), *at = end;

    *--at = ' ';
    at = put_digits(at, (uintmax_t)status->CHANGED.tv_nsec, 9);
    *--at = '.';
    at = put_digits(at, (uintmax_t)status->CHANGED.tv_sec, 1);
    *--at = ' ';
    at = put_digits(at, (uintmax_t)status->WRITTEN.tv_nsec, 9);
    *--at = '.';
    at = put_digits(at, (uintmax_t)status->WRITTEN.tv_sec, 1);
    *--at = ' ';
    at = put_digits(at, (uintmax_t)status->st_ino, 1);
    *--at = ' ';
    at = put_digits(at, (uintmax_t)status->st_size, 1);
    buf_add(into, at, (size_t)(end - at));
}

/* What tells that a file is still the one that was left; the path last. Sets *fine when its time is no whole second: on
 * some disks a change within the second would not be seen. */
static bool add_file(int folder, const char *path, struct buf *into, bool *fine)
{
    struct stat status;

    if (fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(status.st_mode))
        return false;
    put_status(&status, into);
    buf_adds(into, path);
    buf_addc(into, '\n');
    *fine = *fine || status.CHANGED.tv_nsec != 0;
    return into->failed == 0;
}

/* The folder of a file is one, and no link to elsewhere. */
static bool is_reached_by_folders(int folder, const char *path, struct standing_way *way)
{
    const char *slash = strchr(path, '/');
    const size_t length = slash != NULL ? (size_t)(slash - path) : 0;
    char parent[sizeof(way->parent)];
    struct stat status;

    if (slash == NULL)
        return true;
    if (length >= sizeof(parent) || strchr(slash + 1, '/') != NULL)
        return false;
    str_copy(parent, sizeof(parent), str_slice(path, length));
    if (text_equal(parent, way->parent))
        return true;
    if (fstatat(folder, parent, &status, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(status.st_mode))
        return false;
    memcpy(way->parent, parent, sizeof(parent));
    return true;
}

static bool is_as_left(int folder, const struct standing_file *file, struct standing_way *way)
{
    autobuf struct buf now = BUF(8192);
    bool fine = false;

    /* The line ends before its line break. */
    return is_reached_by_folders(folder, file->path, way) && add_file(folder, file->path, &now, &fine) &&
           now.len == file->line.len + 1 && memcmp(buf_text(&now), file->line.data, file->line.len) == 0;
}

void standing_done(struct standing *standing)
{
    arena_done(&standing->arena);
    buf_done(&standing->text);
    if (standing->descriptor > 0)
        close(standing->descriptor);
    *standing = (struct standing){.folder = NULL};
}

static int compare_files(const void *left, const void *right)
{
    const struct standing_file *a = left, *b = right;

    return strcmp(a->path, b->path);
}

static bool take_line(struct standing *standing, struct str line)
{
    struct standing_file file = {.line = line};
    struct str field;

    for (int i = 0; i < 4; i++)
        if (!str_next_field(&line, ' ', &field))
            return false;
    struct standing_file *files =
        arena_grow(&standing->arena, standing->files, &standing->capacity, standing->count + 1, sizeof(*files));

    file.path = arena_strndup(&standing->arena, line.data, line.len);
    if (files == NULL || file.path == NULL)
        return false;
    standing->files = files;
    files[standing->count++] = file;
    standing->charts += text_starts_with(file.path, "charts/") ? 1 : 0;
    return true;
}

static bool take_text(struct standing *standing, const struct sha256 *record)
{
    struct str rest = str_slice(buf_text(&standing->text), standing->text.len), line;
    struct sha256 beside;

    if (!str_next_line(&rest, &line) || !str_equal(line, STR(HEAD)) || !str_next_line(&rest, &line) ||
        !sha256_parse_hex(line, &standing->key) || !str_next_line(&rest, &line) || !sha256_parse_hex(line, &beside))
        return false;
    standing->recorded = sha256_equal(&beside, record);
    while (str_next_line(&rest, &line))
        if (!take_line(standing, line))
            return false;
    return true;
}

void standing_open(const struct drawn *drawn, struct standing *ret)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    const char *path = drawn_beside(drawn, KIND, &arena);

    *ret = (struct standing){.folder = drawn->folder,
                             .descriptor = open(drawn->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
                             .text = BUF(CACHE_BYTES_MAX)};
    if (ret->descriptor < 0 || path == NULL || !file_exists(path) || file_read(path, &ret->text, NULL) < 0)
        return;
    if (!take_text(ret, &drawn->record))
        ret->count = 0;
    if (ret->count > 0)
        qsort(ret->files, ret->count, sizeof(*ret->files), compare_files);

    struct standing_way way = {""};

    for (size_t i = 0; i < ret->count; i++)
        ret->files[i].as_left = is_as_left(ret->descriptor, &ret->files[i], &way);
}

static const struct standing_file *find(const struct standing *standing, const char *path)
{
    const struct standing_file wanted = {.path = path};

    return standing->count == 0
               ? NULL
               : bsearch(&wanted, standing->files, standing->count, sizeof(*standing->files), compare_files);
}

bool standing_has(const struct standing *standing, int folder, const char *path, struct standing_way *way)
{
    const struct standing_file *found = find(standing, path);

    return found != NULL && is_as_left(folder, found, way);
}

bool standing_knows(const struct standing *standing, const char *path)
{
    const struct standing_file *found = standing != NULL && standing->recorded ? find(standing, path) : NULL;

    return found != NULL && found->as_left;
}

bool standing_equals(const struct standing *standing, const char *path, struct str bytes)
{
    const struct standing_file *found = find(standing, path);

    if (found == NULL || !found->as_left)
        return false;
    autoclose int file = openat(standing->descriptor, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    autobuf struct buf have = BUF(bytes.len);

    return file >= 0 && file_read_descriptor(file, &have, NULL) == 0 && have.len == bytes.len &&
           (bytes.len == 0 || memcmp(buf_text(&have), bytes.data, bytes.len) == 0);
}

bool standing_is_untouched(const struct standing *standing)
{
    autoclose int folder = open(standing->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct standing_way way = {""};

    if (standing->count < 2 || folder < 0)
        return false;
    for (size_t i = 0; i < standing->count; i++)
        if (!is_as_left(folder, &standing->files[i], &way))
            return false;
    swap_clear(standing->folder, folder);
    return true;
}

void standing_save(const struct drawn *drawn, const struct sha256 *key, const struct publication *publication)
{
    static const struct timespec tick = {0, TICK_NS};
    static const struct sha256 nobody_knows;
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autobuf struct buf text = BUF(CACHE_BYTES_MAX);
    autoclose int folder = open(drawn->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const char *path = drawn_beside(drawn, KIND, &arena);
    char hex[SHA256_HEX_SIZE], record[SHA256_HEX_SIZE];
    bool whole = folder >= 0 && path != NULL, fine = false;

    if (path == NULL)
        return;
    (void)nanosleep(&tick, NULL);
    buf_addf(&text, HEAD "\n%s\n%s\n", sha256_hex(hex, key != NULL && !drawn->passing ? key : &nobody_knows),
             sha256_hex(record, &drawn->record));
    for (size_t i = 0; whole && i < publication->count; i++)
        whole = add_file(folder, publication->files[i].path, &text, &fine);
    if (whole && add_file(folder, PUBLICATION_MANIFEST, &text, &fine) && fine)
        drawn_write(path, &text);
    else
        (void)unlink(path);
}
