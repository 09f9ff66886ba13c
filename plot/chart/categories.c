#include "plot/chart/categories.h"

#include <math.h>

#include "plot/chart/bars.h"
#include "plot/chart/clean.h"
#include "plot/chart/frame.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

#define PLOT_TOP 134.0
#define NAME_SIZE 13.0
#define NAME_SHARE 0.26
#define VALUE_SIZE 11.5
#define VALUE_GAP 5.0
#define RATIO_WIDTH 64.0
#define RATIO_HEAD_MOST 90.0
#define RATIO_HEAD_STEP 14.0
#define GROUP_GAP 14.0
#define LEGEND_STEP 17.0
#define ALT_MAX 250

struct plan {
    const struct categories_chart *chart;
    double bar, gap; /* height of a bar, and from bar to bar */
    double name_size;
    double top, bottom, right;
    double ratio_right;
    double head; /* height of a line for the heading of the ratios; 0 = beside the ticks */
    struct scale scale;
    double zero; /* px */
};

static int clean(struct arena *arena, const struct categories_chart *chart, struct categories_chart *ret,
                 struct err *err)
{
    struct category_row *rows = arena_alloc(arena, chart->row_count + 1, sizeof *rows);
    const char **series = arena_alloc(arena, chart->series_count + 1, sizeof *series);
    *ret = *chart;
    ret->title = clean_text(arena, chart->title, CLEAN_TEXT_MOST);
    ret->subtitle = clean_text(arena, chart->subtitle, CLEAN_TEXT_MOST);
    ret->alt = clean_text(arena, chart->alt, CLEAN_TEXT_MOST);
    ret->footer = clean_list(arena, chart->footer, chart->footer_count);
    ret->metric = clean_metric(arena, &chart->metric);
    ret->rows = rows;
    ret->series = series;
    if (rows == NULL || series == NULL) {
        return arena_check(arena, err);
    }
    for (size_t i = 0; i < chart->series_count; i++) {
        series[i] = clean_text(arena, chart->series[i], CLEAN_LINE_MOST);
    }
    for (size_t i = 0; i < chart->row_count; i++) {
        rows[i] = (struct category_row){clean_text(arena, chart->rows[i].name, CLEAN_LINE_MOST), chart->rows[i].values};
        for (size_t k = 0; k < chart->series_count; k++) {
            double value = rows[i].values[k];
            if (isfinite(value) && fabs(value) > CLEAN_VALUE_MOST) {
                err_set(err, ERR_DATA, "row %zu: a value beyond %g cannot be drawn", i + 1, CLEAN_VALUE_MOST);
                return err_hint(err, "leave the cell empty, or choose a greater unit");
            }
        }
    }
    return arena_check(arena, err);
}

static const char *value_text(struct builder *builder, double value)
{
    char text[FIGURE_SIZE];
    const char *made = arena_strdup(&builder->layout->arena, chart_figure(text, value, (double)NAN));
    return made != NULL ? made : "";
}

static double largest_value(const struct categories_chart *chart)
{
    double most = 0;
    for (size_t i = 0; i < chart->row_count; i++) {
        for (size_t k = 0; k < chart->series_count; k++) {
            most = fmax(most, isfinite(chart->rows[i].values[k]) ? chart->rows[i].values[k] : 0);
        }
    }
    return most;
}

static void make_scale(struct builder *builder, struct plan *plan, double left)
{
    const struct categories_chart *chart = plan->chart;
    size_t count = chart->row_count * chart->series_count;
    struct bar_label *labels = arena_alloc(&builder->layout->arena, count, sizeof *labels);
    for (size_t i = 0; labels != NULL && i < count; i++) {
        double value = chart->rows[i / chart->series_count].values[i % chart->series_count];
        if (isfinite(value) && value > 0) {
            double text = builder_text_width(builder, value_text(builder, value), VALUE_SIZE, WEIGHT_REGULAR);
            labels[i] = (struct bar_label){value, VALUE_GAP + text};
        }
    }
    double largest = largest_value(chart);
    double tick_room = 10 + builder_text_width(builder, frame_tick_text(builder, largest), 11, WEIGHT_REGULAR);
    plan->scale =
        bars_scale(largest, left, plan->right - left, plan->right, tick_room, labels, labels != NULL ? count : 0);
}

