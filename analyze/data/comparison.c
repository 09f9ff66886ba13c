/* Groups results into comparisons, rows and figures: one sort, then runs of equal keys. */
#include "analyze/data/comparison.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/data/grouping.h"
#include "schema/base/str.h"

void comparison_set_done(struct comparison_set *set)
{
    arena_done(&set->arena);
    memset(set, 0, sizeof(*set));
}

size_t comparison_metric_rows(const struct comparison *comparison, size_t metric)
{
    size_t rows = 0;

    for (size_t i = 0; i < comparison->row_count; i++)
        rows += isfinite(comparison->rows[i].figures[metric].value) ? 1 : 0;
    return rows;
}

bool comparison_metric_is_main(const struct comparison *comparison, size_t metric)
{
    return metric == 0 || 2 * comparison_metric_rows(comparison, metric) >= comparison->row_count;
}

static bool matches(const char *wanted, const char *canonical, const char *have)
{
    return wanted == NULL || text_equal_ignore_case(wanted, have) ||
           (canonical != NULL && text_equal_ignore_case(canonical, have));
}

/* A filter with the catalogue's names, looked up once. */
struct resolved {
    const struct comparison_filter *filter;
    const char *model, *quantization;
};

static struct resolved resolve(const struct comparison_filter *filter)
{
    const double unknown = (double)NAN;
    const struct model *model = filter->model != NULL ? catalog_match_model(filter->model, unknown, unknown) : NULL;

    return (struct resolved){filter, model != NULL ? model->name : NULL,
                             filter->quantization != NULL ? catalog_match_quantization(filter->quantization) : NULL};
}

static bool passes(const struct result *result, const struct resolved *wanted)
{
    const struct comparison_filter *filter = wanted->filter;

    return matches(filter->model, wanted->model, result->run->workload->model) &&
           matches(filter->quantization, wanted->quantization, result->run->workload->quantization) &&
           matches(filter->metric, NULL, result->measure->metric) && matches(filter->tool, NULL, result->run->tool);
}

/* ---- metrics of a comparison */

static struct comparison_metric *find_metric(struct comparison *comparison, const struct result *result)
{
    for (size_t i = 0; i < comparison->metric_count; i++)
        if (text_equal(comparison->metrics[i].name, result->measure->metric) &&
            text_equal(comparison->metrics[i].unit, result->measure->unit))
            return &comparison->metrics[i];
    return NULL;
}

static void add_metric(struct comparison *comparison, const struct result *result)
{
    const struct metric *known = catalog_metric(result->measure->metric);
    enum direction direction = result->measure->direction;

    if (find_metric(comparison, result) != NULL)
        return;
    if (comparison->metric_count == COMPARISON_METRICS_MAX) {
        comparison->metrics_left_out++;
        return;
    }
    if (direction == DIRECTION_UNKNOWN && known != NULL)
        direction = text_equal(known->direction, "lower") ? DIRECTION_LOWER : DIRECTION_HIGHER;
    comparison->metrics[comparison->metric_count++] =
        (struct comparison_metric){result->measure->metric, result->measure->unit,
                                   known != NULL ? known->title : result->measure->metric, direction};
}

/* ---- rows */

static void clear_figure(struct figure *figure)
{
    const double none = (double)NAN;

    *figure = (struct figure){.value = none,
                              .low = none,
                              .high = none,
                              .coverage = none,
                              .least = none,
                              .greatest = none,
                              .stddev = none,
                              .runs = COUNT_UNKNOWN,
                              .factor = none};
}

static int count_setups(const struct grouped *items, size_t count, size_t *ret, struct err *err)
{
    autofree const char **setups = mem_zalloc(count, sizeof(*setups));
    size_t distinct = 0;

    if (setups == NULL)
        return mem_error(err);
    for (size_t i = 0; i < count; i++)
        setups[i] = items[i].result->run->setup->text;
    grouping_sort_texts(setups, count);
    for (size_t i = 0; i < count; i++)
        distinct += i == 0 || strcmp(setups[i], setups[i - 1]) != 0 ? 1 : 0;
    *ret = distinct;
    return 0;
}

