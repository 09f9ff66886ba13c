#include <math.h>

#include "plot/chart/scatter_plan.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

#define ALT_MAX 250 /* characters */
#define CORNERS_MAX 12

/* Corners around a centre for a shape whose inscribed circle has radius 1. */
struct shape {
    struct chart_point corners[CORNERS_MAX];
    size_t count;
};
static const struct shape shapes[CHART_CATEGORIES] = {
    {{{0, 0}}, 0}, /* a circle */
    {{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}}, 4},
    {{{0, -1.75}, {1.6, 1}, {-1.6, 1}}, 3},
    {{{0, -1.42}, {1.42, 0}, {0, 1.42}, {-1.42, 0}}, 4},
    {{{0, 1.75}, {1.6, -1}, {-1.6, -1}}, 3},
    {{{-0.45, -1.3},
      {0.45, -1.3},
      {0.45, -0.45},
      {1.3, -0.45},
      {1.3, 0.45},
      {0.45, 0.45},
      {0.45, 1.3},
      {-0.45, 1.3},
      {-0.45, 0.45},
      {-1.3, 0.45},
      {-1.3, -0.45},
      {-0.45, -0.45}},
     12},
};
/* Inscribed radius with which a shape looks as large as a circle of radius 1. */
static const double sizes[CHART_CATEGORIES] = {1, 0.88, 0.7, 0.9, 0.7, 0.95};

static struct chart_mark *draw_shape(struct builder *builder, const char *kind, double x, double y, size_t category,
                                     double radius, unsigned colour)
{
    const struct shape *shape = &shapes[category];
    struct chart_point corners[CORNERS_MAX];
    if (shape->count == 0) {
        return builder_circle(builder, kind, x, y, radius, colour);
    }
    for (size_t i = 0; i < shape->count; i++) {
        corners[i] = (struct chart_point){x + shape->corners[i].x * radius, y + shape->corners[i].y * radius};
    }
    return builder_polygon(builder, kind, corners, shape->count, colour);
}

void scatter_draw_marker(struct builder *builder, const char *kind, double x, double y, size_t category, bool hollow,
                         double radius)
{
    const struct chart_colours *colours = builder->colours;
    double inner = radius * sizes[category];
    draw_shape(builder, "edge", x, y, category, inner + 1, colours->background);
    draw_shape(builder, kind, x, y, category, inner, colours->category[category]);
    if (hollow) {
        draw_shape(builder, "hole", x, y, category, fmax(inner - 1.4, 0.5), colours->background);
    }
}

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
             figure_value(text, found->point->y, (double)NAN), metric->unit);
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
