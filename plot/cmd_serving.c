#include "plot/chart/frame.h"
#include "plot/cmd.h"
#include "plot/names.h"
#include "plot/output.h"
#include "plot/serving_data.h"
#include "plot/words.h"

const struct option plot_serving_options[] = {
    PLOT_OUTPUT_OPTIONS,
    PLOT_WORD_OPTIONS,
    {"x", 0, OPTION_TEXT_ONCE, "COLUMN", NULL, "column of the throughput (default: by its heading)"},
    {"y", 0, OPTION_TEXT_ONCE, "COLUMN", NULL, "column of the median latency (default: by its heading)"},
    {"tail", 0, OPTION_TEXT_ONCE, "COLUMN", NULL, "column of the tail latency (default: one with p99 in its heading)"},
    {"rate", 0, OPTION_TEXT_ONCE, "COLUMN", NULL,
     "column of the request rate (default: request_rate, qps, concurrency, …)"},
    {"group", 0, OPTION_TEXT_ONCE, "COLUMN", NULL,
     "column of the lines (default: chip, series, group, name, device, model)"},
    {0},
};

static int lay_out(const void *chart, enum chart_theme theme, const struct text_measure *measure,
                   struct chart_layout *ret, struct err *err)
{
    return chart_lay_out_serving(chart, theme, measure, ret, err);
}

/* What the small figures and the thin lines are: nobody could read the chart without. */
static const char *make_subtitle(struct plot_input *input, const struct serving_data *data)
{
    struct chart_metric rate = {"", "", false}, tail = {"", "", false};
    if (data->rate != NULL) {
        plot_describe_metric(input, data->rate, &rate);
    }
    if (data->tail != NULL) {
        plot_describe_metric(input, data->tail, &tail);
    }
    const bool both = data->rate != NULL && data->tail != NULL;
    return data->rate == NULL && data->tail == NULL
               ? NULL
               : arena_printf(&input->arena, "%s%s%s%s%s%s%s", data->rate != NULL ? "Small figures: " : "",
                              chart_in_sentence(&input->arena, rate.title), rate.unit[0] != '\0' ? ", " : "", rate.unit,
                              both ? " · " : "",
                              data->tail == NULL ? ""
                              : both             ? "thin lines up: "
                                                 : "Thin lines up: ",
                              tail.title);
}

static void add_footer(struct plot_input *input, const struct serving_data *data, struct words *words)
{
    if (data->rate != NULL) {
        struct chart_metric rate;
        plot_describe_metric(input, data->rate, &rate);
        words_add(words, arena_printf(&input->arena,
                                      "Lines in the order of the %s; its figures stand where there is room, once below "
                                      "points that share it.",
                                      chart_in_sentence(&input->arena, rate.title)));
    }
    if (data->tail != NULL) {
        words_add(words, "Thin lines of one place stand side by side.");
    }
    if (data->missing > 0) {
        words_add(words, arena_printf(&input->arena, "%zu row%s without throughput or latency not drawn.",
                                      data->missing, data->missing == 1 ? "" : "s"));
    }
}

int plot_serving_run(const struct invocation *invocation, struct err *err)
{
    struct plot_input input autoinput = {0};
    struct serving_data data = {0};
    struct words words;
    const struct serving_wish wish = {
        .x = option_text(invocation, "x"),
        .y = option_text(invocation, "y"),
        .tail = option_text(invocation, "tail"),
        .rate = option_text(invocation, "rate"),
        .group = option_text(invocation, "group"),
    };
    const char *path = argument_count(invocation) > 0 ? argument_at(invocation, 0) : "-";
    int result = plot_input_read(path, &input, err);
    result = result < 0 ? result : serving_data_make(&input, &wish, &data, err);
    if (result < 0) {
        return result;
    }
    words_begin(
        invocation,
        arena_printf(&input.arena, "%s against %s", data.y.title, chart_in_sentence(&input.arena, data.x.title)),
        make_subtitle(&input, &data), &words);
    add_footer(&input, &data, &words);
    words_end(invocation, &input, &words);
    struct serving_chart chart = {
        .title = words.title,
        .subtitle = words.subtitle,
        .footer = words.footer,
        .footer_count = words.footer_count,
        .x = data.x,
        .y = data.y,
        .series = data.series,
        .series_count = data.series_count,
    };
    result = plot_width(invocation, &chart.width, err);
    result = result < 0 ? result : arena_check(&input.arena, err);
    return result < 0 ? result : words_draw(invocation, lay_out, &chart, err);
}
