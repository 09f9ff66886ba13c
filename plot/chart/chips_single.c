#include "plot/chart/chips.h"

#include <math.h>

#include "schema/base/str.h"
#include "schema/text/figure.h"

#define BIG_SIZE 44.0
#define UNIT_MOST 120.0

/* One chip: a bar would say nothing, so each metric is a large number with its evidence. */
static void draw_metric(struct builder *builder, const struct chip_chart *chart, size_t metric, double x, double y,
                        double width)
{
    const struct chart_colours *colours = builder->colours;
    const struct chart_value *value = &chart->rows[0].values[metric];
    const struct chart_metric *shown = &chart->metrics[metric];
    char text[FIGURE_SIZE], more[FIGURE_SIZE];
    struct text_style style = {13, WEIGHT_SEMIBOLD, colours->ink, ANCHOR_START};
    builder_text(builder, "panel", builder_fit_middle(builder, shown->title, width, 13, WEIGHT_SEMIBOLD), x, y - 52,
                 style);
    bool known = isfinite(value->low) && isfinite(value->high);
    double half = known ? (value->high - value->low) / 2 : (double)NAN;
    const char *direction = shown->higher_is_better ? "higher is better →" : "← lower is better";
    const char *number = isfinite(value->value) ? chart_figure(text, value->value, half) : "no data";
    double beside = fmax(builder_text_width(builder, direction, 11, WEIGHT_REGULAR),
                         fmin(builder_text_width(builder, shown->unit, 13, WEIGHT_MEDIUM), UNIT_MOST));
    double size = BIG_SIZE, room = width - 10 - beside;
    size *= fmin(1, room / builder_text_width(builder, number, size, WEIGHT_BOLD));
    style = (struct text_style){size, WEIGHT_BOLD, colours->category_text[chips_metric_category(chart, metric)],
                                ANCHOR_START};
    const struct chart_text *drawn = builder_text(builder, "value", number, x, y, style);
    double unit_x = x + drawn->width + 10;
    style = (struct text_style){13, WEIGHT_MEDIUM, colours->text, ANCHOR_START};
    builder_text(builder, "unit", builder_fit_middle(builder, shown->unit, x + width - unit_x, 13, WEIGHT_MEDIUM),
                 unit_x, y, style);
    style = (struct text_style){11, WEIGHT_REGULAR, colours->muted, ANCHOR_START};
    builder_text(builder, "direction", direction, unit_x, y - 18, style);
    const char *evidence = "run count and spread not stated";
    const char *runs = value->runs < 0 ? "run count not stated"
                                       : arena_printf(&builder->layout->arena, "%s %s", figure_count(more, value->runs),
                                                      value->runs == 1 ? "run" : "runs");
    if (known) {
        evidence = arena_printf(&builder->layout->arena, "95 %% CI %s to %s, %s", chart_figure(text, value->low, half),
                                chart_figure(more, value->high, half), runs != NULL ? runs : "");
    } else if (value->runs >= 0) {
        evidence = arena_printf(&builder->layout->arena, "%s%s", runs != NULL ? runs : "",
                                value->runs < CHIPS_FEW_RUNS ? ", too few for an interval" : "");
    }
    const char *lines[2];
    size_t count = builder_wrap(builder, evidence != NULL ? evidence : "", width, style.size, style.weight, lines, 2);
    for (size_t i = 0; i < count; i++) {
        builder_text(builder, "evidence", lines[i], x, y + 24 + 15 * (double)i, style);
    }
}

void chips_draw_single(struct builder *builder, const struct chip_chart *chart)
{
    struct chart_layout *layout = builder->layout;
    const struct chart_row *row = &chart->rows[0];
    double moved = builder_heading(builder, chart->title, chart->subtitle);
    size_t footer = builder_footer_lines(builder, chart->footer, chart->footer_count);
    bool narrow = builder_is_narrow(builder);
    double lower = narrow ? 110.0 * (double)(chart->metric_count - 1) : 0;
    layout->height = ceil(fmax(300, 228 + lower + moved + 28 + 13.5 * (double)footer));
    const char *name =
        row->variant == NULL ? row->name : arena_printf(&layout->arena, "%s %s", row->name, row->variant);
    struct text_style style = {16, WEIGHT_SEMIBOLD, builder->colours->ink, ANCHOR_START};
    name = name != NULL ? name : "";
    const char *fitted = builder_fit_middle(builder, name, builder_inner(builder), style.size, style.weight);
    builder_text(builder, "name", fitted, CHART_LEFT, 104 + moved, style)->full_text = fitted != name ? name : NULL;
    for (size_t m = 0; m < chart->metric_count; m++) {
        draw_metric(builder, chart, m, CHART_LEFT + (narrow ? 0 : 390.0 * (double)m),
                    196 + moved + (narrow ? 110.0 * (double)m : 0), narrow ? builder_inner(builder) : 360);
    }
    builder_footer(builder, chart->footer, chart->footer_count);
}
