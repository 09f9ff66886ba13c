#include "analyze/data/side_items.h"

#include <stdlib.h>
#include <string.h>

#include "analyze/data/names.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"

const char *const side_keys[SIDE_KEYS] = {"chip",    "chip_variant", "count", "tool",     "model",      "quantization",
                                          "backend", "mode",         "task",  "category", "parameters", "variant"};
enum { KEY_TOOL = 3, KEY_BACKEND = 6 }; /* what was run begins with the tool, and the backend is none of it */

bool sides_chosen_by(const struct side_list *sides, const char *facet)
{
    for (size_t i = 0; i < sides->count; i++)
        for (size_t j = 0; j < sides->items[i].selection.count; j++)
            if (text_equal(sides->items[i].selection.items[j].name, facet))
                return true;
    return false;
}

/* ---- candidates */

void side_candidates_done(struct side_candidates *candidates)
{
    free(candidates->items);
    *candidates = (struct side_candidates){.items = NULL};
}

int side_candidates_add(struct side_candidates *candidates, const struct result *result, size_t side, struct err *err)
{
    if (mem_grow(&candidates->items, &candidates->capacity, candidates->count + 1, sizeof(*candidates->items)) < 0)
        return mem_error(err);
    candidates->items[candidates->count++] = (struct side_candidate){result, side};
    return 0;
}

static int find_candidates(const struct result_set *set, const struct side_list *sides, struct arena *arena,
                           struct side_candidates *candidates, struct err *err)
{
    const bool by_metric = sides_chosen_by(sides, "metric");
    const struct set_run *run = NULL; /* `taken` is of it */
    bool taken[SIDES_MAX] = {false};
    int status = 0;

    for (size_t i = 0; i < set->result_count; i++) {
        const struct result *result = &set->results[i];
        const bool usable = result_is_usable(set, result);

        for (size_t side = 0; status == 0 && side < sides->count; side++) {
            if (by_metric || result->run != run)
                taken[side] = side_covers(set, &sides->items[side], result, arena);
            if (usable && taken[side])
                status = side_candidates_add(candidates, result, side, err);
        }
        run = result->run;
    }
    return status;
}

/* ---- by cell */

/* numbers[i]: of the cell of a candidate. */
static int number_cells(const struct side_candidates *candidates, size_t *numbers, size_t *ret_count, struct err *err)
{
    autonames struct names cells = {.count = 0};
    struct arena arena cleanup(arena_done) = {.blocks = NULL};

    for (size_t i = 0; i < candidates->count; i++) {
        const struct result *result = candidates->items[i].result;
        const uint32_t key[] = {result->run->kind, result->measure->rank, (uint32_t)candidates->items[i].side};

        numbers[i] = names_number(&cells, &arena, str_slice((const char *)key, sizeof(key)));
        if (numbers[i] == NAMES_NONE)
            return mem_error(err);
    }
    *ret_count = cells.count;
    return 0;
}

static int make_room(const struct side_candidates *candidates, const size_t *numbers, struct arena *arena,
                     struct side_items *items, struct err *err)
{
    items->items = arena_alloc(arena, items->count + 1, sizeof(*items->items));
    if (items->items == NULL)
        return arena_check(arena, err);
    memset(items->items, 0, items->count * sizeof(*items->items));
    for (size_t i = 0; i < candidates->count; i++)
        items->items[numbers[i]].count++;
    for (size_t i = 0; i < items->count; i++) {
        items->items[i].results = arena_alloc(arena, items->items[i].count, sizeof(*items->items[i].results));
        if (items->items[i].results == NULL)
            return arena_check(arena, err);
        items->items[i].count = 0;
    }
    return 0;
}

int side_items_of(const struct result_set *set, const struct side_candidates *candidates, struct arena *arena,
                  struct side_items *ret, struct err *err)
{
    autofree size_t *numbers = mem_zalloc(candidates->count + 1, sizeof(*numbers));
    struct side_items items = {.count = 0};
    int status = numbers == NULL ? mem_error(err) : number_cells(candidates, numbers, &items.count, err);

    if (status == 0)
        status = make_room(candidates, numbers, arena, &items, err);
    for (size_t i = 0; status == 0 && i < candidates->count; i++) {
        struct side_item *item = &items.items[numbers[i]];
        const struct result *result = candidates->items[i].result;

        item->side = candidates->items[i].side;
        for (size_t key = 0; item->count == 0 && key < SIDE_KEYS; key++)
            item->values[key] = facet_of(set, result, side_keys[key], arena);
        item->results[item->count++] = result;
    }
    *ret = items;
    return status < 0 ? status : arena_check(arena, err);
}

/* ---- shared work */

static size_t number_work(const struct side_item *item, struct names *works, struct arena *arena)
{
    autobuf struct buf name = BUF(65536);

    for (size_t key = KEY_TOOL; key < SIDE_KEYS; key++)
        if (key != KEY_BACKEND)
            buf_addf(&name, "%s\n", item->values[key]);
    return names_number(works, arena, str_slice(name.data, name.len));
}

/* A chip that ran a second tool on another backend still has one backend in what it shares with the other side. Where
 * sides share no work, what was run may be what is compared: nothing is set apart. */
int side_items_set_apart(struct side_items *items, struct err *err)
{
    autonames struct names works = {.count = 0};
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autofree size_t *numbers = mem_zalloc(items->count + 1, sizeof(*numbers));
    autofree unsigned *sides = mem_zalloc(items->count + 1, sizeof(*sides)); /* a bit for each that has this work */
    bool any = false;

    if (numbers == NULL || sides == NULL)
        return mem_error(err);
    for (size_t i = 0; i < items->count; i++) {
        numbers[i] = number_work(&items->items[i], &works, &arena);
        if (numbers[i] == NAMES_NONE)
            return mem_error(err);
        sides[numbers[i]] |= 1U << items->items[i].side;
    }
    for (size_t i = 0; i < items->count; i++) {
        items->items[i].apart = (sides[numbers[i]] & (sides[numbers[i]] - 1)) == 0;
        any = any || !items->items[i].apart;
    }
    for (size_t i = 0; i < items->count && !any; i++)
        items->items[i].apart = false;
    return 0;
}

int side_items_collect(const struct result_set *set, const struct side_list *sides, struct arena *arena,
                       struct side_items *ret, struct err *err)
{
    autocandidates struct side_candidates candidates = {.items = NULL};
    int status = find_candidates(set, sides, arena, &candidates, err);

    if (status == 0)
        status = side_items_of(set, &candidates, arena, ret, err);
    return status < 0 ? status : side_items_set_apart(ret, err);
}
