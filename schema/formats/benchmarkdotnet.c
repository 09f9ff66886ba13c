/* BenchmarkDotNet's JSON exports (-report-full, -full-compressed, -brief): HostEnvironmentInfo and Benchmarks, whose
 * Statistics are nanoseconds; StandardDeviation is that of a sample. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/formats/benchmarkdotnet_table.h"
#include "schema/formats/lines.h"
#include "schema/formats/stated_json.h"

static int detect(const struct format_input *input)
{
    return str_has(input->text, "\"HostEnvironmentInfo\"") && str_has(input->text, "\"Benchmarks\"") ? 92 : 0;
}

static bool is_benchmarkdotnet(const struct json *root)
{
    return json_get(root, "HostEnvironmentInfo") != NULL && json_is(json_get(root, "Benchmarks"), JSON_ARRAY);
}

/* ProcessorName was {"Value": …} once. */
static void set_device(struct reading *reading, const struct json *host)
{
    struct device *device = &reading->device;
    device->chip = stated_text(reading, host, "ProcessorName");
    if (device->chip == NULL)
        device->chip = stated_text(reading, json_get(host, "ProcessorName"), "Value");
    device->cpu_count = stated_count(host, "PhysicalProcessorCount");
    device->cores = stated_count(host, "PhysicalCoreCount");
    device->threads = stated_count(host, "LogicalCoreCount");
    if (device->threads == COUNT_UNKNOWN)
        device->threads = stated_count(host, "ProcessorCount");
    device->architecture = stated_text(reading, host, "Architecture");
    device->os_name = stated_text(reading, host, "OsVersion");
    reading->tool_version = stated_text(reading, host, "BenchmarkDotNetVersion");
}

static void set_parameters(struct reading *reading, struct run *run, const char *text)
{
    struct bdn_parameters parameters = bdn_parameters(str_of(text));
    struct str item, key, value;
    while (bdn_next_parameter(&parameters, &item, &key, &value)) {
        char name[65], word[80];
        double number = 0;
        if (key.len == 0 || key.len >= sizeof name)
            continue;
        text_of(name, sizeof name, key);
        if (whole_number(value, &number))
            parameters_set_number(&reading->arena, &run->workload.parameters, name, number);
        else
            (void)parameters_set_word(&reading->arena, &run->workload.parameters, name,
                                      text_of(word, sizeof word, value));
    }
}

static const char *task_of(const struct document *document, struct reading *reading, const struct json *benchmark)
{
    const char *full = json_string(json_get(benchmark, "FullName"));
    if (full != NULL)
        return document_name(document, reading, full);
    const char *space = json_string(json_get(benchmark, "Namespace")), *type = json_string(json_get(benchmark, "Type"));
    const char *method = json_string(json_get(benchmark, "Method"));
    char name[400];
    (void)snprintf(name, sizeof name, "%.120s%s%.120s%s%.120s", space != NULL ? space : "",
                   text_is_empty(space) ? "" : ".", type != NULL ? type : "", text_is_empty(type) ? "" : ".",
                   method != NULL ? method : "");
    return document_name(document, reading, name);
}

static void set_run(const struct document *document, struct reading *reading, struct run *run,
                    const struct json *benchmark)
{
    static const char *const facts[] = {"RuntimeVersion", "ClrVersion", "Configuration", "DotNetCliVersion"};
    struct parameter_list *setup = &run->setup;
    const char *parameters = json_string(json_get(benchmark, "Parameters"));
    run->workload.task = task_of(document, reading, benchmark);
    if (!text_is_empty(parameters))
        set_parameters(reading, run, parameters);
    const struct json *properties = json_get(benchmark, "Properties");
    for (const struct json *item = json_first(properties); item != NULL; item = json_next(item))
        stated_parameter(document, reading, setup, item);
    for (size_t i = 0; i < ARRAY_LENGTH(facts); i++) {
        const struct json *fact = json_get(json_get(document->root, "HostEnvironmentInfo"), facts[i]);
        if (fact != NULL)
            stated_parameter(document, reading, setup, fact);
    }
    const char *shown = json_string(json_get(benchmark, "DisplayInfo"));
    size_t colon = shown != NULL ? str_find(str_of(shown), STR(": "), 0) : SIZE_MAX;
    struct str job = colon != SIZE_MAX ? str_of(shown + colon + 2) : (struct str){0}, word = {0};
    char name[65];
    if (str_next_field(&job, '(', &word) && word.len < sizeof name)
        (void)parameters_set_word(&reading->arena, setup, "job", text_of(name, sizeof name, word));
    if (json_boolean(json_get(json_get(document->root, "HostEnvironmentInfo"), "HasAttachedDebugger"), false))
        flags_add(&reading->arena, &run->flags, "debugger_attached");
}

