#include <math.h>

#include "plot/chart/heatmap.h"

/* Nine stops over log2 of the factor, -2 to 2; specification of charts, section 2.3. Readable without red and green.
 * On a dark ground "the same" is dark too: a bright middle would shine more than what differs most. */
static const unsigned stops[][9] = {
    [THEME_LIGHT] = {0xB35806, 0xE08214, 0xFDB863, 0xFEE0B6, 0xF5F6F7, 0xC6DCEF, 0x85BBDF, 0x3F8FC6, 0x0B5A97},
    [THEME_DARK] = {0xFFB45C, 0xD97F1F, 0x93561B, 0x59401F, 0x333D47, 0x2A4D6B, 0x2A6C9F, 0x479CD3, 0x93D0FA},
};

static unsigned mix(unsigned a, unsigned b, double share)
{
    unsigned colour = 0;
    for (unsigned shift = 0; shift <= 16; shift += 8) {
        double from = a >> shift & 0xFF, to = b >> shift & 0xFF;
        colour |= (unsigned)lround(from + (to - from) * share) << shift;
    }
    return colour;
}

unsigned heatmap_colour(enum chart_theme theme, double factor)
{
    double at = factor > 0 ? (fmin(fmax(log2(factor), -2), 2) + 2) * 2 : 0;
    size_t stop = (size_t)fmin(floor(at), 7);
    return mix(stops[theme][stop], stops[theme][stop + 1], at - (double)stop);
}

/* Relative luminance by WCAG 2. */
static double luminance(unsigned colour)
{
    static const double shares[] = {0.0722, 0.7152, 0.2126};
    double sum = 0;
    for (unsigned i = 0; i < 3; i++) {
        double part = (colour >> (8 * i) & 0xFF) / 255.0;
        sum += shares[i] * (part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4));
    }
    return sum;
}

unsigned heatmap_text_colour(unsigned background)
{
    double light = luminance(background);
    if (light < 0.179) {
        return 0xFFFFFF;
    }
    /* The soft black of all charts where it has the contrast, black where it has not. */
    return light > 0.25 ? 0x14181D : 0x000000;
}
