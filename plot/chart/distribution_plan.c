#include "plot/chart/distribution_plan.h"

#include <math.h>

#include "schema/base/str.h"
#include "schema/stats/quantile.h"
#include "schema/text/figure.h"

#define RANGE_LEAST 0.01
#define HALF_TICKS_MOST 3
#define RANGE_LINEAR 100.0 /* %; beyond, the left half would show what cannot be */
#define RANGE_MOST 1000.0
#define RANGE_DOUBLINGS 8.0
#define POINTS_TOTAL 40000
#define SUMMARY_FIGURES 5
#define NAME_SHARE 0.26

static int make_spread(struct arena *arena, const struct sample_row *row, struct spread *ret, struct err *err)
{
    struct spread spread = {.count = row->count, .median = stats_median(row->sorted, row->count)};
    spread.summary = row->summary;
    spread.runs = row->summary ? row->runs : (long)row->count;
    spread.box = row->summary ? row->count == SUMMARY_FIGURES : row->count >= DISTRIBUTION_BOX_LEAST;
    spread.drawable = row->count > 0 && isfinite(spread.median) && spread.median > 0;
    spread.deviations = arena_alloc(arena, row->count + 1, sizeof *spread.deviations);
    if (spread.deviations == NULL) {
        return arena_check(arena, err);
    }
    for (size_t i = 0; spread.drawable && i < row->count; i++) {
        spread.deviations[i] = (row->sorted[i] / spread.median - 1) * 100;
        spread.drawable &= isfinite(spread.deviations[i]) != 0;
    }
    if (spread.drawable) {
        spread.first = stats_quantile(spread.deviations, row->count, 0.25);
        spread.third = stats_quantile(spread.deviations, row->count, 0.75);
        double reach = 1.5 * (spread.third - spread.first);
        spread.whisker_low = spread.first;
        spread.whisker_high = spread.third;
        if (row->summary) {
            /* Nobody knows what lies between: to the ends. */
            spread.whisker_low = spread.deviations[0];
            spread.whisker_high = spread.deviations[row->count - 1];
        }
        for (size_t i = 0; i < row->count && !row->summary; i++) {
            double at = spread.deviations[i];
            if (at >= spread.first - reach && at < spread.whisker_low) {
                spread.whisker_low = at;
            }
            if (at <= spread.third + reach && at > spread.whisker_high) {
                spread.whisker_high = at;
            }
        }
    }
    *ret = spread;
    return 0;
}

double distribution_place(const struct distribution_plan *plan, double deviation)
{
    return plan->logarithmic ? log2(1 + deviation / 100) : deviation;
}

/* All values, unless a few lie so far out that they would press the rest into a line. */
static double choose_range(const struct distribution_plan *plan)
{
    double whisker = 0, farthest = 0;
    for (size_t i = 0; i < plan->chart->row_count; i++) {
        const struct spread *spread = &plan->spreads[i];
        if (spread->drawable) {
            double low = distribution_place(plan, spread->whisker_low), least = spread->deviations[0];
            double high = distribution_place(plan, spread->whisker_high), most = spread->deviations[spread->count - 1];
            whisker = fmax(whisker, fmax(-low, high));
            farthest = fmax(farthest, fmax(-distribution_place(plan, least), distribution_place(plan, most)));
        }
    }
    double range = whisker > 0 && farthest > 4 * whisker ? 1.6 * whisker : farthest;
    return plan->logarithmic ? fmin(fmax(range, 2), RANGE_DOUBLINGS) : fmin(fmax(range, RANGE_LEAST), RANGE_MOST);
}

double distribution_px(const struct distribution_plan *plan, double place)
{
    double share = fmin(fmax(place / plan->half.high, -1), 1);
    return (plan->left + plan->right) / 2 + share * (plan->right - plan->left) / 2;
}

const char *distribution_place_text(struct builder *builder, const struct distribution_plan *plan, double place)
{
    static const char *const parts[] = {"", "½×", "¼×", "⅛×"};
    struct arena *arena = &builder->layout->arena;
    char text[FIGURE_SIZE];
    const char *made = NULL;
    if (!plan->logarithmic) {
        int decimals = scale_tick_decimals(&plan->half);
        made = arena_strdup(arena, figure_percent(text, place, decimals, true));
    } else if (place < 0 && place >= -3) {
        made = parts[(size_t)lround(-place)];
    } else {
        made = arena_printf(arena, place < 0 ? "1/%.0f×" : "%.0f×", exp2(fabs(place)));
    }
    return made != NULL ? made : "";
}

/* From the median to the right edge: three ticks at most, which are five on both sides of it. Doublings have no half
 * steps, and their axis ends where the values do. */
static struct scale make_half(const struct distribution_plan *plan, double range)
{
    double middle = (plan->left + plan->right) / 2, width = (plan->right - plan->left) / 2;
    if (!plan->logarithmic) {
        return scale_from_zero(range, HALF_TICKS_MOST, middle, width);
    }
    struct scale half = {.x = middle, .width = width, .high = range * 1.02};
    half.step = floor(half.high / HALF_TICKS_MOST) + 1;
    while (half.step * (double)half.tick_count <= half.high) {
        half.ticks[half.tick_count] = half.step * (double)half.tick_count;
        half.tick_count++;
    }
    return half;
}

