#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "schema/base/clock.h"
#include "schema/base/file.h"
#include "schema/proof/hash.h"
#include "submit/spool/spool_internal.h"

#define LEFT_OVER_SECONDS 3600

const char *const spool_place_names[PLACE_COUNT] = {"tmp", "queue", "sent", "dead", "about", "files", "keys"};

int spool_error(const struct spool *spool, int errno_value, const char *what, struct err *err)
{
    (void)err_set_errno(err, ERR_CANNOT_WRITE, errno_value, "%s in the spool %s", what, spool->path);
    if (errno_value == ENOSPC || errno_value == EDQUOT)
        return err_hint(err, "make room on that disk, or name another folder with --spool");
    return err_hint(err, "name a folder that this account may write with --spool");
}

int spool_write(const struct spool *spool, int file, struct str bytes, struct err *err)
{
    int r = file_write_all(file, bytes.data, bytes.len, err);
    return r == -ERR_CANNOT_WRITE ? err_path(err, "%s", spool->path) : r;
}

/* A full disk leaves nothing behind: the half-written file goes. */
static int write_tmp(const struct spool *spool, const char *name, struct str bytes, bool flush, struct err *err)
{
    int folder = spool->folders[PLACE_TMP];
    autoclose int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        return spool_error(spool, errno, "cannot write", err);
    int r = spool_write(spool, file, bytes, err);
    if (r == 0 && flush && fsync(file) != 0)
        r = spool_error(spool, errno, "cannot flush", err);
    int closing = file;
    file = -1;
    if (close(closing) != 0 && r == 0)
        r = spool_error(spool, errno, "cannot write", err);
    if (r < 0)
        (void)unlinkat(folder, name, 0);
    return r;
}

int spool_put(const struct spool *spool, enum spool_place place, const char *name, struct str bytes, bool flush,
              struct err *err)
{
    unsigned char noise[16];
    char random_name[2 * sizeof(noise) + 1];
    int r = random_bytes(noise, sizeof(noise), err);
    if (r < 0)
        return r;
    (void)hex_encode(random_name, noise, sizeof(noise));
    r = write_tmp(spool, random_name, bytes, flush, err);
    if (r < 0)
        return r;
    if (renameat(spool->folders[PLACE_TMP], random_name, spool->folders[place], name) == 0)
        return 0;
    int failure = errno;
    (void)unlinkat(spool->folders[PLACE_TMP], random_name, 0);
    return spool_error(spool, failure, "cannot write", err);
}

