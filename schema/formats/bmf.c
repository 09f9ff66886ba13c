/* Bencher Metric Format: {benchmark: {measure: {value, lower_value?, upper_value?}}}. Unit and direction of a measure
 * are defined on Bencher's server, so here they are not stated. */
#include "schema/formats/readers.h"

#include <stdio.h>
#include <string.h>

#include "schema/formats/documents.h"
#include "schema/formats/lines.h"
#include "schema/formats/raw_json.h"
#include "schema/formats/reader.h"

static bool is_measure(const struct json *measure)
{
    if (!json_is(measure, JSON_OBJECT) || json_get(measure, "value") == NULL)
        return false;
    for (const struct json *member = json_first(measure); member != NULL; member = json_next(member)) {
        const char *key = json_key(member);
        if (strcmp(key, "value") != 0 && strcmp(key, "lower_value") != 0 && strcmp(key, "upper_value") != 0)
            return false;
    }
    return true;
}

static bool is_bmf(const struct json *root)
{
    const struct json *benchmark = json_is(root, JSON_OBJECT) ? json_first(root) : NULL;
    return json_is(benchmark, JSON_OBJECT) && is_measure(json_first(benchmark));
}

/* Where the object that begins at *at goes on behind `{ "key" :`; false when it does not begin so. */
static bool skip_key(struct str text, size_t *at)
{
    size_t next = raw_json_find_object(text, *at);
    struct str key;
    if (next != *at || !raw_json_next_string(text, &next, &key))
        return false;
    while (next < text.len && (raw_json_is_blank(text.data[next]) || text.data[next] == ':'))
        next++;
    *at = next;
    return true;
}

static int detect(const struct format_input *input)
{
    struct str text = input->text, key;
    for (size_t at = raw_json_find_object(text, 0); at != SIZE_MAX; at = raw_json_find_object(text, at + 1)) {
        size_t inside = at;
        if (!skip_key(text, &inside) || !skip_key(text, &inside) || raw_json_find_object(text, inside) != inside)
            continue;
        if (raw_json_next_string(text, &inside, &key) &&
            (str_equal(key, STR("value")) || str_equal(key, STR("lower_value")) || str_equal(key, STR("upper_value"))))
            return 80;
    }
    return 0;
}

static int add_measure(struct reading *reading, struct run *run, const struct json *measure, const char *benchmark,
                       struct err *err)
{
    char path[240];
    (void)snprintf(path, sizeof path, "%.100s.%.100s", benchmark, json_key(measure));
    const struct json *value = json_get(measure, "value");
    if (!json_is(measure, JSON_OBJECT) || (!json_is(value, JSON_NUMBER) && !json_is(value, JSON_NOT_FINITE))) {
        err_set(err, ERR_DATA, "expected a measure with a number as its value, found %s",
                json_type_name(json_type(json_is(measure, JSON_OBJECT) ? value : measure)));
        return err_path(err, "%s", path);
    }
    struct stated_figures stated = STATED_FIGURES;
    stated.mean = json_number(value);
    stated.mean_not_finite = json_is(value, JSON_NOT_FINITE);
    const char *name = reader_text(&reading->arena, str_of(json_key(measure)));
    struct measurement *measurement = reader_measure(reading, run, name != NULL ? name : "value", "", &stated);
    if (measurement == NULL)
        return mem_error(err);
    measurement->unit = "";
    measurement->direction = DIRECTION_UNKNOWN;
    measurement->flags.count = stated.mean_not_finite ? measurement->flags.count : 0; /* zero may be a good value */
    const struct json *lower = json_get(measure, "lower_value"), *upper = json_get(measure, "upper_value");
    char bound[80];
    (void)snprintf(bound, sizeof bound, "%.50s.lower_value", name != NULL ? name : "value");
    if (json_is(lower, JSON_NUMBER))
        parameters_set_number(&reading->arena, &run->setup, bound, json_number(lower));
    (void)snprintf(bound, sizeof bound, "%.50s.upper_value", name != NULL ? name : "value");
    if (json_is(upper, JSON_NUMBER))
        parameters_set_number(&reading->arena, &run->setup, bound, json_number(upper));
    return 0;
}

static int read_document(const struct document *document, struct reading *reading, struct err *err)
{
    for (const struct json *item = json_first(document->root); item != NULL; item = json_next(item)) {
        struct run *run = reading_add_run(reading);
        if (run == NULL)
            return mem_error(err);
        run->workload.task = document_name(document, reading, json_key(item));
        if (!json_is(item, JSON_OBJECT)) {
            reading->run_count--;
            err_set(err, ERR_DATA, "expected an object of measures, found %s", json_type_name(json_type(item)));
            return err_path(err, "%.200s", json_key(item));
        }
        for (const struct json *measure = json_first(item); measure != NULL; measure = json_next(measure)) {
            int result = add_measure(reading, run, measure, json_key(item), err);
            if (result < 0)
                return result;
        }
    }
    reading_add_problem(reading, "", 0, 0, "the format states neither units nor which direction is better");
    return 0;
}

static int read_bmf(const struct format_input *input, struct reading_list *into, struct err *err)
{
    static const struct document_reader reader = {is_bmf, read_document, "no benchmark holds a measure"};
    return documents_read(&format_bencher_bmf, input, &reader, into, err);
}

const struct format format_bencher_bmf = {
    .name = "bencher-bmf",
    .tool = "Bencher",
    .summary = "Bencher Metric Format: benchmarks with measures, JSON",
    .version = 1,
    .detect = detect,
    .read = read_bmf,
};
