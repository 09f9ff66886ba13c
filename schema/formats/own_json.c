/* `crosschip-json` and `crosschip-ndjson` (OWN_FORMATS.md): rows as objects, in "results" of a document, in a list, or
 * one a line. Strict: an unknown member or a wrong value is a fault with its line and column. */
#include "schema/formats/readers.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "schema/formats/documents.h"
#include "schema/formats/lines.h"
#include "schema/formats/own_row.h"
#include "schema/formats/raw_json.h"
#include "schema/formats/reader.h"

#define SAMPLES_MAX ((size_t)1000000)
#define FIRST_BYTES_MAX ((size_t)1 << 20)

static bool is_group(const char *key)
{
    return strcmp(key, "labels") == 0 || strcmp(key, "parameters") == 0 || strcmp(key, "setup") == 0 ||
           strcmp(key, "conditions") == 0;
}

static bool is_row(const struct json *object)
{
    size_t known = 0, unknown = 0;
    bool metric = json_get(object, "metric") != NULL && (json_get(object, "value") || json_get(object, "samples"));
    if (!metric && !json_is(json_get(object, "metrics"), JSON_ARRAY))
        return false;
    for (const struct json *member = json_first(object); member != NULL; member = json_next(member)) {
        const char *key = json_key(member);
        own_is_field(key) || is_group(key) || strcmp(key, "metrics") == 0 ? known++ : unknown++;
    }
    return known > 2 * unknown;
}

static bool is_document(const struct json *root)
{
    return json_get(root, "crosschip") != NULL || (json_is(root, JSON_ARRAY) && is_row(json_first(root)));
}

/* ---------------------------------------------------------------- detection */

enum shape { SHAPE_NONE, SHAPE_DOCUMENT, SHAPE_LINES };

static enum shape shape_of(struct str text)
{
    size_t at = raw_json_find_object(text, 0), before = at;
    if (at == SIZE_MAX)
        return SHAPE_NONE;
    size_t end = raw_json_end(text, at), mark = str_find(text, STR("\"crosschip\""), at);
    if (mark != SIZE_MAX && str_trim(str_slice(text.data + at + 1, mark - at - 1)).len == 0)
        return SHAPE_DOCUMENT;
    if (end == SIZE_MAX || end - at > FIRST_BYTES_MAX)
        return SHAPE_NONE;
    struct str first = str_slice(text.data + at, end - at);
    if (str_find(first, STR("\"metric"), 0) == SIZE_MAX && str_find(first, STR("\"crosschip\""), 0) == SIZE_MAX)
        return SHAPE_NONE;
    autojson struct json_document *json = NULL;
    size_t offset = 0;
    if (json_read_tolerant(first, &offset, &json_limits_tool, &json, NULL) <= 0)
        return SHAPE_NONE;
    while (before > 0 && raw_json_is_blank(text.data[before - 1]))
        before--;
    if (json_get(json_root(json), "crosschip") != NULL)
        return SHAPE_DOCUMENT;
    if (!is_row(json_root(json)))
        return SHAPE_NONE;
    return before > 0 && text.data[before - 1] == '[' ? SHAPE_DOCUMENT : SHAPE_LINES;
}

static int detect_document(const struct format_input *input)
{
    return shape_of(input->text) == SHAPE_DOCUMENT ? 90 : 0;
}

static int detect_lines(const struct format_input *input)
{
    return shape_of(input->text) == SHAPE_LINES ? 85 : 0;
}

/* ---------------------------------------------------------------- rows */

static int fault_at(const char *path, const char *key, struct err *err)
{
    return err_path(err, "%.120s%s%.100s", path, *path != '\0' && *key != '\0' ? "." : "", key);
}

