/* benchmark_model.py of Model Quantizer (github.com/lpalbou/model-quantizer):
 * two models on the same prompts, `original` beside `quantized`.
 *
 * Memory is resident memory in GiB, though named GB in its summary; durations
 * are seconds. "prompt eval" times the tokeniser alone and is called so here.
 * generated_tokens is the length of the text less that of the prompt, and is
 * negative when the model answered with less than its prompt. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "schema/catalog/catalog.h"
#include "schema/formats/figure.h"
#include "schema/formats/model_quantizer.h"
#include "schema/formats/reader.h"
#include "schema/formats/reader_json.h"
#include "schema/formats/tool_json.h"

#define PATH_SIZE 96

static bool mentions(struct str object)
{
    return str_has(object, "\"original\"") &&
           (str_has(object, "\"prompt_category\"") || str_has(object, "\"memory_increase\"") ||
            str_has(object, "\"eval_rate\"")) &&
           (str_has(object, "\"quantized\"") || str_has(object, "\"quantized_model\""));
}

static bool is_document(const struct json *root)
{
    return json_is(json_get(root, "original"), JSON_OBJECT) || json_is(json_get(root, "quantized"), JSON_OBJECT);
}

/* What holds for every run of one of the two models. */
struct side {
    struct reading *reading;
    const char *name;  /* "original", "quantized" */
    const char *model; /* as the file has it */
    const char *device, *timestamp;
    double max_new_tokens;
};

static struct run *add_run(const struct side *side)
{
    struct reading *reading = side->reading;
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return NULL;
    struct workload *workload = &run->workload;
    figure_set_model(reading, run, str_of(side->model));
    workload->mode = side->name;
    workload->task = MODEL_QUANTIZER_TASK;
    const char *backend = side->device != NULL ? catalog_match_backend(side->device) : NULL;
    workload->backend =
        backend != NULL ? arena_strdup(&reading->arena, backend) : reader_text(&reading->arena, str_of(side->device));
    if (side->max_new_tokens > 0)
        parameters_set_number(&reading->arena, &workload->parameters, "max_new_tokens", side->max_new_tokens);
    if (side->timestamp != NULL)
        (void)reader_set_time(&reading->arena, run, side->timestamp);
    return run;
}

/* A run that got no figure is none. */
static bool drop_if_empty(struct reading *reading, const struct run *run)
{
    if (run->measurement_count > 0)
        return false;
    reading->run_count--;
    return true;
}

/* ---------------------------------------------------------------- figures */

struct member {
    const char *key, *metric, *unit;
};

static int take_members(struct reading *reading, struct run *run, const struct json *object, const char *path,
                        const struct member *members, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        double value = MISSING;
        bool not_finite = false;
        int code = reader_member_figure(object, path, members[i].key, &value, &not_finite, err);
        if (code < 0)
            return code;
        if (not_finite)
            reading_add_problem(reading, path, 0, 0, "%s is NaN or infinite: nothing was measured", members[i].key);
        if (not_finite || !isnan(value))
            figure_add_value(reading, run, members[i].metric, members[i].unit, value);
    }
    return 0;
}

static int take_memory(struct reading *reading, struct run *run, const struct json *memory, const char *path,
                       struct err *err)
{
    static const struct member members[] = {
        {"initial_memory", "initial_memory", "GiB"},
        {"min_memory", "min_memory", "GiB"},
        {"max_memory", "peak_memory", "GiB"},
        {"memory_increase", "memory_increase", "GiB"},
    };
    struct figure used = figure_of("memory_used", "GiB", MISSING);
    used.kind = STDDEV_POPULATION;
    int code = take_members(reading, run, memory, path, members, ARRAY_LENGTH(members), err);
    if (code == 0)
        code = reader_member_figure(memory, path, "avg_memory", &used.stated.mean, &used.stated.mean_not_finite, err);
    bool ignored = false;
    if (code == 0)
        code = reader_member_figure(memory, path, "std_memory", &used.stated.stddev, &ignored, err);
    if (code == 0 && used.stated.mean_not_finite)
        reading_add_problem(reading, path, 0, 0, "avg_memory is NaN or infinite: nothing was measured");
    if (code == 0 && (used.stated.mean_not_finite || !isnan(used.stated.mean)))
        figure_add(reading, run, &used);
    return code;
}

