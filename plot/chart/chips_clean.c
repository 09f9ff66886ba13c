#include <math.h>

#include "plot/chart/chips.h"
#include "plot/chart/clean.h"

#define WIDE 1000.0  /* greatest to least */
#define HIDDEN 0.005 /* of the greatest: a bar of a px or two */
#define LEAST 1e-300 /* a logarithmic axis has no room below */
#define REACH 1e200

static struct chart_row clean_row(struct arena *arena, const struct chart_row *row)
{
    struct chart_row copy = *row;
    copy.name = clean_text(arena, row->name, CLEAN_LINE_MOST);
    copy.short_name = clean_text(arena, row->short_name, CLEAN_LINE_MOST);
    copy.variant = clean_text(arena, row->variant, CLEAN_LINE_MOST);
    copy.note = clean_text(arena, row->note, CLEAN_LINE_MOST);
    return copy;
}

/* An interval of too few runs, wherever it came from, is none. */
static const struct chart_value *clean_values(struct arena *arena, const struct chart_value *values, size_t count)
{
    struct chart_value *copy = arena_alloc(arena, count, sizeof *copy);
    for (size_t i = 0; copy != NULL && i < count; i++) {
        copy[i] = values[i];
        if (values[i].runs >= 0 && values[i].runs < CHIPS_FEW_RUNS) {
            copy[i].low = copy[i].high = copy[i].factor_low = copy[i].factor_high = (double)NAN;
        }
    }
    return copy;
}

static bool can_be_drawn(const struct chart_value *value)
{
    /* What is missing or not finite is said in words. */
    return !(isfinite(value->value) && fabs(value->value) > CLEAN_VALUE_MOST) &&
           !(isfinite(value->high) && fabs(value->high) > CLEAN_VALUE_MOST) &&
           !(isfinite(value->low) && fabs(value->low) > CLEAN_VALUE_MOST);
}

static int check_values(const struct chip_chart *chart, struct err *err)
{
    for (size_t i = 0; i < chart->row_count; i++) {
        for (size_t m = 0; m < chart->metric_count; m++) {
            if (!can_be_drawn(&chart->rows[i].values[m])) {
                err_set(err, ERR_DATA, "row %zu, %.60s: a value beyond %g cannot be drawn", i + 1,
                        chart->metrics[m].title, CLEAN_VALUE_MOST);
                return err_hint(err, "leave the cell empty, or choose a greater unit");
            }
        }
    }
    return 0;
}

bool chart_chips_are_wide(const struct chip_chart *chart, size_t metric)
{
    double least = (double)INFINITY, largest = 0;
    size_t positive = 0, hidden = 0;
    for (size_t i = 0; i < chart->row_count; i++) {
        double value = chart->rows[i].values[metric].value;
        if (isfinite(value) && value > 0) {
            least = fmin(least, value);
            largest = fmax(largest, value);
            positive++;
        }
    }
    for (size_t i = 0; i < chart->row_count; i++) {
        double value = chart->rows[i].values[metric].value;
        hidden += value > 0 && value < largest * HIDDEN ? 1 : 0;
    }
    bool reachable = least > LEAST && largest / least < REACH;
    return reachable && largest / WIDE > least && 3 * hidden >= positive;
}

int chips_clean(struct arena *arena, const struct chip_chart *chart, struct chip_chart *ret, struct err *err)
{
    int result = check_values(chart, err);
    if (result < 0) {
        return result;
    }
    struct chart_row *rows = arena_alloc(arena, chart->row_count, sizeof *rows);
    struct chart_metric *metrics = arena_alloc(arena, chart->metric_count, sizeof *metrics);
    if (rows == NULL || metrics == NULL) {
        return arena_check(arena, err);
    }
    for (size_t i = 0; i < chart->row_count; i++) {
        rows[i] = clean_row(arena, &chart->rows[i]);
        rows[i].values = clean_values(arena, chart->rows[i].values, chart->metric_count);
    }
    for (size_t i = 0; i < chart->metric_count; i++) {
        metrics[i] = clean_metric(arena, &chart->metrics[i]);
    }
    struct chip_chart copy = *chart;
    copy.title = clean_text(arena, chart->title, CLEAN_TEXT_MOST);
    copy.subtitle = clean_text(arena, chart->subtitle, CLEAN_TEXT_MOST);
    copy.baseline_name = clean_text(arena, chart->baseline_name, CLEAN_LINE_MOST);
    copy.alt = clean_text(arena, chart->alt, CLEAN_TEXT_MOST);
    copy.rows = rows;
    copy.metrics = metrics;
    copy.footer = clean_list(arena, chart->footer, chart->footer_count);
    result = arena_check(arena, err);
    if (result == 0) {
        *ret = copy;
    }
    return result;
}
