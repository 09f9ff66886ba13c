/* What `ollama run MODEL --verbose` prints behind an answer: durations as Go writes them (1m2.3s, 7.9ms), counts and
 * two rates. The question and the answer stay on the machine; the model is told only by the command, when it is there.
 */
#include "schema/formats/readers.h"

#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/ollama.h"
#include "schema/formats/reader.h"
#include "schema/formats/text_log.h"

static int detect(const struct format_input *input)
{
    return str_has(input->text, "eval rate:") && str_has(input->text, "tokens/s") &&
                   (str_has(input->text, "eval duration:") || str_has(input->text, "total duration:"))
               ? 87
               : 0;
}

bool ollama_duration(struct str text, double *ret)
{
    static const struct {
        const char *unit;
        double factor;
    } units[] = {
        {"ms", 1},    {"\xc2\xb5s", 1e-3}, {"\xce\xbcs", 1e-3}, {"us", 1e-3},
        {"ns", 1e-6}, {"h", 3.6e6},        {"m", 6e4},          {"s", 1e3},
    };
    *ret = 0;
    bool any = false;
    while (text.len > 0) {
        size_t digits = 0, i = 0;
        double number = 0;
        while (digits < text.len &&
               ((text.data[digits] >= '0' && text.data[digits] <= '9') || text.data[digits] == '.'))
            digits++;
        if (digits == 0 || !number_parse_loose(str_slice(text.data, digits), &number))
            return false;
        text = str_slice(text.data + digits, text.len - digits);
        while (i < ARRAY_LENGTH(units) && !str_starts_with(text, str_of(units[i].unit)))
            i++;
        if (i == ARRAY_LENGTH(units))
            return false;
        *ret += number * units[i].factor;
        text = str_slice(text.data + strlen(units[i].unit), text.len - strlen(units[i].unit));
        any = true;
    }
    return any;
}

struct verbose {
    struct text_log log;
    struct run *run;
    char model[128];
};

static const struct field {
    const char *label, *metric;
    enum { DURATION, RATE, COUNT_OF } kind;
} fields[] = {
    {"total duration", "duration", DURATION},         {"load duration", "load_time", DURATION},
    {"prompt eval count", "prompt_tokens", COUNT_OF}, {"prompt eval duration", "prompt_time", DURATION},
    {"prompt eval rate", "prompt_throughput", RATE},  {"eval count", "tokens_generated", COUNT_OF},
    {"eval duration", "generation_time", DURATION},   {"eval rate", "generation_throughput", RATE},
};

static struct run *open_run(struct verbose *verbose)
{
    verbose->run = reading_add_run(verbose->log.reading);
    if (verbose->run == NULL)
        return NULL;
    verbose->run->workload.task = "generate";
    if (verbose->model[0] != '\0')
        reader_set_model(verbose->log.reading, verbose->run, str_of(verbose->model));
    return verbose->run;
}

static bool take_field(struct verbose *verbose, const struct field *field, struct str value)
{
    struct reading *reading = verbose->log.reading;
    struct str unit = {0};
    double number = 0;
    if (field->kind == DURATION ? !ollama_duration(value, &number) : !text_quantity(value, &number, &unit))
        return false;
    if (field->kind == RATE && !str_starts_with(unit, STR("tokens/s")))
        return false;
    bool again = verbose->run != NULL && run_find(verbose->run, field->metric) != NULL;
    if ((verbose->run == NULL || again || field == fields) && open_run(verbose) == NULL)
        return false;
    bool seconds = field == fields; /* the total is kept in them */
    const char *of = field->kind == DURATION ? seconds ? "s" : "ms" : field->kind == RATE ? "tok/s" : "tok";
    if (seconds)
        number /= 1e3;
    text_measure_one(reading, verbose->run, field->metric, of, number);
    if (field->kind == COUNT_OF)
        parameters_set_number(&reading->arena, &verbose->run->workload.parameters,
                              field->label[0] == 'p' ? "n_prompt" : "n_gen", number);
    return true;
}

/* "$ ollama run llama3.1:8b --verbose" */
static void take_command(struct verbose *verbose, struct str line)
{
    struct str command = STR("ollama run "), word;
    size_t at = str_find(line, command, 0);
    if (at == SIZE_MAX)
        return;
    struct str rest = str_slice(line.data + at + command.len, line.len - at - command.len);
    while (rest.len > 0) {
        size_t end = 0;
        while (end < rest.len && rest.data[end] != ' ')
            end++;
        word = str_slice(rest.data, end);
        rest = end < rest.len ? str_slice(rest.data + end + 1, rest.len - end - 1) : (struct str){0};
        if (word.len == 0 || word.data[0] == '-')
            continue;
        str_copy(verbose->model, sizeof verbose->model, word);
        text_log_keep(&verbose->log);
        text_log_private(&verbose->log, str_slice(line.data, at), PRIVATE_TEXT);
        text_log_private(&verbose->log, str_trim(rest), PRIVATE_TEXT); /* the question may stand there */
        return;
    }
}

static void read_line(struct verbose *verbose)
{
    struct str label, value;
    if (text_split(verbose->log.line, ':', &label, &value))
        for (size_t i = 0; i < ARRAY_LENGTH(fields); i++)
            if (str_equal(label, str_of(fields[i].label))) {
                if (take_field(verbose, &fields[i], value))
                    text_log_keep(&verbose->log);
                return;
            }
    take_command(verbose, verbose->log.line);
}

static int read_text(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct verbose verbose = {0};
    int result = text_log_open(&verbose.log, &format_ollama_verbose, input, into, err);
    if (result < 0)
        return result;
    while (text_log_next(&verbose.log))
        read_line(&verbose);
    struct reading *reading = verbose.log.reading;
    reader_tell_no_chip(reading);
    if (reading->run_count > 0 && reading->runs[0].workload.model == NULL)
        reading_add_problem(reading, "", 0, 0, "the output names no model: --set model=NAME states it");
    return text_log_close(&verbose.log, "the output holds no rate of Ollama", err);
}

const struct format format_ollama_verbose = {
    .name = "ollama-verbose",
    .tool = "Ollama",
    .summary = "what ollama run --verbose prints behind an answer",
    .version = 1,
    .detect = detect,
    .read = read_text,
};
