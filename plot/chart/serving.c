#include "plot/chart/serving.h"

#include <math.h>

#include "plot/chart/clean.h"
#include "plot/chart/frame.h"
#include "plot/chart/marker.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

#define PLOT_TOP 110.0
#define PLOT_HEIGHT 300.0
#define LABEL_SIZE 12.0
#define LABEL_STEP 18.0
#define LABEL_SHARE 0.24
#define RATE_SIZE 9.5
#define LOG_RANGE 10.0
#define LEADER_LONG 60.0 /* px */
#define CROSS_STEPS 64
#define ALT_MAX 250

struct plan {
    const struct serving_chart *chart;
    struct box plot;
    struct plane_axis x, y;
};

static const char *shown_name(const struct serving_series *series)
{
    return series->short_name != NULL ? series->short_name : series->name;
}

static size_t category_of(size_t series)
{
    return series < CHART_CATEGORIES ? series : CHART_CATEGORIES - 1;
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

static void make_axes(struct builder *builder, struct plan *plan, const struct range *x, const struct range *y)
{
    double labels = 0;
    for (size_t i = 0; i < plan->chart->series_count; i++) {
        const char *name = shown_name(&plan->chart->series[i]);
        labels = fmax(labels, builder_text_width(builder, name, LABEL_SIZE, WEIGHT_SEMIBOLD));
    }
    plan->plot.right = builder_right(builder) - fmin(labels, LABEL_SHARE * builder->layout->width) - 12;
    plan->y = make_axis(y, plan->plot.bottom, plan->plot.top);
    plan->plot.left = CHART_LEFT + fmax(34, frame_widest_tick(builder, &plan->y)) + FRAME_TICK_GAP;
    plan->x = make_axis(x, plan->plot.left, plan->plot.right);
}

static void draw_words(struct builder *builder, const struct plan *plan)
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

static void draw_tails(struct builder *builder, const struct plan *plan, size_t index)
{
    const struct serving_series *series = &plan->chart->series[index];
    unsigned colour = builder->colours->category[category_of(index)];
    for (size_t k = 0; k < series->count; k++) {
        const struct serving_point *point = &series->points[k];
        if (isfinite(point->tail) && (!plan->y.logarithmic || point->tail > 0)) {
            double x = plane_px(&plan->x, point->throughput), tail = plane_px(&plan->y, point->tail);
            struct chart_mark *mark =
                builder_line(builder, "tail", x, plane_px(&plan->y, point->latency), x, tail, 0.9, colour);
            mark->value = point->tail;
            mark->series = series->name;
            builder_line(builder, "cap", x - 3, tail, x + 3, tail, 0.9, colour);
        }
    }
}

static void draw_line(struct builder *builder, const struct plan *plan, size_t index)
{
    const struct serving_series *series = &plan->chart->series[index];
    struct arena *arena = &builder->layout->arena;
    struct chart_point *points = arena_alloc(arena, series->count, sizeof *points);
    for (size_t k = 0; points != NULL && k < series->count; k++) {
        points[k] = (struct chart_point){plane_px(&plan->x, series->points[k].throughput),
                                         plane_px(&plan->y, series->points[k].latency)};
    }
    if (points != NULL) {
        builder_polyline(builder, "line", points, series->count, 1.8, builder->colours->category[category_of(index)])
            ->series = series->name;
    }
    for (size_t k = 0; points != NULL && k < series->count; k++) {
        char x[FIGURE_SIZE], y[FIGURE_SIZE], rate[FIGURE_SIZE];
        const struct serving_point *point = &series->points[k];
        marker_draw(builder, "point", points[k].x, points[k].y, category_of(index), false, MARKER_RADIUS);
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

/* Whether a text there would stand on a marker. */
static bool meets_marker(const struct builder *builder, const struct box *box)
{
    for (size_t i = 0; i < builder->layout->mark_count; i++) {
        const struct chart_mark *mark = &builder->layout->marks[i];
        if (text_equal(mark->kind, "point") && box->left < mark->x + mark->width && mark->x < box->right &&
            box->top < mark->y + mark->height && mark->y < box->bottom) {
            return true;
        }
    }
    return false;
}

static bool is_beyond(double a, double b, double low, double high)
{
    return fmax(a, b) < low || fmin(a, b) > high;
}

static bool line_crosses(const struct plan *plan, const struct serving_series *series, const struct box *box)
{
    for (size_t k = 0; k < series->count; k++) {
        const struct serving_point *point = &series->points[k];
        double x = plane_px(&plan->x, point->throughput), y = plane_px(&plan->y, point->latency);
        double tail = isfinite(point->tail) ? plane_px(&plan->y, point->tail) : y;
        if (x > box->left - 4 && x < box->right + 4 && fmin(tail, y) < box->bottom && fmax(tail, y) > box->top) {
            return true;
        }
        const struct serving_point *next = k + 1 < series->count ? &series->points[k + 1] : point;
        double to_x = plane_px(&plan->x, next->throughput), to_y = plane_px(&plan->y, next->latency);
        if (is_beyond(x, to_x, box->left, box->right) || is_beyond(y, to_y, box->top, box->bottom)) {
            continue;
        }
        for (int step = 0; step <= CROSS_STEPS; step++) {
            double share = (double)step / CROSS_STEPS, at_x = x + share * (to_x - x), at_y = y + share * (to_y - y);
            if (at_x > box->left && at_x < box->right && at_y > box->top && at_y < box->bottom) {
                return true;
            }
        }
    }
    return false;
}

/* Whether a text there would stand in the plot on nothing at all. */
static bool is_clear(const struct builder *builder, const struct plan *plan, const struct box *box)
{
    bool clear = box->left > plan->plot.left && box->right < plan->plot.right && box->top > plan->plot.top &&
                 box->bottom < plan->plot.bottom && frame_is_free(builder, box) && !meets_marker(builder, box);
    for (size_t i = 0; clear && i < plan->chart->series_count; i++) {
        clear = !line_crosses(plan, &plan->chart->series[i], box);
    }
    return clear;
}

/* The name close to the last point where it meets nothing: a long leader would cross the other lines. */
static bool draw_name_near(struct builder *builder, const struct plan *plan, size_t index)
{
    static const double sides[][2] = {{1, 0}, {-1, 0}, {1, 1}, {-1, 1}, {1, -1}, {-1, -1}};
    const struct serving_series *series = &plan->chart->series[index];
    const struct serving_point *last = &series->points[series->count - 1];
    double x = plane_px(&plan->x, last->throughput), y = plane_px(&plan->y, last->latency);
    double width = builder_text_width(builder, shown_name(series), LABEL_SIZE, WEIGHT_SEMIBOLD);
    if (plan->plot.right - x < LEADER_LONG) {
        return false;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(sides); i++) {
        double left = sides[i][0] > 0 ? x + 10 : x - 10 - width, base = y + 4 - 13 * sides[i][1];
        struct box box = {left - 3, base - 12, left + width + 3, base + 4};
        if (is_clear(builder, plan, &box)) {
            struct text_style style = {LABEL_SIZE, WEIGHT_SEMIBOLD, builder->colours->category_text[category_of(index)],
                                       ANCHOR_START};
            const char *text = shown_name(series);
            builder_text(builder, "name", text, left, base, style)->full_text =
                text != series->name ? series->name : NULL;
            return true;
        }
    }
    return false;
}

/* Names at the right, as near to the ends of their lines as they can stand. */
static void draw_names(struct builder *builder, const struct plan *plan)
{
    size_t order[SERVING_SERIES_MAX] = {0}, count = 0;
    double places[SERVING_SERIES_MAX], left = plan->plot.right + 10;
    for (size_t i = 0; i < plan->chart->series_count; i++) {
        const struct serving_series *series = &plan->chart->series[i];
        if (draw_name_near(builder, plan, i)) {
            continue;
        }
        double y = plane_px(&plan->y, series->points[series->count - 1].latency);
        size_t at = count++;
        for (; at > 0 && places[at - 1] > y; at--) {
            places[at] = places[at - 1];
            order[at] = order[at - 1];
        }
        places[at] = y;
        order[at] = i;
    }
    frame_spread(places, count, LABEL_STEP, plan->plot.top + 4, plan->plot.bottom - 4);
    for (size_t i = 0; i < count; i++) {
        const struct serving_series *series = &plan->chart->series[order[i]];
        const struct serving_point *last = &series->points[series->count - 1];
        size_t category = category_of(order[i]);
        struct text_style style = {LABEL_SIZE, WEIGHT_SEMIBOLD, builder->colours->category_text[category],
                                   ANCHOR_START};
        const char *text =
            builder_fit_middle(builder, shown_name(series), builder_right(builder) - left, LABEL_SIZE, WEIGHT_SEMIBOLD);
        builder_text(builder, "name", text, left, places[i] + 4, style)->full_text =
            text != series->name ? series->name : NULL;
        builder_line(builder, "leader", plane_px(&plan->x, last->throughput) + MARKER_RADIUS + 2,
                     plane_px(&plan->y, last->latency), left - 3, places[i], 0.6, builder->colours->category[category]);
    }
}

/* The rate beside its point where it meets nothing; elsewhere the hover text has it. */
static void draw_rates(struct builder *builder, const struct plan *plan, size_t index)
{
    static const double sides[][2] = {{1, 1}, {-1, 1}, {0, 1}, {1, -1}, {-1, -1}, {0, -1}};
    const struct serving_series *series = &plan->chart->series[index];
    struct text_style style = {RATE_SIZE, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_START};
    for (size_t k = 0; k < series->count; k++) {
        const struct serving_point *point = &series->points[k];
        if (!isfinite(point->rate)) {
            continue;
        }
        const char *text = frame_tick_text(builder, point->rate);
        double width = builder_text_width(builder, text, RATE_SIZE, WEIGHT_REGULAR);
        double x = plane_px(&plan->x, point->throughput), y = plane_px(&plan->y, point->latency);
        for (size_t i = 0; i < ARRAY_LENGTH(sides); i++) {
            double left = x - width / 2 + sides[i][0] * (7 + width / 2), base = y + (sides[i][1] > 0 ? 16 : -8);
            struct box box = {left - 1, base - 9.5, left + width + 1, base + 2.5};
            /* What is seen of a figure is lower than its box. */
            struct box ink = {left - 1, base - 7.5, left + width + 1, base + 1};
            if (frame_is_free(builder, &box) && is_clear(builder, plan, &ink)) {
                builder_text(builder, "rate", text, left, base, style);
                break;
            }
        }
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
        buf_addf(&text, "%s %.30s up to %s %.16s at %s %.16s", i > 0 ? ";" : "", shown_name(series),
                 chart_figure(x, most, (double)NAN), chart->x.unit, chart_figure(y, latency, (double)NAN),
                 chart->y.unit);
    }
    buf_adds(&text, ".");
    encode_plain_capped(&capped, str_of(buf_text(&text)), ALT_MAX);
    return arena_strdup(&builder->layout->arena, buf_text(&capped));
}

static int lay_out(struct builder *builder, struct plan *plan, struct err *err)
{
    const struct serving_chart *chart = plan->chart;
    struct chart_layout *layout = builder->layout;
    struct range x, y;
    find_ranges(chart, &x, &y);
    const char *subtitle = frame_subtitle(builder, chart->subtitle, is_wide(&x), is_wide(&y));
    double moved = builder_heading(builder, chart->title, subtitle);
    plan->plot.top = PLOT_TOP + moved;
    /* Room for a name of each line at the right. */
    plan->plot.bottom = plan->plot.top + fmax(PLOT_HEIGHT, LABEL_STEP * (double)chart->series_count);
    make_axes(builder, plan, &x, &y);
    frame_draw_y(builder, &plan->y, &plan->plot);
    frame_draw_x(builder, &plan->x, &plan->plot);
    frame_add_panel(builder, chart->y.title, &plan->y, &plan->plot);
    draw_words(builder, plan);
    for (size_t i = 0; i < chart->series_count; i++) {
        draw_tails(builder, plan, i);
    }
    for (size_t i = 0; i < chart->series_count; i++) {
        draw_line(builder, plan, i);
    }
    draw_names(builder, plan);
    for (size_t i = 0; i < chart->series_count; i++) {
        draw_rates(builder, plan, i);
    }
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
    struct plan plan = {.chart = &cleaned};
    int result = clean(&layout.arena, chart, &cleaned, err);
    result = result < 0 ? result : lay_out(&builder, &plan, err);
    if (result < 0) {
        chart_layout_done(&layout);
        return result;
    }
    *ret = layout;
    return 0;
}
