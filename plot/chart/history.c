#include "plot/chart/history.h"

#include <math.h>

#include "plot/chart/calendar.h"
#include "plot/chart/clean.h"
#include "plot/chart/history_plan.h"
#include "schema/base/str.h"
#include "schema/text/figure.h"

#define PLOT_TOP 126.0
#define PLOT_HEIGHT 252.0
#define SMALL_HEIGHT 70.0
#define SMALL_STEP 124.0
#define RUN_INSET 12.0
#define LABEL_GAP 8.0
#define LABEL_SIZE 13.0
#define LABEL_SIZE_MANY 11.5
#define LABEL_STEP 17.0
#define LABEL_SHARE 0.28
/* Farther above the highest median a run does not stretch the axis. */
#define FAR 4.0

static int clean(struct arena *arena, const struct history_chart *chart, struct history_chart *ret, struct err *err)
{
    struct history_series *series = arena_alloc(arena, chart->series_count + 1, sizeof *series);
    *ret = *chart;
    ret->title = clean_text(arena, chart->title, CLEAN_TEXT_MOST);
    ret->subtitle = clean_text(arena, chart->subtitle, CLEAN_TEXT_MOST);
    ret->alt = clean_text(arena, chart->alt, CLEAN_TEXT_MOST);
    ret->footer = clean_list(arena, chart->footer, chart->footer_count);
    ret->metric = clean_metric(arena, &chart->metric);
    ret->series = series;
    ret->series_count = 0;
    for (size_t i = 0; series != NULL && i < chart->series_count; i++) {
        for (size_t k = 0; k < chart->series[i].count; k++) {
            if (!(fabs(chart->series[i].runs[k].value) <= CLEAN_VALUE_MOST)) {
                err_set(err, ERR_DATA, "run %zu of %.60s: a value beyond %g cannot be drawn", k + 1,
                        chart->series[i].name, CLEAN_VALUE_MOST);
                return err_hint(err, "leave the row out, or choose a greater unit");
            }
        }
        if (chart->series[i].count > 0) {
            series[ret->series_count] = chart->series[i];
            series[ret->series_count++].name = clean_text(arena, chart->series[i].name, CLEAN_LINE_MOST);
        }
    }
    return arena_check(arena, err);
}

static int check_size(const struct history_chart *chart, struct err *err)
{
    size_t runs = 0;
    for (size_t i = 0; i < chart->series_count; i++) {
        runs += chart->series[i].count;
    }
    if (runs == 0) {
        err_set(err, ERR_NOTHING, "there is no run to draw");
        return err_hint(err, "a history needs at least one finite value");
    }
    if (runs > HISTORY_RUNS_MAX || chart->series_count > HISTORY_SERIES_MAX) {
        err_set(err, ERR_LIMIT, "a history shows at most %d runs of %d series, not %zu of %zu", HISTORY_RUNS_MAX,
                HISTORY_SERIES_MAX, runs, chart->series_count);
        return err_hint(err, "leave some out, or draw several pictures");
    }
    return 0;
}

static int make_lines(struct builder *builder, struct history_plan *plan, struct err *err)
{
    const struct history_chart *chart = plan->chart;
    struct arena *arena = &builder->layout->arena;
    plan->lines = arena_alloc(arena, chart->series_count, sizeof *plan->lines);
    plan->panels = arena_alloc(arena, chart->series_count, sizeof *plan->panels);
    if (plan->lines == NULL || plan->panels == NULL) {
        return arena_check(arena, err);
    }
    bool together = chart->series_count <= HISTORY_TOGETHER;
    for (size_t i = 0; i < chart->series_count; i++) {
        struct history_line *line = &plan->lines[plan->line_count++];
        *line = (struct history_line){.series = &chart->series[i], .category = together ? i : 0};
        int result = history_find_segments(arena, chart, line, err);
        if (result < 0) {
            return result;
        }
    }
    plan->panel_count = together ? 1 : plan->line_count;
    for (size_t i = 0; i < plan->panel_count; i++) {
        plan->panels[i] = (struct history_panel){
            .lines = &plan->lines[i], .line_count = together ? plan->line_count : 1, .label_rows = together ? 3 : 1};
    }
    return 0;
}

