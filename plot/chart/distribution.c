#include "plot/chart/distribution.h"

#include <math.h>

#include "plot/chart/clean.h"
#include "plot/chart/distribution_plan.h"
#include "schema/base/buf.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

#define ALT_MAX 250

static void draw_axis(struct builder *builder, const struct distribution_plan *plan)
{
    const struct chart_colours *colours = builder->colours;
    struct text_style style = {11, WEIGHT_REGULAR, colours->muted, ANCHOR_MIDDLE};
    for (size_t i = 1; i <= plan->chart->row_count; i++) {
        double y = plan->top + plan->row * (double)i;
        builder_line(builder, "separator", CHART_LEFT, y, builder_right(builder), y, 0.8, colours->grid);
    }
    for (size_t i = 0; i < plan->half.tick_count; i++) {
        for (int sign = -1; sign <= (i == 0 ? -1 : 1); sign += 2) {
            double at = sign * plan->half.ticks[i], x = distribution_px(plan, at);
            builder_line(builder, i == 0 ? "axis" : "grid", x, plan->top, x, plan->bottom, i == 0 ? 1.2 : 0.8,
                         i == 0 ? colours->axis : colours->grid);
            builder_text(builder, "tick", i == 0 ? "median" : distribution_place_text(builder, plan, at), x,
                         plan->top - 8, style);
        }
    }
    if (plan->head > 0) {
        return;
    }
    style.anchor = ANCHOR_END;
    builder_text(builder, "head", "median", plan->median_right, plan->top - 8, style);
    builder_text(builder, "head", "IQR", plan->iqr_right, plan->top - 8, style);
    builder_text(builder, "head", "runs", plan->runs_right, plan->top - 8, style);
}

static void add_panel(struct builder *builder, const struct distribution_plan *plan)
{
    struct scale scale = plan->half;
    const size_t beside = plan->half.tick_count - 1;
    scale.tick_count = 2 * beside + 1;
    for (size_t i = 0; i < scale.tick_count; i++) {
        scale.ticks[i] = i < beside ? -plan->half.ticks[beside - i] : plan->half.ticks[i - beside];
    }
    scale.x = plan->left;
    scale.width = plan->right - plan->left;
    scale.low = -plan->half.high;
    builder_panel(builder, "deviation", &scale, plan->top, plan->bottom - plan->top);
}

static const char *alt_text(struct builder *builder, const struct distribution_plan *plan)
{
    const struct distribution *chart = plan->chart;
    struct buf text autobuf = BUF(8192), capped autobuf = BUF(8192);
    size_t runs = 0, widest = 0;
    for (size_t i = 0; i < chart->row_count; i++) {
        const struct spread *spread = &plan->spreads[i], *most = &plan->spreads[widest];
        runs += spread->runs > 0 ? (size_t)spread->runs : 0;
        if (spread->drawable && (!most->drawable || spread->third - spread->first > most->third - most->first)) {
            widest = i;
        }
    }
    buf_addf(&text, "Distributions, %s: %zu run%s of %zu chip%s as deviation from each chip's median", chart->title,
             runs, runs == 1 ? "" : "s", chart->row_count, chart->row_count == 1 ? "" : "s");
    const struct spread *most = &plan->spreads[widest];
    double range = most->third - most->first;
    if (most->drawable && most->box && range < 1e5) {
        char number[FIGURE_SIZE];
        buf_addf(&text, "; widest middle half %s (%s)", plan->names[widest],
                 figure_percent(number, range, range < 10 ? 1 : 0, false));
    }
    buf_adds(&text, ".");
    encode_plain_capped(&capped, str_of(buf_text(&text)), ALT_MAX);
    return arena_strdup(&builder->layout->arena, buf_text(&capped));
}

static void draw_name(struct builder *builder, const struct distribution_plan *plan, size_t row)
{
    struct text_style style = {plan->name_size, WEIGHT_MEDIUM, builder->colours->ink, ANCHOR_END};
    const struct bar_name *name = &plan->drawn[row];
    double top = plan->top + plan->row * (double)row;
    bool above = plan->head > 0;
    size_t before = builder->layout->text_count;
    bars_draw_name(builder, name, plan->chart->rows[row].name, above ? CHART_LEFT + name->width : plan->left - 12,
                   above ? top + 15 - 0.36 * name->size : top + plan->row / 2, style);
    /* There the lines of the axis would go through it. */
    for (size_t i = before; above && i < builder->layout->text_count; i++) {
        builder->layout->texts[i].patch = true;
        builder->layout->texts[i].patch_colour = builder->colours->background;
    }
}

