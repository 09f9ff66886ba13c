/* Missing cells from a robust log-additive model.
 *
 * log figure = row effect + column effect + rest, fitted by median polish (J. W. Tukey, Exploratory Data Analysis,
 * 1977): in turn each row effect moves by the median of its row's rests, each column effect by that of its column's,
 * until nothing moves by more than 1e-9 or 60 rounds have passed. A few wild cells do not move it. Rows and columns
 * must be linked by figures: two halves of a table without a common chip or workload have no relation.
 *
 * Its error is measured, not assumed: figures are left out in turn, the fit continues from where it stood for 8 rounds
 * without the figure, and the estimate is compared with it (M. Stone's cross-validation, 1974, started warm). Only a
 * figure that closes a rectangle with three others is left out: without one that alone links its row to its column
 * there is nothing to estimate it from, and the fit would give back what it remembers. The error is the median of
 * |estimate ÷ figure − 1|, the wide one its 90 % quantile; both are unknown with fewer than 6 figures to leave out.
 * Example: chips A and B at 10 and 20 in one workload, A at 30 in another: B is estimated at 60 there. */
#include "schema/stats/additive.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/mem.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"

enum { ROUNDS = 60, ROUNDS_WITHOUT = 8 };
static const double wide = 0.9;

/* One figure that is there; those of a row stand together, in the order of columns, and the other way round. */
struct figure {
    size_t row, column;
    double log;
};

struct fit {
    size_t rows, columns, count;
    struct figure *by_row, *by_column;
    size_t *row_start, *column_start;
    double *row, *column;
    double *scratch;
};

static void fit_done(struct fit *fit)
{
    free(fit->by_row);
    free(fit->by_column);
    free(fit->row_start);
    free(fit->column_start);
    free(fit->row);
    free(fit->column);
    free(fit->scratch);
}

static bool allocate(struct fit *fit)
{
    const size_t longest = fit->rows > fit->columns ? fit->rows : fit->columns;
    fit->by_row = mem_zalloc(fit->count, sizeof *fit->by_row);
    fit->by_column = mem_zalloc(fit->count, sizeof *fit->by_column);
    fit->row_start = mem_zalloc(fit->rows + 1, sizeof(size_t));
    fit->column_start = mem_zalloc(fit->columns + 1, sizeof(size_t));
    fit->row = mem_zalloc(fit->rows, sizeof(double));
    fit->column = mem_zalloc(fit->columns, sizeof(double));
    fit->scratch = mem_zalloc(longest, sizeof(double));
    return fit->by_row && fit->by_column && fit->row_start && fit->column_start && fit->row && fit->column &&
           fit->scratch;
}

static int count_figures(const struct additive_table *table, size_t *ret, struct err *err)
{
    size_t count = 0;
    for (size_t i = 0; i < table->rows * table->columns; i++) {
        if (isnan(table->value[i]))
            continue;
        if (!(table->value[i] > 0 && isfinite(table->value[i])))
            return err_set(err, ERR_DATA, "a model of factors needs finite figures above 0");
        count++;
    }
    if (count == 0)
        return err_set(err, ERR_NOTHING, "no figures to fit a model to");
    *ret = count;
    return 0;
}

static void fill(const struct additive_table *table, struct fit *fit)
{
    size_t at = 0;
    for (size_t row = 0; row < table->rows; row++) {
        fit->row_start[row] = at;
        for (size_t column = 0; column < table->columns; column++) {
            const double value = table->value[row * table->columns + column];
            if (!isnan(value))
                fit->by_row[at++] = (struct figure){row, column, log(value)};
        }
    }
    fit->row_start[table->rows] = at;
    at = 0;
    for (size_t column = 0; column < table->columns; column++) {
        fit->column_start[column] = at;
        for (size_t row = 0; row < table->rows; row++) {
            const double value = table->value[row * table->columns + column];
            if (!isnan(value))
                fit->by_column[at++] = (struct figure){row, column, log(value)};
        }
    }
    fit->column_start[table->columns] = at;
}

/* The effect that leaves the rests of these figures with median 0; `left_out` does not count. The effect so far when
 * none is left. */
static double effect_of(struct fit *fit, const struct figure *figures, size_t count, bool of_row,
                        const struct figure *left_out, double so_far)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        const struct figure *figure = &figures[i];
        if (left_out == NULL || figure->row != left_out->row || figure->column != left_out->column)
            fit->scratch[used++] = figure->log - (of_row ? fit->column[figure->column] : fit->row[figure->row]);
    }
    if (used == 0)
        return so_far;
    stats_sort(fit->scratch, used);
    return stats_median(fit->scratch, used);
}

static double polish_row(struct fit *fit, size_t row, const struct figure *left_out)
{
    const double before = fit->row[row];
    fit->row[row] = effect_of(fit, fit->by_row + fit->row_start[row], fit->row_start[row + 1] - fit->row_start[row],
                              true, left_out, before);
    return fabs(fit->row[row] - before);
}

