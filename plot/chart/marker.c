#include "plot/chart/marker.h"

#include <math.h>

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

void marker_draw(struct builder *builder, const char *kind, double x, double y, size_t category, bool hollow,
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
