#include "plot/chart/chips.h"

#include <math.h>
#include <string.h>

#include "schema/base/str.h"

#define MOST_ROWS 80 /* beyond it only the ends are shown */
#define TOP_ROWS 20
#define BOTTOM_ROWS 5
#define NAME_SHARE 0.26 /* of the picture's width */
#define NAME_SHARE_NARROW 0.32
#define PANEL_GAP 66.0
#define SPACIOUS_ROWS 8 /* up to here a row is high enough for two lines */
#define LEGEND_BASELINE 91.0

struct chips_style chips_style(size_t rows)
{
    struct chips_style style = {
        .row = 40,
        .bar_share = 0.6,
        .name_size = 13,
        .value_size = 11.5,
        .factor_size = 13,
        .note_size = 11,
        .name_weight = WEIGHT_MEDIUM,
        .factor_weight = WEIGHT_BOLD,
        .least_height = 450,
        .most_height = 450,
    };
    if (rows <= 2) {
        style.row = 48;
        style.least_height = 320;
    } else if (rows > 8 && rows <= 16) {
        style.row = 30;
        style.most_height = 640;
    } else if (rows > 16 && rows <= 32) {
        style.row = 22;
        style.most_height = 860;
        style.name_size = 12;
        style.value_size = 11;
        style.factor_size = 12;
    } else if (rows > 32) {
        style.row = rows > MOST_ROWS ? 13 : 15.5;
        style.most_height = rows > MOST_ROWS ? (double)INFINITY : 1430;
        style.name_size = rows > MOST_ROWS ? 9.8 : 10.8;
        style.value_size = rows > MOST_ROWS ? 9.5 : 10.2;
        style.factor_size = rows > MOST_ROWS ? 9.8 : 10.8;
        style.note_size = 9.5;
        style.name_weight = WEIGHT_REGULAR;
        style.factor_weight = WEIGHT_REGULAR;
        style.bands = true;
        style.bar_share = 0.68;
    }
    return style;
}

double chips_variant_size(const struct chips_plan *plan)
{
    return fmax(plan->style.name_size - 1.5, 9.5);
}

/* All rows, or of very many the first, the last and the baseline, with a sentence where rows are missing. */
static void choose_rows(struct builder *builder, struct chips_plan *plan)
{
    const struct chip_chart *chart = plan->chart;
    struct arena *arena = &builder->layout->arena;
    plan->rows = arena_alloc(arena, chart->row_count + 3, sizeof *plan->rows);
    if (plan->rows == NULL) {
        return;
    }
    bool all = chart->row_count <= MOST_ROWS || chart->show_all;
    size_t left_out = 0;
    for (size_t i = 0; i < chart->row_count; i++) {
        bool shown = all || i < TOP_ROWS || i + BOTTOM_ROWS >= chart->row_count || chart->rows[i].baseline;
        left_out += !shown;
        bool gap_ends = left_out > 0 && (shown || i + 1 == chart->row_count);
        if (gap_ends) {
            plan->rows[plan->row_count++].sentence = arena_printf(arena, "… %zu not shown, see table", left_out);
            left_out = 0;
        }
        if (shown) {
            plan->rows[plan->row_count++].row = &chart->rows[i];
        }
    }
}

static bool same_text_twice(const struct chips_plan *plan, size_t index)
{
    for (size_t i = 0; i < plan->row_count; i++) {
        if (i != index && plan->rows[i].row != NULL && text_equal(plan->rows[i].name, plan->rows[index].name) &&
            text_equal(plan->rows[i].row->variant, plan->rows[index].row->variant) &&
            text_equal(plan->rows[i].row->note, plan->rows[index].row->note)) {
            return true;
        }
    }
    return false;
}

