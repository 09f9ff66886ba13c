#include "plot/chart/sustained.h"

#include <math.h>

#include "plot/chart/clean.h"
#include "plot/chart/frame.h"
#include "schema/base/str.h"
#include "schema/stats/order.h"
#include "schema/stats/quantile.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

#define PLOT_TOP 126.0
#define PLOT_HEIGHT 252.0
#define SMALL_HEIGHT 70.0
#define SMALL_STEP 122.0
#define SHARE_WIDTH 66.0
#define WINDOW 1.0      /* s */
#define TIME_CLOSE 0.02 /* of the time shown */
#define ALT_MAX 250

struct plan {
    const struct sustained_chart *chart;
    struct plane_axis x;
    bool single;
    double left; /* of all plots */
};

static double median_of(struct arena *arena, const struct sustained_sample *samples, size_t count)
{
    double *values = arena_alloc(arena, count, sizeof *values);
    if (values == NULL || count == 0) {
        return (double)NAN;
    }
    for (size_t i = 0; i < count; i++) {
        values[i] = samples[i].value;
    }
    stats_sort(values, count);
    return stats_median(values, count);
}

double sustained_share(const struct sustained_series *series)
{
    struct arena arena = {0};
    double start = series->samples[0].at, third = (series->samples[series->count - 1].at - start) / 3;
    size_t first = 0, last = series->count;
    while (first < series->count && series->samples[first].at <= start + third) {
        first++;
    }
    while (last > 0 && series->samples[last - 1].at >= start + 2 * third) {
        last--;
    }
    double early = median_of(&arena, series->samples, first);
    double late = median_of(&arena, series->samples + last, series->count - last);
    arena_done(&arena);
    return third > 0 && early > 0 ? late / early * 100 : (double)NAN;
}

static int clean(struct arena *arena, const struct sustained_chart *chart, struct sustained_chart *ret, struct err *err)
{
    struct sustained_series *series = arena_alloc(arena, chart->series_count + 1, sizeof *series);
    *ret = *chart;
    ret->title = clean_text(arena, chart->title, CLEAN_TEXT_MOST);
    ret->subtitle = clean_text(arena, chart->subtitle, CLEAN_TEXT_MOST);
    ret->alt = clean_text(arena, chart->alt, CLEAN_TEXT_MOST);
    ret->footer = clean_list(arena, chart->footer, chart->footer_count);
    ret->metric = clean_metric(arena, &chart->metric);
    ret->series = series;
    ret->series_count = 0;
    for (size_t i = 0; series != NULL && i < chart->series_count; i++) {
        struct sustained_series copy = chart->series[i];
        for (size_t k = 0; k < copy.count; k++) {
            if (!(fabs(copy.samples[k].value) <= CLEAN_VALUE_MOST) || !(fabs(copy.samples[k].at) <= CLEAN_VALUE_MOST)) {
                err_set(err, ERR_DATA, "sample %zu of %.60s: a value beyond %g cannot be drawn", k + 1, copy.name,
                        CLEAN_VALUE_MOST);
                return err_hint(err, "leave the row out, or choose a greater unit");
            }
        }
        copy.name = clean_text(arena, copy.name, CLEAN_LINE_MOST);
        if (copy.count > 0) {
            series[ret->series_count++] = copy;
        }
    }
    return arena_check(arena, err);
}

/* A point in the middle of each second that has samples. */
static size_t make_line(struct builder *builder, const struct plan *plan, const struct sustained_series *series,
                        const struct plane_axis *y, struct chart_point *points)
{
    size_t count = 0;
    struct arena scratch = {0};
    for (size_t from = 0, to; from < series->count; from = to) {
        double start = floor(series->samples[from].at / WINDOW) * WINDOW, sum = 0;
        for (to = from; to < series->count && (to == from || series->samples[to].at < start + WINDOW); to++) {
            sum += series->samples[to].at;
        }
        double median =
            to - from == 1 ? series->samples[from].value : median_of(&scratch, &series->samples[from], to - from);
        points[count++] = (struct chart_point){plane_px(&plan->x, sum / (double)(to - from)), plane_px(y, median)};
        arena_done(&scratch);
    }
    (void)builder;
    return count;
}

