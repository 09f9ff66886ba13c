/* The palette of both themes, measured for contrast and for colour-blind readers
 * (specification of charts, section 2.3). Colours are 0xRRGGBB. */
#ifndef PLOT_CHART_COLOURS_H
#define PLOT_CHART_COLOURS_H

#include "plot/chart/chart.h"

#define CHART_CATEGORIES 6

struct chart_colours {
    unsigned background, ink, text, muted, grid, axis, band, baseline;
    unsigned category[CHART_CATEGORIES];      /* marks */
    unsigned category_text[CHART_CATEGORIES]; /* the same as text, contrast ≥ 4.5 */
};

const struct chart_colours *chart_colours(enum chart_theme theme);

/* The fixed colour of a group (vendor), so that the same vendor has the same colour in every chart:
 * Apple, AMD, NVIDIA, Intel, Qualcomm, everything else. */
size_t chart_group_category(const char *group);

#endif
