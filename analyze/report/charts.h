/* The charts of a comparison, and of its further metrics: light and dark as PNG and SVG, and an SVG for a phone. What
 * stands already as it would be drawn is taken from there. */
#ifndef ANALYZE_REPORT_CHARTS_H
#define ANALYZE_REPORT_CHARTS_H

#include "analyze/report/publication.h"
#include "plot/draw/draw.h"

/* One comparison after the other: FreeType may not open two faces of one library at the same time, and Cairo opens them
 * without a lock over all fonts. */
int charts_add(const struct report *report, const struct comparison *comparison, struct draw *draw,
               struct publication *publication, struct err *err) must_check;

#endif
