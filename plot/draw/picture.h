/* The picture as px, and its PNG bytes; inside of plot/draw. */
#ifndef PLOT_DRAW_PICTURE_H
#define PLOT_DRAW_PICTURE_H

#include <stdint.h>

#include "plot/chart/chart.h"
#include "schema/base/buf.h"

/* px rows of 0x00RRGGBB, `stride` words apart. `twin`: the px of a second picture of the same size, or NULL. */
struct picture {
    const uint32_t *rows, *twin;
    size_t width, height, stride;
};
struct picture_facts {
    double scale;
    const char *title, *description;
};

/* Writes a PNG: a palette where at most 256 colours are needed (fringes of antialiasing are rounded for it), else
 * true colour; pHYs of 96 dpi × scale; title and description as international text. A twin is written into another
 * file: when both have one palette index for each px, the image is packed once, which is most of the work. */
int picture_write_png(const struct picture *picture, const struct picture_facts *facts, struct buf *into,
                      struct buf *twin_into, struct err *err) must_check;

#endif
