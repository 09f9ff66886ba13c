/* What LocalScore's command line writes with -o json, and sends: the machine, then a result a test (a prompt length and
 * tokens generated), then, in newer versions, their means and the score. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/figure.h"
#include "schema/formats/reader.h"
#include "schema/formats/reader_json.h"
#include "schema/formats/records.h"
#include "schema/formats/text_log.h"

static int detect(const struct format_input *input)
{
    return str_has(input->text, "\"accelerator_info\"") && str_has(input->text, "\"runtime_info\"") &&
                   str_has(input->text, "\"results\"")
               ? 95
               : 0;
}

static const char *text_of(struct record_reader *reader, const struct json *object, const char *key)
{
    const char *text = json_string(json_get(object, key));
    return text == NULL || reader_is_placeholder(text) ? NULL : reader_text(&reader->reading->arena, str_of(text));
}

/* Its GB are 2^30 bytes. */
static double gibibytes(const struct json *object, const char *key)
{
    return json_number(json_get(object, key)) * 0x1p30;
}

static void read_machine(struct record_reader *reader, const struct json *root)
{
    struct reading *reading = reader->reading;
    struct device *device = &reading->device;
    const struct json *system = json_get(root, "system_info"), *accelerator = json_get(root, "accelerator_info");
    const struct json *runtime = json_get(root, "runtime_info");
    const char *version = text_of(reader, runtime, "version"), *commit = text_of(reader, runtime, "commit");
    reading->tool_version = version == NULL || commit == NULL
                                ? version
                                : arena_printf(&reading->arena, "%s (llama.cpp %s)", version, commit);
    device->chip = text_of(reader, system, "cpu_name");
    device->architecture = text_of(reader, system, "cpu_arch");
    device->memory_bytes = gibibytes(system, "ram_gb");
    device->os_name = text_of(reader, system, "kernel_type");
    device->kernel = text_of(reader, system, "kernel_release");
    record_hide(reader, json_get(system, "version")); /* of uname: may hold a host's name */
    const char *name = text_of(reader, accelerator, "name");
    if (name == NULL || text_equal(json_string(json_get(accelerator, "type")), "CPU"))
        return;
    device->chips = arena_alloc(&reading->arena, 1, sizeof *device->chips);
    if (device->chips == NULL)
        return;
    device->chip_count = 1;
    device->chips[0] = (struct device_chip){.name = name,
                                            .kind = "gpu",
                                            .count = 1,
                                            .cores = COUNT_UNKNOWN,
                                            .memory_bytes = gibibytes(accelerator, "memory_gb")};
}

static const struct member {
    const char *key, *metric, *unit;
} members[] = {
    {"prompt_tps", "prompt_throughput", "tok/s"},     {"gen_tps", "generation_throughput", "tok/s"},
    {"ttft_ms", "time_to_first_token", "ms"},         {"power_watts", "power", "W"},
    {"avg_prompt_tps", "prompt_throughput", "tok/s"}, {"avg_gen_tps", "generation_throughput", "tok/s"},
    {"avg_ttft_ms", "time_to_first_token", "ms"},     {"performance_score", "score", "points"},
};

static int measure(struct record_reader *reader, struct run *run, const struct json *object, const char *path,
                   struct err *err)
{
    for (size_t i = 0; i < ARRAY_LENGTH(members); i++) {
        double value = MISSING;
        bool not_finite = false;
        int code = reader_member_figure(object, path, members[i].key, &value, &not_finite, err);
        if (code < 0)
            return code;
        bool unread = strcmp(members[i].key, "power_watts") == 0 && !(value > 0); /* no meter */
        if ((not_finite || !isnan(value)) && !unread)
            figure_add_value(reader->reading, run, members[i].metric, members[i].unit, value);
    }
    return 0;
}

