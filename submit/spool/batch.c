/* Files that become safe on disk together. Each is written to tmp/ at once; at the end all are flushed, then renamed.
 * What is on its way to the disk when the first is flushed goes with it, so that a journaling file system commits once
 * for many files and not once for each. Nothing is renamed before its bytes are safe. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/proof/hash.h"
#include "submit/spool/spool_internal.h"

static void forget_item(const struct spool *spool, struct batch_item *item)
{
    if (item->file >= 0)
        (void)close(item->file);
    if (item->tmp[0] != '\0')
        (void)unlinkat(spool->folders[PLACE_TMP], item->tmp, 0);
    *item = (struct batch_item){.file = -1};
}

void spool_batch_drop(const struct spool *spool, struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        forget_item(spool, &batch->items[i]);
    batch->count = 0;
}

void spool_batch_done(const struct spool *spool, struct batch *batch)
{
    spool_batch_drop(spool, batch);
    free(batch->items);
    *batch = (struct batch){0};
}

bool spool_batch_has(const struct batch *batch, const char *name)
{
    for (size_t i = 0; i < batch->count; i++)
        if (text_equal(batch->items[i].name, name))
            return true;
    return false;
}

/* Lets the disk begin; the flush that waits for it comes later, and without this one it does all the work. */
static void begin_writing(int file)
{
#ifdef __linux__
    (void)sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WRITE);
#else
    (void)file;
#endif
}

int spool_batch_add(const struct spool *spool, struct batch *batch, const char *name, struct str bytes, struct err *err)
{
    unsigned char noise[16];
    struct batch_item item = {.file = -1};
    if (mem_grow(&batch->items, &batch->capacity, batch->count + 1, sizeof(*batch->items)) < 0)
        return mem_error(err);
    int r = random_bytes(noise, sizeof(noise), err);
    if (r < 0)
        return r;
    (void)hex_encode(item.tmp, noise, sizeof(noise));
    text_copy(item.name, sizeof(item.name), name);
    item.file = openat(spool->folders[PLACE_TMP], item.tmp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (item.file < 0)
        return spool_error(spool, errno, "cannot write", err);
    r = spool_write(spool, item.file, bytes, err);
    if (r < 0) {
        forget_item(spool, &item);
        return r;
    }
    begin_writing(item.file);
    batch->items[batch->count++] = item;
    return 0;
}

static int flush_item(const struct spool *spool, struct batch_item *item, struct err *err)
{
    int file = item->file, failure = fsync(file) == 0 ? 0 : errno;
    item->file = -1;
    if (close(file) != 0 && failure == 0)
        failure = errno;
    return failure == 0 ? 0 : spool_error(spool, failure, "cannot flush", err);
}

int spool_batch_commit(const struct spool *spool, struct batch *batch, enum spool_place place, struct err *err)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < batch->count; i++)
        r = flush_item(spool, &batch->items[i], err);
    for (size_t i = 0; r == 0 && i < batch->count; i++) {
        struct batch_item *item = &batch->items[i];
        if (renameat(spool->folders[PLACE_TMP], item->tmp, spool->folders[place], item->name) != 0)
            r = spool_error(spool, errno, "cannot write", err);
        else
            item->tmp[0] = '\0';
    }
    spool_batch_drop(spool, batch);
    return r < 0 ? r : spool_flush_folder(spool, place, err);
}