static void draw_band(struct builder *builder, const struct plan *plan, const struct box *plot, double from, double to,
                      const char *reason)
{
    double left = plane_px(&plan->x, from), right = fmax(plane_px(&plan->x, to), left + 1);
    struct chart_mark *band = builder_rect(builder, "throttled", left, plot->top, right - left,
                                           plot->bottom - plot->top, builder->colours->category[1]);
    band->opacity = 0.16;
    band->title = reason;
    band->row = reason;
    struct text_style style = {10, WEIGHT_MEDIUM, builder->colours->category_text[1], ANCHOR_MIDDLE};
    const char *text = builder_fit_middle(builder, reason, fmax(right - left, 110), style.size, style.weight);
    double half = builder_text_width(builder, text, style.size, style.weight) / 2;
    double middle = fmin(fmax((left + right) / 2, plot->left + half), builder_right(builder) - half);
    for (int row = 0; row < (plan->single ? 2 : 1); row++) {
        double y = plot->top - 6 - 14 * row;
        if (frame_is_free(builder, &(struct box){middle - half - 3, y - 9.5, middle + half + 3, y + 2.5})) {
            builder_text(builder, "reason", text, middle, y, style)->full_text = text != reason ? reason : NULL;
            return;
        }
    }
}

/* Stretches of samples with the same reason; each lasts until the first sample without it. */
static void draw_bands(struct builder *builder, const struct plan *plan, const struct sustained_series *series,
                       const struct box *plot)
{
    for (size_t from = 0, to; from < series->count; from = to) {
        const char *reason = series->samples[from].reason;
        for (to = from + 1; to < series->count && reason != NULL && series->samples[to].reason != NULL &&
                            text_equal(series->samples[to].reason, reason);) {
            to++;
        }
        if (reason != NULL) {
            double end = series->samples[to < series->count ? to : series->count - 1].at;
            draw_band(builder, plan, plot, series->samples[from].at, end,
                      clean_text(&builder->layout->arena, reason, CLEAN_LINE_MOST));
        }
    }
}

static void draw_share(struct builder *builder, const struct sustained_series *series, const struct box *plot)
{
    char text[FIGURE_SIZE];
    double share = sustained_share(series), y = (plot->top + plot->bottom) / 2;
    const char *words = !isfinite(share) ? "–"
                        : share >= 1e5   ? arena_printf(&builder->layout->arena, "%.0e\u202f%%", share)
                                         : figure_percent(text, share, 0, false);
    struct text_style style = {13, WEIGHT_BOLD, builder->colours->ink, ANCHOR_END};
    builder_text(builder, "share", words != NULL ? words : "", builder_right(builder), y, style);
    style = (struct text_style){9.5, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_END};
    builder_text(builder, "share", "last third", builder_right(builder), y + 14, style);
    builder_text(builder, "share", "÷ first", builder_right(builder), y + 26, style);
}

static void draw_heading(struct builder *builder, const struct plan *plan, const struct sustained_series *series,
                         const struct box *plot)
{
    const struct chart_metric *metric = &plan->chart->metric;
    struct text_style style = {11, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_START};
    double x = CHART_LEFT, y = plot->top - (plan->single ? 36 : 28);
    if (!plan->single) {
        struct text_style name = {13, WEIGHT_SEMIBOLD, builder->colours->ink, ANCHOR_START};
        const char *text =
            builder_fit_middle(builder, series->name, 0.6 * builder_inner(builder), name.size, name.weight);
        builder_text(builder, "panel", text, x, y, name)->full_text = text != series->name ? series->name : NULL;
        x += builder_text_width(builder, text, name.size, name.weight) + 10;
    }
    const char *words =
        arena_printf(&builder->layout->arena, "%s · %s better", metric->unit[0] != '\0' ? metric->unit : metric->title,
                     metric->higher_is_better ? "↑" : "↓");
    builder_text(
        builder, "direction",
        builder_fit_middle(builder, words != NULL ? words : "", builder_right(builder) - x, 11, WEIGHT_REGULAR), x, y,
        style);
}

