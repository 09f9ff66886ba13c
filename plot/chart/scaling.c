#include "plot/chart/scaling.h"

#include <math.h>
#include <string.h>

#include "plot/chart/clean.h"
#include "plot/chart/frame.h"
#include "plot/chart/marker.h"
#include "plot/chart/scaling_lines.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

#define PLOT_TOP 122.0
#define PLOT_HEIGHT 252.0
#define PLOT_WIDTH 236.0
#define PLOT_LEAST 168.0 /* where long labels take their room from */
#define POINT_RADIUS 4.0
#define NARROW_STEP 356.0 /* from panel to panel where they stand below each other */
#define LABEL_SIZE 11.5
#define LABEL_STEP 17.0
#define RATIO_MOST 1e12
#define SHARED_MOST 1.5 /* so many times the domain of the narrower panel */
#define ALONE_WIDER 2.2
#define ALONE_HIGHER 1.3
#define RATIO_SMALL 2.8 /* below, powers of two would be too few ticks */
#define TICKS_LEAST 3
#define TICKS_MOST 6
#define ALT_MAX 250

struct panel {
    const struct scaling_panel *data;
    struct box plot;
    double labels, right; /* px where labels begin, and the margin */
    struct plane_axis x, y;
};

static bool can_be_drawn(double ratio)
{
    return ratio > 1 / RATIO_MOST && ratio < RATIO_MOST;
}

static int clean_family(struct arena *arena, const struct scaling_family *family, struct scaling_family *ret,
                        struct err *err)
{
    struct scaling_point *points = arena_alloc(arena, family->count, sizeof *points);
    if (points == NULL) {
        return arena_check(arena, err);
    }
    for (size_t i = 0; i < family->count; i++) {
        points[i] = family->points[i];
        points[i].name = clean_text(arena, points[i].name, CLEAN_LINE_MOST);
        points[i].short_name = clean_text(arena, points[i].short_name, CLEAN_LINE_MOST);
        if (!can_be_drawn(points[i].resource) || !can_be_drawn(points[i].speed_up)) {
            err_set(err, ERR_DATA, "%.60s: a ratio that is not within %g and %g cannot be drawn", points[i].name,
                    1 / RATIO_MOST, RATIO_MOST);
            return err_hint(err, "look for a wrong unit in its row");
        }
    }
    *ret = (struct scaling_family){clean_text(arena, family->name, CLEAN_LINE_MOST),
                                   family->category < CHART_CATEGORIES ? family->category : CHART_CATEGORIES - 1,
                                   points, family->count};
    return 0;
}

static int clean(struct arena *arena, const struct scaling_chart *chart, struct scaling_chart *ret,
                 struct scaling_panel panels[SCALING_PANELS_MAX], struct err *err)
{
    *ret = *chart;
    ret->title = clean_text(arena, chart->title, CLEAN_TEXT_MOST);
    ret->subtitle = clean_text(arena, chart->subtitle, CLEAN_TEXT_MOST);
    ret->alt = clean_text(arena, chart->alt, CLEAN_TEXT_MOST);
    ret->footer = clean_list(arena, chart->footer, chart->footer_count);
    ret->panels = panels;
    for (size_t i = 0; i < chart->panel_count; i++) {
        const struct scaling_panel *panel = &chart->panels[i];
        struct scaling_family *families = arena_alloc(arena, panel->family_count, sizeof *families);
        if (families == NULL) {
            return arena_check(arena, err);
        }
        for (size_t k = 0; k < panel->family_count; k++) {
            int result = clean_family(arena, &panel->families[k], &families[k], err);
            if (result < 0) {
                return result;
            }
        }
        panels[i] =
            (struct scaling_panel){clean_metric(arena, &panel->metric),
                                   clean_text(arena, panel->resource, CLEAN_LINE_MOST), families, panel->family_count};
    }
    return arena_check(arena, err);
}

static void add_those(struct plane_axis *axis, const double *ticks, size_t count)
{
    axis->tick_count = 0;
    for (size_t i = 0; i < count && axis->tick_count < TICKS_MOST; i++) {
        if (ticks[i] >= axis->low && ticks[i] <= axis->high) {
            axis->ticks[axis->tick_count++] = ticks[i];
        }
    }
}

