#include "plot/chart/heatmap.h"

#include <math.h>
#include <string.h>

#include "plot/chart/clean.h"
#include "plot/chart/heatmap_plan.h"
#include "schema/base/str.h"
#include "schema/text/figure.h"

#define KEY_WIDTH 300.0
#define KEY_NAME_MOST 120.0
#define KEY_STEPS 75 /* of 4 px: no seams between them */

static void draw_note(struct builder *builder, double x, double y, const char *note, double width)
{
    struct text_style style = {10, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_MIDDLE};
    double needed = builder_text_width(builder, note, style.size, style.weight);
    if (needed + 10 <= width) {
        struct chart_text *text = builder_text(builder, "missing", note, x, y, style);
        text->patch = true;
        text->patch_colour = builder->colours->background;
    }
}

static void draw_figures(struct builder *builder, const struct heat_plan *plan, const struct heat_cell *cell,
                         size_t column, double x, double baseline, unsigned colour)
{
    char value_text[FIGURE_SIZE], factor_text[FIGURE_SIZE];
    const char *value = heatmap_value_text(plan, value_text, cell->value, column);
    const char *factor = chart_factor_text(factor_text, cell->factor);
    struct text_style style = {plan->value_size, WEIGHT_MEDIUM, colour, ANCHOR_END};
    double middle = x + plan->cell / 2;
    if (plan->mode == HEAT_BOTH && isfinite(cell->factor)) {
        builder_text(builder, "value", value, middle + plan->split - 5, baseline, style);
        style = (struct text_style){plan->factor_size, WEIGHT_REGULAR, colour, ANCHOR_START};
        builder_text(builder, "factor", factor, middle + plan->split + 5, baseline, style);
        return;
    }
    bool shows_factor = plan->mode == HEAT_FACTOR && isfinite(cell->factor);
    style.anchor = ANCHOR_MIDDLE;
    const char *shown = shows_factor ? factor : value;
    if (plan->mode != HEAT_NOTHING && builder_text_width(builder, shown, style.size, style.weight) <= plan->cell - 4) {
        builder_text(builder, shows_factor ? "factor" : "value", shown, middle, baseline, style);
    }
}

/* Not to be taken for "the same": the grid's grey in light, in dark the ground of bands. */
static unsigned no_factor(const struct builder *builder, const struct heat_plan *plan)
{
    return plan->theme == THEME_DARK ? builder->colours->band : builder->colours->grid;
}

static void draw_cell(struct builder *builder, const struct heat_plan *plan, size_t row, size_t column)
{
    const struct heat_row *drawn = &plan->chart->rows[row];
    const struct heat_cell *cell = &drawn->cells[column];
    const struct heat_column *head = &plan->chart->columns[column];
    double x = plan->column_x[column], y = plan->top + plan->row * (double)row, height = plan->row - HEAT_GAP;
    double baseline = y + height / 2 + plan->value_size * 0.36;
    struct arena *arena = &builder->layout->arena;
    struct chart_mark *mark;
    if (!isfinite(cell->value)) {
        mark = builder_hatch(builder, "missing", x, y, plan->cell, height, builder->colours->axis);
        mark->opacity = plan->sparse ? 0.5 : 0;
        mark->title = arena_printf(arena, "%s, %s: %s", drawn->name, head->title, cell->failed ? "failed" : "no data");
        /* Where most is missing the words would be all that is seen; the key has them. */
        if (cell->failed || !plan->sparse) {
            draw_note(builder, x + plan->cell / 2, baseline, cell->failed ? "failed" : "no data", plan->cell);
        }
    } else {
        char value[FIGURE_SIZE], factor[FIGURE_SIZE];
        bool coloured = isfinite(cell->factor);
        unsigned colour =
            coloured ? heatmap_colour(plan->theme, pow(cell->factor, 2 / plan->reach)) : no_factor(builder, plan);
        unsigned ink = coloured ? heatmap_text_colour(colour) : builder->colours->text;
        mark = builder_rect(builder, "cell", x, y, plan->cell, height, colour);
        mark->value = cell->value;
        mark->title = arena_printf(arena, "%s, %s: %s%s%s", drawn->name, head->title,
                                   chart_figure(value, cell->value, (double)NAN), coloured ? ", " : "",
                                   coloured ? chart_factor_text(factor, cell->factor) : "");
        draw_figures(builder, plan, cell, column, x, baseline, ink);
    }
    mark->panel = head->group;
    mark->series = head->title;
    mark->row = drawn->name;
}

