/* vLLM's `vllm bench serve --save-result` (benchmark_serving.py before): one flat object a run, and the summary of
 * a sweep: a list of them. SGLang's bench_serving: one object a line. Neither names a device. */
#include "schema/formats/readers.h"

#include <stdio.h>
#include <string.h>

#include "schema/catalog/catalog.h"
#include "schema/formats/reader.h"
#include "schema/formats/reader_json.h"
#include "schema/formats/records.h"
#include "schema/formats/serving.h"
#include "schema/formats/text_log.h"

static bool is_serving(struct str text)
{
    return str_has(text, "\"mean_ttft_ms\"") || str_has(text, "\"mean_itl_ms\"") ||
           (str_has(text, "\"mean_e2el_ms\"") && str_has(text, "\"request_throughput\""));
}

static bool is_sglang(struct str text)
{
    return str_has(text, "\"total_output_tokens_retokenized\"") || str_has(text, "\"mean_e2e_latency_ms\"");
}

static int detect_vllm(const struct format_input *input)
{
    bool named = str_has(input->text, "\"backend\"") || str_has(input->text, "\"endpoint_type\"");
    return is_serving(input->text) && named && !is_sglang(input->text) ? 94 : 0;
}

static int detect_sglang(const struct format_input *input)
{
    return is_serving(input->text) && is_sglang(input->text) ? 95 : 0;
}

static int take_figure(struct serving_result *result, const struct json *member, const char *path, struct err *err)
{
    const char *name = json_key(member);
    if (json_is(member, JSON_NULL))
        return 0;
    if (!json_is(member, JSON_NUMBER) && !json_is(member, JSON_NOT_FINITE)) {
        err_set(err, ERR_DATA, "expected a number, found %s", json_type_name(json_type(member)));
        return err_path(err, "%s%s%s", path, *path != '\0' ? "." : "", name);
    }
    serving_set(result, name, json_number(member));
    return 0;
}

static void take_model(struct record_reader *reader, struct run *run, const struct json *member)
{
    const char *text = json_string(member);
    if (text != NULL)
        reader_set_model(reader->reading, run, str_of(text));
}

