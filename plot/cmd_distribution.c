#include "plot/cmd.h"
#include "plot/distribution_data.h"
#include "plot/output.h"

#define ROWS_MAX 200
#define FOOTER_MAX 12

const struct option plot_distribution_options[] = {
    PLOT_OUTPUT_OPTIONS,
    {"title", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "title (default: what is shown, without a claim)"},
    {"subtitle", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "line below the title"},
    {"source", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "last line of the footer: where the data is from"},
    {"footer", 0, OPTION_LIST_ONCE, "TEXT", NULL, "further line of the footer (may stand several times)"},
    {"x", 0, OPTION_TEXT_ONCE, "COLUMN", NULL, "column with the names (default: chip, name, device or the first)"},
    {"metric", 0, OPTION_TEXT_ONCE, "COLUMN", NULL, "column of the runs (default: value, or the first one of numbers)"},
    {"direction", 0, OPTION_TEXT_ONCE, "higher|lower", NULL, "which values are better"},
    {"sort", 0, OPTION_TEXT_ONCE, "value|family|input", "value", "order of the rows; value: by median, best first"},
    {0},
};

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static size_t make_footer(const struct invocation *invocation, struct plot_input *input,
                          const struct distribution_data *data, const char *footer[FOOTER_MAX + 4])
{
    size_t count = 0, most = 0;
    for (size_t i = 0; i < data->row_count; i++) {
        most = data->rows[i].count > most ? data->rows[i].count : most;
    }
    footer[count++] =
        data->summary
            ? "Thick bar = middle half (IQR); ring = median; thin line = from the least to the greatest value."
            : "Dot = one run; thick bar = middle half (IQR, from 6 runs on); ring = median; thin line = whiskers "
              "(1.5 × IQR); curve = density (from 20 runs on; Gaussian, Silverman × 0.6).";
    if (!data->summary && most > DISTRIBUTION_POINTS_MOST) {
        footer[count++] = "Of more than 2,000 runs ticks at 1, 5, 25, 50, 75, 95 and 99 % instead of dots.";
    }
    if (data->missing > 0) {
        footer[count++] = or_empty(arena_printf(&input->arena, "%zu row%s without a value %s not drawn.", data->missing,
                                                data->missing == 1 ? "" : "s", data->missing == 1 ? "is" : "are"));
    }
    for (size_t i = 0; i < option_count(invocation, "footer") && count < FOOTER_MAX; i++) {
        footer[count++] = option_item(invocation, "footer", i);
    }
    const char *source = option_text(invocation, "source");
    if (source != NULL) {
        footer[count++] = or_empty(arena_printf(&input->arena, "Source: %s", source));
    }
    return count;
}

static int draw_chart(const struct invocation *invocation, struct plot_input *input,
                      const struct distribution_data *data, struct err *err)
{
    struct draw *draw autodraw = NULL;
    struct chart_layout layout = {0};
    const char *footer[FOOTER_MAX + 4];
    enum chart_theme theme = THEME_LIGHT;
    const char *title = option_text(invocation, "title");
    if (title == NULL) {
        title = or_empty(
            arena_printf(&input->arena, data->summary ? "%s, spread by chip" : "%s, runs by chip", data->metric.title));
    }
    struct distribution chart = {
        .title = title,
        .subtitle = option_text(invocation, "subtitle"),
        .higher_is_better = data->metric.higher_is_better,
        .footer = footer,
        .footer_count = make_footer(invocation, input, data, footer),
        .unit = data->metric.unit,
        .rows = data->rows,
        .row_count = data->row_count,
    };
    int result = plot_theme(invocation, &theme, err);
    result = result < 0 ? result : plot_width(invocation, &chart.width, err);
    result = result < 0 ? result : draw_new(&draw, err);
    if (result < 0) {
        return result;
    }
    struct text_measure measure = draw_measure(draw);
    result = chart_lay_out_distribution(&chart, theme, &measure, &layout, err);
    if (result == 0) {
        result = plot_write(invocation, draw, &layout, err);
        chart_layout_done(&layout);
    }
    return result;
}

int plot_distribution_run(const struct invocation *invocation, struct err *err)
{
    struct plot_input input autoinput = {0};
    struct distribution_data data = {0};
    struct distribution_wish wish = {
        .name_column = option_text(invocation, "x"),
        .metric = option_text(invocation, "metric"),
        .direction = option_text(invocation, "direction"),
    };
    int result = chips_read_sort(option_text(invocation, "sort"), &wish.sort, err);
    const char *path = argument_count(invocation) > 0 ? argument_at(invocation, 0) : "-";
    result = result < 0 ? result : plot_input_read(path, &input, err);
    result = result < 0 ? result : distribution_data_make(&input, &wish, &data, err);
    if (result == 0 && data.row_count > ROWS_MAX) {
        err_set(err, ERR_LIMIT, "%s has %zu chips, a distribution chart shows at most %d", input.name, data.row_count,
                ROWS_MAX);
        result = err_hint(err, "leave some out, or draw several pictures");
    }
    return result < 0 ? result : draw_chart(invocation, &input, &data, err);
}
