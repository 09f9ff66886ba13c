/* github-action-benchmark: the custom form, an array of {name, unit, value, range?, extra?}, and data.js, a script
 * that sets window.BENCHMARK_DATA to the history of such values by suite and commit. Which direction is better is in
 * the name of the tool alone; `range` is whatever the tool called its spread, so it is kept as given. */
#include "schema/formats/readers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schema/base/number.h"
#include "schema/catalog/catalog.h"
#include "schema/formats/documents.h"
#include "schema/formats/given_figures.h"
#include "schema/formats/lines.h"
#include "schema/formats/raw_json.h"
#include "schema/formats/reader.h"

#define GAB_TOOL "github-action-benchmark"

/* ---------------------------------------------------------------- detection */

/* The keys of the first object are those of a value, and no others. */
static bool is_value_object(struct str text, size_t at)
{
    size_t end = raw_json_end(text, at);
    struct str object = str_slice(text.data + at, (end == SIZE_MAX ? text.len : end) - at), key;
    bool name = false, unit = false, value = false;
    for (size_t next = 0; raw_json_next_string(object, &next, &key);) {
        size_t behind = next;
        while (behind < object.len && raw_json_is_blank(object.data[behind]))
            behind++;
        if (behind >= object.len || object.data[behind] != ':')
            continue;
        name = name || str_equal(key, STR("name"));
        unit = unit || str_equal(key, STR("unit"));
        value = value || str_equal(key, STR("value"));
        if (!str_equal(key, STR("name")) && !str_equal(key, STR("unit")) && !str_equal(key, STR("value")) &&
            !str_equal(key, STR("range")) && !str_equal(key, STR("extra")))
            return false;
    }
    return name && unit && value;
}

static int detect_custom(const struct format_input *input)
{
    struct str text = input->text;
    size_t at = raw_json_find_object(text, 0), bracket = at;
    if (at == SIZE_MAX)
        return 0;
    while (bracket > 0 && raw_json_is_blank(text.data[bracket - 1]))
        bracket--;
    return bracket > 0 && text.data[bracket - 1] == '[' && is_value_object(text, at) ? 85 : 0;
}

static int detect_data(const struct format_input *input)
{
    if (str_find(input->text, STR("BENCHMARK_DATA"), 0) != SIZE_MAX)
        return 95;
    bool keys = str_find(input->text, STR("\"entries\""), 0) != SIZE_MAX &&
                str_find(input->text, STR("\"benches\""), 0) != SIZE_MAX &&
                str_find(input->text, STR("\"lastUpdate\""), 0) != SIZE_MAX;
    return keys ? 80 : 0;
}

/* ---------------------------------------------------------------- one value */

/* What the adapters of the action print behind a unit: "Megabytes" of the documentation's own example stays. */
static const char *plain_unit(struct arena *arena, const char *unit)
{
    char *shown = reader_text(arena, str_of(unit));
    if (shown == NULL)
        return "";
    return shown;
}

static enum direction direction_of_tool(const char *tool)
{
    if (text_equal_ignore_case(tool, "customBiggerIsBetter"))
        return DIRECTION_HIGHER;
    return text_equal_ignore_case(tool, "customSmallerIsBetter") ? DIRECTION_LOWER : DIRECTION_UNKNOWN;
}

static void keep_range(struct arena *arena, struct run *run, const struct json *range)
{
    const char *text = json_string(range);
    struct str rest = str_trim(str_of(text));
    double number = json_number(range);
    if (str_starts_with(rest, STR("\xc2\xb1")))
        rest = str_slice(rest.data + 2, rest.len - 2);
    if (!isnan(number) || whole_number(rest, &number))
        parameters_set_number(arena, &run->setup, "range", number);
    else if (text != NULL)
        (void)parameters_set_word(arena, &run->setup, "range", text);
}

static int value_of(const struct json *object, struct given_figures *given, struct err *err)
{
    const struct json *value = json_get(object, "value");
    if (json_is(value, JSON_STRING) && whole_number(str_of(json_string(value)), &given->stated.mean))
        return 0;
    if (!json_is(value, JSON_NUMBER) && !json_is(value, JSON_NOT_FINITE) && !json_is(value, JSON_NULL))
        return err_set(err, ERR_DATA, "expected a number as value, found %s", json_type_name(json_type(value)));
    given->stated.mean = json_number(value);
    given->stated.mean_not_finite = !json_is(value, JSON_NUMBER);
    return 0;
}

