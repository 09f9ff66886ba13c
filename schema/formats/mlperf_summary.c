/* mlperf_log_summary.txt of MLPerf Inference (versions 0.5 to 5.1), and consoles that hold its text. The summary
 * names no device and no model: those are in systems/<name>.json and in the folder's name. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/mlperf.h"
#include "schema/formats/reader.h"
#include "schema/formats/text_log.h"

#define HEADING "MLPerf Results Summary"

/* All that the summary of an accuracy run says. */
static bool is_accuracy(struct str text)
{
    text = str_trim(text);
    return text.len < 400 && str_has(text, "encountered during test.") &&
           (str_has(text, "No warnings encountered") || str_has(text, "No errors encountered") ||
            str_has(text, "ERROR encountered") || str_has(text, "ERRORS encountered"));
}

static int detect_summary(const struct format_input *input)
{
    size_t heading = str_find(input->text, STR(HEADING), 0);
    if (heading == SIZE_MAX)
        return is_accuracy(input->text) ? 85 : 0;
    for (size_t i = 0; i < heading; i++)
        if (strchr("= \r\n", input->text.data[i]) == NULL)
            return 0;
    return 96;
}

static int detect_console(const struct format_input *input)
{
    return str_has(input->text, HEADING) && detect_summary(input) == 0 ? 88 : 0;
}

struct summary {
    struct text_log log;
    const struct format_input *input;
    struct run *run;
    struct mlperf_result result;
    bool parameters; /* below "Test Parameters Used" */
    bool samples;    /* below "Per-sample latency:", which MultiStream had until 1.0 */
    char model[64];  /* of a console */
};

/* "90th percentile latency (ns)", "99.90 percentile first token latency (ns)" as 99.90_percentile_… */
static bool percentile_name(struct str label, char *name, size_t size)
{
    size_t digits = 0;
    while (digits < label.len && (strchr("0123456789.", label.data[digits]) != NULL && label.data[digits] != '\0'))
        digits++;
    double percentile = 0;
    if (digits == 0 || digits > 7 || !str_has(label, "percentile") || !str_has(label, "(ns)") ||
        !number_parse_loose(str_slice(label.data, digits), &percentile) || percentile < 0 || percentile > 100)
        return false;
    char text[NUMBER_TEXT_SIZE];
    const char *latency = str_has(label, "first token")          ? "first_token_latency_ns"
                          : str_has(label, "output token")       ? "time_to_output_token_ns"
                          : str_has(label, "percentile latency") ? "latency_ns"
                                                                 : NULL;
    if (latency == NULL)
        return false;
    (void)snprintf(name, size, "%.8s_percentile_%s", number_fixed(text, sizeof text, percentile, 2), latency);
    return true;
}

