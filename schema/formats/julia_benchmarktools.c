/* BenchmarkTools.save of Julia: [{versions}, [["BenchmarkGroup", {"data": {…}}]]]. Groups nest; leaves are a Trial with
 * all samples or a TrialEstimate. Times are nanoseconds, memory bytes (manual, "Trial and TrialEstimate"). */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/formats/documents.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/reader.h"
#include "schema/formats/reader_json.h"

#define DEPTH_MAX 32
#define SAMPLES_MAX 1000000

static int detect(const struct format_input *input)
{
    bool tool = str_find(input->text, STR("\"BenchmarkTools\""), 0) != SIZE_MAX ||
                str_find(input->text, STR("\"BenchmarkGroup\""), 0) != SIZE_MAX;
    bool leaf = str_find(input->text, STR("\"TrialEstimate\""), 0) != SIZE_MAX ||
                str_find(input->text, STR("\"Trial\""), 0) != SIZE_MAX ||
                str_find(input->text, STR("\"BenchmarkGroup\""), 0) != SIZE_MAX;
    return tool && leaf ? 92 : 0;
}

static bool is_tagged(const struct json *value, const char *tag)
{
    return json_is(value, JSON_ARRAY) && text_equal(json_string(json_first(value)), tag);
}

static bool is_julia(const struct json *root)
{
    if (!json_is(root, JSON_ARRAY))
        return false;
    const struct json *first = json_first(root);
    return json_get(first, "BenchmarkTools") != NULL || json_get(first, "Julia") != NULL ||
           is_tagged(root, "BenchmarkGroup");
}

struct walk {
    const struct document *document;
    struct reading *reading;
    char name[512];
};

static int samples_of(const struct walk *walk, const struct json *list, struct given_figures *given, struct err *err)
{
    size_t count = json_count(list), at = 0;
    if (count == 0)
        return 0;
    if (count > SAMPLES_MAX)
        return err_set(err, ERR_LIMIT, "%.100s has more than %d samples", walk->name, SAMPLES_MAX);
    double *samples = arena_alloc(&walk->reading->arena, count, sizeof *samples);
    if (samples == NULL)
        return mem_error(err);
    for (const struct json *item = json_first(list); item != NULL; item = json_next(item), at++) {
        if (!json_is(item, JSON_NUMBER) && !json_is(item, JSON_NOT_FINITE) && !json_is(item, JSON_NULL))
            return err_set(err, ERR_DATA, "sample %zu of %.100s: expected a number, found %s", at + 1, walk->name,
                           json_type_name(json_type(item)));
        samples[at] = json_number(item);
    }
    given->stated.samples = samples;
    given->stated.sample_count = count;
    return 0;
}

static int add_time(const struct walk *walk, struct run *run, const char *metric, const struct json *value,
                    struct err *err)
{
    struct given_figures given = GIVEN_FIGURES;
    given.unit = "ns";
    given.counted = strcmp(metric, "gc_time") == 0;
    given.direction = DIRECTION_LOWER;
    if (json_is(value, JSON_ARRAY)) {
        int result = samples_of(walk, value, &given, err);
        if (result < 0)
            return result;
    } else {
        given.stated.mean = json_number(value);
        given.stated.mean_not_finite = json_is(value, JSON_NOT_FINITE);
    }
    if (isnan(given.stated.mean) && !given.stated.mean_not_finite && given.stated.sample_count == 0)
        return 0;
    return figures_add(walk->reading, run, metric, &given) == NULL ? mem_error(err) : 0;
}

static void add_count(const struct walk *walk, struct run *run, const char *metric, const char *unit,
                      const struct json *value)
{
    struct given_figures given = GIVEN_FIGURES;
    if (!json_is(value, JSON_NUMBER))
        return;
    given.unit = unit;
    given.counted = true;
    given.stated.mean = json_number(value);
    figures_add(walk->reading, run, metric, &given);
}

/* ["Parameters", {…}], or the object alone. */
static void set_parameters(const struct walk *walk, struct run *run, const struct json *parameters)
{
    if (is_tagged(parameters, "Parameters"))
        parameters = json_at(parameters, 1);
    if (!json_is(parameters, JSON_OBJECT))
        return;
    for (const struct json *item = json_first(parameters); item != NULL; item = json_next(item))
        (void)reader_take_parameter(&walk->reading->arena, &run->setup, item);
}

