/* The fonts of one process; inside of plot/draw. */
#ifndef PLOT_DRAW_FONTS_H
#define PLOT_DRAW_FONTS_H

#include <cairo.h>
#include <pango/pango.h>
#include <stddef.h>

#include "plot/chart/chart.h"
#include "schema/base/buf.h"

#define FONT_FAMILIES "Inter, Noto Sans, DejaVu Sans, WenQuanYi Micro Hei, sans-serif"

#define FONTS_SIZE 32.0 /* px */

struct draw {
    PangoFontMap *map;
    PangoContext *context;
    PangoAttrList *figures; /* tabular figures */
    cairo_font_options_t *options;
    PangoFontDescription *descriptions[4]; /* by weight; the size is set for each text */
    GHashTable *lines;                     /* by weight, figures and text */
    struct buf missing;                    /* code points without a glyph, once each */
    bool no_fonts;                         /* a Latin letter or a digit had no glyph */
    struct buf fingerprint;
};

/* Where Inter stands in the usual folders: settings for the fonts of this process with nothing but these folders. Those
 * of the system are some sixty files, which take a tenth of the time of a chart, and those of an account would decide
 * about bytes. What the environment names (FONTCONFIG_FILE and the like) goes before. Before the first font is used. */
void fonts_configure(void);
/* Whether a text is figures alone and small enough to stand in a column: those are set at equal widths; in words and in
 * a large number a "1" as wide as a "0" looks torn apart. */
bool fonts_are_figures(const char *text, double size);
/* A line of text as glyphs at FONTS_SIZE, which the caller scales to the size that it wants: glyphs are not hinted, so
 * that a text is the same at every size, and a font has to be found once for each weight and not for each size. */
struct fonts_line {
    char *text;
    GList *items; /* PangoGlyphItem *, from left to right */
    int width;    /* in units of Pango */
    int unknown;  /* glyphs that no font has */
};
/* Kept for the next time that the text is asked for; `draw` owns it. */
const struct fonts_line *fonts_line(struct draw *draw, const char *text, double size, enum text_weight weight);

#endif