static struct plane_axis value_axis(const struct plan *plan, const struct sustained_series *series,
                                    const struct box *plot)
{
    double least = 0, most = 0;
    for (size_t i = 0; i < series->count; i++) {
        least = fmin(least, series->samples[i].value);
        most = fmax(most, series->samples[i].value);
    }
    struct plane_axis axis = plane_axis(least, most, false, plot->bottom, plot->top);
    if (!plan->single) {
        plane_thin(&axis);
    }
    return axis;
}

static void draw_series(struct builder *builder, const struct plan *plan, const struct sustained_series *series,
                        const struct box *plot)
{
    struct plane_axis y = value_axis(plan, series, plot);
    struct chart_point *points = arena_alloc(&builder->layout->arena, series->count, sizeof *points);
    draw_heading(builder, plan, series, plot);
    draw_bands(builder, plan, series, plot);
    frame_draw_y(builder, &y, plot);
    frame_add_panel(builder, series->name, &y, plot);
    size_t count = points != NULL ? make_line(builder, plan, series, &y, points) : 0;
    struct chart_mark *line = builder_polyline(builder, "line", points, count, 1.8, builder->colours->category[0]);
    line->series = series->name;
    if (count == 1) {
        builder_circle(builder, "sample", points[0].x, points[0].y, 2, builder->colours->category[0]);
    }
    draw_share(builder, series, plot);
}

static struct box place(const struct builder *builder, const struct plan *plan, size_t index, double moved)
{
    double top = PLOT_TOP + moved + (plan->single ? 0 : SMALL_STEP * (double)index);
    return (struct box){plan->left, top, builder_right(builder) - SHARE_WIDTH,
                        top + (plan->single ? PLOT_HEIGHT : SMALL_HEIGHT)};
}

static void make_time(struct builder *builder, struct plan *plan)
{
    double first = (double)INFINITY, last = -(double)INFINITY, ticks = 34;
    for (size_t i = 0; i < plan->chart->series_count; i++) {
        const struct sustained_series *series = &plan->chart->series[i];
        struct plane_axis y = value_axis(plan, series, &(struct box){0, 0, 0, 100});
        first = fmin(first, series->samples[0].at);
        last = fmax(last, series->samples[series->count - 1].at);
        ticks = fmax(ticks, frame_widest_tick(builder, &y));
    }
    plan->left = CHART_LEFT + ticks + FRAME_TICK_GAP;
    plan->x = plane_axis(fmin(0, first), last, false, plan->left, builder_right(builder) - SHARE_WIDTH);
    /* The time ends with the data, not at the next round tick, unless that is close. */
    double span = last - plan->x.low, end = fmax(last, plan->x.ticks[1]);
    for (size_t i = plan->x.tick_count; i > 1 && plan->x.ticks[i - 1] >= last; i--) {
        end = plan->x.ticks[i - 1] - last <= TIME_CLOSE * span ? plan->x.ticks[i - 1] : end;
    }
    plan->x.high = end;
    while (plan->x.tick_count > 0 && plan->x.ticks[plan->x.tick_count - 1] > plan->x.high) {
        plan->x.tick_count--;
    }
}

static void draw_time(struct builder *builder, const struct plan *plan, const struct box *plot)
{
    struct text_style style = {FRAME_TICK_SIZE, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_MIDDLE};
    for (size_t i = 0; i < plan->x.tick_count; i++) {
        const char *text = frame_tick_text(builder, plan->x.ticks[i]);
        double x = plane_px(&plan->x, plan->x.ticks[i]),
               half = builder_text_width(builder, text, 11, WEIGHT_REGULAR) / 2;
        if (frame_is_free(builder, &(struct box){x - half - 3, plot->bottom + 7, x + half + 3, plot->bottom + 20})) {
            builder_text(builder, "tick", text, x, plot->bottom + 17, style);
        }
    }
    style.anchor = ANCHOR_END;
    builder_text(builder, "direction", "seconds since the start →", plot->right, plot->bottom + 36, style);
}

