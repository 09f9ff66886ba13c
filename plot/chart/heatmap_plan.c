#include "plot/chart/heatmap_plan.h"

#include <math.h>

#include "schema/base/buf.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

#define CELL_MOST 128.0
#define CELL_MOST_FEW 190.0 /* where there are so few columns that half of the picture would be empty */
#define FEW_COLUMNS 3
#define GROUP_GAP 14.0
#define NAME_SHARE 0.26
#define NAME_SHARE_MOST 0.5 /* where names that were cut would be the same */
#define ALT_MAX 250
#define MANY_ROWS 34
#define HEAD_SMALL 9.5     /* px; below it headings are numbers */
#define HEAD_UP_MOST 150.0 /* px, of a heading that reads upwards */
#define SPARSE_LEAST 12    /* missing cells */
#define HEAT_REACH_MOST 8  /* 256× */
#define DECIMALS_MOST 4

/* How many decimals the values of a column have: no figure shows more. */
static void choose_decimals(struct heat_plan *plan)
{
    const struct heatmap *chart = plan->chart;
    for (size_t c = 0; c < chart->column_count; c++) {
        plan->decimals[c] = 0;
        for (size_t i = 0; i < chart->row_count && plan->decimals[c] < DECIMALS_MOST; i++) {
            double value = fabs(chart->rows[i].cells[c].value), scaled = value * pow(10, plan->decimals[c]);
            while (isfinite(scaled) && plan->decimals[c] < DECIMALS_MOST &&
                   fabs(scaled - round(scaled)) > 1e-9 * fmax(scaled, 1)) {
                plan->decimals[c]++;
                scaled = value * pow(10, plan->decimals[c]);
            }
        }
    }
}

const char *heatmap_value_text(const struct heat_plan *plan, char target[FIGURE_SIZE], double value, size_t column)
{
    int decimals = figure_decimals(value, (double)NAN);
    return decimals > plan->decimals[column] && fabs(value) >= 0.1 ? figure_fixed(target, value, plan->decimals[column])
                                                                   : chart_figure(target, value, (double)NAN);
}

static void choose_sizes(struct heat_plan *plan)
{
    bool many = plan->chart->row_count > MANY_ROWS;
    plan->row = many ? 16.5 : 22.5;
    plan->name_size = many ? 10.8 : 12.5;
    plan->variant_size = many ? 9.8 : 11;
    plan->value_size = many ? 10 : 11.5;
    plan->factor_size = many ? 9.5 : 10;
    plan->head_size = 11;
}

static bool same_name(const struct heat_row *a, const struct heat_row *b)
{
    return text_equal(a->short_name, b->short_name) && text_equal(a->variant, b->variant);
}

/* Short names where they stay apart, cut in the middle where they are still too long; whether two that differ were cut
 * to the same. */
static bool fit_names(struct builder *builder, struct heat_plan *plan, double room)
{
    const struct heatmap *chart = plan->chart;
    bool alike = false;
    for (size_t i = 0; i < chart->row_count; i++) {
        const struct heat_row *row = &chart->rows[i];
        bool twice = row->short_name == NULL;
        for (size_t k = 0; k < chart->row_count && !twice; k++) {
            twice = k != i && same_name(row, &chart->rows[k]);
        }
        plan->names[i] =
            builder_fit_middle(builder, twice ? row->name : row->short_name, room, plan->name_size, WEIGHT_BOLD);
        for (size_t k = 0; k < i && !alike; k++) {
            alike = text_equal(plan->names[i], plan->names[k]) && text_equal(row->variant, chart->rows[k].variant) &&
                    !text_equal(row->name, chart->rows[k].name);
        }
    }
    return alike;
}

static void choose_names(struct builder *builder, struct heat_plan *plan)
{
    const struct heatmap *chart = plan->chart;
    double widest = 30, variant = 0, share = NAME_SHARE;
    plan->names = arena_alloc(&builder->layout->arena, chart->row_count, sizeof *plan->names);
    if (plan->names == NULL) {
        return;
    }
    while (fit_names(builder, plan, share * builder->layout->width) && share < NAME_SHARE_MOST) {
        share += 0.06;
    }
    for (size_t i = 0; i < chart->row_count; i++) {
        const struct heat_row *row = &chart->rows[i];
        enum text_weight weight = row->baseline ? WEIGHT_BOLD : WEIGHT_MEDIUM;
        widest = fmax(widest, builder_text_width(builder, plan->names[i], plan->name_size, weight));
        if (!text_is_empty(row->variant)) {
            variant = fmax(variant, builder_text_width(builder, row->variant, plan->variant_size, WEIGHT_REGULAR));
        }
    }
    plan->name_right = CHART_LEFT + widest;
    variant = fmin(variant, HEAT_VARIANT_MOST);
    plan->variant_right = plan->name_right + (variant > 0 ? 14 + variant : 0);
}