/* Powers of two; where those are too few what is round between them. The domain always holds 1. */
static void add_ticks(struct plane_axis *axis)
{
    static const double fine[] = {0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5};
    static const double between[] = {0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4};
    if (axis->high / axis->low < RATIO_SMALL * 1.5) {
        add_those(axis, fine, ARRAY_LENGTH(fine));
        return;
    }
    int first = (int)ceil(log2(axis->low)), last = (int)floor(log2(axis->high)), step = 1;
    while ((last - first) / step + 1 > TICKS_MOST) {
        step++;
    }
    axis->tick_count = 0;
    for (int power = (int)ceil((double)first / step) * step; power <= last; power += step) {
        axis->ticks[axis->tick_count++] = pow(2, power);
    }
    if (axis->tick_count < TICKS_LEAST) {
        add_those(axis, between, ARRAY_LENGTH(between));
    }
}

static void widen(const struct scaling_panel *data, double *least, double *most)
{
    for (size_t i = 0; i < data->family_count; i++) {
        const struct scaling_family *family = &data->families[i];
        for (size_t k = 0; k < family->count; k++) {
            *least = fmin(*least, fmin(family->points[k].resource, family->points[k].speed_up));
            *most = fmax(*most, fmax(family->points[k].resource, family->points[k].speed_up));
        }
    }
}

/* The same domain on both axes, so that the line of perfect scaling runs from corner to corner; and on those of both
 * panels, so that heights compare, unless one of them would use little of it. */
static void make_axes(const struct scaling_chart *chart, struct panel *panel)
{
    double least = 1, most = 1.5;
    widen(panel->data, &least, &most);
    for (size_t i = 0; i < chart->panel_count; i++) {
        double low = least, high = most, other_low = 1, other_high = 1.5;
        widen(&chart->panels[i], &low, &high);
        widen(&chart->panels[i], &other_low, &other_high);
        double narrower = fmin(log(most / least), log(other_high / other_low));
        if (log(high / low) <= SHARED_MOST * narrower) {
            least = low;
            most = high;
        }
    }
    double margin = pow(most / least, 0.04);
    panel->x = (struct plane_axis){.logarithmic = true, .low = least / margin, .high = most * pow(margin, 2)};
    add_ticks(&panel->x);
    panel->y = panel->x;
    panel->x.from = panel->plot.left;
    panel->x.to = panel->plot.right;
    panel->y.from = panel->plot.bottom;
    panel->y.to = panel->plot.top;
}

/* Where every family begins: a point that all of them share has the colour of none. */
static bool is_origin(const struct panel *panel, const struct scaling_point *point)
{
    return panel->data->family_count > 1 && fabs(point->resource - 1) < 1e-9 && fabs(point->speed_up - 1) < 1e-9;
}

static const char *times(struct builder *builder, double tick)
{
    const char *text = arena_printf(&builder->layout->arena, "%.4g×", tick);
    return text != NULL ? text : "";
}

static void draw_grid(struct builder *builder, const struct panel *panel)
{
    const struct chart_colours *colours = builder->colours;
    const struct box *plot = &panel->plot;
    struct text_style style = {FRAME_TICK_SIZE, WEIGHT_REGULAR, colours->muted, ANCHOR_END};
    for (size_t i = 0; i < panel->y.tick_count; i++) {
        double y = plane_px(&panel->y, panel->y.ticks[i]);
        builder_line(builder, "grid", plot->left, y, plot->right, y, 0.8, colours->grid);
        builder_text(builder, "tick", times(builder, panel->y.ticks[i]), plot->left - FRAME_TICK_GAP, y + 4, style);
    }
    style.anchor = ANCHOR_MIDDLE;
    for (size_t i = 0; i < panel->x.tick_count; i++) {
        const char *text = times(builder, panel->x.ticks[i]);
        double x = plane_px(&panel->x, panel->x.ticks[i]);
        double half = builder_text_width(builder, text, style.size, style.weight) / 2;
        builder_line(builder, "grid", x, plot->top, x, plot->bottom, 0.8, colours->grid);
        if (frame_is_free(builder, &(struct box){x - half - 3, plot->bottom + 4, x + half + 3, plot->bottom + 18})) {
            builder_text(builder, "tick", text, x, plot->bottom + 15, style);
        }
    }
    builder_line(builder, "limit", plot->left, plot->bottom, plot->right, plot->top, 1.1, colours->muted)->dashed =
        true;
}