static int value_of(struct reading *reading, const struct json *member, struct own_value *value, struct err *err)
{
    *value = (struct own_value){.text = json_string(member), .number = json_number(member)};
    value->not_finite = json_is(member, JSON_NOT_FINITE);
    if (json_is(member, JSON_BOOLEAN)) {
        value->is_boolean = true;
        value->number = json_boolean(member, false) ? 1 : 0;
    }
    if (json_is(member, JSON_OBJECT))
        return err_set(err, ERR_DATA, "expected a text, a number or a list of numbers, found an object");
    if (!json_is(member, JSON_ARRAY))
        return 0;
    size_t count = json_count(member);
    if (count > SAMPLES_MAX)
        return err_set(err, ERR_LIMIT, "more than %zu samples", SAMPLES_MAX);
    double *samples = arena_alloc(&reading->arena, count + 1, sizeof *samples);
    if (samples == NULL)
        return mem_error(err);
    for (const struct json *item = json_first(member); item != NULL; item = json_next(item)) {
        if (!json_is(item, JSON_NUMBER) && !json_is(item, JSON_NOT_FINITE) && !json_is(item, JSON_NULL))
            return err_set(err, ERR_DATA, "sample %zu: expected a number, found %s", value->sample_count + 1,
                           json_type_name(json_type(item)));
        samples[value->sample_count++] = json_number(item);
    }
    value->is_list = true;
    value->samples = samples;
    return 0;
}

static int set_member(struct own_row *row, const char *prefix, const struct json *member, const char *path,
                      struct err *err)
{
    struct own_value value;
    char name[160];
    if (json_is(member, JSON_NULL))
        return 0;
    (void)snprintf(name, sizeof name, "%s%.120s", prefix, json_key(member));
    value = (struct own_value){.number = MISSING};
    int result = own_is_field(name) ? value_of(row->reading, member, &value, err) : 0;
    if (result == 0)
        result = own_row_set(row, name, &value, err);
    return result < 0 ? fault_at(path, name, err) : 0;
}

static int set_group(struct own_row *row, const struct json *group, const char *path, struct err *err)
{
    char prefix[32];
    if (!json_is(group, JSON_OBJECT)) {
        err_set(err, ERR_DATA, "expected an object, found %s", json_type_name(json_type(group)));
        return fault_at(path, json_key(group), err);
    }
    (void)snprintf(prefix, sizeof prefix, "%.20s.", json_key(group));
    int result = 0;
    for (const struct json *member = json_first(group); result == 0 && member != NULL; member = json_next(member))
        result = set_member(row, prefix, member, path, err);
    return result;
}

static int set_metrics(struct own_row *row, const struct json *list, const char *path, struct err *err)
{
    size_t index = 0;
    int result = 0;
    for (const struct json *item = json_first(list); result == 0 && item != NULL; item = json_next(item), index++) {
        char inner[160];
        (void)snprintf(inner, sizeof inner, "%.120s%smetrics[%zu]", path, *path != '\0' ? "." : "", index);
        for (const struct json *member = json_first(item); result == 0 && member != NULL; member = json_next(member))
            result = set_member(row, "", member, inner, err);
        if (result == 0 && (result = own_row_measure(row, err)) < 0)
            return fault_at(inner, "", err);
    }
    return result;
}

static int read_row(struct reading *reading, const struct json *object, const char *path, struct err *err)
{
    struct own_row row;
    int result = own_row_begin(reading, &row, err);
    if (result < 0)
        return result;
    const struct json *metrics = json_get(object, "metrics");
    if (!json_is(object, JSON_OBJECT)) {
        err_set(err, ERR_DATA, "expected an object, found %s", json_type_name(json_type(object)));
        result = fault_at(path, "", err);
    }
    for (const struct json *member = json_first(object); result == 0 && member != NULL; member = json_next(member)) {
        if (is_group(json_key(member)))
            result = set_group(&row, member, path, err);
        else if (member != metrics)
            result = set_member(&row, "", member, path, err);
    }
    if (result == 0 && metrics != NULL)
        result = set_metrics(&row, metrics, path, err);
    else if (result == 0 && (result = own_row_measure(&row, err)) < 0)
        (void)fault_at(path, "", err);
    if (result < 0)
        reading->run_count--;
    return result;
}

