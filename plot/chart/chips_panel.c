#include "plot/chart/chips.h"

#include <math.h>
#include <string.h>

#include "plot/chart/bars.h"
#include "plot/chart/frame.h"
#include "schema/base/str.h"
#include "schema/text/figure.h"

#define WHISKER_LEAST 4.0 /* px; shorter ones hide under the bar's end */
#define LABEL_GAP 5.0
#define DOT_RADIUS 4.5
#define FACTOR_GAP 9.0
#define FACTOR_LEAST 47.0
#define PANELS_APART 70.0 /* of two metrics, with the factors between them */
#define NARROW_GAP 20.0   /* between plot and factors: the end of a label beyond the plot */

/* Where the parts of one metric stand. */
struct panel_columns {
    double left, right;                /* of the bars */
    double label_limit;                /* value labels end before it */
    double interval_right, runs_right; /* 0 = no such column */
    double factor_x;
    enum text_anchor factor_anchor;
    const char *factor_head;
};

/* The words at the right of a row: the factor, and what stands below it where rows are high. */
struct factor_words {
    const char *factor, *below; /* NULL = none */
    bool open;                  /* the interval of the factor holds 1 */
};

static struct factor_words factor_words(struct builder *builder, const struct chips_plan *plan,
                                        const struct chart_row *row, size_t metric, bool short_words)
{
    const struct chart_value *value = &row->values[metric];
    struct factor_words words = {0};
    char text[FIGURE_SIZE];
    if (row->baseline || !isfinite(value->factor)) {
        words.factor = row->baseline && isfinite(value->value) ? "baseline" : NULL;
        return words;
    }
    bool known = isfinite(value->factor_low) && isfinite(value->factor_high);
    words.open = known && figure_factor_is_open(value->factor_low, value->factor_high);
    words.factor = words.open ? "≈ 1×" : arena_strdup(&builder->layout->arena, chart_factor_text(text, value->factor));
    if (plan->style.row < 34) {
        return words;
    }
    if (known && value->factor_low >= CHART_FACTOR_LEAST && value->factor_high <= CHART_FACTOR_MOST) {
        words.below =
            arena_strdup(&builder->layout->arena, figure_factor_range(text, value->factor_low, value->factor_high));
    } else if (!known && value->runs >= 0 && value->runs < CHIPS_FEW_RUNS) {
        words.below = short_words ? "few runs" : "too few runs";
    }
    return words;
}

/* The widest of them in the panels of a narrow picture. */
static double factor_width(struct builder *builder, const struct chips_plan *plan)
{
    double widest = 0;
    for (size_t i = 0; i < plan->row_count * plan->chart->metric_count; i++) {
        const struct chart_row *row = plan->rows[i / plan->chart->metric_count].row;
        if (row == NULL) {
            continue;
        }
        struct factor_words words = factor_words(builder, plan, row, i % plan->chart->metric_count, false);
        double size = row->baseline ? fmin(11, plan->style.factor_size) : plan->style.factor_size;
        widest =
            fmax(widest,
                 words.factor == NULL ? 0 : builder_text_width(builder, words.factor, size, plan->style.factor_weight));
        widest = fmax(widest, words.below == NULL ? 0 : builder_text_width(builder, words.below, 10, WEIGHT_REGULAR));
    }
    return widest;
}

static struct panel_columns two_metric_columns(struct builder *builder, const struct chips_plan *plan, double left,
                                               size_t metric)
{
    double factors = FACTOR_GAP + fmax(FACTOR_LEAST, plan->has_factors ? factor_width(builder, plan) : 0);
    double between = fmax(PANELS_APART, factors + 10);
    double width = (builder_right(builder) - left - factors - between) / 2;
    double x = metric == 0 ? left : left + width + between;
    return (struct panel_columns){
        .left = x,
        .right = x + width,
        .label_limit = x + width,
        .factor_x = x + width + FACTOR_GAP,
        .factor_anchor = ANCHOR_START,
    };
}