/* Room for the names: the widest, up to a share of the picture. */
static void place_names(struct builder *builder, struct plan *plan)
{
    double most = (builder_is_narrow(builder) ? 0.3 : NAME_SHARE) * builder->layout->width, widest = 40;
    for (size_t i = 0; i < plan->chart->row_count; i++) {
        widest = fmax(widest, builder_text_width(builder, plan->chart->rows[i].name, plan->name_size, WEIGHT_MEDIUM));
    }
    plan->zero = CHART_LEFT + fmin(widest, most) + 10;
}

static void draw_name(struct builder *builder, const struct plan *plan, const char *name, double middle)
{
    struct text_style style = {plan->name_size, WEIGHT_MEDIUM, builder->colours->ink, ANCHOR_END};
    double room = plan->zero - 10 - CHART_LEFT + 0.5;
    struct bar_name fitted = bars_fit_name(builder, name, room, style.size, style.weight,
                                           (size_t)(plan->gap * (double)plan->chart->series_count / 13));
    bars_draw_name(builder, &fitted, name, plan->zero - 10, middle, style);
}

/* Swatches with the names of the series, wrapped; the height beyond the first line. */
static double draw_legend(struct builder *builder, const struct plan *plan, double y)
{
    double x = CHART_LEFT, first = y;
    struct text_style style = {VALUE_SIZE, WEIGHT_REGULAR, builder->colours->text, ANCHOR_START};
    for (size_t i = 0; i < plan->chart->series_count; i++) {
        const char *text =
            builder_fit_middle(builder, plan->chart->series[i], builder_inner(builder) - 16, style.size, style.weight);
        double width = 14 + builder_text_width(builder, text, style.size, style.weight);
        if (x > CHART_LEFT && x + width > builder_right(builder)) {
            x = CHART_LEFT;
            y += LEGEND_STEP;
        }
        builder_rect(builder, "swatch", x, y - 9, 10, 10, builder->colours->category[i])->series =
            plan->chart->series[i];
        builder_text(builder, "legend", text, x + 14, y, style);
        x += width + 18;
    }
    return y - first;
}

static const char *ratio_head(struct builder *builder, const struct plan *plan)
{
    const char *text = arena_printf(&builder->layout->arena, "vs %s", plan->chart->series[0]);
    bool fits = text != NULL && builder_text_width(builder, text, FRAME_TICK_SIZE, WEIGHT_REGULAR) <= RATIO_HEAD_MOST;
    return fits ? text : "vs first";
}

/* Over the ratios: what they refer to. It takes a line of its own above the ticks where the last of those needs the
 * room; returns the height of that line. */
static double ratio_head_height(struct builder *builder, const struct plan *plan)
{
    if (plan->chart->series_count < 2 || plan->scale.tick_count == 0) {
        return 0;
    }
    double tick = plan->scale.ticks[plan->scale.tick_count - 1];
    double width = builder_text_width(builder, frame_tick_text(builder, tick), FRAME_TICK_SIZE, WEIGHT_REGULAR);
    double head = builder_text_width(builder, ratio_head(builder, plan), FRAME_TICK_SIZE, WEIGHT_REGULAR);
    return scale_px(&plan->scale, tick) + width / 2 + 6 > plan->ratio_right - head ? RATIO_HEAD_STEP : 0;
}

static void draw_ratio_head(struct builder *builder, const struct plan *plan)
{
    struct text_style style = {FRAME_TICK_SIZE, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_END};
    if (plan->chart->series_count > 1) {
        builder_text(builder, "column", ratio_head(builder, plan), plan->ratio_right, plan->top - 8 - plan->head,
                     style);
    }
}

