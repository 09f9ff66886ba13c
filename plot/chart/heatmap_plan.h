/* Inside of the heat map: sizes, names and headings. Not for callers; they use heatmap.h. */
#ifndef PLOT_CHART_HEATMAP_PLAN_H
#define PLOT_CHART_HEATMAP_PLAN_H

#include "plot/chart/builder.h"
#include "plot/chart/heatmap.h"
#include "schema/text/figure.h"

#define HEAT_GAP 1.5
#define HEAT_VARIANT_MOST 70.0
#define HEAT_NOTES_MAX 6
#define HEAT_HEAD_LINES 4

/* What a cell has room for. */
enum heat_mode { HEAT_BOTH, HEAT_FACTOR, HEAT_VALUE, HEAT_NOTHING };
struct heat_head {
    const char *lines[HEAT_HEAD_LINES];
    size_t count;
};

struct heat_plan {
    const struct heatmap *chart;
    enum chart_theme theme;
    const char **names; /* of rows, as drawn */
    struct heat_head heads[HEATMAP_COLUMNS_MAX];
    double column_x[HEATMAP_COLUMNS_MAX];
    double name_right, variant_right, cell, row, top, bottom, group_y, split;
    double name_size, variant_size, value_size, factor_size, head_size;
    enum heat_mode mode;
    bool upwards;          /* headings of narrow columns read upwards */
    double head_height;    /* of the headings, beyond one line */
    bool sparse;           /* many cells are missing */
    double reach;          /* log2 of the factor where the colours end */
    bool numbered;         /* headings are numbers, their names stand below the table */
    size_t number_columns; /* of those names */
    double key_x, key_y, note_x, note_y;
    const char *notes[HEAT_NOTES_MAX];
    size_t note_count;
    int decimals[HEATMAP_COLUMNS_MAX]; /* that a column has at most */
};

/* A cell's value: a text to draw, not always `target`. */
const char *heatmap_value_text(const struct heat_plan *plan, char target[FIGURE_SIZE], double value, size_t column);
void heatmap_make_plan(struct builder *builder, double moved, struct heat_plan *plan);
const char *heatmap_alt_text(struct builder *builder, const struct heatmap *chart);

#endif
