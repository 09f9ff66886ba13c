#include <math.h>

#include "plot/chart/chips.h"
#include "schema/text/encode.h"

/* More characters than a line of the chart can hold: what stands behind them would only cost time to measure. */
#define TEXT_MOST 200
#define FOOTER_MOST 1000
/* Axes reach above the greatest value and must stay finite. */
#define VALUE_MOST 1e300

static const char *clean(struct arena *arena, const char *text, size_t most)
{
    if (text == NULL) {
        return NULL;
    }
    autobuf struct buf buf = BUF(BUF_MIB);
    encode_plain_capped(&buf, str_of(text), most);
    return arena_strdup(arena, buf_text(&buf));
}

static struct chart_row clean_row(struct arena *arena, const struct chart_row *row)
{
    struct chart_row copy = *row;
    copy.name = clean(arena, row->name, TEXT_MOST);
    copy.short_name = clean(arena, row->short_name, TEXT_MOST);
    copy.variant = clean(arena, row->variant, TEXT_MOST);
    copy.note = clean(arena, row->note, TEXT_MOST);
    return copy;
}

static bool can_be_drawn(const struct chart_value *value)
{
    /* What is missing or not finite is said in words. */
    return !(isfinite(value->value) && fabs(value->value) > VALUE_MOST) &&
           !(isfinite(value->high) && fabs(value->high) > VALUE_MOST) &&
           !(isfinite(value->low) && fabs(value->low) > VALUE_MOST);
}

static int check_values(const struct chip_chart *chart, struct err *err)
{
    for (size_t i = 0; i < chart->row_count; i++) {
        for (size_t m = 0; m < chart->metric_count; m++) {
            if (!can_be_drawn(&chart->rows[i].values[m])) {
                err_set(err, ERR_DATA, "row %zu, %.60s: a value beyond %g cannot be drawn", i + 1,
                        chart->metrics[m].title, VALUE_MOST);
                return err_hint(err, "leave the cell empty, or choose a greater unit");
            }
        }
    }
    return 0;
}

int chips_clean(struct arena *arena, const struct chip_chart *chart, struct chip_chart *ret, struct err *err)
{
    int result = check_values(chart, err);
    if (result < 0) {
        return result;
    }
    struct chart_row *rows = arena_alloc(arena, chart->row_count, sizeof *rows);
    struct chart_metric *metrics = arena_alloc(arena, chart->metric_count, sizeof *metrics);
    const char **footer = arena_alloc(arena, chart->footer_count + 1, sizeof *footer);
    if (rows == NULL || metrics == NULL || footer == NULL) {
        return arena_check(arena, err);
    }
    for (size_t i = 0; i < chart->row_count; i++) {
        rows[i] = clean_row(arena, &chart->rows[i]);
    }
    for (size_t i = 0; i < chart->metric_count; i++) {
        metrics[i] = chart->metrics[i];
        metrics[i].title = clean(arena, metrics[i].title, TEXT_MOST);
        metrics[i].unit = clean(arena, metrics[i].unit, TEXT_MOST);
    }
    for (size_t i = 0; i < chart->footer_count; i++) {
        footer[i] = clean(arena, chart->footer[i], FOOTER_MOST);
    }
    struct chip_chart copy = *chart;
    copy.title = clean(arena, chart->title, FOOTER_MOST);
    copy.subtitle = clean(arena, chart->subtitle, FOOTER_MOST);
    copy.baseline_name = clean(arena, chart->baseline_name, TEXT_MOST);
    copy.alt = clean(arena, chart->alt, FOOTER_MOST);
    copy.rows = rows;
    copy.metrics = metrics;
    copy.footer = footer;
    result = arena_check(arena, err);
    if (result == 0) {
        *ret = copy;
    }
    return result;
}
