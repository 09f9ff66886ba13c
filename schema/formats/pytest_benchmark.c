/* pytest-benchmark --benchmark-json and its storage: machine_info, commit_info, benchmarks[].stats. Seconds; stddev is
 * that of a sample; each of `rounds` samples is the mean of `iterations` calls. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/formats/stated_json.h"

static int detect(const struct format_input *input)
{
    struct str text = input->text;
    bool tool = str_has(text, "\"machine_info\"") || str_has(text, "\"commit_info\"");
    return tool && str_has(text, "\"benchmarks\"") && str_has(text, "\"stats\"") ? 92 : 0;
}

static bool is_pytest(const struct json *root)
{
    return json_is(json_get(root, "benchmarks"), JSON_ARRAY) &&
           (json_get(root, "machine_info") != NULL || json_get(root, "commit_info") != NULL);
}

/* `cpu` was a text, then {brand}, then {brand_raw}. */
static void set_device(struct reading *reading, const struct json *machine)
{
    struct device *device = &reading->device;
    const struct json *cpu = json_get(machine, "cpu");
    device->chip = json_is(cpu, JSON_STRING) ? stated_text(reading, machine, "cpu") : NULL;
    if (device->chip == NULL)
        device->chip = stated_text(reading, cpu, "brand_raw");
    if (device->chip == NULL)
        device->chip = stated_text(reading, cpu, "brand");
    device->threads = stated_count(cpu, "count");
    device->architecture = stated_text(reading, machine, "machine");
    device->os_name = stated_text(reading, machine, "system");
    device->kernel = stated_text(reading, machine, "release");
}

static void set_run(const struct document *document, struct reading *reading, struct run *run,
                    const struct json *benchmark)
{
    static const char *const options[] = {"timer", "min_rounds", "min_time", "max_time", "warmup", "disable_gc"};
    const struct json *machine = json_get(document->root, "machine_info");
    const char *name = json_string(json_get(benchmark, "fullname"));
    run->workload.task =
        document_name(document, reading, name != NULL ? name : json_string(json_get(benchmark, "name")));
    const struct json *params = json_get(benchmark, "params");
    for (const struct json *item = json_first(params); item != NULL; item = json_next(item))
        stated_parameter(document, reading, &run->workload.parameters, item);
    const struct json *extra = json_get(benchmark, "extra_info");
    for (const struct json *item = json_first(extra); item != NULL; item = json_next(item))
        stated_parameter(document, reading, &run->setup, item);
    for (size_t i = 0; i < ARRAY_LENGTH(options); i++) {
        const struct json *option = json_get(json_get(benchmark, "options"), options[i]);
        if (option != NULL)
            stated_parameter(document, reading, &run->setup, option);
    }
    const char *version = json_string(json_get(machine, "python_version"));
    const char *python = json_string(json_get(machine, "python_implementation"));
    if (version != NULL)
        (void)parameters_set_word(&reading->arena, &run->setup, "python_version", version);
    if (python != NULL)
        (void)parameters_set_word(&reading->arena, &run->setup, "python_implementation", python);
    const char *time = json_string(json_get(document->root, "datetime"));
    if (time != NULL)
        (void)reader_set_time(&reading->arena, run, time);
}

/* The list may be cut short by whoever published the file: then its figures are those of all rounds still. */
static void take_samples(struct reading *reading, const struct json *data, const char *path,
                         struct stated_figures *stated)
{
    struct stated_figures samples = STATED_FIGURES;
    size_t count = json_count(data);
    if (count == 0)
        return;
    bool whole = stated->n == COUNT_UNKNOWN || stated->n == (int64_t)count;
    if (!whole || stated_samples(reading, data, path, &samples, NULL) < 0) {
        reading_add_problem(reading, path, 0, 0, "the list of samples is not whole: its stated figures are used");
        return;
    }
    stated->samples = samples.samples;
    stated->sample_count = samples.sample_count;
}

static int add_time(struct reading *reading, struct run *run, const struct json *stats, const char *path,
                    struct err *err)
{
    struct given_figures given = GIVEN_FIGURES;
    given.unit = "s";
    given.stddev_kind = STDDEV_SAMPLE;
    char data[64];
    (void)snprintf(data, sizeof data, "%s.data", path);
    int code = stated_number(stats, path, "mean", &given.stated.mean, &given.stated.mean_not_finite, err);
    if (code == 0)
        code = stated_number(stats, path, "stddev", &given.stated.stddev, NULL, err);
    if (code == 0)
        code = stated_number(stats, path, "median", &given.median, NULL, err);
    if (code == 0)
        code = stated_number(stats, path, "min", &given.min, NULL, err);
    if (code == 0)
        code = stated_number(stats, path, "max", &given.max, NULL, err);
    if (code < 0)
        return code;
    given.stated.n = stated_count(stats, "rounds");
    take_samples(reading, json_get(stats, "data"), data, &given.stated);
    bool stated = !isnan(given.stated.mean) || given.stated.mean_not_finite || given.stated.sample_count > 0;
    return stated && figures_add(reading, run, "time", &given) == NULL ? mem_error(err) : 0;
}

static int add_benchmark(const struct document *document, struct reading *reading, const struct json *benchmark,
                         size_t index, struct err *err)
{
    char path[48];
    (void)snprintf(path, sizeof path, "benchmarks[%zu].stats", index);
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return mem_error(err);
    set_run(document, reading, run, benchmark);
    const struct json *stats = json_get(benchmark, "stats");
    double rate = MISSING;
    int code = add_time(reading, run, stats, path, err);
    if (code == 0)
        code = stated_number(stats, path, "ops", &rate, NULL, err);
    if (code == 0 && !isnan(rate) && run->measurement_count > 0)
        figures_add_value(reading, run, "operation_throughput", "ops/s", rate);
    const struct json *iterations = json_get(stats, "iterations");
    if (json_is(iterations, JSON_NUMBER))
        stated_parameter(document, reading, &run->setup, iterations);
    if (run->measurement_count == 0)
        reading_add_problem(reading, path, 0, 0, "the benchmark has no times: it failed or was skipped");
    if (code < 0)
        reading->run_count--;
    return code;
}

static int read_document(const struct document *document, struct reading *reading, struct err *err)
{
    reading->tool_version = stated_text(reading, document->root, "version");
    set_device(reading, json_get(document->root, "machine_info"));
    size_t index = 0;
    const struct json *benchmarks = json_get(document->root, "benchmarks");
    for (const struct json *item = json_first(benchmarks); item != NULL; item = json_next(item)) {
        int code = add_benchmark(document, reading, item, index++, err);
        if (code < 0)
            return code;
    }
    return 0;
}

static int read_pytest(const struct format_input *input, struct reading_list *into, struct err *err)
{
    static const struct document_reader reader = {is_pytest, read_document, "the file holds no benchmark with times"};
    return documents_read(&format_pytest_benchmark, input, &reader, into, err);
}

const struct format format_pytest_benchmark = {
    .name = "pytest-benchmark-json",
    .tool = "pytest-benchmark",
    .summary = "pytest --benchmark-json and its storage",
    .version = 1,
    .detect = detect,
    .read = read_pytest,
};
