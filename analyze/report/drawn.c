#include "analyze/report/drawn.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/log.h"
#include "schema/base/str.h"

#define CACHE_BYTES_MAX ((size_t)16 << 20)
#define CHART_BYTES_MAX ((size_t)64 << 20)
#define KEPT_DAYS 180
#define HEAD "crosschip charts 1"

void drawn_done(struct drawn *drawn)
{
    arena_done(&drawn->arena);
    memset(drawn, 0, sizeof(*drawn));
}

/* ---- who draws */

/* The bytes of this very program. Where the system does not show them nothing can be kept. */
static bool hash_program(struct sha256 *ret)
{
    return sha256_of_file("/proc/self/exe", ret, NULL) == 0;
}

static struct sha256 key_of(const struct drawn *drawn, const char *path, const struct sha256 *content)
{
    const struct str parts[] = {str_slice((const char *)drawn->drawer.bytes, sizeof(drawn->drawer.bytes)),
                                str_slice((const char *)content->bytes, sizeof(content->bytes)), str_of(path)};

    return sha256_of_parts(parts, ARRAY_LENGTH(parts));
}

/* ---- the cache file: a line "PATH KEY BYTES" for each chart */

static int compare_files(const void *left, const void *right)
{
    const struct drawn_file *a = left, *b = right;

    return strcmp(a->path, b->path);
}

static bool take_line(struct drawn *drawn, struct str line)
{
    struct drawn_file file = {.path = NULL};
    struct str path, key, bytes;

    if (!str_next_field(&line, ' ', &path) || !str_next_field(&line, ' ', &key) ||
        !str_next_field(&line, ' ', &bytes) || line.len > 0 || !sha256_parse_hex(key, &file.key) ||
        !sha256_parse_hex(bytes, &file.bytes))
        return false;
    struct drawn_file *files =
        arena_grow(&drawn->arena, drawn->before, &drawn->before_capacity, drawn->before_count + 1, sizeof(*files));

    file.path = arena_strndup(&drawn->arena, path.data, path.len);
    if (files == NULL || file.path == NULL)
        return false;
    drawn->before = files;
    files[drawn->before_count++] = file;
    return true;
}

static void read_cache(struct drawn *drawn)
{
    autobuf struct buf text = BUF(CACHE_BYTES_MAX);
    struct str rest, line;

    if (!file_exists(drawn->cache) || file_read(drawn->cache, &text, NULL) < 0)
        return;
    rest = str_slice(buf_text(&text), text.len);
    drawn->record = sha256_of(rest.data, rest.len);
    if (!str_next_line(&rest, &line) || !str_equal(line, STR(HEAD)))
        return;
    while (str_next_line(&rest, &line))
        if (!take_line(drawn, line)) {
            drawn->before_count = 0;
            return;
        }
    if (drawn->before_count > 0)
        qsort(drawn->before, drawn->before_count, sizeof(*drawn->before), compare_files);
}

/* Of a folder that is still to be made: of the one that it will be in. NULL when that is not there either. */
static char *real_path(const char *folder)
{
    char real[PATH_MAX];
    autofree char *parent = mem_strdup(folder);
    char *slash = parent != NULL ? strrchr(parent, '/') : NULL;

    if (realpath(folder, real) != NULL)
        return mem_strdup(real);
    if (parent == NULL || (slash != NULL && slash[1] == '\0'))
        return NULL;
    if (slash != NULL)
        *slash = '\0';
    if (realpath(slash == NULL ? "." : slash == parent ? "/" : parent, real) == NULL)
        return NULL;
    return mem_printf("%s/%s", real, slash != NULL ? slash + 1 : folder);
}

void drawn_open(const char *folder, const char *place, struct drawn *ret)
{
    struct drawn drawn = {.folder = folder};
    autofree char *real = place != NULL ? mem_strdup(place) : real_path(folder);
    char hex[SHA256_HEX_SIZE];

    *ret = drawn;
    if (real == NULL || !hash_program(&drawn.drawer))
        return;
    const struct sha256 where = sha256_of(real, strlen(real));
    autofree char *name = mem_printf("charts/%s", sha256_hex(hex, &where));

    if (name == NULL || file_cache_path(name, &drawn.arena, &drawn.cache, NULL) < 0)
        drawn.cache = NULL;
    else
        read_cache(&drawn);
    *ret = drawn;
}

void drawn_by(struct drawn *drawn, const char *drawer)
{
    const struct str parts[] = {str_slice((const char *)drawn->drawer.bytes, sizeof(drawn->drawer.bytes)),
                                str_of(drawer)};

    drawn->drawer = sha256_of_parts(parts, ARRAY_LENGTH(parts));
}

/* ---- what was kept */

static void add(struct drawn *drawn, const char *path, const struct sha256 *key, const struct sha256 *bytes)
{
    struct drawn_file *files =
        arena_grow(&drawn->arena, drawn->now, &drawn->now_capacity, drawn->now_count + 1, sizeof(*files));

    if (files == NULL)
        return;
    drawn->now = files;
    files[drawn->now_count++] = (struct drawn_file){arena_strdup(&drawn->arena, path), *key, *bytes};
}

