#include <math.h>
#include <stdint.h>

#include "plot/chart/frame.h"
#include "plot/chips_check.h"
#include "plot/cmd.h"
#include "plot/names.h"
#include "plot/output.h"

#define LIST_MAX 16
#define FOOTER_MAX 12
#define FEW_RUNS 6 /* below, a bar is hollow */

const struct option plot_chips_options[] = {
    PLOT_OUTPUT_OPTIONS,
    {"title", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "title (default: what is shown, without a claim)"},
    {"subtitle", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "line below the title"},
    {"source", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "last line of the footer: where the data is from"},
    {"footer", 0, OPTION_LIST_ONCE, "TEXT", NULL, "further line of the footer (may stand several times)"},
    {"x", 0, OPTION_TEXT_ONCE, "COLUMN", NULL, "column with the names (default: chip, name, device or the first)"},
    {"metric", 0, OPTION_LIST_ONCE, "COLUMN", NULL, "column to draw, at most two (default: the columns of numbers)"},
    {"direction", 0, OPTION_LIST_ONCE, "METRIC=higher|lower", NULL, "which values of a metric are better"},
    {"baseline", 0, OPTION_TEXT, "CHIP", NULL,
     "chip that the factors refer to, or none (default: the oldest base chip)"},
    {"sort", 0, OPTION_TEXT_ONCE, "value|family|input", "value", "order of the rows"},
    {"all", 0, OPTION_FLAG_ONCE, NULL, NULL, "draw all rows also when there are more than 80"},
    {0},
};

static size_t read_list(const struct invocation *invocation, const char *name, const char *list[LIST_MAX])
{
    size_t count = option_count(invocation, name);
    count = count < LIST_MAX ? count : LIST_MAX;
    for (size_t i = 0; i < count; i++) {
        list[i] = option_item(invocation, name, i);
    }
    return count;
}

static const char *make_title(struct plot_input *input, const struct chips_data *data)
{
    /* A single chip is named below. */
    const char *by = data->row_count > 1 ? " by chip" : "";
    const char *title = data->metric_count == 1
                            ? arena_printf(&input->arena, "%s%s", data->metrics[0].title, by)
                            : arena_printf(&input->arena, "%s and %s%s", data->metrics[0].title,
                                           chart_in_sentence(&input->arena, data->metrics[1].title), by);
    return title != NULL ? title : "";
}

