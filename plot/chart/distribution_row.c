#include <math.h>
#include <stdint.h>

#include "plot/chart/distribution_plan.h"
#include "schema/base/str.h"
#include "schema/stats/density.h"
#include "schema/stats/quantile.h"
#include "schema/text/figure.h"

/* Narrower than Silverman's rule, which is made for one mode, so that two modes stay two. */
#define BANDWIDTH_SHARE 0.6
/* A run on the last tick is inside, whatever its division rounded to. */
#define EDGE (1 + 1e-6)
#define GRID 240
#define MEDIAN_MOST 80.0   /* px */
#define FIGURES_SHARE 0.52 /* of the width, for the figures above a row */

static double place_at(const struct distribution_plan *plan, size_t step)
{
    return plan->half.high * (2 * (double)step / GRID - 1);
}

static void draw_violin(struct builder *builder, const struct distribution_plan *plan, const struct spread *spread,
                        double base, double height)
{
    struct chart_point points[GRID + 3];
    double density[GRID + 1], highest = 0;
    double bandwidth = BANDWIDTH_SHARE * stats_bandwidth(spread->places, spread->count);
    if (!(bandwidth > 0)) {
        return;
    }
    /* A bandwidth far below a px would fall between the points of the curve. */
    bandwidth = fmax(bandwidth, 2 * plan->half.high / GRID);
    for (size_t i = 0; i <= GRID; i++) {
        density[i] = stats_density(spread->places, spread->count, bandwidth, place_at(plan, i));
        highest = fmax(highest, density[i]);
    }
    if (!(highest > 0)) {
        return;
    }
    size_t count = 0;
    points[count++] = (struct chart_point){plan->left, base};
    for (size_t i = 0; i <= GRID; i++) {
        double up = density[i] / highest * height;
        points[count++] = (struct chart_point){distribution_px(plan, place_at(plan, i)), base - up};
    }
    points[count++] = (struct chart_point){plan->right, base};
    builder_polygon(builder, "violin", points, count, builder->colours->category[0])->opacity = 0.3;
}

static double px_of(const struct distribution_plan *plan, double deviation)
{
    return distribution_px(plan, distribution_place(plan, deviation));
}

static void draw_box(struct builder *builder, const struct distribution_plan *plan, const struct spread *spread,
                     double y)
{
    unsigned ink = builder->colours->ink;
    builder_line(builder, "whisker", px_of(plan, spread->whisker_low), y, px_of(plan, spread->whisker_high), y, 1.2,
                 ink);
    double x = px_of(plan, spread->first), width = px_of(plan, spread->third) - x;
    builder_rect(builder, "iqr", x, y - 2, width, 4, ink)->value = spread->third - spread->first;
    struct chart_mark *ring =
        builder_circle(builder, "median", distribution_px(plan, 0), y, 3.6, builder->colours->background);
    ring->stroke = 1.6;
    ring->outline = ink;
    ring->value = spread->median;
}

/* -1 to 1 from the number of the run (splitmix64): the same picture each time. */
static double jitter(uint64_t number)
{
    uint64_t z = (number + 1) * 0x9E3779B97F4A7C15U;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return (double)((z ^ z >> 31) >> 11) / 4503599627370496.0 - 1;
}

/* The fewer the runs the stronger are their points: one among five must be seen on a phone. */
static void draw_points(struct builder *builder, const struct distribution_plan *plan, size_t row, double y)
{
    const struct spread *spread = &plan->spreads[row];
    const struct sample_row *sample = &plan->chart->rows[row];
    bool few = spread->count < DISTRIBUTION_BOX_LEAST, some = spread->count < DISTRIBUTION_VIOLIN_LEAST;
    double radius = few ? 2.6 : some ? 2.1 : 1.3;
    double opacity = few ? 0.85 : some ? 0.65 : 0.45;
    for (size_t i = 0; i < spread->count; i++) {
        double at = spread->places[i];
        if (fabs(at) > plan->half.high * EDGE) {
            continue;
        }
        struct chart_mark *point =
            builder_circle(builder, "run", distribution_px(plan, at), y + 0.12 * (plan->row - plan->head) * jitter(i),
                           radius, builder->colours->category[0]);
        point->opacity = opacity;
        point->value = sample->sorted[i];
        point->row = sample->name;
    }
}

