/* Estimates of missing cells as tables, marked as such in their captions, headings, keys and notes. */
#include <math.h>
#include <string.h>

#include "analyze/report/coverage_tables.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"
#include "schema/stats/additive.h"
#include "schema/text/figure.h"

/* Both ends with the decimals of the lower: "4.06–5.36". An error of 100 % has no upper end. */
static void put_range(double low, double high, struct table *table)
{
    const int decimals = figure_decimals(low, (double)NAN);
    autobuf struct buf range = BUF(256);
    char text[FIGURE_SIZE];

    buf_addf(&range, isfinite(high) ? "%s–" : "from %s", figure_fixed(text, low, decimals));
    if (isfinite(high))
        buf_adds(&range, figure_fixed(text, high, decimals));
    table_put_text(table, buf_text(&range));
}

static void put_estimate(const struct estimate_model *model, const struct estimate *estimate, struct table *table)
{
    autobuf struct buf name = BUF(1024), title = BUF(4096);
    const double low = estimate->value / (1 + model->wide_error);
    const double high = model->wide_error < 1 ? estimate->value / (1 - model->wide_error) : (double)NAN;
    char value[FIGURE_SIZE], shown[2 * FIGURE_SIZE];

    comparison_row_name(estimate->row, true, &name);
    comparison_title(estimate->comparison, &title);
    table_row(table);
    table_put_text(table, buf_text(&name));
    table_put_text(table, text_is_empty(estimate->row->backend) ? NULL : estimate->row->backend);
    table_put_text(table, buf_text(&title));
    text_copy(shown, sizeof(shown), "≈ ");
    text_copy(shown + strlen(shown), sizeof(shown) - strlen(shown), figure_value(value, estimate->value, (double)NAN));
    table_put_number(table, estimate->value, 12, shown);
    table_put_number(table, low, 12, NULL);
    table_put_number(table, high, 12, NULL);
    put_range(low, high, table);
    table_put_text(table, model->metric.unit);
    table_put_number(table, model->error, 4, NULL);
}

static void add_unlike(const struct estimate_model *model, struct table *table)
{
    autobuf struct buf line = BUF(1024);

    if (model->unlike == 0)
        return;
    buf_addf(&line,
             "%zu more missing %s not estimated: no result here is of a chip of that vendor on that backend in the "
             "workload.",
             model->unlike, model->unlike == 1 ? "cell is" : "cells are");
    table_note(table, buf_text(&line));
}

static void add_notes(const struct estimate_model *model, struct table *table)
{
    autobuf struct buf line = BUF(1024);
    char error[FIGURE_SIZE];

    if (model->shown) {
        buf_addf(&line,
                 "Estimates, not measurements. A log-additive model of chips and workloads over %zu figures; when one "
                 "of %zu figures is left out, the model misses it by %s (median).",
                 model->figures, model->checked, figure_percent(error, 100 * model->error, 1, false));
        table_note(table, buf_text(&line));
        buf_reset(&line);
        buf_addf(&line,
                 "Range: what the figure would be if the model missed it by %s, as it does at most for 9 of 10 "
                 "figures left out. It was not tested on cells that are really missing.",
                 figure_percent(error, 100 * model->wide_error, 1, false));
        table_note(table, buf_text(&line));
        add_unlike(model, table);
        table_note(table, "Estimates enter no factor and no claim: measure the cell to compare it.");
    } else if (isnan(model->error)) {
        buf_addf(&line,
                 "No estimates: %zu of %zu figures can be left out and estimated from the others, and %d are needed to "
                 "tell how far the model misses.",
                 model->checked, model->figures, ADDITIVE_CHECKED_LEAST);
        table_note(table, buf_text(&line));
    } else {
        buf_addf(&line,
                 "No estimates: when one of %zu figures is left out, the model misses it by %s (median), more than ",
                 model->checked, figure_percent(error, 100 * model->error, 1, false));
        buf_addf(&line, "%s.", figure_percent(error, 100 * ADDITIVE_ERROR_MOST, 0, false));
        table_note(table, buf_text(&line));
    }
}

static int add_model(const struct estimate_model *model, struct table_list *list, struct err *err)
{
    autobuf struct buf caption = BUF(1024);

    buf_addf(&caption, "Estimates of missing cells: %s, %s", model->metric.title, model->tool);
    struct table *table = table_list_add(list, buf_text(&caption));

    if (table == NULL)
        return mem_error(err);
    table_column(table, "chip", "Chip", ALIGN_LEFT);
    table_column(table, "backend", "Backend", ALIGN_LEFT);
    table_column(table, "workload", "Workload", ALIGN_LEFT);
    table_column(table, "estimate", "Estimate", ALIGN_RIGHT);
    table_column(table, "range_low", NULL, ALIGN_RIGHT);
    table_column(table, "range_high", NULL, ALIGN_RIGHT);
    table_column_for_people(table, "Range", ALIGN_RIGHT);
    table_column(table, "unit", "Unit", ALIGN_LEFT);
    table_column(table, "model_error", NULL, ALIGN_RIGHT);
    for (size_t i = 0; i < model->count; i++)
        put_estimate(model, &model->items[i], table);
    add_notes(model, table);
    return 0;
}

int estimate_tables(const struct estimates *estimates, struct table_list *ret, struct err *err)
{
    autotables struct table_list list = {.count = 0};
    int status = 0;

    for (size_t i = 0; i < estimates->count && status == 0; i++)
        status = add_model(&estimates->models[i], &list, err);
    return status < 0 ? status : table_list_give(&list, ret, err);
}
