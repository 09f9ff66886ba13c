/* Scaling inside families of chips: speed-up over the family's smallest chip against its extra resources, both axes
 * log₂, dashed = perfect scaling (specification of charts, section 3(f)). Same rules as chart.h: data in, layout out.
 */
#ifndef PLOT_CHART_SCALING_H
#define PLOT_CHART_SCALING_H

#include "plot/chart/chart.h"

#define SCALING_PANELS_MAX 2
#define SCALING_FAMILIES_MAX 14 /* as many labels as a panel's height holds */

struct scaling_point {
    const char *name;       /* "Apple M1 Ultra" */
    const char *short_name; /* drawn; NULL = name */
    double resource;        /* × the family's smallest; > 0 */
    double speed_up;        /* × its speed; > 0 */
    double value;           /* as measured */
};
struct scaling_family {
    const char *name;
    size_t category;
    const struct scaling_point *points; /* two or more, ascending by resource; the first is 1, 1 */
    size_t count;
};
struct scaling_panel {
    struct chart_metric metric;
    const char *resource; /* "GPU cores" */
    const struct scaling_family *families;
    size_t family_count;
};
struct scaling_chart {
    const char *title, *subtitle;
    const char *const *footer;
    size_t footer_count;
    const struct scaling_panel *panels;
    size_t panel_count; /* 1 or 2 */
    double width;       /* 0 = 800 */
    const char *alt;    /* NULL = made from the data */
};

/* ERR_NOTHING without a family of two chips, ERR_LIMIT above the most families, ERR_DATA for a ratio that no axis can
 * reach. */
int chart_lay_out_scaling(const struct scaling_chart *chart, enum chart_theme theme, const struct text_measure *measure,
                          struct chart_layout *ret, struct err *err) must_check;

#endif