static int add_leaf(const struct walk *walk, const struct json *leaf, struct err *err)
{
    struct reading *reading = walk->reading;
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return mem_error(err);
    run->workload.task = document_name(walk->document, reading, walk->name);
    set_parameters(walk, run, json_get(leaf, "params"));
    const struct json *times = json_get(leaf, "times"), *gc = json_get(leaf, "gctimes");
    int result = add_time(walk, run, "time", times != NULL ? times : json_get(leaf, "time"), err);
    if (result == 0)
        result = add_time(walk, run, "gc_time", gc != NULL ? gc : json_get(leaf, "gctime"), err);
    add_count(walk, run, "allocated_memory", "B", json_get(leaf, "memory"));
    add_count(walk, run, "allocations", "count", json_get(leaf, "allocs"));
    if (run->measurement_count == 0)
        reading_add_problem(reading, walk->name, 0, 0, "the benchmark holds no time");
    return result;
}

static int walk_value(struct walk *walk, const struct json *value, size_t length, int depth, struct err *err);

static int walk_group(struct walk *walk, const struct json *group, size_t length, int depth, struct err *err)
{
    for (const struct json *item = json_first(group); item != NULL; item = json_next(item)) {
        int used = snprintf(walk->name + length, sizeof walk->name - length, "%s%.100s", length > 0 ? "/" : "",
                            json_key(item));
        size_t next = length + (used > 0 ? (size_t)used : 0);
        int result = walk_value(walk, item, next < sizeof walk->name ? next : length, depth + 1, err);
        if (result < 0)
            return result;
    }
    walk->name[length] = '\0';
    return 0;
}

static int walk_value(struct walk *walk, const struct json *value, size_t length, int depth, struct err *err)
{
    if (depth > DEPTH_MAX)
        return err_set(err, ERR_LIMIT, "groups are nested deeper than %d", DEPTH_MAX);
    const struct json *content = json_is(value, JSON_ARRAY) ? json_next(json_first(value)) : NULL;
    if (is_tagged(value, "BenchmarkGroup"))
        return walk_group(walk, json_get(content, "data"), length, depth, err);
    if (is_tagged(value, "Trial") || is_tagged(value, "TrialEstimate"))
        return add_leaf(walk, content, err);
    const char *tag = json_string(json_first(value));
    reading_add_problem(walk->reading, walk->name, 0, 0, "%.60s is no benchmark that is known",
                        tag != NULL ? tag : json_type_name(json_type(value)));
    return 0;
}

static int read_document(const struct document *document, struct reading *reading, struct err *err)
{
    struct walk walk = {.document = document, .reading = reading};
    const struct json *versions = json_first(document->root), *values = json_next(versions);
    const char *version = json_string(json_get(versions, "BenchmarkTools"));
    if (version != NULL)
        reading->tool_version = reader_text(&reading->arena, str_of(version));
    if (is_tagged(document->root, "BenchmarkGroup"))
        return walk_value(&walk, document->root, 0, 0, err);
    for (const struct json *value = json_first(values); value != NULL; value = json_next(value)) {
        walk.name[0] = '\0';
        int result = walk_value(&walk, value, 0, 0, err);
        if (result < 0)
            return result;
    }
    const char *julia = json_string(json_get(versions, "Julia"));
    for (size_t i = 0; julia != NULL && i < reading->run_count; i++)
        (void)parameters_set_word(&reading->arena, &reading->runs[i].setup, "julia", julia);
    return 0;
}

static int read_julia(const struct format_input *input, struct reading_list *into, struct err *err)
{
    static const struct document_reader reader = {is_julia, read_document, "the file holds no trial"};
    return documents_read(&format_julia_benchmarktools_json, input, &reader, into, err);
}

const struct format format_julia_benchmarktools_json = {
    .name = "julia-benchmarktools-json",
    .tool = "BenchmarkTools.jl",
    .summary = "BenchmarkTools.save: groups of trials, JSON",
    .version = 1,
    .detect = detect,
    .read = read_julia,
};
