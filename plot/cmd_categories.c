#include "plot/categories_data.h"
#include "plot/cmd.h"
#include "plot/output.h"
#include "plot/words.h"

const struct option plot_categories_options[] = {
    PLOT_OUTPUT_OPTIONS,
    PLOT_WORD_OPTIONS,
    {"x", 0, OPTION_TEXT_ONCE, "COLUMN", NULL,
     "column of the categories (default: category, task, mode, … or the first)"},
    {"y", 0, OPTION_TEXT_ONCE, "COLUMN", NULL,
     "column of the values of long data (default: value, or the first of numbers)"},
    {"group", 0, OPTION_TEXT_ONCE, "COLUMN", NULL,
     "column of the series of long data (default: series, variant, group, …)"},
    {"baseline", 0, OPTION_TEXT_ONCE, "SERIES", NULL, "what the ratios refer to (default: the first)"},
    {"metric", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "what the values are: \"Generation (tok/s)\""},
    {"better", 0, OPTION_TEXT_ONCE, "higher|lower", NULL,
     "which values are better (default: by the catalogue or the unit)"},
    {0},
};

static int lay_out(const void *chart, enum chart_theme theme, const struct text_measure *measure,
                   struct chart_layout *ret, struct err *err)
{
    return chart_lay_out_categories(chart, theme, measure, ret, err);
}

static void add_footer(struct plot_input *input, const struct categories_data *data, struct words *words)
{
    words_add(words,
              arena_printf(&input->arena, "Bars start at zero; one value a bar, its spread is not drawn.%s%s%s%s",
                           data->metric.unit[0] == '\0' ? " The data states no unit." : "",
                           data->series_count > 1 ? " Bold: ratio to " : "",
                           data->series_count > 1 ? data->series[0] : "",
                           data->series_count > 1 ? ", above 1 = better." : ""));
    if (data->missing > 0) {
        words_add(words, arena_printf(&input->arena, "%zu value%s not there.", data->missing,
                                      data->missing == 1 ? " is" : "s are"));
    }
    if (data->left_out != NULL) {
        words_add(words, arena_printf(&input->arena, "Not drawn, of another unit: %s.", data->left_out));
    }
    words_add(words, data->doubled ? "Of several values for the same bar the last one is drawn." : NULL);
}

int plot_categories_run(const struct invocation *invocation, struct err *err)
{
    struct plot_input input autoinput = {0};
    struct categories_data data = {0};
    struct words words;
    const struct categories_wish wish = {
        .x = option_text(invocation, "x"),
        .y = option_text(invocation, "y"),
        .group = option_text(invocation, "group"),
        .baseline = option_text(invocation, "baseline"),
        .metric = option_text(invocation, "metric"),
        .better = option_text(invocation, "better"),
    };
    const char *path = argument_count(invocation) > 0 ? argument_at(invocation, 0) : "-";
    int result = plot_input_read(path, &input, err);
    result = result < 0 ? result : categories_data_make(&input, &wish, &data, err);
    if (result < 0) {
        return result;
    }
    words_begin(invocation,
                arena_printf(&input.arena, "%s by %s",
                             text_equal(data.metric.title, "Value") ? "Results" : data.metric.title, data.by),
                input.subject, &words);
    add_footer(&input, &data, &words);
    words_end(invocation, &input, &words);
    struct categories_chart chart = {
        .title = words.title,
        .subtitle = words.subtitle,
        .footer = words.footer,
        .footer_count = words.footer_count,
        .metric = data.metric,
        .series = data.series,
        .series_count = data.series_count,
        .rows = data.rows,
        .row_count = data.row_count,
    };
    result = plot_width(invocation, &chart.width, err);
    result = result < 0 ? result : arena_check(&input.arena, err);
    return result < 0 ? result : words_draw(invocation, lay_out, &chart, err);
}
