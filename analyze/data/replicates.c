#include "analyze/data/replicates.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema/base/file.h"
#include "schema/base/log.h"

#define HEAD "crosschip replicates 1\n"
#define HEAD_BYTES (sizeof(HEAD) - 1)

/* As it stands in the files. */
struct record {
    struct sha256 key, sum;
    double values[RESAMPLE_REPLICATES];
};
static_assert(sizeof(struct record) == 2 * sizeof(struct sha256) + RESAMPLE_REPLICATES * sizeof(double),
              "a record has no padding");

struct replicates_item {
    off_t offset;
    bool fresh; /* in which file */
    bool asked;
};

void replicates_done(struct replicates *replicates)
{
    if (replicates->kept >= 0)
        close(replicates->kept);
    if (replicates->fresh >= 0)
        close(replicates->fresh);
    names_done(&replicates->keys);
    arena_done(&replicates->arena);
    free(replicates->items);
    *replicates = REPLICATES;
}

static bool read_all(int file, void *into, size_t length, off_t offset)
{
    char *bytes = into;

    for (size_t done = 0; done < length;) {
        const ssize_t got = pread(file, bytes + done, length - done, offset + (off_t)done);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

static struct sha256 sum_of(const struct record *record)
{
    const struct str parts[] = {str_slice((const char *)&record->key, sizeof(record->key)),
                                str_slice((const char *)record->values, sizeof(record->values))};

    return sha256_of_parts(parts, ARRAY_LENGTH(parts));
}

static struct str key_text(const struct sha256 *key)
{
    return str_slice((const char *)key->bytes, sizeof(key->bytes));
}

/* The item of a key, a new one where there is none; NULL when memory is out or there are too many. */
static struct replicates_item *item_of(struct replicates *replicates, const struct sha256 *key)
{
    size_t number = names_find(&replicates->keys, key_text(key));

    if (number == NAMES_NONE && replicates->keys.count < 2 * REPLICATES_MOST &&
        mem_grow(&replicates->items, &replicates->capacity, replicates->keys.count + 1, sizeof(*replicates->items)) ==
            0)
        number = names_number(&replicates->keys, &replicates->arena, key_text(key));
    return number == NAMES_NONE ? NULL : &replicates->items[number];
}

void replicates_open(struct replicates *replicates, const char *path, int fresh)
{
    char head[HEAD_BYTES];
    struct stat status;

    replicates->fresh = fresh;
    replicates->kept = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (replicates->kept < 0 || fstat(replicates->kept, &status) < 0 ||
        !read_all(replicates->kept, head, HEAD_BYTES, 0) || memcmp(head, HEAD, HEAD_BYTES) != 0)
        return;
    const off_t size = sizeof(struct record);

    for (off_t at = HEAD_BYTES; at + size <= status.st_size; at += size) {
        struct sha256 key;
        struct replicates_item *item =
            read_all(replicates->kept, &key, sizeof(key), at) ? item_of(replicates, &key) : NULL;

        if (item == NULL)
            return;
        *item = (struct replicates_item){.offset = at};
    }
}

/* Sets asked where it is whole. */
static bool read_item(const struct replicates *replicates, const struct replicates_item *item, const struct sha256 *key,
                      struct record *into)
{
    if (!read_all(item->fresh ? replicates->fresh : replicates->kept, into, sizeof(*into), item->offset) ||
        !sha256_equal(&into->key, key))
        return false;
    const struct sha256 sum = sum_of(into);

    return sha256_equal(&sum, &into->sum);
}

bool replicates_find(struct replicates *replicates, const struct sha256 *key, double ret[RESAMPLE_REPLICATES])
{
    const size_t number = replicates != NULL ? names_find(&replicates->keys, key_text(key)) : NAMES_NONE;
    autofree struct record *record = number != NAMES_NONE ? mem_zalloc(1, sizeof(*record)) : NULL;

    if (record == NULL || !read_item(replicates, &replicates->items[number], key, record))
        return false;
    memcpy(ret, record->values, sizeof(record->values));
    replicates->items[number].asked = true;
    replicates->found++;
    return true;
}

void replicates_add(struct replicates *replicates, const struct sha256 *key, const double values[RESAMPLE_REPLICATES])
{
    autofree struct record *record = replicates != NULL && replicates->fresh >= 0 && replicates->added < REPLICATES_MOST
                                         ? mem_zalloc(1, sizeof(*record))
                                         : NULL;

    if (record == NULL)
        return;
    record->key = *key;
    memcpy(record->values, values, sizeof(record->values));
    record->sum = sum_of(record);
    struct replicates_item *item = item_of(replicates, key);

    if (item == NULL)
        return;
    const off_t at = (off_t)(replicates->added * sizeof(*record));

    if (lseek(replicates->fresh, at, SEEK_SET) == at &&
        file_write_all(replicates->fresh, record, sizeof(*record), NULL) == 0) {
        *item = (struct replicates_item){.offset = at, .fresh = true, .asked = true};
        replicates->added++;
    }
}

static int write_items(const struct replicates *replicates, bool asked, int file, size_t *written, struct err *err)
{
    autofree struct record *record = mem_zalloc(1, sizeof(*record));
    int status = record == NULL ? mem_error(err) : 0;

    for (size_t i = 0; status == 0 && i < replicates->keys.count && *written < REPLICATES_MOST; i++) {
        struct sha256 key;

        memcpy(&key, replicates->keys.items[i], sizeof(key));
        if (replicates->items[i].asked != asked || !read_item(replicates, &replicates->items[i], &key, record))
            continue;
        status = file_write_all(file, record, sizeof(*record), err);
        ++*written;
    }
    return status;
}

void replicates_save(const struct replicates *replicates, const char *path)
{
    struct file_writer writer;
    struct err err = {.code = 0};
    size_t written = 0;

    if (replicates->added == 0)
        return;
    int status = file_writer_begin(path, 0600, &writer, &err);

    if (status == 0) {
        status = file_write_all(writer.descriptor, HEAD, HEAD_BYTES, &err);
        if (status == 0)
            status = write_items(replicates, true, writer.descriptor, &written, &err);
        if (status == 0)
            status = write_items(replicates, false, writer.descriptor, &written, &err);
        if (status == 0)
            status = file_writer_commit_unflushed(&writer, &err);
        else
            file_writer_drop(&writer);
    }
    if (status < 0)
        log_debug("replicates are not kept: %s", err.text);
}
