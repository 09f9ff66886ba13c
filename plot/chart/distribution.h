/* Distributions of runs, a row per chip (specification of charts, section 3(c)): half-violin, box and points over the
 * deviation from the chip's own median, so that chips of different speed compare in spread; as multiples of the median
 * on a logarithmic axis where a symmetric one would reach below zero (−100 %). Quartiles (type 7),
 * whiskers (last value within 1.5 × IQR) and density (Silverman × 0.6) come from schema/stats. */
#ifndef PLOT_CHART_DISTRIBUTION_H
#define PLOT_CHART_DISTRIBUTION_H

#include "plot/chart/chart.h"

#define DISTRIBUTION_POINTS_MOST 2000

struct sample_row {
    const char *name;
    const char *short_name; /* drawn; NULL = name */
    const double *sorted;   /* finite, in ascending order */
    size_t count;
    /* A summary instead of runs: `sorted` holds least, first quartile, median, third quartile and greatest, or the
     * median alone, of so many runs (-1 = not known). */
    bool summary;
    long runs;
};
struct distribution {
    const char *title, *subtitle; /* subtitle: NULL = says how to read the axis */
    bool higher_is_better;        /* for that sentence */
    const char *const *footer;    /* caveats, method, source; the last is the source */
    size_t footer_count;
    const char *unit;
    const struct sample_row *rows; /* in drawing order */
    size_t row_count;
    double width;    /* 0 = 800 */
    const char *alt; /* NULL = made from the data */
};

/* ERR_NOTHING without any value. */
int chart_lay_out_distribution(const struct distribution *chart, enum chart_theme theme,
                               const struct text_measure *measure, struct chart_layout *ret,
                               struct err *err) must_check;

#endif
