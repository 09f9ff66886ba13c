/* Samples over the seconds of a run out of tidy data: time, value, why it was throttled, chip. */
#ifndef PLOT_SUSTAINED_DATA_H
#define PLOT_SUSTAINED_DATA_H

#include "plot/chart/sustained.h"
#include "plot/input.h"

struct sustained_wish {
    const char *x, *y, *group, *reason; /* columns; NULL = chosen */
    const char *better;                 /* NULL = by catalogue and unit */
};
struct sustained_data {
    struct chart_metric metric;
    struct sustained_series *series;
    size_t series_count;
    size_t samples, missing;
    bool reasons; /* the data says when it was throttled */
};

/* Everything lives in the input's arena. Times count from the first sample of each series. */
int sustained_data_make(struct plot_input *input, const struct sustained_wish *wish, struct sustained_data *ret,
                        struct err *err) must_check;

#endif