static const char *alt_text(struct builder *builder, const struct sustained_chart *chart)
{
    struct buf text autobuf = BUF(8192), capped autobuf = BUF(4096);
    buf_addf(&text, "Line chart of %.50s over time", chart->metric.title);
    for (size_t i = 0; i < chart->series_count && i < 4; i++) {
        const struct sustained_series *series = &chart->series[i];
        char figure[FIGURE_SIZE];
        size_t throttled = 0;
        for (size_t k = 0; k < series->count; k++) {
            throttled += series->samples[k].reason != NULL;
        }
        double share = sustained_share(series);
        buf_addf(&text, "; %.30s: last third at %s of the first%s", series->name,
                 isfinite(share) && share < 1e5 ? figure_percent(figure, share, 0, false) : "an unknown share",
                 throttled > 0 ? ", throttled at times" : "");
    }
    buf_adds(&text, ".");
    encode_plain_capped(&capped, str_of(buf_text(&text)), ALT_MAX);
    return arena_strdup(&builder->layout->arena, buf_text(&capped));
}

static int lay_out(struct builder *builder, struct plan *plan, struct err *err)
{
    const struct sustained_chart *chart = plan->chart;
    struct chart_layout *layout = builder->layout;
    double moved = builder_heading(builder, chart->title, chart->subtitle);
    struct box last = {0};
    plan->single = chart->series_count == 1;
    make_time(builder, plan);
    for (size_t i = 0; i < chart->series_count; i++) {
        last = place(builder, plan, i, moved);
        draw_series(builder, plan, &chart->series[i], &last);
    }
    draw_time(builder, plan, &last);
    size_t lines = builder_footer_lines(builder, chart->footer, chart->footer_count);
    layout->height = ceil(last.bottom + 62 + 13.5 * (double)(lines > 0 ? lines : 1));
    builder_footer(builder, chart->footer, chart->footer_count);
    layout->title = chart->title;
    layout->alt = chart->alt != NULL ? chart->alt : alt_text(builder, chart);
    return arena_check(&layout->arena, err);
}

static int check_size(const struct sustained_chart *chart, struct err *err)
{
    size_t samples = 0;
    for (size_t i = 0; i < chart->series_count; i++) {
        samples += chart->series[i].count;
    }
    if (samples == 0) {
        err_set(err, ERR_NOTHING, "there is no sample to draw");
        return err_hint(err, "a chart over time needs at least one row with a time and a value");
    }
    if (samples > SUSTAINED_SAMPLES_MAX || chart->series_count > SUSTAINED_SERIES_MAX) {
        err_set(err, ERR_LIMIT, "a chart over time shows at most %d samples of %d series", SUSTAINED_SAMPLES_MAX,
                SUSTAINED_SERIES_MAX);
        return err_hint(err, "leave some out, or draw several pictures");
    }
    return 0;
}

int chart_lay_out_sustained(const struct sustained_chart *chart, enum chart_theme theme,
                            const struct text_measure *measure, struct chart_layout *ret, struct err *err)
{
    int result = check_size(chart, err);
    if (result < 0) {
        return result;
    }
    struct chart_layout layout = {.width = chart->width > 0 ? chart->width : CHART_WIDTH,
                                  .background = chart_colours(theme)->background};
    struct builder builder = {.layout = &layout, .measure = measure, .colours = chart_colours(theme)};
    struct sustained_chart cleaned;
    struct plan plan = {.chart = &cleaned};
    result = clean(&layout.arena, chart, &cleaned, err);
    result = result < 0 ? result : lay_out(&builder, &plan, err);
    if (result < 0) {
        chart_layout_done(&layout);
        return result;
    }
    *ret = layout;
    return 0;
}
