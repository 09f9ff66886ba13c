/* The JSON of the VLM partitioner's benchmark.py: by mode, by metric, mean, std
 * (divisor n), min, max, median and values. A mode whose runs all failed is {}.
 * The tool often breaks off while it writes (numpy integers are no JSON). */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "schema/formats/reader.h"
#include "schema/formats/reader_json.h"
#include "schema/formats/tool_json.h"
#include "schema/formats/vlm_partitioner.h"

#define VALUES_MAX ((size_t)100000)

/* By its modes or its metrics: other tools have a duration with mean and std, too. */
static bool mentions(struct str object)
{
    bool mode =
        str_has(object, "\"original\"") || str_has(object, "\"split_native\"") || str_has(object, "\"run_onnx\"");
    bool metric = str_has(object, "\"tokens_generated\"") || str_has(object, "\"cpu_memory_delta_mb\"") ||
                  str_has(object, "\"num_runs\"");
    bool figures = str_has(object, "\"mean\"") && str_has(object, "\"values\"");
    return mode && figures && (metric || str_has(object, "\"duration\""));
}

static bool is_document(const struct json *root)
{
    for (const struct json *mode = json_first(root); mode != NULL; mode = json_next(mode))
        if (json_is(mode, JSON_OBJECT) && (json_get(mode, "duration") != NULL || vlm_is_mode(json_key(mode))))
            return true;
    return false;
}

static int wrong(const struct json *value, const char *path, const char *expected, struct err *err)
{
    err_set(err, ERR_DATA, "expected %s, found %s", expected, json_type_name(json_type(value)));
    return err_path(err, "%s", path);
}

static int read_values(const struct json *object, const char *path, struct arena *arena, struct figure *figure,
                       struct err *err)
{
    const struct json *values = NULL;
    int code = json_member_array(object, path, "values", JSON_OPTIONAL, &values, err);
    if (code < 0 || values == NULL)
        return code;
    size_t count = json_count(values), at = 0;
    if (count > VALUES_MAX) {
        err_set(err, ERR_LIMIT, "more than %zu values", VALUES_MAX);
        return err_path(err, "%s.values", path);
    }
    double *samples = arena_alloc(arena, count + 1, sizeof *samples);
    for (const struct json *item = json_first(values); samples != NULL && item != NULL; item = json_next(item)) {
        if (!json_is(item, JSON_NUMBER) && !json_is(item, JSON_NOT_FINITE) && !json_is(item, JSON_NULL)) {
            char inner[128];
            (void)snprintf(inner, sizeof inner, "%.90s.values[%zu]", path, at);
            return wrong(item, inner, "a number", err);
        }
        samples[at++] = json_number(item);
    }
    figure->stated.samples = samples;
    figure->stated.sample_count = at;
    return 0;
}

static int read_metric(const struct json *object, const char *path, const struct vlm_metric *metric,
                       struct reading *reading, struct run *run, double runs, struct err *err)
{
    struct figure figure = figure_of(metric->metric, metric->unit, MISSING);
    figure.kind = STDDEV_POPULATION;
    struct {
        const char *key;
        double *target;
        bool not_finite;
    } parts[] = {
        {"mean", &figure.stated.mean, false}, {"std", &figure.stated.stddev, false}, {"min", &figure.min, false},
        {"max", &figure.max, false},          {"median", &figure.median, false},
    };
    int code = 0;
    for (size_t i = 0; code == 0 && i < ARRAY_LENGTH(parts); i++)
        code = reader_member_figure(object, path, parts[i].key, parts[i].target, &parts[i].not_finite, err);
    if (code == 0)
        code = read_values(object, path, &reading->arena, &figure, err);
    if (code < 0)
        return code;
    figure.stated.mean_not_finite = parts[0].not_finite;
    if (figure.stated.sample_count == 0 && runs >= 1 && runs < 1e9)
        figure.stated.n = (int64_t)runs;
    if (isnan(figure.stated.mean) && !figure.stated.mean_not_finite && figure.stated.sample_count == 0)
        return 0;
    figure_add(reading, run, &figure);
    return 0;
}

static int read_mode(const struct json *mode, const char *path, struct reading *reading, struct err *err)
{
    double runs = MISSING;
    int code = reader_member_number(mode, path, "num_runs", &runs, err);
    struct run *run = code == 0 ? vlm_add_run(reading, json_key(mode)) : NULL;
    if (run == NULL)
        return code;
    for (const struct json *member = json_first(mode); code == 0 && member != NULL; member = json_next(member)) {
        const char *name = json_key(member);
        char inner[160], shown[64];
        text_copy(shown, sizeof shown, name);
        (void)snprintf(inner, sizeof inner, "%.80s.%s", path, shown);
        const struct vlm_metric *known = vlm_metric(name);
        if (known != NULL && json_is(member, JSON_OBJECT))
            code = read_metric(member, inner, known, reading, run, runs, err);
        else if (known != NULL && !json_is(member, JSON_NULL))
            code = wrong(member, inner, "an object", err);
        else if (known == NULL && !text_equal(name, "num_runs"))
            reading_add_problem(reading, inner, 0, 0, "field left out: the tool has no metric of this name");
    }
    if (run->measurement_count > 0) {
        parameters_set_number(&reading->arena, &run->setup, "num_runs", runs);
        return code;
    }
    reading->run_count--;
    if (code == 0)
        reading_add_problem(reading, path, 0, 0, "every run of this mode failed: nothing was measured");
    return code;
}

static int read_document(const struct tool_document *document, struct reading *reading, struct err *err)
{
    int code = 0;
    for (const struct json *mode = json_first(document->root); code == 0 && mode != NULL; mode = json_next(mode)) {
        char path[84];
        text_copy(path, sizeof path, json_key(mode));
        if (json_is(mode, JSON_OBJECT))
            code = read_mode(mode, path, reading, err);
        else if (vlm_is_mode(path))
            code = wrong(mode, path, "an object", err);
        else
            reading_add_problem(reading, path, 0, 0, "field left out: it is no mode of the tool");
    }
    vlm_finish(reading, document->input->name);
    return code;
}

static const struct tool_json tool = {
    .format = &format_vlm_partitioner_json,
    .mentions = mentions,
    .is_document = is_document,
    .read = read_document,
};

static int detect(const struct format_input *input)
{
    return mentions(input->text) && tool_json_mentioned(&tool, input->text) ? 85 : 0;
}

static int read_json(const struct format_input *input, struct reading_list *into, struct err *err)
{
    return tool_json_read(&tool, input, into, err);
}

const struct format format_vlm_partitioner_json = {
    .name = "vlm-partitioner-json",
    .tool = VLM_PARTITIONER_TOOL,
    .summary = "the VLM partitioner's benchmark, by mode and metric",
    .version = 1,
    .detect = detect,
    .read = read_json,
};
