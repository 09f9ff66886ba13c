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

/* Kind of the run and metric: a small table by both, since a run's kind never has many metrics. */
static int number_cells(struct grouped *items, size_t count, size_t *ret_cells, struct err *err)
{
    autofree struct cell_slot *slots = NULL;
    size_t slot_count = 0, cells = 0;

    for (size_t i = 0; i < count; i++) {
        if (slot_count <= 2 * cells && !more_slots(&slots, &slot_count))
            return mem_error(err);
        struct cell_slot *slot = slot_of(slots, slot_count, key_of(items[i].result));

        if (slot->number == 0)
            *slot = (struct cell_slot){key_of(items[i].result), ++cells};
        items[i].cell = slot->number - 1;
    }
    *ret_cells = cells;
    return 0;
}

int grouping_alone(const struct result_set *set, size_t **ret_results, size_t *ret_count, struct err *err)
{
    autofree struct grouped *items = mem_zalloc(set->result_count + 1, sizeof(*items));
    size_t count = 0, cells = 0, alone = 0;

    if (items == NULL)
        return mem_error(err);
    for (size_t i = 0; i < set->result_count; i++)
        if (result_counts(set, &set->results[i]))
            items[count++] = (struct grouped){.result = &set->results[i]};
    const int status = number_cells(items, count, &cells, err);
    autofree size_t *results = mem_zalloc(cells + 1, sizeof(*results));
    autofree size_t *members = mem_zalloc(cells + 1, sizeof(*members));

    if (status < 0 || results == NULL || members == NULL)
        return status < 0 ? status : mem_error(err);
    for (size_t i = 0; i < count; i++) {
        members[items[i].cell]++;
        results[items[i].cell] = (size_t)(items[i].result - set->results);
    }
    for (size_t i = 0; i < cells; i++)
        if (members[i] == 1)
            results[alone++] = results[i];
    *ret_results = TAKE_PTR(results);
    *ret_count = alone;
    return 0;
}

/* ranks[number] of the cells in the order of grouping_compare_metric; what it does not tell apart shares a rank. */
static int rank_cells(const struct grouped *items, size_t count, size_t *ranks, size_t cells, struct err *err)
{
    autofree struct written_cell *order = mem_zalloc(cells + 1, sizeof(*order));
    size_t rank = 0;

    if (order == NULL)
        return mem_error(err);
    for (size_t i = 0; i < count; i++)
        order[items[i].cell] = (struct written_cell){items[i].result, items[i].cell};
    if (cells > 1)
        qsort(order, cells, sizeof(*order), compare_cells);
    for (size_t i = 0; i < cells; i++) {
        rank += i > 0 && compare_cells(&order[i - 1], &order[i]) != 0 ? 1 : 0;
        ranks[order[i].number] = rank;
    }
    return 0;
}

/* By rank, each rank in the order that the items had. */
static int place(struct grouped *items, size_t count, const size_t *ranks, size_t cells, struct err *err)
{
    autofree struct grouped *sorted = mem_zalloc(count + 1, sizeof(*sorted));
    autofree size_t *starts = mem_zalloc(cells + 2, sizeof(*starts));

    if (sorted == NULL || starts == NULL)
        return mem_error(err);
    for (size_t i = 0; i < count; i++) {
        items[i].cell = ranks[items[i].cell];
        starts[items[i].cell + 1]++;
    }
    for (size_t i = 0; i < cells; i++)
        starts[i + 1] += starts[i];
    for (size_t i = 0; i < count; i++)
        sorted[starts[items[i].cell]++] = items[i];
    memcpy(items, sorted, count * sizeof(*items));
    return 0;
}

/* Few cells, many results: the cells are sorted, the results are only placed. Those of one submission stay together
 * inside a cell: result_set_finish ordered them by submission id, and they come in that order. */
int grouping_sort(struct grouped *items, size_t count, struct err *err)
{
    size_t cells = 0;
    int status = number_cells(items, count, &cells, err);
    autofree size_t *ranks = mem_zalloc(cells + 1, sizeof(*ranks));

    if (status < 0 || ranks == NULL)
        return status < 0 ? status : mem_error(err);
    status = rank_cells(items, count, ranks, cells, err);
    return status < 0 ? status : place(items, count, ranks, cells, err);
}

size_t grouping_end(const struct grouped *items, size_t count, size_t from,
                    int (*compare)(const struct result *, const struct result *))
{
    size_t end = from + 1;

    for (; end < count; end++)
        if (items[end].cell != items[end - 1].cell && compare(items[from].result, items[end].result) != 0)
            break;
    return end;
}

static int compare_texts(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;

    return strcmp(*a, *b);
}

void grouping_sort_texts(const char **texts, size_t count)
{
    if (count > 1)
        qsort(texts, count, sizeof(*texts), compare_texts);
}

/* ---- the figure of a cell */

size_t grouping_values(const struct grouped *items, size_t count, struct nested_value *values, double *scratch)
{
    size_t made = 0;

    for (size_t i = 0; i < count;) {
        const struct set_run *first = items[i].result->run;
        size_t end = i;

        for (; end < count && items[end].result->run->submission == first->submission; end++)
            scratch[end - i] = items[end].result->value;
        values[made++] = (struct nested_value){first->contributor_rank, first->device_rank,
                                               stats_submission_value(scratch, end - i)};
        i = end;
    }
    return made;
}

static void count_evidence(const struct grouped *items, size_t count, struct figure *figure)
{
    int64_t runs = 0;

    for (size_t i = 0; i < count; i++) {
        const struct result *result = items[i].result;

        runs = runs < 0 || result->n < 0 ? COUNT_UNKNOWN : runs + result->n;
        figure->flagged += result->flagged ? 1 : 0;
        figure->least = !(figure->least <= result->value) ? result->value : figure->least;
        figure->greatest = !(figure->greatest >= result->value) ? result->value : figure->greatest;
    }
    figure->runs = runs;
    if (count == 1 && items[0].result->detail->stddev_kind == STDDEV_SAMPLE)
        figure->stddev = items[0].result->detail->stddev;
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

int grouping_figure(const struct grouped *items, size_t count, struct figure *ret, struct err *err)
{
    static const char *const words[] = {[NESTED_NONE] = NULL,
                                        [NESTED_SUBMISSIONS] = "submissions",
                                        [NESTED_DEVICES] = "devices",
                                        [NESTED_CONTRIBUTORS] = "contributors"};
    autofree struct nested_value *values = mem_zalloc(count, sizeof(*values));
    autofree double *scratch = mem_zalloc(count, sizeof(*scratch));
    struct nested_figure figure;

    if (values == NULL || scratch == NULL)
        return mem_error(err);
    const size_t submissions = grouping_values(items, count, values, scratch);
    const int status = stats_nested_figure(values, submissions, &figure, err);

    if (status < 0)
        return status;
    ret->value = figure.value;
    ret->submissions = figure.submissions;
    ret->devices = figure.devices;
    ret->contributors = figure.contributors;
    count_evidence(items, count, ret);
    if (figure.has_interval)
        set_interval(ret, &figure.interval, words[figure.level]);
    return figure.level == NESTED_NONE && count == 1 ? interval_of_samples(items[0].result->detail, ret, err) : 0;
}