static double polish_column(struct fit *fit, size_t column, const struct figure *left_out)
{
    const double before = fit->column[column];
    fit->column[column] = effect_of(fit, fit->by_column + fit->column_start[column],
                                    fit->column_start[column + 1] - fit->column_start[column], false, left_out, before);
    return fabs(fit->column[column] - before);
}

static void polish(struct fit *fit)
{
    for (int round = 0; round < ROUNDS; round++) {
        double moved = 0;
        for (size_t column = 0; column < fit->columns; column++)
            moved = fmax(moved, polish_column(fit, column, NULL));
        for (size_t row = 0; row < fit->rows; row++)
            moved = fmax(moved, polish_row(fit, row, NULL));
        if (moved < 1e-9)
            return;
    }
}

/* The estimate of a figure from all others; only the effects of its own row and column are fitted again. */
static double estimate_without(struct fit *fit, const struct figure *figure)
{
    const double row = fit->row[figure->row], column = fit->column[figure->column];
    for (int round = 0; round < ROUNDS_WITHOUT; round++) {
        const double moved = polish_column(fit, figure->column, figure);
        if (polish_row(fit, figure->row, figure) + moved < 1e-9)
            break;
    }
    const double estimate = fit->row[figure->row] + fit->column[figure->column];
    fit->row[figure->row] = row;
    fit->column[figure->column] = column;
    return estimate;
}

/* Its row has a figure in some other column, that column one in some other row, and that row one in its column. */
static bool closes_rectangle(const struct fit *fit, const struct additive_table *table, const struct figure *figure)
{
    for (size_t i = fit->row_start[figure->row]; i < fit->row_start[figure->row + 1]; i++)
        for (size_t j = fit->column_start[figure->column]; j < fit->column_start[figure->column + 1]; j++) {
            const size_t column = fit->by_row[i].column, row = fit->by_column[j].row;
            if (column != figure->column && row != figure->row && !isnan(table->value[row * table->columns + column]))
                return true;
        }
    return false;
}

static int measure_error(struct fit *fit, const struct additive_table *table, struct additive_model *model,
                         struct err *err)
{
    autofree double *errors = mem_zalloc(fit->count, sizeof *errors);
    if (errors == NULL)
        return mem_error(err);
    for (size_t i = 0; i < fit->count; i++) {
        const struct figure *figure = &fit->by_row[i];
        if (closes_rectangle(fit, table, figure))
            errors[model->checked++] = fabs(exp(estimate_without(fit, figure) - figure->log) - 1);
    }
    if (model->checked < ADDITIVE_CHECKED_LEAST)
        return 0;
    stats_sort(errors, model->checked);
    model->error = stats_median(errors, model->checked);
    model->wide_error = stats_quantile(errors, model->checked, wide);
    return 0;
}

static size_t root_of(size_t *group, size_t at)
{
    while (group[at] != at)
        at = group[at] = group[group[at]];
    return at;
}

static void link_groups(const struct fit *fit, size_t *group)
{
    const size_t all = fit->rows + fit->columns;
    for (size_t i = 0; i < all; i++)
        group[i] = i;
    for (size_t i = 0; i < fit->count; i++)
        group[root_of(group, fit->by_row[i].row)] = root_of(group, fit->rows + fit->by_row[i].column);
    for (size_t i = 0; i < all; i++)
        group[i] = root_of(group, i);
}

void additive_done(struct additive_model *model)
{
    free(model->row);
    free(model->column);
    free(model->group);
    *model = (struct additive_model){0};
}

int stats_additive(const struct additive_table *table, struct additive_model *ret, struct err *err)
{
    struct fit fit cleanup(fit_done) = {.rows = table->rows, .columns = table->columns};
    struct additive_model model = {
        .rows = table->rows, .columns = table->columns, .error = (double)NAN, .wide_error = (double)NAN};
    int code = count_figures(table, &fit.count, err);
    if (code < 0)
        return code;
    model.group = mem_zalloc(table->rows + table->columns, sizeof *model.group);
    if (model.group == NULL || !allocate(&fit)) {
        free(model.group);
        return mem_error(err);
    }
    fill(table, &fit);
    link_groups(&fit, model.group);
    polish(&fit);
    code = measure_error(&fit, table, &model, err);
    if (code < 0) {
        free(model.group);
        return code;
    }
    model.row = TAKE_PTR(fit.row);
    model.column = TAKE_PTR(fit.column);
    *ret = model;
    return 0;
}

bool additive_estimate(const struct additive_model *model, size_t row, size_t column, double *ret)
{
    if (!(model->error <= ADDITIVE_ERROR_MOST) || model->group[row] != model->group[model->rows + column])
        return false;
    *ret = exp(model->row[row] + model->column[column]);
    return true;
}