static void draw_words(struct builder *builder, const struct panel *panel)
{
    const struct box *plot = &panel->plot;
    struct text_style style = {11, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_END};
    const char *words = "speed-up · ↑ better";
    double width = builder_text_width(builder, words, style.size, style.weight);
    builder_text(builder, "direction", words, plot->right, plot->top - 15, style);
    struct text_style heading = {13, WEIGHT_SEMIBOLD, builder->colours->ink, ANCHOR_START};
    const char *title = panel->data->metric.title;
    double room = plot->right - plot->left - width - 10;
    /* A long title has a line of its own. */
    bool wide = builder_text_width(builder, title, heading.size, heading.weight) > room;
    room = wide ? panel->right - plot->left : room;
    const char *fitted = builder_fit_middle(builder, title, room, heading.size, heading.weight);
    builder_text(builder, "panel", fitted, plot->left, plot->top - (wide ? 33 : 15), heading)->full_text =
        fitted != title ? title : NULL;
    style.anchor = ANCHOR_START;
    builder_text(builder, "direction", "efficiency", panel->labels, plot->top - 15, style);
    style.anchor = ANCHOR_END;
    const char *axis = arena_printf(&builder->layout->arena, "× %s →", panel->data->resource);
    builder_text(
        builder, "direction",
        builder_fit_middle(builder, axis != NULL ? axis : "", plot->right - plot->left + 30, style.size, style.weight),
        plot->right, plot->bottom + 36, style);
}

static const struct scaling_point *largest(const struct scaling_family *family)
{
    return &family->points[family->count - 1];
}

static void draw_lines(struct builder *builder, const struct panel *panel)
{
    const struct scaling_view view = {panel->data->families, panel->data->family_count, &panel->x, &panel->y};
    for (size_t i = 0; i < panel->data->family_count; i++) {
        const struct scaling_family *family = &panel->data->families[i];
        const struct chart_point *points = scaling_line(&builder->layout->arena, &view, i);
        if (points != NULL) {
            builder_polyline(builder, "line", points, 2 * (family->count - 1), 1.8,
                             builder->colours->category[family->category])
                ->series = family->name;
        }
    }
}

static void draw_points(struct builder *builder, const struct panel *panel)
{
    struct arena *arena = &builder->layout->arena;
    for (size_t i = 0; i < panel->data->family_count; i++) {
        const struct scaling_family *family = &panel->data->families[i];
        for (size_t k = 0; k < family->count; k++) {
            const struct scaling_point *point = &family->points[k];
            double x = plane_px(&panel->x, point->resource), y = plane_px(&panel->y, point->speed_up);
            if (is_origin(panel, point)) {
                builder_circle(builder, "point", x, y, POINT_RADIUS, builder->colours->text);
            } else {
                marker_draw(builder, "point", x, y, family->category, false, POINT_RADIUS);
            }
            struct chart_layout *layout = builder->layout;
            if (layout->mark_count > 0) {
                struct chart_mark *mark = &layout->marks[layout->mark_count - 1];
                char value[FIGURE_SIZE], factor[FIGURE_SIZE];
                mark->value = point->speed_up;
                mark->row = point->name;
                mark->series = family->name;
                mark->panel = panel->data->metric.title;
                mark->title = arena_printf(arena, "%s: %s %s, %s at %s %s", point->name,
                                           chart_figure(value, point->value, (double)NAN), panel->data->metric.unit,
                                           figure_factor(factor, point->speed_up), times(builder, point->resource),
                                           panel->data->resource);
            }
        }
    }
}

/* The families in the order of the height of their largest chips. */
static void sort_by_height(const struct panel *panel, size_t order[SCALING_FAMILIES_MAX],
                           double places[SCALING_FAMILIES_MAX])
{
    for (size_t i = 0; i < panel->data->family_count; i++) {
        double y = plane_px(&panel->y, largest(&panel->data->families[i])->speed_up);
        size_t at = i;
        for (; at > 0 && places[at - 1] > y; at--) {
            places[at] = places[at - 1];
            order[at] = order[at - 1];
        }
        places[at] = y;
        order[at] = i;
    }
}

static const char *efficiency_of(struct builder *builder, const struct scaling_point *point)
{
    char text[FIGURE_SIZE];
    double efficiency = point->speed_up / point->resource * 100;
    const char *share = efficiency < 1e5 ? arena_strdup(&builder->layout->arena,
                                                        figure_percent(text, efficiency, efficiency < 1 ? 1 : 0, false))
                                         : arena_printf(&builder->layout->arena, "%.0e\u202f%%", efficiency);
    return share != NULL ? share : "";
}