static void draw_axis(struct builder *builder, const struct plan *plan)
{
    const struct chart_colours *colours = builder->colours;
    struct text_style style = {FRAME_TICK_SIZE, WEIGHT_REGULAR, colours->muted, ANCHOR_MIDDLE};
    draw_ratio_head(builder, plan);
    for (size_t i = 0; i < plan->scale.tick_count; i++) {
        double x = scale_px(&plan->scale, plan->scale.ticks[i]);
        const char *text = frame_tick_text(builder, plan->scale.ticks[i]);
        double half = builder_text_width(builder, text, style.size, style.weight) / 2;
        builder_line(builder, "grid", x, plan->top, x, plan->bottom, 0.8, colours->grid);
        if (frame_is_free(builder, &(struct box){x - half - 3, plan->top - 18, x + half + 3, plan->top - 6})) {
            builder_text(builder, "tick", text, x, plan->top - 8, style);
        }
    }
    struct text_style heading = {13, WEIGHT_SEMIBOLD, colours->ink, ANCHOR_START};
    struct text_style direction = {11, WEIGHT_MEDIUM, colours->category_text[0], ANCHOR_END};
    const struct chart_metric *metric = &plan->chart->metric;
    const char *words =
        arena_printf(&builder->layout->arena, "%s%s%s", metric->unit, metric->unit[0] != '\0' ? " · " : "",
                     metric->higher_is_better ? "higher is better →" : "← lower is better");
    words = builder_fit_middle(builder, words != NULL ? words : "", 0.5 * builder_inner(builder), 11, WEIGHT_MEDIUM);
    double room = builder_inner(builder) - builder_text_width(builder, words, 11, WEIGHT_MEDIUM) - 12;
    const char *title = builder_fit_middle(builder, metric->title, room, heading.size, heading.weight);
    double left =
        fmin(plan->zero, CHART_LEFT + fmax(0, room - builder_text_width(builder, title, 13, WEIGHT_SEMIBOLD)));
    builder_text(builder, "panel", title, left, plan->top - 30 - plan->head, heading);
    builder_text(builder, "direction", words, builder_right(builder), plan->top - 30 - plan->head, direction);
    builder_line(builder, "axis", plan->zero, plan->top, plan->zero, plan->bottom, 1.2, colours->axis);
}

/* > 1 is better than the first series of the group. */
static double ratio_of(const struct plan *plan, const struct category_row *row, size_t series)
{
    double first = row->values[0], value = row->values[series];
    if (series == 0 || !(first > 0) || !(value > 0) || !isfinite(first) || !isfinite(value)) {
        return (double)NAN;
    }
    return plan->chart->metric.higher_is_better ? value / first : first / value;
}

static void draw_bar(struct builder *builder, const struct plan *plan, const struct category_row *row, size_t series,
                     double y)
{
    const struct chart_colours *colours = builder->colours;
    double value = row->values[series], baseline = y + plan->bar / 2 + 0.36 * VALUE_SIZE;
    struct text_style style = {VALUE_SIZE, WEIGHT_REGULAR, colours->text, ANCHOR_START};
    if (!isfinite(value) || value < 0) {
        style.colour = colours->muted;
        builder_text(builder, "missing", isfinite(value) ? "below zero" : "no data", plan->zero + VALUE_GAP, baseline,
                     style);
        return;
    }
    double end = scale_px(&plan->scale, value);
    struct chart_mark *bar =
        builder_rect(builder, "bar", plan->zero, y, end - plan->zero, plan->bar, colours->category[series]);
    const char *text = value_text(builder, value);
    bar->value = value;
    bar->row = row->name;
    bar->series = plan->chart->series[series];
    bar->panel = plan->chart->metric.title;
    bar->title = arena_printf(&builder->layout->arena, "%s, %s: %s %s", row->name, plan->chart->series[series], text,
                              plan->chart->metric.unit);
    builder_text(builder, "value", text, end + VALUE_GAP, baseline, style)->patch = true;
    builder->layout->texts[builder->layout->text_count > 0 ? builder->layout->text_count - 1 : 0].patch_colour =
        colours->background;
    double ratio = ratio_of(plan, row, series);
    if (isfinite(ratio)) {
        char factor[FIGURE_SIZE];
        const char *shown = chart_factor_text(factor, ratio);
        struct text_style bold = {VALUE_SIZE, WEIGHT_BOLD, colours->ink, ANCHOR_END};
        builder_text(builder, "factor", shown, plan->ratio_right, baseline, bold);
    }
}

