#include "plot/cmd.h"
#include "plot/output.h"
#include "plot/sustained_data.h"
#include "plot/words.h"

const struct option plot_sustained_options[] = {
    PLOT_OUTPUT_OPTIONS,
    PLOT_WORD_OPTIONS,
    {"x", 0, OPTION_TEXT_ONCE, "COLUMN", NULL,
     "column of the seconds (default: seconds, time, elapsed, … or the first of numbers)"},
    {"y", 0, OPTION_TEXT_ONCE, "COLUMN", NULL, "column of the metric (default: the next of numbers)"},
    {"group", 0, OPTION_TEXT_ONCE, "COLUMN", NULL,
     "column of the panels (default: chip, series, group, name or device)"},
    {"reason", 0, OPTION_TEXT_ONCE, "COLUMN", NULL,
     "column that says why it was throttled (default: throttled, reason, …)"},
    {"better", 0, OPTION_TEXT_ONCE, "higher|lower", NULL,
     "which values are better (default: by the catalogue or the unit)"},
    {0},
};

static int lay_out(const void *chart, enum chart_theme theme, const struct text_measure *measure,
                   struct chart_layout *ret, struct err *err)
{
    return chart_lay_out_sustained(chart, theme, measure, ret, err);
}

static const char *make_title(struct plot_input *input, const struct sustained_data *data)
{
    if (data->series_count == 1 && data->series[0].name != data->metric.title) {
        return arena_printf(&input->arena, "%s of %s, sustained", data->metric.title, data->series[0].name);
    }
    return arena_printf(&input->arena, "%s, sustained", data->metric.title);
}

int plot_sustained_run(const struct invocation *invocation, struct err *err)
{
    struct plot_input input autoinput = {0};
    struct sustained_data data = {0};
    struct words words;
    const struct sustained_wish wish = {
        .x = option_text(invocation, "x"),
        .y = option_text(invocation, "y"),
        .group = option_text(invocation, "group"),
        .reason = option_text(invocation, "reason"),
        .better = option_text(invocation, "better"),
    };
    const char *path = argument_count(invocation) > 0 ? argument_at(invocation, 0) : "-";
    int result = plot_input_read(path, &input, err);
    result = result < 0 ? result : sustained_data_make(&input, &wish, &data, err);
    if (result < 0) {
        return result;
    }
    words_begin(invocation, make_title(&input, &data), NULL, &words);
    words_add(&words,
              arena_printf(&input.arena,
                           "Line: median of each second, of %zu samples. At the right: median of the last third of "
                           "the time as a share of the first. %s",
                           data.samples,
                           data.reasons ? "Shaded = throttled." : "The data does not say when it was throttled."));
    if (data.missing > 0) {
        words_add(&words, arena_printf(&input.arena, "%zu row%s without time or value not drawn.", data.missing,
                                       data.missing == 1 ? "" : "s"));
    }
    words_end(invocation, &input, &words);
    struct sustained_chart chart = {
        .title = words.title,
        .subtitle = words.subtitle,
        .footer = words.footer,
        .footer_count = words.footer_count,
        .metric = data.metric,
        .series = data.series,
        .series_count = data.series_count,
    };
    result = plot_width(invocation, &chart.width, err);
    result = result < 0 ? result : arena_check(&input.arena, err);
    return result < 0 ? result : words_draw(invocation, lay_out, &chart, err);
}
