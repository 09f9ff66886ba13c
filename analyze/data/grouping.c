#include "analyze/data/grouping.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* Results of one submission stay together inside a cell: result_set_finish ordered them by submission id. */
static int compare_grouped(const void *left, const void *right)
{
    const struct grouped *a = left, *b = right;
    const int order = grouping_compare_metric(a->result, b->result);

    if (order != 0)
        return order;
    return (a->result > b->result) - (a->result < b->result);
}

void grouping_sort(struct grouped *items, size_t count)
{
    if (count > 1)
        qsort(items, count, sizeof(*items), compare_grouped);
}

size_t grouping_end(const struct grouped *items, size_t count, size_t from,
                    int (*compare)(const struct result *, const struct result *))
{
    size_t end = from + 1;

    while (end < count && compare(items[from].result, items[end].result) == 0)
        end++;
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

static size_t rank_of(const char *const *sorted, size_t count, const char *text)
{
    const char *const *found = bsearch(&text, sorted, count, sizeof(*sorted), compare_texts);
    size_t rank = found != NULL ? (size_t)(found - sorted) : 0;

    while (rank > 0 && strcmp(sorted[rank - 1], text) == 0)
        rank--;
    return rank;
}

int grouping_rank(const struct result_set *results, struct grouped *items, size_t count, struct err *err)
{
    autofree const char **contributors = mem_zalloc(count + 1, sizeof(*contributors));
    autofree const char **devices = mem_zalloc(count + 1, sizeof(*devices));

    if (contributors == NULL || devices == NULL)
        return mem_error(err);
    for (size_t i = 0; i < count; i++) {
        contributors[i] = results->submissions[items[i].result->submission].contributor;
        devices[i] = items[i].result->device;
    }
    grouping_sort_texts(contributors, count);
    grouping_sort_texts(devices, count);
    for (size_t i = 0; i < count; i++) {
        items[i].contributor =
            rank_of(contributors, count, results->submissions[items[i].result->submission].contributor);
        items[i].device = rank_of(devices, count, items[i].result->device);
    }
    return 0;
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