static struct panel_columns one_metric_columns(struct builder *builder, const struct chips_plan *plan, double left)
{
    struct panel_columns columns = {.left = left, .factor_x = builder_right(builder), .factor_anchor = ANCHOR_END};
    double right = builder_right(builder);
    if (plan->has_factors && builder_is_narrow(builder)) {
        right -= NARROW_GAP + factor_width(builder, plan);
    } else if (plan->has_factors) {
        columns.factor_head = arena_printf(&builder->layout->arena, "vs %s", plan->chart->baseline_name);
        if (columns.factor_head == NULL) {
            columns.factor_head = "";
        }
        columns.factor_head = builder_fit_middle(builder, columns.factor_head, 120, 11, WEIGHT_REGULAR);
        double head = builder_text_width(builder, columns.factor_head, 11, WEIGHT_REGULAR);
        right -= fmax(fmax(head, 52), factor_width(builder, plan)) + 26;
    }
    /* A narrow picture shows spread and few runs at the bars alone. */
    if (plan->has_runs && !builder_is_narrow(builder)) {
        columns.runs_right = right;
        right -= 48;
    }
    if (plan->has_intervals && !builder_is_narrow(builder)) {
        columns.interval_right = right;
        right -= 62;
    }
    columns.right = right - (plan->has_factors || plan->has_runs ? 0 : 34);
    columns.label_limit = fmin(columns.right + 14, builder_right(builder));
    return columns;
}

static struct panel_columns place_columns(struct builder *builder, const struct chips_plan *plan, size_t metric)
{
    double left = plan->note_right > 0 ? plan->note_right + 8 : plan->name_right + 10;
    return plan->chart->metric_count == 2 && !builder_is_narrow(builder)
               ? two_metric_columns(builder, plan, left, metric)
               : one_metric_columns(builder, plan, left);
}

double chips_panel_width(struct builder *builder, const struct chips_plan *plan)
{
    struct panel_columns columns = place_columns(builder, plan, 0);
    return columns.right - columns.left;
}

static bool is_drawable(double value)
{
    return isfinite(value) && value >= 0;
}

static const char *value_text(struct builder *builder, const struct chart_value *value)
{
    char text[FIGURE_SIZE];
    bool known = isfinite(value->low) && isfinite(value->high);
    double half = known ? (value->high - value->low) / 2 : (double)NAN;
    /* The interval may deserve more decimals than the value was given with: 2.96 stays 2.96. */
    int decimals = figure_decimals(value->value, (double)NAN);
    double unit = pow(10, -decimals);
    bool short_one = known && figure_decimals(value->value, half) > decimals &&
                     fabs(value->value - round(value->value / unit) * unit) < 1e-9 * fabs(value->value);
    half = short_one ? (double)NAN : half;
    const char *copy = arena_strdup(&builder->layout->arena, chart_figure(text, value->value, half));
    return copy != NULL ? copy : "";
}

/* Where the label of a value begins: behind the bar and its whisker. */
static double label_left(const struct scale *scale, const struct chart_value *value)
{
    double end = scale_px(scale, value->value) + (scale->logarithmic ? DOT_RADIUS : 0);
    if (isfinite(value->high) && isfinite(value->low) &&
        scale_px(scale, value->high) - scale_px(scale, value->low) >= WHISKER_LEAST) {
        end = fmax(end, scale_px(scale, value->high));
    }
    return end + LABEL_GAP;
}

