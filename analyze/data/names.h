/* Texts by number: the same text has the same number, in the order of first appearance. For millions of rows with few
 * different texts. Copies live in the arena that was given; names_done frees the rest. */
#ifndef ANALYZE_DATA_NAMES_H
#define ANALYZE_DATA_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "schema/base/attributes.h"
#include "schema/base/mem.h"
#include "schema/base/str.h"

#define NAMES_NONE ((size_t)-1)

struct names {
    const char **items; /* by number */
    size_t *lengths;
    uint64_t *hashes;
    size_t count, capacity, length_capacity, hash_capacity;
    size_t *slots;     /* number + 1; 0 = free */
    size_t slot_count; /* a power of two */
};
void names_done(struct names *names);
#define autonames cleanup(names_done)

/* The number of a text, which may hold any bytes; NAMES_NONE when memory is out. */
size_t names_number(struct names *names, struct arena *arena, struct str text);
/* The same for a text that may be new; NAMES_NONE then. */
size_t names_find(const struct names *names, struct str text);
/* The copy that all equal texts share; "" for empty ones and when memory is out (arena_check tells). */
const char *names_text(struct names *names, struct arena *arena, const char *text);

#endif