static int fill_figure(struct arena *arena, const struct grouped *items, size_t count, struct figure *figure,
                       struct err *err)
{
    figure->results = arena_alloc(arena, count, sizeof(*figure->results));
    if (figure->results == NULL)
        return mem_error(err);
    for (size_t i = 0; i < count; i++)
        figure->results[i] = items[i].result;
    figure->result_count = count;
    return grouping_figure(items, count, figure, err);
}

static int fill_row(struct arena *arena, const struct grouped *items, size_t count, struct comparison *comparison,
                    struct comparison_row *row, struct err *err)
{
    const struct result *first = items[0].result;

    *row = (struct comparison_row){.chip = first->run->machine->chip,
                                   .variant = first->run->machine->chip_variant,
                                   .backend = first->run->workload->backend,
                                   .entry = first->run->machine->chip_entry,
                                   .chip_known = first->run->machine->chip_known,
                                   .chip_count = first->run->machine->chip_count,
                                   .newest_us = TIME_UNKNOWN};
    for (size_t i = 0; i < COMPARISON_METRICS_MAX; i++)
        clear_figure(&row->figures[i]);
    for (size_t i = 0; i < count; i++)
        row->newest_us = items[i].result->run->ran_us > row->newest_us ? items[i].result->run->ran_us : row->newest_us;
    if (count_setups(items, count, &row->setups, err) < 0)
        return -ERR_MEMORY;
    for (size_t i = 0; i < count;) {
        const size_t end = grouping_end(items, count, i, grouping_compare_metric);
        const struct comparison_metric *metric = find_metric(comparison, items[i].result);

        if (metric != NULL &&
            fill_figure(arena, items + i, end - i, &row->figures[metric - comparison->metrics], err) < 0)
            return err != NULL ? -(int)err->code : -ERR_MEMORY;
        i = end;
    }
    return 0;
}

static int fill_rows(struct arena *arena, const struct grouped *items, size_t count, struct comparison *comparison,
                     struct err *err)
{
    size_t rows = 0;

    for (size_t i = 0; i < count; i = grouping_end(items, count, i, grouping_compare_row))
        rows++;
    comparison->rows = arena_alloc(arena, rows, sizeof(*comparison->rows));
    comparison->by_value = arena_alloc(arena, rows, sizeof(*comparison->by_value));
    if (comparison->rows == NULL || comparison->by_value == NULL)
        return mem_error(err);
    for (size_t i = 0; i < count;) {
        const size_t end = grouping_end(items, count, i, grouping_compare_row);

        if (fill_row(arena, items + i, end - i, comparison, &comparison->rows[comparison->row_count], err) < 0)
            return err != NULL ? -(int)err->code : -ERR_MEMORY;
        comparison->row_count++;
        i = end;
    }
    return 0;
}

/* Metrics with more rows come first; among equals those of the catalogue in its order. */
static bool metric_goes_before(const struct comparison *comparison, size_t a, size_t b)
{
    const size_t rows_a = comparison_metric_rows(comparison, a), rows_b = comparison_metric_rows(comparison, b);
    const struct metric *known_a = catalog_metric(comparison->metrics[a].name);
    const struct metric *known_b = catalog_metric(comparison->metrics[b].name);

    if (rows_a != rows_b)
        return rows_a > rows_b;
    if (known_a != NULL && known_b != NULL)
        return known_a < known_b;
    if ((known_a != NULL) != (known_b != NULL))
        return known_a != NULL;
    return strcmp(comparison->metrics[a].name, comparison->metrics[b].name) < 0;
}

static void swap_metrics(struct comparison *comparison, size_t a, size_t b)
{
    const struct comparison_metric metric = comparison->metrics[a];

    comparison->metrics[a] = comparison->metrics[b];
    comparison->metrics[b] = metric;
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct figure figure = comparison->rows[i].figures[a];

        comparison->rows[i].figures[a] = comparison->rows[i].figures[b];
        comparison->rows[i].figures[b] = figure;
    }
}