static struct scale choose_scale(struct builder *builder, const struct chips_plan *plan,
                                 const struct panel_columns *columns, size_t metric)
{
    struct bar_label *labels = arena_alloc(&builder->layout->arena, plan->row_count, sizeof *labels);
    double largest = 0, least = (double)INFINITY;
    bool wide = chart_chips_are_wide(plan->chart, metric);
    for (size_t i = 0; i < plan->chart->row_count; i++) {
        const struct chart_value *value = &plan->chart->rows[i].values[metric];
        largest = is_drawable(value->value) ? fmax(largest, value->value) : largest;
        least = isfinite(value->value) && value->value > 0 ? fmin(least, value->value) : least;
        largest = isfinite(value->high) ? fmax(largest, value->high) : largest;
    }
    for (size_t i = 0; labels != NULL && i < plan->row_count; i++) {
        const struct chart_value *value = plan->rows[i].row == NULL ? NULL : &plan->rows[i].row->values[metric];
        if (value != NULL && is_drawable(value->value)) {
            labels[i].end = isfinite(value->high) ? fmax(value->value, value->high) : value->value;
            labels[i].width =
                LABEL_GAP + (wide ? DOT_RADIUS : 0) +
                builder_text_width(builder, value_text(builder, value), plan->style.value_size, WEIGHT_REGULAR);
        }
    }
    if (wide) {
        return bars_log_scale(least, largest, columns->left, columns->right - columns->left, columns->label_limit,
                              labels, labels != NULL ? plan->row_count : 0);
    }
    double tick_room = 10 + builder_text_width(builder, frame_tick_text(builder, largest), 11, WEIGHT_REGULAR);
    return bars_scale(largest, columns->left, columns->right - columns->left, columns->label_limit, tick_room, labels,
                      labels != NULL ? plan->row_count : 0);
}

static const char *tick_text(struct builder *builder, const struct scale *scale, double tick)
{
    char figure[FIGURE_SIZE];
    int decimals = scale_tick_decimals(scale);
    if (scale->logarithmic || scale->high >= 1e9 || decimals > 4) {
        return frame_tick_text(builder, tick);
    }
    const char *text = arena_strdup(&builder->layout->arena, figure_fixed(figure, tick, decimals));
    return text != NULL ? text : "";
}

static struct box tick_box(struct builder *builder, const struct scale *scale, size_t tick, double baseline_y)
{
    double x = scale_px(scale, scale->ticks[tick]);
    double half = builder_text_width(builder, tick_text(builder, scale, scale->ticks[tick]), 11, WEIGHT_REGULAR) / 2;
    return (struct box){x - half, baseline_y - 10, x + half, baseline_y + 2};
}

/* Where ticks are too close for all their numbers the last one has its own: the axis must tell where it ends. */
static void draw_ticks(struct builder *builder, const struct scale *scale, double baseline_y)
{
    struct text_style style = {11, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_MIDDLE};
    double free_from = -(double)INFINITY;
    for (size_t i = 0; i < scale->tick_count; i++) {
        const struct box box = tick_box(builder, scale, i, baseline_y);
        const struct box last = tick_box(builder, scale, scale->tick_count - 1, baseline_y);
        bool before = i + 1 == scale->tick_count || box.right < last.left - 6;
        if (box.left > free_from && before && frame_is_free(builder, &box)) {
            builder_text(builder, "tick", tick_text(builder, scale, scale->ticks[i]), scale_px(scale, scale->ticks[i]),
                         baseline_y, style);
            free_from = box.right + 6;
        }
    }
}

static void draw_axis(struct builder *builder, const struct chips_plan *plan, const struct scale *scale)
{
    const struct chart_colours *colours = builder->colours;
    for (size_t i = 0; i < scale->tick_count; i++) {
        double x = scale_px(scale, scale->ticks[i]);
        bool zero = i == 0 && !scale->logarithmic;
        builder_line(builder, zero ? "axis" : "grid", x, plan->plot_top - (zero ? 0 : 2), x, plan->plot_bottom,
                     zero ? 1.2 : 0.8, zero ? colours->axis : colours->grid);
    }
    draw_ticks(builder, scale, plan->plot_top - 8);
    if (plan->style.bands) {
        draw_ticks(builder, scale, plan->plot_bottom + 15);
    }
}

