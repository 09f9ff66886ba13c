/* The charts of all comparisons, one after the other: FreeType may not open two faces of one library at the same time,
 * and Cairo opens them without a lock over all fonts, so that threads would have to find every face open. */
#ifndef ANALYZE_REPORT_CHARTS_H
#define ANALYZE_REPORT_CHARTS_H

#include "analyze/report/publication.h"
#include "plot/draw/draw.h"

struct chart_work;
struct charts {
    struct chart_work *works; /* owned; one for each comparison */
    size_t count;
};
void charts_done(struct charts *charts);
#define autocharts cleanup(charts_done)

/* `draw` is used by the calling thread, which alone calls `step` (may be NULL). Of several failures the one of the
 * first comparison is told. */
int charts_draw(const struct report *report, struct draw *draw, void (*step)(void *context, size_t done, size_t total),
                void *context, struct charts *ret, struct err *err) must_check;
/* Moves the files of one comparison into the publication, and keeps in mind what they were drawn from. */
int charts_hand_out(struct charts *charts, size_t comparison, struct drawn *drawn, struct publication *publication,
                    struct err *err) must_check;

#endif