static void draw_names(struct builder *builder, const struct heat_plan *plan)
{
    for (size_t i = 0; i < plan->chart->row_count; i++) {
        const struct heat_row *row = &plan->chart->rows[i];
        double baseline = plan->top + plan->row * (double)i + (plan->row - HEAT_GAP) / 2 + plan->name_size * 0.36;
        struct text_style style = {plan->name_size, row->baseline ? WEIGHT_BOLD : WEIGHT_MEDIUM, builder->colours->ink,
                                   ANCHOR_END};
        struct chart_text *text = builder_text(builder, "name", plan->names[i], plan->name_right, baseline, style);
        text->full_text = text_equal(plan->names[i], row->name) ? NULL : row->name;
        if (!text_is_empty(row->variant)) {
            style = (struct text_style){plan->variant_size, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_END};
            const char *variant =
                builder_fit_middle(builder, row->variant, HEAT_VARIANT_MOST, style.size, style.weight);
            builder_text(builder, "variant", variant, plan->variant_right, baseline, style);
        }
    }
}

/* The heading of a group of columns: on one line, or smaller on two. */
static void draw_group(struct builder *builder, const struct heat_plan *plan, size_t column, double width)
{
    const char *group = plan->chart->columns[column].group, *lines[2];
    struct text_style style = {12.5, WEIGHT_SEMIBOLD, builder->colours->ink, ANCHOR_START};
    if (builder_text_width(builder, group, style.size, style.weight) > width) {
        style.size = 11;
    }
    size_t count = builder_wrap_even(builder, group, width, style.size, style.weight, lines, 2);
    for (size_t i = 0; i < count; i++) {
        if (builder_text_width(builder, lines[i], style.size, style.weight) <= width) {
            double up = 13.5 * (double)(count - 1 - i);
            builder_text(builder, "panel", lines[i], plan->column_x[column], plan->group_y - up, style)->full_text =
                group;
        }
    }
}

static void draw_head(struct builder *builder, const struct heat_plan *plan, size_t column)
{
    const struct heat_head *head = &plan->heads[column];
    const char *title = plan->chart->columns[column].title;
    struct text_style style = {plan->head_size, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_MIDDLE};
    double middle = plan->column_x[column] + plan->cell / 2;
    if (plan->upwards) {
        double baseline = middle + (TEXT_ASCENT - TEXT_DESCENT) / 2 * style.size;
        struct chart_text *text = builder_text_up(builder, "column", head->lines[0], baseline, plan->top - 7, style);
        text->full_text = text_equal(head->lines[0], title) ? NULL : title;
        return;
    }
    /* Numbers that would meet are left out: what stands between 8 and 10 needs no name. */
    double widest = plan->numbered ? builder_text_width(builder, "00", style.size, style.weight) : 0;
    size_t every = plan->numbered ? (size_t)fmax(ceil(widest / (plan->cell + HEAT_GAP)), 1) : 1;
    for (size_t k = 0; k < head->count && column % every == 0; k++) {
        double up = (double)(head->count - 1 - k) * (plan->head_size + 3);
        builder_text(builder, "column", head->lines[k], middle, plan->top - 8 - up, style)->full_text =
            plan->numbered ? title : NULL;
    }
}

