/* Draws a layout as PNG, SVG or PDF, and measures text for the layout.
 *
 * One `struct draw` holds the fonts of a process and draws any number of charts;
 * one thread uses it at a time. Text is laid out by Pango (Inter with tabular
 * figures, then Noto Sans, DejaVu Sans and whatever has the glyph), without hinting, so that it measures the same at
 * every scale. The same layout, fonts and libraries give the same bytes. */
#ifndef PLOT_DRAW_DRAW_H
#define PLOT_DRAW_DRAW_H

#include "plot/chart/chart.h"
#include "schema/base/buf.h"

#define HATCH_STEP 4.0 /* px between the lines of a hatch, along an edge */

struct draw;

int draw_new(struct draw **ret, struct err *err) must_check;
void draw_free(struct draw *draw);
void draw_free_cleanup(struct draw **draw);
#define autodraw cleanup(draw_free_cleanup)

/* For chart_lay_out_*; valid as long as `draw`. */
struct text_measure draw_measure(struct draw *draw);
/* Characters that no installed font could show, since the start: text such as "U+1F600"; NULL = none. */
const char *draw_missing_glyphs(const struct draw *draw);
/* False when not even a Latin letter or a digit had a glyph: no font is installed, or none can be read. */
bool draw_has_fonts(const struct draw *draw);
/* Names and versions of fonts and libraries that decide about the bytes of PNG and SVG. */
const char *draw_fingerprint(struct draw *draw);

/* A renderer turns a layout into the bytes of a file. `scale` is px per logical px (PNG only). */
struct renderer {
    const char *extension; /* "png" */
    int (*render)(struct draw *draw, const struct chart_layout *layout, double scale, struct buf *into,
                  struct err *err);
};
/* Ended by a NULL extension. */
extern const struct renderer renderers[];
/* By the end of a file name; NULL = none. */
const struct renderer *renderer_for(const char *file_name);

int draw_png(struct draw *draw, const struct chart_layout *layout, double scale, struct buf *into,
             struct err *err) must_check;
/* A chart and the same chart in other colours (light and dark): two PNGs in little more time than one. */
int draw_png_pair(struct draw *draw, const struct chart_layout *layout, const struct chart_layout *twin, double scale,
                  struct buf *into, struct buf *twin_into, struct err *err) must_check;
int draw_svg(struct draw *draw, const struct chart_layout *layout, double scale, struct buf *into,
             struct err *err) must_check;
int draw_pdf(struct draw *draw, const struct chart_layout *layout, double scale, struct buf *into,
             struct err *err) must_check;

#endif
