#include <math.h>

#include "plot/chart/calendar.h"
#include "plot/cmd.h"
#include "plot/history_data.h"
#include "plot/output.h"
#include "plot/words.h"

const struct option plot_history_options[] = {
    PLOT_OUTPUT_OPTIONS,
    PLOT_WORD_OPTIONS,
    {"x", 0, OPTION_TEXT_ONCE, "COLUMN", NULL, "column of the time (default: time, date, timestamp, commit, …)"},
    {"y", 0, OPTION_TEXT_ONCE, "COLUMN", NULL, "column of the metric (default: the first of numbers)"},
    {"group", 0, OPTION_TEXT_ONCE, "COLUMN", NULL,
     "column of the series (default: chip, series, group, name or device)"},
    {"better", 0, OPTION_TEXT_ONCE, "higher|lower", NULL,
     "which values are better (default: by the catalogue or the unit)"},
    {"zoom", 0, OPTION_FLAG, NULL, NULL, "let the axis start above zero, and say so"},
    {0},
};

static int lay_out(const void *chart, enum chart_theme theme, const struct text_measure *measure,
                   struct chart_layout *ret, struct err *err)
{
    return chart_lay_out_history(chart, theme, measure, ret, err);
}

static const char *make_title(struct plot_input *input, const struct history_data *data)
{
    if (data->series_count == 1 && data->series[0].name != data->metric.title) {
        return arena_printf(&input->arena, "%s of %s over time", data->metric.title, data->series[0].name);
    }
    return arena_printf(&input->arena, "%s over time", data->metric.title);
}

static size_t few_series(const struct history_data *data)
{
    size_t few = 0;
    for (size_t i = 0; i < data->series_count; i++) {
        few += data->series[i].count < HISTORY_FEW ? 1 : 0;
    }
    return few;
}

static const char *make_subtitle(struct plot_input *input, const struct history_data *data)
{
    char from[CALENDAR_TEXT_SIZE], to[CALENDAR_TEXT_SIZE];
    const char *between = "";
    if (data->dated && data->runs > 0) {
        calendar_date(from, data->first);
        calendar_date(to, data->last);
        between = text_equal(from, to) ? arena_printf(&input->arena, ", %s", from)
                                       : arena_printf(&input->arena, ", %s – %s", from, to);
    }
    return arena_printf(
        &input->arena, "%zu run%s%s. %s", data->runs, data->runs == 1 ? "" : "s", between != NULL ? between : "",
        few_series(data) == data->series_count ? "Fewer than 8 runs: no level, so no line and no band."
                                               : "Line: segment median; band: 95 % confidence interval.");
}

/* How levels are found, unless there are none. */
static void add_method(struct plot_input *input, const struct history_data *data, struct words *words)
{
    const size_t few = few_series(data);
    if (few == data->series_count) {
        words_add(words, "A level, its interval and change points take at least 8 runs; each run is a point.");
        return;
    }
    words_add(words, arena_printf(
                         &input->arena,
                         "Change points: optimal partitioning of the logarithm (BIC penalty), segments of at "
                         "least 8 runs, steps under 3 %% merged; marked where the interval of the ratio excludes\u00a0"
                         "1. Orange = worse, green = better.%s%s%s",
                         data->series_count > 1 ? " Square = whose change it is." : "",
                         data->dated ? " Dotted = no run for over 14 days and four usual distances." : "",
                         few > 0 ? " Points without a line: fewer than 8 runs." : ""));
}

int plot_history_run(const struct invocation *invocation, struct err *err)
{
    struct plot_input input autoinput = {0};
    struct history_data data = {0};
    struct words words;
    const struct history_wish wish = {option_text(invocation, "x"), option_text(invocation, "y"),
                                      option_text(invocation, "group"), option_text(invocation, "better")};
    const char *path = argument_count(invocation) > 0 ? argument_at(invocation, 0) : "-";
    int result = plot_input_read(path, &input, err);
    result = result < 0 ? result : history_data_make(&input, &wish, &data, err);
    if (result < 0) {
        return result;
    }
    words_begin(invocation, make_title(&input, &data), make_subtitle(&input, &data), &words);
    add_method(&input, &data, &words);
    if (data.missing > 0) {
        words_add(&words, arena_printf(&input.arena, "%zu row%s without a value or a time %s not drawn.", data.missing,
                                       data.missing == 1 ? "" : "s", data.missing == 1 ? "is" : "are"));
    }
    words_end(invocation, &input, &words);
    struct history_chart chart = {
        .title = words.title,
        .subtitle = words.subtitle,
        .footer = words.footer,
        .footer_count = words.footer_count,
        .metric = data.metric,
        .series = data.series,
        .series_count = data.series_count,
        .dated = data.dated,
        .zoom = option_flag(invocation, "zoom"),
    };
    result = plot_width(invocation, &chart.width, err);
    result = result < 0 ? result : arena_check(&input.arena, err);
    return result < 0 ? result : words_draw(invocation, lay_out, &chart, err);
}
