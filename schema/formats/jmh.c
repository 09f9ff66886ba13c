/* JMH -rf json: [{benchmark, mode, threads, forks, params, primaryMetric {score, scoreUnit, rawData}, …}]. The score's
 * error is half of a 99.9 % interval, not a deviation; rawData holds every iteration of every fork. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/command_line.h"
#include "schema/formats/jmh.h"
#include "schema/formats/stated_json.h"

static int detect(const struct format_input *input)
{
    struct str text = input->text;
    return str_has(text, "\"primaryMetric\"") && str_has(text, "\"scoreUnit\"") ? 92 : 0;
}

static bool is_jmh(const struct json *root)
{
    return json_is(root, JSON_ARRAY) && json_get(json_first(root), "primaryMetric") != NULL;
}

static const char *metric_of(const char *unit)
{
    if (!isnan(catalog_unit_factor(unit, "ns")))
        return "time";
    return !isnan(catalog_unit_factor(unit, "ops/s")) ? "operation_throughput" : NULL;
}

/* An operation rate in ops per another time: the factor to ops/s, which the catalogue does not have. */
static const char *plain_unit(const char *unit, double *ret_factor)
{
    static const struct {
        const char *unit, *plain;
        double factor;
    } units[] = {
        {"ops/ms", "ops/s", 1e3},       {"ops/us", "ops/s", 1e6},  {"ops/ns", "ops/s", 1e9},
        {"ops/min", "ops/s", 1.0 / 60}, {"min/op", "s/op", 60},    {"ops/hr", "ops/s", 1.0 / 3600},
        {"hr/op", "s/op", 3600},        {"day/op", "s/op", 86400}, {"ops/day", "ops/s", 1.0 / 86400},
    };
    *ret_factor = 1;
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++)
        if (strcmp(units[i].unit, unit) == 0) {
            *ret_factor = units[i].factor;
            return units[i].plain;
        }
    return unit;
}

static void scale(struct reading *reading, struct given_figures *given, double factor)
{
    given->stated.mean *= factor;
    given->min *= factor;
    given->max *= factor;
    given->median *= factor;
    double *samples = arena_alloc(&reading->arena, given->stated.sample_count + 1, sizeof *samples);
    for (size_t i = 0; samples != NULL && i < given->stated.sample_count; i++)
        samples[i] = given->stated.samples[i] * factor;
    given->stated.samples = samples;
}

/* In the mode "sample" the samples are a histogram: [fork][iteration][[value, count], …]. */
static int64_t histogram_count(const struct json *histogram)
{
    double count = 0;
    for (const struct json *fork = json_first(histogram); fork != NULL; fork = json_next(fork))
        for (const struct json *iteration = json_first(fork); iteration != NULL; iteration = json_next(iteration))
            for (const struct json *pair = json_first(iteration); pair != NULL; pair = json_next(pair)) {
                double times = json_number(json_next(json_first(pair)));
                count += times > 0 ? times : 0;
            }
    return count >= 1 && count < 9e15 ? (int64_t)count : COUNT_UNKNOWN;
}

static int take_figures(struct reading *reading, const struct json *metric, const char *path,
                        struct given_figures *given, struct err *err)
{
    char raw[256];
    (void)snprintf(raw, sizeof raw, "%.200s.rawData", path);
    int code = stated_number(metric, path, "score", &given->stated.mean, &given->stated.mean_not_finite, err);
    if (code == 0)
        code = stated_samples(reading, json_get(metric, "rawData"), raw, &given->stated, err);
    if (code < 0)
        return code;
    const struct json *percentiles = json_get(metric, "scorePercentiles");
    given->min = json_number(json_get(percentiles, "0.0"));
    given->median = json_number(json_get(percentiles, "50.0"));
    given->max = json_number(json_get(percentiles, "100.0"));
    if (given->stated.sample_count == 0)
        given->stated.n = histogram_count(json_get(metric, "rawDataHistogram"));
    return 0;
}

