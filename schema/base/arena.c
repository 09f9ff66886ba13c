#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/mem.h"

#define BLOCK_SMALLEST ((size_t)4096)
#define BLOCK_LARGEST ((size_t)256 * 1024)

struct arena_block {
    struct arena_block *older;
    size_t size, used;
    max_align_t bytes[];
};

void arena_init(struct arena *arena, size_t max)
{
    *arena = (struct arena){.max = max};
}

void arena_done(struct arena *arena)
{
    struct arena_block *block = arena->blocks;
    while (block) {
        struct arena_block *older = block->older;
        free(block);
        block = older;
    }
    *arena = (struct arena){.max = arena->max};
}

static void *fail(struct arena *arena, enum err_code code)
{
    arena->failed = (int)code;
    return NULL;
}

/* Blocks double, so that a large document takes few of them; what is larger than
 * a block gets one of its own size. calloc: memory from an arena is zeroed, unless its owner wants none of that. */
static struct arena_block *add_block(struct arena *arena, size_t need)
{
    size_t size = arena->blocks ? arena->blocks->size * 2 : BLOCK_SMALLEST;
    if (size > BLOCK_LARGEST)
        size = BLOCK_LARGEST;
    if (size < need)
        size = need;
    struct arena_block *block = arena->unzeroed ? malloc(sizeof *block + size) : calloc(1, sizeof *block + size);
    if (!block)
        return NULL;
    block->used = 0;
    block->size = size;
    block->older = arena->blocks;
    arena->blocks = block;
    return block;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
    const size_t align = _Alignof(max_align_t);
    size_t need = 0;
    if (arena->failed)
        return NULL;
    if (__builtin_mul_overflow(count, size, &need) || need > PTRDIFF_MAX - sizeof(struct arena_block) - align)
        return fail(arena, ERR_MEMORY);
    need = need == 0 ? align : (need + align - 1) / align * align;
    if (arena->max != 0 && (need > arena->max || arena->used > arena->max - need))
        return fail(arena, ERR_LIMIT);
    struct arena_block *block = arena->blocks;
    if (!block || block->size - block->used < need)
        block = add_block(arena, need);
    if (!block)
        return fail(arena, ERR_MEMORY);
    void *memory = (char *)block->bytes + block->used;
    block->used += need;
    arena->used += need;
    return memory;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    if (length == SIZE_MAX)
        return fail(arena, ERR_MEMORY);
    char *copy = arena_alloc(arena, length + 1, 1);
    if (copy && length > 0)
        memcpy(copy, text, length);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = length < 0 ? fail(arena, ERR_INTERNAL) : arena_alloc(arena, (size_t)length + 1, 1);
    if (text)
        (void)vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

void *arena_grow(struct arena *arena, void *items, size_t *capacity, size_t need, size_t size)
{
    if (arena->failed)
        return NULL;
    if (items && need <= *capacity)
        return items;
    size_t wanted = *capacity < 8 ? 8 : *capacity;
    while (wanted < need)
        wanted = wanted > SIZE_MAX / 2 ? need : wanted * 2;
    void *moved = arena_alloc(arena, wanted, size);
    if (!moved)
        return NULL;
    if (items && *capacity > 0)
        memcpy(moved, items, *capacity * size);
    *capacity = wanted;
    return moved;
}

void arena_take(struct arena *into, struct arena *from)
{
    struct arena_block **end = &from->blocks;
    while (*end)
        end = &(*end)->older;
    /* Behind the block that is being filled. */
    struct arena_block **place = into->blocks ? &into->blocks->older : &into->blocks;
    *end = *place;
    *place = from->blocks;
    into->used += from->used;
    into->failed = into->failed ? into->failed : from->failed;
    *from = (struct arena){.max = from->max};
}

int arena_check(const struct arena *arena, struct err *err)
{
    if (!arena->failed)
        return 0;
    if (arena->failed == (int)ERR_LIMIT)
        return err_set(err, ERR_LIMIT, "needs more than %zu bytes of memory, the limit here", arena->max);
    return mem_error(err);
}
