/* `vllm bench throughput --output-json` and `vllm bench latency --output-json` (benchmark_throughput.py,
 * benchmark_latency.py before), and what the two print. Model and lengths stand only in the arguments that they print.
 * All times are seconds; std_latency is numpy.std, of the population. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/figure.h"
#include "schema/formats/reader.h"
#include "schema/formats/reader_json.h"
#include "schema/formats/records.h"
#include "schema/formats/serving.h"
#include "schema/formats/text_log.h"

static bool is_throughput(const struct json *object)
{
    return json_get(object, "requests_per_second") != NULL && json_get(object, "elapsed_time") != NULL;
}

static bool is_latency(const struct json *object)
{
    return json_get(object, "avg_latency") != NULL && json_get(object, "percentiles") != NULL;
}

static int detect_json(const struct format_input *input)
{
    struct str text = input->text;
    bool throughput = str_has(text, "\"requests_per_second\"") && str_has(text, "\"tokens_per_second\"") &&
                      str_has(text, "\"elapsed_time\"") && str_has(text, "\"num_requests\"");
    bool latency =
        str_has(text, "\"avg_latency\"") && str_has(text, "\"percentiles\"") && str_has(text, "\"latencies\"");
    return throughput || latency ? 88 : 0;
}

static int take(struct record_reader *reader, struct run *run, const struct json *object, const char *path,
                const char *key, const char *metric, const char *unit, struct err *err)
{
    double value = MISSING;
    bool not_finite = false;
    int code = reader_member_figure(object, path, key, &value, &not_finite, err);
    if (code == 0 && (not_finite || !isnan(value)))
        figure_add_value(reader->reading, run, metric, unit, value);
    return code;
}

static int read_throughput(struct record_reader *reader, struct run *run, const struct json *object, const char *path,
                           struct err *err)
{
    static const struct {
        const char *key, *metric, *unit;
    } members[] = {
        {"requests_per_second", "request_throughput", "req/s"},
        {"tokens_per_second", "total_throughput", "tok/s"},
        {"elapsed_time", "duration", "s"},
        {"num_requests", "requests_completed", "count"},
    };
    run->workload.task = "throughput";
    int code = 0;
    for (size_t i = 0; code == 0 && i < ARRAY_LENGTH(members); i++)
        code = take(reader, run, object, path, members[i].key, members[i].metric, members[i].unit, err);
    double requests = json_number(json_get(object, "num_requests"));
    if (requests > 0)
        parameters_set_number(&reader->reading->arena, &run->workload.parameters, "num_prompts", requests);
    return code;
}

/* Percentiles that the catalogue does not know are in its unit of the others, too. */
static void add_percentile(struct reading *reading, struct run *run, const char *metric, double seconds)
{
    struct text_figures figures = TEXT_FIGURES;
    bool known = catalog_metric(metric) != NULL;
    figures.mean = known ? seconds : seconds * 1e3;
    text_measure(reading, run, metric, known ? "s" : "ms", DIRECTION_LOWER, &figures);
}

/* Keys are percentages: "10", "99". The median has a place of its own. */
static void read_percentiles(struct record_reader *reader, struct run *run, const struct json *percentiles)
{
    const struct json *first = json_is(percentiles, JSON_OBJECT) ? json_first(percentiles) : NULL;
    for (const struct json *member = first; member != NULL; member = json_next(member)) {
        char metric[32];
        if (!json_is(member, JSON_NUMBER) || strlen(json_key(member)) > 6 || strcmp(json_key(member), "50") == 0)
            continue;
        size_t length = (size_t)snprintf(metric, sizeof metric, "latency_p");
        for (const char *at = json_key(member); *at != '\0' && length + 1 < sizeof metric; at++)
            if (*at >= '0' && *at <= '9')
                metric[length++] = *at;
        metric[length] = '\0';
        add_percentile(reader->reading, run, metric, json_number(member));
    }
}

static int read_latency(struct record_reader *reader, struct run *run, const struct json *object, const char *path,
                        struct err *err)
{
    struct figure figure = figure_of("latency", "s", MISSING);
    bool ignored = false;
    const struct json *list = json_get(object, "latencies"), *percentiles = json_get(object, "percentiles");
    run->workload.task = "latency";
    int code =
        reader_member_figure(object, path, "avg_latency", &figure.stated.mean, &figure.stated.mean_not_finite, err);
    if (code == 0)
        code = reader_member_figure(object, path, "std_latency", &figure.stated.stddev, &ignored, err);
    if (code < 0)
        return code;
    double *samples = arena_alloc(&reader->reading->arena, json_count(list) + 1, sizeof *samples);
    for (const struct json *item = samples != NULL ? json_first(list) : NULL; item != NULL; item = json_next(item))
        samples[figure.stated.sample_count++] = json_number(item);
    figure.stated.samples = samples;
    figure.median = json_number(json_get(percentiles, "50"));
    figure.kind = STDDEV_POPULATION;
    figure_add(reader->reading, run, &figure);
    read_percentiles(reader, run, percentiles);
    return 0;
}

static int read_record(struct record_reader *reader, const struct json *object, const char *path, struct err *err)
{
    bool throughput = is_throughput(object);
    if (!throughput && !is_latency(object)) {
        record_hide(reader, object);
        return 0;
    }
    struct run *run = reading_add_run(reader->reading);
    if (run == NULL)
        return mem_error(err);
    int code =
        throughput ? read_throughput(reader, run, object, path, err) : read_latency(reader, run, object, path, err);
    if (run->measurement_count == 0)
        reader->reading->run_count--;
    return code;
}

