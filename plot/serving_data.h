/* Points of serving results out of tidy data: throughput, latency, tail and request rate of each chip. */
#ifndef PLOT_SERVING_DATA_H
#define PLOT_SERVING_DATA_H

#include "plot/chart/serving.h"
#include "plot/input.h"

struct serving_wish {
    const char *x, *y, *tail, *rate, *group; /* columns; NULL = chosen */
};
struct serving_data {
    struct chart_metric x, y;
    const char *rate; /* heading of the column; NULL = none */
    const char *tail;
    struct serving_series series[SERVING_SERIES_MAX];
    size_t series_count;
    size_t missing;
};

/* Everything lives in the input's arena. */
int serving_data_make(struct plot_input *input, const struct serving_wish *wish, struct serving_data *ret,
                      struct err *err) must_check;

#endif
