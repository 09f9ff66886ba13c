/* Families of chips with resources and speeds out of tidy data; what the data does not state comes from the
 * catalogue: family, GPU cores, rated bandwidth. */
#ifndef PLOT_SCALING_DATA_H
#define PLOT_SCALING_DATA_H

#include "plot/chart/colours.h"
#include "plot/chart/scaling.h"
#include "plot/input.h"

struct scaling_wish {
    const char *name, *group; /* columns; NULL = chosen */
    const char *x[SCALING_PANELS_MAX], *y[SCALING_PANELS_MAX];
    size_t x_count, y_count;
    const char *better; /* NULL = by catalogue and unit */
};
struct scaling_data {
    struct scaling_panel panels[SCALING_PANELS_MAX];
    size_t panel_count;
    size_t missing;                       /* rows that lack a value, a resource or a family in a panel */
    size_t single;                        /* families of one chip, not drawn */
    bool catalogue;                       /* resources are the catalogue's */
    const char *workload, *metric;        /* of a table of crosschip-analyze scaling; NULL = not one */
    const char *groups[CHART_CATEGORIES]; /* families by colour, the same in both panels */
};

/* Everything lives in the input's arena. */
int scaling_data_make(struct plot_input *input, const struct scaling_wish *wish, struct scaling_data *ret,
                      struct err *err) must_check;

#endif
