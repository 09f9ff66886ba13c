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

static int compare_numbers(const void *left, const void *right, void *context)
{
    struct set_run *const *runs = context;
    const uint32_t a = runs[*(const uint32_t *)left]->number, b = runs[*(const uint32_t *)right]->number;

    return (a > b) - (a < b);
}

/* order[i]: which run of the set belongs there; by submission, whose first places are `starts`, and by number, as they
 * mostly come. */
static void order_runs(struct result_set *set, const uint32_t *starts, uint32_t *next, uint32_t *order)
{
    for (size_t i = 0; i < set->run_count; i++)
        order[next[set->runs[i]->submission]++] = (uint32_t)i;
    for (size_t from = 0, end; from < set->run_count; from = end) {
        const uint32_t submission = set->runs[order[from]]->submission;
        bool sorted = true;

        end = starts[submission + 1];
        for (size_t i = from + 1; i < end; i++)
            sorted = sorted && compare_numbers(&order[i - 1], &order[i], set->runs) < 0;
        if (!sorted)
            qsort_r(order + from, end - from, sizeof(*order), compare_numbers, set->runs);
    }
}

/* The runs themselves move, not what points to them: whatever goes through the results of a submission then finds
 * their runs beside each other in memory. */
static void move_runs(struct set_run *const *runs, size_t count, uint32_t *order)
{
    for (size_t first = 0; first < count; first++) {
        const struct set_run moved = *runs[first];
        size_t to = first;

        while (order[to] != first) {
            const size_t from = order[to];

            *runs[to] = *runs[from];
            order[to] = (uint32_t)to;
            to = from;
        }
        if (to != first)
            *runs[to] = moved;
        order[to] = (uint32_t)to;
    }
}

int database_index_runs(struct database_index *index, struct result_set *set, struct err *err)
{
    autofree uint32_t *starts = mem_zalloc(index->count + 2, sizeof(*starts));
    autofree uint32_t *next = mem_zalloc(index->count + 2, sizeof(*next));
    autofree uint32_t *order = mem_zalloc(set->run_count + 1, sizeof(*order));

    if (starts == NULL || next == NULL || order == NULL)
        return mem_error(err);
    for (size_t i = 0; i < set->run_count; i++)
        starts[set->runs[i]->submission + 1]++;
    for (size_t i = 0; i < index->count; i++)
        starts[i + 1] += starts[i];
    memcpy(next, starts, (index->count + 1) * sizeof(*next));
    order_runs(set, starts, next, order);
    move_runs(set->runs, set->run_count, order);
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