/* The whole test, all repetitions. */
static void measure_samples(struct record_reader *reader, struct run *run, const struct json *object)
{
    const struct json *list = json_get(object, "samples_ns");
    double *samples = arena_alloc(&reader->reading->arena, json_count(list) + 1, sizeof *samples);
    struct figure figure = figure_of("duration", "ns", MISSING);
    figure.stated.mean_not_finite = false;
    for (const struct json *item = samples != NULL ? json_first(list) : NULL; item != NULL; item = json_next(item))
        samples[figure.stated.sample_count++] = json_number(item);
    figure.stated.samples = samples;
    if (figure.stated.sample_count > 0)
        figure_add(reader->reading, run, &figure);
    else if (json_is(json_get(object, "avg_time_ms"), JSON_NUMBER))
        figure_add_value(reader->reading, run, "duration", "ms", json_number(json_get(object, "avg_time_ms")));
}

static void describe(struct record_reader *reader, struct run *run, const struct json *object)
{
    struct reading *reading = reader->reading;
    const char *model = json_string(json_get(object, "model_name"));
    const char *quantization = text_of(reader, object, "model_quant_str");
    double prompt = json_number(json_get(object, "n_prompt")), generated = json_number(json_get(object, "n_gen"));
    if (model != NULL)
        reader_set_model(reading, run, str_of(model));
    const char *known = quantization != NULL ? catalog_match_quantization(quantization) : NULL;
    if (quantization != NULL)
        run->workload.quantization = known != NULL ? known : quantization;
    run->workload.model_parameters = json_number(json_get(object, "model_n_params"));
    run->workload.task = text_of(reader, object, "name");
    if (prompt > 0)
        parameters_set_number(&reading->arena, &run->workload.parameters, "n_prompt", prompt);
    if (generated > 0)
        parameters_set_number(&reading->arena, &run->workload.parameters, "n_gen", generated);
    const struct device *device = &reading->device;
    run->chip_name = device->chip_count > 0 ? device->chips[0].name : device->chip;
}

static struct run *open_run(struct record_reader *reader)
{
    return reading_add_run(reader->reading);
}

static int read_result(struct record_reader *reader, const struct json *object, const char *path, struct err *err)
{
    struct run *run = open_run(reader);
    if (run == NULL)
        return mem_error(err);
    describe(reader, run, object);
    int code = measure(reader, run, object, path, err);
    if (code == 0)
        measure_samples(reader, run, object);
    if (code < 0 || run->measurement_count == 0)
        reader->reading->run_count--;
    return code;
}

/* The means of all tests; they are of the model that the tests name. */
static int read_summary(struct record_reader *reader, const struct json *root, struct err *err)
{
    const struct json *summary = json_get(root, "results_summary");
    const struct json *first = json_first(json_get(root, "results"));
    if (!json_is(summary, JSON_OBJECT))
        return 0;
    struct run *run = open_run(reader);
    if (run == NULL)
        return mem_error(err);
    if (first != NULL)
        describe(reader, run, first);
    run->workload.parameters.count = 0;
    run->workload.task = "localscore";
    int code = measure(reader, run, summary, "results_summary", err);
    if (code < 0 || run->measurement_count == 0)
        reader->reading->run_count--;
    return code;
}

static int read_document(struct record_reader *reader, const struct json *root, const char *path, struct err *err)
{
    const struct json *results = json_get(root, "results");
    size_t index = 0;
    int code = 0;
    if (!json_is(results, JSON_ARRAY) || json_get(root, "accelerator_info") == NULL) {
        record_hide(reader, root);
        return 0;
    }
    (void)path;
    read_machine(reader, root);
    for (const struct json *item = json_first(results); code == 0 && item != NULL; item = json_next(item), index++) {
        char inner[32];
        (void)snprintf(inner, sizeof inner, "results[%zu]", index);
        code = read_result(reader, item, inner, err);
    }
    return code == 0 ? read_summary(reader, root, err) : code;
}

static int read_json(const struct format_input *input, struct reading_list *into, struct err *err)
{
    return records_read(&format_localscore_json, input, into, read_document, err);
}

const struct format format_localscore_json = {
    .name = "localscore-json",
    .tool = "LocalScore",
    .summary = "localscore -o json: a result a test",
    .version = 1,
    .detect = detect,
    .read = read_json,
};
