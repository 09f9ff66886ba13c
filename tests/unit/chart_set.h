/* Random data for every chart family, and its layout: names of 1 to 60 characters in six scripts, 1 to 200 rows, values
 * over 12 orders of magnitude with negatives, zeros, gaps, ties and an outlier. */
#ifndef TESTS_UNIT_CHART_SET_H
#define TESTS_UNIT_CHART_SET_H

#include <stdint.h>

#include "tests/unit/chart_sample.h"

#define CHART_SET_ROWS 200
#define CHART_SET_COLUMNS 12
#define CHART_SET_NAME 400
#define CHART_SET_FOOTER 3
#define CHART_SET_NUMBERS 8192

/* One random set; families take from it what they need. What they make lives in its arena. */
struct chart_set {
    struct arena arena;
    size_t rows, columns;
    double values[CHART_SET_ROWS * CHART_SET_COLUMNS];
    char names[CHART_SET_ROWS][CHART_SET_NAME];
    char title[3 * CHART_SET_NAME], unit[CHART_SET_NAME];
    const char *subtitle; /* NULL = none */
    const char *footer[CHART_SET_FOOTER];
    size_t footer_count;
    double width;
    /* What the family that was laid out adds: figures that follow from the values, names of its rows from above, and
     * how many values are missing. */
    double numbers[CHART_SET_NUMBERS];
    size_t number_count;
    const char *order[CHART_SET_ROWS];
    size_t order_count;
    bool counts_missing;
    size_t missing;
    enum chart_theme theme;
};
typedef int chart_set_lay_out(struct chart_set *set, struct chart_layout *ret, struct err *err);

/* The same set for the same seed. */
void chart_set_make(struct chart_set *set, uint64_t seed);

chart_set_lay_out chart_set_chips, chart_set_heatmap, chart_set_distribution, chart_set_history, chart_set_scatter,
    chart_set_scaling, chart_set_categories, chart_set_serving, chart_set_sustained;

#endif