/* From zero, unless zoomed in; a single run far above all medians does not press the others into a line. */
static struct plane_axis value_axis(const struct history_panel *panel, bool zoom, double bottom, double top)
{
    double least = (double)INFINITY, most = -(double)INFINITY, median = -(double)INFINITY;
    for (size_t i = 0; i < panel->line_count; i++) {
        const struct history_line *line = &panel->lines[i];
        for (size_t k = 0; k < line->series->count; k++) {
            least = fmin(least, line->series->runs[k].value);
            most = fmax(most, line->series->runs[k].value);
        }
        for (size_t k = 0; k < line->segment_count; k++) {
            median = fmax(median, line->segments[k].median);
        }
        /* Of few runs none is an exception. */
        for (size_t k = 0; line->few && k < line->series->count; k++) {
            median = fmax(median, line->series->runs[k].value);
        }
    }
    if (median > 0 && most / FAR > median) {
        most = 1.5 * median;
    }
    return plane_axis(zoom ? least : fmin(0, least), most, false, bottom, top);
}

static void time_axis(struct history_plan *plan, double left, double right)
{
    double first = (double)INFINITY, last = -(double)INFINITY;
    for (size_t i = 0; i < plan->line_count; i++) {
        const struct history_series *series = plan->lines[i].series;
        first = fmin(first, series->runs[0].at);
        last = fmax(last, series->runs[series->count - 1].at);
    }
    double pad = last > first ? (last - first) * RUN_INSET / (right - left - 2 * RUN_INSET) : 1;
    plan->x = (struct plane_axis){.low = first - pad, .high = last + pad, .from = left, .to = right};
    if (!plan->chart->dated) {
        struct plane_axis round = plane_axis(first, last, false, left, right);
        for (size_t i = 0; i < round.tick_count && i < SCALE_TICKS_MAX; i++) {
            if (round.ticks[i] >= plan->x.low && round.ticks[i] <= plan->x.high) {
                plan->x.ticks[plan->x.tick_count++] = round.ticks[i];
            }
        }
    }
}

static const char *end_label(struct builder *builder, const struct history_plan *plan, const struct history_line *line)
{
    char text[FIGURE_SIZE];
    bool named = plan->line_count > 1 && plan->panel_count == 1;
    /* On a phone the unit stands at the axis alone, or the name would be cut. */
    const char *unit = named && builder_is_narrow(builder) ? "" : plan->chart->metric.unit;
    const char *made =
        arena_printf(&builder->layout->arena, "%s%s%s%s%s", named ? line->series->name : "", named ? " " : "",
                     chart_figure(text, history_now(line), (double)NAN), unit[0] != '\0' ? " " : "", unit);
    return made != NULL ? made : "";
}

static double label_size(const struct history_plan *plan)
{
    return plan->line_count > 1 ? LABEL_SIZE_MANY : LABEL_SIZE;
}