static void order_metrics(struct comparison *comparison)
{
    for (size_t i = 1; i < comparison->metric_count; i++)
        for (size_t j = i; j > 0 && metric_goes_before(comparison, j, j - 1); j--)
            swap_metrics(comparison, j, j - 1);
}

/* Best first, missing last; what is equal keeps the natural order of the rows. */
static int compare_values(const void *left, const void *right, void *context)
{
    const struct comparison *comparison = context;
    const size_t a = *(const size_t *)left, b = *(const size_t *)right;
    const double value_a = comparison->rows[a].figures[0].value, value_b = comparison->rows[b].figures[0].value;
    const int order = (value_a > value_b) - (value_a < value_b);

    if (isfinite(value_a) != isfinite(value_b))
        return isfinite(value_a) ? -1 : 1;
    if (order != 0 && isfinite(value_a))
        return comparison->metrics[0].direction == DIRECTION_LOWER ? order : -order;
    return a < b ? -1 : 1;
}

void comparison_arrange(struct comparison *comparison)
{
    order_metrics(comparison);
    for (size_t i = 0; i < comparison->row_count; i++)
        comparison->by_value[i] = i;
    if (comparison->row_count > 1)
        qsort_r(comparison->by_value, comparison->row_count, sizeof(size_t), compare_values, comparison);
}

static int fill_comparison(struct arena *arena, const struct grouped *items, size_t count,
                           struct comparison *comparison, struct err *err)
{
    const struct result *first = items[0].result;

    *comparison = (struct comparison){.tool = first->run->tool,
                                      .model = first->run->workload->model,
                                      .quantization = first->run->workload->quantization,
                                      .mode = first->run->workload->mode,
                                      .task = first->run->workload->task,
                                      .category = first->run->workload->category,
                                      .parameters = first->run->workload->parameters,
                                      .variant = first->run->variant,
                                      .baseline = NO_ROW};
    for (size_t i = 0; i < count; i++)
        add_metric(comparison, items[i].result);
    if (fill_rows(arena, items, count, comparison, err) < 0)
        return err != NULL ? -(int)err->code : -ERR_MEMORY;
    for (size_t i = 0; i < comparison->row_count; i++)
        if (!text_equal(comparison->rows[i].backend, comparison->rows[0].backend))
            comparison->backends_differ = true;
    comparison_arrange(comparison);
    return 0;
}

static int fill_set(const struct grouped *items, size_t count, struct comparison_set *set, struct err *err)
{
    size_t comparisons = 0;

    for (size_t i = 0; i < count; i = grouping_end(items, count, i, grouping_compare_workload))
        comparisons++;
    set->items = arena_alloc(&set->arena, comparisons + 1, sizeof(*set->items));
    if (set->items == NULL)
        return mem_error(err);
    for (size_t i = 0; i < count;) {
        const size_t end = grouping_end(items, count, i, grouping_compare_workload);

        if (fill_comparison(&set->arena, items + i, end - i, &set->items[set->count], err) < 0)
            return err != NULL ? -(int)err->code : -ERR_MEMORY;
        set->count++;
        i = end;
    }
    return 0;
}

int comparison_build(const struct result_set *results, const struct comparison_filter *filter,
                     struct comparison_set *ret, struct err *err)
{
    static const struct comparison_filter everything = {NULL, NULL, NULL, NULL};
    autofree struct grouped *items = mem_zalloc(results->result_count + 1, sizeof(*items));
    autocomparisons struct comparison_set set = {.count = 0};
    const struct resolved wanted = resolve(filter != NULL ? filter : &everything);
    size_t count = 0;

    if (items == NULL)
        return mem_error(err);
    for (size_t i = 0; i < results->result_count; i++)
        if (result_counts(results, &results->results[i]) && passes(&results->results[i], &wanted))
            items[count++] = (struct grouped){.result = &results->results[i]};
    int status = grouping_sort(items, count, err);

    if (status == 0)
        status = fill_set(items, count, &set, err);
    if (status < 0)
        return status;
    *ret = set;
    set = (struct comparison_set){.count = 0};
    return 0;
}