static bool figure_name(struct str label, char *name, size_t size)
{
    static const struct {
        const char *label, *name;
    } names[] = {
        {"Samples per second", "samples_per_second"},
        {"Samples per query", "samples_per_query"},
        {"Tokens per second", "tokens_per_second"},
        {"Completed samples per second", "completed_samples_per_sec"},
        {"Completed tokens per second", "completed_tokens_per_second"},
        {"Scheduled samples per second", "scheduled_samples_per_sec"},
        {"QPS w/ loadgen overhead", "qps_with_loadgen_overhead"},
        {"Min latency (ns)", "min_latency_ns"},
        {"Max latency (ns)", "max_latency_ns"},
        {"Mean latency (ns)", "mean_latency_ns"},
        {"Min First Token latency (ns)", "min_first_token_latency_ns"},
        {"Max First Token latency (ns)", "max_first_token_latency_ns"},
        {"Mean First Token latency (ns)", "mean_first_token_latency_ns"},
        {"Min Time to Output Token (ns)", "min_time_to_output_token_ns"},
        {"Max Time to Output Token (ns)", "max_time_to_output_token_ns"},
        {"Mean Time to Output Token (ns)", "mean_time_to_output_token_ns"},
        {"Min Time per Output Token (ns)", "min_time_to_output_token_ns"}, /* since 5.1 */
        {"Max Time per Output Token (ns)", "max_time_to_output_token_ns"},
        {"Mean Time per Output Token (ns)", "mean_time_to_output_token_ns"},
        {"TPS w/ loadgen overhead", "token_throughput_with_loadgen_overhead"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (str_equal_ignore_case(label, str_of(names[i].label))) {
            text_copy(name, size, names[i].name);
            return true;
        }
    return percentile_name(label, name, size);
}

/* As loadgen names them: "samples_per_query", "min_duration (ms)". Other lines with a colon are somebody's. */
static bool is_parameter_name(struct str label)
{
    struct str word = label;
    size_t unit = str_find(label, STR(" ("), 0);
    if (unit != SIZE_MAX)
        word.len = unit;
    for (size_t i = 0; i < word.len; i++)
        if (!((word.data[i] >= 'a' && word.data[i] <= 'z') || (word.data[i] >= '0' && word.data[i] <= '9') ||
              word.data[i] == '_'))
            return false;
    return word.len > 0;
}

static void take_parameter(struct summary *summary, struct str label, struct str value)
{
    struct arena *arena = &summary->log.reading->arena;
    char name[64];
    double number = 0;
    mlperf_copy(name, sizeof name, label);
    if (!is_parameter_name(label) || label.len >= sizeof name || value.len == 0 || value.len > 40)
        return;
    if (number_parse_loose(value, &number) && value.len <= 15)
        parameters_set_number(arena, &summary->run->setup, name, number);
    else if (str_equal(value, STR("true")) || str_equal(value, STR("false")))
        parameters_set_boolean(arena, &summary->run->setup, name, value.data[0] == 't');
    else if (!parameters_set_word(arena, &summary->run->setup, name, arena_strndup(arena, value.data, value.len)))
        return;
    text_log_keep(&summary->log);
}

/* What a summary calls latency is in MultiStream that of a query, but for the figures of single samples. */
static void name_query_latency(const struct summary *summary, char *name, size_t size)
{
    char *latency = strstr(name, "latency_ns");
    if (latency == NULL || strstr(name, "first_token") != NULL || summary->samples ||
        strcmp(summary->result.scenario, "MultiStream") != 0)
        return;
    text_copy(latency, size - (size_t)(latency - name), "query_latency_ns");
}

static void read_field(struct summary *summary, struct str label, struct str value)
{
    char name[56];
    double number = 0;
    struct str unit;
    struct mlperf_result *result = &summary->result;
    bool known = true;
    if (str_equal(label, STR("Scenario")))
        mlperf_copy(result->scenario, sizeof result->scenario,
                    str_equal(value, STR("Multi Stream"))    ? STR("MultiStream")
                    : str_equal(value, STR("Single Stream")) ? STR("SingleStream")
                                                             : value);
    else if (str_equal(label, STR("Mode")))
        mlperf_copy(result->mode, sizeof result->mode, value);
    else if (str_equal(label, STR("Result is")))
        mlperf_copy(result->validity, sizeof result->validity, value);
    else if (figure_name(label, name, sizeof name) && text_quantity(value, &number, &unit)) {
        name_query_latency(summary, name, sizeof name);
        mlperf_set(result, name, number);
    } else if (str_equal(label, STR("Per-query latency")) || str_equal(label, STR("Per-sample latency")))
        summary->samples = str_equal(label, STR("Per-sample latency"));
    else
        known = false;
    if (!known && summary->parameters)
        take_parameter(summary, label, value);
    else if (known)
        text_log_keep(&summary->log);
    else if (str_equal_ignore_case(value, STR("no")) && str_has(label, "satisfied"))
        reading_add_problem(summary->log.reading, "", summary->log.number, 0, "%.*s: No",
                            (int)(label.len < 80 ? label.len : 80), label.data);
}

static void close_run(struct summary *summary)
{
    struct run *run = summary->run;
    if (run == NULL)
        return;
    struct reading *reading = summary->log.reading;
    summary->run = NULL;
    if (!mlperf_measure(reading, run, &summary->result)) {
        reading->run_count--;
        return;
    }
    if (summary->model[0] != '\0')
        reader_set_model(reading, run, str_of(summary->model));
    mlperf_set_place(reading, run, summary->input);
}

/* Before the summary a console of NVIDIA's harness tells the benchmark and the processor. */
static void read_console_line(struct summary *summary)
{
    struct str line = summary->log.line, label, value;
    struct str benchmark = STR("Benchmark.");
    if (!text_split(line, ':', &label, &value))
        return;
    if (str_equal(label, STR("benchmark")) && str_starts_with(value, benchmark)) {
        mlperf_copy(summary->model, sizeof summary->model,
                    str_slice(value.data + benchmark.len, value.len - benchmark.len));
        text_log_keep(&summary->log);
    }
}

static int open_run(struct summary *summary, struct err *err)
{
    close_run(summary);
    summary->result.count = 0;
    summary->result.scenario[0] = summary->result.mode[0] = summary->result.validity[0] = '\0';
    summary->parameters = summary->samples = false;
    summary->run = reading_add_run(summary->log.reading);
    text_log_keep(&summary->log);
    return summary->run == NULL ? mem_error(err) : 0;
}

static int read_line(struct summary *summary, struct err *err)
{
    struct str line = summary->log.line, label, value;
    if (str_has(line, HEADING))
        return open_run(summary, err);
    if (summary->run == NULL) {
        read_console_line(summary);
        return 0;
    }
    if (str_equal(line, STR("Test Parameters Used"))) {
        summary->parameters = true;
        text_log_keep(&summary->log);
    } else if (str_has(line, "encountered during test.") || str_has(line, "ERROR encountered") ||
               str_has(line, "ERRORS encountered")) {
        text_log_keep(&summary->log);
        if (str_has(line, "ERROR"))
            reading_add_problem(summary->log.reading, "", summary->log.number, 0,
                                "loadgen met errors: see its detailed log");
        if (str_has(line, "ERROR"))
            flags_add(&summary->log.reading->arena, &summary->run->flags, "errors");
    } else if (text_split(line, ':', &label, &value)) {
        read_field(summary, label, value);
    }
    return 0;
}

static int read_text(const struct format *format, const struct format_input *input, struct reading_list *into,
                     struct err *err)
{
    struct summary summary = {.input = input};
    int result = text_log_open(&summary.log, format, input, into, err);
    if (result < 0)
        return result;
    bool accuracy = is_accuracy(input->text) && !str_has(input->text, HEADING);
    while (result == 0 && text_log_next(&summary.log)) {
        if (accuracy)
            text_log_keep(&summary.log);
        else
            result = read_line(&summary, err);
    }
    if (result < 0)
        return text_log_abandon(&summary.log, result);
    close_run(&summary);
    reader_tell_no_chip(summary.log.reading);
    bool told = summary.log.reading->problem_count > 0;
    return text_log_close(&summary.log,
                          accuracy ? "the summary of an accuracy run: it has no figures"
                          : told   ? NULL
                                   : "the output holds no result of loadgen",
                          err);
}

static int read_summary(const struct format_input *input, struct reading_list *into, struct err *err)
{
    return read_text(&format_mlperf_summary, input, into, err);
}

static int read_console(const struct format_input *input, struct reading_list *into, struct err *err)
{
    return read_text(&format_mlperf_console, input, into, err);
}

const struct format format_mlperf_summary = {
    .name = "mlperf-summary",
    .tool = MLPERF_TOOL,
    .summary = "mlperf_log_summary.txt of loadgen",
    .version = 1,
    .detect = detect_summary,
    .read = read_summary,
};

const struct format format_mlperf_console = {
    .name = "mlperf-console",
    .tool = MLPERF_TOOL,
    .summary = "a console with loadgen's summary in it",
    .version = 1,
    .detect = detect_console,
    .read = read_console,
};
