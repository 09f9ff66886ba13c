#include "analyze/data/grouping.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/data/names.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"
#include "schema/stats/interval.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"

/* ---- order */

static int compare_names(const char *a, const char *b)
{
    const int natural = text_compare_natural(a, b);

    return natural != 0 ? natural : strcmp(a, b);
}

int grouping_compare_workload(const struct result *a, const struct result *b)
{
    const char *const left[] = {a->tool, a->model,    a->quantization, a->mode,
                                a->task, a->category, a->parameters,   a->variant};
    const char *const right[] = {b->tool, b->model,    b->quantization, b->mode,
                                 b->task, b->category, b->parameters,   b->variant};

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
        order = catalog_compare_chips(a->chip, a->chip_variant, b->chip, b->chip_variant);
    if (order == 0)
        order = strcmp(a->chip, b->chip);
    if (order == 0)
        order = strcmp(a->chip_variant, b->chip_variant);
    if (order == 0 && a->chip_count != b->chip_count)
        order = a->chip_count < b->chip_count ? -1 : 1;
    return order != 0 ? order : compare_names(a->backend, b->backend);
}

int grouping_compare_metric(const struct result *a, const struct result *b)
{
    int order = grouping_compare_row(a, b);

    if (order == 0)
        order = strcmp(a->metric, b->metric);
    return order != 0 ? order : strcmp(a->unit, b->unit);
}

/* All that grouping_compare_metric looks at, as one text. */
static void write_cell(const struct result *result, struct buf *into)
{
    const char *const parts[] = {result->tool, result->model,        result->quantization, result->mode,
                                 result->task, result->category,     result->parameters,   result->variant,
                                 result->chip, result->chip_variant, result->backend,      result->metric,
                                 result->unit};

    buf_reset(into);
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
        buf_adds(into, parts[i]);
        buf_addc(into, '\x1f');
    }
    buf_add(into, (const char *)&result->chip_count, sizeof(result->chip_count));
}

/* One of each cell that is written differently. */
struct cell {
    const struct result *result;
    size_t number;
};

static int compare_cells(const void *left, const void *right)
{
    const struct cell *a = left, *b = right;

    return grouping_compare_metric(a->result, b->result);
}

static int number_cells(struct grouped *items, size_t count, struct names *names, struct arena *arena, struct err *err)
{
    autobuf struct buf text = BUF(1 << 20);

    for (size_t i = 0; i < count; i++) {
        write_cell(items[i].result, &text);
        items[i].cell = names_number(names, arena, str_slice(buf_text(&text), text.len));
        if (items[i].cell == NAMES_NONE)
            return mem_error(err);
    }
    return buf_check(&text, err);
}