static void place_columns(const struct builder *builder, struct heat_plan *plan)
{
    const struct heatmap *chart = plan->chart;
    size_t gaps = 0;
    for (size_t c = 1; c < chart->column_count; c++) {
        gaps += !text_equal(chart->columns[c].group, chart->columns[c - 1].group);
    }
    double left = plan->variant_right + 10;
    double gap = gaps > 6 ? 4 : GROUP_GAP;
    double room = builder_right(builder) - left - gap * (double)gaps;
    double pitch =
        fmin(room / (double)chart->column_count, chart->column_count > FEW_COLUMNS ? CELL_MOST : CELL_MOST_FEW);
    plan->cell = pitch - HEAT_GAP;
    double x = left;
    for (size_t c = 0; c < chart->column_count; c++) {
        if (c > 0 && !text_equal(chart->columns[c].group, chart->columns[c - 1].group)) {
            x += gap;
        }
        plan->column_x[c] = x;
        x += pitch;
    }
}

/* A heading on a few lines; whether all of it has room. */
static bool wrap_head(struct builder *builder, const struct heat_plan *plan, const char *title, struct heat_head *head)
{
    double width = plan->cell - 2;
    head->count = builder_wrap(builder, title, width, plan->head_size, WEIGHT_REGULAR, head->lines, HEAT_HEAD_LINES);
    size_t length = head->count > 1 ? head->count - 1 : 0;
    bool fits = true;
    for (size_t k = 0; k < head->count; k++) {
        /* A line that was cut is shorter, or ends in an ellipsis; a break takes one blank away. */
        length += str_of(head->lines[k]).len;
        fits = fits && str_find(str_of(head->lines[k]), STR("…"), 0) == SIZE_MAX &&
               builder_text_width(builder, head->lines[k], plan->head_size, WEIGHT_REGULAR) <= width;
    }
    return fits && length == str_of(title).len;
}

/* Upwards where the columns are as wide as a line is high, else numbers, whose names stand below the table. */
static void choose_narrow_heads(struct builder *builder, struct heat_plan *plan)
{
    const struct heatmap *chart = plan->chart;
    double widest = 0;
    plan->upwards = plan->cell >= HEAD_SMALL * (TEXT_ASCENT + TEXT_DESCENT);
    plan->numbered = !plan->upwards;
    plan->head_size = plan->upwards ? fmin(plan->head_size, plan->cell / (TEXT_ASCENT + TEXT_DESCENT)) : HEAD_SMALL;
    for (size_t c = 0; c < chart->column_count; c++) {
        const char *text = arena_printf(&builder->layout->arena, "%zu", c + 1);
        double width =
            builder_text_width(builder, chart->columns[c].title, plan->numbered ? 10 : plan->head_size, WEIGHT_REGULAR);
        if (plan->upwards) {
            text = builder_fit_middle(builder, chart->columns[c].title, HEAD_UP_MOST, plan->head_size, WEIGHT_REGULAR);
            width = builder_text_width(builder, text, plan->head_size, WEIGHT_REGULAR);
        }
        plan->heads[c] = (struct heat_head){.lines = {text != NULL ? text : ""}, .count = 1};
        widest = fmax(widest, width);
    }
    plan->head_height = plan->upwards ? fmax(0, widest - plan->head_size) : 0;
    plan->number_columns = (size_t)fmin(fmax(floor(builder_inner(builder) / (widest + 36)), 1), 4);
}

/* Headings on a few lines; where one has no room all columns have other ones. */
static void choose_heads(struct builder *builder, struct heat_plan *plan)
{
    const struct heatmap *chart = plan->chart;
    bool fits = true;
    size_t lines = 1;
    for (size_t c = 0; c < chart->column_count && fits; c++) {
        fits = wrap_head(builder, plan, chart->columns[c].title, &plan->heads[c]);
        lines = plan->heads[c].count > lines ? plan->heads[c].count : lines;
    }
    plan->head_height = (double)(lines - 1) * (plan->head_size + 3);
    if (!fits) {
        choose_narrow_heads(builder, plan);
    }
}