static void make_axes(struct builder *builder, struct history_plan *plan, double moved)
{
    double most = LABEL_SHARE * builder->layout->width, labels = 0, ticks = 34;
    for (size_t i = 0; i < plan->line_count; i++) {
        const char *text = end_label(builder, plan, &plan->lines[i]);
        labels = fmax(labels, builder_text_width(builder, text, label_size(plan), WEIGHT_BOLD));
    }
    bool single = plan->panel_count == 1;
    for (size_t i = 0; i < plan->panel_count; i++) {
        struct history_panel *panel = &plan->panels[i];
        panel->plot.top = PLOT_TOP + moved + (single ? 0 : 18 + SMALL_STEP * (double)i);
        panel->plot.bottom = panel->plot.top + (single ? PLOT_HEIGHT : SMALL_HEIGHT);
        panel->y = value_axis(panel, plan->chart->zoom, panel->plot.bottom, panel->plot.top);
        if (!single) {
            plane_thin(&panel->y);
        }
        ticks = fmax(ticks, frame_widest_tick(builder, &panel->y));
    }
    for (size_t i = 0; i < plan->panel_count; i++) {
        plan->panels[i].plot.left = CHART_LEFT + ticks + FRAME_TICK_GAP;
        plan->panels[i].plot.right = builder_right(builder) - fmin(labels, most) - LABEL_GAP;
    }
    time_axis(plan, plan->panels[0].plot.left, plan->panels[0].plot.right);
}

static void draw_time(struct builder *builder, const struct history_plan *plan, const struct box *plot)
{
    struct text_style style = {FRAME_TICK_SIZE, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_MIDDLE};
    if (!plan->chart->dated) {
        struct plane_axis axis = plan->x;
        for (size_t i = 0; i < axis.tick_count; i++) {
            const char *text = frame_tick_text(builder, axis.ticks[i]);
            double x = plane_px(&axis, axis.ticks[i]), half = builder_text_width(builder, text, style.size, 0) / 2;
            if (frame_is_free(builder,
                              &(struct box){x - half - 4, plot->bottom + 6, x + half + 4, plot->bottom + 20})) {
                builder_text(builder, "tick", text, x, plot->bottom + 15, style);
            }
        }
        return;
    }
    struct calendar_tick ticks[CALENDAR_TICKS_MAX];
    size_t count = calendar_ticks(plan->x.low, plan->x.high, builder_is_narrow(builder) ? 4 : 6, ticks);
    for (size_t i = 0; i < count; i++) {
        double x = plane_px(&plan->x, ticks[i].at),
               half = builder_text_width(builder, ticks[i].text, style.size, 0) / 2;
        half = fmax(half, builder_text_width(builder, ticks[i].below, style.size, 0) / 2);
        x = fmin(fmax(x, CHART_LEFT + half), builder_right(builder) - half);
        if (!frame_is_free(builder, &(struct box){x - half - 1, plot->bottom + 4, x + half + 3, plot->bottom + 32})) {
            /* The day or year of a tick without a place is that of the next one. */
            if (i + 1 < count && ticks[i + 1].below[0] == '\0') {
                text_copy(ticks[i + 1].below, sizeof ticks[i + 1].below, ticks[i].below);
            }
            continue;
        }
        builder_text(builder, "tick", ticks[i].text, x, plot->bottom + 15, style);
        if (ticks[i].below[0] != '\0') {
            builder_text(builder, "tick", ticks[i].below, x, plot->bottom + 28, style);
        }
    }
}

static void draw_end_labels(struct builder *builder, const struct history_plan *plan, const struct history_panel *panel)
{
    double places[HISTORY_TOGETHER];
    size_t order[HISTORY_TOGETHER] = {0}, count = panel->line_count;
    double size = label_size(plan), right = builder_right(builder);
    for (size_t i = 0; i < count; i++) {
        double y = plane_px(&panel->y, history_now(&panel->lines[i]));
        size_t at = i;
        for (; at > 0 && places[at - 1] > y; at--) {
            places[at] = places[at - 1];
            order[at] = order[at - 1];
        }
        places[at] = y;
        order[at] = i;
    }
    frame_spread(places, count, LABEL_STEP, panel->plot.top, panel->plot.bottom - 4);
    for (size_t i = 0; i < count; i++) {
        const struct history_line *line = &panel->lines[order[i]];
        const char *text = end_label(builder, plan, line);
        struct text_style style = {size, WEIGHT_BOLD, builder->colours->category_text[line->category], ANCHOR_START};
        const char *fitted =
            builder_fit_middle(builder, text, right - panel->plot.right - LABEL_GAP, size, WEIGHT_BOLD);
        struct chart_text *label =
            builder_text(builder, "value", fitted, panel->plot.right + LABEL_GAP, places[i] + 0.36 * size, style);
        label->full_text = fitted != text ? text : NULL;
    }
}