static int read_json(const struct format_input *input, struct reading_list *into, struct err *err)
{
    size_t before = into->count;
    int result = records_read(&format_vllm_offline_json, input, into, read_record, err);
    for (size_t i = before; i < into->count; i++) {
        reader_tell_no_chip(into->items[i]);
        reading_add_problem(into->items[i], "", 0, 0,
                            "the file names neither model nor lengths: --set model=NAME, --set input_len=N, --set "
                            "output_len=N");
    }
    return result;
}

/* ---------------------------------------------------------------- printed */

static int detect_console(const struct format_input *input)
{
    bool throughput = str_has(input->text, " requests/s, ") && str_has(input->text, " tokens/s") &&
                      str_has(input->text, "Throughput: ");
    return throughput || (str_has(input->text, "Avg latency: ") && str_has(input->text, "% percentile latency: ")) ? 84
                                                                                                                   : 0;
}

enum argument { MODEL, INPUT_LENGTH, OUTPUT_LENGTH, BATCH_SIZE, PROMPTS, ARGUMENT_COUNT };

struct offline {
    struct text_log log;
    struct run *run; /* of latencies */
    struct serving_argument arguments[ARGUMENT_COUNT];
    char model[256];
};

static void take_arguments(struct offline *offline)
{
    static const char *const names[ARGUMENT_COUNT] = {"model", "input_len", "output_len", "batch_size", "num_prompts"};
    for (size_t i = 0; i < ARGUMENT_COUNT; i++)
        offline->arguments[i] = (struct serving_argument){.name = names[i]};
    serving_take_arguments(&offline->log, offline->arguments, ARGUMENT_COUNT);
    str_copy(offline->model, sizeof offline->model, text_log_path(&offline->log, offline->arguments[MODEL].value));
}

static struct run *add_run(struct offline *offline, const char *task)
{
    struct reading *reading = offline->log.reading;
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return NULL;
    run->workload.task = task;
    if (offline->model[0] != '\0')
        reader_set_model(reading, run, str_of(offline->model));
    for (size_t i = INPUT_LENGTH; i < ARGUMENT_COUNT; i++) {
        double number = 0;
        if (number_parse_loose(offline->arguments[i].value, &number))
            parameters_set_number(&reading->arena, &run->workload.parameters, offline->arguments[i].name, number);
    }
    return run;
}

/* "Throughput: 5.01 requests/s, 2062.31 total tokens/s, 993.01 output tokens/s"; before 2025 only "tokens/s". */
static bool take_throughput(struct offline *offline)
{
    struct text_log *log = &offline->log;
    struct str line = log->line;
    double requests = 0, total = 0, output = 0;
    if (!str_starts_with(line, STR("Throughput: ")) || !str_has(line, " requests/s, ") ||
        !text_number_after(line, "Throughput: ", &requests) || !text_number_after(line, "requests/s, ", &total))
        return false;
    struct run *run = add_run(offline, "throughput");
    if (run == NULL)
        return true;
    text_measure_one(log->reading, run, "request_throughput", "req/s", requests);
    text_measure_one(log->reading, run, "total_throughput", "tok/s", total);
    if (text_number_after(line, " tokens/s, ", &output))
        text_measure_one(log->reading, run, "generation_throughput", "tok/s", output);
    return true;
}

static bool take_latency(struct offline *offline)
{
    struct text_log *log = &offline->log;
    struct str line = log->line;
    double value = 0, percentage = 0;
    struct str rest;
    if (str_starts_with(line, STR("Avg latency: ")) && text_number_after(line, "Avg latency: ", &value)) {
        offline->run = add_run(offline, "latency");
        if (offline->run == NULL)
            return true;
        text_measure_one(log->reading, offline->run, "latency", "s", value);
        return true;
    }
    if (offline->run == NULL)
        return false;
    if (str_starts_with(line, STR("Std latency: ")) && text_number_after(line, "Std latency: ", &value)) {
        struct measurement *latency = &offline->run->measurements[0];
        latency->stddev = value * 1e3;
        latency->stddev_kind = STDDEV_POPULATION;
        return true;
    }
    if (!text_quantity(line, &percentage, &rest) || !str_starts_with(rest, STR("% percentile latency: ")) ||
        !text_number_after(line, "latency: ", &value))
        return false;
    char metric[32];
    (void)snprintf(metric, sizeof metric, "latency_p%d",
                   percentage >= 0 && percentage <= 100 ? (int)(percentage + 0.5) : 0);
    if (percentage < 49.5 || percentage > 50.5)
        add_percentile(log->reading, offline->run, metric, value);
    else
        offline->run->measurements[0].median = value * 1e3;
    return true;
}

static int read_console(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct offline offline = {0};
    int result = text_log_open(&offline.log, &format_vllm_offline_console, input, into, err);
    if (result < 0)
        return result;
    while (text_log_next(&offline.log)) {
        if (str_has(offline.log.line, "Namespace("))
            take_arguments(&offline);
        else if (take_throughput(&offline) || take_latency(&offline))
            text_log_keep(&offline.log);
    }
    reader_tell_no_chip(offline.log.reading);
    return text_log_close(&offline.log, "the output holds no result", err);
}

const struct format format_vllm_offline_json = {
    .name = "vllm-offline-json",
    .tool = "vLLM",
    .summary = "vllm bench throughput and vllm bench latency, --output-json",
    .version = 1,
    .detect = detect_json,
    .read = read_json,
};

const struct format format_vllm_offline_console = {
    .name = "vllm-offline-console",
    .tool = "vLLM",
    .summary = "what vllm bench throughput and vllm bench latency print",
    .version = 1,
    .detect = detect_console,
    .read = read_console,
};