static int take_performance(struct reading *reading, struct run *run, const struct json *performance, const char *path,
                            struct err *err)
{
    static const struct member members[] = {
        {"total_duration", "duration", "s"},
        {"load_duration", "load_time", "s"},
        {"prompt_eval_count", "prompt_tokens", "tok"},
        {"prompt_eval_duration", "tokenization_time", "s"},
        {"prompt_eval_rate", "tokenization_throughput", "tok/s"},
        {"eval_count", "tokens_generated", "tok"},
        {"eval_duration", "generation_time", "s"},
    };
    struct figure rate = figure_of("generation_throughput", "tok/s", MISSING);
    bool ignored = false;
    int code = take_members(reading, run, performance, path, members, ARRAY_LENGTH(members), err);
    if (code == 0)
        code =
            reader_member_figure(performance, path, "eval_rate", &rate.stated.mean, &rate.stated.mean_not_finite, err);
    if (code == 0)
        code = reader_member_figure(performance, path, "min_generation_rate", &rate.min, &ignored, err);
    if (code == 0)
        code = reader_member_figure(performance, path, "max_generation_rate", &rate.max, &ignored, err);
    if (code == 0 && rate.stated.mean_not_finite)
        reading_add_problem(reading, path, 0, 0, "eval_rate is NaN or infinite: nothing was measured");
    if (code == 0 && (rate.stated.mean_not_finite || !isnan(rate.stated.mean)))
        figure_add(reading, run, &rate);
    return code;
}

static int read_stats(const struct side *side, const struct json *object, struct err *err)
{
    const struct json *stats = NULL, *memory = NULL, *performance = NULL;
    char path[32], inner[PATH_SIZE];
    int code = json_member_object(object, side->name, "stats", JSON_OPTIONAL, &stats, err);
    (void)snprintf(path, sizeof path, "%s.stats", side->name);
    if (code == 0)
        code = json_member_object(stats, path, "memory", JSON_OPTIONAL, &memory, err);
    if (code == 0)
        code = json_member_object(stats, path, "performance", JSON_OPTIONAL, &performance, err);
    if (code < 0)
        return code;
    struct run *run = add_run(side);
    if (run == NULL)
        return 0;
    (void)snprintf(inner, sizeof inner, "%s.memory", path);
    code = take_memory(side->reading, run, memory, inner, err);
    (void)snprintf(inner, sizeof inner, "%s.performance", path);
    if (code == 0)
        code = take_performance(side->reading, run, performance, inner, err);
    if (drop_if_empty(side->reading, run) && code == 0)
        reading_add_problem(side->reading, path, 0, 0, "the %s model has no summary", side->name);
    return code;
}

/* ---------------------------------------------------------------- prompts */

static int read_prompt(const struct side *side, const struct json *object, const char *path, struct err *err)
{
    static const struct member members[] = {
        {"tokens_per_second", "generation_throughput", "tok/s"},
        {"generation_time", "generation_time", "s"},
        {"generated_tokens", "tokens_generated", "tok"},
        {"prompt_tokens", "prompt_tokens", "tok"},
        {"tokenize_time", "tokenization_time", "s"},
    };
    struct reading *reading = side->reading;
    const char *name = NULL, *category = NULL;
    int code = json_member_string(object, path, "prompt_name", JSON_OPTIONAL, &name, err);
    if (code == 0)
        code = json_member_string(object, path, "prompt_category", JSON_OPTIONAL, &category, err);
    if (code < 0)
        return code;
    struct run *run = add_run(side);
    if (run == NULL)
        return 0;
    run->workload.category = reader_text(&reading->arena, str_of(category));
    const char *shown = reader_text(&reading->arena, str_of(name));
    if (shown != NULL)
        parameters_set_word(&reading->arena, &run->workload.parameters, "prompt", shown);
    code = take_members(reading, run, object, path, members, ARRAY_LENGTH(members), err);
    if (drop_if_empty(reading, run)) {
        if (code == 0)
            reading_add_problem(reading, path, 0, 0, "prompt left out: it has no figure");
        return code;
    }
    if (json_number(json_get(object, "generated_tokens")) < 0) {
        flags_add(&reading->arena, &run->flags, "negative_tokens");
        reading_add_problem(reading, path, 0, 0,
                            "generated_tokens is negative: the answer was shorter than the prompt, its rate means "
                            "nothing");
    }
    return code;
}

