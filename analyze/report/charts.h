/* The charts of all comparisons, and of their further metrics: light and dark as PNG and SVG, and an SVG for a phone.
 * What stands already as it would be drawn is taken from there; the rest is drawn by workers. */
#ifndef ANALYZE_REPORT_CHARTS_H
#define ANALYZE_REPORT_CHARTS_H

#include "analyze/report/publication.h"

/* The fingerprint alone, from a worker: this process must not open fonts. */
int charts_fingerprint(const struct report *report, struct buf *fingerprint, struct err *err) must_check;
/* Adds them in the order of the comparisons. `step` is told about drawn ones (may be NULL). `fingerprint` gets names
 * and versions of the fonts and libraries that decide about the bytes. */
int charts_add(const struct report *report, void (*step)(void *context, size_t done, size_t total), void *context,
               struct publication *publication, struct buf *fingerprint, struct err *err) must_check;

#endif
