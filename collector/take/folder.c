#include "collector/take/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "schema/base/mem.h"

enum { DEPTH_MAX = 32 };

struct walk {
    int (*each)(void *context, const char *path, size_t size, struct err *err);
    void (*trouble)(void *context, const char *path, const struct err *why);
    void *context;
};

struct names {
    struct arena arena;
    const char **items;
    size_t count, capacity;
};

static void names_done(struct names *names)
{
    arena_done(&names->arena);
}
#define autonames cleanup(names_done)

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void close_folder(DIR **folder)
{
    if (*folder != NULL) {
        (void)closedir(*folder);
    }
}

static int read_names(const char *path, struct names *ret, struct err *err)
{
    DIR *folder cleanup(close_folder) = opendir(path);
    if (folder == NULL) {
        return err_set_errno(err, errno == EACCES ? ERR_NOT_ALLOWED : ERR_IO, errno, "the folder cannot be read");
    }
    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) { /* NOLINT(concurrency-mt-unsafe): a stream of our own */
        if (entry->d_name[0] == '.') {
            continue;
        }
        const char **items = arena_grow(&ret->arena, ret->items, &ret->capacity, ret->count + 1, sizeof *items);
        if (items == NULL) {
            return mem_error(err);
        }
        ret->items = items;
        items[ret->count++] = arena_printf(&ret->arena, "%s/%s", path, entry->d_name);
    }
    int code = arena_check(&ret->arena, err);
    if (code == 0 && ret->count > 0) {
        qsort(ret->items, ret->count, sizeof *ret->items, compare_names);
    }
    return code;
}

static int walk_below(const struct walk *walk, const char *path, int depth, struct err *err)
{
    autonames struct names names = {0};
    int code = depth > DEPTH_MAX ? err_set(err, ERR_LIMIT, "folders nested more than %d deep", DEPTH_MAX)
                                 : read_names(path, &names, err);
    if (code != 0 && code != -ERR_MEMORY) {
        walk->trouble(walk->context, path, err);
        return 0;
    }
    for (size_t i = 0; code == 0 && i < names.count; i++) {
        struct stat about;
        if (lstat(names.items[i], &about) != 0) {
            continue; /* gone since the folder was read */
        }
        if (S_ISDIR(about.st_mode)) {
            code = walk_below(walk, names.items[i], depth + 1, err);
        } else if (S_ISREG(about.st_mode)) {
            code = walk->each(walk->context, names.items[i], (size_t)about.st_size, err);
        }
    }
    return code;
}

int folder_walk(const char *path, int (*each)(void *context, const char *path, size_t size, struct err *err),
                void (*trouble)(void *context, const char *path, const struct err *why), void *context, struct err *err)
{
    const struct walk walk = {.each = each, .trouble = trouble, .context = context};
    struct err scratch;
    return walk_below(&walk, path, 0, err != NULL ? err : &scratch);
}
