#include "analyze/data/grouping.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/str.h"
#include "schema/stats/figure.h"

/* ---- order */

static int compare_names(const char *a, const char *b)
{
    const int natural = text_compare_natural(a, b);

    return natural != 0 ? natural : strcmp(a, b);
}

int grouping_compare_workload(const struct result *a, const struct result *b)
{
    const char *const left[] = {
        a->run->tool,           a->run->workload->model,    a->run->workload->quantization, a->run->workload->mode,
        a->run->workload->task, a->run->workload->category, a->run->workload->parameters,   a->run->variant};
    const char *const right[] = {
        b->run->tool,           b->run->workload->model,    b->run->workload->quantization, b->run->workload->mode,
        b->run->workload->task, b->run->workload->category, b->run->workload->parameters,   b->run->variant};

    for (size_t i = 0; i < ARRAY_LENGTH(left); i++) {
        const int order = compare_names(left[i], right[i]);

        if (order != 0)
            return order;
    }
    return 0;
}

int grouping_compare_row(const struct result *a, const struct result *b)
{
    int order = grouping_compare_workload(a, b);

    if (order == 0)
        order = catalog_compare_chips(a->run->machine->chip, a->run->machine->chip_variant, b->run->machine->chip,
                                      b->run->machine->chip_variant);
    if (order == 0)
        order = strcmp(a->run->machine->chip, b->run->machine->chip);
    if (order == 0)
        order = strcmp(a->run->machine->chip_variant, b->run->machine->chip_variant);
    if (order == 0 && a->run->machine->chip_count != b->run->machine->chip_count)
        order = a->run->machine->chip_count < b->run->machine->chip_count ? -1 : 1;
    return order != 0 ? order : compare_names(a->run->workload->backend, b->run->workload->backend);
}

int grouping_compare_metric(const struct result *a, const struct result *b)
{
    int order = grouping_compare_row(a, b);

    if (order == 0)
        order = strcmp(a->measure->metric, b->measure->metric);
    return order != 0 ? order : strcmp(a->measure->unit, b->measure->unit);
}

#define NO_CELL UINT32_MAX

/* One of each cell that is written differently. */
struct written_cell {
    const struct result *result;
    size_t number;
};

/* What a result's cell is found by: equal numbers for results that are written alike. */
static uint64_t key_of(const struct result *result)
{
    return (uint64_t)result->run->kind << 32 | result->measure->rank;
}

struct cell_slot {
    uint64_t key;
    size_t number; /* + 1; 0 = free */
};

static struct cell_slot *slot_of(struct cell_slot *slots, size_t slot_count, uint64_t key)
{
    size_t slot = (key * 0x9e3779b97f4a7c15U) >> 32 & (slot_count - 1);

    while (slots[slot].number != 0 && slots[slot].key != key)
        slot = (slot + 1) & (slot_count - 1);
    return &slots[slot];
}

static bool more_slots(struct cell_slot **slots, size_t *slot_count)
{
    const size_t more = *slot_count > 0 ? 2 * *slot_count : 1024;
    struct cell_slot *made = mem_zalloc(more, sizeof(*made));

    if (made == NULL)
        return false;
    for (size_t i = 0; i < *slot_count; i++)
        if ((*slots)[i].number != 0)
            *slot_of(made, more, (*slots)[i].key) = (*slots)[i];
    free(*slots);
    *slots = made;
    *slot_count = more;
    return true;
}

static int compare_cells(const void *left, const void *right)
{
    const struct written_cell *a = left, *b = right;

    return grouping_compare_metric(a->result, b->result);
}

/* Kind of the run and metric: a small table by both, since a run's kind never has many metrics. cells[i] of each result
 * of the set, in the order of first appearance; NO_CELL for those that take no part. */
static int number_cells(const struct result_set *set, bool (*takes_part)(const struct result *, const void *),
                        const void *context, uint32_t *cells, size_t *ret_count, struct err *err)
{
    autofree struct cell_slot *slots = NULL;
    size_t slot_count = 0, count = 0;

    for (size_t i = 0; i < set->result_count; i++) {
        const struct result *result = &set->results[i];

        cells[i] = NO_CELL;
        if (!takes_part(result, context))
            continue;
        if (slot_count <= 2 * count && !more_slots(&slots, &slot_count))
            return mem_error(err);
        struct cell_slot *slot = slot_of(slots, slot_count, key_of(result));

        if (slot->number == 0)
            *slot = (struct cell_slot){key_of(result), ++count};
        cells[i] = (uint32_t)(slot->number - 1);
    }
    *ret_count = count;
    return 0;
}