static void draw_panel_head(struct builder *builder, const struct chips_plan *plan, size_t metric,
                            const struct panel_columns *columns)
{
    const struct chart_metric *shown = &plan->chart->metrics[metric];
    const struct chart_colours *colours = builder->colours;
    if (plan->chart->metric_count < 2) {
        return;
    }
    struct text_style style = {13, WEIGHT_SEMIBOLD, colours->ink, ANCHOR_START};
    double y = plan->plot_top - 30;
    bool narrow = builder_is_narrow(builder);
    double left = narrow ? CHART_LEFT : columns->left, right = narrow ? builder_right(builder) : columns->right;
    double width = narrow ? builder_inner(builder) : columns->right - columns->left + 60;
    builder_text(builder, "panel", builder_fit_middle(builder, shown->title, width, 13, WEIGHT_SEMIBOLD), left,
                 y - (plan->stacked_heads ? 16 : 0), style);
    const char *direction =
        arena_printf(&builder->layout->arena,
                     shown->higher_is_better ? "%s · higher is better →" : "%s · ← lower is better", shown->unit);
    style = (struct text_style){11, WEIGHT_MEDIUM, colours->category_text[chips_metric_category(plan->chart, metric)],
                                plan->stacked_heads ? ANCHOR_START : ANCHOR_END};
    builder_text(builder, "direction",
                 builder_fit_middle(builder, direction != NULL ? direction : "", width, style.size, style.weight),
                 plan->stacked_heads ? left : right, y, style);
}

static void draw_column_heads(struct builder *builder, const struct chips_plan *plan,
                              const struct panel_columns *columns)
{
    struct text_style style = {11, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_END};
    double y = plan->plot_top - 8;
    if (columns->interval_right > 0) {
        builder_text(builder, "column", "95 % CI", columns->interval_right, y, style);
    }
    if (columns->runs_right > 0) {
        builder_text(builder, "column", "runs", columns->runs_right, y, style);
    }
    if (columns->factor_head != NULL) {
        builder_text(builder, "column", columns->factor_head, columns->factor_x, y, style);
    }
}

/* Whether a line at x would go through the label of a row. */
static bool label_is_at(struct builder *builder, const struct chips_plan *plan, const struct chips_row *drawn,
                        const struct scale *scale, size_t metric, double x)
{
    const struct chart_value *value = drawn->row != NULL ? &drawn->row->values[metric] : NULL;
    if (value == NULL) {
        return false;
    }
    double left = is_drawable(value->value) ? label_left(scale, value) : scale->x + LABEL_GAP;
    const char *text = is_drawable(value->value) ? value_text(builder, value) : "no data";
    return left - 3 < x && x < left + 3 + builder_text_width(builder, text, plan->style.value_size, WEIGHT_REGULAR);
}

/* From row to row, leaving out the labels it would go through. */
static void draw_baseline_line(struct builder *builder, const struct chips_plan *plan, const struct scale *scale,
                               size_t metric, double x)
{
    double from = plan->plot_top, half = fmin(plan->style.row / 2, plan->style.value_size);
    for (size_t i = 0; i <= plan->row_count; i++) {
        bool ends = i == plan->row_count;
        if (!ends && !label_is_at(builder, plan, &plan->rows[i], scale, metric, x)) {
            continue;
        }
        double to = ends ? plan->plot_bottom : plan->rows[i].y + plan->style.row / 2 - half;
        if (to - from > 1) {
            builder_line(builder, "baseline", x, from, x, to, 1, builder->colours->text)->dashed = true;
        }
        from = to + 2 * half;
    }
}

static void draw_baseline(struct builder *builder, const struct chips_plan *plan, const struct scale *scale,
                          size_t metric)
{
    for (size_t i = 0; i < plan->row_count; i++) {
        const struct chart_row *row = plan->rows[i].row;
        if (row != NULL && row->baseline && is_drawable(row->values[metric].value)) {
            draw_baseline_line(builder, plan, scale, metric, scale_px(scale, row->values[metric].value));
        }
    }
}

size_t chips_metric_category(const struct chip_chart *chart, size_t metric)
{
    bool same = chart->metric_count == 2 && chart->metrics[0].higher_is_better == chart->metrics[1].higher_is_better;
    return same ? metric : chart->metrics[metric].higher_is_better ? 0 : 1;
}

unsigned chips_bar_colour(const struct builder *builder, const struct chips_plan *plan, const struct chart_row *row,
                          size_t metric)
{
    if (row->baseline) {
        return builder->colours->baseline;
    }
    return builder->colours
        ->category[plan->has_groups ? chart_group_category(row->group) : chips_metric_category(plan->chart, metric)];
}

