/* Layout of charts: data and a function that measures text in, a plain picture
 * (boxes, lines, texts with coordinates) out. Knows no Cairo and no database.
 *
 * Everything is in logical px, origin top left; sizes, columns and colours as
 * measured in the specification of charts. A layout owns its marks and texts in
 * one arena. The same data gives the same layout. */
#ifndef PLOT_CHART_CHART_H
#define PLOT_CHART_CHART_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/base/attributes.h"
#include "schema/base/buf.h"
#include "schema/base/err.h"
#include "schema/base/mem.h"

enum chart_theme { THEME_LIGHT, THEME_DARK };

/* One metric of one row. */
struct chart_value {
    double value;     /* NAN = no data */
    double low, high; /* 95 % interval; NAN = none */
    double factor;    /* > 1 is better, against the baseline; NAN = none */
    double factor_low, factor_high;
    long runs; /* -1 = not known */
};

struct chart_row {
    const char *name;       /* full name: "Apple M1 Max" */
    const char *short_name; /* drawn; NULL = name */
    const char *variant;    /* grey text after the name, "32c"; NULL = none */
    const char *group;      /* colour group: vendor or family; NULL = the metric's colour */
    const char *note;       /* small grey column, e.g. the backend; NULL = none */
    bool baseline;
    const struct chart_value *values; /* one per metric */
};

struct chart_metric {
    const char *title; /* "Memory bandwidth" */
    const char *unit;  /* "GB/s" */
    bool higher_is_better;
};

/* What the chip comparison chart draws: 1 or 2 metrics, 1 or more rows in drawing order. */
struct chip_chart {
    const char *title, *subtitle;
    const char *const *footer; /* caveats, method, source; the last is the source */
    size_t footer_count;
    const struct chart_metric *metrics;
    size_t metric_count;
    const struct chart_row *rows;
    size_t row_count;
    const char *baseline_name; /* NULL = no factors */
    const char *alt;           /* NULL = made from the data */
    double width;              /* 0 = 800 */
    bool show_all;             /* more than 80 rows: all of them instead of the ends */
};

/* Whether the values of a metric lie so far apart that bars from zero would show only the greatest: then dots stand on
 * a logarithmic axis, and the footer should not speak of bars. */
bool chart_chips_are_wide(const struct chip_chart *chart, size_t metric);

enum text_weight { WEIGHT_REGULAR, WEIGHT_MEDIUM, WEIGHT_SEMIBOLD, WEIGHT_BOLD };
/* Width in px of a text at a size; the renderer's own fonts measure it. */
struct text_measure {
    double (*width)(void *context, const char *text, double size, enum text_weight weight);
    void *context;
};

enum text_anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };
struct chart_text {
    const char *role; /* title, subtitle, name, variant, value, factor, tick, panel, direction, footer, legend, … */
    const char *text;
    const char *full_text; /* when `text` was shortened; NULL otherwise */
    double x, baseline_y;  /* the anchor point */
    enum text_anchor anchor;
    double size;
    enum text_weight weight;
    unsigned colour;                 /* 0xRRGGBB */
    double left, top, width, height; /* its box */
    bool upwards;                    /* reads from the anchor point up; x is where its baseline stands */
    bool patch;                      /* opaque background behind it, in patch_colour */
    unsigned patch_colour;
};
enum mark_shape { MARK_RECT, MARK_RECT_OUTLINE, MARK_LINE, MARK_CIRCLE, MARK_POLYGON, MARK_HATCH, MARK_POLYLINE };
struct chart_point {
    double x, y;
};
struct chart_mark {
    const char *kind; /* bar, interval, grid, axis, baseline, band, swatch, … */
    const char *panel, *series, *row;
    const char *title; /* hover text of SVG; NULL = none */
    double value;      /* NAN for marks that are no data */
    enum mark_shape shape;
    double x, y, width, height; /* a line runs from (x, y) to (x + width, y + height) */
    double stroke;              /* of a circle: its outline's, 0 = none */
    bool dashed;
    unsigned colour;
    unsigned outline;                 /* colour of a circle's outline */
    double opacity;                   /* of the fill of rectangles, circles and polygons; 0 = opaque */
    const struct chart_point *points; /* of a polygon or polyline; x, y, width and height are its box */
    size_t point_count;
};
struct chart_panel {
    const char *name;
    double x, y, width, height;
    double domain_low, domain_high;
    double ticks[12];
    size_t tick_count;
};
struct chart_layout {
    struct arena arena;
    double width, height;
    unsigned background;
    const char *title; /* for metadata */
    const char *alt;
    struct chart_mark *marks; /* drawn first, in order */
    size_t mark_count, mark_capacity;
    struct chart_text *texts; /* drawn after the marks, in order */
    size_t text_count, text_capacity;
    struct chart_panel *panels;
    size_t panel_count, panel_capacity;
};
void chart_layout_done(struct chart_layout *layout);

/* ERR_NOTHING when there is no row with a value. */
int chart_lay_out_chips(const struct chip_chart *chart, enum chart_theme theme, const struct text_measure *measure,
                        struct chart_layout *ret, struct err *err) must_check;
/* The JSON of --layout-json. */
void chart_write_layout_json(const struct chart_layout *layout, double scale, struct buf *into);

#endif
