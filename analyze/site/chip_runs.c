/* Where the runs of each chip stand among all results. There are many pages of two chips: each looks at its own runs
 * only. */
#include <stdlib.h>
#include <string.h>

#include "analyze/site/pages.h"

/* The results of a run stand together. */
static bool begins_run(const struct result_set *set, size_t result)
{
    return result == 0 || set->results[result].run != set->results[result - 1].run;
}

/* starts[chip + 1]: the runs of each; numbers: the chip of each run, in their order. */
static int number_runs(struct site *site, uint32_t **ret_numbers, size_t *ret_count, struct err *err)
{
    const struct result_set *set = site->report->results;
    struct chip_runs *runs = &site->runs;
    autofree uint32_t *numbers = NULL;
    size_t count = 0, capacity = 0;

    for (size_t i = 0; i < set->result_count; i++) {
        if (!begins_run(set, i))
            continue;
        const size_t chip = names_number(&runs->chips, &site->arena, str_of(set->results[i].run->machine->chip));

        if (chip == NAMES_NONE || mem_grow(&numbers, &capacity, count + 1, sizeof(*numbers)) < 0)
            return mem_error(err);
        numbers[count++] = (uint32_t)chip;
    }
    *ret_numbers = TAKE_PTR(numbers);
    *ret_count = count;
    return 0;
}

int site_find_runs(struct site *site, struct err *err)
{
    const struct result_set *set = site->report->results;
    struct chip_runs *runs = &site->runs;
    autofree uint32_t *numbers = NULL;
    size_t count = 0;
    const int status = number_runs(site, &numbers, &count, err);

    if (status < 0)
        return status;
    runs->first = arena_alloc(&site->arena, count + 1, sizeof(*runs->first));
    runs->ends = arena_alloc(&site->arena, runs->chips.count + 1, sizeof(*runs->ends));
    if (runs->first == NULL || runs->ends == NULL)
        return arena_check(&site->arena, err);
    memset(runs->ends, 0, (runs->chips.count + 1) * sizeof(*runs->ends));
    for (size_t i = 0; i < count; i++)
        runs->ends[numbers[i] + 1]++;
    for (size_t i = 1; i <= runs->chips.count; i++)
        runs->ends[i] += runs->ends[i - 1];
    /* Each beginning becomes the end. */
    for (size_t i = 0, run = 0; i < set->result_count; i++)
        if (begins_run(set, i))
            runs->first[runs->ends[numbers[run++]]++] = (uint32_t)i;
    return 0;
}

/* The runs of a chip that are still to be taken. */
struct list {
    const uint32_t *at, *end;
};

static struct list list_of(struct site *site, const char *chip)
{
    struct chip_runs *runs = &site->runs;
    const size_t known = runs->chips.count, number = names_number(&runs->chips, &site->arena, str_of(chip));

    if (number >= known) /* a name that no run has */
        return (struct list){NULL, NULL};
    return (struct list){runs->first + (number > 0 ? runs->ends[number - 1] : 0), runs->first + runs->ends[number]};
}

int site_results_of(struct site *site, const char *a, const char *b, struct arena *arena, struct result_set *ret,
                    struct err *err)
{
    const struct result_set *set = site->report->results;
    struct list left = list_of(site, a), right = list_of(site, b);
    struct result *results = NULL;
    size_t count = 0, capacity = 0;

    while (left.at < left.end || right.at < right.end) {
        const bool is_left = right.at == right.end || (left.at < left.end && *left.at < *right.at);
        size_t i = is_left ? *left.at++ : *right.at++;

        do {
            results = arena_grow(arena, results, &capacity, count + 1, sizeof(*results));
            if (results == NULL)
                return mem_error(err);
            results[count++] = set->results[i++];
        } while (i < set->result_count && !begins_run(set, i));
    }
    *ret = *set;
    ret->results = results;
    ret->result_count = count;
    return 0;
}