/* A dot on a thin line, since a bar's length would say nothing on a logarithmic axis. */
static struct chart_mark *draw_dot(struct builder *builder, const struct scale *scale, double value, double middle,
                                   unsigned colour)
{
    double x = scale_px(scale, value);
    builder_line(builder, "guide", scale->x, middle, x, middle, 1, builder->colours->grid);
    return builder_circle(builder, value > 0 ? "dot" : "zero", x, middle, value > 0 ? DOT_RADIUS : 0, colour);
}

static void draw_bar(struct builder *builder, const struct chips_plan *plan, const struct chips_row *drawn,
                     const struct scale *scale, size_t metric)
{
    const struct chart_row *row = drawn->row;
    const struct chart_value *value = &row->values[metric];
    const struct chart_metric *shown = &plan->chart->metrics[metric];
    double height = plan->style.row * plan->style.bar_share;
    double y = drawn->y + (plan->style.row - height) / 2;
    double width = scale_px(scale, value->value) - scale->x;
    unsigned colour = chips_bar_colour(builder, plan, row, metric);
    struct chart_mark *bar = scale->logarithmic ? draw_dot(builder, scale, value->value, y + height / 2, colour)
                                                : builder_rect(builder, "bar", scale->x, y, width, height, colour);
    bar->panel = shown->title;
    bar->series = row->group != NULL ? row->group : shown->title;
    bar->row = row->name;
    bar->value = value->value;
    bar->title = arena_printf(&builder->layout->arena, "%s%s%s: %s %s", row->name, row->variant != NULL ? " " : "",
                              row->variant != NULL ? row->variant : "", value_text(builder, value), shown->unit);
    if (value->runs >= 0 && value->runs < CHIPS_FEW_RUNS) {
        bar->stroke = 1.4;
        if (scale->logarithmic) {
            bar->outline = colour;
            bar->colour = builder->colours->background;
        } else {
            bar->shape = MARK_RECT_OUTLINE;
        }
    }
    if (!isfinite(value->low) || !isfinite(value->high)) {
        return;
    }
    double low = scale_px(scale, value->low), high = scale_px(scale, value->high), middle = y + height / 2;
    if (high - low >= WHISKER_LEAST) {
        builder_line(builder, "interval", low, middle, high, middle, 1.6, builder->colours->ink)->row = row->name;
        builder_line(builder, "interval", low, middle - 5, low, middle + 5, 1.6, builder->colours->ink)->row =
            row->name;
        builder_line(builder, "interval", high, middle - 5, high, middle + 5, 1.6, builder->colours->ink)->row =
            row->name;
    }
}

static void draw_value(struct builder *builder, const struct chips_plan *plan, size_t index, const struct scale *scale,
                       size_t metric)
{
    const struct chips_row *drawn = &plan->rows[index];
    const struct chart_value *value = &drawn->row->values[metric];
    double baseline = drawn->y + plan->style.row / 2 + plan->style.value_size * 0.36;
    struct text_style style = {plan->style.value_size, WEIGHT_REGULAR, builder->colours->text, ANCHOR_START};
    struct chart_text *text;
    if (is_drawable(value->value)) {
        text = builder_text(builder, "value", value_text(builder, value), label_left(scale, value), baseline, style);
    } else {
        style.colour = builder->colours->muted;
        text = builder_text(builder, "missing", isfinite(value->value) ? "invalid" : "no data", scale->x + LABEL_GAP,
                            baseline, style);
    }
    text->patch = true;
    text->patch_colour = plan->style.bands && index % 2 == 0 ? builder->colours->band : builder->colours->background;
}

/* The size at which a text beside the last panel ends at the margin. */
static double size_inside(const struct builder *builder, const struct panel_columns *columns, const char *text,
                          double size, enum text_weight weight)
{
    double room = builder_right(builder) - columns->factor_x, width = builder_text_width(builder, text, size, weight);
    return columns->factor_anchor == ANCHOR_START && width > room ? size * room / width : size;
}

