#include "analyze/data/estimate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/str.h"
#include "schema/stats/additive.h"

#define NO_METRIC ((size_t)-1)

/* One metric of one tool: comparisons[column] has it as metrics[column]. */
struct work {
    const struct comparison **comparisons;
    size_t *metrics;
    size_t columns;
    const struct comparison_row **rows;
    size_t row_count;
    double *values; /* row × columns + column */
};

static size_t find_metric(const struct comparison *comparison, const struct comparison_metric *metric)
{
    for (size_t i = 0; i < comparison->metric_count; i++)
        if (text_equal(comparison->metrics[i].name, metric->name) &&
            text_equal(comparison->metrics[i].unit, metric->unit))
            return i;
    return NO_METRIC;
}

static int compare_rows(const void *left, const void *right)
{
    const struct comparison_row *a = *(const struct comparison_row *const *)left,
                                *b = *(const struct comparison_row *const *)right;
    int order = catalog_compare_chips(a->chip, a->variant, b->chip, b->variant);

    if (order == 0)
        order = strcmp(a->chip, b->chip);
    if (order == 0)
        order = strcmp(a->variant, b->variant);
    if (order == 0)
        order = (a->chip_count > b->chip_count) - (a->chip_count < b->chip_count);
    return order != 0 ? order : strcmp(a->backend, b->backend);
}

static int collect_rows(struct work *work, struct arena *arena, struct err *err)
{
    size_t most = 0, kept = 0;

    for (size_t i = 0; i < work->columns; i++)
        most += work->comparisons[i]->row_count;
    work->rows = arena_alloc(arena, most + 1, sizeof(*work->rows));
    if (work->rows == NULL)
        return mem_error(err);
    for (size_t i = 0; i < work->columns; i++)
        for (size_t j = 0; j < work->comparisons[i]->row_count; j++)
            if (work->comparisons[i]->rows[j].figures[work->metrics[i]].value > 0)
                work->rows[work->row_count++] = &work->comparisons[i]->rows[j];
    if (work->row_count > 1)
        qsort(work->rows, work->row_count, sizeof(*work->rows), compare_rows);
    for (size_t i = 0; i < work->row_count; i++)
        if (kept == 0 || compare_rows(&work->rows[kept - 1], &work->rows[i]) != 0)
            work->rows[kept++] = work->rows[i];
    work->row_count = kept;
    return 0;
}

static void place(struct work *work, size_t column)
{
    const struct comparison *comparison = work->comparisons[column];

    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct comparison_row *row = &comparison->rows[i];
        const double value = row->figures[work->metrics[column]].value;
        const struct comparison_row **found =
            value > 0 ? bsearch(&row, work->rows, work->row_count, sizeof(*work->rows), compare_rows) : NULL;

        if (found != NULL)
            work->values[(size_t)(found - work->rows) * work->columns + column] = value;
    }
}

static int fill_values(struct work *work, struct arena *arena, size_t *ret_figures, struct err *err)
{
    const size_t cells = work->row_count * work->columns;

    work->values = arena_alloc(arena, cells + 1, sizeof(*work->values));
    if (work->values == NULL)
        return mem_error(err);
    for (size_t i = 0; i < cells; i++)
        work->values[i] = (double)NAN;
    for (size_t i = 0; i < work->columns; i++)
        place(work, i);
    *ret_figures = 0;
    for (size_t i = 0; i < cells; i++)
        *ret_figures += isnan(work->values[i]) ? 0 : 1;
    return 0;
}

static bool has_alike(const struct work *work, size_t row, size_t column)
{
    for (size_t i = 0; i < work->row_count; i++)
        if (!isnan(work->values[i * work->columns + column]) &&
            text_equal(work->rows[i]->backend, work->rows[row]->backend) &&
            text_equal(comparison_row_vendor(work->rows[i]), comparison_row_vendor(work->rows[row])))
            return true;
    return false;
}

