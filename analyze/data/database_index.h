/* Where a submission and its runs are in a result set, by the keys of the database's rows. For this room. */
#ifndef ANALYZE_DATA_DATABASE_INDEX_H
#define ANALYZE_DATA_DATABASE_INDEX_H

#include "analyze/data/result_set.h"

#define DATABASE_KEY_SIZE 16

struct database_index {
    uint8_t (*keys)[DATABASE_KEY_SIZE]; /* by number of the submission */
    size_t count, capacity;
    uint32_t *slots;      /* number + 1; 0 = free */
    size_t slot_count;    /* a power of two */
    uint32_t *run_starts; /* first run of each submission in set->runs, and one behind the last */
};
void database_index_done(struct database_index *index);

/* The next submission of the set. False when memory is out. */
bool database_index_add(struct database_index *index, const uint8_t *key) must_check;
/* SIZE_MAX = none. *last, the caller's: what it found before; rows of one submission mostly follow each other. */
size_t database_index_find(const struct database_index *index, const uint8_t *key, size_t *last);
const uint8_t *database_index_key(const struct database_index *index, size_t submission);
/* Brings the set's runs into the order of submissions and numbers; call after all were added. They move: what points to
 * a run points to another one afterwards. */
int database_index_runs(struct database_index *index, struct result_set *set, struct err *err) must_check;
/* NULL = none. */
const struct set_run *database_index_run_of(const struct database_index *index, const struct result_set *set,
                                            size_t submission, uint32_t number);

#endif
