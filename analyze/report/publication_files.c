/* The files of a publication, found by their paths. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/report/publication.h"
#include "schema/base/str.h"

void publication_done(struct publication *publication)
{
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

static int add(struct publication *publication, const struct publication_file *file, struct err *err)
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

int publication_add(struct publication *publication, const char *path, struct buf *bytes, struct err *err)
{
    const struct publication_file empty = {.path = path};
    int status = buf_check(bytes, err);

    if (status == 0)
        status = add(publication, &empty, err);
    if (status < 0)
        return status;
    struct publication_file *file = &publication->files[publication->count - 1];

    file->length = bytes->len;
    file->bytes = buf_take(bytes);
    return 0;
}

int publication_add_later(struct publication *publication, const char *path, const struct publication_maker *maker,
                          struct err *err)
{
    const struct publication_file file = {.path = path, .maker = *maker};

    return add(publication, &file, err);
}

int publication_bytes(const struct publication_file *file, struct buf *scratch, struct str *ret, struct err *err)
{
    if (file->bytes != NULL) {
        *ret = str_slice(file->bytes, file->length);
        return 0;
    }
    buf_reset(scratch);
    int status = file->maker.make(file->maker.context, file->maker.part, scratch, err);

    if (status == 0)
        status = buf_check(scratch, err);
    *ret = str_slice(buf_text(scratch), scratch->len);
    return status;
}
