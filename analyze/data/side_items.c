#include "analyze/data/side_items.h"

#include <string.h>

#include "analyze/data/names.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"

const char *const side_keys[SIDE_KEYS] = {"chip",    "chip_variant", "count", "tool",     "model",      "quantization",
                                          "backend", "mode",         "task",  "category", "parameters", "variant"};
enum { KEY_TOOL = 3, KEY_BACKEND = 6 }; /* what was run begins with the tool, and the backend is none of it */

struct gather {
    const struct result_set *set;
    const struct side_list *sides;
    struct arena *arena;
    struct side_item *items;
    size_t count;
};

bool sides_chosen_by(const struct side_list *sides, const char *facet)
{
    for (size_t i = 0; i < sides->count; i++)
        for (size_t j = 0; j < sides->items[i].selection.count; j++)
            if (text_equal(sides->items[i].selection.items[j].name, facet))
                return true;
    return false;
}

/* numbers[i * sides + side]: of the cell of result i on that side, SIZE_MAX where it is not on it. */
static int number_cells(struct gather *gather, size_t *numbers, size_t *ret_count, struct err *err)
{
    autonames struct names cells = {.count = 0};
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    const bool by_metric = sides_chosen_by(gather->sides, "metric");
    const struct set_run *run = NULL; /* `taken` is of it */
    bool taken[SIDES_MAX] = {false};

    for (size_t i = 0; i < gather->set->result_count; i++) {
        const struct result *result = &gather->set->results[i];
        const bool usable = result_is_usable(gather->set, result);

        for (size_t side = 0; side < gather->sides->count; side++) {
            const uint32_t key[] = {result->run->kind, result->measure->rank, (uint32_t)side};
            size_t *number = &numbers[i * gather->sides->count + side];

            if (by_metric || result->run != run)
                taken[side] = side_covers(gather->set, &gather->sides->items[side], result, gather->arena);
            *number = SIZE_MAX;
            if (!usable || !taken[side])
                continue;
            *number = names_number(&cells, &arena, str_slice((const char *)key, sizeof(key)));
            if (*number == NAMES_NONE)
                return mem_error(err);
        }
        run = result->run;
    }
    *ret_count = cells.count;
    return 0;
}

static int fill_items(struct gather *gather, const size_t *numbers, struct err *err)
{
    const size_t all = gather->set->result_count * gather->sides->count;

    gather->items = arena_alloc(gather->arena, gather->count + 1, sizeof(*gather->items));
    if (gather->items == NULL)
        return arena_check(gather->arena, err);
    memset(gather->items, 0, gather->count * sizeof(*gather->items));
    for (size_t i = 0; i < all; i++)
        if (numbers[i] != SIZE_MAX)
            gather->items[numbers[i]].count++;
    for (size_t i = 0; i < gather->count; i++) {
        gather->items[i].results =
            arena_alloc(gather->arena, gather->items[i].count, sizeof(*gather->items[i].results));
        if (gather->items[i].results == NULL)
            return arena_check(gather->arena, err);
        gather->items[i].count = 0;
    }
    for (size_t i = 0; i < all; i++) {
        struct side_item *item = numbers[i] != SIZE_MAX ? &gather->items[numbers[i]] : NULL;
        const struct result *result = &gather->set->results[i / gather->sides->count];

        if (item == NULL)
            continue;
        item->side = i % gather->sides->count;
        for (size_t key = 0; item->count == 0 && key < SIDE_KEYS; key++)
            item->values[key] = facet_of(gather->set, result, side_keys[key], gather->arena);
        item->results[item->count++] = result;
    }
    return arena_check(gather->arena, err);
}

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
static int set_apart(struct gather *gather, struct err *err)
{
    autonames struct names works = {.count = 0};
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autofree size_t *numbers = mem_zalloc(gather->count + 1, sizeof(*numbers));
    autofree unsigned *sides = mem_zalloc(gather->count + 1, sizeof(*sides)); /* a bit for each that has this work */
    bool any = false;

    if (numbers == NULL || sides == NULL)
        return mem_error(err);
    for (size_t i = 0; i < gather->count; i++) {
        numbers[i] = number_work(&gather->items[i], &works, &arena);
        if (numbers[i] == NAMES_NONE)
            return mem_error(err);
        sides[numbers[i]] |= 1U << gather->items[i].side;
    }
    for (size_t i = 0; i < gather->count; i++) {
        gather->items[i].apart = (sides[numbers[i]] & (sides[numbers[i]] - 1)) == 0;
        any = any || !gather->items[i].apart;
    }
    for (size_t i = 0; i < gather->count && !any; i++)
        gather->items[i].apart = false;
    return 0;
}

int side_items_collect(const struct result_set *set, const struct side_list *sides, struct arena *arena,
                       struct side_items *ret, struct err *err)
{
    struct gather gather = {.set = set, .sides = sides, .arena = arena};
    autofree size_t *numbers = mem_zalloc(set->result_count * sides->count + 1, sizeof(*numbers));

    if (numbers == NULL)
        return mem_error(err);
    int status = number_cells(&gather, numbers, &gather.count, err);

    if (status == 0)
        status = fill_items(&gather, numbers, err);
    if (status == 0)
        status = set_apart(&gather, err);
    *ret = (struct side_items){gather.items, gather.count};
    return status;
}
