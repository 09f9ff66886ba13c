#include <math.h>

#include "plot/chart/calendar.h"
#include "plot/chart/history_plan.h"
#include "schema/base/str.h"
#include "schema/text/encode.h"
#include "schema/text/figure.h"

#define RUN_RADIUS 1.5
#define RUN_RADIUS_FEW 2.4
#define RUN_RADIUS_ONE 4.0
#define RUNS_FEW 12
#define YEAR 31622400.0 /* s; in a longer history a day needs its year, in one of a day its hour */
#define DAY 86400.0
#define ALT_MAX 250 /* characters */
#define LABEL_SIZE 11.5
#define DATE_ROWS 3
#define DATE_STEP 13.5
#define DATE_SIZE 10.5
#define DATE_SIZE_SMALL 9.5
#define SQUARE 6.0
#define SAME_DATE 12.0 /* px */

static double run_at(const struct history_line *line, size_t index)
{
    return line->series->runs[index].at;
}

static const char *run_words(struct builder *builder, const struct history_plan *plan, const struct history_run *run)
{
    char text[CALENDAR_TEXT_SIZE];
    double span = plan->x.high - plan->x.low;
    if (run->label != NULL) {
        return run->label;
    }
    if (!plan->chart->dated) {
        return frame_tick_text(builder, run->at);
    }
    /* A phone has no room for years: the axis has them. */
    const char *words = span > YEAR && !builder_is_narrow(builder) ? calendar_date(text, run->at)
                        : span > DAY                               ? calendar_day(text, run->at)
                                                                   : calendar_time(text, run->at);
    return arena_strdup(&builder->layout->arena, words);
}

/* How many runs lie beyond the axis and how far, in the upper right corner. */
static void label_outside(struct builder *builder, const struct history_panel *panel, size_t count, double farthest)
{
    char text[FIGURE_SIZE];
    struct arena *arena = &builder->layout->arena;
    const char *words = arena_printf(arena, "%zu beyond, to %s ↑", count, chart_figure(text, farthest, (double)NAN));
    words = words != NULL ? words : "";
    struct text_style style = {9.5, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_END};
    double width = builder_text_width(builder, words, style.size, style.weight), right = panel->plot.right - 4;
    for (int line = 0; line < 4; line++) {
        double y = panel->plot.top + 12 + 13 * line;
        if (frame_is_free(builder, &(struct box){right - width, y - 10, right, y + 3})) {
            builder_text(builder, "outside", words, right, y, style);
            return;
        }
    }
}

static void draw_runs(struct builder *builder, const struct history_plan *plan, const struct history_panel *panel,
                      const struct history_line *line)
{
    double beyond = panel->y.high + 1e-9 * fabs(panel->y.high), farthest = 0;
    size_t outside = 0, count = line->series->count;
    double radius = count == 1 ? RUN_RADIUS_ONE : count < RUNS_FEW ? RUN_RADIUS_FEW : RUN_RADIUS;
    for (size_t i = 0; i < line->series->count; i++) {
        const struct history_run *run = &line->series->runs[i];
        if (run->value > beyond) {
            outside++;
            farthest = fmax(farthest, run->value);
            continue;
        }
        struct chart_mark *mark =
            builder_circle(builder, "run", plane_px(&plan->x, run->at), plane_px(&panel->y, run->value), radius,
                           builder->colours->category[line->category]);
        /* Dots let a dark background through more than a light one. */
        mark->opacity = line->few ? 1 : builder->colours->background == 0xFFFFFF ? 0.35 : 0.55;
        mark->value = run->value;
        mark->series = line->series->name;
    }
    if (outside > 0) {
        label_outside(builder, panel, outside, farthest);
    }
}

static void draw_piece(struct builder *builder, const struct history_plan *plan, const struct history_panel *panel,
                       const struct history_line *line, const struct history_segment *segment, double from, double to,
                       bool dotted)
{
    double y = plane_px(&panel->y, segment->median), left = plane_px(&plan->x, from);
    /* A segment of one run would be a line without length. */
    double right = fmax(plane_px(&plan->x, to), left + (dotted ? 0 : 3));
    struct chart_mark *mark =
        builder_line(builder, "median", left, y, right, y, 2.2, builder->colours->category[line->category]);
    mark->dashed = dotted;
    mark->value = segment->median;
    mark->series = line->series->name;
}

