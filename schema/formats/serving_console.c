/* The block that vLLM's and SGLang's serving benchmark prints. Labels change by version ("Total Token throughput",
 * "Total token throughput"), so case does not count. The model is in the Namespace(…) line before the block. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/reader.h"
#include "schema/formats/serving.h"
#include "schema/formats/text_log.h"

#define HEADING "Serving Benchmark Result"
#define OFFLINE "Offline Throughput Benchmark Result" /* of SGLang without a server: the same lines */

/* The heading ends its line; inside a string of JSON or of code it does not. */
static bool has_heading(struct str text, struct str heading)
{
    for (size_t at = str_find(text, heading, 0); at != SIZE_MAX; at = str_find(text, heading, at + 1)) {
        size_t end = at + heading.len;
        while (end < text.len && strchr("= \r", text.data[end]) != NULL && text.data[end] != '\0')
            end++;
        if (end == text.len || text.data[end] == '\n')
            return true;
    }
    return false;
}

static int detect(const struct format_input *input)
{
    return has_heading(input->text, STR("= " HEADING " =")) || has_heading(input->text, STR("= " OFFLINE " =")) ? 90
                                                                                                                : 0;
}

/* Label in lower case, without its unit, to the name that the JSON has. */
static const char *figure_name(struct str label)
{
    static const struct {
        const char *label, *name;
    } names[] = {
        {"Successful requests", "completed"},
        {"Failed requests", "failed"},
        {"Benchmark duration (s)", "duration"},
        {"Total generated tokens", "total_output_tokens"},
        {"Request throughput (req/s)", "request_throughput"},
        {"Request goodput (req/s)", "request_goodput"},
        {"Input token throughput (tok/s)", "input_throughput"},
        {"Output token throughput (tok/s)", "output_throughput"},
        {"Peak output token throughput (tok/s)", "max_output_tokens_per_s"},
        {"Total Token throughput (tok/s)", "total_token_throughput"},
        {"Input throughput (inputs/s)", "input_sequence_throughput"},
        {"RTFx (Inverse Real-Time Factor)", "rtfx"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (str_equal_ignore_case(label, str_of(names[i].label)))
            return names[i].name;
    return NULL;
}

/* "Mean TTFT (ms)", "P99 ITL (ms)", "Median E2E Latency (ms)": as mean_ttft_ms. */
static bool latency_name(struct str label, char *name, size_t size)
{
    static const struct {
        const char *label, *name;
    } names[] = {
        {" TTFT (ms)", "ttft"}, {" TPOT (ms)", "tpot"},        {" ITL (ms)", "itl"},
        {" E2EL (ms)", "e2el"}, {" E2E Latency (ms)", "e2el"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        struct str tail = str_of(names[i].label);
        if (label.len <= tail.len || label.len > tail.len + 8 ||
            !str_equal_ignore_case(str_slice(label.data + label.len - tail.len, tail.len), tail))
            continue;
        char statistic[9];
        size_t length = label.len - tail.len;
        for (size_t k = 0; k < length; k++) {
            char c = label.data[k];
            statistic[k] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        }
        statistic[length] = '\0';
        (void)snprintf(name, size, "%s_%s_ms", statistic, names[i].name);
        return serving_is_figure(name);
    }
    return false;
}

static const char *parameter_name(struct str label)
{
    static const struct {
        const char *label, *name;
    } names[] = {
        {"Maximum request concurrency", "max_concurrency"}, {"Max request concurrency", "max_concurrency"},
        {"Total input tokens", "total_input_tokens"},       {"Traffic request rate", "request_rate"},
        {"Request rate configured (RPS)", "request_rate"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (str_equal_ignore_case(label, str_of(names[i].label)))
            return names[i].name;
    return NULL;
}

struct console {
    struct text_log log;
    struct run *run; /* the open block */
    struct serving_result result;
    char model[256]; /* of the Namespace line before */
};

static void take_model(struct console *console)
{
    struct serving_argument model = {.name = "model"};
    serving_take_arguments(&console->log, &model, 1);
    if (model.value.len > 0)
        str_copy(console->model, sizeof console->model, text_log_path(&console->log, model.value));
}

static void close_block(struct console *console)
{
    struct run *run = console->run;
    if (run == NULL)
        return;
    struct reading *reading = console->log.reading;
    console->run = NULL;
    if (console->model[0] != '\0')
        reader_set_model(reading, run, str_of(console->model));
    console->model[0] = '\0';
    if (serving_measure(reading, run, &console->result)) {
        if (serving_get(&console->result, "failed") > 0)
            flags_add(&reading->arena, &run->flags, "requests_failed");
        return;
    }
    reading->run_count--;
    reading_add_problem(reading, "", console->log.number, 0, "no request was completed: its zeros are no figures");
}

static void take_parameter(struct console *console, const char *name, struct str value)
{
    struct arena *arena = &console->log.reading->arena;
    struct parameter_list *list = &console->run->workload.parameters;
    double number = 0;
    if (number_parse_loose(value, &number))
        parameters_set_number(arena, list, name, number);
    else if (value.len < 16 && !str_equal(value, STR("not set")) && !str_equal(value, STR("None")))
        parameters_set_word(arena, list, name, arena_strndup(arena, value.data, value.len));
    text_log_keep(&console->log);
}

/* What was seen of the run, beside its figures. */
static const char *condition_name(struct str label)
{
    static const struct {
        const char *label, *name;
    } names[] = {
        {"Concurrency", "concurrency"},
        {"Peak concurrent requests", "max_concurrent_requests"},
        {"Accept length", "accept_length"},
        {"Acceptance length", "accept_length"},
        {"Acceptance rate (%)", "acceptance_rate"},
        {"Total generated tokens (retokenized)", "total_output_tokens_retokenized"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (str_equal_ignore_case(label, str_of(names[i].label)))
            return names[i].name;
    return NULL;
}

/* SGLang's program names the server's kind first; the rest of its block is vLLM's. */
static bool take_backend(struct console *console, struct str label, struct str value)
{
    if (!str_equal(label, STR("Backend")) || value.len == 0 || value.len > 32)
        return false;
    struct reading *reading = console->log.reading;
    reading->tool = "SGLang";
    parameters_set_word(&reading->arena, &console->run->setup, "backend",
                        arena_strndup(&reading->arena, value.data, value.len));
    text_log_keep(&console->log);
    return true;
}

static void read_line(struct console *console)
{
    struct str label, value, unit;
    char name[64];
    double number = 0;
    if (!text_split(console->log.line, ':', &label, &value))
        return;
    if (take_backend(console, label, value))
        return;
    const char *parameter = parameter_name(label), *figure = figure_name(label), *seen = condition_name(label);
    if (figure == NULL && latency_name(label, name, sizeof name))
        figure = name;
    if (parameter != NULL) {
        take_parameter(console, parameter, value);
    } else if (figure != NULL && text_quantity(value, &number, &unit)) {
        serving_set(&console->result, figure, number);
        text_log_keep(&console->log);
    } else if (seen != NULL && text_quantity(value, &number, &unit)) {
        parameters_set_number(&console->log.reading->arena, &console->run->conditions, seen, number);
        text_log_keep(&console->log);
    }
}

static bool is_end(struct str line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.data[i] != '=')
            return false;
    return line.len >= 10;
}

static int read_console(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct console console = {0};
    int result = text_log_open(&console.log, &format_vllm_serving_console, input, into, err);
    if (result < 0)
        return result;
    while (text_log_next(&console.log)) {
        bool offline = str_has(console.log.line, "= " OFFLINE " =");
        if (offline || str_has(console.log.line, "= " HEADING " =")) {
            close_block(&console);
            console.result.count = 0;
            console.run = reading_add_run(console.log.reading);
            if (console.run == NULL)
                return mem_error(err);
            console.run->workload.task = offline ? "throughput" : "serving";
            text_log_keep(&console.log);
        } else if (console.run != NULL && is_end(console.log.line)) {
            text_log_keep(&console.log);
            close_block(&console);
        } else if (console.run != NULL) {
            read_line(&console);
        } else if (str_has(console.log.line, "Namespace(")) {
            take_model(&console);
        }
    }
    close_block(&console);
    reader_tell_no_chip(console.log.reading);
    return text_log_close(&console.log, "the output holds no result: no request was completed", err);
}

const struct format format_vllm_serving_console = {
    .name = "vllm-serving-console",
    .tool = "vLLM",
    .summary = "what vllm bench serve prints",
    .version = 1,
    .detect = detect,
    .read = read_console,
};