static int read_prompts(const struct side *side, const struct json *object, bool closed, struct err *err)
{
    const struct json *results = NULL;
    size_t index = 0;
    int code = json_member_array(object, side->name, "results", JSON_OPTIONAL, &results, err);
    for (const struct json *item = json_first(results); code == 0 && item != NULL; item = json_next(item), index++) {
        char path[PATH_SIZE];
        (void)snprintf(path, sizeof path, "%s.results[%zu]", side->name, index);
        if (closed && json_count(item) == 0 && json_next(item) == NULL)
            break;
        if (!json_is(item, JSON_OBJECT)) {
            err_set(err, ERR_DATA, "expected an object, found %s", json_type_name(json_type(item)));
            return err_path(err, "%s", path);
        }
        code = read_prompt(side, item, path, err);
    }
    return code;
}

/* ---------------------------------------------------------------- document */

static int read_side(const struct side *side, const struct tool_document *document, struct err *err)
{
    const struct json *object = NULL;
    int code = json_member_object(document->root, "", side->name, JSON_OPTIONAL, &object, err);
    if (code < 0)
        return code;
    if (object == NULL) {
        if (!document->closed)
            reading_add_problem(side->reading, side->name, 0, 0, "the file has no figures of the %s model", side->name);
        return 0;
    }
    code = read_stats(side, object, err);
    return code == 0 ? read_prompts(side, object, document->closed, err) : code;
}

static void note_missing(const struct side *side)
{
    struct reading *reading = side->reading;
    if (side->model == NULL)
        reading_add_problem(reading, "config", 0, 0, "the %s model is not named: --set model=NAME states it",
                            side->name);
    else if (text_equal(side->name, "quantized") && catalog_match_quantization(side->model) == NULL)
        reading_add_problem(reading, "config.quantized_model", 0, 0,
                            "the quantisation is not named: --set quantization=NAME states it");
}

/* A folder with a separator at its end is hidden whole: its last part may be a name, so it names no model. */
static const char *model_of(const char *given)
{
    size_t length = given != NULL ? strlen(given) : 0;
    bool folder = length > 0 && (given[length - 1] == '/' || given[length - 1] == '\\');
    bool hidden = folder && (reader_path_is_private(str_of(given)) || reader_is_placeholder(given));
    return hidden || length == 0 ? NULL : given;
}

static int read_document(const struct tool_document *document, struct reading *reading, struct err *err)
{
    const struct json *root = document->root, *config = NULL;
    struct side original = {.reading = reading, .name = "original", .max_new_tokens = MISSING};
    struct side quantized = original;
    int code = json_member_object(root, "", "config", JSON_OPTIONAL, &config, err);
    if (code == 0)
        code = json_member_string(root, "", "timestamp", JSON_OPTIONAL, &original.timestamp, err);
    if (code == 0)
        code = json_member_string(config, "config", "device", JSON_OPTIONAL, &original.device, err);
    if (code == 0)
        code = reader_member_number(config, "config", "max_new_tokens", &original.max_new_tokens, err);
    quantized = original;
    quantized.name = "quantized";
    if (code == 0)
        code = json_member_string(config, "config", "original_model", JSON_OPTIONAL, &original.model, err);
    if (code == 0)
        code = json_member_string(config, "config", "quantized_model", JSON_OPTIONAL, &quantized.model, err);
    original.model = model_of(original.model);
    quantized.model = model_of(quantized.model);
    if (code == 0)
        code = read_side(&original, document, err);
    if (code == 0)
        code = read_side(&quantized, document, err);
    if (code < 0)
        return code;
    note_missing(&original);
    note_missing(&quantized);
    reading_add_problem(reading, "", 0, 0, "the file names no chip: --set chip=NAME states it");
    return 0;
}

static const struct tool_json tool = {
    .format = &format_model_quantizer_json,
    .mentions = mentions,
    .is_document = is_document,
    .read = read_document,
};

static int detect(const struct format_input *input)
{
    return mentions(input->text) && tool_json_mentioned(&tool, input->text) ? 92 : 0;
}

static int read_json(const struct format_input *input, struct reading_list *into, struct err *err)
{
    return tool_json_read(&tool, input, into, err);
}

const struct format format_model_quantizer_json = {
    .name = "model-quantizer-json",
    .tool = MODEL_QUANTIZER_TOOL,
    .summary = "Model Quantizer: an original model beside its quantised form",
    .version = 1,
    .detect = detect,
    .read = read_json,
};