/* The median as long as its segment lasts, up to the first run of the next one; dotted where no run was for long. */
static void draw_segment(struct builder *builder, const struct history_plan *plan, const struct history_panel *panel,
                         const struct history_line *line, size_t index)
{
    const struct history_segment *segment = &line->segments[index];
    size_t end = segment->first + segment->count;
    bool last = end == line->series->count;
    double start = run_at(line, segment->first), finish = run_at(line, last ? end - 1 : end);
    if (isfinite(segment->low)) {
        /* An interval of few scattered runs may reach far beyond the axis. */
        double top = fmax(plane_px(&panel->y, segment->high), panel->plot.top);
        double bottom = fmin(plane_px(&panel->y, segment->low), panel->plot.bottom);
        struct chart_mark *band = builder_rect(builder, "interval", plane_px(&plan->x, start), top,
                                               plane_px(&plan->x, finish) - plane_px(&plan->x, start),
                                               fmax(0, bottom - top), builder->colours->category[line->category]);
        band->opacity = 0.25;
        band->value = segment->median;
    }
    double from = start, before = start;
    for (size_t i = segment->first + 1; i <= end; i++) {
        double at = i < end ? run_at(line, i) : finish;
        if (at - before > line->gap) {
            draw_piece(builder, plan, panel, line, segment, from, before, false);
            draw_piece(builder, plan, panel, line, segment, before, at, true);
            from = at;
        }
        before = at;
    }
    draw_piece(builder, plan, panel, line, segment, from, finish, false);
}

/* The signed share above the plot, in the lowest row where it meets nothing; of several series with a square in the
 * colour of its own. */
static bool label_change(struct builder *builder, const struct history_panel *panel, const struct history_line *line,
                         double x, double change, unsigned colour)
{
    char text[FIGURE_SIZE];
    const char *words = fabs(change) < 1e5
                            ? figure_percent(text, change, fabs(change) < 9.95 ? (fabs(change) < 0.95) : 0, true)
                            : arena_printf(&builder->layout->arena, "%+.0e %%", change);
    struct text_style style = {LABEL_SIZE, WEIGHT_BOLD, colour, ANCHOR_MIDDLE};
    double half = builder_text_width(builder, words != NULL ? words : "", style.size, style.weight) / 2;
    double square = panel->line_count > 1 ? SQUARE + 4 : 0;
    half += square / 2;
    x = fmin(fmax(x, CHART_LEFT + half), builder_right(builder) - half);
    for (size_t row = 0; row < panel->label_rows; row++) {
        double y = panel->plot.top - 7 - 15 * (double)row;
        if (frame_is_free(builder, &(struct box){x - half - 3, y - 11, x + half + 3, y + 2.5})) {
            builder_text(builder, "change", words != NULL ? words : "", x + square / 2, y, style);
            if (square > 0) {
                builder_rect(builder, "swatch", x - half, y - SQUARE - 1, SQUARE, SQUARE,
                             builder->colours->category[line->category])
                    ->series = line->series->name;
            }
            return true;
        }
    }
    return false;
}

struct foot {
    double x, before, after; /* the rule and its neighbours */
    bool crossing;           /* a neighbour may be covered in part */
};

/* In the lowest row where nothing stands, on the side of the rule where it does not meet the neighbour. */
static bool put_foot(struct builder *builder, const struct history_panel *panel, const struct foot *foot,
                     const char *text, struct text_style style, double gap)
{
    double width = builder_text_width(builder, text, style.size, style.weight), x = foot->x;
    double most = foot->crossing ? panel->plot.right : fmin(foot->after, panel->plot.right) - 2;
    double least = foot->crossing ? panel->plot.left : fmax(foot->before, panel->plot.left) + 2;
    for (int row = 0; row < DATE_ROWS; row++) {
        double y = panel->plot.bottom - 7 - DATE_STEP * row;
        bool right =
            x + gap + width < most && frame_is_free(builder, &(struct box){x + gap, y - 10, x + gap + width, y + 3});
        bool left = !right && x - gap - width > least &&
                    frame_is_free(builder, &(struct box){x - gap - width, y - 10, x - gap, y + 3});
        if (right || left) {
            style.anchor = right ? ANCHOR_START : ANCHOR_END;
            struct chart_text *date = builder_text(builder, "date", text, right ? x + gap : x - gap, y, style);
            date->patch = foot->crossing;
            date->patch_colour = builder->colours->background;
            return true;
        }
    }
    return false;
}

