/* Gungraun --output-format=json or pretty-json: a document for each benchmark, between other lines of cargo. Metrics
 * stand below profiles[].summaries.total.summary by tool; each is {"Left": new}, {"Right": old} or {"Both": [new, old]}
 * around {"Int": n} or {"Float": x}. */
#include "schema/formats/readers.h"

#include <stdint.h>
#include <string.h>

#include "schema/formats/documents.h"
#include "schema/formats/gungraun.h"
#include "schema/formats/lines.h"
#include "schema/formats/reader.h"

static int detect(const struct format_input *input)
{
    bool keys = str_find(input->text, STR("\"profiles\""), 0) != SIZE_MAX &&
                str_find(input->text, STR("\"module_path\""), 0) != SIZE_MAX &&
                str_find(input->text, STR("\"benchmark_exe\""), 0) != SIZE_MAX;
    return keys ? 93 : 0;
}

static bool is_gungraun(const struct json *root)
{
    return json_is(json_get(root, "profiles"), JSON_ARRAY) && json_get(root, "module_path") != NULL;
}

static const struct json *newest(const struct json *metric)
{
    const struct json *values = json_get(metric, "metrics"), *both = json_get(values, "Both");
    const struct json *value = both != NULL ? json_first(both) : json_get(values, "Left");
    const struct json *number = json_get(value, "Int");
    return number != NULL ? number : json_get(value, "Float");
}

static void add_tool(struct reading *reading, struct run *run, const struct json *metrics)
{
    for (const struct json *metric = json_first(metrics); metric != NULL; metric = json_next(metric)) {
        const struct json *number = newest(metric);
        if (json_is(number, JSON_NUMBER))
            gungraun_add_count(reading, run, str_of(json_key(metric)), json_number(number));
    }
}

static const char *name_of(const struct document *document, struct reading *reading)
{
    const char *module = json_string(json_get(document->root, "module_path"));
    const char *id = json_string(json_get(document->root, "id"));
    if (module == NULL)
        return NULL;
    const char *name = id == NULL ? module : arena_printf(&reading->arena, "%s %s", module, id);
    return name == NULL ? NULL : document_name(document, reading, name);
}

static int read_document(const struct document *document, struct reading *reading, struct err *err)
{
    const struct json *profiles = json_get(document->root, "profiles");
    const char *version = json_string(json_get(document->root, "version"));
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return mem_error(err);
    run->workload.task = name_of(document, reading);
    if (version != NULL)
        (void)parameters_set_word(&reading->arena, &run->setup, "summary_version", version);
    for (const struct json *profile = json_first(profiles); profile != NULL; profile = json_next(profile)) {
        const struct json *total = json_get(json_get(profile, "summaries"), "total");
        const struct json *summary = json_get(total, "summary");
        for (const struct json *tool = json_first(summary); tool != NULL; tool = json_next(tool))
            add_tool(reading, run, tool);
    }
    return 0;
}

static int read_gungraun(const struct format_input *input, struct reading_list *into, struct err *err)
{
    static const struct document_reader reader = {is_gungraun, read_document, "the benchmark has no counts"};
    return documents_read(&format_gungraun_json, input, &reader, into, err);
}

const struct format format_gungraun_json = {
    .name = "gungraun-json",
    .tool = "Gungraun",
    .summary = "Gungraun --output-format=json, a document a benchmark",
    .version = 1,
    .detect = detect,
    .read = read_gungraun,
};