/* Short names where they stay apart, in two lines or cut in the middle where they are still too long. */
static void choose_names(struct builder *builder, struct chips_plan *plan)
{
    double widest = 0, widest_note = 0,
           most = (builder_is_narrow(builder) ? NAME_SHARE_NARROW : NAME_SHARE) * builder->layout->width;
    for (size_t i = 0; i < plan->row_count; i++) {
        if (plan->rows[i].row != NULL) {
            const struct chart_row *row = plan->rows[i].row;
            plan->rows[i].name = row->short_name != NULL ? row->short_name : row->name;
        }
    }
    for (size_t i = 0; i < plan->row_count; i++) {
        struct chips_row *drawn = &plan->rows[i];
        if (drawn->row == NULL) {
            continue;
        }
        if (same_text_twice(plan, i)) {
            drawn->name = drawn->row->name;
        }
        double beside = 0;
        if (drawn->row->variant != NULL) {
            beside = 5 + builder_text_width(builder, drawn->row->variant, chips_variant_size(plan), WEIGHT_REGULAR);
        }
        drawn->drawn = bars_fit_name(builder, drawn->name, most - beside, plan->style.name_size,
                                     drawn->row->baseline ? WEIGHT_BOLD : plan->style.name_weight,
                                     beside < 1 && plan->row_count <= SPACIOUS_ROWS ? 2 : 1);
        double width = fmin(most, drawn->drawn.width + beside);
        widest = fmax(widest, width);
        if (!text_is_empty(drawn->row->note)) {
            widest_note =
                fmax(widest_note, builder_text_width(builder, drawn->row->note, plan->style.note_size, WEIGHT_REGULAR));
        }
    }
    plan->name_right = CHART_LEFT + fmax(widest, 48);
    plan->note_right = widest_note > 0 && !builder_is_narrow(builder) ? plan->name_right + 14 + widest_note : 0;
}

static void look_at_data(struct chips_plan *plan)
{
    const struct chip_chart *chart = plan->chart;
    bool coloured = chart->metric_count == 1, all_grouped = true;
    for (size_t i = 0; i < chart->row_count; i++) {
        const struct chart_row *row = &chart->rows[i];
        if (coloured && row->group != NULL && !row->baseline) {
            plan->groups_seen |= (size_t)1 << chart_group_category(row->group);
        }
        all_grouped &= row->group != NULL || row->baseline;
        for (size_t m = 0; m < chart->metric_count; m++) {
            const struct chart_value *value = &row->values[m];
            plan->has_intervals |= isfinite(value->low) && isfinite(value->high);
            plan->has_runs |= value->runs >= 0;
            plan->has_factors |= isfinite(value->factor);
        }
    }
    /* One group, or rows of no group, are no distinction: the metric's own colour, no legend. */
    plan->has_groups = all_grouped && (plan->groups_seen & (plan->groups_seen - 1)) != 0;
    plan->has_factors &= chart->baseline_name != NULL;
}

/* Whether the panels of two metrics are too narrow for heading and direction on one line. */
static bool heads_are_wide(struct builder *builder, const struct chips_plan *plan)
{
    if (plan->chart->metric_count < 2) {
        return false;
    }
    double panel = builder_is_narrow(builder) ? builder_inner(builder) : chips_panel_width(builder, plan);
    for (size_t m = 0; m < 2; m++) {
        const struct chart_metric *metric = &plan->chart->metrics[m];
        double width = builder_text_width(builder, metric->title, 13, WEIGHT_SEMIBOLD) +
                       builder_text_width(builder, metric->unit, 11, WEIGHT_MEDIUM) +
                       builder_text_width(builder, " · higher is better →", 11, WEIGHT_MEDIUM) + 14;
        if (width > panel) {
            return true;
        }
    }
    return false;
}