static int add_value(const struct document *document, struct reading *reading, const struct json *object,
                     const char *tool, struct run **ret_run, struct err *err)
{
    struct given_figures given = GIVEN_FIGURES;
    int result = value_of(object, &given, err);
    if (result < 0)
        return result;
    struct run *run = reading_add_run(reading);
    if (run == NULL)
        return mem_error(err);
    run->workload.task = document_name(document, reading, json_string(json_get(object, "name")));
    given.unit = plain_unit(&reading->arena, json_string(json_get(object, "unit")));
    given.direction = direction_of_tool(tool);
    given.counted = true;
    const char *metric = figures_metric_of(given.unit);
    const struct measurement *measurement = figures_add(reading, run, metric != NULL ? metric : "value", &given);
    if (measurement == NULL)
        return mem_error(err);
    if (measurement->direction == DIRECTION_UNKNOWN)
        reading_add_problem(reading, run->workload.task, 0, 0, "the file does not say which direction of %s is better",
                            *given.unit != '\0' ? given.unit : "its value");
    keep_range(&reading->arena, run, json_get(object, "range"));
    document_private(document, reading, json_get(object, "extra"), PRIVATE_TEXT);
    *ret_run = run;
    return 0;
}

static bool is_custom(const struct json *root)
{
    const struct json *first = json_is(root, JSON_ARRAY) ? json_first(root) : NULL;
    return json_get(first, "name") != NULL && json_get(first, "unit") != NULL && json_get(first, "value") != NULL;
}

static int read_custom_document(const struct document *document, struct reading *reading, struct err *err)
{
    size_t index = 0;
    for (const struct json *item = json_first(document->root); item != NULL; item = json_next(item), index++) {
        struct run *run = NULL;
        int result = add_value(document, reading, item, NULL, &run, err);
        if (result < 0)
            return err_path(err, "[%zu].value", index);
    }
    return 0;
}

static int read_custom(const struct format_input *input, struct reading_list *into, struct err *err)
{
    static const struct document_reader reader = {is_custom, read_custom_document, "the list holds no value"};
    return documents_read(&format_gab_custom_json, input, &reader, into, err);
}

/* ---------------------------------------------------------------- data.js */

static bool is_data(const struct json *root)
{
    return json_is(json_get(root, "entries"), JSON_OBJECT);
}

struct entry {
    const struct document *document;
    const struct json *object;
    const char *suite, *path;
};

static void mark_people(const struct entry *entry, struct reading *reading)
{
    static const char *const people[] = {"author", "committer"};
    const struct json *commit = json_get(entry->object, "commit");
    for (size_t i = 0; i < ARRAY_LENGTH(people); i++) {
        document_private(entry->document, reading, json_get(json_get(commit, people[i]), "name"), PRIVATE_USER);
        document_private(entry->document, reading, json_get(json_get(commit, people[i]), "email"), PRIVATE_USER);
        document_private(entry->document, reading, json_get(json_get(commit, people[i]), "username"), PRIVATE_USER);
    }
    document_private(entry->document, reading, json_get(commit, "message"), PRIVATE_TEXT);
}

static int read_entry(const struct entry *entry, struct reading *reading, struct err *err)
{
    const char *tool = json_string(json_get(entry->object, "tool"));
    const char *commit = json_string(json_get(json_get(entry->object, "commit"), "id"));
    const struct json *benches = NULL;
    int result = json_member_array(entry->object, entry->path, "benches", JSON_REQUIRED, &benches, err);
    size_t index = 0;
    mark_people(entry, reading);
    for (const struct json *item = json_first(benches); result == 0 && item != NULL; item = json_next(item), index++) {
        struct run *run = NULL;
        result = add_value(entry->document, reading, item, tool, &run, err);
        if (result < 0)
            return err_path(err, "%s.benches[%zu].value", entry->path, index);
        run->workload.mode = reader_text(&reading->arena, str_of(entry->suite));
        document_set_epoch(reading, run, json_number(json_get(entry->object, "date")) / 1000);
        if (tool != NULL)
            (void)parameters_set_word(&reading->arena, &run->setup, "tool", tool);
        if (commit != NULL)
            (void)parameters_set_word(&reading->arena, &run->setup, "commit", commit);
    }
    return result;
}

static int read_data_document(const struct document *document, struct reading *reading, struct err *err)
{
    const struct json *suites = json_get(document->root, "entries");
    for (const struct json *suite = json_first(suites); suite != NULL; suite = json_next(suite)) {
        size_t index = 0;
        for (const struct json *item = json_first(suite); item != NULL; item = json_next(item), index++) {
            char path[160];
            (void)snprintf(path, sizeof path, "entries.%.100s[%zu]", json_key(suite), index);
            struct entry entry = {document, item, json_key(suite), path};
            int result = read_entry(&entry, reading, err);
            if (result < 0)
                return result;
        }
    }
    return 0;
}

static int read_data(const struct format_input *input, struct reading_list *into, struct err *err)
{
    static const struct document_reader reader = {is_data, read_data_document, "no suite holds a value"};
    return documents_read(&format_gab_data_js, input, &reader, into, err);
}

const struct format format_gab_custom_json = {
    .name = "gab-custom-json",
    .tool = GAB_TOOL,
    .summary = "the custom form of github-action-benchmark, a JSON list of values",
    .version = 1,
    .detect = detect_custom,
    .read = read_custom,
};

const struct format format_gab_data_js = {
    .name = "gab-data-js",
    .tool = GAB_TOOL,
    .summary = "data.js of github-action-benchmark, the history of a repository",
    .version = 1,
    .detect = detect_data,
    .read = read_data,
};