static const char *subtitle(struct builder *builder, const struct distribution_plan *plan)
{
    const struct distribution *chart = plan->chart;
    if (chart->subtitle != NULL) {
        return chart->subtitle;
    }
    const char *what = chart->row_count > 0 && chart->rows[0].summary ? "Values" : "Each run";
    const char *good = chart->higher_is_better ? "better" : "worse";
    const char *text =
        plan->logarithmic
            ? arena_printf(&builder->layout->arena,
                           "%s as a multiple of its own chip’s median, logarithmic. Right of the line = %s.", what,
                           good)
            : arena_printf(&builder->layout->arena,
                           "%s as %% above or below its own chip’s median. Right of the line = %s.", what, good);
    return text != NULL ? text : "";
}

static int lay_out(struct builder *builder, const struct distribution *chart, struct err *err)
{
    struct distribution_plan plan = {.chart = chart};
    int result = distribution_make_spreads(builder, &plan, err);
    if (result < 0) {
        return result;
    }
    double moved = builder_heading(builder, chart->title, subtitle(builder, &plan));
    result = distribution_make_plan(builder, moved, &plan, err);
    if (result < 0) {
        return result;
    }
    draw_axis(builder, &plan);
    add_panel(builder, &plan);
    for (size_t i = 0; i < chart->row_count; i++) {
        draw_name(builder, &plan, i);
        distribution_draw_row(builder, &plan, i);
    }
    builder_footer(builder, chart->footer, chart->footer_count);
    builder->layout->title = chart->title;
    builder->layout->alt = chart->alt != NULL ? chart->alt : alt_text(builder, &plan);
    return 0;
}

static int clean(struct arena *arena, const struct distribution *chart, struct distribution *ret, struct err *err)
{
    struct sample_row *rows = arena_alloc(arena, chart->row_count, sizeof *rows);
    if (rows == NULL) {
        return arena_check(arena, err);
    }
    for (size_t i = 0; i < chart->row_count; i++) {
        rows[i] = chart->rows[i];
        rows[i].name = clean_text(arena, rows[i].name, CLEAN_LINE_MOST);
        rows[i].short_name = clean_text(arena, rows[i].short_name, CLEAN_LINE_MOST);
    }
    struct distribution copy = *chart;
    copy.title = clean_text(arena, chart->title, CLEAN_TEXT_MOST);
    copy.subtitle = clean_text(arena, chart->subtitle, CLEAN_TEXT_MOST);
    copy.unit = clean_text(arena, chart->unit, 12);
    copy.alt = clean_text(arena, chart->alt, CLEAN_TEXT_MOST);
    copy.footer = clean_list(arena, chart->footer, chart->footer_count);
    copy.rows = rows;
    int result = arena_check(arena, err);
    if (result == 0) {
        *ret = copy;
    }
    return result;
}

int chart_lay_out_distribution(const struct distribution *chart, enum chart_theme theme,
                               const struct text_measure *measure, struct chart_layout *ret, struct err *err)
{
    size_t values = 0;
    for (size_t i = 0; i < chart->row_count; i++) {
        values += chart->rows[i].count;
    }
    if (values == 0) {
        err_set(err, ERR_NOTHING, "there is no run to draw");
        return err_hint(err, "a distribution needs at least one finite value");
    }
    struct chart_layout layout = {.width = chart->width > 0 ? chart->width : CHART_WIDTH,
                                  .background = chart_colours(theme)->background};
    struct builder builder = {.layout = &layout, .measure = measure, .colours = chart_colours(theme)};
    struct distribution cleaned = *chart;
    int result = clean(&layout.arena, chart, &cleaned, err);
    result = result < 0 ? result : lay_out(&builder, &cleaned, err);
    result = result < 0 ? result : arena_check(&layout.arena, err);
    if (result < 0) {
        chart_layout_done(&layout);
        return result;
    }
    *ret = layout;
    return 0;
}
