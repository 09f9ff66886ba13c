/* The heat map chip × workload (specification of charts, section 3(b)): one value in each cell, coloured by its factor
 * against a baseline on a log2 scale clamped at ¼ and 4. What is missing is hatched. Same rules as chart.h: data in,
 * layout out; factors are given, never computed here. */
#ifndef PLOT_CHART_HEATMAP_H
#define PLOT_CHART_HEATMAP_H

#include "plot/chart/chart.h"

#define HEATMAP_COLUMNS_MAX 64

struct heat_cell {
    double value;  /* NAN = no data */
    double factor; /* > 1 is better; NAN = none, the cell stays grey */
    bool failed;   /* measured and failed: says so instead of "no data" */
};
struct heat_column {
    const char *title;
    const char *group; /* heading over neighbouring columns; NULL = none */
};
struct heat_row {
    const char *name;
    const char *short_name; /* drawn; NULL = name */
    const char *variant;    /* grey column; NULL = none */
    bool baseline;
    const struct heat_cell *cells; /* one per column */
};
struct heatmap {
    const char *title, *subtitle;
    const char *const *footer; /* caveats, method, source; the last is the source */
    size_t footer_count;
    const struct heat_column *columns;
    size_t column_count;
    const struct heat_row *rows; /* in drawing order */
    size_t row_count;
    const char *baseline_name; /* NULL = no factors, no colours */
    double width;              /* 0 = 800 */
    const char *alt;           /* NULL = made from the data */
};

/* ERR_NOTHING when no cell has a value, ERR_LIMIT with more than HEATMAP_COLUMNS_MAX columns. */
int chart_lay_out_heatmap(const struct heatmap *chart, enum chart_theme theme, const struct text_measure *measure,
                          struct chart_layout *ret, struct err *err) must_check;
/* Colour of a factor: orange = slower, near the background = the same, blue = faster. */
unsigned heatmap_colour(enum chart_theme theme, double factor);
/* Black or white, whatever is easier to read on it. */
unsigned heatmap_text_colour(unsigned background);

#endif