static const char *alt_text(struct builder *builder, const struct categories_chart *chart)
{
    struct buf text autobuf = BUF(8192), capped autobuf = BUF(4096);
    size_t missing = 0, best_row = 0, best_series = 0;
    double best = (double)NAN;
    for (size_t i = 0; i < chart->row_count; i++) {
        for (size_t k = 0; k < chart->series_count; k++) {
            double value = chart->rows[i].values[k];
            missing += isfinite(value) ? 0 : 1;
            if (isfinite(value) &&
                (!isfinite(best) || (chart->metric.higher_is_better ? value > best : value < best))) {
                best = value;
                best_row = i;
                best_series = k;
            }
        }
    }
    buf_addf(&text, "Grouped bar chart of %.50s in %zu categor%s of", chart->metric.title, chart->row_count,
             chart->row_count == 1 ? "y" : "ies");
    for (size_t k = 0; k < chart->series_count; k++) {
        buf_addf(&text, "%s %.24s", k > 0 ? "," : "", chart->series[k]);
    }
    buf_addf(&text, "; best %.30s in %.30s (%s %.20s)", chart->series[best_series], chart->rows[best_row].name,
             value_text(builder, best), chart->metric.unit);
    if (missing > 0) {
        buf_addf(&text, ", %zu without data", missing);
    }
    buf_adds(&text, ".");
    encode_plain_capped(&capped, str_of(buf_text(&text)), ALT_MAX);
    return arena_strdup(&builder->layout->arena, buf_text(&capped));
}

static int lay_out(struct builder *builder, struct plan *plan, struct err *err)
{
    const struct categories_chart *chart = plan->chart;
    struct chart_layout *layout = builder->layout;
    double moved = builder_heading(builder, chart->title, chart->subtitle);
    bool dense = chart->row_count * chart->series_count > 40;
    plan->bar = dense ? 12 : 14;
    plan->gap = plan->bar + 2;
    plan->name_size = dense ? 12 : NAME_SIZE;
    plan->top = PLOT_TOP + moved + draw_legend(builder, plan, 84 + moved) + 12;
    double group = plan->gap * (double)chart->series_count + GROUP_GAP;
    plan->ratio_right = builder_right(builder);
    plan->right = plan->ratio_right - (chart->series_count > 1 ? RATIO_WIDTH : 0);
    place_names(builder, plan);
    make_scale(builder, plan, plan->zero);
    plan->head = ratio_head_height(builder, plan);
    plan->top += plan->head;
    plan->bottom = plan->top + group * (double)chart->row_count;
    draw_axis(builder, plan);
    builder_panel(builder, chart->metric.title, &plan->scale, plan->top, plan->bottom - plan->top);
    for (size_t i = 0; i < chart->row_count; i++) {
        double y = plan->top + group * (double)i + GROUP_GAP / 2;
        draw_name(builder, plan, chart->rows[i].name, y + (group - GROUP_GAP) / 2);
        for (size_t k = 0; k < chart->series_count; k++) {
            draw_bar(builder, plan, &chart->rows[i], k, y + plan->gap * (double)k);
        }
    }
    size_t lines = builder_footer_lines(builder, chart->footer, chart->footer_count);
    layout->height = ceil(plan->bottom + 28 + 13.5 * (double)(lines > 0 ? lines : 1) + 6);
    builder_footer(builder, chart->footer, chart->footer_count);
    layout->title = chart->title;
    layout->alt = chart->alt != NULL ? chart->alt : alt_text(builder, chart);
    return arena_check(&layout->arena, err);
}

static int check_size(const struct categories_chart *chart, struct err *err)
{
    if (chart->row_count > CATEGORIES_ROWS_MAX || chart->series_count > CATEGORIES_SERIES_MAX) {
        err_set(err, ERR_LIMIT, "%zu categories of %zu series are more than a chart shows", chart->row_count,
                chart->series_count);
        return err_hint(err, "at most %d of %d; leave some out, or draw several pictures", CATEGORIES_ROWS_MAX,
                        CATEGORIES_SERIES_MAX);
    }
    for (size_t i = 0; i < chart->row_count; i++) {
        for (size_t k = 0; k < chart->series_count; k++) {
            if (isfinite(chart->rows[i].values[k])) {
                return 0;
            }
        }
    }
    err_set(err, ERR_NOTHING, "there is no value to draw");
    return err_hint(err, "grouped bars need at least one category with a finite value");
}

int chart_lay_out_categories(const struct categories_chart *chart, enum chart_theme theme,
                             const struct text_measure *measure, struct chart_layout *ret, struct err *err)
{
    int result = check_size(chart, err);
    if (result < 0) {
        return result;
    }
    struct chart_layout layout = {.width = chart->width > 0 ? chart->width : CHART_WIDTH,
                                  .background = chart_colours(theme)->background};
    struct builder builder = {.layout = &layout, .measure = measure, .colours = chart_colours(theme)};
    struct categories_chart cleaned;
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
