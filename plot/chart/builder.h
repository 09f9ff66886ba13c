/* Adds marks and texts to a layout; shared by the chart families, not for callers.
 *
 * Failures (memory) stick to the layout's arena; the family checks it once at the end. */
#ifndef PLOT_CHART_BUILDER_H
#define PLOT_CHART_BUILDER_H

#include "plot/chart/chart.h"
#include "plot/chart/colours.h"
#include "plot/chart/scale.h"
#include "schema/text/figure.h"

#define CHART_WIDTH 800.0
#define CHART_LEFT 24.0
#define CHART_RIGHT 776.0
#define CHART_INNER (CHART_RIGHT - CHART_LEFT)
#define CHART_NARROW 400.0
/* Height of a line of text above and below its baseline, as a share of the size (Inter's ascent and descent). */
#define TEXT_ASCENT 0.969
#define TEXT_DESCENT 0.242

struct builder {
    struct chart_layout *layout;
    const struct text_measure *measure;
    const struct chart_colours *colours;
    /* What memory had no room for is written here and never read. */
    struct chart_text lost_text;
    struct chart_mark lost_mark;
    struct chart_panel lost_panel;
};

struct text_style {
    double size;
    enum text_weight weight;
    unsigned colour;
    enum text_anchor anchor;
};

/* Where the drawing ends at the right, and how wide it is between the margins: a layout may be narrower than usual. */
double builder_right(const struct builder *builder);
double builder_inner(const struct builder *builder);
/* Whether the layout is for a phone. */
bool builder_is_narrow(const struct builder *builder);

double builder_text_width(const struct builder *builder, const char *text, double size, enum text_weight weight);
/* Copies the text; returns it for further fields (patch, full_text), never NULL. */
struct chart_text *builder_text(struct builder *builder, const char *role, const char *text, double x,
                                double baseline_y, struct text_style style);
/* The same, read from the point up: for headings of narrow columns. */
struct chart_text *builder_text_up(struct builder *builder, const char *role, const char *text, double baseline_x,
                                   double bottom, struct text_style style);
/* Cuts the middle out of a text ("NVIDIA…4090") until it fits; the same pointer when it fits already. */
const char *builder_fit_middle(struct builder *builder, const char *text, double width, double size,
                               enum text_weight weight);
/* Breaks at blanks into at most `most` lines, the last one shortened with an ellipsis when needed. Returns their
 * number. */
size_t builder_wrap(struct builder *builder, const char *text, double width, double size, enum text_weight weight,
                    const char **lines, size_t most);

/* The same with lines about as long as each other: for titles and headings. */
size_t builder_wrap_even(struct builder *builder, const char *text, double width, double size, enum text_weight weight,
                         const char **lines, size_t most);

/* Marks: `value` NAN for what is no data. Returned for further fields, never NULL. */
struct chart_mark *builder_rect(struct builder *builder, const char *kind, double x, double y, double width,
                                double height, unsigned colour);
struct chart_mark *builder_line(struct builder *builder, const char *kind, double x1, double y1, double x2, double y2,
                                double stroke, unsigned colour);
/* A dot around its centre; `stroke` and `outline` of the result give it a rim inside its radius. */
struct chart_mark *builder_circle(struct builder *builder, const char *kind, double x, double y, double radius,
                                  unsigned colour);
/* An area; the points are copied. */
struct chart_mark *builder_polygon(struct builder *builder, const char *kind, const struct chart_point *points,
                                   size_t count, unsigned colour);
/* An open line; the points are copied. */
struct chart_mark *builder_polyline(struct builder *builder, const char *kind, const struct chart_point *points,
                                    size_t count, double stroke, unsigned colour);
/* Slanted lines in a box: there is no value here. */
struct chart_mark *builder_hatch(struct builder *builder, const char *kind, double x, double y, double width,
                                 double height, unsigned colour);
struct chart_panel *builder_panel(struct builder *builder, const char *name, const struct scale *scale, double y,
                                  double height);

/* Title (shrunk, then two lines) and subtitle (at most two lines, four on a phone). Returns how many px the plot has to
 * move down compared with one line of each; negative where there is no subtitle. */
double builder_heading(struct builder *builder, const char *title, const char *subtitle);
/* Lines that the footer texts take when wrapped. */
size_t builder_footer_lines(struct builder *builder, const char *const *footer, size_t count);
/* Footer lines up from the bottom of the layout, whose height must be set. */
void builder_footer(struct builder *builder, const char *const *footer, size_t count);
/* A value to draw: by the rules of figures, or "2.5×10¹²" where those would take a dozen digits; `target`. */
const char *chart_figure(char target[FIGURE_SIZE], double value, double half_width);
/* Beyond these a factor is a bound, and an interval of it nothing to compare. */
#define CHART_FACTOR_LEAST 0.00001
#define CHART_FACTOR_MOST 9999.0
/* A factor to draw, its extremes as "< 0.00001×" and "> 9,999×"; not always `target`. */
const char *chart_factor_text(char target[FIGURE_SIZE], double factor);

#endif