bool spool_get(const struct spool *spool, enum spool_place place, const char *name, struct buf *into)
{
    autoclose int file = openat(spool->folders[place], name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    return file >= 0 && file_read_descriptor(file, into, NULL) >= 0;
}

int spool_flush_folder(const struct spool *spool, enum spool_place place, struct err *err)
{
    /* Some file systems cannot flush a folder and need not. */
    if (fsync(spool->folders[place]) != 0 && errno != EINVAL && errno != ENOTSUP)
        return spool_error(spool, errno, "cannot flush", err);
    return 0;
}

bool spool_is_corrupt(const char *id, struct str bytes)
{
    char actual[BUNDLE_ID_SIZE];
    return !text_equal(bundle_id(bytes, actual), id);
}

static int open_folders(struct spool *spool, struct err *err)
{
    int r = file_make_folders(spool->path, 0700, err);
    if (r < 0)
        return err_hint(err, "name a folder that this account may write with --spool");
    autoclose int top = open(spool->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (top < 0)
        return spool_error(spool, errno, "cannot open", err);
    for (int place = 0; place < PLACE_COUNT; place++) {
        if (mkdirat(top, spool_place_names[place], 0700) != 0 && errno != EEXIST)
            return spool_error(spool, errno, "cannot make a folder", err);
        spool->folders[place] = openat(top, spool_place_names[place], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (spool->folders[place] < 0)
            return spool_error(spool, errno, "cannot open a folder", err);
    }
    return 0;
}

/* A stream over a folder that is open already; NULL when memory is out. */
static DIR *list_folder(const struct spool *spool, enum spool_place place)
{
    int copy = openat(spool->folders[place], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = copy < 0 ? NULL : fdopendir(copy);
    if (folder == NULL && copy >= 0)
        (void)close(copy);
    return folder;
}

static void remove_left_overs(const struct spool *spool)
{
    DIR *folder = list_folder(spool, PLACE_TMP);
    if (folder == NULL)
        return;
    time_t now = time(NULL);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        struct stat status;
        if (entry->d_name[0] != '.' && fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            now - status.st_mtime > LEFT_OVER_SECONDS)
            (void)unlinkat(dirfd(folder), entry->d_name, 0);
    }
    (void)closedir(folder);
}

int spool_open(const char *path, const struct spool_limits *limits, struct spool **ret, struct err *err)
{
    autospool struct spool *spool = mem_zalloc(1, sizeof(*spool));
    if (spool == NULL)
        return mem_error(err);
    for (int place = 0; place < PLACE_COUNT; place++)
        spool->folders[place] = -1;
    if (strlen(path) >= sizeof(spool->path))
        return err_set(err, ERR_USAGE, "the path of the spool is too long");
    text_copy(spool->path, sizeof(spool->path), path);
    spool->entries_max = limits != NULL && limits->entries > 0 ? limits->entries : SPOOL_ENTRIES_MAX;
    spool->bytes_max = limits != NULL && limits->bytes > 0 ? limits->bytes : SPOOL_BYTES_MAX;
    int r = open_folders(spool, err);
    if (r < 0)
        return r;
    remove_left_overs(spool);
    spool_settle_interrupted(spool);
    *ret = TAKE_PTR(spool);
    return 0;
}

void spool_close(struct spool *spool)
{
    if (spool == NULL)
        return;
    (void)!spool_settle(spool, NULL);
    spool_batch_done(spool, &spool->bundles);
    spool_batch_done(spool, &spool->receipts);
    for (int place = 0; place < PLACE_COUNT; place++)
        if (spool->folders[place] >= 0)
            (void)close(spool->folders[place]);
    free(spool->settled);
    free(spool);
}

void spool_close_cleanup(struct spool **spool)
{
    spool_close(*spool);
}

const char *spool_path(const struct spool *spool)
{
    return spool->path;
}

static bool id_of_name(const char *name, const char *suffix, char target[BUNDLE_ID_SIZE])
{
    struct sha256 hash;
    size_t length = strlen(name), tail = strlen(suffix);
    if (length != BUNDLE_ID_SIZE - 1 + tail || !text_ends_with(name, suffix) ||
        !sha256_parse_id(str_slice(name, BUNDLE_ID_SIZE - 1), &hash))
        return false;
    memcpy(target, name, BUNDLE_ID_SIZE - 1);
    target[BUNDLE_ID_SIZE - 1] = '\0';
    return true;
}

static int compare_entries(const void *a, const void *b)
{
    return strcmp(((const struct spool_entry *)a)->id, ((const struct spool_entry *)b)->id);
}

int spool_list(const struct spool *spool, enum spool_folder which, struct arena *arena, struct spool_entry **ret,
               size_t *ret_count, struct err *err)
{
    enum spool_place place = which == SPOOL_QUEUE ? PLACE_QUEUE : which == SPOOL_SENT ? PLACE_SENT : PLACE_DEAD;
    const char *suffix = which == SPOOL_SENT ? ".receipt" : "";
    struct spool_entry *entries = NULL;
    size_t count = 0, capacity = 0;
    DIR *folder = list_folder(spool, place);
    if (folder == NULL)
        return spool_error(spool, errno, "cannot list", err);
    for (struct dirent *item = readdir(folder); item != NULL; item = readdir(folder)) {
        struct spool_entry entry = {.bytes = 0};
        struct stat status;
        if (!id_of_name(item->d_name, suffix, entry.id) ||
            fstatat(dirfd(folder), item->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
            continue;
        entry.bytes = (int64_t)status.st_size;
        entry.since_us = (int64_t)status.st_mtime * 1000000;
        struct spool_entry *grown = arena_grow(arena, entries, &capacity, count + 1, sizeof(*entries));
        if (grown == NULL)
            break;
        entries = grown;
        entries[count++] = entry;
    }
    (void)closedir(folder);
    if (count > 1)
        qsort(entries, count, sizeof(*entries), compare_entries);
    *ret = entries;
    *ret_count = count;
    return arena_check(arena, err);
}

bool spool_waits(const struct spool *spool, const char *id)
{
    struct stat status;
    return fstatat(spool->folders[PLACE_QUEUE], id, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode);
}

static int count_queue(struct spool *spool, struct err *err)
{
    struct arena arena cleanup(arena_done) = {0};
    struct spool_entry *entries;
    size_t count;
    if (spool->counted)
        return 0;
    int r = spool_list(spool, SPOOL_QUEUE, &arena, &entries, &count, err);
    if (r < 0)
        return r;
    spool->entries = count;
    spool->bytes = 0;
    for (size_t i = 0; i < count; i++)
        spool->bytes += entries[i].bytes;
    spool->counted = true;
    return 0;
}

int spool_add(struct spool *spool, const char *id, struct str bytes, struct err *err)
{
    struct stat status;
    if (spool_batch_has(&spool->bundles, id))
        return 0;
    if (fstatat(spool->folders[PLACE_QUEUE], id, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        status.st_size == (off_t)bytes.len) {
        autobuf struct buf there = BUF(BUNDLE_BYTES_MAX);
        if (spool_get(spool, PLACE_QUEUE, id, &there) && !spool_is_corrupt(id, str_slice(buf_text(&there), there.len)))
            return 0;
    }
    int r = count_queue(spool, err);
    if (r < 0)
        return r;
    if (spool->entries >= spool->entries_max || spool->bytes + (int64_t)bytes.len > spool->bytes_max) {
        (void)err_set(err, ERR_RETRY, "the queue is full: %zu bundles wait", spool->entries);
        return err_hint(err, "send them first: crosschip-submit queue flush --server URL");
    }
    r = spool_batch_add(spool, &spool->bundles, id, bytes, err);
    if (r < 0)
        return r;
    spool->entries++;
    spool->bytes += (int64_t)bytes.len;
    return 0;
}

int spool_sync(struct spool *spool, struct err *err)
{
    autofree char(*ids)[BUNDLE_ID_SIZE] = mem_zalloc(spool->bundles.count + 1, sizeof(*ids));
    size_t count = spool->bundles.count;
    if (ids == NULL)
        return mem_error(err);
    for (size_t i = 0; i < count; i++)
        text_copy(ids[i], sizeof(ids[i]), spool->bundles.items[i].name);
    int r = spool_batch_commit(spool, &spool->bundles, PLACE_QUEUE, err);
    if (r < 0) {
        spool->counted = false;
        return r;
    }
    for (size_t i = 0; i < count; i++)
        spool_leave_dead(spool, ids[i]);
    return 0;
}

/* The descriptor still names the entry: nobody sent and removed it while we waited for the lock. */
static bool is_current(const struct spool *spool, const char *id, int file)
{
    struct stat ours, there;
    return fstat(file, &ours) == 0 && fstatat(spool->folders[PLACE_QUEUE], id, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
           ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

/* 1 and the locked entry; 0 when there is none. Who adds the same bundle anew puts another file in its place: then that
 * one waits. */
static int lock_entry(const struct spool *spool, const char *id, int *ret, struct err *err)
{
    for (;;) {
        autoclose int file = openat(spool->folders[PLACE_QUEUE], id, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        if (file < 0)
            return errno == ENOENT ? 0 : spool_error(spool, errno, "cannot read", err);
        while (flock(file, LOCK_EX) != 0)
            if (errno != EINTR)
                return spool_error(spool, errno, "cannot lock", err);
        if (is_current(spool, id, file)) {
            *ret = file;
            file = -1;
            return 1;
        }
    }
}

int spool_take(struct spool *spool, const char *id, struct buf *into, int *ret_lock, struct err *err)
{
    autoclose int file = -1;
    int r = lock_entry(spool, id, &file, err);
    if (r <= 0)
        return r;
    buf_reset(into);
    r = file_read_descriptor(file, into, err);
    if (r < 0 && r != -ERR_LIMIT)
        return r;
    if (r < 0 || spool_is_corrupt(id, str_slice(buf_text(into), into->len))) {
        r = spool_dead(spool, id, "spool_corrupt: the file does not hash to its name", err);
        if (r < 0)
            return r;
        (void)err_set(err, ERR_DATA, "%s is damaged on disk", id);
        return err_hint(err, "it was moved to %s/dead; send the file again", spool->path);
    }
    *ret_lock = file;
    file = -1;
    return 1;
}

void spool_release(int lock)
{
    if (lock >= 0)
        (void)close(lock);
}