/* Up to a quarter of the cells may lie beyond the ends of the colours. */
static void choose_reach(struct heat_plan *plan)
{
    const struct heatmap *chart = plan->chart;
    plan->reach = 2;
    while (plan->reach < HEAT_REACH_MOST) {
        size_t beyond = 0, all = 0;
        for (size_t i = 0; i < chart->row_count * chart->column_count; i++) {
            double factor = chart->rows[i / chart->column_count].cells[i % chart->column_count].factor;
            all += isfinite(factor) ? 1 : 0;
            beyond += factor > 0 && fabs(log2(factor)) > plan->reach ? 1 : 0;
        }
        if (beyond * 4 <= all) {
            return;
        }
        plan->reach += 2;
    }
}

static void choose_sparse(struct heat_plan *plan)
{
    const struct heatmap *chart = plan->chart;
    size_t missing = 0, all = chart->row_count * chart->column_count;
    for (size_t i = 0; i < all; i++) {
        missing += isfinite(chart->rows[i / chart->column_count].cells[i % chart->column_count].value) ? 0 : 1;
    }
    plan->sparse = missing > SPARSE_LEAST && missing * 3 > all;
}

/* Value and factor, or only one of them, by what the widest cell needs. */
static void choose_mode(struct builder *builder, struct heat_plan *plan)
{
    const struct heatmap *chart = plan->chart;
    double value = 0, factor = 0;
    for (size_t i = 0; i < chart->row_count; i++) {
        for (size_t c = 0; c < chart->column_count; c++) {
            const struct heat_cell *cell = &chart->rows[i].cells[c];
            char text[FIGURE_SIZE];
            if (isfinite(cell->value)) {
                const char *shown = heatmap_value_text(plan, text, cell->value, c);
                value = fmax(value, builder_text_width(builder, shown, plan->value_size, WEIGHT_MEDIUM));
            }
            if (isfinite(cell->factor)) {
                const char *shown = chart_factor_text(text, cell->factor);
                factor = fmax(factor, builder_text_width(builder, shown, plan->factor_size, WEIGHT_REGULAR));
            }
        }
    }
    plan->split = (value - factor) / 2;
    if (factor > 0 && plan->cell >= 58.5 && value + factor + 18 <= plan->cell) {
        plan->mode = HEAT_BOTH;
    } else if (plan->cell < 32.5) {
        plan->mode = HEAT_NOTHING;
    } else {
        plan->mode = factor > 0 ? HEAT_FACTOR : HEAT_VALUE;
        plan->value_size = factor > 0 && plan->cell < 40 ? 10 : plan->value_size;
    }
}

static void write_notes(struct builder *builder, struct heat_plan *plan)
{
    const struct heatmap *chart = plan->chart;
    size_t missing = 0, grey = 0;
    struct buf text autobuf = BUF(4096);
    for (size_t c = 0; c < chart->column_count; c++) {
        for (size_t i = 0; i < chart->row_count; i++) {
            missing += isfinite(chart->rows[i].cells[c].value) ? 0 : 1;
            grey += isfinite(chart->rows[i].cells[c].value) && !isfinite(chart->rows[i].cells[c].factor) ? 1 : 0;
        }
    }
    if (chart->baseline_name == NULL) {
        buf_adds(&text, "No baseline: cells are not coloured.");
    } else if (plan->reach < 3) {
        buf_adds(&text, "Log colour scale, clamped at ¼× and 4×.");
    } else {
        buf_addf(&text, "Log colour scale, clamped at 1/%.0f× and %.0f×.", exp2(plan->reach), exp2(plan->reach));
    }
    if (missing > 0) {
        buf_adds(&text, " Hatched = no data, not zero.");
    }
    if (grey > 0 && chart->baseline_name != NULL) {
        buf_adds(&text, " Dull grey = no factor: no baseline there, or a value not above zero.");
    }
    if (plan->mode == HEAT_FACTOR) {
        buf_addf(&text, " Cells show the factor%s; values are in the data.", grey > 0 ? ", grey ones the value" : "");
    } else if (plan->mode == HEAT_NOTHING) {
        buf_adds(&text, " Cells are too narrow for numbers; values are in the data.");
    }
    plan->note_count =
        builder_wrap(builder, arena_strdup(&builder->layout->arena, buf_text(&text)),
                     builder_right(builder) - plan->note_x, 9.5, WEIGHT_REGULAR, plan->notes, HEAT_NOTES_MAX);
}