static void draw_heads(struct builder *builder, const struct heat_plan *plan)
{
    const struct heatmap *chart = plan->chart;
    for (size_t c = 0; c < chart->column_count; c++) {
        draw_head(builder, plan, c);
        bool begins = c == 0 || !text_equal(chart->columns[c].group, chart->columns[c - 1].group);
        if (!begins || chart->columns[c].group == NULL) {
            continue;
        }
        size_t last = c;
        while (last + 1 < chart->column_count && text_equal(chart->columns[last + 1].group, chart->columns[c].group)) {
            last++;
        }
        draw_group(builder, plan, c, plan->column_x[last] + plan->cell - plan->column_x[c]);
    }
}

/* Below the table: the names behind the numbers of narrow columns. */
static void draw_numbers(struct builder *builder, const struct heat_plan *plan)
{
    struct text_style style = {10, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_START};
    for (size_t c = 0; plan->numbered && c < plan->chart->column_count; c++) {
        const char *text = arena_printf(&builder->layout->arena, "%zu  %s", c + 1, plan->chart->columns[c].title);
        size_t columns = plan->number_columns, line = c / columns;
        double width = builder_inner(builder) / (double)columns;
        double x = CHART_LEFT + (double)(c % columns) * (width + 6);
        double y = plan->bottom + 22 + 14 * (double)line;
        text = builder_fit_middle(builder, text != NULL ? text : "", width - 6, style.size, style.weight);
        builder_text(builder, "column-name", text, x, y, style)->full_text = plan->chart->columns[c].title;
    }
}

/* The bar of colours with its five factors, and in words what it cannot say. */
static void draw_key(struct builder *builder, const struct heat_plan *plan)
{
    static const char *const names[] = {"¼×", "½×", NULL, "2×", "4×"};
    double x = plan->key_x, y = plan->key_y, step = KEY_WIDTH / KEY_STEPS;
    struct text_style style = {9.5, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_MIDDLE};
    for (size_t i = 0; i < KEY_STEPS; i++) {
        double factor = exp2(((double)i + 0.5) / KEY_STEPS * 4 - 2);
        builder_rect(builder, "key", x + step * (double)i, y, step, 8, heatmap_colour(plan->theme, factor));
    }
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        const char *name = names[i];
        double power = ((double)i / 2 - 1) * plan->reach;
        if (name == NULL) {
            bool brackets = strchr(plan->chart->baseline_name, '(') != NULL;
            name = arena_printf(&builder->layout->arena, brackets ? "1× = %s" : "1× (%s)", plan->chart->baseline_name);
            if (name == NULL || builder_text_width(builder, name, style.size, style.weight) > KEY_NAME_MOST) {
                name = "1× (baseline)";
            }
        } else if (plan->reach > 3) {
            name = arena_printf(&builder->layout->arena, power < 0 ? "1/%.0f×" : "%.0f×", exp2(fabs(power)));
        }
        builder_text(builder, "tick", name != NULL ? name : "", x + (double)i / 4 * KEY_WIDTH, y + 20, style);
    }
}

static void draw_key_notes(struct builder *builder, const struct heat_plan *plan)
{
    struct text_style style = {9.5, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_START};
    for (size_t i = 0; i < plan->note_count; i++) {
        builder_text(builder, "key-note", plan->notes[i], plan->note_x, plan->note_y + 13.5 * (double)i, style);
    }
}

static struct heat_row clean_row(struct arena *arena, const struct heat_row *row)
{
    struct heat_row copy = *row;
    copy.name = clean_text(arena, row->name, CLEAN_LINE_MOST);
    copy.short_name = clean_text(arena, row->short_name, CLEAN_LINE_MOST);
    copy.variant = clean_text(arena, row->variant, CLEAN_LINE_MOST);
    return copy;
}

