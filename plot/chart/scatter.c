#include "plot/chart/scatter.h"

#include <math.h>

#include "plot/chart/clean.h"
#include "plot/chart/frame.h"
#include "plot/chart/scatter_plan.h"
#include "schema/base/str.h"
#include "schema/text/figure.h"

#define PLOT_TOP 104.0
#define PLOT_HEIGHT 317.0
#define KEY_WIDTH 112.0 /* beside the plot */
#define KEY_TEXT 19.0   /* from the sample to the words */
#define KEY_STEP 19.0
#define KEY_LINES_MOST 6
#define LIST_STEP 15.0
#define LIST_SIZE 10.0
#define LIST_COLUMNS 4

static int clean_points(struct arena *arena, const struct scatter_chart *chart, struct scatter_plan *plan,
                        struct err *err)
{
    struct scatter_point *points = arena_alloc(arena, chart->point_count, sizeof *points);
    plan->dots = arena_alloc(arena, chart->point_count, sizeof *plan->dots);
    if (points == NULL || plan->dots == NULL) {
        return arena_check(arena, err);
    }
    for (size_t i = 0; i < chart->point_count; i++) {
        const struct scatter_point *point = &chart->points[i];
        if (!isfinite(point->x) || !isfinite(point->y)) {
            continue;
        }
        if (fabs(point->x) > CLEAN_VALUE_MOST || fabs(point->y) > CLEAN_VALUE_MOST) {
            err_set(err, ERR_DATA, "point %zu: a value beyond %g cannot be drawn", i + 1, CLEAN_VALUE_MOST);
            return err_hint(err, "leave the cell empty, or choose a greater unit");
        }
        points[i] = *point;
        points[i].name = clean_text(arena, point->name, CLEAN_LINE_MOST);
        points[i].short_name = clean_text(arena, point->short_name, CLEAN_LINE_MOST);
        points[i].category = point->category < CHART_CATEGORIES ? point->category : CHART_CATEGORIES - 1;
        plan->dots[plan->dot_count++] = (struct scatter_dot){
            .point = &points[i],
            .name = points[i].short_name != NULL ? points[i].short_name : points[i].name,
        };
    }
    if (plan->dot_count == 0) {
        err_set(err, ERR_NOTHING, "there is no point to draw");
        return err_hint(err, "a scatter needs at least one row with two finite values");
    }
    return arena_check(arena, err);
}

static struct scatter_chart clean_chart(struct arena *arena, const struct scatter_chart *chart)
{
    struct scatter_chart copy = *chart;
    copy.title = clean_text(arena, chart->title, CLEAN_TEXT_MOST);
    copy.subtitle = clean_text(arena, chart->subtitle, CLEAN_TEXT_MOST);
    copy.footer = clean_list(arena, chart->footer, chart->footer_count);
    copy.x = clean_metric(arena, &chart->x);
    copy.y = clean_metric(arena, &chart->y);
    copy.group_count = chart->group_count < CHART_CATEGORIES ? chart->group_count : CHART_CATEGORIES;
    copy.groups = clean_list(arena, chart->groups, copy.group_count);
    copy.limit_text = clean_text(arena, chart->limit_text != NULL ? chart->limit_text : "limit", CLEAN_LINE_MOST);
    copy.alt = clean_text(arena, chart->alt, CLEAN_TEXT_MOST);
    return copy;
}

static void draw_axis_titles(struct builder *builder, const struct scatter_plan *plan)
{
    struct text_style style = {11, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_START};
    const char *text = frame_metric_words(builder, &plan->chart->y, &plan->y,
                                          plan->chart->y.higher_is_better ? " · ↑ better" : " · ↓ better");
    builder_text(builder, "direction",
                 builder_fit_middle(builder, text, builder_inner(builder), style.size, style.weight), CHART_LEFT,
                 plan->plot.top - 12, style);
    style.anchor = ANCHOR_END;
    text = frame_metric_words(builder, &plan->chart->x, &plan->x, " →");
    double width = plan->plot.right - CHART_LEFT;
    builder_text(builder, "direction", builder_fit_middle(builder, text, width, style.size, style.weight),
                 plan->plot.right, plan->plot.bottom + 37, style);
}