/* ---------------------------------------------------------------- the document */

static int set_device(struct reading *reading, const struct json *object, struct err *err)
{
    assert(reading != NULL);
    struct device *device = &reading->device;
    if (!json_is(object, JSON_OBJECT)) {
        err_set(err, ERR_DATA, "expected an object, found %s", json_type_name(json_type(object)));
        return fault_at("", "device", err);
    }
    const struct {
        const char *name;
        const char **text;
        int64_t *count;
    } facts[] = {
        {"chip", &device->chip, NULL},
        {"memory_type", &device->memory_type, NULL},
        {"board", &device->board, NULL},
        {"architecture", &device->architecture, NULL},
        {"os_name", &device->os_name, NULL},
        {"os_version", &device->os_version, NULL},
        {"kernel", &device->kernel, NULL},
        {"driver", &device->driver, NULL},
        {"virtualization", &device->virtualization, NULL},
        {"cpu_count", NULL, &device->cpu_count},
        {"cores", NULL, &device->cores},
        {"threads", NULL, &device->threads},
        {"gpu_cores", NULL, &device->gpu_cores},
    };
    for (const struct json *member = json_first(object); member != NULL; member = json_next(member)) {
        size_t at = 0;
        int64_t count = 0;
        double bytes = json_number(member);
        while (at < ARRAY_LENGTH(facts) && strcmp(facts[at].name, json_key(member)) != 0)
            at++;
        bool is_memory = strcmp(json_key(member), "memory_bytes") == 0 && bytes > 0;
        bool is_text = at < ARRAY_LENGTH(facts) && facts[at].text != NULL && json_is(member, JSON_STRING);
        bool is_count =
            at < ARRAY_LENGTH(facts) && facts[at].count != NULL && json_integer(member, &count) && count > 0;
        if (is_memory) {
            device->memory_bytes = bytes;
        } else if (is_text) {
            *facts[at].text = reader_text(&reading->arena, str_of(json_string(member)));
        } else if (is_count) {
            *facts[at].count = count;
        } else if (!json_is(member, JSON_NULL)) {
            err_set(err, ERR_DATA, "%.60s is no fact of a device that is known, or not of its type", json_key(member));
            return fault_at("device", json_key(member), err);
        }
    }
    return 0;
}

static int set_tool(struct reading *reading, const struct json *member, struct err *err)
{
    const struct json *name = json_is(member, JSON_OBJECT) ? json_get(member, "name") : member;
    const struct json *version = json_get(member, "version");
    if (!json_is(name, JSON_STRING) || (version != NULL && !json_is(version, JSON_STRING))) {
        err_set(err, ERR_DATA, "expected a name, or an object with name and version");
        return fault_at("", "tool", err);
    }
    const char *shown = reader_text(&reading->arena, str_of(json_string(name)));
    reading->tool = shown != NULL ? shown : reading->tool;
    if (version != NULL)
        reading->tool_version = reader_text(&reading->arena, str_of(json_string(version)));
    return 0;
}

static int read_results(struct reading *reading, const struct json *list, const char *path, struct err *err)
{
    size_t index = 0;
    int result = 0;
    if (!json_is(list, JSON_ARRAY)) {
        err_set(err, ERR_DATA, "expected a list of results, found %s", json_type_name(json_type(list)));
        return fault_at(path, "", err);
    }
    for (const struct json *item = json_first(list); result == 0 && item != NULL; item = json_next(item), index++) {
        char inner[64];
        (void)snprintf(inner, sizeof inner, "%s[%zu]", path, index);
        result = read_row(reading, item, inner, err);
    }
    return result;
}

