/* The summary that the VLM partitioner's benchmark.py prints. The mode stands on
 * the first of its rows; the guide repeats it. Comparisons below follow from the
 * means. Runs before it tell their duration each, which the rows sum up. */
#include "schema/formats/readers.h"

#include <stdint.h>

#include "schema/formats/printed.h"
#include "schema/formats/vlm_partitioner.h"

static bool is_header(struct str line)
{
    return str_starts_with(line, STR("Mode")) && str_find(line, STR("Metric"), 0) != SIZE_MAX &&
           str_find(line, STR("Mean"), 0) != SIZE_MAX && str_find(line, STR("Std"), 0) != SIZE_MAX;
}

static int detect(const struct format_input *input)
{
    struct str text = input->text;
    return str_find(text, STR("Duration (s)"), 0) != SIZE_MAX && str_find(text, STR("Tokens/sec"), 0) != SIZE_MAX &&
                   printed_has_line(text, "Mode ") && str_find(text, STR("Metric"), 0) != SIZE_MAX
               ? 88
               : 0;
}

/* Where one of the labels stands in a row; its metric. */
static const struct vlm_metric *find_label(struct str line, size_t *ret_at, size_t *ret_end)
{
    static const char *const labels[] = {"Duration (s)", "Tokens/sec", "Tokens Generated", "GPU Peak Mem (MB)",
                                         "CPU Mem Delta (MB)"};
    for (size_t i = 0; i < ARRAY_LENGTH(labels); i++) {
        *ret_at = str_find(line, str_of(labels[i]), 0);
        *ret_end = *ret_at + str_of(labels[i]).len;
        if (*ret_at != SIZE_MAX && *ret_at < 80)
            return vlm_metric_of_label(labels[i]);
    }
    return NULL;
}

static bool has_metric(const struct run *run, const char *metric)
{
    for (size_t i = 0; i < run->measurement_count; i++)
        if (text_equal(run->measurements[i].metric, metric))
            return true;
    return false;
}

static struct run *run_of(struct reading *reading, struct str mode, const char *metric)
{
    struct run *run = reading->run_count > 0 ? &reading->runs[reading->run_count - 1] : NULL;
    const char *name = mode.len > 0 ? reader_text(&reading->arena, mode) : NULL;
    bool same = run != NULL && (name == NULL || text_equal(name, run->workload.mode)) && !has_metric(run, metric);
    if (same)
        return run;
    return name != NULL ? vlm_add_run(reading, name) : NULL;
}

/* "original        Duration (s)              2.345        0.091        2.201        2.489" */
static bool take_row(struct printed *printed)
{
    size_t at = 0, end = 0;
    struct str line = printed->line;
    const struct vlm_metric *metric = find_label(line, &at, &end);
    double values[4] = {0};
    if (metric == NULL)
        return false;
    struct str rest = str_slice(line.data + end, line.len - end);
    for (size_t i = 0; i < ARRAY_LENGTH(values); i++)
        if (!printed_number(&rest, &values[i]))
            return false;
    if (str_trim(rest).len > 0)
        return false;
    struct run *run = run_of(printed->reading, str_trim(str_slice(line.data, at)), metric->metric);
    if (run == NULL) {
        reading_add_problem(printed->reading, "", printed->number, 0, "row left out: no mode stands before it");
        return false;
    }
    struct figure figure = figure_of(metric->metric, metric->unit, values[0]);
    figure.stated.stddev = values[1];
    figure.min = values[2];
    figure.max = values[3];
    figure.kind = STDDEV_POPULATION;
    figure_add(printed->reading, run, &figure);
    return true;
}

/* "run_onnx        No data" */
static bool take_failure(struct printed *printed)
{
    struct str line = printed->line, ending = STR(" No data");
    if (!str_ends_with(line, ending))
        return false;
    struct str mode = str_trim(str_slice(line.data, line.len - ending.len));
    char *name = arena_strndup(&printed->reading->arena, mode.data, mode.len);
    if (name == NULL || !vlm_is_mode(name))
        return false;
    reading_add_problem(printed->reading, name, printed->number, 0,
                        "every run of this mode failed: nothing was measured");
    return true;
}

static int read_text(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct printed printed;
    bool open = false;
    int result = printed_open(&printed, &format_vlm_partitioner_text, input, into, err);
    if (result < 0)
        return result;
    while (printed_next(&printed)) {
        bool header = is_header(printed.line);
        open = open || header;
        if (header || (open && (take_row(&printed) || take_failure(&printed))))
            printed_keep(&printed);
    }
    if (printed.reading->run_count == 0)
        reading_add_problem(printed.reading, "", 0, 0, "the summary has no row that can be read");
    vlm_finish(printed.reading, input->name);
    return printed_finish(&printed, err);
}

const struct format format_vlm_partitioner_text = {
    .name = "vlm-partitioner-text",
    .tool = VLM_PARTITIONER_TOOL,
    .summary = "the summary that the VLM partitioner's benchmark prints",
    .version = 1,
    .detect = detect,
    .read = read_text,
};