static void draw_lines(struct builder *builder, const struct scatter_plan *plan)
{
    for (size_t i = 0; i < plan->frontier_lines + plan->limit_lines; i++) {
        const struct segment *line = &plan->lines[i];
        bool frontier = i < plan->frontier_lines;
        /* A curve of many pieces is dashed by leaving out every second one. */
        if (!frontier && plan->limit_lines > 1 && (i - plan->frontier_lines) % 2 == 1) {
            continue;
        }
        struct chart_mark *mark =
            builder_line(builder, frontier ? "frontier" : "limit", line->x1, line->y1, line->x2, line->y2,
                         frontier ? 1.4 : 1.2, frontier ? builder->colours->text : builder->colours->muted);
        mark->dashed = !frontier && plan->limit_lines == 1;
    }
}

static const char *hover_text(struct builder *builder, const struct scatter_plan *plan,
                              const struct scatter_point *point)
{
    char x[FIGURE_SIZE], y[FIGURE_SIZE];
    return arena_printf(&builder->layout->arena, "%s: %s %s, %s %s", point->name,
                        chart_figure(x, point->x, (double)NAN), plan->chart->x.unit,
                        chart_figure(y, point->y, (double)NAN), plan->chart->y.unit);
}

/* Three layers: lesser variants, then the chips themselves, so that none is hidden below a hollow marker, then numbers.
 */
enum layer { LAYER_LESSER, LAYER_CHIPS, LAYER_NUMBERS };

static enum layer layer_of(const struct scatter_dot *dot)
{
    return dot->inside ? LAYER_NUMBERS : dot->point->lesser ? LAYER_LESSER : LAYER_CHIPS;
}

static void draw_points(struct builder *builder, const struct scatter_plan *plan, enum layer layer)
{
    bool numbered = layer == LAYER_NUMBERS;
    for (size_t i = 0; i < plan->dot_count; i++) {
        const struct scatter_dot *dot = &plan->dots[i];
        if (layer_of(dot) != layer) {
            continue;
        }
        struct chart_layout *layout = builder->layout;
        size_t before = layout->mark_count;
        marker_draw(builder, "point", dot->x + dot->aside, dot->y, dot->point->category, dot->point->lesser,
                    numbered ? SCATTER_NUMBER_RADIUS : MARKER_RADIUS);
        for (size_t k = before; k < layout->mark_count; k++) {
            if (text_equal(layout->marks[k].kind, "point")) {
                layout->marks[k].row = dot->point->name;
                layout->marks[k].value = dot->point->y;
                layout->marks[k].title = hover_text(builder, plan, dot->point);
            }
        }
    }
}

/* A line sample and its meaning in up to six lines; the y below. */
static double draw_line_key(struct builder *builder, double left, double y, bool frontier, const char *text)
{
    const char *lines[KEY_LINES_MOST];
    struct text_style style = {10.5, WEIGHT_REGULAR, builder->colours->text, ANCHOR_START};
    size_t count = builder_wrap(builder, text, builder_right(builder) - left - KEY_TEXT, style.size, style.weight,
                                lines, ARRAY_LENGTH(lines));
    struct chart_mark *mark = builder_line(builder, "swatch", left, y - 4, left + 14, y - 4, frontier ? 1.4 : 1.2,
                                           frontier ? builder->colours->text : builder->colours->muted);
    mark->dashed = !frontier;
    for (size_t i = 0; i < count; i++) {
        builder_text(builder, "legend", lines[i], left + KEY_TEXT, y + 13.5 * (double)i, style);
    }
    return y + 13.5 * (double)count + 12;
}

/* Where both metrics are results the line is what nobody beats in both; where x is what a chip has, the best for it. */
static const char *frontier_words(struct builder *builder, const struct scatter_chart *chart, double width)
{
    struct arena *arena = &builder->layout->arena;
    const char *lines[KEY_LINES_MOST + 1];
    if (chart->frontier == (chart->x.higher_is_better ? FRONTIER_MORE : FRONTIER_LESS)) {
        return "Frontier: nothing is better in both";
    }
    const char *extreme = chart->y.higher_is_better ? "highest" : "lowest";
    const char *side = chart->frontier == FRONTIER_MORE ? "more" : "less";
    const char *text =
        arena_printf(arena, "Frontier: %s %s at that %s or %s", extreme, chart_in_sentence(arena, chart->y.title),
                     chart_in_sentence(arena, chart->x.title), side);
    if (text != NULL &&
        builder_wrap(builder, text, width, 10.5, WEIGHT_REGULAR, lines, ARRAY_LENGTH(lines)) > KEY_LINES_MOST) {
        text = arena_printf(arena, "Frontier: %s at that x or %s", extreme, side);
    }
    return text != NULL ? text : "Frontier";
}

