/* Inside of the scatter chart: places of points, frontier and names. Not for callers; they use scatter.h. */
#ifndef PLOT_CHART_SCATTER_PLAN_H
#define PLOT_CHART_SCATTER_PLAN_H

#include "plot/chart/builder.h"
#include "plot/chart/frame.h"
#include "plot/chart/marker.h"
#include "plot/chart/plane.h"
#include "plot/chart/scatter.h"

#define SCATTER_PLOT_LEFT 64.0
#define SCATTER_NUMBER_RADIUS 7.5

struct segment {
    double x1, y1, x2, y2;
};
struct scatter_dot {
    const struct scatter_point *point;
    const char *name; /* as drawn */
    double x, y;      /* px */
    double aside;     /* px that the marker stands beside its place, where it would hide another one */
    bool on_frontier, wants_name;
    bool bold;     /* it or its lesser variant is on the frontier */
    size_t number; /* of the list; 0 = its name stands beside it */
    bool nowhere;  /* not even the number found a place */
    bool inside;   /* the number stands in the marker */
    const char *number_text;
    struct box label;      /* of name or number */
    struct segment leader; /* to it, when `led` */
    bool led;
};
struct scatter_plan {
    const struct scatter_chart *chart;
    struct plane_axis x, y;
    struct box plot;
    double margin; /* px where texts end at the right */
    struct scatter_dot *dots;
    size_t dot_count;
    size_t *frontier; /* indices of dots in the order of the line */
    size_t frontier_count;
    struct box *taken; /* texts placed so far */
    size_t taken_count;
    struct segment *lines; /* frontier, limit and leaders: no text on them */
    size_t line_count;
    size_t frontier_lines, limit_lines; /* how many of the lines are these: first the ones, then the others */
    bool has_aside;
    size_t listed;  /* names that found no place */
    size_t attempt; /* which order of angles and points is tried */
};

/* NAN without a limit. */
double scatter_limit_at(const struct scatter_chart *chart, double x);
/* Whether both axes are logarithmic. */
bool scatter_is_logarithmic(const struct scatter_plan *plan);
/* Axes and the places of the points on them. */
void scatter_make_axes(struct builder *builder, struct scatter_plan *plan);
/* Frontier, its line and the line of the limit, and which points are named. */
void scatter_find_lines(struct builder *builder, struct scatter_plan *plan);
/* Names beside their points where they meet nothing; numbers for the others. */
void scatter_place_names(struct builder *builder, struct scatter_plan *plan);
const char *scatter_alt_text(struct builder *builder, const struct scatter_plan *plan);

#endif
