#include "analyze/data/side_cells.h"

#include <stdlib.h>
#include <string.h>

#include "analyze/data/side_items.h"

/* Together they and their evidence take some 40 bytes a result. When there would be more, all are looked at again. */
#define RESULTS_MOST ((size_t)4 << 20)

struct side_list_cells {
    struct arena arena;
    struct side_items items;
    bool known; /* it was looked at */
};

void side_cells_done(struct side_cells *cells)
{
    for (size_t i = 0; cells->items != NULL && i < cells->lists->names.count; i++)
        arena_done(&cells->items[i].arena);
    free(cells->items);
    cells->items = NULL;
    cells->results = 0;
}

/* ---- looking at a list */

static int find_candidates(const struct run_lists *lists, size_t list, struct side_candidates *candidates,
                           struct err *err)
{
    const struct result_set *set = lists->set;
    size_t count = 0;
    const uint32_t *first = run_lists_runs(lists, list, &count);
    int status = 0;

    for (size_t i = 0; i < count; i++) {
        const struct set_run *run = set->results[first[i]].run;

        if (set->submissions[run->submission].repeats)
            continue;
        for (size_t j = first[i]; status == 0 && j < set->result_count && set->results[j].run == run; j++)
            if (result_is_usable(set, &set->results[j]))
                status = side_candidates_add(candidates, &set->results[j], 0, err);
    }
    return status;
}

static int look_at(struct side_cells *cells, size_t list, struct err *err)
{
    autocandidates struct side_candidates candidates = {.items = NULL};
    struct side_list_cells *into = &cells->items[list];
    int status = find_candidates(cells->lists, list, &candidates, err);

    if (status == 0)
        status = side_items_of(cells->lists->set, &candidates, &into->arena, &into->items, err);
    for (size_t i = 0; status == 0 && i < into->items.count; i++) {
        struct side_evidence *kept = arena_alloc(&into->arena, 1, sizeof(*kept));

        if (kept == NULL)
            return mem_error(err);
        *kept = (struct side_evidence){.arena = &into->arena};
        into->items.items[i].kept = kept;
    }
    into->known = status == 0;
    cells->results += candidates.count;
    return status;
}

/* Makes room before either of the two is looked at: both are needed at once. */
static int find_lists(struct side_cells *cells, const size_t lists[2], struct err *err)
{
    int status = 0;

    if (cells->results > RESULTS_MOST)
        side_cells_done(cells);
    if (cells->items == NULL)
        cells->items = mem_zalloc(cells->lists->names.count + 1, sizeof(*cells->items));
    if (cells->items == NULL)
        return mem_error(err);
    for (size_t i = 0; i < 2; i++)
        if (status == 0 && lists[i] != NAMES_NONE && !cells->items[lists[i]].known)
            status = look_at(cells, lists[i], err);
    return status;
}

/* ---- two of them */

static void take_items(const struct side_cells *cells, size_t list, size_t side, const struct side_list *sides,
                       struct arena *arena, struct side_items *into)
{
    const struct side_items *from = &cells->items[list].items;

    for (size_t i = 0; i < from->count; i++) {
        struct side_item *item = &into->items[into->count];

        if (!selection_passes(cells->lists->set, &sides->items[side].selection, from->items[i].results[0], arena))
            continue;
        *item = from->items[i];
        item->side = side;
        into->count++;
    }
}

int side_cells_compare(struct side_cells *cells, const char *a, const char *b, const struct side_list *sides,
                       struct draws *draws, struct arena *arena, struct side_rows *ret, struct err *err)
{
    const size_t lists[] = {run_lists_find(cells->lists, a), run_lists_find(cells->lists, b)};
    struct side_items items = {.count = 0};
    size_t most = 0;
    int status = find_lists(cells, lists, err);

    if (status < 0)
        return status;
    for (size_t i = 0; i < 2; i++)
        most += lists[i] != NAMES_NONE ? cells->items[lists[i]].items.count : 0;
    items.items = arena_alloc(arena, most + 1, sizeof(*items.items));
    if (items.items == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < 2; i++)
        if (lists[i] != NAMES_NONE)
            take_items(cells, lists[i], i, sides, arena, &items);
    status = side_items_set_apart(&items, err);
    return status < 0 ? status : side_items_compare(&items, sides, draws, arena, ret, err);
}