static int add_time(struct reading *reading, struct run *run, const struct json *statistics, const char *path,
                    struct err *err)
{
    struct given_figures given = GIVEN_FIGURES;
    given.unit = "ns";
    given.stddev_kind = STDDEV_SAMPLE;
    char values[80];
    (void)snprintf(values, sizeof values, "%s.OriginalValues", path);
    int code = stated_number(statistics, path, "Mean", &given.stated.mean, &given.stated.mean_not_finite, err);
    if (code == 0)
        code = stated_number(statistics, path, "StandardDeviation", &given.stated.stddev, NULL, err);
    if (code == 0)
        code = stated_number(statistics, path, "Median", &given.median, NULL, err);
    if (code == 0)
        code = stated_number(statistics, path, "Min", &given.min, NULL, err);
    if (code == 0)
        code = stated_number(statistics, path, "Max", &given.max, NULL, err);
    if (code == 0)
        code = stated_samples(reading, json_get(statistics, "OriginalValues"), values, &given.stated, err);
    if (code < 0)
        return code;
    if (given.stated.sample_count == 0)
        given.stated.n = stated_count(statistics, "N");
    bool stated = !isnan(given.stated.mean) || given.stated.mean_not_finite || given.stated.sample_count > 0;
    return stated && figures_add(reading, run, "time", &given) == NULL ? mem_error(err) : 0;
}

static int add_metrics(struct reading *reading, struct run *run, const struct json *benchmark, const char *path,
                       struct err *err)
{
    struct given_figures memory = GIVEN_FIGURES;
    memory.unit = "B";
    memory.counted = true;
    int code = stated_number(json_get(benchmark, "Memory"), path, "BytesAllocatedPerOperation", &memory.stated.mean,
                             NULL, err);
    if (code == 0 && !isnan(memory.stated.mean) && figures_add(reading, run, "allocated_memory", &memory) == NULL)
        return mem_error(err);
    const struct json *metrics = json_get(benchmark, "Metrics");
    for (const struct json *item = json_first(metrics); code == 0 && item != NULL; item = json_next(item)) {
        const struct json *descriptor = json_get(item, "Descriptor");
        const char *name = stated_text(reading, descriptor, "Id"), *unit = stated_text(reading, descriptor, "Unit");
        struct given_figures given = GIVEN_FIGURES;
        if (name == NULL || (text_equal(name, "Allocated Memory") && !isnan(memory.stated.mean)))
            continue;
        code = stated_number(item, path, "Value", &given.stated.mean, &given.stated.mean_not_finite, err);
        given.unit = unit != NULL ? unit : "";
        given.counted = true;
        given.direction =
            json_boolean(json_get(descriptor, "TheGreaterTheBetter"), false) ? DIRECTION_HIGHER : DIRECTION_LOWER;
        if (code == 0 && !isnan(given.stated.mean) && figures_add(reading, run, name, &given) == NULL)
            return mem_error(err);
    }
    return code;
}

static int add_benchmark(const struct document *document, struct reading *reading, const struct json *benchmark,
                         size_t index, struct err *err)
{
    char path[64];
    (void)snprintf(path, sizeof path, "Benchmarks[%zu].Statistics", index);
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return mem_error(err);
    set_run(document, reading, run, benchmark);
    int code = add_time(reading, run, json_get(benchmark, "Statistics"), path, err);
    if (code == 0 && run->measurement_count > 0)
        code = add_metrics(reading, run, benchmark, path, err);
    if (run->measurement_count == 0)
        reading_add_problem(reading, path, 0, 0, "the benchmark has no statistics: it failed");
    if (code < 0)
        reading->run_count--;
    return code;
}

static int read_document(const struct document *document, struct reading *reading, struct err *err)
{
    set_device(reading, json_get(document->root, "HostEnvironmentInfo"));
    size_t index = 0;
    const struct json *benchmarks = json_get(document->root, "Benchmarks");
    for (const struct json *item = json_first(benchmarks); item != NULL; item = json_next(item)) {
        int code = add_benchmark(document, reading, item, index++, err);
        if (code < 0)
            return code;
    }
    return 0;
}

static int read_benchmarkdotnet(const struct format_input *input, struct reading_list *into, struct err *err)
{
    static const struct document_reader reader = {is_benchmarkdotnet, read_document,
                                                  "the file holds no benchmark with statistics"};
    return documents_read(&format_benchmarkdotnet_json, input, &reader, into, err);
}

const struct format format_benchmarkdotnet_json = {
    .name = "benchmarkdotnet-json",
    .tool = "BenchmarkDotNet",
    .summary = "BenchmarkDotNet -report-full.json, -brief.json",
    .version = 1,
    .detect = detect,
    .read = read_benchmarkdotnet,
};
