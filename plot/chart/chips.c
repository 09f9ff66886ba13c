#include "plot/chart/chips.h"

#include <math.h>

#include "schema/base/str.h"
#include "schema/text/figure.h"

#define SENTENCE_SIZE 12.5

void chart_layout_done(struct chart_layout *layout)
{
    arena_done(&layout->arena);
    *layout = (struct chart_layout){0};
}

static bool has_value(const struct chart_row *row, size_t metrics)
{
    for (size_t m = 0; m < metrics; m++) {
        if (isfinite(row->values[m].value)) {
            return true;
        }
    }
    return false;
}

static void draw_bands(struct builder *builder, const struct chips_plan *plan)
{
    for (size_t i = 0; plan->style.bands && i < plan->row_count; i += 2) {
        builder_rect(builder, "band", CHART_LEFT, plan->rows[i].y, builder_inner(builder), plan->style.row,
                     builder->colours->band);
    }
}

void chips_compare(struct builder *builder, struct chips_plan *plan)
{
    const struct chip_chart *chart = plan->chart;
    for (size_t m = 0; chart->baseline_name != NULL && m < chart->metric_count; m++) {
        for (size_t i = 0; i < plan->row_count; i++) {
            const struct chips_row *drawn = &plan->rows[i];
            const struct chart_value *value = drawn->row != NULL ? &drawn->row->values[m] : NULL;
            if (value == NULL || drawn->row->baseline || !isfinite(value->factor)) {
                continue;
            }
            char factor[FIGURE_SIZE], range[FIGURE_SIZE];
            bool known = isfinite(value->factor_low) && isfinite(value->factor_high);
            const char *sentence =
                arena_printf(&builder->layout->arena, "%s: %s is %s %s (%s%s)", chart->metrics[m].title, drawn->name,
                             figure_factor(factor, value->factor), chart->baseline_name,
                             known ? "95 % interval " : "interval not known",
                             known ? figure_factor_range(range, value->factor_low, value->factor_high) : "");
            plan->sentence_count +=
                builder_wrap(builder, sentence != NULL ? sentence : "", builder_inner(builder), SENTENCE_SIZE,
                             WEIGHT_MEDIUM, &plan->sentences[plan->sentence_count], 2);
        }
    }
}

static void draw_comparison(struct builder *builder, const struct chips_plan *plan)
{
    struct text_style style = {SENTENCE_SIZE, WEIGHT_MEDIUM, builder->colours->ink, ANCHOR_START};
    for (size_t i = 0; i < plan->sentence_count; i++) {
        builder_text(builder, "sentence", plan->sentences[i], CHART_LEFT, plan->plot_bottom + 24 + 18 * (double)i,
                     style);
    }
}

/* The rows once more, for the metric below. */
static void move_down(struct chips_plan *plan)
{
    plan->plot_top += plan->panel_step;
    plan->plot_bottom += plan->panel_step;
    for (size_t i = 0; i < plan->row_count; i++) {
        plan->rows[i].y += plan->panel_step;
    }
}

static int lay_out_rows(struct builder *builder, const struct chip_chart *chart, struct err *err)
{
    struct chips_plan plan = {.chart = chart};
    double moved = builder_heading(builder, chart->title, chart->subtitle);
    plan.plot_top = moved;
    chips_make_plan(builder, chart, &plan);
    int failed = arena_check(&builder->layout->arena, err);
    if (failed < 0) {
        return failed;
    }
    draw_bands(builder, &plan);
    for (size_t m = 0; m < chart->metric_count; m++) {
        if (m > 0 && plan.panel_step > 0) {
            chips_draw_names(builder, &plan);
            move_down(&plan);
            draw_bands(builder, &plan);
        }
        chips_draw_panel(builder, &plan, m);
    }
    chips_draw_names(builder, &plan);
    draw_comparison(builder, &plan);
    builder_footer(builder, plan.footer, plan.footer_count);
    return 0;
}

static int check_chart(const struct chip_chart *chart, struct err *err)
{
    size_t drawable = 0;
    for (size_t i = 0; i < chart->row_count; i++) {
        drawable += has_value(&chart->rows[i], chart->metric_count);
    }
    if (drawable == 0 || chart->metric_count == 0) {
        err_set(err, ERR_NOTHING, "there is no value to draw");
        return err_hint(err, "a chart needs at least one row with a finite value");
    }
    if (chart->metric_count > 2) {
        return err_set(err, ERR_USAGE, "a chip chart shows one or two metrics, not %zu", chart->metric_count);
    }
    return 0;
}

static int lay_out(struct builder *builder, const struct chip_chart *chart, struct err *err)
{
    int result = 0;
    if (chart->row_count == 1) {
        chips_draw_single(builder, chart);
    } else {
        result = lay_out_rows(builder, chart, err);
    }
    builder->layout->title = chart->title;
    builder->layout->alt = chart->alt != NULL ? chart->alt : chips_alt_text(builder, chart);
    return result;
}

int chart_lay_out_chips(const struct chip_chart *chart, enum chart_theme theme, const struct text_measure *measure,
                        struct chart_layout *ret, struct err *err)
{
    int result = check_chart(chart, err);
    if (result < 0) {
        return result;
    }
    struct chart_layout layout = {.width = chart->width > 0 ? chart->width : CHART_WIDTH,
                                  .background = chart_colours(theme)->background};
    struct builder builder = {.layout = &layout, .measure = measure, .colours = chart_colours(theme)};
    struct chip_chart cleaned;
    result = chips_clean(&layout.arena, chart, &cleaned, err);
    if (result == 0) {
        result = lay_out(&builder, &cleaned, err);
    }
    if (result == 0) {
        result = arena_check(&layout.arena, err);
    }
    if (result < 0) {
        chart_layout_done(&layout);
        return result;
    }
    *ret = layout;
    return 0;
}
