#include "plot/chart/serving.h"

#include <math.h>

#include "plot/chart/clean.h"
#include "plot/chart/marker.h"
#include "plot/chart/serving_plan.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

#define PLOT_TOP 110.0
#define PLOT_HEIGHT 300.0
#define LABEL_SHARE 0.24
#define LOG_RANGE 10.0
#define RATE_ROOM 14.0 /* px below the lowest point, for its rate */
#define ALT_MAX 250

const char *serving_name(const struct serving_series *series)
{
    return series->short_name != NULL ? series->short_name : series->name;
}

size_t serving_category(size_t series)
{
    return series < CHART_CATEGORIES ? series : CHART_CATEGORIES - 1;
}

struct chart_point serving_place(const struct serving_plan *plan, const struct serving_point *point)
{
    return (struct chart_point){plane_px(&plan->x, point->throughput), plane_px(&plan->y, point->latency)};
}

static bool can_be_drawn(const struct serving_point *point)
{
    return fabs(point->throughput) <= CLEAN_VALUE_MOST && fabs(point->latency) <= CLEAN_VALUE_MOST &&
           !(isfinite(point->tail) && fabs(point->tail) > CLEAN_VALUE_MOST);
}

static int clean(struct arena *arena, const struct serving_chart *chart, struct serving_chart *ret, struct err *err)
{
    struct serving_series *series = arena_alloc(arena, chart->series_count + 1, sizeof *series);
    *ret = *chart;
    ret->title = clean_text(arena, chart->title, CLEAN_TEXT_MOST);
    ret->subtitle = clean_text(arena, chart->subtitle, CLEAN_TEXT_MOST);
    ret->alt = clean_text(arena, chart->alt, CLEAN_TEXT_MOST);
    ret->footer = clean_list(arena, chart->footer, chart->footer_count);
    ret->x = clean_metric(arena, &chart->x);
    ret->y = clean_metric(arena, &chart->y);
    ret->series = series;
    ret->series_count = 0;
    size_t total = 0;
    for (size_t i = 0; series != NULL && i < chart->series_count; i++) {
        struct serving_series copy = chart->series[i];
        for (size_t k = 0; k < copy.count; k++) {
            if (!can_be_drawn(&copy.points[k])) {
                err_set(err, ERR_DATA, "point %zu of %.60s: a value beyond %g cannot be drawn", k + 1, copy.name,
                        CLEAN_VALUE_MOST);
                return err_hint(err, "leave the row out, or choose a greater unit");
            }
        }
        copy.name = clean_text(arena, copy.name, CLEAN_LINE_MOST);
        copy.short_name = clean_text(arena, copy.short_name, CLEAN_LINE_MOST);
        total += copy.count;
        if (copy.count > 0) {
            series[ret->series_count++] = copy;
        }
    }
    if (series != NULL && total == 0) {
        err_set(err, ERR_NOTHING, "there is no point to draw");
        return err_hint(err, "a serving chart needs at least one row with throughput and latency");
    }
    if (total > SERVING_POINTS_MAX || ret->series_count > SERVING_SERIES_MAX) {
        err_set(err, ERR_LIMIT, "a serving chart shows at most %d lines of %d points together", SERVING_SERIES_MAX,
                SERVING_POINTS_MAX);
        return err_hint(err, "leave some out, or draw several pictures");
    }
    return arena_check(arena, err);
}

/* What the values reach, which is known before the places of the axes are. */
struct range {
    double least, most;
};

static void widen(struct range *range, double value)
{
    range->least = fmin(range->least, value);
    range->most = fmax(range->most, value);
}

static bool is_wide(const struct range *range)
{
    return range->least > 1e-300 && range->most / LOG_RANGE > range->least;
}

static void find_ranges(const struct serving_chart *chart, struct range *x, struct range *y)
{
    *x = *y = (struct range){(double)INFINITY, -(double)INFINITY};
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct serving_series *series = &chart->series[i];
        for (size_t k = 0; k < series->count; k++) {
            const struct serving_point *point = &series->points[k];
            widen(x, point->throughput);
            widen(y, point->latency);
            widen(y, isfinite(point->tail) ? point->tail : point->latency);
        }
    }
}