/* Date or commit at the foot of the rule; smaller, and at last over a neighbour, where changes are close together. */
static void label_foot(struct builder *builder, const struct history_panel *panel, struct foot foot, const char *words)
{
    struct text_style style = {DATE_SIZE, WEIGHT_REGULAR, builder->colours->muted, ANCHOR_START};
    const char *text = builder_fit_middle(builder, words, 80, style.size, style.weight);
    /* Series that change together have one date. */
    for (size_t i = 0; i < builder->layout->text_count; i++) {
        const struct chart_text *other = &builder->layout->texts[i];
        if (text_equal(other->role, "date") && text_equal(other->text, text) && fabs(other->x - foot.x) < SAME_DATE &&
            other->baseline_y > panel->plot.top && other->baseline_y < panel->plot.bottom) {
            return;
        }
    }
    struct text_style small = style;
    small.size = DATE_SIZE_SMALL;
    if (put_foot(builder, panel, &foot, text, style, 5) || put_foot(builder, panel, &foot, text, small, 3)) {
        return;
    }
    foot.crossing = true;
    (void)put_foot(builder, panel, &foot, text, small, 3);
}

/* The place of the next established change in a direction; infinite when there is none. */
static double next_change(const struct history_plan *plan, const struct history_line *line, size_t from, int step)
{
    for (size_t i = from + (size_t)step; i > 0 && i < line->segment_count; i += (size_t)step) {
        if (isfinite(line->segments[i].change)) {
            return plane_px(&plan->x, run_at(line, line->segments[i].first));
        }
    }
    return step > 0 ? (double)INFINITY : -(double)INFINITY;
}

static void draw_changes(struct builder *builder, struct history_plan *plan, const struct history_panel *panel,
                         const struct history_line *line)
{
    const struct chart_colours *colours = builder->colours;
    for (size_t i = 1; i < line->segment_count; i++) {
        double change = line->segments[i].change;
        if (!isfinite(change)) {
            continue;
        }
        const struct history_run *run = &line->series->runs[line->segments[i].first];
        bool better = (change > 0) == plan->chart->metric.higher_is_better;
        double x = plane_px(&plan->x, run->at);
        struct chart_mark *rule = builder_line(builder, "change", x, panel->plot.top + 6, x, panel->plot.bottom, 1,
                                               colours->category[better ? 2 : 1]);
        rule->dashed = true;
        rule->value = change;
        rule->series = line->series->name;
        const char *words = run_words(builder, plan, run);
        rule->row = words;
        plan->unlabelled += !label_change(builder, panel, line, x, change, colours->category_text[better ? 2 : 1]);
        const struct foot foot = {x, next_change(plan, line, i, -1), next_change(plan, line, i, 1), false};
        label_foot(builder, panel, foot, words != NULL ? words : "");
    }
}

void history_draw_panel(struct builder *builder, struct history_plan *plan, const struct history_panel *panel)
{
    for (size_t i = 0; i < panel->line_count; i++) {
        draw_changes(builder, plan, panel, &panel->lines[i]);
    }
    for (size_t i = 0; i < panel->line_count; i++) {
        draw_runs(builder, plan, panel, &panel->lines[i]);
        for (size_t k = 0; !panel->lines[i].few && k < panel->lines[i].segment_count; k++) {
            draw_segment(builder, plan, panel, &panel->lines[i], k);
        }
    }
}

const char *history_alt_text(struct builder *builder, const struct history_plan *plan)
{
    struct buf text autobuf = BUF(8192), capped autobuf = BUF(4096);
    size_t runs = 0, changes = 0;
    double largest = 0;
    for (size_t i = 0; i < plan->line_count; i++) {
        const struct history_line *line = &plan->lines[i];
        runs += line->series->count;
        for (size_t k = 1; k < line->segment_count; k++) {
            changes += isfinite(line->segments[k].change) ? 1 : 0;
            if (fabs(line->segments[k].change) > fabs(largest)) {
                largest = line->segments[k].change;
            }
        }
    }
    char figure[FIGURE_SIZE];
    buf_addf(&text, "History of %.60s, %zu run%s", plan->chart->metric.title, runs, runs == 1 ? "" : "s");
    buf_addf(&text, ": %zu change%s of level", changes, changes == 1 ? "" : "s");
    if (changes > 0) {
        buf_addf(&text, ", the largest %s", figure_percent(figure, largest, 0, true));
    }
    for (size_t i = 0; i < plan->line_count && i < 3; i++) {
        const struct history_line *line = &plan->lines[i];
        buf_addf(&text, "; %s%.40s now %s %.20s", plan->line_count > 1 || line->few ? "" : "level of ",
                 line->series->name, chart_figure(figure, history_now(line), (double)NAN), plan->chart->metric.unit);
    }
    buf_adds(&text, ".");
    encode_plain_capped(&capped, str_of(buf_text(&text)), ALT_MAX);
    return arena_strdup(&builder->layout->arena, buf_text(&capped));
}
