/* The fonts of one process; inside of plot/draw. */
#ifndef PLOT_DRAW_FONTS_H
#define PLOT_DRAW_FONTS_H

#include <cairo.h>
#include <pango/pango.h>
#include <stddef.h>

#include "plot/chart/chart.h"
#include "schema/base/buf.h"

#define FONT_FAMILIES "Inter, Noto Sans, DejaVu Sans, WenQuanYi Micro Hei, sans-serif"

struct draw {
    PangoFontMap *map;
    PangoContext *context;
    PangoAttrList *figures; /* tabular figures */
    cairo_font_options_t *options;
    PangoFontDescription *descriptions[4]; /* by weight; the size is set for each text */
    struct buf missing;                    /* code points without a glyph, once each */
    struct buf fingerprint;
};

/* Whether a text is figures alone, which are set at equal widths; in words a "1" as wide as a "0" looks torn apart. */
bool fonts_are_figures(const char *text);
/* A layout of one line; the caller unrefs it. */
PangoLayout *fonts_layout(struct draw *draw, const char *text, double size, enum text_weight weight);

#endif
