/* The charts of all comparisons, and of their further metrics: light and dark as PNG and SVG, and an SVG for a phone.
 * What stands already as it would be drawn is taken from there; the rest is drawn by workers. */
#ifndef ANALYZE_REPORT_CHARTS_H
#define ANALYZE_REPORT_CHARTS_H

#include "analyze/report/publication.h"

/* Adds them in the order of the comparisons, and begins to draw: meanwhile this process must not fork. Who asks for the
 * bytes of one waits for it, and gets the error that ended the drawing. `report` is borrowed until charts_free. */
int charts_add(const struct report *report, struct publication *publication, struct err *err) must_check;
/* Waits for the last one, and keeps in mind what was drawn from what (report->drawn). */
int charts_finish(struct charts *charts, struct err *err) must_check;
/* Of the publication, with it; NULL is fine. */
void charts_free(struct charts *charts);

#endif
