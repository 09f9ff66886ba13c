/* "did you mean": the nearest of the words that there are. */
#ifndef SCHEMA_BASE_NEAREST_H
#define SCHEMA_BASE_NEAREST_H

#include <stddef.h>

struct nearest {
    const char *word;
    const char *best; /* the nearest candidate so far, borrowed; NULL when none is near */
    size_t distance;  /* of it: letters to change, add, drop or swap; 1 also where `word` is its beginning */
};
/* Names of more than 63 bytes are never near. */
void nearest_offer(struct nearest *nearest, const char *candidate);

#endif