static int add_estimates(const struct work *work, const struct additive_model *fitted, struct arena *arena,
                         struct estimate_model *model, struct err *err)
{
    model->items = arena_alloc(arena, work->row_count * work->columns + 1, sizeof(*model->items));
    if (model->items == NULL)
        return mem_error(err);
    for (size_t column = 0; column < work->columns; column++)
        for (size_t row = 0; row < work->row_count; row++) {
            double value = 0;

            if (!isnan(work->values[row * work->columns + column]))
                continue;
            if (!has_alike(work, row, column) || !additive_estimate(fitted, row, column, &value)) {
                model->unlike++;
                continue;
            }
            model->items[model->count++] = (struct estimate){work->rows[row], work->comparisons[column], value};
        }
    return 0;
}

static int fit(struct work *work, struct arena *arena, struct estimate_model *model, bool *ret_any, struct err *err)
{
    struct additive_model fitted cleanup(additive_done) = {.row = NULL};
    int status = collect_rows(work, arena, err);

    if (status == 0)
        status = fill_values(work, arena, &model->figures, err);
    *ret_any =
        status == 0 && work->columns >= 2 && model->figures > 0 && model->figures < work->row_count * work->columns;
    if (status < 0 || !*ret_any)
        return status;
    const struct additive_table table = {work->row_count, work->columns, work->values};

    status = stats_additive(&table, &fitted, err);
    if (status < 0)
        return status;
    model->checked = fitted.checked;
    model->error = fitted.error;
    model->wide_error = fitted.wide_error;
    model->shown = fitted.error <= ADDITIVE_ERROR_MOST;
    return model->shown ? add_estimates(work, &fitted, arena, model, err) : 0;
}

/* The comparisons from `first` on that are of its tool and have its metric. */
static int collect_columns(const struct comparison_set *set, size_t first, size_t metric, struct arena *arena,
                           struct work *work, struct err *err)
{
    const struct comparison *start = &set->items[first];

    work->comparisons = arena_alloc(arena, set->count, sizeof(*work->comparisons));
    work->metrics = arena_alloc(arena, set->count, sizeof(*work->metrics));
    if (work->comparisons == NULL || work->metrics == NULL)
        return mem_error(err);
    for (size_t i = first; i < set->count; i++) {
        const size_t found = find_metric(&set->items[i], &start->metrics[metric]);

        if (found == NO_METRIC || !text_equal(set->items[i].tool, start->tool))
            continue;
        work->comparisons[work->columns] = &set->items[i];
        work->metrics[work->columns++] = found;
    }
    return 0;
}

static bool is_told(const struct comparison_set *set, size_t comparison, size_t metric)
{
    for (size_t i = 0; i < comparison; i++)
        if (text_equal(set->items[i].tool, set->items[comparison].tool) &&
            find_metric(&set->items[i], &set->items[comparison].metrics[metric]) != NO_METRIC)
            return true;
    return false;
}

static int add_model(const struct comparison_set *set, size_t comparison, size_t metric, struct arena *arena,
                     struct estimates *list, struct err *err)
{
    struct estimate_model model = {.tool = set->items[comparison].tool,
                                   .metric = set->items[comparison].metrics[metric],
                                   .error = (double)NAN,
                                   .wide_error = (double)NAN};
    struct work work = {.columns = 0};
    bool any = false;
    int status = collect_columns(set, comparison, metric, arena, &work, err);

    if (status == 0)
        status = fit(&work, arena, &model, &any, err);
    if (status < 0 || !any)
        return status;
    struct estimate_model *models = arena_grow(arena, list->models, &list->capacity, list->count + 1, sizeof(*models));

    if (models == NULL)
        return mem_error(err);
    list->models = models;
    models[list->count++] = model;
    return 0;
}

int estimates_of(const struct comparison_set *set, struct arena *arena, struct estimates *ret, struct err *err)
{
    struct estimates list = {NULL, 0, 0};
    int status = 0;

    for (size_t i = 0; i < set->count; i++)
        for (size_t metric = 0; metric < set->items[i].metric_count && status == 0; metric++)
            if (!is_told(set, i, metric))
                status = add_model(set, i, metric, arena, &list, err);
    if (status == 0)
        *ret = list;
    return status;
}
