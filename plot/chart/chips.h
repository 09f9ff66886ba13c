/* Inside of the chip comparison chart (specification of charts, section 3(a)): sizes by the number of
 * rows, columns by what the data has. Not for callers; they use chart.h. */
#ifndef PLOT_CHART_CHIPS_H
#define PLOT_CHART_CHIPS_H

#include "plot/chart/bars.h"
#include "plot/chart/builder.h"

#define CHIPS_FEW_RUNS 6 /* below it an interval of a median does not exist (DESIGN section 6) */

/* Sizes that depend on the number of rows. */
struct chips_style {
    double row;       /* px */
    double bar_share; /* of the row */
    double name_size, value_size, factor_size, note_size;
    enum text_weight name_weight, factor_weight;
    bool bands; /* every second row on a band, axis repeated below */
    double least_height, most_height;
};

/* One drawn row: an index of chart->rows, or a sentence in place of rows left out. */
struct chips_row {
    const struct chart_row *row; /* NULL: the sentence */
    const char *sentence;
    const char *name;      /* short where it stays clear */
    struct bar_name drawn; /* the name as it fits */
    double y;              /* top */
};

struct chips_plan {
    const struct chip_chart *chart;
    struct chips_style style;
    struct chips_row *rows;
    size_t row_count;
    double name_right, note_right; /* right edges; note_right 0 = no note column */
    double plot_top, plot_bottom;
    double panel_step;  /* from a metric down to the next; 0 = they stand side by side */
    bool stacked_heads; /* panel heading and direction on two lines */
    bool has_groups, has_intervals, has_runs, has_factors;
    size_t groups_seen;        /* bit set of categories */
    const char *const *footer; /* with what this layout has no room for */
    size_t footer_count;
    const char *sentences[2 * 2 * 2]; /* lines that compare two rows: of each metric, row and break */
    size_t sentence_count;
};

/* A copy whose texts, which may come from strangers, are clean and short enough to be measured, without intervals of
 * too few runs; values that no axis can reach are ERR_DATA. The copy lives in the arena. */
int chips_clean(struct arena *arena, const struct chip_chart *chart, struct chip_chart *ret,
                struct err *err) must_check;
struct chips_style chips_style(size_t rows);
/* Of two rows the comparison in words, for each metric: "Memory bandwidth: M4 Pro is 2.3× M1 Max". */
void chips_compare(struct builder *builder, struct chips_plan *plan);
/* Size of the grey text after a name. */
double chips_variant_size(const struct chips_plan *plan);
/* Names, columns and vertical places; the layout's height. */
void chips_make_plan(struct builder *builder, const struct chip_chart *chart, struct chips_plan *plan);
/* The key of colours, in as many lines as it takes; returns the height beyond the first one. */
double chips_draw_legend(struct builder *builder, const struct chips_plan *plan, double y);
/* Names, variants and notes at the left. */
void chips_draw_names(struct builder *builder, const struct chips_plan *plan);
/* Of the bars of one metric, as far as names and factors leave room. */
double chips_panel_width(struct builder *builder, const struct chips_plan *plan);
/* Everything of one metric: axis, bars, values, columns. */
void chips_draw_panel(struct builder *builder, const struct chips_plan *plan, size_t metric);
/* The big number for a single row. */
void chips_draw_single(struct builder *builder, const struct chip_chart *chart);
/* What a reader who cannot see the picture is told, at most 250 characters. */
const char *chips_alt_text(struct builder *builder, const struct chip_chart *chart);
/* Category of a metric's colour: what should be high has the first, what should be low the second. */
size_t chips_metric_category(const struct chip_chart *chart, size_t metric);
/* Colour of a row's bar. */
unsigned chips_bar_colour(const struct builder *builder, const struct chips_plan *plan, const struct chart_row *row,
                          size_t metric);

#endif