/* Right of the key, under the first column of a group where one begins near there. */
static double note_left(const struct heat_plan *plan)
{
    double left = plan->key_x + 326;
    for (size_t c = 1; c < plan->chart->column_count; c++) {
        bool begins = !text_equal(plan->chart->columns[c].group, plan->chart->columns[c - 1].group);
        if (begins && plan->column_x[c] >= plan->key_x + 316 && plan->column_x[c] <= left + 40) {
            return plan->column_x[c];
        }
    }
    return left;
}

void heatmap_make_plan(struct builder *builder, double moved, struct heat_plan *plan)
{
    const struct heatmap *chart = plan->chart;
    choose_sizes(plan);
    choose_decimals(plan);
    choose_names(builder, plan);
    place_columns(builder, plan);
    choose_heads(builder, plan);
    choose_reach(plan);
    choose_sparse(plan);
    choose_mode(builder, plan);
    bool grouped = false;
    for (size_t c = 0; c < chart->column_count; c++) {
        grouped |= chart->columns[c].group != NULL;
    }
    plan->group_y = (grouped ? 110 : 0) + moved;
    plan->top = (grouped ? 140 : 118) + moved + plan->head_height;
    plan->bottom = plan->top + plan->row * (double)chart->row_count;
    bool narrow = builder_is_narrow(builder);
    double lines = plan->numbered ? ceil((double)chart->column_count / (double)plan->number_columns) : 0;
    double numbers = plan->numbered ? 14 * lines + 10 : 0;
    plan->key_y = plan->bottom + numbers + 22;
    /* The key's first and last label reach beyond its bar. */
    plan->key_x = round(fmin(plan->column_x[0], 300));
    plan->note_x = chart->baseline_name != NULL ? note_left(plan) : plan->column_x[0];
    plan->note_y = plan->key_y + 5;
    if (narrow) {
        plan->key_x = CHART_LEFT + 26;
        plan->note_x = CHART_LEFT;
        plan->note_y = plan->key_y + (chart->baseline_name != NULL ? 38 : 5);
    }
    write_notes(builder, plan);
    double key =
        fmax(chart->baseline_name != NULL ? 24 : 0, plan->note_y - plan->key_y - 5 + 13.5 * (double)plan->note_count);
    double footer = 13.5 * (double)builder_footer_lines(builder, chart->footer, chart->footer_count);
    builder->layout->height = ceil(plan->key_y + key + 18 + footer + 8);
}

static void add_extreme(struct buf *into, const struct heatmap *chart, bool best)
{
    const struct heat_row *found = NULL;
    size_t column = 0;
    for (size_t i = 0; i < chart->row_count; i++) {
        for (size_t c = 0; c < chart->column_count; c++) {
            double factor = chart->rows[i].cells[c].factor;
            if (isfinite(factor) && (found == NULL || (best ? factor > found->cells[column].factor
                                                            : factor < found->cells[column].factor))) {
                found = &chart->rows[i];
                column = c;
            }
        }
    }
    if (found != NULL) {
        char text[FIGURE_SIZE];
        buf_addf(into, "; %s %s in %s, %s", best ? "best" : "worst",
                 found->short_name != NULL ? found->short_name : found->name, chart->columns[column].title,
                 chart_factor_text(text, found->cells[column].factor));
    }
}

const char *heatmap_alt_text(struct builder *builder, const struct heatmap *chart)
{
    struct buf text autobuf = BUF(8192), capped autobuf = BUF(8192);
    size_t missing = 0;
    for (size_t i = 0; i < chart->row_count; i++) {
        for (size_t c = 0; c < chart->column_count; c++) {
            missing += isfinite(chart->rows[i].cells[c].value) ? 0 : 1;
        }
    }
    buf_addf(&text, "Heat map, %s: %zu chip%s by %zu workload%s", chart->title, chart->row_count,
             chart->row_count == 1 ? "" : "s", chart->column_count, chart->column_count == 1 ? "" : "s");
    if (chart->baseline_name != NULL) {
        buf_addf(&text, "; baseline %s", chart->baseline_name);
    }
    add_extreme(&text, chart, true);
    add_extreme(&text, chart, false);
    if (missing > 0) {
        buf_addf(&text, "; %zu cell%s without data", missing, missing == 1 ? "" : "s");
    }
    buf_adds(&text, ".");
    encode_plain_capped(&capped, str_of(buf_text(&text)), ALT_MAX);
    return arena_strdup(&builder->layout->arena, buf_text(&capped));
}