static int set_top(struct reading *reading, const struct json *member, struct err *err)
{
    const char *key = json_key(member);
    if (strcmp(key, "tool") == 0)
        return set_tool(reading, member, err);
    if (strcmp(key, "device") == 0)
        return set_device(reading, member, err);
    if (strcmp(key, "results") == 0)
        return 0;
    if (strcmp(key, "crosschip") == 0) {
        int64_t version = 0;
        if (json_integer(member, &version) && version == 1)
            return 0;
        err_set(err, ERR_DATA, "version 1 of the format is known, not this one");
        return fault_at("", key, err);
    }
    err_set(err, ERR_DATA, "%.80s is not known", key);
    err_hint(err, "a document has crosschip, tool, device and results");
    return fault_at("", key, err);
}

static int read_document(const struct document *document, struct reading *reading, struct err *err)
{
    if (json_is(document->root, JSON_ARRAY))
        return read_results(reading, document->root, "", err);
    int result = 0;
    for (const struct json *member = json_first(document->root); result == 0 && member != NULL;
         member = json_next(member))
        result = set_top(reading, member, err);
    return result < 0 ? result : read_results(reading, json_get(document->root, "results"), "results", err);
}

static int read_json(const struct format_input *input, struct reading_list *into, struct err *err)
{
    static const struct document_reader reader = {is_document, read_document, "the document holds no results"};
    return documents_read(&format_crosschip_json, input, &reader, into, err);
}

/* ---------------------------------------------------------------- a row a line */

struct marking {
    struct reading *reading;
    size_t base;
};

static void mark(void *context, size_t offset, size_t length, enum private_kind kind)
{
    const struct marking *marking = context;
    reading_add_private(marking->reading, marking->base + offset, length, kind);
}

static int read_line(struct reading *reading, const struct line *line, struct err *err)
{
    struct marking marking = {reading, line->begin};
    autojson struct json_document *json = NULL;
    size_t offset = 0, before = reading->run_count;
    struct str text = str_trim(line->text);
    int result = text.len > 0 && text.data[0] == '{'
                     ? json_read_tolerant(text, &offset, &json_limits_tool, &json, err)
                     : err_set(err, ERR_SYNTAX, "expected an object, as in the other lines");
    if (result == 0 || (result > 0 && offset < text.len))
        result = err_set(err, ERR_SYNTAX, "expected one whole object on the line");
    if (result > 0)
        result = read_row(reading, json_root(json), "", err);
    reader_find_private(line->text, mark, &marking);
    if (result >= 0)
        return 0;
    struct line_cursor cursor = line_cursor(line->text);
    line_cursor_move(&cursor, err != NULL && *err->path != '\0' ? raw_json_locate(line->text, err->path) : 0);
    err_detail(err, "complete rows read before it: %zu", before);
    return err_at(err, line->number, line_cursor_column(&cursor));
}

static int read_ndjson(const struct format_input *input, struct reading_list *into, struct err *err)
{
    struct reading *reading = lines_reading(&format_crosschip_ndjson, input);
    if (reading == NULL)
        return mem_error(err);
    struct lines lines = lines_of(input->text);
    struct line line;
    int result = 0;
    while (result == 0 && lines_next(&lines, &line))
        result = str_trim(line.text).len == 0 ? 0 : read_line(reading, &line, err);
    if (result < 0 && reading->run_count == 0) {
        reading_free(reading);
        return result;
    }
    struct err inner = {0};
    int finished = lines_finish(reading, 0, input->text.len, "the file holds no row", into, &inner);
    if (result >= 0 && finished < 0 && err != NULL)
        *err = inner;
    return result < 0 ? result : finished;
}

const struct format format_crosschip_json = {
    .name = "crosschip-json",
    .tool = "Crosschip",
    .summary = "our own JSON for any benchmark (OWN_FORMATS.md)",
    .version = 1,
    .detect = detect_document,
    .read = read_json,
};

const struct format format_crosschip_ndjson = {
    .name = "crosschip-ndjson",
    .tool = "Crosschip",
    .summary = "our own JSON, a row a line",
    .version = 1,
    .detect = detect_lines,
    .read = read_ndjson,
    .pieces = &(const struct format_pieces){.begins = '{'},
};