/* ranks[number] of the cells in the order of grouping_compare_metric; what it does not tell apart shares a rank. */
static int rank_cells(const struct grouped *items, size_t count, size_t *ranks, size_t cells, struct err *err)
{
    autofree struct cell *order = mem_zalloc(cells + 1, sizeof(*order));
    size_t rank = 0;

    if (order == NULL)
        return mem_error(err);
    for (size_t i = 0; i < count; i++)
        order[items[i].cell] = (struct cell){items[i].result, items[i].cell};
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
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autonames struct names names = {.count = 0};
    int status = number_cells(items, count, &names, &arena, err);
    autofree size_t *ranks = mem_zalloc(names.count + 1, sizeof(*ranks));

    if (status < 0 || ranks == NULL)
        return status < 0 ? status : mem_error(err);
    status = rank_cells(items, count, ranks, names.count, err);
    return status < 0 ? status : place(items, count, ranks, names.count, err);
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

/* ---- ranks of contributors and devices */

/* ranks[number] in the order of the texts. */
static int rank_names(const struct names *names, size_t *ranks, struct err *err)
{
    autofree const char **sorted = mem_zalloc(names->count + 1, sizeof(*sorted));

    if (sorted == NULL)
        return mem_error(err);
    for (size_t i = 0; i < names->count; i++)
        sorted[i] = names->items[i];
    grouping_sort_texts(sorted, names->count);
    for (size_t i = 0; i < names->count; i++) {
        const char **found = bsearch(&names->items[i], sorted, names->count, sizeof(*sorted), compare_texts);

        ranks[i] = found != NULL ? (size_t)(found - sorted) : 0;
    }
    return 0;
}

int grouping_rank(const struct result_set *results, struct grouped *items, size_t count, struct err *err)
{
    struct arena arena cleanup(arena_done) = {.blocks = NULL};
    autonames struct names contributors = {.count = 0}, devices = {.count = 0};

    for (size_t i = 0; i < count; i++) {
        const char *contributor = results->submissions[items[i].result->submission].contributor;

        items[i].contributor = names_number(&contributors, &arena, str_of(contributor));
        items[i].device = names_number(&devices, &arena, str_of(items[i].result->device));
        if (items[i].contributor == NAMES_NONE || items[i].device == NAMES_NONE)
            return mem_error(err);
    }
    autofree size_t *contributor_ranks = mem_zalloc(contributors.count + 1, sizeof(*contributor_ranks));
    autofree size_t *device_ranks = mem_zalloc(devices.count + 1, sizeof(*device_ranks));

    if (contributor_ranks == NULL || device_ranks == NULL)
        return mem_error(err);
    int status = rank_names(&contributors, contributor_ranks, err);

    if (status == 0)
        status = rank_names(&devices, device_ranks, err);
    for (size_t i = 0; i < count && status == 0; i++) {
        items[i].contributor = contributor_ranks[items[i].contributor];
        items[i].device = device_ranks[items[i].device];
    }
    return status;
}

/* ---- the figure of a cell */

/* One value per submission: the median of what it has for this cell. */
static size_t values_by_submission(const struct grouped *items, size_t count, struct nested_value *values,
                                   double *scratch)
{
    size_t made = 0;

    for (size_t i = 0; i < count;) {
        size_t end = i;

        for (; end < count && items[end].result->submission == items[i].result->submission; end++)
            scratch[end - i] = items[end].result->value;
        stats_sort(scratch, end - i);
        values[made++] = (struct nested_value){items[i].contributor, items[i].device, stats_median(scratch, end - i)};
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
    if (count == 1 && items[0].result->stddev_kind == STDDEV_SAMPLE)
        figure->stddev = items[0].result->stddev;
}

static void set_interval(struct figure *figure, const double *sorted, size_t count, const char *of)
{
    struct interval interval;

    if (count < STATS_INTERVAL_LEAST || !stats_median_interval(sorted, count, 0.95, &interval))
        return;
    figure->low = interval.low;
    figure->high = interval.high;
    figure->coverage = interval.coverage;
    figure->interval_of = of;
}

/* The only result's own samples, where nothing above has more than one member. */
static void interval_of_samples(const struct result *result, struct figure *figure)
{
    autofree double *sorted = mem_zalloc(result->sample_count + 1, sizeof(*sorted));
    size_t count = 0;

    if (sorted == NULL || result->sample_count < STATS_INTERVAL_LEAST)
        return;
    for (size_t i = 0; i < result->sample_count; i++)
        if (isfinite(result->samples[i]))
            sorted[count++] = result->samples[i];
    stats_sort(sorted, count);
    set_interval(figure, sorted, count, "samples");
}

static void fill_interval(const struct grouped *items, size_t count, const struct nested_median *median,
                          struct figure *figure)
{
    switch (median->level) {
    case NESTED_CONTRIBUTORS:
        set_interval(figure, median->members, median->member_count, "contributors");
        break;
    case NESTED_DEVICES:
        set_interval(figure, median->members, median->member_count, "devices");
        break;
    case NESTED_SUBMISSIONS:
        set_interval(figure, median->members, median->member_count, "submissions");
        break;
    case NESTED_NONE:
        if (count == 1)
            interval_of_samples(items[0].result, figure);
        break;
    }
}

int grouping_figure(const struct grouped *items, size_t count, struct figure *ret, struct err *err)
{
    autofree struct nested_value *values = mem_zalloc(count, sizeof(*values));
    autofree double *scratch = mem_zalloc(count, sizeof(*scratch));
    struct nested_median median;

    if (values == NULL || scratch == NULL)
        return mem_error(err);
    const size_t submissions = values_by_submission(items, count, values, scratch);

    if (stats_nested_median(values, submissions, &median, err) < 0)
        return err != NULL ? -(int)err->code : -ERR_MEMORY;
    autofree double *members = median.members;

    ret->value = median.value;
    ret->submissions = median.submissions;
    ret->devices = median.devices;
    ret->contributors = median.contributors;
    count_evidence(items, count, ret);
    fill_interval(items, count, &median, ret);
    (void)members;
    return 0;
}