/* "≈ 1×" where the interval holds 1; the factor's interval, or why there is none, below it in tall rows. */
static void draw_factor(struct builder *builder, const struct chips_plan *plan, const struct chips_row *drawn,
                        const struct panel_columns *columns, size_t metric)
{
    const struct chart_colours *colours = builder->colours;
    double size = plan->style.factor_size;
    double baseline = drawn->y + plan->style.row / 2 + size * 0.36;
    if (drawn->row->baseline && isfinite(drawn->row->values[metric].value)) {
        struct text_style style = {fmin(11, size), WEIGHT_REGULAR, colours->muted, columns->factor_anchor};
        builder_text(builder, "factor", "baseline", columns->factor_x, baseline, style);
        return;
    }
    struct factor_words words = factor_words(builder, plan, drawn->row, metric, columns->factor_anchor == ANCHOR_START);
    if (words.factor == NULL) {
        return;
    }
    struct text_style style = {size, words.open ? WEIGHT_REGULAR : plan->style.factor_weight, colours->ink,
                               columns->factor_anchor};
    style.size = size_inside(builder, columns, words.factor, size, style.weight);
    builder_text(builder, "factor", words.factor, columns->factor_x, words.below != NULL ? baseline - 6 : baseline,
                 style);
    if (words.below != NULL) {
        style = (struct text_style){size_inside(builder, columns, words.below, 10, WEIGHT_REGULAR), WEIGHT_REGULAR,
                                    colours->muted, columns->factor_anchor};
        builder_text(builder, "factor-interval", words.below, columns->factor_x, baseline + 8, style);
    }
}

static void draw_evidence(struct builder *builder, const struct chips_plan *plan, const struct chips_row *drawn,
                          const struct panel_columns *columns, size_t metric)
{
    const struct chart_value *value = &drawn->row->values[metric];
    double baseline = drawn->y + plan->style.row / 2 + plan->style.value_size * 0.36;
    struct text_style style = {plan->style.value_size, WEIGHT_REGULAR, builder->colours->text, ANCHOR_END};
    char text[FIGURE_SIZE];
    if (columns->interval_right > 0) {
        const char *shown = FIGURE_MISSING;
        if (isfinite(value->low) && isfinite(value->high) && is_drawable(value->value) && value->value > 0) {
            double percent = (value->high - value->low) / 2 / value->value * 100;
            char number[FIGURE_SIZE];
            shown = arena_printf(&builder->layout->arena, "±%s",
                                 figure_percent(number, percent, percent < 10 ? 1 : 0, false));
        }
        builder_text(builder, "interval-share", shown != NULL ? shown : "", columns->interval_right, baseline, style);
    }
    if (columns->runs_right > 0) {
        builder_text(builder, "runs", figure_count(text, value->runs), columns->runs_right, baseline, style);
    }
}

void chips_draw_panel(struct builder *builder, const struct chips_plan *plan, size_t metric)
{
    struct panel_columns columns = place_columns(builder, plan, metric);
    struct scale scale = choose_scale(builder, plan, &columns, metric);
    builder_panel(builder, plan->chart->metrics[metric].title, &scale, plan->plot_top,
                  plan->plot_bottom - plan->plot_top);
    draw_panel_head(builder, plan, metric, &columns);
    draw_column_heads(builder, plan, &columns);
    draw_axis(builder, plan, &scale);
    draw_baseline(builder, plan, &scale, metric);
    for (size_t i = 0; i < plan->row_count; i++) {
        const struct chips_row *drawn = &plan->rows[i];
        if (drawn->row == NULL) {
            continue;
        }
        if (is_drawable(drawn->row->values[metric].value)) {
            draw_bar(builder, plan, drawn, &scale, metric);
        }
        draw_value(builder, plan, i, &scale, metric);
        draw_evidence(builder, plan, drawn, &columns, metric);
        if (plan->has_factors) {
            draw_factor(builder, plan, drawn, &columns, metric);
        }
    }
}
