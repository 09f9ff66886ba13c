/* hyperfine --export-json: {"results": [{command, mean, stddev, median, user, system, min, max, times, exit_codes}]}.
 * Seconds; stddev is that of a sample (n - 1); memory_usage_byte in bytes since 1.19. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/formats/command_line.h"
#include "schema/formats/stated_json.h"

static int detect(const struct format_input *input)
{
    struct str text = input->text;
    bool wrapped = str_has(text, "\"results\"") && str_has(text, "\"command\"");
    bool times = str_has(text, "\"mean\"") && str_has(text, "\"user\"") && str_has(text, "\"system\"");
    return wrapped && times ? 92 : 0;
}

static bool is_hyperfine(const struct json *root)
{
    const struct json *first = json_first(json_get(root, "results"));
    return json_is(json_get(root, "results"), JSON_ARRAY) && (first == NULL || json_get(first, "command") != NULL);
}

/* How the runs of a command ended: a code that is not zero, or null for one that a signal ended. */
static void check_exits(struct reading *reading, struct run *run, const struct json *result, const char *path)
{
    const struct json *codes = json_get(result, "exit_codes");
    size_t failed = 0, count = json_count(codes);
    for (const struct json *code = json_first(codes); code != NULL; code = json_next(code))
        failed += !(fabs(json_number(code)) <= 0);
    if (failed > 0) {
        flags_add(&reading->arena, &run->flags, "failed");
        reading_add_problem(reading, path, 0, 0, "the command failed in %zu of %zu runs", failed, count);
    }
    if (text_ends_with(json_string(json_get(result, "command")), "[ERROR]")) {
        flags_add(&reading->arena, &run->flags, "failed");
        reading_add_problem(reading, path, 0, 0, "the command is marked as failed");
    }
}

static int add_duration(struct reading *reading, struct run *run, const struct json *result, const char *path,
                        struct err *err)
{
    struct given_figures given = GIVEN_FIGURES;
    given.unit = "s";
    given.stddev_kind = STDDEV_SAMPLE;
    char times[64];
    (void)snprintf(times, sizeof times, "%s.times", path);
    int code = stated_number(result, path, "mean", &given.stated.mean, &given.stated.mean_not_finite, err);
    if (code == 0)
        code = stated_number(result, path, "stddev", &given.stated.stddev, NULL, err);
    if (code == 0)
        code = stated_number(result, path, "median", &given.median, NULL, err);
    if (code == 0)
        code = stated_number(result, path, "min", &given.min, NULL, err);
    if (code == 0)
        code = stated_number(result, path, "max", &given.max, NULL, err);
    if (code == 0)
        code = stated_samples(reading, json_get(result, "times"), times, &given.stated, err);
    bool stated = !isnan(given.stated.mean) || given.stated.mean_not_finite || given.stated.sample_count > 0;
    if (code == 0 && stated && figures_add(reading, run, "duration", &given) == NULL)
        return mem_error(err);
    return code;
}

static int add_rest(struct reading *reading, struct run *run, const struct json *result, const char *path,
                    struct err *err)
{
    static const struct {
        const char *key, *metric;
    } times[] = {{"user", "user_time"}, {"system", "system_time"}};
    for (size_t i = 0; i < ARRAY_LENGTH(times); i++) {
        struct given_figures given = GIVEN_FIGURES;
        given.unit = "s";
        given.counted = true;
        int code = stated_number(result, path, times[i].key, &given.stated.mean, &given.stated.mean_not_finite, err);
        if (code < 0)
            return code;
        if (!isnan(given.stated.mean) && figures_add(reading, run, times[i].metric, &given) == NULL)
            return mem_error(err);
    }
    struct given_figures memory = GIVEN_FIGURES;
    memory.unit = "B";
    int code = stated_samples(reading, json_get(result, "memory_usage_byte"), path, &memory.stated, err);
    if (code == 0 && memory.stated.sample_count > 0 && figures_add(reading, run, "peak_memory", &memory) == NULL)
        return mem_error(err);
    return code;
}

static int add_result(const struct document *document, struct reading *reading, const struct json *result, size_t index,
                      struct err *err)
{
    char path[32];
    (void)snprintf(path, sizeof path, "results[%zu]", index);
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return mem_error(err);
    const struct json *command = json_get(result, "command");
    run->workload.task = command_name(reading, json_string(command));
    const struct json *parameters = json_get(result, "parameters");
    for (const struct json *item = json_first(parameters); item != NULL; item = json_next(item))
        stated_parameter(document, reading, &run->workload.parameters, item);
    int code = add_duration(reading, run, result, path, err);
    if (code == 0 && run->measurement_count > 0)
        code = add_rest(reading, run, result, path, err);
    if (run->measurement_count == 0)
        reading_add_problem(reading, path, 0, 0, "the command has no times");
    check_exits(reading, run, result, path);
    if (code < 0)
        reading->run_count--;
    return code;
}

static int read_document(const struct document *document, struct reading *reading, struct err *err)
{
    const struct json *results = json_get(document->root, "results");
    size_t index = 0;
    for (const struct json *item = json_first(results); item != NULL; item = json_next(item)) {
        int code = add_result(document, reading, item, index++, err);
        if (code < 0)
            return code;
    }
    return 0;
}

static int read_hyperfine(const struct format_input *input, struct reading_list *into, struct err *err)
{
    static const struct document_reader reader = {is_hyperfine, read_document, "the file holds no timed command"};
    size_t before = into->count;
    int result = documents_read(&format_hyperfine_json, input, &reader, into, err);
    for (size_t i = before; i < into->count; i++)
        command_mark_words(input, into->items[i]);
    return result;
}

const struct format format_hyperfine_json = {
    .name = "hyperfine-json",
    .tool = "hyperfine",
    .summary = "hyperfine --export-json",
    .version = 1,
    .detect = detect,
    .read = read_hyperfine,
};