/* Of very many runs quantiles instead of points. */
static void draw_quantiles(struct builder *builder, const struct distribution_plan *plan, const struct spread *spread,
                           double y)
{
    static const double shares[] = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};
    for (size_t i = 0; i < ARRAY_LENGTH(shares); i++) {
        double at = stats_quantile(spread->deviations, spread->count, shares[i]);
        double place = distribution_place(plan, at);
        if (fabs(place) <= plan->half.high * EDGE) {
            double x = distribution_px(plan, place);
            builder_line(builder, "quantile", x, y - 4, x, y + 4, 1.2, builder->colours->category[0])->value = at;
        }
    }
}

/* "+1,243 %", or "13×" where the axis shows multiples. In the arena. */
static const char *extreme(struct builder *builder, const struct distribution_plan *plan, double deviation)
{
    char text[FIGURE_SIZE];
    struct arena *arena = &builder->layout->arena;
    const char *made = plan->logarithmic ? arena_strdup(arena, chart_factor_text(text, 1 + deviation / 100))
                       : deviation < 1e7 ? arena_strdup(arena, figure_percent(text, deviation, 0, true))
                                         : arena_printf(arena, "+%.0e\u202f%%", deviation);
    return made != NULL ? made : "";
}

/* What lies beyond the edge: how many and how far. */
static void draw_outside(struct builder *builder, const struct distribution_plan *plan, const struct spread *spread,
                         double y)
{
    size_t below = 0, above = 0;
    for (size_t i = 0; i < spread->count; i++) {
        below += spread->places[i] < -plan->half.high * EDGE;
        above += spread->places[i] > plan->half.high * EDGE;
    }
    struct text_style style = {9.5, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_START};
    struct arena *arena = &builder->layout->arena;
    if (below > 0) {
        const char *line = arena_printf(arena, "← %zu, to %s", below, extreme(builder, plan, spread->deviations[0]));
        builder_text(builder, "outside", line != NULL ? line : "", plan->left + 2, y, style);
    }
    if (above > 0) {
        const char *far = extreme(builder, plan, spread->deviations[spread->count - 1]);
        const char *line = arena_printf(arena, "%zu, to %s →", above, far);
        style.anchor = ANCHOR_END;
        builder_text(builder, "outside", line != NULL ? line : "", plan->right - 2, y, style);
    }
}

static void draw_columns(struct builder *builder, const struct distribution_plan *plan, size_t row, double y)
{
    const struct spread *spread = &plan->spreads[row];
    const struct chart_colours *colours = builder->colours;
    char text[FIGURE_SIZE];
    struct arena *arena = &builder->layout->arena;
    struct text_style style = {12.5, WEIGHT_BOLD, colours->ink, ANCHOR_END};
    const char *unit = plan->chart->unit;
    const char *number = isfinite(spread->median) ? chart_figure(text, spread->median, (double)NAN) : FIGURE_MISSING;
    const char *median = arena_printf(arena, isfinite(spread->median) ? "%s %s" : "%s", number, unit);
    median = median == NULL ? FIGURE_MISSING : median;
    style.size = builder_text_width(builder, median, style.size, style.weight) > MEDIAN_MOST ? 10 : style.size;
    /* A unit that has no room stands in the subtitle at best; a figure is never cut. */
    if (builder_text_width(builder, median, style.size, style.weight) > MEDIAN_MOST) {
        style.size = 12.5;
        median = number;
    }
    builder_text(builder, "value", median, plan->median_right, y, style);
    style = (struct text_style){11.5, WEIGHT_REGULAR, colours->text, ANCHOR_END};
    double range = spread->third - spread->first;
    if (spread->drawable && spread->box) {
        const char *shown = range < 1e5 ? figure_percent(text, range, range < 10 ? 1 : 0, false)
                                        : arena_printf(arena, "%.0e\u202f%%", range);
        builder_text(builder, "iqr", shown != NULL ? shown : "", plan->iqr_right, y, style);
    } else {
        builder_text(builder, "iqr", FIGURE_MISSING, plan->iqr_right, y, style);
    }
    builder_text(builder, "runs", figure_count(text, spread->runs), plan->runs_right, y, style);
}

