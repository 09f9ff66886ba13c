/* Texts of strangers made fit to be measured and drawn. */
#ifndef PLOT_CHART_CLEAN_H
#define PLOT_CHART_CLEAN_H

#include "plot/chart/chart.h"

/* More characters than a line of a chart, or its whole footer, can hold. */
#define CLEAN_LINE_MOST 200
#define CLEAN_TEXT_MOST 1000
/* Axes reach above the greatest value and must stay finite. */
#define CLEAN_VALUE_MOST 1e300

/* Without controls, of at most `most` characters; a copy in the arena. NULL stays NULL; "" when there is no memory,
 * which the arena remembers. */
const char *clean_text(struct arena *arena, const char *text, size_t most);
/* A copy of a list of footer texts; NULL when there is no memory. */
const char *const *clean_list(struct arena *arena, const char *const *texts, size_t count);
struct chart_metric clean_metric(struct arena *arena, const struct chart_metric *metric);

#endif