static void draw_headings(struct builder *builder, const struct history_plan *plan, const struct history_panel *panel)
{
    const struct history_chart *chart = plan->chart;
    bool single = plan->panel_count == 1, away = panel->y.low > 0;
    struct text_style style = {11, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_START};
    const char *unit = chart->metric.unit[0] != '\0' ? chart->metric.unit : chart->metric.title;
    const char *words =
        arena_printf(&builder->layout->arena, "%s · %s better%s", unit, chart->metric.higher_is_better ? "↑" : "↓",
                     away ? " · axis does not start at zero" : "");
    double x = CHART_LEFT, y = panel->plot.top - (single ? 26 : 32), room = builder_inner(builder);
    if (!single) {
        struct text_style name = {13, WEIGHT_SEMIBOLD, builder->colours->ink, ANCHOR_START};
        const char *text = builder_fit_middle(builder, panel->lines->series->name, 0.6 * room, name.size, name.weight);
        builder_text(builder, "panel", text, x, y, name)->full_text = panel->lines->series->name;
        x += builder_text_width(builder, text, name.size, name.weight) + 10;
    }
    room = builder_right(builder) - x;
    builder_text(builder, "direction",
                 builder_fit_middle(builder, words != NULL ? words : "", room, 11, WEIGHT_REGULAR), x, y, style);
}

static int lay_out(struct builder *builder, struct history_plan *plan, struct err *err)
{
    const struct history_chart *chart = plan->chart;
    struct chart_layout *layout = builder->layout;
    double moved = builder_heading(builder, chart->title, chart->subtitle);
    int result = make_lines(builder, plan, err);
    if (result < 0) {
        return result;
    }
    make_axes(builder, plan, moved);
    const struct box *last = &plan->panels[plan->panel_count - 1].plot;
    for (size_t i = 0; i < plan->panel_count; i++) {
        const struct history_panel *panel = &plan->panels[i];
        frame_draw_y(builder, &panel->y, &panel->plot);
        frame_add_panel(builder, panel->line_count > 1 ? chart->metric.title : panel->lines->series->name, &panel->y,
                        &panel->plot);
        draw_headings(builder, plan, panel);
        history_draw_panel(builder, plan, panel);
        draw_end_labels(builder, plan, panel);
    }
    draw_time(builder, plan, last);
    size_t lines = builder_footer_lines(builder, chart->footer, chart->footer_count);
    layout->height = ceil(last->bottom + 52 + 13.5 * (double)(lines > 0 ? lines : 1));
    builder_footer(builder, chart->footer, chart->footer_count);
    layout->title = chart->title;
    layout->alt = chart->alt != NULL ? chart->alt : history_alt_text(builder, plan);
    return arena_check(&layout->arena, err);
}

int chart_lay_out_history(const struct history_chart *chart, enum chart_theme theme, const struct text_measure *measure,
                          struct chart_layout *ret, struct err *err)
{
    int result = check_size(chart, err);
    if (result < 0) {
        return result;
    }
    struct chart_layout layout = {.width = chart->width > 0 ? chart->width : CHART_WIDTH,
                                  .background = chart_colours(theme)->background};
    struct builder builder = {.layout = &layout, .measure = measure, .colours = chart_colours(theme)};
    struct history_chart cleaned;
    struct history_plan plan = {.chart = &cleaned};
    result = clean(&layout.arena, chart, &cleaned, err);
    result = result < 0 ? result : lay_out(&builder, &plan, err);
    if (result < 0) {
        chart_layout_done(&layout);
        return result;
    }
    *ret = layout;
    return 0;
}