static void choose_names(struct builder *builder, struct distribution_plan *plan)
{
    const struct distribution *chart = plan->chart;
    double widest = 60;
    for (size_t i = 0; i < chart->row_count; i++) {
        const struct sample_row *row = &chart->rows[i];
        bool twice = row->short_name == NULL;
        for (size_t k = 0; k < chart->row_count && !twice; k++) {
            twice = k != i && text_equal(row->short_name, chart->rows[k].short_name);
        }
        plan->names[i] = twice ? row->name : row->short_name;
        double room = NAME_SHARE * CHART_WIDTH;
        if (builder_is_narrow(builder)) {
            const char *figures = distribution_figures(builder, plan, i);
            double taken = builder_text_width(builder, figures, DISTRIBUTION_FIGURES_SIZE, WEIGHT_REGULAR);
            room = builder_inner(builder) - fmin(taken, 0.52 * builder_inner(builder)) - 10;
        }
        plan->drawn[i] = bars_fit_name(builder, plan->names[i], room, plan->name_size, WEIGHT_MEDIUM,
                                       plan->row >= 36 && !builder_is_narrow(builder) ? 2 : 1);
        widest = fmax(widest, plan->drawn[i].width);
    }
    plan->left = CHART_LEFT + fmin(widest, NAME_SHARE * CHART_WIDTH) + 14;
}

static double widest_tick(struct builder *builder, const struct distribution_plan *plan)
{
    const char *tick = distribution_place_text(builder, plan, -plan->half.ticks[plan->half.tick_count - 1]);
    return builder_text_width(builder, tick, 11, WEIGHT_REGULAR);
}

/* A deviation of −100 % or less has no logarithm. */
static bool all_positive(const struct distribution_plan *plan)
{
    for (size_t i = 0; i < plan->chart->row_count; i++) {
        if (plan->spreads[i].drawable && plan->spreads[i].deviations[0] <= -100) {
            return false;
        }
    }
    return true;
}

int distribution_make_spreads(struct builder *builder, struct distribution_plan *plan, struct err *err)
{
    const struct distribution *chart = plan->chart;
    struct arena *arena = &builder->layout->arena;
    plan->spreads = arena_alloc(arena, chart->row_count, sizeof *plan->spreads);
    if (plan->spreads == NULL) {
        return arena_check(arena, err);
    }
    for (size_t i = 0; i < chart->row_count; i++) {
        int result = make_spread(arena, &chart->rows[i], &plan->spreads[i], err);
        if (result < 0) {
            return result;
        }
    }
    plan->logarithmic = choose_range(plan) > RANGE_LINEAR && all_positive(plan);
    for (size_t i = 0; i < chart->row_count; i++) {
        struct spread *spread = &plan->spreads[i];
        spread->places = spread->deviations;
        if (plan->logarithmic && spread->drawable) {
            spread->places = arena_alloc(arena, spread->count, sizeof *spread->places);
        }
        if (spread->places == NULL) {
            return arena_check(arena, err);
        }
        for (size_t k = 0; plan->logarithmic && spread->drawable && k < spread->count; k++) {
            spread->places[k] = distribution_place(plan, spread->deviations[k]);
        }
    }
    return 0;
}

int distribution_make_plan(struct builder *builder, double moved, struct distribution_plan *plan, struct err *err)
{
    const struct distribution *chart = plan->chart;
    struct arena *arena = &builder->layout->arena;
    plan->names = arena_alloc(arena, chart->row_count, sizeof *plan->names);
    plan->drawn = arena_alloc(arena, chart->row_count, sizeof *plan->drawn);
    if (plan->names == NULL || plan->drawn == NULL) {
        return arena_check(arena, err);
    }
    size_t total = 0, most = 0;
    for (size_t i = 0; i < chart->row_count; i++) {
        most = chart->rows[i].count > most ? chart->rows[i].count : most;
        total += chart->rows[i].count <= DISTRIBUTION_POINTS_MOST ? chart->rows[i].count : 0;
    }
    plan->points = total <= POINTS_TOTAL;
    plan->row = chart->row_count <= 12 ? 66 : chart->row_count <= 40 ? 44 : 32;
    /* Rows without a density need less height. */
    plan->row = most < DISTRIBUTION_VIOLIN_LEAST ? fmin(plan->row, chart->row_count <= 12 ? 46 : 34) : plan->row;
    plan->name_size = chart->row_count <= 12 ? 13 : 11;
    choose_names(builder, plan);
    plan->runs_right = builder_right(builder);
    plan->iqr_right = builder_right(builder) - 46;
    plan->median_right = plan->iqr_right - 62;
    plan->right = plan->median_right - 88;
    if (builder_is_narrow(builder)) {
        /* Name and figures stand above each row; half a tick's text reaches beyond the plot, as wide as it is. */
        plan->head = 20;
        plan->row += plan->head;
        plan->left = CHART_LEFT;
        plan->right = builder_right(builder);
    }
    double range = choose_range(plan);
    plan->half = make_half(plan, range);
    if (plan->head > 0) {
        double reach = widest_tick(builder, plan) / 2;
        plan->left = CHART_LEFT + reach;
        plan->right = builder_right(builder) - reach;
        plan->half = make_half(plan, range);
    }
    plan->top = 112 + moved;
    plan->bottom = plan->top + plan->row * (double)chart->row_count;
    double footer = 13.5 * (double)builder_footer_lines(builder, chart->footer, chart->footer_count);
    builder->layout->height = ceil(plan->bottom + 28 + footer + 10);
    return 0;
}
