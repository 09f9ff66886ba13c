#include "analyze/data/run_lists.h"

#include <stdlib.h>
#include <string.h>

#include "schema/base/buf.h"

void run_lists_done(struct run_lists *lists)
{
    names_done(&lists->names);
    arena_done(&lists->arena);
    memset(lists, 0, sizeof(*lists));
}

void run_list_chip(const struct set_run *run, struct buf *into)
{
    buf_adds(into, run->machine->chip);
}

void run_list_version(const struct set_run *run, struct buf *into)
{
    buf_addf(into, "%s\n%s", run->tool, run->tool_version);
}

/* ---- making */

/* numbers[i]: the list of run i, in the order of the results. */
static int number_runs(struct run_lists *lists, run_list_name *name, uint32_t **ret_numbers, size_t *ret_count,
                       struct err *err)
{
    const struct result_set *set = lists->set;
    autofree uint32_t *numbers = NULL;
    autobuf struct buf text = BUF(1 << 20);
    size_t count = 0, capacity = 0;

    for (size_t i = 0; i < set->result_count; i++) {
        if (!run_begins(set, i))
            continue;
        buf_reset(&text);
        name(set->results[i].run, &text);
        const size_t number = names_number(&lists->names, &lists->arena, str_slice(buf_text(&text), text.len));

        if (number == NAMES_NONE || mem_grow(&numbers, &capacity, count + 1, sizeof(*numbers)) < 0)
            return mem_error(err);
        numbers[count++] = (uint32_t)number;
    }
    *ret_numbers = TAKE_PTR(numbers);
    *ret_count = count;
    return buf_check(&text, err);
}

/* A list ends where the next one begins; filling moves each beginning to its end. */
static void fill(struct run_lists *lists, const uint32_t *numbers, size_t count)
{
    if (numbers == NULL) /* no runs */
        return;
    for (size_t i = 0; i < count; i++)
        lists->ends[numbers[i] + 1]++;
    for (size_t i = 1; i <= lists->names.count; i++)
        lists->ends[i] += lists->ends[i - 1];
    for (size_t i = 0, run = 0; i < lists->set->result_count; i++)
        if (run_begins(lists->set, i))
            lists->first[lists->ends[numbers[run++]]++] = (uint32_t)i;
}

int run_lists_make(const struct result_set *set, const struct run_hashes *hashes, run_list_name *name,
                   struct run_lists *ret, struct err *err)
{
    autorunlists struct run_lists lists = {.set = set};
    autofree uint32_t *numbers = NULL;
    size_t count = 0;
    const int status = number_runs(&lists, name, &numbers, &count, err);

    if (status < 0)
        return status;
    lists.first = arena_alloc(&lists.arena, count + 1, sizeof(*lists.first));
    lists.ends = arena_alloc(&lists.arena, lists.names.count + 1, sizeof(*lists.ends));
    if (hashes != NULL)
        lists.hashes = arena_alloc(&lists.arena, lists.names.count + 1, sizeof(*lists.hashes));
    if (lists.arena.failed != 0)
        return arena_check(&lists.arena, err);
    memset(lists.ends, 0, (lists.names.count + 1) * sizeof(*lists.ends));
    fill(&lists, numbers, count);
    if (hashes != NULL)
        memset(lists.hashes, 0, (lists.names.count + 1) * sizeof(*lists.hashes));
    for (size_t i = 0; hashes != NULL && i < count; i++)
        run_hash_fold(&lists.hashes[numbers[i]], &hashes->items[i]);
    *ret = lists;
    memset(&lists, 0, sizeof(lists));
    return 0;
}

/* ---- asking */

size_t run_lists_find(const struct run_lists *lists, const char *name)
{
    return names_find(&lists->names, str_of(name));
}

const uint32_t *run_lists_runs(const struct run_lists *lists, size_t list, size_t *ret_count)
{
    const size_t begin = list > 0 ? lists->ends[list - 1] : 0;

    *ret_count = lists->ends[list] - begin;
    return lists->first + begin;
}

bool run_lists_hash(const struct run_lists *lists, const char *name, struct sha256 *ret)
{
    const size_t number = run_lists_find(lists, name);

    if (lists->hashes == NULL)
        return false;
    memset(ret, 0, sizeof(*ret));
    if (number != NAMES_NONE)
        *ret = lists->hashes[number];
    return true;
}