static void add_percentiles(struct reading *reading, struct run *run, const struct json *metric, const char *unit)
{
    static const struct {
        const char *key, *metric;
    } percentiles[] = {
        {"50.0", "latency_p50"}, {"90.0", "latency_p90"},  {"95.0", "latency_p95"},
        {"99.0", "latency_p99"}, {"99.9", "latency_p999"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(percentiles); i++) {
        double value = json_number(json_get(json_get(metric, "scorePercentiles"), percentiles[i].key));
        if (!isnan(value) && !isnan(catalog_unit_factor(unit, "ms")))
            figures_add_value(reading, run, percentiles[i].metric, unit, value);
    }
}

/* A throughput in time per operation, or a time in operations per time: what is right, nobody here can know. */
static bool contradicts(const char *mode, const char *metric)
{
    bool rate = text_equal(mode, "thrpt");
    bool known = rate || text_equal(mode, "avgt") || text_equal(mode, "sample") || text_equal(mode, "ss");
    return known && metric != NULL && rate != text_equal(metric, "operation_throughput");
}

int jmh_add_score(struct reading *reading, struct run *run, const char *given_unit, struct given_figures *given,
                  const char *path, struct err *err)
{
    double factor = 1, original = given->stated.mean;
    given->unit = plain_unit(given_unit != NULL ? given_unit : "", &factor);
    scale(reading, given, factor);
    const char *name = metric_of(given->unit);
    bool contradiction = contradicts(run->workload.mode, name);
    struct measurement *measurement = figures_add(reading, run, name != NULL && !contradiction ? name : "score", given);
    if (measurement == NULL)
        return mem_error(err);
    if (given_unit != NULL && given->unit != given_unit) {
        measurement->original_unit = given_unit;
        measurement->original_value = original;
    }
    if (contradiction) {
        measurement->direction = DIRECTION_UNKNOWN;
        flags_add(&reading->arena, &measurement->flags, "unit_contradicts_mode");
        reading_add_problem(reading, path, 0, 0, "the mode %s does not go with the unit %s", run->workload.mode,
                            given->unit);
    }
    return 0;
}

static int add_primary(struct reading *reading, struct run *run, const struct json *benchmark, const char *path,
                       struct err *err)
{
    const struct json *metric = json_get(benchmark, "primaryMetric");
    const char *unit = stated_text(reading, metric, "scoreUnit");
    struct given_figures given = GIVEN_FIGURES;
    int code = take_figures(reading, metric, path, &given, err);
    bool stated = !isnan(given.stated.mean) || given.stated.mean_not_finite || given.stated.sample_count > 0;
    if (code < 0 || !stated)
        return code;
    code = jmh_add_score(reading, run, unit, &given, path, err);
    if (code == 0 && unit != NULL && given.unit == unit && text_equal(run->workload.mode, "sample"))
        add_percentiles(reading, run, metric, unit);
    return code;
}

int jmh_add_secondary(struct reading *reading, struct run *run, struct str name, const char *unit,
                      struct given_figures *given, struct err *err)
{
    if (str_starts_with(name, STR("\xC2\xB7")))
        name = str_slice(name.data + 2, name.len - 2);
    const char *called = reader_text(&reading->arena, name);
    if (called == NULL || (isnan(given->stated.mean) && !given->stated.mean_not_finite))
        return 0;
    given->unit = unit != NULL ? unit : "";
    given->counted = true;
    bool norm = text_equal(called, "gc.alloc.rate.norm") && text_equal(unit, "B/op");
    if (norm)
        given->unit = "B";
    struct measurement *measurement = figures_add(reading, run, norm ? "allocated_memory" : called, given);
    if (measurement == NULL)
        return mem_error(err);
    if (!norm && metric_of(given->unit) == NULL)
        measurement->direction = DIRECTION_UNKNOWN;
    return 0;
}

static int add_secondary(struct reading *reading, struct run *run, const struct json *metric, const char *path,
                         struct err *err)
{
    char where[256];
    (void)snprintf(where, sizeof where, "%.80s.secondaryMetrics.%.100s", path, json_key(metric));
    struct given_figures given = GIVEN_FIGURES;
    int code = take_figures(reading, metric, where, &given, err);
    if (code < 0)
        return code;
    return jmh_add_secondary(reading, run, str_of(json_key(metric)), stated_text(reading, metric, "scoreUnit"), &given,
                             err);
}

static void set_run(const struct document *document, struct reading *reading, struct run *run,
                    const struct json *benchmark)
{
    static const char *const setup[] = {"threads",          "forks",
                                        "warmupIterations", "warmupTime",
                                        "warmupBatchSize",  "measurementIterations",
                                        "measurementTime",  "measurementBatchSize",
                                        "jdkVersion",       "vmName",
                                        "vmVersion"};
    run->workload.task = document_name(document, reading, json_string(json_get(benchmark, "benchmark")));
    run->workload.mode = stated_text(reading, benchmark, "mode");
    const struct json *params = json_get(benchmark, "params");
    for (const struct json *item = json_first(params); item != NULL; item = json_next(item))
        stated_parameter(document, reading, &run->workload.parameters, item);
    for (size_t i = 0; i < ARRAY_LENGTH(setup); i++) {
        const struct json *member = json_get(benchmark, setup[i]);
        if (member != NULL)
            stated_parameter(document, reading, &run->setup, member);
    }
    const struct json *arguments = json_get(benchmark, "jvmArgs");
    for (const struct json *item = json_first(arguments); item != NULL; item = json_next(item))
        command_mark(document, reading, item);
}

static int add_benchmark(const struct document *document, struct reading *reading, const struct json *benchmark,
                         size_t index, struct err *err)
{
    char path[48];
    (void)snprintf(path, sizeof path, "[%zu].primaryMetric", index);
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return mem_error(err);
    set_run(document, reading, run, benchmark);
    int code = add_primary(reading, run, benchmark, path, err);
    const struct json *secondary = json_get(benchmark, "secondaryMetrics");
    for (const struct json *item = json_first(secondary); code == 0 && item != NULL; item = json_next(item))
        if (run->measurement_count > 0)
            code = add_secondary(reading, run, item, path, err);
    if (run->measurement_count == 0)
        reading_add_problem(reading, path, 0, 0, "the benchmark has no score");
    if (code < 0)
        reading->run_count--;
    return code;
}

static int read_document(const struct document *document, struct reading *reading, struct err *err)
{
    reading->tool_version = stated_text(reading, json_first(document->root), "jmhVersion");
    size_t index = 0;
    for (const struct json *item = json_first(document->root); item != NULL; item = json_next(item)) {
        int code = add_benchmark(document, reading, item, index++, err);
        if (code < 0)
            return code;
    }
    return 0;
}

static int read_jmh(const struct format_input *input, struct reading_list *into, struct err *err)
{
    static const struct document_reader reader = {is_jmh, read_document, "the file holds no benchmark with a score"};
    return documents_read(&format_jmh_json, input, &reader, into, err);
}

const struct format format_jmh_json = {
    .name = "jmh-json",
    .tool = JMH_TOOL,
    .summary = "JMH -rf json",
    .version = 1,
    .detect = detect,
    .read = read_jmh,
};