static struct plane_axis make_axis(const struct range *range, double from, double to)
{
    bool wide = is_wide(range);
    return plane_axis_roomy(wide ? range->least : fmin(0, range->least), range->most, wide, from, to);
}

/* A logarithmic axis goes on below the lowest point, whose rate would meet the line of the other axis. */
static void add_rate_room(struct plane_axis *axis)
{
    double height = axis->from - axis->to;
    if (axis->logarithmic && height > 2 * RATE_ROOM) {
        axis->low = plane_value(axis, -RATE_ROOM / (height - RATE_ROOM));
    }
}

static void make_axes(struct builder *builder, struct serving_plan *plan, const struct range *x, const struct range *y)
{
    double labels = 0;
    for (size_t i = 0; i < plan->chart->series_count; i++) {
        const char *name = serving_name(&plan->chart->series[i]);
        labels = fmax(labels, builder_text_width(builder, name, SERVING_LABEL_SIZE, WEIGHT_SEMIBOLD));
    }
    plan->plot.right = builder_right(builder) - fmin(labels, LABEL_SHARE * builder->layout->width) - 12;
    plan->y = make_axis(y, plan->plot.bottom, plan->plot.top);
    add_rate_room(&plan->y);
    plan->plot.left = CHART_LEFT + fmax(34, frame_widest_tick(builder, &plan->y)) + FRAME_TICK_GAP;
    plan->x = make_axis(x, plan->plot.left, plan->plot.right);
}

static void draw_words(struct builder *builder, const struct serving_plan *plan)
{
    struct text_style style = {11, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_START};
    const char *text = frame_metric_words(builder, &plan->chart->y, &plan->y,
                                          plan->chart->y.higher_is_better ? " · ↑ better" : " · ↓ better");
    builder_text(builder, "direction", builder_fit_middle(builder, text, builder_inner(builder), 11, WEIGHT_REGULAR),
                 CHART_LEFT, plan->plot.top - 14, style);
    style.anchor = ANCHOR_END;
    text = frame_metric_words(builder, &plan->chart->x, &plan->x, " →");
    builder_text(builder, "direction",
                 builder_fit_middle(builder, text, plan->plot.right - CHART_LEFT, 11, WEIGHT_REGULAR), plan->plot.right,
                 plan->plot.bottom + 37, style);
}

static void draw_line(struct builder *builder, const struct serving_plan *plan, size_t index)
{
    const struct serving_series *series = &plan->chart->series[index];
    struct arena *arena = &builder->layout->arena;
    struct chart_point *points = arena_alloc(arena, series->count, sizeof *points);
    for (size_t k = 0; points != NULL && k < series->count; k++) {
        points[k] = (struct chart_point){plane_px(&plan->x, series->points[k].throughput),
                                         plane_px(&plan->y, series->points[k].latency)};
    }
    if (points != NULL) {
        builder_polyline(builder, "line", points, series->count, 1.8,
                         builder->colours->category[serving_category(index)])
            ->series = series->name;
    }
    for (size_t k = 0; points != NULL && k < series->count; k++) {
        char x[FIGURE_SIZE], y[FIGURE_SIZE], rate[FIGURE_SIZE];
        const struct serving_point *point = &series->points[k];
        marker_draw(builder, "point", points[k].x, points[k].y, serving_category(index), false, MARKER_RADIUS);
        struct chart_layout *layout = builder->layout;
        struct chart_mark *mark = layout->mark_count > 0 ? &layout->marks[layout->mark_count - 1] : &builder->lost_mark;
        mark->value = point->latency;
        mark->series = series->name;
        mark->title =
            arena_printf(arena, "%s: %s %s at %s %s%s%s", series->name, chart_figure(y, point->latency, (double)NAN),
                         plan->chart->y.unit, chart_figure(x, point->throughput, (double)NAN), plan->chart->x.unit,
                         isfinite(point->rate) ? ", rate " : "",
                         isfinite(point->rate) ? chart_figure(rate, point->rate, (double)NAN) : "");
    }
}

