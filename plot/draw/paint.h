/* Painting of a layout on a Cairo surface; inside of plot/draw. */
#ifndef PLOT_DRAW_PAINT_H
#define PLOT_DRAW_PAINT_H

#include "plot/draw/fonts.h"

/* `scale` surface units per logical px; edges come to lie on multiples of 1 / `snap` px. ERR_INTERNAL when something
 * has no finite place or Cairo fails. */
int paint_layout(struct draw *draw, cairo_surface_t *surface, const struct chart_layout *layout, double scale,
                 double snap, struct err *err) must_check;

#endif