/* Unit and direction where no panel heading says them, and what the factors refer to. */
static const char *make_subtitle(struct plot_input *input, const struct chips_data *data)
{
    const struct chart_metric *metric = &data->metrics[0];
    const char *baseline = data->baseline_name, *subtitle = "";
    if (data->metric_count > 1 && baseline != NULL) {
        subtitle = arena_printf(&input->arena, "Factors are relative to %s, above 1 is better.", baseline);
    } else if (data->metric_count == 1 && data->row_count > 1) {
        subtitle =
            arena_printf(&input->arena, "%s%s%s · %s%s%s%s", metric->title, metric->unit[0] != '\0' ? " in " : "",
                         metric->unit, metric->higher_is_better ? "higher is better →" : "← lower is better",
                         baseline != NULL ? " · factors relative to " : "", baseline != NULL ? baseline : "",
                         baseline != NULL ? ", above 1 is better" : "");
    }
    if (subtitle != NULL && input->subject != NULL) {
        subtitle = arena_printf(&input->arena, "%s%s%s", input->subject, subtitle[0] != '\0' ? " · " : "", subtitle);
    }
    return subtitle != NULL ? subtitle : "";
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

#define DOTS "Logarithmic axis: the places of the dots count, there is no zero."

/* What the marks are, and from where: of each metric one or the other. */
static const char *axis_words(const struct chips_data *data)
{
    const struct chip_chart chart = {.rows = data->rows, .row_count = data->row_count};
    size_t wide = 0;
    for (size_t i = 0; i < data->metric_count; i++) {
        wide += chart_chips_are_wide(&chart, i) ? 1 : 0;
    }
    return wide == 0 ? "Bars start at zero." : wide == data->metric_count ? DOTS : "Bars start at zero. " DOTS;
}

/* " 76c = GPU cores." or nothing. */
static const char *variant_words(struct plot_input *input, const struct chips_data *data)
{
    const char *words = NULL;
    for (size_t i = 0; i < data->row_count && words == NULL; i++) {
        words = plot_variant_words(&input->arena, data->rows[i].name, data->rows[i].variant);
    }
    return words == NULL ? "" : or_empty(arena_printf(&input->arena, " %s.", words));
}

/* What is known about spread and runs, what the marks are, what variants mean. */
static const char *evidence_words(struct plot_input *input, const struct chips_data *data)
{
    size_t all = data->row_count * data->metric_count - data->missing, few = 0, intervals = 0;
    for (size_t i = 0; i < data->row_count * data->metric_count; i++) {
        const struct chart_value *value = &data->rows[i / data->metric_count].values[i % data->metric_count];
        bool is_few = value->runs >= 0 && value->runs < FEW_RUNS;
        few += is_few && isfinite(value->value) ? 1 : 0;
        intervals += !is_few && isfinite(value->low) && isfinite(value->high) ? 1 : 0;
    }
    const char *unknown = "", *margin = "";
    if (data->unknown_runs == all && intervals > 0) {
        unknown = "Run counts are not stated. ";
    } else if (data->unknown_runs > 0) {
        unknown = data->unknown_runs == all ? "Run counts and spread are not stated: no intervals"
                                            : "Run counts and spread are not stated for all values: where they are "
                                              "missing there is no interval";
        margin = data->baseline_name != NULL ? ", and factors carry an unknown margin. " : ". ";
    }
    return or_empty(arena_printf(&input->arena, "%s%s%s%s%s%s", unknown, margin, axis_words(data),
                                 few > 0 ? " Hollow = fewer than 6 runs, no interval." : "",
                                 intervals > 0 ? " Whiskers: 95 % interval; those under 4 px are not drawn." : "",
                                 variant_words(input, data)));
}

static size_t make_footer(const struct invocation *invocation, struct plot_input *input, const struct chips_data *data,
                          const char *footer[FOOTER_MAX + 4])
{
    size_t count = 0;
    if (data->row_count > 1) {
        /* One chip has no bars, and its evidence stands below its number. */
        footer[count++] = evidence_words(input, data);
    }
    if (data->missing > 0) {
        const char *line =
            arena_printf(&input->arena, "%zu value%s not there.", data->missing, data->missing == 1 ? " is" : "s are");
        footer[count++] = line != NULL ? line : "";
    }
    if (data->negative > 0) {
        const char *line = arena_printf(&input->arena, "%zu value%s below zero and no bar.", data->negative,
                                        data->negative == 1 ? " is" : "s are");
        footer[count++] = line != NULL ? line : "";
    }
    const char *check = chips_check_bytes(input, data);
    if (check != NULL) {
        footer[count++] = check;
    }
    for (size_t i = 0; i < option_count(invocation, "footer") && count < FOOTER_MAX; i++) {
        footer[count++] = option_item(invocation, "footer", i);
    }
    const char *source = option_text(invocation, "source");
    if (source != NULL) {
        const char *line = arena_printf(&input->arena, "Source: %s", source);
        footer[count++] = line != NULL ? line : source;
    }
    return count;
}

static int draw_chart(const struct invocation *invocation, struct plot_input *input, const struct chips_data *data,
                      struct err *err)
{
    struct draw *draw autodraw = NULL;
    struct chart_layout layout = {0};
    const char *footer[FOOTER_MAX + 4];
    enum chart_theme theme = THEME_LIGHT;
    const char *title = option_text(invocation, "title"), *subtitle = option_text(invocation, "subtitle");
    struct chip_chart chart = {
        .title = title != NULL ? title : make_title(input, data),
        .subtitle = subtitle != NULL ? subtitle : make_subtitle(input, data),
        .footer = footer,
        .footer_count = make_footer(invocation, input, data, footer),
        .metrics = data->metrics,
        .metric_count = data->metric_count,
        .rows = data->rows,
        .row_count = data->row_count,
        .baseline_name = data->baseline_name,
        .show_all = option_flag(invocation, "all"),
    };
    int result = plot_theme(invocation, &theme, err);
    result = result < 0 ? result : plot_width(invocation, &chart.width, err);
    result = result < 0 ? result : draw_new(&draw, err);
    if (result < 0) {
        return result;
    }
    struct text_measure measure = draw_measure(draw);
    result = chart_lay_out_chips(&chart, theme, &measure, &layout, err);
    if (result == 0) {
        result = plot_write(invocation, draw, &layout, err);
        chart_layout_done(&layout);
    }
    return result;
}

int plot_chips_run(const struct invocation *invocation, struct err *err)
{
    struct plot_input input autoinput = {0};
    struct chips_data data = {0};
    const char *metrics[LIST_MAX], *directions[LIST_MAX];
    struct chips_wish wish = {
        .name_column = option_text(invocation, "x"),
        .metrics = metrics,
        .metric_count = read_list(invocation, "metric", metrics),
        .directions = directions,
        .direction_count = read_list(invocation, "direction", directions),
        .baseline = option_text(invocation, "baseline"),
    };
    int result = chips_read_sort(option_text(invocation, "sort"), &wish.sort, err);
    const char *path = argument_count(invocation) > 0 ? argument_at(invocation, 0) : "-";
    result = result < 0 ? result : plot_input_read(path, &input, err);
    result = result < 0 ? result : chips_data_make(&input, &wish, &data, err);
    return result < 0 ? result : draw_chart(invocation, &input, &data, err);
}
