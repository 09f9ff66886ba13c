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
    const struct result_set *results;
    const struct comparison_filter *filter;
    const char *model, *quantization;
};

static struct resolved resolve(const struct result_set *results, const struct comparison_filter *filter)
{
    const double unknown = (double)NAN;
    const struct model *model = filter->model != NULL ? catalog_match_model(filter->model, unknown, unknown) : NULL;

    return (struct resolved){results, filter, model != NULL ? model->name : NULL,
                             filter->quantization != NULL ? catalog_match_quantization(filter->quantization) : NULL};
}

static bool passes(const struct result *result, const void *context)
{
    const struct resolved *wanted = context;
    const struct comparison_filter *filter = wanted->filter;

    return result_counts(wanted->results, result) &&
           matches(filter->model, wanted->model, result->run->workload->model) &&
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

/* A cell before this one has the same metric: what is left out is counted once. */
static bool was_met(const struct grouping *grouping, size_t from, size_t at)
{
    const struct set_measure *measure = grouping->results[at]->measure;

    for (size_t i = from; i < at; i++)
        if ((i == from || grouping->cells[i] != grouping->cells[i - 1]) &&
            grouping->results[i]->measure->rank == measure->rank)
            return true;
    return false;
}

/* That of the cell which begins at `at`, in a comparison that begins at `from`. */
static void add_metric(struct comparison *comparison, const struct grouping *grouping, size_t from, size_t at)
{
    const struct result *result = grouping->results[at];
    const struct metric *known = catalog_metric(result->measure->metric);
    enum direction direction = result->measure->direction;

    if (find_metric(comparison, result) != NULL)
        return;
    if (comparison->metric_count == COMPARISON_METRICS_MAX) {
        comparison->metrics_left_out += was_met(grouping, from, at) ? 0 : 1;
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

/* What goes along while a set is filled. */
struct filling {
    struct arena *arena;
    const struct grouping *grouping;
    size_t *seen_in; /* of each set-up: the last row + 1 that has it */
    size_t rows;
};

/* Each row has a number of its own. */
static size_t count_setups(struct filling *filling, size_t from, size_t end)
{
    const size_t row = ++filling->rows;
    size_t distinct = 0;

    for (size_t i = from; i < end; i++) {
        size_t *seen_in = &filling->seen_in[filling->grouping->results[i]->run->setup_rank];

        distinct += *seen_in != row ? 1 : 0;
        *seen_in = row;
    }
    return distinct;
}

static int fill_row(struct filling *filling, size_t from, size_t end, struct comparison *comparison,
                    struct comparison_row *row, struct err *err)
{
    const struct result **results = filling->grouping->results, *first = results[from];

    *row = (struct comparison_row){.chip = first->run->machine->chip,
                                   .variant = first->run->machine->chip_variant,
                                   .backend = first->run->workload->backend,
                                   .entry = first->run->machine->chip_entry,
                                   .chip_known = first->run->machine->chip_known,
                                   .chip_count = first->run->machine->chip_count,
                                   .newest_us = TIME_UNKNOWN};
    for (size_t i = 0; i < COMPARISON_METRICS_MAX; i++)
        clear_figure(&row->figures[i]);
    for (size_t i = from; i < end; i++)
        row->newest_us = results[i]->run->ran_us > row->newest_us ? results[i]->run->ran_us : row->newest_us;
    row->setups = count_setups(filling, from, end);
    for (size_t i = from; i < end;) {
        const size_t next = grouping_end(filling->grouping, i, end, grouping_compare_metric);
        const struct comparison_metric *metric = find_metric(comparison, results[i]);
        struct figure *figure = metric != NULL ? &row->figures[metric - comparison->metrics] : NULL;

        if (figure != NULL) {
            figure->results = results + i;
            figure->result_count = next - i;
        }
        if (figure != NULL && grouping_figure(results + i, next - i, figure, err) < 0)
            return err != NULL ? -(int)err->code : -ERR_MEMORY;
        i = next;
    }
    return 0;
}

static int fill_rows(struct filling *filling, size_t from, size_t end, struct comparison *comparison, struct err *err)
{
    const struct grouping *grouping = filling->grouping;
    size_t rows = 0;

    for (size_t i = from; i < end; i = grouping_end(grouping, i, end, grouping_compare_row))
        rows++;
    comparison->rows = arena_alloc(filling->arena, rows, sizeof(*comparison->rows));
    comparison->by_value = arena_alloc(filling->arena, rows, sizeof(*comparison->by_value));
    if (comparison->rows == NULL || comparison->by_value == NULL)
        return mem_error(err);
    for (size_t i = from; i < end;) {
        const size_t next = grouping_end(grouping, i, end, grouping_compare_row);

        if (fill_row(filling, i, next, comparison, &comparison->rows[comparison->row_count], err) < 0)
            return err != NULL ? -(int)err->code : -ERR_MEMORY;
        comparison->row_count++;
        i = next;
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

static int fill_comparison(struct filling *filling, size_t from, size_t end, struct comparison *comparison,
                           struct err *err)
{
    const struct grouping *grouping = filling->grouping;
    const struct result *first = grouping->results[from];

    *comparison = (struct comparison){.tool = first->run->tool,
                                      .model = first->run->workload->model,
                                      .quantization = first->run->workload->quantization,
                                      .mode = first->run->workload->mode,
                                      .task = first->run->workload->task,
                                      .category = first->run->workload->category,
                                      .parameters = first->run->workload->parameters,
                                      .variant = first->run->variant,
                                      .baseline = NO_ROW};
    for (size_t i = from; i < end; i++)
        if (i == from || grouping->cells[i] != grouping->cells[i - 1])
            add_metric(comparison, grouping, from, i);
    if (fill_rows(filling, from, end, comparison, err) < 0)
        return err != NULL ? -(int)err->code : -ERR_MEMORY;
    for (size_t i = 0; i < comparison->row_count; i++)
        if (!text_equal(comparison->rows[i].backend, comparison->rows[0].backend))
            comparison->backends_differ = true;
    comparison_arrange(comparison);
    return 0;
}

static int fill_set(struct filling *filling, struct comparison_set *set, struct err *err)
{
    const struct grouping *grouping = filling->grouping;
    size_t comparisons = 0;

    for (size_t i = 0; i < grouping->count; i = grouping_end(grouping, i, grouping->count, grouping_compare_workload))
        comparisons++;
    set->items = arena_alloc(&set->arena, comparisons + 1, sizeof(*set->items));
    if (set->items == NULL)
        return mem_error(err);
    for (size_t i = 0; i < grouping->count;) {
        const size_t end = grouping_end(grouping, i, grouping->count, grouping_compare_workload);

        if (fill_comparison(filling, i, end, &set->items[set->count], err) < 0)
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
    autogrouping struct grouping grouping = {NULL, NULL, 0};
    autocomparisons struct comparison_set set = {.count = 0};
    autofree size_t *seen_in = mem_zalloc(results->setup_count + 1, sizeof(*seen_in));
    const struct resolved wanted = resolve(results, filter != NULL ? filter : &everything);

    if (seen_in == NULL)
        return mem_error(err);
    int status = grouping_sort(results, passes, &wanted, &set.arena, &grouping, err);
    struct filling filling = {&set.arena, &grouping, seen_in, 0};

    if (status == 0)
        status = fill_set(&filling, &set, err);
    if (status < 0)
        return status;
    *ret = set;
    set = (struct comparison_set){.count = 0};
    return 0;
}