static bool counts(const struct result *result, const void *context)
{
    return result_counts(context, result);
}

int grouping_alone(const struct result_set *set, size_t **ret_results, size_t *ret_count, struct err *err)
{
    autofree uint32_t *numbers = mem_zalloc(set->result_count + 1, sizeof(*numbers));
    size_t cells = 0, alone = 0;

    if (numbers == NULL)
        return mem_error(err);
    const int status = number_cells(set, counts, set, numbers, &cells, err);
    autofree size_t *results = mem_zalloc(cells + 1, sizeof(*results));
    autofree size_t *members = mem_zalloc(cells + 1, sizeof(*members));

    if (status < 0 || results == NULL || members == NULL)
        return status < 0 ? status : mem_error(err);
    for (size_t i = 0; i < set->result_count; i++)
        if (numbers[i] != NO_CELL) {
            members[numbers[i]]++;
            results[numbers[i]] = i;
        }
    for (size_t i = 0; i < cells; i++)
        if (members[i] == 1)
            results[alone++] = results[i];
    *ret_results = TAKE_PTR(results);
    *ret_count = alone;
    return 0;
}

/* ranks[number] of the cells in the order of grouping_compare_metric; what it does not tell apart shares a rank. */
static int rank_cells(const struct result_set *set, const uint32_t *numbers, uint32_t *ranks, size_t cells,
                      struct err *err)
{
    autofree struct written_cell *order = mem_zalloc(cells + 1, sizeof(*order));
    uint32_t rank = 0;

    if (order == NULL)
        return mem_error(err);
    for (size_t i = 0; i < set->result_count; i++)
        if (numbers[i] != NO_CELL)
            order[numbers[i]] = (struct written_cell){&set->results[i], numbers[i]};
    if (cells > 1)
        qsort(order, cells, sizeof(*order), compare_cells);
    for (size_t i = 0; i < cells; i++) {
        rank += i > 0 && compare_cells(&order[i - 1], &order[i]) != 0 ? 1 : 0;
        ranks[order[i].number] = rank;
    }
    return 0;
}

/* By rank, each rank in the order of the set. The numbers end as the ranks of what is placed. */
static int place(const struct result_set *set, const uint32_t *ranks, size_t cells, struct arena *arena,
                 struct grouping *grouping, struct err *err)
{
    autofree size_t *starts = mem_zalloc(cells + 1, sizeof(*starts));
    uint32_t *numbers = grouping->cells;
    size_t from = 0;

    if (starts == NULL)
        return mem_error(err);
    for (size_t i = 0; i < set->result_count; i++)
        if (numbers[i] != NO_CELL) {
            starts[ranks[numbers[i]] + 1]++;
            grouping->count++;
        }
    for (size_t i = 0; i < cells; i++)
        starts[i + 1] += starts[i];
    grouping->results = arena_alloc(arena, grouping->count + 1, sizeof(*grouping->results));
    if (grouping->results == NULL)
        return arena_check(arena, err);
    for (size_t i = 0; i < set->result_count; i++)
        if (numbers[i] != NO_CELL)
            grouping->results[starts[ranks[numbers[i]]]++] = &set->results[i];
    /* Each start has become the end. */
    for (size_t rank = 0; rank < cells; rank++)
        for (; from < starts[rank]; from++)
            numbers[from] = (uint32_t)rank;
    return 0;
}

void grouping_done(struct grouping *grouping)
{
    free(grouping->cells);
}

/* Few cells, many results: the cells are sorted, the results are only placed. Those of one submission stay together
 * inside a cell: result_set_finish ordered them by submission id, and they come in that order. */
int grouping_sort(const struct result_set *set, bool (*takes_part)(const struct result *, const void *),
                  const void *context, struct arena *arena, struct grouping *ret, struct err *err)
{
    autogrouping struct grouping grouping = {NULL, mem_zalloc(set->result_count + 1, sizeof(*grouping.cells)), 0};
    size_t cells = 0;

    if (grouping.cells == NULL)
        return mem_error(err);
    int status = number_cells(set, takes_part, context, grouping.cells, &cells, err);
    autofree uint32_t *ranks = mem_zalloc(cells + 1, sizeof(*ranks));

    if (status < 0 || ranks == NULL)
        return status < 0 ? status : mem_error(err);
    status = rank_cells(set, grouping.cells, ranks, cells, err);
    if (status == 0)
        status = place(set, ranks, cells, arena, &grouping, err);
    if (status < 0)
        return status;
    *ret = grouping;
    grouping.cells = NULL;
    return 0;
}