static bool is_detail(const char *name)
{
    static const char *const names[] = {"ttfts",           "itls",   "latencies",   "input_lens", "output_lens",
                                        "generated_texts", "errors", "start_times", "queue_times"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* What SGLang's server says of itself: its model, its version and how it was set up. Everything else of it (addresses,
 * keys, folders) stays on the machine. */
static void take_server(struct record_reader *reader, struct run *run, const struct json *server)
{
    static const char *const settings[] = {
        "dtype",   "quantization",      "kv_cache_dtype",      "tp_size",        "dp_size", "pp_size",
        "ep_size", "attention_backend", "mem_fraction_static", "context_length", "device",  "chunked_prefill_size"};
    struct reading *reading = reader->reading;
    for (const struct json *member = json_first(server); member != NULL; member = json_next(member)) {
        const char *name = json_key(member), *text = json_string(member);
        bool taken = false;
        if (strcmp(name, "model_path") == 0 && text != NULL && run->workload.model == NULL) {
            take_model(reader, run, member);
            taken = true;
        }
        if (strcmp(name, "version") == 0 && text != NULL && !reader_is_placeholder(text)) {
            reading->tool_version = reader_text(&reading->arena, str_of(text));
            taken = true;
        }
        for (size_t i = 0; i < ARRAY_LENGTH(settings) && !taken; i++)
            if (strcmp(name, settings[i]) == 0)
                taken = reader_take_parameter(&reading->arena, &run->setup, member);
        if (!taken)
            record_hide(reader, member);
    }
}

static int take_member(struct record_reader *reader, struct run *run, struct serving_result *result,
                       const struct json *member, const char *path, struct err *err)
{
    const char *name = json_key(member);
    if (serving_is_figure(name))
        return take_figure(result, member, path, err);
    if (strcmp(name, "date") == 0)
        serving_set_date(reader->reading, run, json_string(member));
    else if (strcmp(name, "model_id") == 0 || (strcmp(name, "model") == 0 && run->workload.model == NULL))
        take_model(reader, run, member);
    else if (strcmp(name, "tokenizer_id") == 0)
        ; /* follows the model; a folder in it is found as private */
    else if (strcmp(name, "server_info") == 0 && json_is(member, JSON_OBJECT))
        take_server(reader, run, member);
    else if (is_detail(name) && json_is(member, JSON_ARRAY))
        record_hide(reader, member); /* texts and errors; the numbers are taken as samples */
    else if (serving_changes_work(name))
        record_take(reader, &run->workload.parameters, member);
    else
        record_take(reader, serving_is_observed(name) ? &run->conditions : &run->setup, member);
    return 0;
}

/* The numbers of a list and of the lists in it, of requests that did not fail, in ms; none when
 * there are too many to keep. */
static struct serving_samples samples_of(struct record_reader *reader, const struct json *object, const char *key)
{
    const struct json *list = json_get(object, key), *error = json_first(json_get(object, "errors"));
    struct serving_samples samples = {0};
    double *items =
        json_is(list, JSON_ARRAY) ? arena_alloc(&reader->reading->arena, SERVING_SAMPLES_MAX, sizeof *items) : NULL;
    for (const struct json *item = items != NULL ? json_first(list) : NULL; item != NULL; item = json_next(item)) {
        const char *failure = json_string(error);
        error = error != NULL ? json_next(error) : NULL;
        if (failure != NULL && *failure != '\0')
            continue;
        const struct json *value = json_is(item, JSON_ARRAY) ? json_first(item) : item;
        for (; value != NULL; value = json_is(item, JSON_ARRAY) ? json_next(value) : NULL) {
            if (!json_is(value, JSON_NUMBER) || samples.count == SERVING_SAMPLES_MAX)
                return (struct serving_samples){0};
            items[samples.count++] = json_number(value) * 1e3;
        }
    }
    samples.items = items;
    return samples;
}

static int read_result(struct record_reader *reader, const struct json *object, const char *path, struct err *err)
{
    if (json_get(object, "mean_ttft_ms") == NULL && json_get(object, "mean_itl_ms") == NULL &&
        json_get(object, "mean_e2el_ms") == NULL) {
        record_hide(reader, object);
        return 0;
    }
    struct reading *reading = reader->reading;
    struct serving_result result = {0};
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return mem_error(err);
    run->workload.task = "serving";
    for (const struct json *member = json_first(object); member != NULL; member = json_next(member)) {
        int code = take_member(reader, run, &result, member, path, err);
        if (code < 0) {
            reading->run_count--;
            return code;
        }
    }
    result.ttft = samples_of(reader, object, "ttfts");
    result.itl = samples_of(reader, object, "itls");
    result.e2el = samples_of(reader, object, "latencies");
    if (!serving_measure(reading, run, &result)) {
        reading->run_count--;
        reading_add_problem(reading, path, 0, 0, "no request was completed: its zeros are no figures");
    } else if (serving_get(&result, "failed") > 0) {
        flags_add(&reading->arena, &run->flags, "requests_failed");
    }
    return 0;
}

static int finish(int result, const struct reading_list *into, size_t before)
{
    for (size_t i = before; i < into->count; i++)
        reader_tell_no_chip(into->items[i]);
    return result;
}

static int read_vllm(const struct format_input *input, struct reading_list *into, struct err *err)
{
    size_t before = into->count;
    return finish(records_read(&format_vllm_serving_json, input, into, read_result, err), into, before);
}

static int read_sglang(const struct format_input *input, struct reading_list *into, struct err *err)
{
    size_t before = into->count;
    return finish(records_read(&format_sglang_bench_serving, input, into, read_result, err), into, before);
}

const struct format format_vllm_serving_json = {
    .name = "vllm-serving-json",
    .tool = "vLLM",
    .summary = "vllm bench serve --save-result: one object a run, or a list",
    .version = 1,
    .detect = detect_vllm,
    .read = read_vllm,
};

const struct format format_sglang_bench_serving = {
    .name = "sglang-bench-serving",
    .tool = "SGLang",
    .summary = "sglang.bench_serving --output-file: one object a line",
    .version = 1,
    .detect = detect_sglang,
    .read = read_sglang,
    .pieces = &(const struct format_pieces){.begins = '{'},
};
