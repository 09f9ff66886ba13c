#include "analyze/data/database_index.h"

#include <stdlib.h>
#include <string.h>

void database_index_done(struct database_index *index)
{
    free(index->keys);
    free(index->slots);
    free(index->run_starts);
    memset(index, 0, sizeof(*index));
}

/* The key is the beginning of a SHA-256: any of its bytes are a good hash, and nobody sends many that agree in eight.
 */
static size_t slot_of(const struct database_index *index, const uint8_t *key)
{
    uint64_t hash;

    memcpy(&hash, key, sizeof(hash));
    size_t slot = hash & (index->slot_count - 1);

    while (index->slots[slot] != 0 && memcmp(index->keys[index->slots[slot] - 1], key, DATABASE_KEY_SIZE) != 0)
        slot = (slot + 1) & (index->slot_count - 1);
    return slot;
}

static bool make_room(struct database_index *index)
{
    if (index->slot_count > 2 * index->count)
        return true;
    free(index->slots);
    index->slot_count = index->slot_count > 0 ? 2 * index->slot_count : 1024;
    index->slots = mem_zalloc(index->slot_count, sizeof(*index->slots));
    if (index->slots == NULL)
        return false;
    for (size_t i = 0; i < index->count; i++)
        index->slots[slot_of(index, index->keys[i])] = (uint32_t)i + 1;
    return true;
}

bool database_index_add(struct database_index *index, const uint8_t *key)
{
    if (!make_room(index) || mem_grow(&index->keys, &index->capacity, index->count + 1, sizeof(*index->keys)) < 0)
        return false;
    memcpy(index->keys[index->count], key, DATABASE_KEY_SIZE);
    index->slots[slot_of(index, key)] = (uint32_t)++index->count;
    return true;
}

size_t database_index_find(const struct database_index *index, const uint8_t *key, size_t *last)
{
    if (index->count == 0 || key == NULL)
        return SIZE_MAX;
    if (*last < index->count && memcmp(index->keys[*last], key, DATABASE_KEY_SIZE) == 0)
        return *last;
    const uint32_t found = index->slots[slot_of(index, key)];

    if (found == 0)
        return SIZE_MAX;
    return *last = found - 1;
}

const uint8_t *database_index_key(const struct database_index *index, size_t submission)
{
    return index->keys[submission];
}

int database_index_runs(struct database_index *index, struct result_set *set, struct err *err)
{
    autofree uint32_t *starts = mem_zalloc(index->count + 2, sizeof(*starts));
    autofree uint32_t *next = mem_zalloc(index->count + 2, sizeof(*next));
    autofree struct set_run **sorted = mem_zalloc(set->run_count + 1, sizeof(struct set_run *));

    if (starts == NULL || next == NULL || sorted == NULL)
        return mem_error(err);
    for (size_t i = 0; i < set->run_count; i++)
        starts[set->runs[i]->submission + 1]++;
    for (size_t i = 0; i < index->count; i++)
        starts[i + 1] += starts[i];
    memcpy(next, starts, (index->count + 1) * sizeof(*next));
    for (size_t i = 0; i < set->run_count; i++)
        sorted[next[set->runs[i]->submission]++] = set->runs[i];
    if (set->run_count > 0)
        memcpy(set->runs, sorted, set->run_count * sizeof(struct set_run *));
    index->run_starts = TAKE_PTR(starts);
    return 0;
}

const struct set_run *database_index_run_of(const struct database_index *index, const struct result_set *set,
                                            size_t submission, uint32_t number)
{
    const uint32_t from = index->run_starts[submission], to = index->run_starts[submission + 1];

    /* Numbers begin at 0 and mostly stand in their order. */
    if (number < to - from && set->runs[from + number]->number == number)
        return set->runs[from + number];
    for (uint32_t i = from; i < to; i++)
        if (set->runs[i]->number == number)
            return set->runs[i];
    return NULL;
}
