/* Memory: checked sizes, owned locals, and arenas.
 *
 * Nothing here exits: NULL means out of memory (or over an arena's limit), and
 * the caller returns ERR_MEMORY or ERR_LIMIT. `autofree` locals are freed when
 * they leave scope; TAKE_PTR moves ownership out of them. */
#ifndef SCHEMA_BASE_MEM_H
#define SCHEMA_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "schema/base/attributes.h"
#include "schema/base/err.h"

void mem_free_cleanup(void *pointer_to_pointer);
#define autofree cleanup(mem_free_cleanup)

#define TAKE_PTR(pointer)                                                                                              \
    __extension__({                                                                                                    \
        __typeof__(pointer) take_ = (pointer);                                                                         \
        (pointer) = NULL;                                                                                              \
        take_;                                                                                                         \
    })

/* Zeroed memory for count × size bytes; NULL when that overflows or is not there. */
void *mem_zalloc(size_t count, size_t size) returns_owned(free);
char *mem_strdup(const char *text) returns_owned(free);
char *mem_strndup(const char *text, size_t length) returns_owned(free);
char *mem_printf(const char *format, ...) printf_like(1, 2) returns_owned(free);
/* For work that frees and asks for the same megabytes again and again, such as reading a long file in pieces: the C
 * library keeps them, where it would give them back to the system and have each page cleared anew. */
void mem_keep_freed(void);
/* Makes room for `need` items of `size` bytes in *items (doubling *capacity).
 * On failure *items is as before. */
int mem_grow(void *items_pointer, size_t *capacity, size_t need, size_t size) must_check;
/* err_set for "out of memory"; returns -ERR_MEMORY. */
static inline int mem_error(struct err *err)
{
    (void)err_set(err, ERR_MEMORY, "out of memory");
    return -(int)ERR_MEMORY;
}

/* An arena owns many small objects that live and die together. Zeroed struct =
 * empty arena without a limit. Memory from it is zeroed and aligned for any
 * type. After a failure `failed` stays set, so a reader may check once at the
 * end; every function returns NULL from then on. */
struct arena_block;
struct arena {
    struct arena_block *blocks;
    size_t used; /* bytes handed out */
    size_t max;  /* limit of used; 0 = none */
    int failed;
    bool unzeroed; /* set by an owner who clears what it takes: memory from it is not zeroed */
};

void arena_init(struct arena *arena, size_t max);
void arena_done(struct arena *arena); /* frees all; the arena is empty again */
void *arena_alloc(struct arena *arena, size_t count, size_t size);
char *arena_strdup(struct arena *arena, const char *text); /* NULL text: NULL */
char *arena_strndup(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...) printf_like(2, 3);
/* Array growth inside an arena: returns the array with room for `need` items,
 * moved when it had to; old contents are kept. */
void *arena_grow(struct arena *arena, void *items, size_t *capacity, size_t need, size_t size);
/* `into` owns what `from` did, which is empty afterwards, and has failed where either had. */
void arena_take(struct arena *into, struct arena *from);
/* -ERR_MEMORY or -ERR_LIMIT when the arena failed, else 0. */
int arena_check(const struct arena *arena, struct err *err) must_check;

#endif