/* Samples of the groups: below each other beside the plot, in lines below it; the y after them. */
static double draw_group_key(struct builder *builder, const struct scatter_chart *chart, double left, double y)
{
    struct text_style style = {11.5, WEIGHT_REGULAR, builder->colours->text, ANCHOR_START};
    bool narrow = builder_is_narrow(builder), any = false;
    double x = left, room = builder_right(builder) - left - KEY_TEXT;
    for (size_t i = 0; i < chart->group_count; i++) {
        if (text_is_empty(chart->groups[i])) {
            continue;
        }
        const char *name = builder_fit_middle(builder, chart->groups[i], room, style.size, style.weight);
        double width = KEY_TEXT + builder_text_width(builder, name, style.size, style.weight);
        if (any && (!narrow || x + width > builder_right(builder))) {
            x = left;
            y += KEY_STEP;
        }
        marker_draw(builder, "swatch", x + 7, y - 4, i, false, MARKER_RADIUS);
        builder_text(builder, "legend", name, x + KEY_TEXT, y, style);
        x += width + 14;
        any = true;
    }
    return any ? y + KEY_STEP : y;
}

static double draw_key(struct builder *builder, const struct scatter_plan *plan)
{
    const struct scatter_chart *chart = plan->chart;
    bool narrow = builder_is_narrow(builder);
    double left = narrow ? CHART_LEFT : builder_right(builder) - KEY_WIDTH;
    double y = narrow ? plan->plot.bottom + 64 : plan->plot.top + 20;
    y = draw_group_key(builder, chart, left, y);
    y += chart->group_count > 0 ? (narrow ? 4 : 12) : 0;
    if (plan->frontier_lines > 0) {
        const char *words = frontier_words(builder, chart, builder_right(builder) - left - KEY_TEXT);
        y = draw_line_key(builder, left, y, true, words) - (narrow ? 6 : 0);
    }
    if (plan->limit_lines > 0) {
        const char *text = arena_printf(&builder->layout->arena, "Limit: %s", chart->limit_text);
        y = draw_line_key(builder, left, y, false, text != NULL ? text : "Limit");
    }
    return y;
}

static const char *list_line(struct builder *builder, const struct scatter_dot *dot)
{
    struct arena *arena = &builder->layout->arena;
    const char *line =
        dot->nowhere ? arena_printf(arena, "–  %s", dot->name) : arena_printf(arena, "%zu  %s", dot->number, dot->name);
    return line != NULL ? line : "";
}

static bool list_fits(struct builder *builder, const struct scatter_plan *plan, double width)
{
    bool fits = true;
    for (size_t i = 0; i < plan->dot_count && fits; i++) {
        const struct scatter_dot *dot = &plan->dots[i];
        fits = dot->number == 0 ||
               builder_text_width(builder, list_line(builder, dot), LIST_SIZE, WEIGHT_REGULAR) <= width - 8;
    }
    return fits;
}

/* Names that found no place, in the column at the right when they fit, else in columns under the plot, where the
 * height they take is returned. */
static double draw_list(struct builder *builder, const struct scatter_plan *plan, double key_bottom)
{
    struct text_style style = {LIST_SIZE, WEIGHT_REGULAR, builder->colours->text, ANCHOR_START};
    bool narrow = builder_is_narrow(builder);
    bool right = !narrow && key_bottom + LIST_STEP * (double)plan->listed <= plan->plot.bottom + 10 &&
                 list_fits(builder, plan, KEY_WIDTH);
    size_t columns = right ? 1 : narrow ? LIST_COLUMNS / 2 : LIST_COLUMNS;
    columns = plan->listed < columns && plan->listed > 0 ? plan->listed : columns;
    double column = right ? KEY_WIDTH : builder_inner(builder) / (double)columns;
    double x = right ? builder_right(builder) - KEY_WIDTH : CHART_LEFT;
    double y = right || narrow ? key_bottom : plan->plot.bottom + 62;
    for (size_t i = 0; i < plan->dot_count; i++) {
        const struct scatter_dot *dot = &plan->dots[i];
        if (dot->number == 0) {
            continue;
        }
        size_t at = dot->number - 1, line_number = at / columns;
        const char *line = list_line(builder, dot);
        builder_text(builder, "list", builder_fit_middle(builder, line, column - 8, style.size, style.weight),
                     x + column * (double)(at % columns), y + LIST_STEP * (double)line_number, style);
    }
    size_t lines = (plan->listed + columns - 1) / columns;
    double key = narrow ? fmax(0, key_bottom - plan->plot.bottom - 62) : 0;
    return right ? 0 : key + LIST_STEP * (double)lines + (narrow ? 20 : 14);
}

