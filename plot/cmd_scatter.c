#include <math.h>

#include "plot/chart/frame.h"
#include "plot/cmd.h"
#include "plot/output.h"
#include "plot/scatter_data.h"
#include "schema/base/number.h"

#define FOOTER_MAX 12

const struct option plot_scatter_options[] = {
    PLOT_OUTPUT_OPTIONS,
    {"title", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "title (default: what is shown, without a claim)"},
    {"subtitle", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "line below the title"},
    {"source", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "last line of the footer: where the data is from"},
    {"footer", 0, OPTION_LIST_ONCE, "TEXT", NULL, "further line of the footer (may stand several times)"},
    {"name", 0, OPTION_TEXT_ONCE, "COLUMN", NULL, "column with the names (default: chip, name, device or the first)"},
    {"x", 0, OPTION_TEXT_ONCE, "COLUMN", NULL, "column of the x axis (default: the first of numbers)"},
    {"y", 0, OPTION_TEXT_ONCE, "COLUMN", NULL, "column of the y axis (default: the next one of numbers)"},
    {"group", 0, OPTION_TEXT_ONCE, "COLUMN", NULL, "column of the colours (default: group, family or vendor)"},
    {"better", 0, OPTION_TEXT_ONCE, "higher|lower", NULL, "which y is better (default: by the catalogue or the unit)"},
    {"frontier", 0, OPTION_TEXT_ONCE, "less|more|none", NULL,
     "best y at that x or less, at that x or more, or no line (default: more where x is a result such as a throughput, "
     "else less)"},
    {"limit", 0, OPTION_TEXT_ONCE, "NUMBER", NULL,
     "physical limit: y = NUMBER / x, or NUMBER * x when higher y is better"},
    {"limit-text", 0, OPTION_TEXT_ONCE, "TEXT", NULL, "what the limit is, for the key"},
    {0},
};

static int read_frontier(const struct invocation *invocation, const struct scatter_data *data,
                         enum scatter_frontier *ret, struct err *err)
{
    static const char *const names[] = {"none", "less", "more"};
    const char *wish = option_text(invocation, "frontier");
    wish = wish != NULL ? wish : data->achieved ? "more" : "less";
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        if (text_equal(wish, names[i])) {
            *ret = (enum scatter_frontier)i;
            return 0;
        }
    }
    err_set(err, ERR_USAGE, "there is no frontier \"%s\"", wish);
    return err_hint(err, "--frontier less, more or none");
}

static int read_limit(const struct invocation *invocation, double *ret, struct err *err)
{
    const char *text = option_text(invocation, "limit");
    *ret = (double)NAN;
    if (text == NULL) {
        return 0;
    }
    if (!number_parse_loose(str_of(text), ret) || !isfinite(*ret) || *ret <= 0) {
        err_set(err, ERR_USAGE, "--limit %s is not a positive number", text);
        return err_hint(err, "for a time in ms against GB/s it is the bytes in GB times 1000");
    }
    return 0;
}

static size_t make_footer(const struct invocation *invocation, struct plot_input *input,
                          const struct scatter_data *data, bool frontier, const char *footer[FOOTER_MAX + 3])
{
    size_t count = 0;
    const char *line = arena_printf(&input->arena, "One value per point; its spread is not drawn.%s%s%s",
                                    data->lesser > 0 ? " Hollow = lesser variant of a chip." : "",
                                    frontier ? " Frontier in bold." : "",
                                    data->point_count - data->missing > SCATTER_NAMES_MOST
                                        ? " Named are frontier, extremes and pinned points; the data has all names."
                                        : "");
    footer[count++] = line != NULL ? line : "";
    if (data->missing > 0) {
        line = arena_printf(&input->arena, "%zu row%s not drawn: a value is missing.", data->missing,
                            data->missing == 1 ? " is" : "s are");
        footer[count++] = line != NULL ? line : "";
    }
    for (size_t i = 0; i < option_count(invocation, "footer") && count < FOOTER_MAX; i++) {
        footer[count++] = option_item(invocation, "footer", i);
    }
    const char *source = option_text(invocation, "source");
    if (source != NULL) {
        line = arena_printf(&input->arena, "Source: %s", source);
        footer[count++] = line != NULL ? line : source;
    }
    return count;
}

static int draw_chart(const struct invocation *invocation, struct plot_input *input, const struct scatter_data *data,
                      struct err *err)
{
    struct draw *draw autodraw = NULL;
    struct chart_layout layout = {0};
    enum chart_theme theme = THEME_LIGHT;
    const char *footer[FOOTER_MAX + 3];
    const char *title = option_text(invocation, "title");
    const char *made =
        arena_printf(&input->arena, "%s and %s", data->x.title, chart_in_sentence(&input->arena, data->y.title));
    struct scatter_chart chart = {
        .title = title != NULL ? title : made,
        .subtitle = option_text(invocation, "subtitle"),
        .footer = footer,
        .x = data->x,
        .y = data->y,
        .groups = data->groups,
        .group_count = data->group_count,
        .points = data->points,
        .point_count = data->point_count,
        .limit_text = option_text(invocation, "limit-text"),
    };
    int result = plot_theme(invocation, &theme, err);
    result = result < 0 ? result : plot_width(invocation, &chart.width, err);
    result = result < 0 ? result : read_frontier(invocation, data, &chart.frontier, err);
    result = result < 0 ? result : read_limit(invocation, &chart.limit, err);
    result = result < 0 ? result : arena_check(&input->arena, err);
    result = result < 0 ? result : draw_new(&draw, err);
    if (result < 0) {
        return result;
    }
    chart.footer_count = make_footer(invocation, input, data, chart.frontier != FRONTIER_NONE, footer);
    struct text_measure measure = draw_measure(draw);
    result = chart_lay_out_scatter(&chart, theme, &measure, &layout, err);
    if (result == 0) {
        result = plot_write(invocation, draw, &layout, err);
        chart_layout_done(&layout);
    }
    return result;
}

int plot_scatter_run(const struct invocation *invocation, struct err *err)
{
    struct plot_input input autoinput = {0};
    struct scatter_data data = {0};
    struct scatter_wish wish = {
        .name = option_text(invocation, "name"),
        .x = option_text(invocation, "x"),
        .y = option_text(invocation, "y"),
        .group = option_text(invocation, "group"),
        .better = option_text(invocation, "better"),
    };
    const char *path = argument_count(invocation) > 0 ? argument_at(invocation, 0) : "-";
    int result = plot_input_read(path, &input, err);
    result = result < 0 ? result : scatter_data_make(&input, &wish, &data, err);
    return result < 0 ? result : draw_chart(invocation, &input, &data, err);
}
