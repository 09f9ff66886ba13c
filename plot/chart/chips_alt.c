#include "plot/chart/chips.h"

#include <math.h>

#include "schema/base/buf.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

#define ALT_MAX 250 /* characters */

static const struct chart_row *extreme_row(const struct chip_chart *chart, bool best)
{
    const struct chart_row *found = NULL;
    bool largest = chart->metrics[0].higher_is_better == best;
    for (size_t i = 0; i < chart->row_count; i++) {
        double value = chart->rows[i].values[0].value;
        if (isfinite(value) &&
            (found == NULL || (largest ? value > found->values[0].value : value < found->values[0].value))) {
            found = &chart->rows[i];
        }
    }
    return found;
}

static size_t missing_rows(const struct chip_chart *chart)
{
    size_t missing = 0;
    for (size_t i = 0; i < chart->row_count; i++) {
        missing += isfinite(chart->rows[i].values[0].value) ? 0 : 1;
    }
    return missing;
}

static void add_row(struct buf *into, const char *word, const struct chart_row *row, const char *unit)
{
    char text[FIGURE_SIZE];
    if (row != NULL) {
        buf_addf(into, "%s %s%s%s (%s %s)", word, row->short_name != NULL ? row->short_name : row->name,
                 row->variant != NULL ? " " : "", row->variant != NULL ? row->variant : "",
                 chart_figure(text, row->values[0].value, (double)NAN), unit);
    }
}

/* "Bar chart of memory bandwidth …: best …, worst …, baseline …" */
const char *chips_alt_text(struct builder *builder, const struct chip_chart *chart)
{
    struct buf text autobuf = BUF(4096);
    const struct chart_metric *metric = &chart->metrics[0];
    buf_addf(&text, "Bar chart, %s: %s%s%s of %zu chip%s; ", chart->title, metric->title,
             chart->metric_count > 1 ? " and " : "", chart->metric_count > 1 ? chart->metrics[1].title : "",
             chart->row_count, chart->row_count == 1 ? "" : "s");
    add_row(&text, "best", extreme_row(chart, true), metric->unit);
    if (chart->row_count > 1) {
        add_row(&text, ", worst", extreme_row(chart, false), metric->unit);
    }
    if (chart->baseline_name != NULL) {
        buf_addf(&text, ", baseline %s", chart->baseline_name);
    }
    size_t missing = missing_rows(chart);
    if (missing > 0) {
        buf_addf(&text, ", %zu without data", missing);
    }
    buf_adds(&text, ".");
    struct buf capped autobuf = BUF(4096);
    encode_plain_capped(&capped, str_of(buf_text(&text)), ALT_MAX);
    return arena_strdup(&builder->layout->arena, buf_text(&capped));
}