/* "0.89 s · IQR 2.9 % · n 59" */
const char *distribution_figures(struct builder *builder, const struct distribution_plan *plan, size_t row)
{
    const struct spread *spread = &plan->spreads[row];
    char median[FIGURE_SIZE], range[FIGURE_SIZE], count[FIGURE_SIZE];
    struct arena *arena = &builder->layout->arena;
    double width = spread->third - spread->first;
    const char *value = isfinite(spread->median) ? chart_figure(median, spread->median, (double)NAN) : FIGURE_MISSING;
    bool box = spread->drawable && spread->box && width < 1e5;
    const char *spread_words = box ? figure_percent(range, width, width < 10 ? 1 : 0, false) : FIGURE_MISSING;
    figure_count(count, spread->runs);
    const char *line = arena_printf(arena, "%s %s · IQR %s · n %s", value, plan->chart->unit, spread_words, count);
    if (line != NULL && builder_text_width(builder, line, DISTRIBUTION_FIGURES_SIZE, WEIGHT_REGULAR) >
                            FIGURES_SHARE * builder_inner(builder)) {
        line = arena_printf(arena, "%s · IQR %s · n %s", value, spread_words, count);
    }
    return line != NULL ? line : "";
}

static void draw_figures(struct builder *builder, const struct distribution_plan *plan, size_t row, double y)
{
    const char *line = distribution_figures(builder, plan, row);
    struct text_style style = {DISTRIBUTION_FIGURES_SIZE, WEIGHT_REGULAR, builder->colours->text, ANCHOR_END};
    double room = FIGURES_SHARE * builder_inner(builder);
    struct chart_text *text =
        builder_text(builder, "value", builder_fit_middle(builder, line, room, style.size, style.weight),
                     builder_right(builder), y, style);
    /* Above the row the lines of the axis go through. */
    text->patch = true;
    text->patch_colour = builder->colours->background;
}

/* What the runs of one chip look like: density, box, points, from `top` over `body` pixels. */
static void draw_spread(struct builder *builder, const struct distribution_plan *plan, size_t row, double top,
                        double body)
{
    const struct spread *spread = &plan->spreads[row];
    bool violin = spread->count >= DISTRIBUTION_VIOLIN_LEAST, box = spread->box;
    double points = top + (violin ? 0.74 : box ? 0.68 : 0.5) * body;
    if (violin) {
        draw_violin(builder, plan, spread, top + 0.44 * body, 0.37 * body);
    }
    if (plan->points && spread->count <= DISTRIBUTION_POINTS_MOST) {
        draw_points(builder, plan, row, points);
    } else {
        draw_quantiles(builder, plan, spread, points);
    }
    if (box) {
        draw_box(builder, plan, spread, top + (violin ? 0.52 : 0.38) * body);
    }
    draw_outside(builder, plan, spread, top + (violin ? 0.36 * body : fmin(12, 0.4 * body)));
}

void distribution_draw_row(struct builder *builder, const struct distribution_plan *plan, size_t row)
{
    const struct spread *spread = &plan->spreads[row];
    double start = plan->top + plan->row * (double)row, top = start + plan->head, body = plan->row - plan->head;
    double middle = top + body / 2;
    if (!spread->drawable) {
        struct text_style style = {10.5, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_START};
        builder_text(builder, "missing", spread->count == 0 ? "no data" : "median not positive, no share of it",
                     plan->left + 4, middle + 4, style);
    } else if (spread->summary) {
        draw_box(builder, plan, spread, middle);
    } else {
        draw_spread(builder, plan, row, top, body);
    }
    if (plan->head > 0) {
        draw_figures(builder, plan, row, start + 15);
    } else {
        draw_columns(builder, plan, row, middle + 4.5);
    }
}
