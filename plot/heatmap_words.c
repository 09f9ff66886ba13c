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

/* What is known of a column: the metric, and what says it. */
struct said {
    struct chart_metric metric;
    bool by_title, by_group, told;
};

static struct said say(struct plot_input *input, const struct heatmap_data *data, size_t c)
{
    struct said said = {.metric = {"", "", true}};
    said.by_title = says(input, data->columns[c].title, &said.metric);
    said.by_group = !said.by_title && says(input, data->columns[c].group, &said.metric);
    said.told = said.by_title || said.by_group || says(input, data->value_names[c], &said.metric);
    said.metric.unit = said.told ? said.metric.unit : "";
    return said;
}

static bool has_unit(const struct heatmap_data *data)
{
    return data->unit != NULL && data->unit[0] != '\0';
}

static void describe_column(struct plot_input *input, const struct said *said, bool common, struct heat_column *column)
{
    const char *words = common ? said->metric.title : with_unit(input, &said->metric);
    column->title = said->by_title ? words : column->title;
    column->group = said->by_group ? words : column->group;
    if (!said->by_title && !said->by_group && !common && said->metric.unit[0] != '\0') {
        const char *text = arena_printf(&input->arena, "%s (%s)", column->title, said->metric.unit);
        column->title = text != NULL ? text : column->title;
    }
}

void heatmap_words_describe(struct plot_input *input, struct heatmap_data *data)
{
    struct said said[HEATMAP_COLUMNS_MAX] = {{.told = false}};
    bool one_metric = true;
    for (size_t c = 0; c < data->column_count; c++) {
        said[c] = say(input, data, c);
        data->unnamed_units += !said[c].told;
        data->unit = c == 0 ? said[0].metric.unit : text_equal(said[c].metric.unit, data->unit) ? data->unit : "";
        one_metric = one_metric && said[c].told && text_equal(said[c].metric.title, said[0].metric.title);
    }
    /* "Value" stands where only the unit is said. */
    data->metric =
        one_metric && has_unit(data) && !text_equal(said[0].metric.title, "Value") ? said[0].metric.title : NULL;
    for (size_t c = 0; c < data->column_count; c++) {
        describe_column(input, &said[c], has_unit(data), &data->columns[c]);
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

/* "Bandwidth, GB/s, higher is better.", "Values in GB/s, lower is better.", "Higher is better." */
static const char *one_direction(struct plot_input *input, const struct heatmap_data *data, bool lower)
{
    struct arena *arena = &input->arena;
    const char *unit = has_unit(data) ? data->unit : NULL;
    if (data->metric == NULL && unit == NULL) {
        return lower ? "Lower is better." : "Higher is better.";
    }
    const char *what = data->metric == NULL ? arena_printf(arena, "Values in %s", unit)
                       : unit == NULL       ? data->metric
                                            : arena_printf(arena, "%s, %s", data->metric, unit);
    return what != NULL ? arena_printf(arena, "%s, %s is better.", what, lower ? "lower" : "higher") : NULL;
}

/* Of columns that differ those are named that are fewer; with many of both the sentence says only that. */
static const char *direction_words(struct plot_input *input, const struct heatmap_data *data)
{
    size_t lower = 0;
    for (size_t c = 0; c < data->column_count; c++) {
        lower += data->lower[c] ? 1 : 0;
    }
    const size_t higher = data->column_count - lower;
    if (lower == 0 || higher == 0) {
        return one_direction(input, data, lower != 0);
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
