/* Google Benchmark --benchmark_format=json: context (may be missing) and benchmarks. User counters stand beside the
 * tool's own members. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/formats/google_benchmark.h"
#include "schema/formats/stated_json.h"

static int detect(const struct format_input *input)
{
    struct str text = input->text;
    if (!str_has(text, "\"benchmarks\""))
        return 0;
    if (str_has(text, "\"time_unit\"") && str_has(text, "\"cpu_time\""))
        return 92;
    if (str_has(text, "\"library_build_type\"") && str_has(text, "\"num_cpus\""))
        return 90;
    return str_has(text, "\"family_index\"") && str_has(text, "\"run_type\"") ? 85 : 0;
}

static bool is_google(const struct json *root)
{
    const struct json *benchmarks = json_get(root, "benchmarks"), *first = json_first(benchmarks);
    return json_is(benchmarks, JSON_ARRAY) && json_get(root, "machine_info") == NULL &&
           (first == NULL || json_get(first, "name") != NULL);
}

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(name, names[i]))
            return true;
    return false;
}

static void set_context(const struct document *document, struct reading *reading)
{
    static const char *const apart[] = {"date",     "host_name", "executable",      "caches",
                                        "load_avg", "num_cpus",  "library_version", "json_schema_version"};
    const struct json *context = json_get(document->root, "context"), *load = json_first(json_get(context, "load_avg"));
    struct google_context found = {.date = json_string(json_get(context, "date"))};
    found.debug = text_equal_ignore_case(json_string(json_get(context, "library_build_type")), "debug");
    reading->device.threads = stated_count(context, "num_cpus");
    reading->tool_version = stated_text(reading, context, "library_version");
    for (const struct json *item = json_first(context); item != NULL; item = json_next(item))
        if (!is_one_of(json_key(item), apart, ARRAY_LENGTH(apart)))
            stated_parameter(document, reading, &found.setup, item);
    for (size_t i = 0; load != NULL; i++, load = json_next(load))
        if (json_is(load, JSON_NUMBER))
            google_set_load(reading, &found, i, json_number(load));
    google_set_context(reading, &found);
}

/* Members that are the tool's own; every other number is a counter. */
static bool is_own(const char *name)
{
    static const char *const own[] = {"name",
                                      "run_name",
                                      "run_type",
                                      "aggregate_name",
                                      "aggregate_unit",
                                      "family_index",
                                      "repetitions",
                                      "per_family_instance_index",
                                      "threads",
                                      "repetition_index",
                                      "iterations",
                                      "real_time",
                                      "cpu_time",
                                      "time_unit",
                                      "label",
                                      "error_occurred",
                                      "error_message",
                                      "skipped",
                                      "skip_message",
                                      "big_o",
                                      "rms",
                                      "real_coefficient",
                                      "cpu_coefficient"};
    return is_one_of(name, own, ARRAY_LENGTH(own));
}

static bool has_failed(const struct document *document, struct reading *reading, const struct json *row,
                       const char *path)
{
    const struct json *message = json_get(row, "error_message");
    bool skipped = json_boolean(json_get(row, "skipped"), false) || json_get(row, "skip_message") != NULL;
    if (message == NULL)
        message = json_get(row, "skip_message");
    document_private(document, reading, message, PRIVATE_TEXT);
    if (!skipped && !json_boolean(json_get(row, "error_occurred"), false))
        return false;
    const char *text = json_string(message);
    reading_add_problem(reading, path, 0, 0, "the benchmark %s%s%.200s", skipped ? "was skipped" : "failed",
                        text != NULL ? ": " : "", text != NULL ? text : "");
    return true;
}

static int take_row(const struct document *document, struct google_rows *rows, const struct json *item,
                    const char *path, struct err *err)
{
    if (has_failed(document, rows->reading, item, path))
        return 0;
    struct google_row *row = google_add_row(rows);
    if (row == NULL)
        return mem_error(err);
    bool aggregate = text_equal(json_string(json_get(item, "run_type")), "aggregate");
    const char *name = json_string(json_get(item, "run_name")), *unit = stated_text(rows->reading, item, "time_unit");
    bool run_name = name != NULL;
    row->name = document_name(document, rows->reading, run_name ? name : json_string(json_get(item, "name")));
    if (aggregate)
        row->aggregate = stated_text(rows->reading, item, "aggregate_name");
    if (aggregate && row->aggregate == NULL)
        row->aggregate = "unknown";
    row->by_name = !run_name && json_get(item, "run_type") == NULL;
    if (unit != NULL)
        row->unit = unit;
    row->label = stated_text(rows->reading, item, "label");
    row->threads = json_number(json_get(item, "threads"));
    int code = stated_number(item, path, "iterations", &row->iterations, NULL, err);
    bool not_finite = false;
    if (code == 0)
        code = stated_number(item, path, "real_time", &row->real_time, &not_finite, err);
    row->real_time = not_finite ? (double)INFINITY : row->real_time;
    if (code == 0)
        code = stated_number(item, path, "cpu_time", &row->cpu_time, &not_finite, err);
    row->cpu_time = not_finite ? (double)INFINITY : row->cpu_time;
    for (const struct json *member = json_first(item); member != NULL; member = json_next(member))
        if (json_is(member, JSON_NUMBER) && !is_own(json_key(member)))
            google_add_counter(rows, row, reader_text(&rows->reading->arena, str_of(json_key(member))),
                               json_number(member));
    if (code < 0)
        rows->count--;
    return code;
}

static int read_document(const struct document *document, struct reading *reading, struct err *err)
{
    struct google_rows rows = {.reading = reading};
    struct err inner = {0};
    const struct json *benchmarks = json_get(document->root, "benchmarks");
    int code = 0;
    size_t index = 0;
    for (const struct json *item = json_first(benchmarks); code == 0 && item != NULL; item = json_next(item)) {
        char path[48];
        (void)snprintf(path, sizeof path, "benchmarks[%zu]", index++);
        code = take_row(document, &rows, item, path, &inner);
    }
    int added = google_add_runs(&rows, err);
    set_context(document, reading);
    if (code < 0 && err != NULL)
        *err = inner;
    return code < 0 ? code : added;
}

static int read_google(const struct format_input *input, struct reading_list *into, struct err *err)
{
    static const struct document_reader reader = {is_google, read_document,
                                                  "the file holds no benchmark with times: only aggregates or nothing"};
    return documents_read(&format_google_benchmark, input, &reader, into, err);
}

const struct format format_google_benchmark = {
    .name = "google-benchmark-json",
    .tool = "Google Benchmark",
    .summary = "Google Benchmark --benchmark_format=json",
    .version = 1,
    .detect = detect,
    .read = read_google,
};