static const struct drawn_file *find(const struct drawn *drawn, const char *path)
{
    const struct drawn_file wanted = {.path = path};

    return drawn->before_count == 0
               ? NULL
               : bsearch(&wanted, drawn->before, drawn->before_count, sizeof(*drawn->before), compare_files);
}

bool drawn_knows(const struct drawn *drawn, const char *path, const struct sha256 *content, struct sha256 *ret)
{
    const struct sha256 key = key_of(drawn, path, content);
    const struct drawn_file *found = find(drawn, path);

    if (found == NULL || !sha256_equal(&found->key, &key))
        return false;
    *ret = found->bytes;
    return true;
}

bool drawn_take(const struct drawn *drawn, const char *path, const struct sha256 *content, struct buf *into,
                struct sha256 *ret_bytes)
{
    struct sha256 known;

    if (!drawn_knows(drawn, path, content, &known))
        return false;
    autofree char *whole = mem_printf("%s/%s", drawn->folder, path);
    autobuf struct buf bytes = BUF(CHART_BYTES_MAX);

    if (whole == NULL || !file_exists(whole) || file_read(whole, &bytes, NULL) < 0)
        return false;
    const struct sha256 hash = sha256_of(buf_text(&bytes), bytes.len);

    if (!sha256_equal(&hash, &known))
        return false;
    *ret_bytes = hash;
    buf_done(into);
    *into = bytes;
    bytes = BUF(0);
    return true;
}

void drawn_keep(struct drawn *drawn, const char *path, const struct sha256 *content, const struct sha256 *what)
{
    const struct sha256 key = key_of(drawn, path, content);

    if (drawn->cache != NULL)
        add(drawn, path, &key, what);
}

void drawn_note(struct drawn *drawn, const char *path, const struct sha256 *content, const struct sha256 *bytes,
                bool taken)
{
    drawn->charts++;
    drawn->taken += taken ? 1 : 0;
    drawn_keep(drawn, path, content, bytes);
}

static bool is_as_before(const struct drawn *drawn)
{
    for (size_t i = 0; i < drawn->now_count; i++) {
        const struct drawn_file *found = find(drawn, drawn->now[i].path);

        if (found == NULL || !sha256_equal(&found->key, &drawn->now[i].key) ||
            !sha256_equal(&found->bytes, &drawn->now[i].bytes))
            return false;
    }
    return drawn->now_count == drawn->before_count;
}

/* Folders that nobody published into for half a year may be gone. */
static void forget_old(const char *folder)
{
    DIR *entries = opendir(folder);
    const time_t now = time(NULL);

    for (const struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) {
        struct stat status;

        if (strlen(entry->d_name) == SHA256_HEX_SIZE - 1 &&
            fstatat(dirfd(entries), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode) &&
            now - status.st_mtime > (time_t)KEPT_DAYS * 24 * 3600)
            (void)unlinkat(dirfd(entries), entry->d_name, 0);
    }
    if (entries != NULL)
        closedir(entries);
}

char *drawn_beside(const struct drawn *drawn, const char *kind, struct arena *arena)
{
    const char *name = drawn->cache != NULL ? strrchr(drawn->cache, '/') : NULL;
    const size_t folder = name != NULL ? (size_t)(name - drawn->cache) - strlen("/charts") : 0;

    return name == NULL ? NULL : arena_printf(arena, "%.*s/%s%s", (int)folder, drawn->cache, kind, name);
}

bool drawn_write(const char *path, const struct buf *text)
{
    struct err err = {.code = 0};
    autofree char *folder = mem_strndup(path, (size_t)(strrchr(path, '/') - path));
    const bool written = folder != NULL && buf_check(text, &err) == 0 && file_make_folders(folder, 0700, &err) == 0 &&
                         file_replace(path, 0600, buf_text(text), text->len, &err) == 0;

    if (written)
        forget_old(folder);
    else
        log_debug("what was published is not kept in mind: %s", err.text);
    return written;
}

void drawn_save(struct drawn *drawn)
{
    autobuf struct buf text = BUF(CACHE_BYTES_MAX);
    char key[SHA256_HEX_SIZE], bytes[SHA256_HEX_SIZE];

    if (drawn->cache == NULL || drawn->arena.failed != 0 || is_as_before(drawn))
        return;
    buf_adds(&text, HEAD "\n");
    for (size_t i = 0; i < drawn->now_count; i++)
        buf_addf(&text, "%s %s %s\n", drawn->now[i].path, sha256_hex(key, &drawn->now[i].key),
                 sha256_hex(bytes, &drawn->now[i].bytes));
    drawn->record = drawn_write(drawn->cache, &text) ? sha256_of(buf_text(&text), text.len) : (struct sha256){{0}};
}
