#include "plot/cmd.h"
#include "plot/heatmap_words.h"
#include "plot/output.h"

#define LIST_MAX 32
#define FOOTER_MAX 12

const struct option plot_heatmap_options[] = {
    PLOT_OUTPUT_OPTIONS,
    {"title", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "title (default: what is shown, without a claim)"},
    {"subtitle", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "line below the title"},
    {"source", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "last line of the footer: where the data is from"},
    {"footer", 0, OPTION_LIST_ONCE, "TEXT", NULL, "further line of the footer (may stand several times)"},
    {"x", 0, OPTION_TEXT_ONCE, "COLUMN", NULL, "column with the names (default: chip, name, device or the first)"},
    {"workload", 0, OPTION_TEXT_ONCE, "COLUMN", NULL,
     "column with the workloads of long data (default: workload, model)"},
    {"value", 0, OPTION_TEXT_ONCE, "COLUMN", NULL, "column with the values of long data (default: value)"},
    {"lower", 0, OPTION_LIST_ONCE, "WORKLOAD|all", NULL,
     "workload whose low values are better (default: by the catalogue or the unit; may stand several times)"},
    {"higher", 0, OPTION_LIST_ONCE, "WORKLOAD|all", NULL,
     "workload whose high values are better (may stand several times)"},
    {"baseline", 0, OPTION_TEXT, "CHIP", NULL,
     "chip that the factors refer to, or none (default: the oldest base chip with most values)"},
    {"sort", 0, OPTION_TEXT_ONCE, "value|family|input", "value", "order of the rows"},
    {"by", 0, OPTION_TEXT_ONCE, "WORKLOAD", NULL,
     "workload that the rows are sorted by (default: the one with most values)"},
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

static size_t make_footer(const struct invocation *invocation, struct plot_input *input,
                          const struct heatmap_data *data, enum chips_sort sort, const char *footer[FOOTER_MAX + 2])
{
    size_t count = 0;
    footer[count++] = heatmap_words_footer(input, data, sort);
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

static int draw_chart(const struct invocation *invocation, struct plot_input *input, const struct heatmap_data *data,
                      enum chips_sort sort, struct err *err)
{
    struct draw *draw autodraw = NULL;
    struct chart_layout layout = {0};
    const char *footer[FOOTER_MAX + 2];
    enum chart_theme theme = THEME_LIGHT;
    const char *title = option_text(invocation, "title"), *subtitle = option_text(invocation, "subtitle");
    struct heatmap chart = {
        .title = title != NULL ? title : heatmap_words_title(input, data),
        .subtitle = subtitle != NULL ? subtitle : heatmap_words_subtitle(input, data),
        .footer = footer,
        .footer_count = make_footer(invocation, input, data, sort, footer),
        .columns = data->columns,
        .column_count = data->column_count,
        .rows = data->rows,
        .row_count = data->row_count,
        .baseline_name = data->baseline_name,
    };
    int result = plot_theme(invocation, &theme, err);
    result = result < 0 ? result : plot_width(invocation, &chart.width, err);
    result = result < 0 ? result : draw_new(&draw, err);
    if (result < 0) {
        return result;
    }
    struct text_measure measure = draw_measure(draw);
    result = chart_lay_out_heatmap(&chart, theme, &measure, &layout, err);
    if (result == 0) {
        result = plot_write(invocation, draw, &layout, err);
        chart_layout_done(&layout);
    }
    return result;
}

int plot_heatmap_run(const struct invocation *invocation, struct err *err)
{
    struct plot_input input autoinput = {0};
    struct heatmap_data data = {0};
    const char *lower[LIST_MAX], *higher[LIST_MAX];
    struct heatmap_wish wish = {
        .name_column = option_text(invocation, "x"),
        .workload_column = option_text(invocation, "workload"),
        .value_column = option_text(invocation, "value"),
        .lower = lower,
        .lower_count = read_list(invocation, "lower", lower),
        .higher = higher,
        .higher_count = read_list(invocation, "higher", higher),
        .by = option_text(invocation, "by"),
        .baseline = option_text(invocation, "baseline"),
    };
    int result = chips_read_sort(option_text(invocation, "sort"), &wish.sort, err);
    const char *path = argument_count(invocation) > 0 ? argument_at(invocation, 0) : "-";
    result = result < 0 ? result : plot_input_read(path, &input, err);
    result = result < 0 ? result : heatmap_data_make(&input, &wish, &data, err);
    return result < 0 ? result : draw_chart(invocation, &input, &data, wish.sort, err);
}