/* The name without what stands in brackets behind it, "M1 Ultra (20C/64G)"; the family has no other label. */
static const char *without_variant(struct builder *builder, const char *name)
{
    const char *bracket = strrchr(name, '(');
    if (bracket == NULL || bracket - name < 2 || bracket[-1] != ' ' || name[strlen(name) - 1] != ')') {
        return name;
    }
    const char *head = arena_strndup(&builder->layout->arena, name, (size_t)(bracket - 1 - name));
    return head != NULL ? head : name;
}

static const char *label_of(struct builder *builder, const struct scaling_point *point, double room)
{
    const char *name = point->short_name != NULL ? point->short_name : point->name;
    const char *share = efficiency_of(builder, point);
    double width = builder_text_width(builder, share, LABEL_SIZE, WEIGHT_SEMIBOLD) + 4;
    if (builder_text_width(builder, name, LABEL_SIZE, WEIGHT_SEMIBOLD) > room - width) {
        name = without_variant(builder, name);
    }
    name = builder_fit_middle(builder, name, room - width, LABEL_SIZE, WEIGHT_SEMIBOLD);
    const char *label = arena_printf(&builder->layout->arena, "%s %s", name, share);
    return label != NULL ? label : "";
}

/* What the labels would take in full. */
static double widest_label(struct builder *builder, const struct scaling_chart *chart)
{
    double widest = 0;
    for (size_t i = 0; i < chart->panel_count; i++) {
        for (size_t k = 0; k < chart->panels[i].family_count; k++) {
            const char *label = label_of(builder, largest(&chart->panels[i].families[k]), (double)INFINITY);
            widest = fmax(widest, builder_text_width(builder, label, LABEL_SIZE, WEIGHT_SEMIBOLD));
        }
    }
    return widest;
}

static void draw_labels(struct builder *builder, const struct panel *panel)
{
    size_t order[SCALING_FAMILIES_MAX] = {0}, count = panel->data->family_count;
    double places[SCALING_FAMILIES_MAX];
    sort_by_height(panel, order, places);
    frame_spread(places, count, LABEL_STEP, panel->plot.top + 6, panel->plot.bottom - 6);
    for (size_t i = 0; i < count; i++) {
        const struct scaling_family *family = &panel->data->families[order[i]];
        const struct scaling_point *point = largest(family);
        struct text_style style = {LABEL_SIZE, WEIGHT_SEMIBOLD, builder->colours->category_text[family->category],
                                   ANCHOR_START};
        struct chart_text *label =
            builder_text(builder, "label", label_of(builder, point, panel->right - panel->labels), panel->labels,
                         places[i] + 4, style);
        label->full_text = point->name;
        builder_line(builder, "leader", plane_px(&panel->x, point->resource) + MARKER_RADIUS + 2,
                     plane_px(&panel->y, point->speed_up), panel->labels - 3, places[i], 0.7,
                     builder->colours->category[family->category]);
    }
}

static const char *alt_text(struct builder *builder, const struct scaling_chart *chart)
{
    struct buf text autobuf = BUF(8192), capped autobuf = BUF(4096);
    for (size_t i = 0; i < chart->panel_count; i++) {
        const struct scaling_panel *panel = &chart->panels[i];
        buf_addf(&text, "%s%.40s by %.30s in %zu famil%s:", i == 0 ? "Scaling chart of " : " ", panel->metric.title,
                 panel->resource, panel->family_count, panel->family_count == 1 ? "y" : "ies");
        for (size_t k = 0; k < panel->family_count && k < 4; k++) {
            const struct scaling_point *point = largest(&panel->families[k]);
            char factor[FIGURE_SIZE];
            buf_addf(&text, "%s %.24s %s at %.3g×", k > 0 ? "," : "",
                     point->short_name != NULL ? point->short_name : point->name,
                     figure_factor(factor, point->speed_up), point->resource);
        }
        buf_adds(&text, ".");
    }
    encode_plain_capped(&capped, str_of(buf_text(&text)), ALT_MAX);
    return arena_strdup(&builder->layout->arena, buf_text(&capped));
}