size_t grouping_end(const struct grouping *grouping, size_t from, size_t end,
                    int (*compare)(const struct result *, const struct result *))
{
    size_t at = from + 1;

    for (; at < end; at++)
        if (grouping->cells[at] != grouping->cells[at - 1] &&
            compare(grouping->results[from], grouping->results[at]) != 0)
            break;
    return at;
}

/* ---- the figure of a cell */

size_t grouping_values(const struct result *const *results, size_t count, struct nested_value *values, double *scratch)
{
    size_t made = 0;

    for (size_t i = 0; i < count;) {
        const struct set_run *first = results[i]->run;
        size_t end = i;

        for (; end < count && results[end]->run->submission == first->submission; end++)
            scratch[end - i] = results[end]->value;
        values[made++] = (struct nested_value){first->contributor_rank, first->device_rank,
                                               stats_submission_value(scratch, end - i)};
        i = end;
    }
    return made;
}

const char *grouping_level_word(enum nested_level level)
{
    static const char *const words[] = {[NESTED_NONE] = NULL,
                                        [NESTED_SUBMISSIONS] = "submissions",
                                        [NESTED_DEVICES] = "devices",
                                        [NESTED_CONTRIBUTORS] = "contributors"};

    return words[level];
}

int64_t grouping_runs(const struct result *const *results, size_t count)
{
    int64_t runs = 0;

    for (size_t i = 0; i < count && runs >= 0; i++)
        runs = results[i]->n < 0 ? COUNT_UNKNOWN : runs + results[i]->n;
    return runs;
}

static void count_evidence(const struct result *const *results, size_t count, struct figure *figure)
{
    for (size_t i = 0; i < count; i++) {
        const struct result *result = results[i];

        figure->flagged += result->flagged ? 1 : 0;
        figure->least = !(figure->least <= result->value) ? result->value : figure->least;
        figure->greatest = !(figure->greatest >= result->value) ? result->value : figure->greatest;
    }
    figure->runs = grouping_runs(results, count);
    if (count == 1 && results[0]->detail->stddev_kind == STDDEV_SAMPLE)
        figure->stddev = results[0]->detail->stddev;
}

static void set_interval(struct figure *figure, const struct interval *interval, const char *of)
{
    figure->low = interval->low;
    figure->high = interval->high;
    figure->coverage = interval->coverage;
    figure->interval_of = of;
}

/* The only result's own samples, where nothing above has more than one member. */
static int interval_of_samples(const struct result_detail *detail, struct figure *figure, struct err *err)
{
    autofree double *samples = mem_zalloc((size_t)detail->sample_count + 1, sizeof(*samples));
    struct interval interval;

    if (samples == NULL)
        return mem_error(err);
    if (detail->sample_count > 0)
        memcpy(samples, detail->samples, detail->sample_count * sizeof(*samples));
    if (stats_sample_interval(samples, detail->sample_count, &interval))
        set_interval(figure, &interval, "samples");
    return 0;
}

int grouping_figure(const struct result *const *results, size_t count, struct figure *ret, struct err *err)
{
    autofree struct nested_value *values = mem_zalloc(count, sizeof(*values));
    autofree double *scratch = mem_zalloc(count, sizeof(*scratch));
    struct nested_figure figure;

    if (values == NULL || scratch == NULL)
        return mem_error(err);
    const size_t submissions = grouping_values(results, count, values, scratch);
    const int status = stats_nested_figure(values, submissions, &figure, err);

    if (status < 0)
        return status;
    ret->value = figure.value;
    ret->submissions = figure.submissions;
    ret->devices = figure.devices;
    ret->contributors = figure.contributors;
    count_evidence(results, count, ret);
    if (figure.has_interval)
        set_interval(ret, &figure.interval, grouping_level_word(figure.level));
    return figure.level == NESTED_NONE && count == 1 ? interval_of_samples(results[0]->detail, ret, err) : 0;
}
