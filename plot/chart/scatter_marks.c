#include <math.h>

#include "plot/chart/scatter_plan.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

#define ALT_MAX 250 /* characters */

static void add_extreme(struct buf *into, const struct scatter_plan *plan, bool best)
{
    const struct chart_metric *metric = &plan->chart->y;
    const struct scatter_dot *found = &plan->dots[0];
    for (size_t i = 1; i < plan->dot_count; i++) {
        double value = plan->dots[i].point->y;
        if (metric->higher_is_better == best ? value > found->point->y : value < found->point->y) {
            found = &plan->dots[i];
        }
    }
    char text[FIGURE_SIZE];
    buf_addf(into, "%s %.60s (%s %.20s)", best ? "best" : ", worst", found->name,
             chart_figure(text, found->point->y, (double)NAN), metric->unit);
}

const char *scatter_alt_text(struct builder *builder, const struct scatter_plan *plan)
{
    const struct scatter_chart *chart = plan->chart;
    struct buf text autobuf = BUF(8192), capped autobuf = BUF(4096);
    buf_addf(&text, "Scatter chart of %.40s against %.40s of %zu chip%s: ", chart->y.title, chart->x.title,
             plan->dot_count, plan->dot_count == 1 ? "" : "s");
    add_extreme(&text, plan, true);
    if (plan->dot_count > 1) {
        add_extreme(&text, plan, false);
    }
    if (plan->frontier_count > 0) {
        buf_addf(&text, ", %zu on the frontier", plan->frontier_count);
    }
    if (chart->point_count > plan->dot_count) {
        buf_addf(&text, ", %zu without data", chart->point_count - plan->dot_count);
    }
    buf_adds(&text, ".");
    encode_plain_capped(&capped, str_of(buf_text(&text)), ALT_MAX);
    return arena_strdup(&builder->layout->arena, buf_text(&capped));
}
