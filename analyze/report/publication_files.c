/* The files of a publication, found by their paths. */
#include "analyze/report/publication.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "analyze/report/charts.h"
#include "analyze/report/standing.h"
#include "schema/base/file.h"
#include "schema/base/str.h"

#define ASIDE_LEAST ((size_t)2048) /* less is not worth the two calls */
#define PART_BYTES 8192

void publication_done(struct publication *publication)
{
    charts_free(publication->charts);
    for (size_t i = 0; i < publication->count; i++)
        free(publication->files[i].bytes);
    arena_done(&publication->arena);
    memset(publication, 0, sizeof(*publication));
}

/* FNV-1a, 64 bits. */
static size_t slot_of(const struct publication *publication, const char *path)
{
    uint64_t hash = 14695981039346656037u;

    for (; *path != '\0'; path++)
        hash = (hash ^ (unsigned char)*path) * 1099511628211u;
    return (size_t)(hash ^ hash >> 32) & (publication->slot_count - 1);
}

static void put_slot(struct publication *publication, size_t file)
{
    size_t slot = slot_of(publication, publication->files[file].path);

    while (publication->slots[slot] != 0)
        slot = (slot + 1) & (publication->slot_count - 1);
    publication->slots[slot] = file + 1;
}

/* At most half of the slots are taken. */
static int grow_slots(struct publication *publication, struct err *err)
{
    if (2 * (publication->count + 1) <= publication->slot_count)
        return 0;
    const size_t count = publication->slot_count == 0 ? 256 : 2 * publication->slot_count;
    size_t *slots = arena_alloc(&publication->arena, count, sizeof(*slots));

    if (slots == NULL)
        return mem_error(err);
    publication->slots = slots;
    publication->slot_count = count;
    for (size_t i = 0; i < publication->count; i++)
        put_slot(publication, i);
    return 0;
}

size_t publication_find(const struct publication *publication, const char *path)
{
    if (publication->slot_count == 0)
        return PUBLICATION_NO_FILE;
    for (size_t slot = slot_of(publication, path); publication->slots[slot] != 0;
         slot = (slot + 1) & (publication->slot_count - 1))
        if (text_equal(publication->files[publication->slots[slot] - 1].path, path))
            return publication->slots[slot] - 1;
    return PUBLICATION_NO_FILE;
}

int publication_add_file(struct publication *publication, const struct publication_file *file, struct err *err)
{
    struct publication_file *files = arena_grow(&publication->arena, publication->files, &publication->capacity,
                                                publication->count + 1, sizeof(*files));
    const char *path = arena_strdup(&publication->arena, file->path);
    int status = arena_check(&publication->arena, err);

    if (status == 0)
        status = grow_slots(publication, err);
    if (status < 0)
        return status;
    publication->files = files;
    files[publication->count] = *file;
    files[publication->count++].path = path;
    put_slot(publication, publication->count - 1);
    return 0;
}

#ifdef O_TMPFILE
#define WITHOUT_NAME (O_TMPFILE | O_RDWR | O_CLOEXEC)
int aside_file(const char *folder)
{
    const char *slash = strrchr(folder, '/');
    const size_t length = slash == NULL ? 0 : slash == folder ? 1 : (size_t)(slash - folder);
    autofree char *parent = length > 0 ? mem_strndup(folder, length) : mem_strdup(".");
    const int file = open(folder, WITHOUT_NAME, 0600);

    return file >= 0 || parent == NULL ? file : open(parent, WITHOUT_NAME, 0600);
}
#else
int aside_file(const char *folder)
{
    (void)folder;
    return -1;
}
#endif

void aside_open(const char *folder, struct aside *ret)
{
    void *shared = mmap(NULL, sizeof(*ret->used), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    ret->used = shared == MAP_FAILED ? NULL : shared;
    ret->file = ret->used != NULL ? aside_file(folder) : -1;
    if (ret->used != NULL)
        atomic_init(ret->used, 0);
}

void aside_close(struct aside *aside)
{
    if (aside->file >= 0)
        close(aside->file);
    if (aside->used != NULL)
        (void)munmap(aside->used, sizeof(*aside->used));
    *aside = (struct aside){.file = -1};
}

/* False when there is no room for them: then they stay where they are. */
static bool put_aside(struct aside *aside, struct publication_file *file, const struct buf *bytes)
{
    size_t done = 0;

    if (aside == NULL || aside->file < 0 || bytes->len < ASIDE_LEAST)
        return false;
    const off_t offset = atomic_fetch_add(aside->used, (off_t)bytes->len);

    while (done < bytes->len) {
        const ssize_t written = pwrite(aside->file, buf_text(bytes) + done, bytes->len - done, offset + (off_t)done);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        done += (size_t)written;
    }
    file->aside = aside;
    file->offset = offset;
    return true;
}

static int read_aside(const struct publication_file *file, struct buf *into, struct err *err)
{
    char part[PART_BYTES];

    while (into->len < file->length && into->failed == 0) {
        const size_t left = file->length - into->len;
        const ssize_t got =
            pread(file->aside->file, part, left < sizeof(part) ? left : sizeof(part), file->offset + (off_t)into->len);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return err_set_errno(err, ERR_IO, got < 0 ? errno : EIO, "%s: cannot read what was made of it", file->path);
        buf_add(into, part, (size_t)got);
    }
    return buf_check(into, err);
}

void publication_keep(struct aside *aside, struct publication_file *file, struct buf *bytes)
{
    file->length = bytes->len;
    if (put_aside(aside, file, bytes))
        buf_done(bytes);
    else
        file->bytes = buf_take(bytes);
}

int publication_add(struct publication *publication, const char *path, struct buf *bytes, struct err *err)
{
    const struct publication_file empty = {.path = path};
    int status = buf_check(bytes, err);

    if (status == 0 && publication->standing != NULL &&
        standing_equals(publication->standing, path, str_slice(buf_text(bytes), bytes->len))) {
        buf_done(bytes);
        return publication_add_standing(publication, path, publication->standing, err);
    }
    if (status == 0)
        status = publication_add_file(publication, &empty, err);
    if (status < 0)
        return status;
    publication_keep(publication->aside, &publication->files[publication->count - 1], bytes);
    return 0;
}

int publication_add_later(struct publication *publication, const char *path, const struct publication_maker *maker,
                          struct err *err)
{
    const struct publication_file file = {.path = path, .maker = *maker};

    return publication_add_file(publication, &file, err);
}

int publication_add_standing(struct publication *publication, const char *path, const struct standing *standing,
                             struct err *err)
{
    const struct publication_file file = {.path = path, .standing = standing};

    return publication_add_file(publication, &file, err);
}

static int read_standing(const struct publication_file *file, struct buf *into, struct err *err)
{
    autofree char *path = mem_printf("%s/%s", file->standing->folder, file->path);

    return path == NULL ? mem_error(err) : file_read(path, into, err);
}

int publication_bytes(const struct publication_file *file, struct buf *scratch, struct str *ret, struct err *err)
{
    if (file->bytes != NULL) {
        *ret = str_slice(file->bytes, file->length);
        return 0;
    }
    buf_reset(scratch);
    int status = file->standing != NULL ? read_standing(file, scratch, err)
                 : file->aside != NULL  ? read_aside(file, scratch, err)
                                        : file->maker.make(file->maker.context, file->maker.part, scratch, err);

    if (status == 0)
        status = buf_check(scratch, err);
    *ret = str_slice(buf_text(scratch), scratch->len);
    return status;
}
