/* Answers of Ollama's API (/api/generate, /api/chat): the last object of each carries the times of the request, in
 * nanoseconds. Of what stands around these members (the question as tokens, the answer, the objects of a stream)
 * nothing leaves, so that they are looked for by name: inside a string of JSON their quotes would be escaped. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/formats/figure.h"
#include "schema/formats/reader.h"
#include "schema/formats/text_log.h"

enum member { MODEL, CREATED, TOTAL, LOAD, PROMPT, PROMPT_TIME, GENERATED, GENERATION_TIME, MEMBER_COUNT };
static const char *const members[MEMBER_COUNT] = {
    "\"model\"",         "\"created_at\"",        "\"total_duration\"",
    "\"load_duration\"", "\"prompt_eval_count\"", "\"prompt_eval_duration\"",
    "\"eval_count\"",    "\"eval_duration\"",
};

static int detect(const struct format_input *input)
{
    static const enum member needed[] = {TOTAL, GENERATED, GENERATION_TIME};
    for (size_t i = 0; i < ARRAY_LENGTH(needed); i++)
        if (!str_has(input->text, members[needed[i]]))
            return 0;
    return 88;
}

struct answer {
    struct reading *reading;
    struct str values[MEMBER_COUNT]; /* slices of the input; empty where not yet met */
};

static double number_of(const struct answer *answer, enum member member)
{
    double number = 0;
    return number_parse_loose(answer->values[member], &number) && number >= 0 ? number : MISSING;
}

static void add_time(struct answer *answer, struct run *run, const char *metric, enum member member)
{
    double nanoseconds = number_of(answer, member);
    if (!isnan(nanoseconds))
        figure_add_value(answer->reading, run, metric, "ns", nanoseconds);
}

/* Tokens a second, as the API's documentation computes them; nothing where nothing was evaluated. */
static void add_rate(struct answer *answer, struct run *run, const char *metric, const char *length, enum member count,
                     enum member time)
{
    double tokens = number_of(answer, count), nanoseconds = number_of(answer, time);
    if (tokens > 0)
        parameters_set_number(&answer->reading->arena, &run->workload.parameters, length, tokens);
    if (tokens > 0 && nanoseconds > 0)
        figure_add_value(answer->reading, run, metric, "tok/s", tokens / nanoseconds * 1e9);
}

/* Objects of a stream name the model and nothing else. */
static int close_answer(struct answer *answer, struct err *err)
{
    if (answer->values[TOTAL].len > 0) {
        struct run *run = reading_add_run(answer->reading);
        if (run == NULL)
            return mem_error(err);
        char time[40];
        str_copy(time, sizeof time, answer->values[CREATED]);
        run->workload.task = "generate";
        if (answer->values[MODEL].len > 0)
            reader_set_model(answer->reading, run, answer->values[MODEL]);
        reader_set_time(&answer->reading->arena, run, time);
        add_time(answer, run, "duration", TOTAL);
        add_time(answer, run, "load_time", LOAD);
        add_time(answer, run, "prompt_time", PROMPT_TIME);
        add_rate(answer, run, "prompt_throughput", "n_prompt", PROMPT, PROMPT_TIME);
        add_time(answer, run, "generation_time", GENERATION_TIME);
        add_rate(answer, run, "generation_throughput", "n_gen", GENERATED, GENERATION_TIME);
        if (run->measurement_count == 0)
            answer->reading->run_count--;
    }
    memset(answer->values, 0, sizeof answer->values);
    return 0;
}

static size_t skip_blanks(struct str text, size_t at)
{
    while (at < text.len && strchr(" \t\r\n", text.data[at]) != NULL)
        at++;
    return at;
}

/* The member whose name begins at `at` and where its value ends; MEMBER_COUNT when it is none. */
static enum member member_at(struct str text, size_t at, struct str *ret_value, size_t *ret_end)
{
    struct str rest = str_slice(text.data + at, text.len - at);
    enum member found = 0;
    while (found < MEMBER_COUNT && !str_starts_with(rest, str_of(members[found])))
        found++;
    if (found == MEMBER_COUNT || (at > 0 && text.data[at - 1] == '\\'))
        return MEMBER_COUNT;
    size_t value = skip_blanks(text, at + strlen(members[found]));
    if (value >= text.len || text.data[value] != ':')
        return MEMBER_COUNT;
    value = skip_blanks(text, value + 1);
    bool quoted = value < text.len && text.data[value] == '"';
    value += quoted ? 1 : 0;
    size_t end = value;
    while (end < text.len && strchr(quoted ? "\"\n" : ",}] \t\r\n", text.data[end]) == NULL)
        end++;
    *ret_value = str_slice(text.data + value, end - value);
    *ret_end = end + (quoted && end < text.len ? 1 : 0);
    return found;
}

/* Commas and brackets tell nothing. */
static void hide(struct reading *reading, struct str text, size_t begin, size_t end)
{
    while (begin < end && strchr("{}[], \t\r\n", text.data[begin]) != NULL)
        begin++;
    while (end > begin && strchr("{}[], \t\r\n", text.data[end - 1]) != NULL)
        end--;
    if (end > begin)
        reading_add_private(reading, begin, end - begin, PRIVATE_TEXT);
}

static int read_answers(struct answer *answer, struct str text, struct err *err)
{
    size_t kept = 0, end = 0;
    for (size_t at = str_find(text, STR("\""), 0); at != SIZE_MAX; at = str_find(text, STR("\""), end)) {
        struct str value;
        enum member member = member_at(text, at, &value, &end);
        if (member == MEMBER_COUNT) {
            end = at + 1;
            continue;
        }
        if (answer->values[member].len > 0 && close_answer(answer, err) < 0)
            return -ERR_MEMORY;
        answer->values[member] = value;
        hide(answer->reading, text, kept, at);
        kept = end;
    }
    hide(answer->reading, text, kept, text.len);
    return close_answer(answer, err);
}

static int read_json(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct answer answer = {.reading = reading_new()};
    if (answer.reading == NULL)
        return mem_error(err);
    answer.reading->format = format_ollama_api_json.name;
    answer.reading->reader_version = format_ollama_api_json.version;
    answer.reading->tool = format_ollama_api_json.tool;
    int result = reading_list_add(into, answer.reading, err);
    if (result == 0)
        result = read_answers(&answer, input->text, err);
    if (result < 0)
        return result;
    reader_tell_no_chip(answer.reading);
    reader_set_original(answer.reading, 0, input->text.len);
    return arena_check(&answer.reading->arena, err);
}

const struct format format_ollama_api_json = {
    .name = "ollama-api-json",
    .tool = "Ollama",
    .summary = "answers of Ollama's API, with the times of each request",
    .version = 1,
    .detect = detect,
    .read = read_json,
};
