#include "plot/cmd.h"
#include "plot/output.h"
#include "plot/scaling_data.h"
#include "plot/words.h"

const struct option plot_scaling_options[] = {
    PLOT_OUTPUT_OPTIONS,
    PLOT_WORD_OPTIONS,
    {"name", 0, OPTION_TEXT_ONCE, "COLUMN", NULL, "column with the names (default: chip, name, device or the first)"},
    {"group", 0, OPTION_TEXT_ONCE, "COLUMN", NULL,
     "column of the families (default: family, group, generation, or the catalogue's)"},
    {"x", 0, OPTION_LIST_ONCE, "COLUMN", NULL,
     "column of the resource, once a metric (default: cores or rated bandwidth, of the data or of the catalogue)"},
    {"y", 0, OPTION_LIST_ONCE, "COLUMN", NULL, "column of a metric, once or twice (default: the first two of numbers)"},
    {"better", 0, OPTION_TEXT_ONCE, "higher|lower", NULL,
     "which values are better (default: by the catalogue or the unit)"},
    {0},
};

static int lay_out(const void *chart, enum chart_theme theme, const struct text_measure *measure,
                   struct chart_layout *ret, struct err *err)
{
    return chart_lay_out_scaling(chart, theme, measure, ret, err);
}

static int read_wish(const struct invocation *invocation, struct scaling_wish *ret, struct err *err)
{
    struct scaling_wish wish = {.name = option_text(invocation, "name"),
                                .group = option_text(invocation, "group"),
                                .better = option_text(invocation, "better"),
                                .x_count = option_count(invocation, "x"),
                                .y_count = option_count(invocation, "y")};
    if (wish.x_count > SCALING_PANELS_MAX || wish.y_count > SCALING_PANELS_MAX) {
        err_set(err, ERR_USAGE, "a scaling chart has at most %d panels", SCALING_PANELS_MAX);
        return err_hint(err, "give --x and --y at most twice");
    }
    for (size_t i = 0; i < wish.x_count; i++) {
        wish.x[i] = option_item(invocation, "x", i);
    }
    for (size_t i = 0; i < wish.y_count; i++) {
        wish.y[i] = option_item(invocation, "y", i);
    }
    *ret = wish;
    return 0;
}

static void add_footer(struct plot_input *input, const struct scaling_data *data, struct words *words)
{
    words_add(words,
              "Efficiency = speed-up ÷ resource ratio of the family’s largest chip; baseline = its smallest. Dashed = "
              "perfect scaling; both axes log₂. Spread is not drawn; lines at one place are drawn side by side.");
    if (data->catalogue) {
        words_add(words, "Resources as rated in the catalogue, of the largest variant where none is named.");
    }
    if (data->single > 0) {
        words_add(words, arena_printf(&input->arena, "Not drawn: %zu famil%s of one size.", data->single,
                                      data->single == 1 ? "y" : "ies"));
    }
    if (data->missing > 0) {
        words_add(words, arena_printf(&input->arena, "Not drawn: %zu row%s without value, resource or family.",
                                      data->missing, data->missing == 1 ? "" : "s"));
    }
}

int plot_scaling_run(const struct invocation *invocation, struct err *err)
{
    struct plot_input input autoinput = {0};
    struct scaling_data data = {0};
    struct scaling_wish wish = {0};
    struct words words;
    const char *path = argument_count(invocation) > 0 ? argument_at(invocation, 0) : "-";
    int result = read_wish(invocation, &wish, err);
    result = result < 0 ? result : plot_input_read(path, &input, err);
    result = result < 0 ? result : scaling_data_make(&input, &wish, &data, err);
    if (result < 0) {
        return result;
    }
    bool single = data.panel_count == 1;
    const char *subtitle = "Speed-up over the smallest chip of the same family against its extra resources.";
    if (data.workload != NULL) {
        subtitle = arena_printf(&input.arena, "%s · %s", data.workload, subtitle);
    }
    words_begin(invocation,
                single ? arena_printf(&input.arena, "%s, scaling inside chip families", data.panels[0].metric.title)
                       : "Scaling inside chip families",
                subtitle, &words);
    add_footer(&input, &data, &words);
    words_end(invocation, &input, &words);
    struct scaling_chart chart = {
        .title = words.title,
        .subtitle = words.subtitle,
        .footer = words.footer,
        .footer_count = words.footer_count,
        .panels = data.panels,
        .panel_count = data.panel_count,
    };
    result = plot_width(invocation, &chart.width, err);
    result = result < 0 ? result : arena_check(&input.arena, err);
    return result < 0 ? result : words_draw(invocation, lay_out, &chart, err);
}