static int clean(struct arena *arena, const struct heatmap *chart, struct heatmap *ret, struct err *err)
{
    struct heat_row *rows = arena_alloc(arena, chart->row_count, sizeof *rows);
    struct heat_column *columns = arena_alloc(arena, chart->column_count, sizeof *columns);
    if (rows == NULL || columns == NULL) {
        return arena_check(arena, err);
    }
    for (size_t i = 0; i < chart->row_count; i++) {
        rows[i] = clean_row(arena, &chart->rows[i]);
    }
    for (size_t i = 0; i < chart->column_count; i++) {
        columns[i].title = clean_text(arena, chart->columns[i].title, CLEAN_LINE_MOST);
        columns[i].group = clean_text(arena, chart->columns[i].group, CLEAN_LINE_MOST);
    }
    struct heatmap copy = *chart;
    copy.title = clean_text(arena, chart->title, CLEAN_TEXT_MOST);
    copy.subtitle = clean_text(arena, chart->subtitle, CLEAN_TEXT_MOST);
    copy.baseline_name = clean_text(arena, chart->baseline_name, CLEAN_LINE_MOST);
    copy.alt = clean_text(arena, chart->alt, CLEAN_TEXT_MOST);
    copy.footer = clean_list(arena, chart->footer, chart->footer_count);
    copy.rows = rows;
    copy.columns = columns;
    int result = arena_check(arena, err);
    if (result == 0) {
        *ret = copy;
    }
    return result;
}

static int check_chart(const struct heatmap *chart, struct err *err)
{
    if (chart->column_count > HEATMAP_COLUMNS_MAX) {
        err_set(err, ERR_LIMIT, "a heat map shows at most %d workloads, not %zu", HEATMAP_COLUMNS_MAX,
                chart->column_count);
        return err_hint(err, "choose some of them, or draw several pictures");
    }
    size_t values = 0;
    for (size_t i = 0; i < chart->row_count; i++) {
        for (size_t c = 0; c < chart->column_count; c++) {
            values += isfinite(chart->rows[i].cells[c].value) != 0;
        }
    }
    if (values == 0) {
        err_set(err, ERR_NOTHING, "there is no value to draw");
        return err_hint(err, "a heat map needs at least one cell with a finite value");
    }
    return 0;
}

static int lay_out(struct builder *builder, const struct heatmap *chart, enum chart_theme theme, struct err *err)
{
    struct heat_plan plan = {.chart = chart, .theme = theme};
    double moved = builder_heading(builder, chart->title, chart->subtitle);
    heatmap_make_plan(builder, moved, &plan);
    int failed = arena_check(&builder->layout->arena, err);
    if (failed < 0) {
        return failed;
    }
    for (size_t i = 0; i < chart->row_count; i++) {
        for (size_t c = 0; c < chart->column_count; c++) {
            draw_cell(builder, &plan, i, c);
        }
    }
    draw_heads(builder, &plan);
    draw_names(builder, &plan);
    draw_numbers(builder, &plan);
    if (chart->baseline_name != NULL) {
        draw_key(builder, &plan);
    }
    draw_key_notes(builder, &plan);
    builder_footer(builder, chart->footer, chart->footer_count);
    builder->layout->title = chart->title;
    builder->layout->alt = chart->alt != NULL ? chart->alt : heatmap_alt_text(builder, chart);
    return 0;
}

int chart_lay_out_heatmap(const struct heatmap *chart, enum chart_theme theme, const struct text_measure *measure,
                          struct chart_layout *ret, struct err *err)
{
    int result = check_chart(chart, err);
    if (result < 0) {
        return result;
    }
    struct chart_layout layout = {.width = chart->width > 0 ? chart->width : CHART_WIDTH,
                                  .background = chart_colours(theme)->background};
    struct builder builder = {.layout = &layout, .measure = measure, .colours = chart_colours(theme)};
    struct heatmap cleaned = *chart;
    result = clean(&layout.arena, chart, &cleaned, err);
    result = result < 0 ? result : lay_out(&builder, &cleaned, theme, err);
    result = result < 0 ? result : arena_check(&layout.arena, err);
    if (result < 0) {
        chart_layout_done(&layout);
        return result;
    }
    *ret = layout;
    return 0;
}
