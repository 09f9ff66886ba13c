#include "plot/heatmap_words.h"

#include "plot/chart/frame.h"
#include "plot/names.h"

#define NAMED_MAX 3

/* Whether a heading says what its values are; if so metric and unit. */
static bool says(struct plot_input *input, const char *heading, struct chart_metric *ret)
{
    if (heading == NULL) {
        return false;
    }
    plot_describe_metric(input, heading, ret);
    return plot_metric_is_known(heading, ret);
}

static const char *with_unit(struct plot_input *input, const struct chart_metric *metric)
{
    const char *text =
        metric->unit[0] == '\0' ? NULL : arena_printf(&input->arena, "%s (%s)", metric->title, metric->unit);
    return text != NULL ? text : metric->title;
}

void heatmap_words_describe(struct plot_input *input, struct heatmap_data *data)
{
    struct chart_metric metrics[HEATMAP_COLUMNS_MAX];
    bool by_title[HEATMAP_COLUMNS_MAX] = {false}, by_group[HEATMAP_COLUMNS_MAX] = {false}, one_metric = true;
    for (size_t c = 0; c < data->column_count; c++) {
        struct heat_column *column = &data->columns[c];
        metrics[c] = (struct chart_metric){"", "", true};
        by_title[c] = says(input, column->title, &metrics[c]);
        by_group[c] = !by_title[c] && says(input, column->group, &metrics[c]);
        bool told = by_title[c] || by_group[c] || says(input, data->value_names[c], &metrics[c]);
        metrics[c].unit = told ? metrics[c].unit : "";
        data->unnamed_units += !told;
        data->unit = c == 0 ? metrics[0].unit : text_equal(metrics[c].unit, data->unit) ? data->unit : "";
        one_metric = one_metric && told && text_equal(metrics[c].title, metrics[0].title);
    }
    bool common = data->unit != NULL && data->unit[0] != '\0';
    /* "Value" stands where only the unit is said. */
    data->metric = one_metric && common && !text_equal(metrics[0].title, "Value") ? metrics[0].title : NULL;
    for (size_t c = 0; c < data->column_count; c++) {
        struct heat_column *column = &data->columns[c];
        const char *words = common ? metrics[c].title : with_unit(input, &metrics[c]);
        column->title = by_title[c] ? words : column->title;
        column->group = by_group[c] ? words : column->group;
        if (!by_title[c] && !by_group[c] && !common && metrics[c].unit[0] != '\0') {
            const char *text = arena_printf(&input->arena, "%s (%s)", column->title, metrics[c].unit);
            column->title = text != NULL ? text : column->title;
        }
    }
}

/* "Higher is better; lower for latency, Llama: time." NULL when memory is out. */
static const char *name_columns(struct plot_input *input, const struct heatmap_data *data, bool lower)
{
    const char *text = lower ? "Higher is better; lower for" : "Lower is better; higher for";
    size_t count = 0;
    for (size_t c = 0; c < data->column_count && text != NULL; c++) {
        const struct heat_column *column = &data->columns[c];
        if (data->lower[c] == lower) {
            text =
                arena_printf(&input->arena, "%s%s%s%s%s", text, count++ == 0 ? " " : ", ",
                             column->group != NULL ? column->group : "", column->group != NULL ? ": " : "",
                             column->group != NULL ? column->title : chart_in_sentence(&input->arena, column->title));
        }
    }
    return text != NULL ? arena_printf(&input->arena, "%s.", text) : NULL;
}

/* Of columns that differ those are named that are fewer; with many of both the sentence says only that. */
static const char *direction_words(struct plot_input *input, const struct heatmap_data *data)
{
    size_t lower = 0;
    for (size_t c = 0; c < data->column_count; c++) {
        lower += data->lower[c] ? 1 : 0;
    }
    const size_t higher = data->column_count - lower;
    const bool named = data->unit != NULL && data->unit[0] != '\0';
    if (lower == 0 || higher == 0) {
        const char *words = lower == 0 ? "igher is better." : "ower is better.";
        return arena_printf(&input->arena, "%s%s%s%s%s%s",
                            data->metric != NULL ? data->metric
                            : named              ? "Values"
                                                 : "",
                            named ? data->metric != NULL ? ", " : " in " : "", named ? data->unit : "",
                            named || data->metric != NULL ? ", " : "",
                            named || data->metric != NULL ? lower == 0 ? "h" : "l"
                            : lower == 0                  ? "H"
                                                          : "L",
                            words);
    }
    if (lower > NAMED_MAX && higher > NAMED_MAX) {
        return "Directions differ by workload.";
    }
    return name_columns(input, data, lower <= higher);
}

const char *heatmap_words_title(struct plot_input *input, const struct heatmap_data *data)
{
    const char *title = NULL;
    if (data->metric != NULL) {
        title =
            arena_printf(&input->arena, "%s by chip%s", data->metric, data->column_count > 1 ? " and workload" : "");
    }
    return title != NULL ? title : "Results by chip and workload";
}

const char *heatmap_words_subtitle(struct plot_input *input, const struct heatmap_data *data)
{
    const char *words = direction_words(input, data);
    if (words != NULL && input->subject != NULL) {
        words = arena_printf(&input->arena, "%s · %s", input->subject, words);
    }
    if (words != NULL && data->baseline_name != NULL) {
        words =
            arena_printf(&input->arena, "%s Colour: factor versus %s, above 1× is better.", words, data->baseline_name);
    }
    return words != NULL ? words : "";
}

const char *heatmap_words_footer(struct plot_input *input, const struct heatmap_data *data, enum chips_sort sort)
{
    const struct heat_column *by = &data->columns[data->by];
    const char *variants = NULL, *line;
    for (size_t i = 0; i < data->row_count && variants == NULL; i++) {
        variants = plot_variant_words(&input->arena, data->rows[i].name, data->rows[i].variant);
    }
    line = arena_printf(
        &input->arena, "One value per cell; the data states neither %srun counts nor spread.%s%s%s%s%s",
        data->unnamed_units == data->column_count ? "unit, " : "", sort == SORT_VALUE ? " Sorted by " : "",
        sort == SORT_VALUE && by->group != NULL ? by->group : "", sort == SORT_VALUE && by->group != NULL ? ", " : "",
        sort == SORT_VALUE ? by->title : "", sort == SORT_VALUE ? "." : "");
    if (line != NULL && variants != NULL) {
        line = arena_printf(&input->arena, "%s %s.", line, variants);
    }
    return line != NULL ? line : "";
}
