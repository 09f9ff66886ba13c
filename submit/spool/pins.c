/* The pinned keys of collectors: one file for each, named by the hash of the collector's name. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/proof/hash.h"
#include "submit/spool/spool_internal.h"

#define PIN_MAX ((size_t)256 << 10)

static const char *pin_name(char target[SHA256_HEX_SIZE], const char *server)
{
    struct sha256 hash = sha256_of(server, strlen(server));
    return sha256_hex(target, &hash);
}

bool spool_pin_read(const struct spool *spool, const char *server, struct buf *into)
{
    char name[SHA256_HEX_SIZE];
    return spool_get(spool, PLACE_KEYS, pin_name(name, server), into);
}

int spool_pin_write(const struct spool *spool, const char *server, struct str text, struct err *err)
{
    char name[SHA256_HEX_SIZE];
    int r = spool_put(spool, PLACE_KEYS, pin_name(name, server), text, true, err);
    return r < 0 ? r : spool_flush_folder(spool, PLACE_KEYS, err);
}

int spool_pin_drop(struct spool *spool, const char *server, struct err *err)
{
    char name[SHA256_HEX_SIZE];
    if (unlinkat(spool->folders[PLACE_KEYS], pin_name(name, server), 0) != 0)
        return errno == ENOENT ? 0 : spool_error(spool, errno, "cannot remove", err);
    int r = spool_flush_folder(spool, PLACE_KEYS, err);
    return r < 0 ? r : 1;
}

static DIR *open_keys(const struct spool *spool)
{
    int descriptor = openat(spool->folders[PLACE_KEYS], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = descriptor < 0 ? NULL : fdopendir(descriptor);
    if (folder == NULL && descriptor >= 0)
        (void)close(descriptor);
    return folder;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int spool_pin_list(const struct spool *spool, struct arena *arena, const char ***ret, size_t *ret_count,
                   struct err *err)
{
    const char **texts = NULL;
    size_t count = 0, capacity = 0;
    DIR *folder = open_keys(spool);
    if (folder == NULL)
        return spool_error(spool, errno, "cannot list", err);
    for (struct dirent *item = readdir(folder); item != NULL; item = readdir(folder)) {
        autobuf struct buf text = BUF(PIN_MAX);
        if (strlen(item->d_name) != SHA256_HEX_SIZE - 1 || !spool_get(spool, PLACE_KEYS, item->d_name, &text))
            continue;
        const char **grown = arena_grow(arena, texts, &capacity, count + 1, sizeof(*texts));
        if (grown == NULL)
            break;
        texts = grown;
        texts[count++] = arena_strdup(arena, buf_text(&text));
    }
    (void)closedir(folder);
    int r = arena_check(arena, err);
    if (r == 0 && count > 1)
        qsort(texts, count, sizeof(*texts), compare_texts);
    *ret = texts;
    *ret_count = count;
    return r;
}