/* What stands aside is said behind the first line of the footer. */
static const char *const *footer_of(struct builder *builder, const struct scatter_plan *plan)
{
    const struct scatter_chart *chart = plan->chart;
    const char **lines = arena_alloc(&builder->layout->arena, chart->footer_count + 1, sizeof *lines);
    if (!plan->has_aside || chart->footer_count == 0 || lines == NULL) {
        return chart->footer;
    }
    for (size_t i = 0; i < chart->footer_count; i++) {
        lines[i] = chart->footer[i];
    }
    const char *first =
        arena_printf(&builder->layout->arena, "%s Chips at one place stand 3 px to its sides.", lines[0]);
    lines[0] = first != NULL ? first : lines[0];
    return lines;
}

static int lay_out(struct builder *builder, struct scatter_plan *plan, struct err *err)
{
    const struct scatter_chart *chart = plan->chart;
    struct chart_layout *layout = builder->layout;
    const bool logarithmic = scatter_is_logarithmic(plan);
    double moved =
        builder_heading(builder, chart->title, frame_subtitle(builder, chart->subtitle, logarithmic, logarithmic));
    double top = PLOT_TOP + moved;
    plan->margin = builder_right(builder);
    double beside = builder_is_narrow(builder) ? 0 : KEY_WIDTH + 16;
    plan->plot = (struct box){SCATTER_PLOT_LEFT, top, builder_right(builder) - beside, top + PLOT_HEIGHT};
    scatter_make_axes(builder, plan);
    frame_draw_x(builder, &plan->x, &plan->plot);
    frame_draw_y(builder, &plan->y, &plan->plot);
    draw_axis_titles(builder, plan);
    scatter_find_lines(builder, plan);
    int result = arena_check(&layout->arena, err);
    if (result < 0) {
        return result;
    }
    draw_lines(builder, plan);
    scatter_place_names(builder, plan);
    for (enum layer layer = LAYER_LESSER; layer <= LAYER_NUMBERS; layer++) {
        draw_points(builder, plan, layer);
    }
    double below = draw_list(builder, plan, draw_key(builder, plan));
    const char *const *footer = footer_of(builder, plan);
    size_t lines = builder_footer_lines(builder, footer, chart->footer_count);
    layout->height = ceil(plan->plot.bottom + below + 52 + 13.5 * (double)(lines > 0 ? lines : 1));
    builder_footer(builder, footer, chart->footer_count);
    layout->title = chart->title;
    layout->alt = chart->alt != NULL ? chart->alt : scatter_alt_text(builder, plan);
    return arena_check(&layout->arena, err);
}

int chart_lay_out_scatter(const struct scatter_chart *chart, enum chart_theme theme, const struct text_measure *measure,
                          struct chart_layout *ret, struct err *err)
{
    if (chart->point_count == 0) {
        err_set(err, ERR_NOTHING, "there is no point to draw");
        return err_hint(err, "a scatter needs at least one row with two finite values");
    }
    if (chart->point_count > SCATTER_POINTS_MAX) {
        err_set(err, ERR_LIMIT, "a scatter shows at most %d points, not %zu", SCATTER_POINTS_MAX, chart->point_count);
        return err_hint(err, "summarise the rows of each chip first, as crosschip-analyze does");
    }
    struct chart_layout layout = {.width = chart->width > 0 ? chart->width : CHART_WIDTH,
                                  .background = chart_colours(theme)->background};
    struct builder builder = {.layout = &layout, .measure = measure, .colours = chart_colours(theme)};
    struct scatter_chart cleaned = clean_chart(&layout.arena, chart);
    struct scatter_plan plan = {.chart = &cleaned};
    int result = clean_points(&layout.arena, chart, &plan, err);
    result = result < 0 ? result : lay_out(&builder, &plan, err);
    if (result < 0) {
        chart_layout_done(&layout);
        return result;
    }
    *ret = layout;
    return 0;
}