/* Side by side, or one below the other where the layout is narrow; one alone is wider. */
static void place_panel(struct builder *builder, const struct scaling_chart *chart, size_t index, double moved,
                        struct panel *panel)
{
    bool narrow = builder_is_narrow(builder), two = chart->panel_count > 1;
    double half = builder_inner(builder) / 2;
    double start = CHART_LEFT + (two && !narrow ? (half + 4) * (double)index : 0);
    double top = PLOT_TOP + moved + (narrow ? NARROW_STEP * (double)index : 0);
    double width = narrow ? 0.55 * builder_inner(builder) : two ? PLOT_WIDTH : ALONE_WIDER * PLOT_WIDTH;
    double height = narrow || two ? PLOT_HEIGHT : ALONE_HIGHER * PLOT_HEIGHT;
    panel->right = narrow || !two || index > 0 ? builder_right(builder) : CHART_LEFT + half - 8;
    double room = panel->right - start - 34 - 10 - widest_label(builder, chart);
    width = fmin(width, fmax(room, PLOT_LEAST));
    panel->plot = (struct box){start + 34, top, start + 34 + width, top + height};
    panel->labels = panel->plot.right + 10;
    make_axes(chart, panel);
    double ticks = 0;
    for (size_t i = 0; i < panel->x.tick_count; i++) {
        ticks = fmax(ticks, builder_text_width(builder, times(builder, panel->x.ticks[i]), FRAME_TICK_SIZE, 0));
    }
    if (start + ticks + FRAME_TICK_GAP > panel->plot.left) {
        panel->plot.left = start + ticks + FRAME_TICK_GAP;
        make_axes(chart, panel);
    }
}

static int lay_out(struct builder *builder, const struct scaling_chart *chart, struct err *err)
{
    struct chart_layout *layout = builder->layout;
    double moved = builder_heading(builder, chart->title, chart->subtitle), bottom = 0;
    for (size_t i = 0; i < chart->panel_count; i++) {
        struct panel panel = {.data = &chart->panels[i]};
        place_panel(builder, chart, i, moved, &panel);
        draw_grid(builder, &panel);
        draw_words(builder, &panel);
        frame_add_panel(builder, panel.data->metric.title, &panel.y, &panel.plot);
        draw_lines(builder, &panel);
        draw_points(builder, &panel);
        draw_labels(builder, &panel);
        bottom = panel.plot.bottom;
    }
    size_t lines = builder_footer_lines(builder, chart->footer, chart->footer_count);
    layout->height = ceil(bottom + 62 + 13.5 * (double)(lines > 0 ? lines : 1));
    builder_footer(builder, chart->footer, chart->footer_count);
    layout->title = chart->title;
    layout->alt = chart->alt != NULL ? chart->alt : alt_text(builder, chart);
    return arena_check(&layout->arena, err);
}

static int check_size(const struct scaling_chart *chart, struct err *err)
{
    size_t most = 0;
    for (size_t i = 0; i < chart->panel_count; i++) {
        most = chart->panels[i].family_count > most ? chart->panels[i].family_count : most;
    }
    if (most == 0) {
        err_set(err, ERR_NOTHING, "there is no family with two chips to compare");
        return err_hint(err, "a family needs two chips of different size with a value each");
    }
    if (most > SCALING_FAMILIES_MAX) {
        err_set(err, ERR_LIMIT, "a scaling chart shows at most %d families, not %zu", SCALING_FAMILIES_MAX, most);
        return err_hint(err, "leave some out, or draw several pictures");
    }
    return 0;
}

int chart_lay_out_scaling(const struct scaling_chart *chart, enum chart_theme theme, const struct text_measure *measure,
                          struct chart_layout *ret, struct err *err)
{
    int result = check_size(chart, err);
    if (result < 0) {
        return result;
    }
    struct chart_layout layout = {.width = chart->width > 0 ? chart->width : CHART_WIDTH,
                                  .background = chart_colours(theme)->background};
    struct builder builder = {.layout = &layout, .measure = measure, .colours = chart_colours(theme)};
    struct scaling_panel panels[SCALING_PANELS_MAX] = {0};
    struct scaling_chart cleaned;
    result = clean(&layout.arena, chart, &cleaned, panels, err);
    result = result < 0 ? result : lay_out(&builder, &cleaned, err);
    if (result < 0) {
        chart_layout_done(&layout);
        return result;
    }
    *ret = layout;
    return 0;
}