/* What the data has and this layout no columns for; NULL = nothing. */
static const char *left_out(struct builder *builder, const struct chips_plan *plan)
{
    bool narrow = builder_is_narrow(builder), columns = !narrow && plan->chart->metric_count == 1;
    const char *said = "";
    for (size_t i = 0; narrow && i < plan->chart->row_count && said[0] == '\0'; i++) {
        const char *note = plan->chart->rows[i].note;
        said = text_is_empty(note) ? said : arena_printf(&builder->layout->arena, ", notes such as %s", note);
        said = said != NULL ? said : ", notes";
    }
    const char *intervals = plan->has_intervals && !columns ? ", 95 % CI as figures" : "";
    const char *runs = plan->has_runs && !columns ? ", run counts" : "";
    const char *list = arena_printf(&builder->layout->arena, "%s%s%s", intervals, runs, said);
    return text_is_empty(list) ? NULL
                               : arena_printf(&builder->layout->arena, "Left out %s: %s.",
                                              narrow ? "at this width" : "beside two metrics", list + 2);
}

/* Behind the first line, which says what the marks are; the source stays the last. */
static void choose_footer(struct builder *builder, struct chips_plan *plan)
{
    const struct chip_chart *chart = plan->chart;
    const char *line = left_out(builder, plan);
    const char **footer = arena_alloc(&builder->layout->arena, chart->footer_count + 1, sizeof *footer);
    plan->footer = chart->footer;
    plan->footer_count = chart->footer_count;
    if (line == NULL || footer == NULL) {
        return;
    }
    for (size_t i = 0; i < chart->footer_count; i++) {
        footer[i + (i > 0 ? 1 : 0)] = chart->footer[i];
    }
    footer[chart->footer_count > 0 ? 1 : 0] = line;
    plan->footer = footer;
    plan->footer_count++;
}

void chips_make_plan(struct builder *builder, const struct chip_chart *chart, struct chips_plan *plan)
{
    double moved = plan->plot_top;
    choose_rows(builder, plan);
    if (plan->rows == NULL) {
        return;
    }
    plan->style = chips_style(plan->row_count);
    look_at_data(plan);
    choose_names(builder, plan);
    choose_footer(builder, plan);
    plan->stacked_heads = heads_are_wide(builder, plan);
    bool tall_head = chart->metric_count > 1 || plan->has_groups;
    plan->plot_top = (tall_head ? 134 : 112) + moved + (plan->stacked_heads ? 16 : 0);
    plan->plot_top += plan->has_groups ? chips_draw_legend(builder, plan, LEGEND_BASELINE + moved) : 0;
    double below = 28 + 13.5 * (double)builder_footer_lines(builder, plan->footer, plan->footer_count) + 6 +
                   (plan->style.bands ? 18 : 0);
    if (chart->row_count == 2) {
        chips_compare(builder, plan);
        below += plan->sentence_count > 0 ? 18 + 18.0 * (double)plan->sentence_count : 0;
    }
    double rows = (double)plan->row_count;
    double room = plan->style.most_height + moved - plan->plot_top - below;
    if (plan->row_count > 8 && plan->style.row * rows > room) {
        plan->style.row = fmax(room / rows, 13);
    } else if (plan->row_count > 2 && plan->row_count <= 8) {
        plan->style.row = fmin(fmax(room / rows, 34), 50);
        /* Three or four rows would leave half of the picture empty. */
        plan->style.least_height = 0;
    }
    plan->plot_bottom = plan->plot_top + plan->style.row * rows;
    if (builder_is_narrow(builder) && chart->metric_count == 2) {
        plan->panel_step =
            plan->style.row * rows + PANEL_GAP + (plan->stacked_heads ? 16 : 0) + (plan->style.bands ? 18 : 0);
        below += plan->panel_step;
    }
    builder->layout->height = ceil(fmax(plan->style.least_height, plan->plot_bottom + below));
    if (plan->row_count > 8) {
        builder->layout->height = ceil(plan->plot_bottom + below);
    }
    for (size_t i = 0; i < plan->row_count; i++) {
        plan->rows[i].y = plan->plot_top + plan->style.row * (double)i;
    }
}