static const char *alt_text(struct builder *builder, const struct serving_chart *chart)
{
    struct buf text autobuf = BUF(8192), capped autobuf = BUF(4096);
    buf_addf(&text, "Line chart of %.40s against %.40s of %zu chip%s:", chart->y.title, chart->x.title,
             chart->series_count, chart->series_count == 1 ? "" : "s");
    for (size_t i = 0; i < chart->series_count && i < 4; i++) {
        const struct serving_series *series = &chart->series[i];
        char x[FIGURE_SIZE], y[FIGURE_SIZE];
        double most = series->points[0].throughput, latency = series->points[0].latency;
        for (size_t k = 1; k < series->count; k++) {
            if (series->points[k].throughput > most) {
                most = series->points[k].throughput;
                latency = series->points[k].latency;
            }
        }
        buf_addf(&text, "%s %.30s up to %s %.16s at %s %.16s", i > 0 ? ";" : "", serving_name(series),
                 chart_figure(x, most, (double)NAN), chart->x.unit, chart_figure(y, latency, (double)NAN),
                 chart->y.unit);
    }
    buf_adds(&text, ".");
    encode_plain_capped(&capped, str_of(buf_text(&text)), ALT_MAX);
    return arena_strdup(&builder->layout->arena, buf_text(&capped));
}

static int lay_out(struct builder *builder, struct serving_plan *plan, struct err *err)
{
    const struct serving_chart *chart = plan->chart;
    struct chart_layout *layout = builder->layout;
    struct range x, y;
    find_ranges(chart, &x, &y);
    const char *subtitle = frame_subtitle(builder, chart->subtitle, is_wide(&x), is_wide(&y));
    double moved = builder_heading(builder, chart->title, subtitle);
    plan->plot.top = PLOT_TOP + moved;
    /* Room for a name of each line at the right. */
    plan->plot.bottom = plan->plot.top + fmax(PLOT_HEIGHT, SERVING_LABEL_STEP * (double)chart->series_count);
    make_axes(builder, plan, &x, &y);
    frame_draw_y(builder, &plan->y, &plan->plot);
    frame_draw_x(builder, &plan->x, &plan->plot);
    frame_add_panel(builder, chart->y.title, &plan->y, &plan->plot);
    draw_words(builder, plan);
    serving_place_stems(&layout->arena, plan);
    serving_draw_stems(builder, plan);
    for (size_t i = 0; i < chart->series_count; i++) {
        draw_line(builder, plan, i);
    }
    serving_draw_labels(builder, plan);
    size_t lines = builder_footer_lines(builder, chart->footer, chart->footer_count);
    layout->height = ceil(plan->plot.bottom + 62 + 13.5 * (double)(lines > 0 ? lines : 1));
    builder_footer(builder, chart->footer, chart->footer_count);
    layout->title = chart->title;
    layout->alt = chart->alt != NULL ? chart->alt : alt_text(builder, chart);
    return arena_check(&layout->arena, err);
}

int chart_lay_out_serving(const struct serving_chart *chart, enum chart_theme theme, const struct text_measure *measure,
                          struct chart_layout *ret, struct err *err)
{
    struct chart_layout layout = {.width = chart->width > 0 ? chart->width : CHART_WIDTH,
                                  .background = chart_colours(theme)->background};
    struct builder builder = {.layout = &layout, .measure = measure, .colours = chart_colours(theme)};
    struct serving_chart cleaned;
    struct serving_plan plan = {.chart = &cleaned};
    int result = clean(&layout.arena, chart, &cleaned, err);
    result = result < 0 ? result : lay_out(&builder, &plan, err);
    if (result < 0) {
        chart_layout_done(&layout);
        return result;
    }
    *ret = layout;
    return 0;
}
