/* SGLang's benchmarks without a server: bench_offline_throughput --result-filename, bench_one_batch and
 * bench_one_batch_server --result-filename: an object a run, one behind the other. Times are seconds; of a decode step
 * only the median is told. They name neither model nor device. */
#include "schema/formats/readers.h"

#include <string.h>

#include "schema/formats/figure.h"
#include "schema/formats/reader.h"
#include "schema/formats/reader_json.h"
#include "schema/formats/records.h"
#include "schema/formats/text_log.h"

static bool is_batch(const struct json *object)
{
    return json_get(object, "batch_size") != NULL && json_get(object, "input_len") != NULL &&
           json_get(object, "overall_throughput") != NULL;
}

static bool is_offline(const struct json *object)
{
    return json_get(object, "successful_requests") != NULL && json_get(object, "total_latency") != NULL &&
           json_get(object, "total_throughput") != NULL;
}

static int detect(const struct format_input *input)
{
    struct str text = input->text;
    bool offline = str_has(text, "\"successful_requests\"") && str_has(text, "\"total_latency\"") &&
                   str_has(text, "\"total_throughput\"") && str_has(text, "\"input_throughput\"");
    bool batch = str_has(text, "\"run_name\"") && str_has(text, "\"batch_size\"") && str_has(text, "\"input_len\"") &&
                 str_has(text, "\"overall_throughput\"");
    return offline || batch ? 87 : 0;
}

enum statistic { MEAN, MEDIAN };
static const struct member {
    const char *key, *metric, *unit;
    enum statistic statistic;
} members[] = {
    {"request_throughput", "request_throughput", "req/s", MEAN},
    {"input_throughput", "prompt_throughput", "tok/s", MEAN},
    {"prefill_throughput", "prompt_throughput", "tok/s", MEAN},
    {"output_throughput", "generation_throughput", "tok/s", MEAN},
    {"median_decode_throughput", "generation_throughput", "tok/s", MEDIAN},
    {"total_throughput", "total_throughput", "tok/s", MEAN},
    {"overall_throughput", "total_throughput", "tok/s", MEAN},
    {"prefill_latency", "prompt_time", "s", MEAN},
    {"median_decode_latency", "inter_token_latency", "s", MEDIAN},
    {"total_latency", "duration", "s", MEAN},
    {"latency", "duration", "s", MEAN},
    {"ttft", "time_to_first_token", "s", MEAN},
    {"last_ttft", "time_to_first_token", "s", MEAN},
    {"successful_requests", "requests_completed", "count", MEAN},
    {"total_output_tokens", "tokens_generated", "tok", MEAN},
};

static const struct member *find_member(const char *key)
{
    for (size_t i = 0; i < ARRAY_LENGTH(members); i++)
        if (strcmp(key, members[i].key) == 0)
            return &members[i];
    return NULL;
}

static int take_figure(struct record_reader *reader, struct run *run, const struct json *object, const char *path,
                       const struct member *member, struct err *err)
{
    double value = MISSING;
    bool not_finite = false;
    int code = reader_member_figure(object, path, member->key, &value, &not_finite, err);
    if (code < 0 || (isnan(value) && !not_finite) || run_find(run, member->metric) != NULL)
        return code;
    struct figure figure = figure_of(member->metric, member->unit, member->statistic == MEAN ? value : MISSING);
    if (member->statistic == MEDIAN) {
        figure.stated.mean_not_finite = not_finite;
        figure.median = value;
    }
    figure_add(reader->reading, run, &figure);
    return 0;
}

static bool changes_work(const char *key)
{
    return strcmp(key, "batch_size") == 0 || strcmp(key, "input_len") == 0 || strcmp(key, "output_len") == 0 ||
           strcmp(key, "total_input_tokens") == 0;
}

static int read_result(struct record_reader *reader, const struct json *object, const char *path, struct err *err)
{
    bool batch = is_batch(object);
    if (!batch && !is_offline(object)) {
        record_hide(reader, object);
        return 0;
    }
    struct run *run = reading_add_run(reader->reading);
    if (run == NULL)
        return mem_error(err);
    run->workload.task = batch ? "one batch" : "throughput";
    int code = 0;
    for (const struct json *item = json_first(object); code == 0 && item != NULL; item = json_next(item)) {
        const struct member *member = find_member(json_key(item));
        if (member != NULL)
            code = take_figure(reader, run, object, path, member, err);
        else
            record_take(reader, changes_work(json_key(item)) ? &run->workload.parameters : &run->setup, item);
    }
    const struct measurement *completed = run_find(run, "requests_completed");
    bool none = !batch && completed != NULL && !(completed->mean > 0);
    if (none)
        reading_add_problem(reader->reading, path, 0, 0, "no request was completed: its zeros are no figures");
    if (code < 0 || none || run->measurement_count == 0)
        reader->reading->run_count--;
    return code;
}

static int read_json(const struct format_input *input, struct reading_list *into, struct err *err)
{
    size_t before = into->count;
    int result = records_read(&format_sglang_offline_json, input, into, read_result, err);
    for (size_t i = before; i < into->count; i++)
        reader_tell_no_chip(into->items[i]);
    return result;
}

const struct format format_sglang_offline_json = {
    .name = "sglang-offline-json",
    .tool = "SGLang",
    .summary = "SGLang's bench_offline_throughput and bench_one_batch, one object a run",
    .version = 1,
    .detect = detect,
    .read = read_json,
};
